"""The doctor tries each described action once, says what works and what doesn't, and leaves the rest alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.model.values import Credit, Table
from harness.onboard import examine as examining
from harness.onboard.doctor import line, summary
from harness.onboard.examine import Check, examine, plain
from harness.platform.base import CONTRACT
from harness.platform.declarative import DeclarativePlatform
from harness.platform.loading import load_profile
from tests.platform.fakes import FakePool, FakeScreen

ACME = Path(__file__).parents[1] / "platform" / "acme.yaml"
ENV = {"ACME_LEARNER": "learner-secret", "ACME_READER": "reader-secret"}


class Watched(FakeScreen):
    """A window whose player moves, or stands still."""

    moving = True

    def __init__(self) -> None:
        super().__init__()
        self.answers = [(200, {"data": {"rows": [{"user": "zhang", "seconds": 6, "done": False}]}})]
        self.tables["#records"] = [["开始时间", "结束时间", "时长"]]
        self.media = "playing"
        self.position = 0.0

    async def evaluate_in_media(self, js: str) -> Any:
        if "currentTime" not in js:
            return self.media
        self.position += 0.5 if self.moving else 0.0
        sample = dict.fromkeys(("paused", "ended", "seeking", "hidden"), False)
        return sample | {"position_s": self.position, "duration_s": 60.0, "rate": 1.0, "ready": 4}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STUDY_S", "POLL_S"):
        monkeypatch.setattr(examining, name, 0.0)
    monkeypatch.setattr(examining, "MOVES_WITHIN_S", 0.2)


def run(make: Callable[[], FakeScreen] = Watched, *, stimuli: bool = True) -> tuple[dict[str, Check], FakePool]:
    pool = FakePool(make)
    platform = DeclarativePlatform(load_profile(ACME, env=ENV), pool)  # type: ignore[arg-type]
    seen: list[Check] = []
    checks = asyncio.run(examine(platform, seen.append, stimuli=stimuli))
    assert seen == checks
    assert len({check.name for check in checks}) == len(checks)
    return {check.name: check for check in checks}, pool


def test_every_name_of_the_contract_is_accounted_for() -> None:
    checks, _ = run()
    assert set(CONTRACT) <= set(checks)
    works = {name for name, check in checks.items() if check.status == "works"}
    assert works == {"log_in", "open_lesson", "play", "play: the picture moves", "lesson_state", "seek_by_bar",
                     "credited_time", "study_records"}  # fmt: skip
    assert checks["credited_time"].message == "credited 6.0 s, completed False"
    assert checks["export_archive"].status == "not_tried"
    assert checks["export_archive"].message == "would change the platform's data"
    assert checks["set_rate_by_menu"].status == "not_described"


def test_a_reading_that_is_not_understood_has_a_picture_of_the_readers_page() -> None:
    class Vague(Watched):
        def __init__(self) -> None:
            super().__init__()
            self.tables["#records"].append(["2026-11-24 10:00", "", "不足1分钟"])

        async def screenshot(self) -> bytes:
            return self.url.encode()

    checks, _ = run(Vague)
    assert checks["study_records"].status == "not_found"
    assert "got '不足1分钟'" in checks["study_records"].message
    assert checks["study_records"].picture == b"/admin/records?of=zhang"


def test_without_an_authorization_nothing_is_tried_that_a_learner_may_not_do() -> None:
    checks, pool = run(stimuli=False)
    assert checks["seek_by_bar"].status == "not_tried"
    assert checks["seek_by_bar"].message == "needs an authorization"
    assert not any(step[0] == "drag" for screen in pool.screens for step in screen.done)


def test_seeking_that_is_refused_is_no_mistake_of_the_profile() -> None:
    class NoBar(Watched):
        async def drag(self, *args: Any, **more: Any) -> None:
            await self.click("missing")

    checks, _ = run(NoBar)
    assert (checks["seek_by_bar"].status, checks["seek_by_bar"].step) == ("refused", 1)


def test_what_follows_a_failed_log_in_is_not_tried() -> None:
    class Closed(Watched):
        async def fill(self, selector: str, text: str, **more: Any) -> None:
            await self.click("missing")

    checks, _ = run(Closed)
    assert (checks["log_in"].status, checks["log_in"].step, checks["log_in"].picture) == ("not_found", 2, b"png")
    assert checks["play"].status == "not_tried"
    assert checks["play"].message == "what comes before it does not work"


def test_a_player_that_stands_still_is_found_out() -> None:
    class Still(Watched):
        moving = False

    checks, _ = run(Still)
    assert checks["play"].status == "works"
    assert checks["play: the picture moves"].status == "not_found"
    assert "it stands at 0.0 s" in checks["play: the picture moves"].message


def test_a_wrong_state_is_found_out() -> None:
    class Locked(Watched):
        def __init__(self) -> None:
            super().__init__()
            self.shown = {"#lock"}

    checks, _ = run(Locked)
    assert checks["lesson_state"].status == "not_found"
    assert "got locked; expected playing" in checks["lesson_state"].message


def test_values_are_shown_plainly() -> None:
    assert plain(Credit(hours=0.5)) == "hours 0.5 学时"
    assert plain(Credit()) == "nothing understood"
    assert plain(()) == "0 rows"
    assert plain(Table(columns=("a", "b"), rows=({"a": "1"},))) == "1 rows of a, b"
    assert plain(None) == ""


def test_what_is_printed_is_never_markup() -> None:
    text = line(Check("play", "not_found", "[red]x[/red]", 2, 1.25), Path("p.png"))
    assert text.plain == "✗ play                      不可用 not found  1.2 s  [red]x[/red]  p.png"
    found = summary([Check("a", "works"), Check("b", "not_described")])
    assert found == "未描述 not described: b\n可用 works 1, 未描述 not described 1"
