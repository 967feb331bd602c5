"""Words put together in both languages."""

from __future__ import annotations

import pytest

from harness.model.finding import Text
from harness.model.words import COMMA, both, counted, led, series

SAID = Text(zh="可见", en="seen")


@pytest.mark.parametrize(
    ("number", "things", "said"),
    [(0, "", "0 files"), (1, "", "1 file"), (2, "", "2 files"), (1.5, "", "1.5 files"), (3, "pieces", "3 pieces")],
)
def test_one_thing_is_no_plural(number: float, things: str, said: str) -> None:
    assert counted(number, "file", things) == said


def test_a_name_stands_for_itself_in_both_languages() -> None:
    assert both("seek_by_bar") == Text(zh="seek_by_bar", en="seek_by_bar")
    assert both(SAID) is SAID


def test_each_language_has_its_own_marks_between() -> None:
    assert series([SAID, "x"]) == Text(zh="可见；x", en="seen; x")
    assert led("已标明", "marked", [SAID, SAID], COMMA) == Text(zh="已标明：可见、可见", en="marked: seen, seen")
