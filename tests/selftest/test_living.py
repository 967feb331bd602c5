"""Living persons before one real camera, led by a scripted assessor: the whole conversation, through real walks and
judges. Nobody's slip accuses or clears the platform.
"""

from __future__ import annotations

from typing import Any

import pytest

from harness.exposures import exposures
from harness.judge import again, judge_attempt
from harness.model.finding import Finding
from harness.model.observation import SceneShown, StillSeen
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from tests.selftest import stage
from tests.selftest.living import CHANGE_S, PATIENCE_S, in_person, told

CLEAN = ("F09.covered", "F09.denied", "F09.uploads", "H01.hour", "F10.impostor", "F10.swap", "F10.skip", "F10.tools",
         "F10.species")  # fmt: skip
QUICK = ("F09.covered", "F10.swap")
Found = dict[str, Finding]


def judged(view: WalkView) -> Found:
    """What the judges of faces and portraits say of one attempt."""
    return {
        judgement.requirement: judge_attempt(probe, judgement, view, stage_case(judgement.requirement))
        for probe in stage.load_probes()
        for judgement in probe.judgements
        if view.name in judgement.walks and judgement.requirement.startswith(("F09", "F10"))
    }


def stage_case(requirement: str) -> Any:
    return stage.Case(stage.STANDARD.get(requirement), stage.STANDARD, stage.SETTING, stage.LENGTHS)


@pytest.mark.parametrize(
    "walk", [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in CLEAN]
)
def test_the_clean_platform_has_no_fault_with_living_persons(walk: str) -> None:
    with in_person():
        view = stage.perform(walk, ())
        found = judged(view)
    assert found
    assert {f.outcome for f in found.values()} == {Outcome.PASS}, found
    if walk == "H01.hour":
        assert "以人员和时刻为证" in found["F09-1"].observed.zh
        assert "not a mark" in found["F09-1"].observed.en


def test_every_instruction_is_timed_confirmed_by_name_and_kept_with_a_still() -> None:
    with in_person() as rooms:
        view = stage.perform("F09.covered", ())
    (room,) = rooms
    steps = told(view)
    assert len(room.asked) == len(steps)
    assert [s.scene for s in steps if not s.acts] == ["learner", "covered", "learner"]
    for step, asked in zip(steps, room.asked, strict=True):
        assert step.outcome == "confirmed"
        assert step.by == "王评定"
        assert step.took_s == pytest.approx(1.0 if step.acts else CHANGE_S)
        assert step.frame.endswith(".jpg")
        assert step.label == "HD Webcam"
        assert step.zh in asked
        assert step.en in asked
    notes = [o for o in view.observations if o.kind == "instructed"]
    assert all(step.frame in o.evidence for step, o in zip(steps, notes, strict=True))
    assert all(step.given_utc < o.utc for step, o in zip(steps, notes, strict=True))
    assert [s.scene for s in view.facts(StillSeen)] == ["learner", "covered", "learner"]
    beside = list(exposures([view]))
    assert beside
    assert all(one.still and one.shown in {s.frame for s in steps} for one in beside)


@pytest.mark.parametrize(
    ("walk", "requirement", "defect"),
    [
        ("F09.covered", "F09-3", "f09-no-camera-no-matter"),
        pytest.param("F10.impostor", "F10-1", "f10-anybody-passes", marks=pytest.mark.slow),
        pytest.param("H01.hour", "F09-1", "f09-first-again", marks=pytest.mark.slow),
    ],
)
def test_a_platform_with_a_defect_fails(walk: str, requirement: str, defect: str) -> None:
    # Face checks come every 26 s here, and credit without a picture is a fault only after 23: no time to lose.
    with in_person(change_s=0.3):
        found = judged(stage.perform(walk, (defect,)))
    assert found[requirement].outcome is Outcome.FAIL


def test_what_cannot_be_done_is_written_down_and_concludes_nothing() -> None:
    with in_person(lambda scene: "s" if scene == "covered" else ""):
        view = stage.perform("F09.covered", ("f09-no-camera-no-matter",))
        finding = judged(view)["F09-3"]
    assert told(view)[-1].outcome == "cannot"
    assert [s.scene for s in view.facts(SceneShown)] == ["learner"]
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)
    assert "遮住摄像头" in finding.observed.zh
    assert not again([finding]), "who can't do it is not asked again"


def test_who_does_not_answer_in_time_is_asked_again_in_another_attempt() -> None:
    with in_person(lambda scene: None if scene == "stranger" else ""):
        view = stage.perform("F10.swap", ())
        finding = judged(view)["F10-1"]
    last = told(view)[-1]
    assert (last.outcome, last.scene) == ("no_answer", "stranger")
    assert last.took_s == pytest.approx(PATIENCE_S)
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert again([finding])


def test_the_learner_in_the_strangers_place_accuses_nobody() -> None:
    """The assessor confirms that somebody else sits there, and the still shows the learner, who rightly passes."""
    with in_person(slip="stranger"):
        view = stage.perform("F10.swap", ())
        finding = judged(view)["F10-1"]
    assert finding.reason is Reason.PRECONDITION_UNMET
    assert "更像 p01" in finding.observed.zh
    assert finding.evidence


def test_a_lens_that_is_not_covered_clears_and_accuses_nobody() -> None:
    with in_person(slip="covered"):
        finding = judged(stage.perform("F09.covered", ()))["F09-3"]
    assert finding.reason is Reason.PRECONDITION_UNMET
    assert "人脸" in finding.observed.zh


def test_a_camera_without_a_plug_is_ended_by_the_browser() -> None:
    with in_person(lambda scene: "s" if scene == "unplugged" else ""):
        view = stage.perform("F09.denied", ())
        finding = judged(view)["F09-3"]
    assert [s.outcome for s in told(view) if s.scene == "unplugged"] == ["cannot"]
    assert [s.scene for s in view.facts(SceneShown)] == ["learner", "unplugged", "denied", "learner"]
    assert finding.outcome is Outcome.PASS
