"""F02 judged on literal walks: applications taken and refused, and study before and after verification."""

from __future__ import annotations

import random
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from harness.identity import Inventor
from harness.model.observation import CreditRead, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import Credit, Table
from harness.view import WalkView
from probes.f02_real_name_registration.applicants import Applicant, _cases
from probes.f02_real_name_registration.judge import (
    AGES,
    REFUSALS,
    judge_age,
    judge_portrait_and_masking,
    judge_registration,
    judge_unverified,
)
from probes.f02_real_name_registration.observe import _listed, _masked
from tests.probes.said import in_both_languages
from tests.walkbuilder import WalkBuilder, case

GOOD = {"valid": True, "valid_small_x": True, **dict.fromkeys(REFUSALS, False), "no_portrait": False,
        **dict.fromkeys(AGES, False), "valid_after": True}  # fmt: skip


def applied(
    taken: dict[str, bool] | None = None,
    *,
    listed: dict[str, bool | None] | None = None,
    remarks: dict[str, str] | None = None,
    states: dict[str, str] | None = None,
    shown: bool | None = True,
    in_full: bool = False,
    bare_credit: float | None = None,
) -> WalkView:
    w = WalkBuilder("F02.register")
    for name, answered in (GOOD | (taken or {})).items():
        there = (listed or {}).get(name, answered)
        effect = {"answered": answered, "listed": there}
        effect |= {"remark": (remarks or {}).get(name, ""), "state": (states or {}).get(name, "")}
        w.add(Stimulus(name="register", means="ordinary", params={"case": name}, effect=effect))
    w.add(Stimulus(name="look_at_number", means="ordinary", effect={"shown": shown, "in_full": in_full}))
    if bare_credit is not None:
        with w.segment("without_portrait", "attack"):
            w.play(30)
            w.credit["L1"] += bare_credit
    return w.done()


def test_right_people_register_and_nobody_else() -> None:
    finding = judge_registration(applied(), case("F02-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted == ("valid", "valid_small_x", "valid_after")
    assert set(finding.refused) == set(REFUSALS)
    assert len(finding.refs) == len(GOOD)


@pytest.mark.parametrize("wrong", REFUSALS)
def test_each_application_that_must_not_complete_fails_when_it_does(wrong: str) -> None:
    finding = judge_registration(applied({wrong: True}), case("F02-1"))
    assert finding.outcome is Outcome.FAIL
    assert REFUSALS[wrong][1] in finding.observed.en
    assert wrong in finding.accepted


def test_a_small_x_is_as_good_as_a_capital_one() -> None:
    finding = judge_registration(applied({"valid_small_x": False}), case("F02-1"))
    assert finding.outcome is Outcome.FAIL
    assert "small x" in finding.observed.en


def test_refusing_an_invented_identity_is_never_a_failure() -> None:
    everything_refused = applied(dict.fromkeys(GOOD, False))
    for judge in (judge_registration, judge_portrait_and_masking, judge_age):
        finding = judge(everything_refused, case("F02-1"))
        assert finding.reason is Reason.PRECONDITION_UNMET
        assert finding.settled


def test_a_platform_that_takes_nobody_any_more_proves_nothing_by_refusing() -> None:
    finding = judge_registration(applied({"valid_after": False}), case("F02-1"))
    assert finding.reason is Reason.PRECONDITION_UNMET
    assert not finding.settled


def test_the_list_of_accounts_is_believed_rather_than_the_page() -> None:
    shown_as_done = judge_registration(applied({"duplicate": True}, listed={"duplicate": False}), case("F02-1"))
    assert shown_as_done.outcome is Outcome.PASS
    shown_as_refused = judge_registration(applied(listed={"duplicate": True}), case("F02-1"))
    assert shown_as_refused.outcome is Outcome.FAIL


def test_a_list_that_shows_no_application_is_not_believed() -> None:
    nothing = dict.fromkeys(GOOD, False)
    finding = judge_registration(applied({"no_name": True}, listed=dict(nothing)), case("F02-1"))
    assert finding.outcome is Outcome.FAIL


def test_a_list_that_could_not_be_read_shows_no_refusal() -> None:
    for said in (True, False):
        finding = judge_registration(applied({"no_name": said}, listed={"no_name": None}), case("F02-1"))
        assert finding.reason is Reason.INSUFFICIENT_EVIDENCE
        assert "no name" in finding.observed.en
        in_both_languages(finding)
    small = judge_registration(applied(listed={"valid_small_x": None}), case("F02-1"))
    assert small.reason is Reason.INSUFFICIENT_EVIDENCE
    beside = judge_registration(applied({"duplicate": True}, listed={"no_name": None}), case("F02-1"))
    assert beside.outcome is Outcome.FAIL
    assert "no_name" not in beside.refused
    portrait = judge_portrait_and_masking(applied(listed={"no_portrait": None}), case("F02-1v"))
    assert portrait.reason is Reason.INSUFFICIENT_EVIDENCE
    assert judge_age(applied(listed={"child": None}), case("F02-1a")).reason is Reason.INSUFFICIENT_EVIDENCE


def test_an_account_that_waits_for_a_real_name_has_not_registered_anybody() -> None:
    states = {"valid": "已实名", "valid_after": "已实名", "no_id_number": "未实名"}
    waits = judge_registration(applied(listed={"no_id_number": True}, states=states), case("F02-1"))
    assert waits.reason is Reason.INSUFFICIENT_EVIDENCE
    alike = judge_registration(
        applied(listed={"no_id_number": True}, states=dict.fromkeys(GOOD, "正常")), case("F02-1")
    )
    assert alike.outcome is Outcome.FAIL
    welcomed = judge_registration(applied({"no_id_number": True}, states=states), case("F02-1"))
    assert welcomed.outcome is Outcome.FAIL


def test_what_was_not_tried_concludes_nothing() -> None:
    w = WalkBuilder("F02.register")
    w.add(Stimulus(name="register", means="ordinary", params={"case": "valid"}, effect={"answered": True}))
    assert judge_registration(w.done(), case("F02-1")).reason is Reason.INSUFFICIENT_EVIDENCE
    assert judge_registration(WalkBuilder("F02.register").done(), case("F02-1")).reason is Reason.PRECONDITION_UNMET


def test_a_portrait_and_a_masked_number() -> None:
    assert judge_portrait_and_masking(applied(), case("F02-1v")).outcome is Outcome.PASS
    assert judge_portrait_and_masking(applied(in_full=True), case("F02-1v")).outcome is Outcome.FAIL
    assert judge_portrait_and_masking(applied(shown=None), case("F02-1v")).reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(
    ("credit", "outcome"),
    [(0.0, Outcome.PASS), (5.0, Outcome.PASS), (5.1, Outcome.FAIL), (30.0, Outcome.FAIL), (None, Outcome.INCONCLUSIVE)],
)
def test_without_a_portrait_at_registration_there_is_one_before_study(credit: float | None, outcome: Outcome) -> None:
    walk = applied({"no_portrait": True}, bare_credit=credit)  # the record may lag by one report of 5 s
    assert judge_portrait_and_masking(walk, case("F02-1v")).outcome is outcome


@pytest.mark.parametrize(
    ("taken", "remarks", "outcome"),
    [
        ({}, {}, Outcome.PASS),
        ({"child": True}, {"child": "未满18周岁"}, Outcome.PASS),
        ({"child": True}, {}, Outcome.FAIL),
        ({"ancient": True}, {}, Outcome.FAIL),
        ({"child": True}, {"child": "自行注册", "valid": "自行注册"}, Outcome.FAIL),
        (
            {"child": True},
            {"child": "2026-11-24 20:03 自行注册", "valid_after": "2026-11-24 20:05 自行注册"},
            Outcome.FAIL,
        ),
    ],
)
def test_odd_ages_are_refused_or_pointed_out(taken: dict[str, bool], remarks: dict[str, str], outcome: Outcome) -> None:
    assert judge_age(applied(taken, remarks=remarks), case("F02-1a")).outcome is outcome


def studied(*, unverified: float, verified: float = 60, ways: tuple[str, ...] = ("registered", "imported")) -> WalkView:
    w = WalkBuilder("F02.unverified", resolution_s=1.0)
    for way in ways:
        with w.segment(f"unverified_{way}", "attack"):
            w.play(30)
            w.credit["L1"] += unverified
    for way in ways:
        w.control(f"after_{way}", 60, credited=verified)
    return w.done()


@pytest.mark.parametrize(
    ("credit", "outcome"), [(0, Outcome.PASS), (1.0, Outcome.PASS), (1.1, Outcome.FAIL), (30, Outcome.FAIL)]
)
def test_an_unverified_account_earns_nothing(credit: float, outcome: Outcome) -> None:
    finding = judge_unverified(studied(unverified=credit), case("F02-2"))
    assert finding.outcome is outcome
    assert str(finding.accepted[0]).startswith("after_registered: 60.0 s watched")


@pytest.mark.parametrize(
    ("step_s", "outcome"),
    [(1, Outcome.PASS), (20, Outcome.PASS), (60, Outcome.INCONCLUSIVE), (180, Outcome.INCONCLUSIVE)],
)
def test_a_record_that_could_not_show_so_little_proves_no_refusal(step_s: float, outcome: Outcome) -> None:
    """Half a minute, where the record counts whole minutes or tenths of an hour."""
    w = WalkBuilder("F02.unverified", resolution_s=step_s)
    with w.segment("unverified_registered", "attack"):
        w.play(30)
    w.control("after_registered", 60, credited=60 // step_s * step_s)
    finding = judge_unverified(w.done(), case("F02-2"))
    assert finding.outcome is outcome
    in_both_languages(finding)
    bare = WalkBuilder("F02.register", resolution_s=step_s)
    bare.lines += applied({"no_portrait": True}).observations[1:-1]
    with bare.segment("without_portrait", "attack"):
        bare.play(30)
    assert judge_portrait_and_masking(bare.done(), case("F02-1v")).outcome is outcome


def test_whoever_is_stopped_after_a_moment_was_refused() -> None:
    """Some players run until the first report is answered."""
    w = WalkBuilder("F02.unverified", resolution_s=1)
    with w.segment("unverified_registered", "attack"):
        w.play(5)
        w.stand(25)
    w.control("after_registered", 60)
    assert judge_unverified(w.done(), case("F02-2")).outcome is Outcome.PASS


def test_class_hours_alone_are_whole_ones_unless_said_otherwise() -> None:
    def walk(resolution_s: float | None) -> WalkView:
        w = WalkBuilder("F02.unverified")

        def read(at: str) -> None:
            w.add(CreditRead(at=at, credit=Credit(hours=w.credit["L1"] / 1800, resolution_s=resolution_s)), "L1")

        w.read = read  # type: ignore[method-assign]
        with w.segment("unverified_registered", "attack"):
            w.play(30)
        w.control("after_registered", 60)
        return w.done()

    assert judge_unverified(walk(None), case("F02-2")).reason is Reason.INSUFFICIENT_EVIDENCE
    assert judge_unverified(walk(18), case("F02-2")).outcome is Outcome.PASS


def test_a_lesson_that_did_not_open_needs_no_fine_record() -> None:
    w = WalkBuilder("F02.unverified", resolution_s=60)
    with w.segment("unverified_registered", "attack"):
        w.t += 10
    w.control("after_registered", 60)
    assert judge_unverified(w.done(), case("F02-2")).outcome is Outcome.PASS


def test_whoever_has_no_portrait_applies_between_valid_people() -> None:
    """A platform that takes twelve applications an hour refuses the thirteenth, portrait or not."""
    cases = [name for name, _ in _cases(Inventor(random.Random(1), date(2026, 11, 24)))]
    assert cases[0] == "valid"
    assert cases[-1] == "valid_after"
    assert set(cases) == set(GOOD)


ONE = Applicant("valid", Inventor(random.Random(1), date(2026, 11, 24)).person(ends_in="X"), date(2026, 11, 24))


def a_list_of(*rows: dict[str, str], columns: tuple[str, ...]) -> Any:
    """A walk whose list of accounts holds these rows; what it notes is in `noted`."""

    async def table(reading: str, **filters: Any) -> Table:
        return Table(columns=columns, rows=rows)

    noted: list[Stimulus] = []
    profile = SimpleNamespace(model=SimpleNamespace(persons=None))
    platform = SimpleNamespace(profile=profile, studio=None)
    return SimpleNamespace(reader=SimpleNamespace(table=table), platform=platform, note=noted.append, noted=noted)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("rows", "columns", "there"),
    [
        (({"username": ONE.person.username, "name": "赵"},), ("username", "name"), True),
        (({"username": "other", "name": "赵"},), ("username", "name"), False),
        (({"name": "暂无数据"},), ("username", "name"), False),
        (({"name": "赵"},), ("name",), True),
    ],
)
async def test_a_row_without_a_user_name_is_nobodys(
    rows: tuple[dict[str, str], ...], columns: tuple[str, ...], there: bool
) -> None:
    assert bool(await _listed(a_list_of(*rows, columns=columns), ONE)) is there


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("shown", "whole"),
    [
        ("{n}", True),
        ("身份证 {n}", True),
        ("{a} {b} {c}", True),
        ("{a}-{b}-{c}", True),
        ("{a}********{c}", False),
    ],
)
async def test_a_number_in_groups_is_shown_in_full(shown: str, whole: bool) -> None:
    number = ONE.person.id_number
    text = shown.format(n=number, a=number[:6], b=number[6:14], c=number[14:].lower())
    row = {"username": ONE.person.username, "id_number": text}
    walk = a_list_of(row, columns=("username", "id_number"))
    await _masked(walk, ONE)
    assert walk.noted[0].effect == {"shown": True, "in_full": whole}


def test_without_credit_once_verified_nothing_is_concluded() -> None:
    assert judge_unverified(studied(unverified=0, verified=0), case("F02-2")).reason is Reason.PRECONDITION_UNMET
    assert judge_unverified(studied(unverified=0, ways=()), case("F02-2")).reason is Reason.PRECONDITION_UNMET
