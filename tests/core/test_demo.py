"""The demonstration succeeds when the expected verdicts come, and explains the defect that was caught."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness import demo
from harness.errors import UsageError
from harness.model.outcome import Outcome
from harness.model.run import RunResult
from harness.prepare import Order
from tests.reports.sample import build, verdict

CAUGHT = "两个标签页同时计入 24 秒"


class Certified:
    """Stands in for a certification: remembers what was asked, answers with what should come out."""

    def __init__(self, folder: Path, **changed: Outcome) -> None:
        self.folder = folder
        self.changed = {name.replace("_", "-"): outcome for name, outcome in changed.items()}
        self.orders: list[Order] = []
        self.defects: list[str | None] = []

    def __call__(self, order: Order, _say: object) -> tuple[Path, RunResult]:
        self.orders.append(order)
        self.defects.append(os.environ.get(demo.SWITCH))
        part = demo.PARTS[len(self.orders) - 1]
        found = tuple(
            verdict(f"AQ8011-2023/{name}", (name, name), outcome, observed=(CAUGHT, "24 s twice"))
            for name, outcome in {**part.expected, **self.changed}.items()
        )
        return self.folder, build().model_copy(update={"requirements": found})


def test_the_clean_platform_and_then_the_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    certified = Certified(tmp_path)
    monkeypatch.setattr(demo, "certify", certified)
    monkeypatch.setenv(demo.SWITCH, "f11-something-of-the-shell")
    assert demo.run_demo("zh") == 0
    assert certified.defects == ["", "f12-tabs-of-one-login"]
    assert os.environ[demo.SWITCH] == "f11-something-of-the-shell"
    assert {order.scale for order in certified.orders} == {30}
    said = capsys.readouterr().out
    assert "只管登录，不管窗口" in said
    assert CAUGHT in said
    assert said.count("report.html") == 2


@pytest.mark.parametrize("wrong", [{"F12_2": Outcome.PASS}, {"F03_1": Outcome.INCONCLUSIVE}])
def test_another_verdict_is_a_failure_of_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: dict[str, Outcome]
) -> None:
    monkeypatch.setattr(demo, "certify", Certified(tmp_path, **wrong))
    assert demo.run_demo("en") == 1
    assert next(iter(wrong)).replace("_", "-") in capsys.readouterr().out


def test_the_defect_is_in_the_catalogue_and_violates_what_is_expected() -> None:
    for part in demo.PARTS:
        if part.defect:
            entry = next(e for e in demo.read_catalogue(demo.DEFECTS) if e.id == part.defect)
            assert part.expected[str(entry.violates)] is Outcome.FAIL
            assert not entry.visible


def test_outside_the_repository_it_says_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="profile not found"):
        demo.run_demo()
