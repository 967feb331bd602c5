"""A page for people from a template: one HTML file, escaped, without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape


def fill(template: Path, **values: Any) -> str:
    """The template with these values in it."""
    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template.name).render(**values)
