"""What a certification may say of the self-test."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.selftest.record import recorded
from tests.selftest.test_results import summary


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "passed"),
        ({"harness": "another"}, "stale"),
        ({"standard": "another"}, "stale"),
        ({"complete": False}, "failed"),
        ({"nulls": {"blank": ("F11-1 PASS",)}}, "failed"),
    ],
)
def test_only_a_whole_passing_one_of_this_version_counts(
    tmp_path: Path, changes: dict[str, object], status: str
) -> None:
    file = tmp_path / "summary.json"
    file.write_text(summary(**changes).model_dump_json(), encoding="utf-8")
    found = recorded(file, harness="h", standard="s")
    assert found.status == status
    assert (found.defects, found.killed, found.date) == (1, 1, "2026-11-26")


@pytest.mark.parametrize("text", [None, "", "{}", "[1]"])
def test_none_is_missing(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "summary.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert recorded(file, harness="h", standard="s").status == "missing"
