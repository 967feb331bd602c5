"""Re-check cards: one for each violation, of a phone's size, for who wants to see it with their own eyes."""

from __future__ import annotations

from harness.model.dossier import Dossier
from harness.model.outcome import Outcome
from reports import page, view


def render(dossier: Dossier) -> str:
    """The page as text: every card fills a phone's screen, and prints four to a sheet."""
    failed = [v for v in dossier.result.requirements if v.outcome is Outcome.FAIL]
    return page.render(
        "recheck",
        run=dossier.result,
        cards=view.cards(failed, dossier),
        purpose=view.purpose,
    )
