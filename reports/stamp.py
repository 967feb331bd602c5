"""What a visible signature looks like: a small page, printed like the report, so that its fonts are embedded."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import times
from reports.keys import Certificate
from reports.labels import label
from reports.plain import one_line

TEMPLATES = Path(__file__).with_name("templates")


def render(signer: Certificate, number: str, at: datetime) -> str:
    """The page as text."""
    css = Markup((TEMPLATES / "stamp.css").read_text(encoding="utf-8"))
    environment = Environment(loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("stamp.html.j2").render(
        L=label,
        css=css,
        css_digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        signer=one_line(signer.name, 64),
        number=one_line(number, 80),
        at=times.beijing(at.isoformat()),
        fingerprint=signer.fingerprint,
    )
