"""What a visible signature looks like: a small page, printed like the report, so that its fonts are embedded."""

from __future__ import annotations

from datetime import datetime

from reports import page, times
from reports.keys import Certificate
from reports.plain import one_line


def render(signer: Certificate, number: str, at: datetime) -> str:
    """The page as text."""
    return page.render(
        "stamp",
        signer=one_line(signer.name, 64),
        number=one_line(number, 80),
        at=times.beijing(at.isoformat()),
        fingerprint=signer.fingerprint,
    )
