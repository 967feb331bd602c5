"""A page of ours from a template and its style sheet of the same name: escaped, without script, loading nothing."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import times
from reports.labels import Lang, label, named
from reports.plain import clean
from reports.wording import spoken

TEMPLATES = Path(__file__).with_name("templates")


def render(name: str, lang: Lang = "zh", **values: Any) -> str:
    """`NAME.html.j2` with `NAME.css` and the words that every page of ours has."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.filters.update(
        main=lambda text: spoken(text, lang),
        side=lambda text: text.en if lang == "zh" else text.zh,
        beijing=times.beijing,
        minutes=times.minutes,
        short=lambda id: id.rsplit("/", 1)[-1],
    )
    css = Markup((TEMPLATES / f"{name}.css").read_text(encoding="utf-8"))
    return environment.get_template(f"{name}.html.j2").render(
        L=label,
        named=named,
        lang=lang,
        period=times.period,
        css=css,
        css_digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        **values,
    )


def _harmless(value: object) -> object:
    """Every expression passes here, so no author of a template can forget it."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else clean(value)
