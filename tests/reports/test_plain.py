"""What a platform writes reaches a report without its teeth."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import plain
from tests.reports import sample


@given(st.text(st.characters(codec=None)))
def test_nothing_invisible_is_left(text: str) -> None:
    shown = plain.clean(text)
    shown.encode("utf-8")
    bad = [c for c in shown if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}]
    assert bad == []


@given(st.text(st.characters(codec=None)))
def test_one_line_is_one_line(text: str) -> None:
    assert len(plain.one_line(text).splitlines()) <= 1


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\ufeff", "\x00", "\x1b", "\x9b"])
def test_marks_are_written_out(mark: str) -> None:
    assert plain.clean(f"a{mark}b") == f"a[U+{ord(mark):04X}]b"


def test_ordinary_chinese_stays_as_it_is() -> None:
    text = "学习记录：1800 秒（±5 s）≤ 30 分钟，“已完成”\n第二行 α 𠮷"
    assert plain.clean(text) == text


def test_huge_texts_are_cut_and_say_so() -> None:
    shown = plain.clean(sample.HUGE)
    assert len(shown) == plain.LONGEST + 1
    assert shown.endswith("…")
    assert plain.clean("字" * plain.LONGEST) == "字" * plain.LONGEST


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        (sample.PICTURE, True),
        ("../" + sample.PICTURE, False),
        (sample.PICTURE + "\n", False),
        (sample.PICTURE.upper(), False),
        ("javascript:alert(1)", False),
        ("a" * 64, False),
    ],
)
def test_only_names_of_the_store_are_evidence(name: str, is_one: bool) -> None:
    assert plain.is_evidence_name(name) is is_one


def test_active_content_is_known() -> None:
    assert plain.is_active("a" * 64 + ".html")
    assert plain.is_active("a" * 64 + ".SVG")
    assert not plain.is_active(sample.PICTURE)
