"""The plan: what is walked, what is left out and why, and figures that no schedule can beat."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.plan import Plan, make_plan, select
from harness.platform.base import CONTRACT
from harness.probe import CHANGE_S, Setting, load_probes
from harness.schedule import schedule
from harness.settings import make_setting
from tests.walkbuilder import STANDARD


def plan(
    *, only: tuple[str, ...] = (), missing: set[str] | None = None, absent: tuple[str, ...] = (), **more: object
) -> Plan:
    setting = make_setting({"idle_limit_s": 300.0}, float(str(more.get("scale", 1.0))), STANDARD, [180.0], [180.0])
    setting = replace(setting, mobile=str(more.get("mobile", "not_offered")))
    return make_plan(
        select(load_probes(), only).on(setting),
        setting,
        described=set(CONTRACT) - (missing or set()),
        absent=absent,
        slots=int(str(more.get("slots", 6))),
        function_of=lambda r: STANDARD.get(r).function,
        observe_only=bool(more.get("observe_only")),
    )


def test_every_walk_is_planned_once_when_everything_is_described() -> None:
    made = plan()
    names = [w.spec.name for w in made.walks]
    assert sorted([*names, *(s.spec.name for s in made.skipped)]) == sorted(
        w.name for p in load_probes() for w in p.walks
    )
    assert {s.reason.en for s in made.skipped} == {"does not apply to this subject"}
    assert {s.spec.name for s in made.skipped} == {
        "F02.approved", "F02.pending", "F02.registered", "F08.query", "F05.settled",
        "F05.settled_cut", "H01.apart", "H01.settled",
    }  # fmt: skip


def test_phones_that_a_profile_leaves_out_are_not_planned() -> None:
    names = {mobile: {w.spec.name for w in plan(mobile=mobile).walks} for mobile in ("tested", "not_tested")}
    left_out = names["tested"] - names["not_tested"]
    assert len(left_out) == 7
    assert all(name.startswith("D.") and name.endswith("_on_phone") for name in left_out)


def test_a_record_that_settles_at_night_is_read_in_a_later_stage() -> None:
    setting = make_setting({"settles_at": "02:00"}, 1.0, STANDARD, [2400.0])
    made = make_plan(
        select(load_probes()).on(setting),
        setting,
        described=CONTRACT,
        absent=(),
        slots=6,
        function_of=lambda r: STANDARD.get(r).function,
    )
    first, second = made.stages()
    studied = {"F05.honest", "F05.interrupted", "H01.apart"}
    assert {w.spec.follows for w in second.walks} == studied
    assert studied <= {w.spec.name for w in first.walks}
    bracketed = {s.spec.name for s in made.skipped if "too late" in s.reason.en}
    assert {"F11.seek_bar", "H01.hour", "F12.two_tabs"} <= bracketed
    assert not bracketed & {w.spec.name for w in made.walks}
    assert made.bound_s == pytest.approx(first.bound_s + second.bound_s)
    assert made.slot_s == pytest.approx(first.slot_s + second.slot_s)


def test_a_walk_that_nothing_is_judged_on_here_is_not_called_absent() -> None:
    setting = make_setting({"settles_at": "02:00"}, 1.0, STANDARD, [2400.0])
    made = make_plan(
        select(load_probes(), ("H01-1",)).on(setting),
        setting,
        described=CONTRACT,
        absent=(),
        slots=6,
        function_of=lambda r: STANDARD.get(r).function,
    )
    assert [(s.spec.name, s.reason.en) for s in made.skipped] == [
        ("H01.hour", "nothing that was asked for is judged on it here")
    ]


def test_nothing_is_taken_up_again_that_is_not_made() -> None:
    setting = make_setting({"settling_delay_s": 6 * 3600.0}, 1.0, STANDARD, [2400.0])
    made = make_plan(
        select(load_probes(), ("F05-1",)).on(setting),
        setting,
        described=set(CONTRACT) - {"pause"},
        absent=(),
        slots=6,
        function_of=lambda r: STANDARD.get(r).function,
    )
    assert not made.walks
    assert made.stages() == (made,)
    assert "F05.honest is not made" in {s.reason.en for s in made.skipped}


def test_a_platform_that_declares_no_idle_limit_is_waited_for_twice_at_once() -> None:
    made = make_plan(
        select(load_probes(), ("F13-1",)),
        make_setting({}, 1.0, STANDARD),
        described=set(CONTRACT),
        absent=(),
        slots=6,
        function_of=lambda r: STANDARD.get(r).function,
    )
    assert [(w.spec.name, w.attempt) for w in made.walks] == [("F13.idle", 1), ("F13.idle", 2)]


def test_what_the_profile_does_not_describe_is_left_out_and_said() -> None:
    made = plan(missing={"seek_by_bar"})
    assert {(s.spec.name, s.missing) for s in made.skipped if s.missing} == {
        ("F11.seek_bar", ("seek_by_bar",)),
        ("F11.seek_keys", ("seek_by_bar",)),
    }


def test_an_absent_function_is_not_walked_but_its_walk_may_feed_another() -> None:
    made = plan(absent=("F05",))
    assert "F05.honest" in [w.spec.name for w in made.walks]  # F03 needs it
    assert "F05.forged" not in [w.spec.name for w in made.walks]


def test_observing_leaves_every_attack_out() -> None:
    made = plan(observe_only=True)
    assert made.walks
    assert not any(w.spec.attack for w in made.walks)


def test_only_names_functions_and_requirements() -> None:
    assert {w.spec.name for w in plan(only=("F03",)).walks} == {"F05.honest"}
    with pytest.raises(UsageError, match="F99"):
        select(load_probes(), ("F99",))


def test_only_names_walks_too() -> None:
    walk = select(load_probes(), ("F11.seek_bar",))
    assert ({j.requirement for _, j in walk.judgements}, [w.name for _, w in walk.walks]) == (
        {"F11-1"},
        ["F11.seek_bar"],
    )
    both = select(load_probes(), ("F11-1", "F12-2", "F11.seek_keys"))
    assert {w.name for _, w in both.walks} == {"F11.seek_keys", "F12.two_devices", "F12.two_tabs"}
    assert {j.walks for _, j in both.judgements if j.requirement == "F11-1"} == {("F11.seek_keys",)}
    one_of_two_judges = select(load_probes(), ("F05-1", "F05.honest"))
    assert [w.name for _, w in one_of_two_judges.walks] == ["F05.honest"]


def test_who_compares_has_the_other_walk_judged_and_repeated_too() -> None:
    selection = select(load_probes(), ("D-F12",))
    assert {w.name for _, w in selection.walks} == {"D.two_devices", "D.two_devices_on_phone", "F12.two_devices"}
    judged = {j.requirement for _, j in selection.of("F12.two_devices")}
    assert {"F12-1", "F12-1v", "F12-2"} <= judged
    assert [j.requirement for _, j in selection.of("D.two_devices")] == ["D-F12"]


@given(slots=st.integers(1, 20), scale=st.floats(1, 60))
def test_the_bound_is_between_the_critical_path_and_everything_in_a_row(slots: int, scale: float) -> None:
    made = plan(slots=slots, scale=scale)
    serial = sum(w.seconds * w.spec.screens for w in made.walks)
    assert made.critical_path_s <= made.bound_s <= max(serial, made.critical_path_s)
    assert made.slot_s == pytest.approx(serial)


def test_a_rehearsal_is_shorter() -> None:
    assert plan(scale=30.0).bound_s < plan().bound_s


def test_a_walk_that_would_feed_only_judges_who_can_tell_nothing_is_not_made() -> None:
    others = ("F06", "F07", "F09", "F10", "H01", "H02")
    assert "H01.hour" in [w.spec.name for w in plan(absent=others).walks]  # the statistics need it
    without = plan(absent=others, missing={"statistics"})
    assert "H01.hour" not in [w.spec.name for w in without.walks]
    assert [s.missing for s in without.skipped if s.spec.name == "H01.hour"] == [("statistics",)]
    assert "H01.hour" in [w.spec.name for w in plan(absent=("F06",), missing={"statistics"}).walks]


def test_where_nobody_is_likely_to_be_stopped_no_difference_between_visitors_is_looked_for() -> None:
    declared = plan(only=("D-F13",))
    assert {w.spec.name for w in declared.walks} == {"F13.idle", "D.idle", "D.idle_on_phone"}
    undeclared = make_plan(
        select(load_probes(), ("D-F13",)),
        replace(make_setting({}, 1.0, STANDARD), mobile="not_offered"),
        described=set(CONTRACT),
        absent=(),
        slots=6,
        function_of=lambda r: STANDARD.get(r).function,
    )
    assert {w.spec.name for w in undeclared.walks} == {"F13.idle"}


@pytest.mark.parametrize("walks", ["all", "faces"])
def test_walks_with_a_living_person_come_one_after_another(walks: Literal["all", "faces"]) -> None:
    rendered = replace(make_setting({"idle_limit_s": 300.0}, 1.0, STANDARD, [2000.0]), camera=True)
    living = replace(rendered, presence="human", present_in=walks)

    def made(setting: Setting) -> Plan:
        return make_plan(
            select(load_probes()).on(setting),
            setting,
            described=set(CONTRACT),
            absent=(),
            slots=6,
            function_of=lambda r: STANDARD.get(r).function,
        )

    plan = made(living)
    attended = {w.name for w in plan.attended}
    assert {"F09.covered", "F10.impostor", "H01.hour"} <= attended
    assert ("F11.seek_bar" in attended) == (walks == "all")
    placed = [p for p in schedule(plan.jobs, slots=plan.slots).placed if p.job.name in attended]
    for one, next_one in itertools.pairwise(sorted(placed, key=lambda p: p.start)):
        assert one.end <= next_one.start
    before = {w.name: w.seconds for w in made(rendered).walks}
    assert all(w.seconds == before[w.name] + CHANGE_S * w.spec.scenes for w in plan.attended)
    assert not made(rendered).attended


@pytest.mark.parametrize("scale", [1.0, 30.0])
@pytest.mark.parametrize("policy", [{}, {"idle_limit_s": 300.0, "capture_interval_s": 480.0}])
def test_a_platform_that_stops_what_it_should_never_takes_longer(scale: float, policy: dict[str, float]) -> None:
    setting = make_setting(policy, scale, STANDARD, [1080.0], camera=True)
    told = {w.name: w for probe in load_probes() for w in probe.walks if w.sooner is not None}
    assert {"F09.covered", "F10.swap", "F13.idle", "D.idle", "D.covered"} <= set(told)
    for walk in told.values():
        assert walk.sooner is not None
        assert 0 < walk.sooner(setting) <= walk.seconds(setting), walk.name
