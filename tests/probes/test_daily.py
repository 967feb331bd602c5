"""A platform that credits only so much in a day: what would exceed it is made on another day, as one run.

`certify` itself runs on a simulated platform and a leaping clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.console import how_it_goes_on
from harness.daily import Days
from harness.errors import TooEarly
from harness.ledger import read
from harness.model.outcome import Decision, Outcome
from harness.model.profile import Policy
from harness.stages import BEIJING, another_day
from harness.verify import verify_run
from harness.view import walks
from tests.probes.simulated import Simulation, Sitting, account
from tests.probes.test_stages import Night, Stage, make

__all__ = ["make"]  # a fixture
CAP_S = 480.0
Make = Callable[..., Stage]


class Capped(Night):
    """One learner, five lessons, and eight minutes a day."""

    policy = Policy(class_hour="30min", report_interval="5s", daily_cap="8min")

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.courses["1"].lessons = {f"1{n}": 2160.0 for n in range(1, 6)}
        self.studied: dict[tuple[str, date], float] = defaultdict(float)

    @property
    def profile(self) -> Any:
        given = super().profile
        facts = given.facts() | {"policy": self.policy.facts()}
        given.facts = lambda: facts
        given.accounts |= {"learner": (account("learner1"),)}
        return given

    def records_of(self, asker: str, role: str, whom: str) -> list[Sitting]:
        return Simulation.records_of(self, asker, role, whom)

    def earns(self, window: Any, seconds: float) -> float:
        key = window.account.username, self.clock.utc().astimezone(BEIJING).date()
        credited = max(0.0, min(seconds, CAP_S - self.studied[key]))
        self.studied[key] += credited
        return credited


class Half(Capped):
    """Credits half of it."""

    def earns(self, window: Any, seconds: float) -> float:
        return super().earns(window, seconds) / 2


def verdict(result: Any, name: str) -> Any:
    return next(v for v in result.requirements if v.id.endswith(f"/{name}"))


def by_day(folder: Path) -> dict[date, float]:
    """What the walks of a ledger took, by the day in Beijing."""
    found: dict[date, float] = defaultdict(float)
    for view in walks(list(read(folder))):
        first, last = (datetime.fromisoformat(view.observations[place].utc) for place in (0, -1))
        found[first.astimezone(BEIJING).date()] += (last - first).total_seconds()
    return found


def test_what_a_day_has_no_room_for_is_made_on_another_day(make: Make) -> None:
    stage = make(Capped, ("F05-1",))
    folder, left = stage.certify()
    assert left.exit_code == 3
    assert left.decision is Decision.INCOMPLETE
    (wait,) = left.waits
    assert (wait.awaits, wait.follows, wait.attempt) == ("day", "", 1)
    assert datetime.fromisoformat(wait.not_before).astimezone(BEIJING).strftime("%m-%d %H:%M") == "11-25 00:01"
    assert "每日上限" in left.decision_why.zh
    assert any(f"{wait.walk} #1: 2026-11-25 00:01" in line for line in how_it_goes_on(folder, left))
    with pytest.raises(TooEarly):
        stage.certify(folder)
    result = stage.next(folder, left)
    assert verdict(result, "F05-1").outcome is Outcome.PASS
    assert result.waits == ()
    assert [s.number for s in result.stages] == [1, 2]
    assert sorted(w.walk for w in result.walks) == ["F05.honest", "F05.interrupted"]
    assert len(by_day(folder)) == 2
    assert max(by_day(folder).values()) <= CAP_S
    assert verify_run(folder).intact


def test_a_repetition_has_its_day_too(make: Make) -> None:
    stage = make(Half, ("F05-1",))
    folder, result = stage.certify()
    for _ in range(6):
        if not result.waits:
            break
        assert {w.awaits for w in result.waits} == {"day"}
        result = stage.next(folder, result)
    assert result.waits == ()
    found = verdict(result, "F05-1")
    assert (found.outcome, found.repeated) == (Outcome.FAIL, "2/2")
    assert max(by_day(folder).values()) <= CAP_S


def test_a_run_that_is_killed_remembers_what_the_day_has_seen(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(Capped, ("F05-1",))
    ended = []

    def append(self: Any, *given: Any, **more: Any) -> Any:
        if getattr(given[0], "kind", "") == "stage_ended" and not ended:
            ended.append(1)
            raise KeyboardInterrupt
        return real(self, *given, **more)

    from harness.ledger import Ledger

    real = Ledger.append
    monkeypatch.setattr(Ledger, "append", append)
    with pytest.raises(BaseException):  # noqa: B017, PT011 - however asyncio passes it on
        stage.certify()
    (folder,) = stage.runs.iterdir()
    _, left = stage.certify(folder)
    assert [w.awaits for w in left.waits] == ["day"]  # a few seconds on, it is the same day
    assert max(by_day(folder).values()) <= CAP_S


def test_who_spends_an_account_waits_for_those_that_need_it(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("require_in_force", "require_authorization"):
        monkeypatch.setattr(f"harness.platform.authorization.{name}", lambda *given: None)
    stage = make(Capped, ("F05-1", "OP-1"))
    stage.observe_only = False
    folder, left = stage.certify()
    assert "OP.tools" in {w.walk for w in left.waits}
    result = stage.next(folder, left)
    for _ in range(4):
        if result.waits:
            result = stage.next(folder, result)
    assert result.waits == ()
    order = [w.walk for w in result.walks]
    assert order.index("OP.tools") > max(order.index("F05.honest"), order.index("F05.interrupted"))
    assert verdict(result, "F05-1").outcome is Outcome.PASS


STRETCHES = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 3 * 86400), st.floats(1, 7200)), min_size=1, max_size=12
)


@given(stretches=STRETCHES, cap_s=st.floats(60, 8 * 3600), offset_s=st.floats(-3600, 3600))
def test_who_has_room_never_exceeds_the_day(
    stretches: list[tuple[str, int, float]], cap_s: float, offset_s: float
) -> None:
    days, begin = Days(cap_s, offset_s=offset_s), datetime(2026, 11, 24, tzinfo=UTC)
    credited: dict[tuple[str, date], float] = defaultdict(float)
    for who, after, seconds in stretches:
        start = begin + timedelta(seconds=after)
        if not days.room(who, start, seconds):
            continue
        days.add(who, start, seconds)
        there = (start + timedelta(seconds=offset_s)).astimezone(BEIJING)
        midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        first = min(seconds, (midnight - there).total_seconds())
        credited[who, there.date()] += first
        credited[who, midnight.date()] += seconds - first
    assert all(total <= cap_s + 1e-3 for total in credited.values())
    assert Days(None).room("a", begin, 1e9)


@given(after=st.integers(0, 7 * 86400), offset_s=st.floats(-3600, 3600))
def test_another_day_is_the_platforms(after: int, offset_s: float) -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=after)
    there = (moment + timedelta(seconds=offset_s)).astimezone(BEIJING).date()
    then = another_day(moment, offset_s=offset_s)
    assert (then + timedelta(seconds=offset_s)).astimezone(BEIJING).date() == there + timedelta(days=1)
    assert then - moment <= timedelta(days=1, minutes=1)
