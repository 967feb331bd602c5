"""A run in stages: from when a settled record is read, the calendar of a plan, and the stages of a stored run."""

from __future__ import annotations

import io
import itertools
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from rich.console import Console

from harness import planview
from harness.clock import SystemClock
from harness.errors import UsageError
from harness.model.profile import Policy
from harness.plan import Plan, Selection, make_plan, select
from harness.platform.base import CONTRACT
from harness.probe import LONGEST_WAIT_S, load_probes
from harness.schedule import schedule
from harness.settings import make_setting
from harness.stages import BEIJING, MARGIN_S, beijing, calendar, resumable_from, settled_from
from tests.walkbuilder import STANDARD

NIGHT = {"settles_at": "02:00", "settling_delay_s": 1800.0, "report_interval_s": 10.0}
MOMENTS = st.integers(0, 2 * 366 * 86400).map(lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
LONG = st.floats(LONGEST_WAIT_S + 1, 3 * 86400)


def planned(policy: dict[str, object], only: tuple[str, ...] = (), slots: int = 8) -> tuple[Plan, Selection]:
    setting = make_setting(policy, 1.0, STANDARD, [2400.0])
    selection = select(load_probes(), only).on(setting)
    made = make_plan(
        selection,
        setting,
        described=CONTRACT,
        absent=(),
        slots=slots,
        function_of=lambda r: STANDARD.get(r).function,
    )
    return made, selection


MORNING = datetime(2026, 11, 26, 9, tzinfo=UTC)


def shown(policy: dict[str, object], only: tuple[str, ...], lang: str, *, accounts: int, lessons: int) -> str:
    """The plan as it is printed, as if it began in the MORNING."""
    made, selection = planned(policy, only)
    setting = make_setting(policy, 1.0, STANDARD, [2400.0])
    out = io.StringIO()
    console = Console(file=out, width=200)
    planview.show(console, made, selection, lang, accounts=accounts, lessons=lessons, setting=setting, begin=MORNING)
    return out.getvalue()


@pytest.mark.parametrize(
    ("ended", "from_when"),
    [
        ("2026-11-26T09:00:00", "2026-11-26T18:31:00"),  # 17:00 in Beijing: the coming night at 02:00, half an hour on
        ("2026-11-26T17:58:59", "2026-11-26T18:31:00"),
        ("2026-11-26T17:59:01", "2026-11-27T18:31:00"),  # within a minute of it: the night after
        ("2026-11-26T18:00:00", "2026-11-27T18:31:00"),
    ],
)
def test_study_is_settled_on_the_next_night_in_beijing(ended: str, from_when: str) -> None:
    setting = make_setting(NIGHT, 1.0, STANDARD)
    found = settled_from(setting, datetime.fromisoformat(ended).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(from_when).replace(tzinfo=UTC)


def test_the_night_is_that_of_the_platforms_clock() -> None:
    setting = make_setting(NIGHT, 1.0, STANDARD)
    ended = datetime(2026, 11, 26, 17, 50, tzinfo=UTC)
    ahead = settled_from(setting, ended, offset_s=1200.0)  # there it is past two already
    assert ahead == settled_from(setting, ended) + timedelta(days=1, seconds=-1200)


@given(ended=MOMENTS, delay=LONG, scale=st.sampled_from([1.0, 30.0, 360.0]))
def test_a_delay_is_scaled_and_a_time_of_day_is_not(ended: datetime, delay: float, scale: float) -> None:
    late = make_setting({"settling_delay_s": delay}, scale, STANDARD)
    assert settled_from(late, ended) - ended == timedelta(seconds=delay / scale + MARGIN_S)
    night = settled_from(make_setting({"settles_at": "23:30"}, scale, STANDARD), ended)
    assert timedelta(seconds=MARGIN_S) < night - ended <= timedelta(days=1, seconds=2 * MARGIN_S)
    assert beijing(night).endswith("23:31")


@pytest.mark.parametrize(("delay", "later"), [(LONGEST_WAIT_S, False), (LONGEST_WAIT_S + 1, True)])
def test_minutes_are_waited_for_within_the_run(delay: float, later: bool) -> None:
    setting = make_setting({"settling_delay_s": delay}, 1.0, STANDARD)
    assert setting.settles_later is later
    assert (setting.settle_s < delay) is later
    assert make_setting({"settling_delay_s": delay}, 600.0, STANDARD).settles_later is later


def test_what_is_shown_to_people_is_never_too_early() -> None:
    assert beijing(datetime(2026, 11, 26, 18, 31, tzinfo=UTC)) == "2026-11-27 02:31"
    assert beijing(datetime(2026, 11, 26, 18, 31, 1, tzinfo=UTC)) == "2026-11-27 02:32"


@pytest.mark.parametrize("text", ["2:00", "24:00", "02:60", "02:00:00", "night"])
def test_a_time_of_day_has_one_form(text: str) -> None:
    with pytest.raises(ValidationError):
        Policy(settles_at=text)
    assert Policy(settles_at="02:00").facts()["settles_at"] == "02:00"


@given(
    begin=MOMENTS,
    delay=LONG,
    night=st.booleans(),
    slots=st.integers(1, 12),
    accounts=st.integers(0, 12),
    lessons=st.integers(0, 4),
)
def test_a_calendar_keeps_every_wait_and_makes_everything_once(
    begin: datetime, delay: float, night: bool, slots: int, accounts: int, lessons: int
) -> None:
    policy: dict[str, object] = NIGHT if night else {"settling_delay_s": delay}
    setting = make_setting(policy, 1.0, STANDARD, [2400.0])
    made, _ = planned(policy, ("F04", "F05", "H01"), slots)
    stages = calendar(made, setting, begin, accounts=accounts, lessons=lessons)
    assert stages[0].start == begin
    ended = {p.job.name: s.start + timedelta(seconds=p.end) for s in stages for p in s.made.placed}
    names = [p.job.name for s in stages for p in s.made.placed]
    assert len(names) == len(set(names))
    for before, after in itertools.pairwise(stages):
        assert after.start == resumable_from(before.waits) > before.end
        for wait in before.waits:
            assert datetime.fromisoformat(wait.not_before) == settled_from(setting, ended[wait.follows])
            assert ended[wait.walk] > after.start
    assert not stages[-1].waits
    if accounts >= 2 and lessons >= 4:
        assert set(names) == {w.name for w in made.walks}


@given(begin=MOMENTS, hours=st.floats(1, 96), scale=st.sampled_from([1.0, 30.0]), night=st.booleans())
def test_people_take_as_long_as_they_take(begin: datetime, hours: float, scale: float, night: bool) -> None:
    policy: dict[str, object] = {"approval": "by_hand", "approval_delay_s": hours * 3600.0}
    policy |= NIGHT if night else {}
    setting = make_setting(policy, scale, STANDARD, [2400.0])
    made, _ = planned(policy, ("F02", "F05"))
    first, second = calendar(made, setting, begin)
    ended = {p.job.name: first.start + timedelta(seconds=p.end) for p in first.made.placed}
    waits = {w.walk: w for w in first.waits if w.awaits == "approval"}
    assert set(waits) == ({"F02.registered"} if night else {"F02.registered", "F02.approved"})
    for wait in waits.values():
        assert datetime.fromisoformat(wait.not_before) - ended[wait.follows] == timedelta(hours=hours)
    assert second.start == resumable_from(first.waits)


@pytest.mark.parametrize(("lang", "word"), [("zh", "机构人工审核注册"), ("en", "institution's staff to approve")])
def test_the_calendar_says_that_people_are_waited_for(lang: str, word: str) -> None:
    said = shown({"approval": "by_hand"}, ("F02",), lang, accounts=4, lessons=6)
    assert word in said
    assert "2026-11-27 17:" in said


def test_how_long_an_approval_takes_needs_one_by_hand() -> None:
    assert Policy(approval="by_hand", approval_delay="36h").facts()["approval_delay_s"] == 36 * 3600
    with pytest.raises(ValidationError, match="approval: by_hand"):
        Policy(approval_delay="36h")


@given(
    begin=MOMENTS,
    cap_min=st.integers(5, 120),
    slots=st.integers(1, 12),
    accounts=st.integers(1, 6),
    lessons=st.integers(1, 8),
    night=st.booleans(),
)
def test_no_account_studies_more_in_a_day_than_is_credited(
    begin: datetime, cap_min: int, slots: int, accounts: int, lessons: int, night: bool
) -> None:
    policy: dict[str, object] = {"daily_cap_s": cap_min * 60.0} | (NIGHT if night else {"settling_delay_s": 30.0})
    setting = make_setting(policy, 1.0, STANDARD, [2400.0])
    made, _ = planned(policy, ("F04", "F05", "F11", "H01"), slots)
    assert all(w.seconds <= cap_min * 60 for w in made.walks if w.spec.lessons)
    stages = calendar(made, setting, begin, accounts=accounts, lessons=lessons)
    studied: dict[tuple[int, object], float] = {}
    touched: dict[int, int] = {}
    for stage in stages:
        for p in stage.made.placed:
            for account in p.accounts:
                touched[account] = touched.get(account, 0) + p.job.lessons
                start, end = (stage.start + timedelta(seconds=s) for s in (p.start, p.end))
                for day in {start.astimezone(BEIJING).date(), end.astimezone(BEIJING).date()}:
                    studied[account, day] = studied.get((account, day), 0.0) + p.job.study_s
    assert all(seconds <= cap_min * 60 + 1e-6 for seconds in studied.values())
    assert all(n <= lessons for n in touched.values())
    names = [p.job.name for s in stages for p in s.made.placed] + [j.name for s in stages for j in s.made.unplaced]
    assert len(names) == len(set(names))
    assert not [w for w in stages[-1].waits]
    for before, after in itertools.pairwise(stages):
        assert after.start == resumable_from(before.waits) >= before.end
        for wait in before.waits:
            if wait.awaits == "day":
                assert after.start.astimezone(BEIJING).date() > before.end.astimezone(BEIJING).date()
                assert wait.walk not in {p.job.name for p in before.made.placed}


@pytest.mark.parametrize(("accounts", "cap_s"), [(2, 2100.0), (3, 2100.0), (4, 2100.0), (6, 2400.0)])
def test_what_a_cap_puts_off_is_made_in_the_end(accounts: int, cap_s: float) -> None:
    """What spends its account takes none that others need on another day."""
    begin, names = datetime(2026, 11, 26, 9, tzinfo=UTC), []
    for policy in ({}, {"daily_cap_s": cap_s}):
        made, _ = planned(policy, ("F05", "F11", "H01"))
        setting = make_setting(policy, 1.0, STANDARD, [2400.0])
        stages = calendar(made, setting, begin, accounts=accounts, lessons=20)
        names.append({p.job.name for stage in stages for p in stage.made.placed})
    assert names[1] >= names[0]


@given(begin=MOMENTS, slots=st.integers(1, 12), accounts=st.integers(8, 24), lessons=st.integers(4, 9))
def test_eight_hours_a_day_change_no_plan(begin: datetime, slots: int, accounts: int, lessons: int) -> None:
    plain: dict[str, object] = {"settling_delay_s": 30.0, "class_hour_s": 1800.0}
    capped = plain | {"daily_cap_s": 8 * 3600.0}
    (one, _), (other, _) = planned(plain, (), slots), planned(capped, (), slots)
    assert other.walks == one.walks
    assert other.skipped == one.skipped
    stages = [
        calendar(made, make_setting(policy, 1.0, STANDARD, [2400.0]), begin, accounts=accounts, lessons=lessons)
        for made, policy in ((one, plain), (other, capped))
    ]
    assert stages[0] == stages[1]


@pytest.mark.parametrize(("accounts", "left"), [(2, True), (8, False)])
def test_a_subject_that_the_run_starts_has_one_day(accounts: int, left: bool) -> None:
    from harness.certify import _outlives
    from harness.prepare import Order

    policy: dict[str, object] = {"daily_cap_s": 2100.0}
    made, _ = planned(policy, ("F05", "F11", "H01"))
    profile = SimpleNamespace(model=SimpleNamespace(launch=("start", "it")), lessons=range(20), path=Path("x.yaml"))
    ready: Any = SimpleNamespace(
        order=Order(Path("x.yaml")), profile=profile, plan=made, learners=range(accounts), clock=SystemClock(),
        setting=make_setting(policy, 1.0, STANDARD, [2400.0]),
    )  # fmt: skip
    with pytest.raises(UsageError, match="later stage") if left else nullcontext():
        _outlives(ready)


def test_a_rehearsal_has_no_day() -> None:
    policy: dict[str, object] = {"daily_cap_s": 3600.0}
    assert make_setting(policy, 30.0, STANDARD).day_s is None
    assert make_setting(policy, 1.0, STANDARD).day_s == 3600.0


def test_a_walk_longer_than_a_day_credits_is_not_made() -> None:
    made, _ = planned({"daily_cap_s": 1800.0}, ("H01",))
    assert {s.spec.name for s in made.skipped if "credits in a day" in s.reason.en} == {"H01.hour"}


@pytest.mark.parametrize(("lang", "word"), [("zh", "已到平台每日上限"), ("en", "waits for another day")])
def test_the_calendar_says_that_a_day_is_full(lang: str, word: str) -> None:
    said = shown({"daily_cap_s": 2100.0}, ("F05", "F11", "H01"), lang, accounts=2, lessons=12)
    assert word in said
    assert "2026-11-27 00:01" in said


@given(begin=MOMENTS)
def test_a_run_without_a_wait_has_one_stage(begin: datetime) -> None:
    policy: dict[str, object] = {"settling_delay_s": 60.0}
    made, _ = planned(policy, ("F05",))
    (stage,) = calendar(made, make_setting(policy, 1.0, STANDARD, [2400.0]), begin)
    assert {p.job.name for p in stage.made.placed} == {w.name for w in made.walks}
    assert stage.end == begin + timedelta(seconds=schedule(made.jobs, slots=made.slots).span_s)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("共 2 段", "第 1 段：2026-11-26 17:00", "2026-11-27 02:31 起可继续", "第 2 段：2026-11-27 02:31")),
        ("en", ("2 stages", "stage 1: 2026-11-26 17:00", "goes on from 2026-11-27 02:31", "stage 2: 2026-11-27 02:31")),
    ],
)
def test_the_plan_prints_the_calendar(lang: str, words: tuple[str, ...]) -> None:
    made, selection = planned(dict(NIGHT))
    setting = make_setting(NIGHT, 1.0, STANDARD, [2400.0])
    said = shown(dict(NIGHT), (), lang, accounts=20, lessons=6)
    for word in words:
        assert word in said
    told = planview.as_json(made, selection, accounts=20, lessons=6, setting=setting, begin=MORNING)
    first, second = told["stages"]
    assert first["goes_on_from"] == second["start"] == "2026-11-26T18:31:00+00:00"
    assert first["windows_open_h"] == pytest.approx(
        (first_s := told["expected_s"] / 3600) - second["windows_open_h"], abs=0.02
    )
    assert first_s > 0.5
    assert {w["walk"] for w in told["walks"] if w["stage"] == 2} == {"F05.settled", "F05.settled_cut", "H01.settled"}


def test_a_plan_of_one_stage_prints_no_calendar() -> None:
    assert "calendar" not in shown({"settling_delay_s": 60.0}, (), "en", accounts=20, lessons=6)
