"""F02 judged on literal walks: applications taken and refused, and study before and after verification."""

from __future__ import annotations

import pytest

from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.f02_real_name_registration.judge import (
    AGES,
    REFUSALS,
    judge_age,
    judge_portrait_and_masking,
    judge_registration,
    judge_unverified,
)
from tests.walkbuilder import WalkBuilder, case

GOOD = {"valid": True, "valid_small_x": True, **dict.fromkeys(REFUSALS, False), "no_portrait": False,
        **dict.fromkeys(AGES, False), "valid_after": True}  # fmt: skip


def applied(
    taken: dict[str, bool] | None = None,
    *,
    listed: dict[str, bool | None] | None = None,
    remarks: dict[str, str] | None = None,
    shown: bool | None = True,
    in_full: bool = False,
    bare_credit: float | None = None,
) -> WalkView:
    w = WalkBuilder("F02.register")
    for name, answered in (GOOD | (taken or {})).items():
        there = (listed or {}).get(name, answered)
        effect = {"answered": answered, "listed": there, "remark": (remarks or {}).get(name, "")}
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


def test_without_credit_once_verified_nothing_is_concluded() -> None:
    assert judge_unverified(studied(unverified=0, verified=0), case("F02-2")).reason is Reason.PRECONDITION_UNMET
    assert judge_unverified(studied(unverified=0, ways=()), case("F02-2")).reason is Reason.PRECONDITION_UNMET
