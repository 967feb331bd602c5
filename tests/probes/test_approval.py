"""A platform whose institution approves registrations by hand: the run is left, and taken up again once it has.

`certify` itself runs on a simulated platform and a leaping clock; the institution's staff act between the stages.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from harness.console import how_it_goes_on
from harness.errors import TooEarly
from harness.model.outcome import Decision, Outcome, Reason
from harness.model.profile import Policy
from harness.model.run import RunResult
from harness.probe import APPROVAL_S
from harness.stages import MOST_LOOKS
from harness.stored import stored
from harness.verify import verify_run
from tests.probes.simulated import Course, Person, Refused, Simulation, Sitting
from tests.probes.test_stages import Night, Stage, make

__all__ = ["make"]  # a fixture
ONLY = ("F02",)
ALL = ("F02-1", "F02-1v", "F02-1a", "F02-2")
Make = Callable[..., Stage]


class ByHand(Night):
    """Credits at once; whoever applies waits for the institution's staff."""

    policy = Policy(class_hour="30min", report_interval="5s", approval="by_hand")

    @property
    def profile(self) -> Any:
        given = super().profile
        facts = given.facts() | {"policy": self.policy.facts()}
        given.facts = lambda: facts
        return given

    def described(self, name: str) -> bool:
        return name != "approve_learner" and super().described(name)

    def records_of(self, asker: str, role: str, whom: str) -> list[Sitting]:
        return Simulation.records_of(self, asker, role, whom)

    def staff_approve(self, unless: Callable[[Person], bool] = lambda person: False) -> None:
        """What the institution does meanwhile, and nobody of ours."""
        for person in self.people.values():
            if person.state == "pending" and not unless(person):
                person.state = "active"


class AtOnce(ByHand):
    """Lets everybody study before anybody has looked."""

    def may_study(self, person: Person, course: Course) -> bool:
        return person.state in ("active", "pending")


class AnyPapers(ByHand):
    """Takes whatever number and picture is given; the staff see it."""

    def valid_number(self, number: str) -> bool:
        return True

    def register(self, who: dict[str, Any]) -> None:
        if not who["name"]:
            raise Refused("refused")
        self.people[who["username"]] = Person(who["username"], who["name"], who["id_number"].upper(), "pending",
                                              bool(who["portrait"]))  # fmt: skip


@pytest.fixture
def by_hand(make: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stage]:
    for name in ("require_in_force", "require_authorization"):
        monkeypatch.setattr(f"harness.platform.authorization.{name}", lambda *given: None)

    def staged(kind: type[ByHand] = ByHand, only: tuple[str, ...] = ONLY) -> Stage:
        stage = make(kind, only)
        stage.observe_only = False
        return stage

    return staged


def outcomes(result: RunResult, names: tuple[str, ...] = ALL) -> dict[str, Outcome]:
    short = {v.id.rsplit("/", 1)[-1]: v.outcome for v in result.requirements}
    return {name: short[name] for name in names}


def verdict(result: RunResult, name: str) -> Any:
    return next(v for v in result.requirements if v.id.endswith(f"/{name}"))


def test_who_registered_is_approved_meanwhile_and_studies(by_hand: Make) -> None:
    stage = by_hand()
    folder, left = stage.certify()
    assert left.exit_code == 3
    assert [(w.walk, w.follows, w.awaits) for w in left.waits] == [("F02.approved", "F02.pending", "approval")]
    # Nobody was taken who should not have been: what the pages said is all there is to see.
    assert outcomes(left, ("F02-1", "F02-1a")) == {"F02-1": Outcome.PASS, "F02-1a": Outcome.PASS}
    assert verdict(left, "F02-2").reason is Reason.NOT_RUN
    whom = left.waits[0].whom
    assert all(stage.on.people[name].state == "pending" for name in whom)
    assert "机构应已审核注册" in left.decision_why.zh
    said = "\n".join(how_it_goes_on(folder, left, "en"))
    assert all(name in said for name in whom)
    with pytest.raises(TooEarly):
        stage.certify(folder)

    stage.on.staff_approve()
    result = stage.next(folder, left)
    assert outcomes(result) == dict.fromkeys(ALL, Outcome.PASS)
    assert result.waits == ()
    assert [s.number for s in result.stages] == [1, 2]
    assert verify_run(folder).intact
    found = verdict(result, "F02-2")
    assert "0.0 s recorded" in found.observed.en
    assert any(str(line).startswith("after_registered: ") for line in found.findings[-1].accepted)


def test_an_approval_is_waited_for_a_day_of_real_time(by_hand: Make) -> None:
    stage = by_hand()
    began = stage.on.clock.utc()
    _, left = stage.certify()
    wait = datetime.fromisoformat(left.waits[0].not_before) - began
    assert timedelta(seconds=APPROVAL_S) < wait < timedelta(seconds=APPROVAL_S + 3600)


def test_what_has_not_come_is_looked_for_again_and_never_fails(by_hand: Make) -> None:
    stage = by_hand()
    folder, left = stage.certify()
    for look in range(1, MOST_LOOKS):
        left = stage.next(folder, left)
        assert left.decision is Decision.INCOMPLETE
        assert left.exit_code == 3
        assert [(w.walk, w.attempt) for w in left.waits] == [("F02.approved", 1)]
        found = verdict(left, "F02-2")
        assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)
        assert left.waits[0].whom[0] in found.observed.en
        assert "--resume" in found.observed.en
        assert sum(w.status == "not_yet" for w in left.walks) == look
    result = stage.next(folder, left)
    assert result.waits == ()  # it ends without it
    assert (folder / "run.json").is_file()
    assert verdict(result, "F02-2").reason is Reason.PRECONDITION_UNMET
    assert [w.walk for w in result.walks].count("F02.pending") == 1  # nobody registers anew for it
    assert stored(folder).exit_code == result.exit_code


def test_an_approval_that_comes_late_is_as_good(by_hand: Make) -> None:
    stage = by_hand()
    folder, left = stage.certify()
    late = stage.next(folder, left)
    stage.on.staff_approve()
    result = stage.next(folder, late)
    found = verdict(result, "F02-2")
    assert (found.outcome, found.repeated) == (Outcome.PASS, "1/1")
    assert result.waits == ()


def test_study_before_the_approval_fails_and_is_tried_once_more(by_hand: Make) -> None:
    stage = by_hand(AtOnce, ("F02-2",))
    folder, left = stage.certify()
    stage.on.staff_approve()
    once = stage.next(folder, left)
    assert [(w.follows, w.attempt) for w in once.waits] == [("F02.pending", 2)]
    stage.on.may_study = lambda person, course: person.state == "active"  # type: ignore[method-assign]
    early = stage.next(folder, once)  # the staff have not come to it yet: that registers nobody else
    assert [(w.follows, w.attempt) for w in early.waits] == [("F02.pending", 2)]
    stage.on.staff_approve()
    result = stage.next(folder, early)
    found = verdict(result, "F02-2")
    assert (found.outcome, found.repeated) == (Outcome.FAIL, "2/2")
    assert [w.walk for w in result.walks].count("F02.pending") == 2
    assert result.waits == ()


def test_papers_that_the_staff_refuse_have_registered_nobody(by_hand: Make) -> None:
    stage = by_hand(AnyPapers)
    folder, left = stage.certify()
    assert {w.walk for w in left.waits} == {"F02.registered", "F02.approved"}
    right = Simulation(stage.on.clock).valid_number
    numbers: set[str] = set()

    def wrong(person: Person) -> bool:
        seen = person.number in numbers
        numbers.add(person.number)
        return seen or not person.portrait or not right(person.number)

    stage.on.staff_approve(unless=wrong)
    result = stage.next(folder, left)
    assert outcomes(result) == dict.fromkeys(ALL, Outcome.PASS)
    assert "wrong check digit" in verdict(result, "F02-1").observed.en


def test_papers_that_the_staff_wave_through_fail(by_hand: Make) -> None:
    stage = by_hand(AnyPapers, ("F02-1", "F02-1v", "F02-1a"))
    folder, left = stage.certify()
    stage.on.staff_approve()
    once = stage.next(folder, left)
    stage.on.staff_approve()
    result = stage.next(folder, once)
    found = outcomes(result, ("F02-1", "F02-1v", "F02-1a"))
    assert found == {"F02-1": Outcome.FAIL, "F02-1v": Outcome.FAIL, "F02-1a": Outcome.WARN}
    assert verdict(result, "F02-1").repeated == "2/2"
    assert "studied without any portrait" in verdict(result, "F02-1v").observed.en


def test_a_platform_that_takes_no_invented_person_is_not_waited_for(by_hand: Make) -> None:
    stage = by_hand()
    stage.on.register = lambda who: (_ for _ in ()).throw(Refused("who is that?"))  # type: ignore[method-assign]
    _, result = stage.certify()
    assert result.waits == ()
    assert verdict(result, "F02-2").reason is Reason.PRECONDITION_UNMET
    assert verdict(result, "F02-1").reason is Reason.PRECONDITION_UNMET
