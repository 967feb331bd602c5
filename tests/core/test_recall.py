"""Which runs a defect of the tool touches."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness import cli
from harness.errors import UsageError
from harness.recall import affected, read_notice
from reports import json_run
from tests.reports import sample


def notice(folder: Path, text: str) -> Path:
    path = folder / "recall.yaml"
    path.write_text(f"defect: 判定有误\nrequirements: [F11-1]\n{text}\n", encoding="utf-8")
    return path


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """One run of 2026-11-24 by 0.1.0, digest d…; a folder that is none."""
    folder = tmp_path / "runs"
    (folder / "one").mkdir(parents=True)
    json_run.write(folder / "one", sample.build())
    (folder / "broken").mkdir()
    (folder / "broken" / "run.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("harness: [0.1.0]", 1),
        ("harness: [dddddd]", 1),
        ("harness: [ddddd]", 0),
        ("harness: [0.2.0]", 0),
        ("since: 2026-11-24", 1),
        ("since: 2026-11-25", 0),
        ("until: 2026-11-24", 1),
        ("until: 2026-11-23", 0),
        ("harness: [0.1.0]\noutcomes: [FAIL]", 1),
        ("harness: [0.1.0]\noutcomes: [PASS]", 0),
    ],
)
def test_versions_days_and_outcomes_bound_a_recall(tmp_path: Path, runs: Path, text: str, count: int) -> None:
    found = affected(read_notice(notice(tmp_path, text)), runs)
    assert len(found) == count
    assert all(f.requirements == ("F11-1",) for f in found)


def test_a_recall_without_bounds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="say in which versions"):
        read_notice(notice(tmp_path, ""))


def test_the_command(
    tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["recall", str(notice(tmp_path, "harness: [0.1.0]")), "--runs", str(runs)]
    monkeypatch.setattr(sys, "argv", ["xunjian", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out = capsys.readouterr().out
    assert ended.value.code == 1
    assert "安培在线 3.2.1  NONCONFORMANT  F11-1" in out
    assert "受影响的检测 1 次" in out
