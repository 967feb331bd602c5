"""The summary for people, in one HTML file without scripts."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from harness.stability.tally import Stability

TEMPLATE = "stability.html.j2"


def write_page(path: Path, found: Stability) -> None:
    """Write it."""
    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(TEMPLATE)
    path.write_text(page.render(s=found), encoding="utf-8")
