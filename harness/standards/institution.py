"""The notice's list of what inspectors look at in a training institution: documentary, and part of no decision."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from harness.model.finding import Text
from harness.model.values import Frozen
from harness.standards.lines import parse

CATALOGUE = Path(__file__).parent / "catalogues" / "aq8011-2023-institution.yaml"
PREFIX = "AQ8011-2023-institution/"


class Item(Frozen):
    """One numbered sentence of the list."""

    id: str = Field(pattern=r"^[1-6]\.[1-9]$")
    section: Text
    question: Text
    """The Chinese is the notice's, verbatim; the English is our translation."""
    about: Literal["institution", "platform"] = "institution"
    """`platform`: the platform's own report answers it, the institution adds what only it can know."""
    functions: tuple[str, ...] = ()
    """Rows of the platform's report that bear on it."""

    @property
    def key(self) -> str:
        """The name under which an answer stands in a ledger."""
        return PREFIX + self.id


class Institution(Frozen):
    """The list."""

    id: str
    version: str
    title: Text
    source: Text
    items: tuple[Item, ...]


@cache
def load_institution() -> Institution:
    """The list as shipped; sections are written once and given to each of their items."""
    raw = parse(CATALOGUE.read_text(encoding="utf-8"))
    items = [{**item, "section": section["title"]} for section in raw.pop("sections") for item in section["items"]]
    return Institution.model_validate({**raw, "items": items})
