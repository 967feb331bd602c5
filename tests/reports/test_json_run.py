"""run.json keeps everything, is written once, and refuses what does not validate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import LedgerError
from harness.model.run import RunResult
from reports import json_run
from tests.reports import sample


@pytest.mark.parametrize("result", [sample.build(), sample.clean(), sample.hostile()])
def test_what_was_written_is_read_back(tmp_path: Path, result: RunResult) -> None:
    json_run.write(tmp_path, result)
    assert json_run.read(tmp_path) == result
    assert json_run.read(tmp_path / "run.json") == result


def test_same_result_is_same_bytes(tmp_path: Path) -> None:
    assert json_run.render(sample.build()) == json_run.render(sample.build())
    keys = list(json.loads(json_run.render(sample.build())))
    assert keys == sorted(keys)


def test_a_result_is_never_overwritten(tmp_path: Path) -> None:
    path = json_run.write(tmp_path, sample.build())
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="ever overwritten"):
        json_run.write(tmp_path, sample.clean())
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"v": 2}, "another version.*got 2.*expected 1"),
        ({"decision": "CERTIFIED"}, "decision: .*got 'CERTIFIED'"),
        ({"surprise": 1}, "surprise: .*got 1"),
        ({"wall_s": None}, "wall_s: .*got None"),
    ],
)
def test_what_does_not_validate_is_named(tmp_path: Path, change: dict[str, object], says: str) -> None:
    data = json.loads(json_run.render(sample.build())) | change
    (tmp_path / "run.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(LedgerError, match=says):
        json_run.read(tmp_path)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_what_is_no_result_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "run.json").write_bytes(raw)
    with pytest.raises(LedgerError, match=r"run\.json"):
        json_run.read(tmp_path)


def test_a_missing_result_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"run\.json.*No such file"):
        json_run.read(tmp_path)
