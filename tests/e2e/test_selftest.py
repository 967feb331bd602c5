"""The self-test in a real browser: a pack of defects is killed, and null platforms get no PASS."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.selftest.conduct import Order, conduct

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
PACK = ("f05-page-is-believed", "f11-jump-anywhere", "f12-nobody-kicked", "f13-never-locks", "h01-hidden-counts")


@pytest.mark.parametrize("front", ["spa", "classic"])
def test_one_defect_of_each_function_is_killed(front: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    summary = conduct(Order(fronts=(front,), patterns=PACK, folder=tmp_path, seed=7))
    assert summary.killed == len(PACK), summary.survived
    assert summary.passed, summary
    assert (tmp_path / "matrix.html").stat().st_size > 0


@pytest.mark.parametrize("kind", ["errors", "login_everywhere"])
def test_a_null_platform_gets_no_pass(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    summary = conduct(Order(fronts=("spa",), patterns=("f03-film-is-gone",), nulls=(kind,), folder=tmp_path))
    assert summary.null_passes == ()
    assert summary.broken == ()
    assert summary.killed == 1
