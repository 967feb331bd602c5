"""A stored run counts for the judges of now, if these would have let it go the same way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.anew import judged_anew
from tests.storedrun import store


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return store(tmp_path / "run", digest="e" * 64)


def _said(run: Path, change: dict[str, Any]) -> None:
    """As if the judges of then had found something else in one attempt."""
    file = run / "run.json"
    said = json.loads(file.read_text("utf-8"))
    verdict = next(v for v in said["requirements"] if v["findings"])
    verdict["findings"][0] |= change
    file.write_text(json.dumps(said), encoding="utf-8")


def test_where_every_attempt_is_found_the_same(run: Path) -> None:
    result = judged_anew(run)
    assert result is not None
    assert result.harness.digest == "e" * 64, "what observed it"
    assert any(v.findings for v in result.requirements)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "FAIL"},
        {"outcome": "INCONCLUSIVE", "reason": "UNSTABLE"},
        {"settled": True},
        {"unearned": True},
        {"attempt": 2},
        {"walk": "F05.other"},
    ],
)
def test_where_an_attempt_is_found_otherwise_it_must_be_made_again(run: Path, change: dict[str, Any]) -> None:
    _said(run, change)
    assert judged_anew(run) is None


def test_other_words_are_no_other_course(run: Path) -> None:
    _said(run, {"observed": {"zh": "从前的说法", "en": "as it was put then"}})
    assert judged_anew(run) is not None


def test_what_cannot_be_read_any_more_must_be_made_again(run: Path, tmp_path: Path) -> None:
    assert judged_anew(tmp_path / "none") is None
    with (run / "ledger.jsonl").open("a", encoding="utf-8") as file:
        file.write("no line\n")
    assert judged_anew(run) is None
