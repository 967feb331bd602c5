"""F04 judged on literal walks: asked, answered, seen again."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.observation import ActionDone, Stimulus, TableRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import Table
from harness.view import WalkView
from probes.f04_interaction.judge import judge_two_way
from tests.probes.said import in_both_languages
from tests.walkbuilder import WalkBuilder, case

SEEN = {
    "asked": (True, False),
    "never_asked": (False, False),
    "after_reload": (True, True),
    "elsewhere": (True, True),
}


QUESTION, ANSWER = "如何处理（提问00000001）", "加设生命线（答复00000001）"
ROW = {"question": QUESTION, "answer": f"教师：{ANSWER}"}


def talked(
    answered: bool = True, listed: tuple[dict[str, str], ...] | None = (ROW,), **changes: tuple[bool, bool] | None
) -> WalkView:
    w = WalkBuilder("F04.ask")
    w.add(ActionDone(name="post_question", args={"text": QUESTION}, ok=True, took_s=1))
    for moment, given in (SEEN | changes).items():
        if moment == "after_reload":
            said = {"text": ANSWER}
            error = "" if answered else "no form"
            w.add(ActionDone(name="answer_question", args=said, ok=answered, error=error, took_s=1))
            if listed is not None:
                w.add(TableRead(reading="questions", table=Table(columns=("question", "answer"), rows=listed)))
        if given is not None:
            effect = {"question": given[0], "answer": given[1]}
            w.add(Stimulus(name="look", means="ordinary", params={"moment": moment}, effect=effect))
    return w.done()


def test_an_answer_that_stays_passes() -> None:
    finding = judge_two_way(talked(), case("F04-1"))
    assert finding.outcome is Outcome.PASS
    assert len(finding.accepted) == 3
    assert len(finding.refused) == 2


UNSEEN = {"asked": (False, False), "after_reload": (False, False), "elsewhere": (False, False)}
CUT = {"question": "如何处理（提问…", "answer": "—"}


@pytest.mark.parametrize("listed", [None, (ROW,), (CUT,)])
def test_a_look_that_never_found_anything_is_for_a_person(listed: tuple[dict[str, str], ...] | None) -> None:
    """Its steps may look in the wrong place; the platform's own list has the question, or nobody could read it."""
    finding = judge_two_way(talked(listed=listed, **UNSEEN), case("F04-1"))
    assert finding.outcome is Outcome.REVIEW
    assert finding.refs
    in_both_languages(finding)


UNANSWERED = {"after_reload": (True, False), "elsewhere": (True, False)}


@pytest.mark.parametrize("listed", [None, ({"question": QUESTION, "answer": "—"},), ({"question": QUESTION},), (CUT,)])
def test_an_answer_that_nobody_may_have_given_is_for_a_person(listed: tuple[dict[str, str], ...] | None) -> None:
    """A teacher's page that comes too late, or shows the question on its next leaf, leaves nothing to answer."""
    finding = judge_two_way(talked(listed=listed, **UNANSWERED), case("F04-1"))
    assert finding.outcome is Outcome.REVIEW, finding.observed
    in_both_languages(finding)


@pytest.mark.parametrize(
    "changes",
    [
        UNSEEN | {"listed": ()},
        UNSEEN | {"listed": ({"question": "别的问题"},)},
        UNANSWERED,
        UNANSWERED | {"listed": ()},  # no teacher sees it
        UNANSWERED | {"listed": ({"question": QUESTION, "answer": "您的问题已收到"},)},  # a machine replied
        {"elsewhere": (True, False)},
        {"elsewhere": (False, False)},
    ],
)
def test_what_does_not_show_fails(changes: dict[str, Any]) -> None:
    finding = judge_two_way(talked(**changes), case("F04-1"))
    assert finding.outcome is Outcome.FAIL
    assert finding.refs


@pytest.mark.parametrize(
    "changes",
    [
        {"asked": (False, False)},  # read over before it is shown, or a list that is kept for a while
        {"after_reload": (True, False)},
        {"asked": (False, False), "after_reload": (False, False)},
    ],
)
def test_what_shows_a_moment_later_is_there(changes: dict[str, tuple[bool, bool] | None]) -> None:
    finding = judge_two_way(talked(**changes), case("F04-1"))
    assert finding.outcome is Outcome.PASS
    assert "in another browser" in finding.observed.en
    assert ("after a reload" in finding.observed.en) is ("after_reload" not in changes)
    in_both_languages(finding)


@pytest.mark.parametrize(
    ("answered", "changes", "reason"),
    [
        (False, {}, Reason.PRECONDITION_UNMET),
        (
            False,
            {"asked": (False, False), "after_reload": None, "elsewhere": None},
            Reason.PRECONDITION_UNMET,
        ),
        (True, {"asked": None}, Reason.PRECONDITION_UNMET),
        (True, {"never_asked": (True, False)}, Reason.PRECONDITION_UNMET),
        (True, {"asked": (True, True)}, Reason.PRECONDITION_UNMET),
        (True, {"elsewhere": None}, Reason.INSUFFICIENT_EVIDENCE),
    ],
)
def test_without_controls_nothing_is_concluded(
    answered: bool, changes: dict[str, tuple[bool, bool] | None], reason: Reason
) -> None:
    assert judge_two_way(talked(answered, **changes), case("F04-1")).reason is reason
