"""The summary for people, in one HTML file without scripts."""

from __future__ import annotations

from pathlib import Path

from harness.selftest.page import fill
from harness.stability.tally import Stability

TEMPLATE = Path(__file__).with_name("stability.html.j2")


def write_page(path: Path, found: Stability) -> None:
    """Write it."""
    path.write_text(fill(TEMPLATE, s=found), encoding="utf-8")
