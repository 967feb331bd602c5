"""The catalogue has every word that a report can need, in both languages, and none that is not ours to say."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

import reports
from harness.errors import HarnessError
from harness.model.outcome import Decision, Level, Mode, Outcome, Reason
from reports import html
from reports.labels import catalogue, label, named

HERE = Path(reports.__file__).parent


@pytest.mark.parametrize(
    ("kind", "values"),
    [("outcome", Outcome), ("reason", Reason), ("level", Level), ("decision", Decision), ("mode", Mode)],
)
def test_every_value_of_the_model_has_a_word(kind: str, values: type[StrEnum]) -> None:
    for value in values:
        word = label(f"{kind}.{value.value}")
        assert word.zh
        assert word.en


def test_every_label_has_both_languages() -> None:
    empty = [key for key, text in catalogue().items() if not (text.zh and text.en)]
    assert empty == []


def test_every_literal_key_in_the_template_exists() -> None:
    template = "".join(path.read_text(encoding="utf-8") for path in (HERE / "templates").glob("*.j2"))
    keys = set(re.findall(r"(?:L|both|row|h2)\('([\w.]+)'[,)]", template))
    assert keys
    assert keys - set(catalogue()) == set()


def test_no_label_lies_unused() -> None:
    sources = [*HERE.glob("*.py"), *HERE.glob("templates/*"), *(HERE.parent / "harness").glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    kinds = {"outcome", "reason", "level", "decision", "mode", "watermark", "selftest", "status"}
    kinds |= {"object", "assessment", "limit", "unit", "statement", "rule"}
    kinds |= {
        "act",
        "state",
        "kind",
        "means",
        "mark",
        "authorization",
        "answer",
        "effect",
        "cause",
        "portrait",
        "scene",
        "step",
        "place",
        "fault",
    }
    unused = [key for key in catalogue() if f'"{key}"' not in text and f"'{key}'" not in text]
    assert [key for key in unused if key.split(".")[0] not in kinds] == []


def test_the_legal_words_of_other_bodies_are_only_denied() -> None:
    said = {key for key, text in catalogue().items() if re.search("认证|certif", text.zh + text.en, re.I)}
    assert said <= {"statement.nature", "mode.certification", "caveat"}
    assert all("不构成认证" in label(key).zh for key in ("statement.nature", "caveat"))
    assert "certif" not in label("mode.certification").en


def test_every_statement_stands_in_every_report() -> None:
    assert {f"statement.{name}" for name in html.STATEMENTS} == {k for k in catalogue() if k.startswith("statement.")}


def test_a_missing_label_is_a_fault_of_ours() -> None:
    with pytest.raises(HarnessError, match="no such label"):
        label("no.such")


def test_a_value_without_a_word_stands_for_itself() -> None:
    assert named("assessment", "something new").zh == "something new"
