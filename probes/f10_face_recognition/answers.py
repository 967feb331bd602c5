"""Answers to face checks: who was before the camera, and what was accepted. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from harness.judge import Case
from harness.model.finding import Text
from harness.model.observation import ActionDone, Fact, SceneShown, StateSeen, Stimulus
from harness.model.values import LessonState
from harness.model.words import COMMA, series
from harness.view import WalkView
from probes.portraits import GENUINE

NAMES = {
    "stranger": ("他人", "a stranger"),
    "nobody": ("无人", "nobody"),
    "two_people": ("两人", "two people"),
    "print": ("照片", "a print"),
    "screen_replay": ("屏幕翻拍", "a screen replay"),
    "frozen": ("静止画面", "a frozen picture"),
}
TAKES_S = 10.0
"""An answer begun so long before a check's time is over may come too late: pages film for some seconds."""
CLOSED = (LessonState.FACE_CHECK, LessonState.LOCKED, LessonState.KICKED, LessonState.FINISHED)
"""What a page shows that lets nobody on."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Answers to face checks by what was before the camera: how many, and how many were accepted.

    An answer that was not even begun, because its button was not there, is none; nor is one that was refused and can
    have come too late.
    """

    made: Counter[str]
    accepted: Counter[str]
    shut: Counter[str]
    """Of the accepted: after which the page let nobody on all the same. A check that was failed goes away, too."""
    evidence: tuple[str, ...]
    refs: tuple[int, ...]

    def words(self) -> Text:
        """他人 0/3、无人 0/1 …"""
        counts = {scene: f"{self.accepted[scene]}/{count}" for scene, count in self.made.items()}
        names = {scene: NAMES.get(scene, (scene, scene)) for scene in counts}
        return series((Text(zh=f"{names[s][0]} {n}", en=f"{names[s][1]} {n}") for s, n in counts.items()), COMMA)


def tries(walk: WalkView, case: Case) -> Tries:
    """Every answer that was given with something else than the learner before the camera."""
    within = _answer_s(walk, case)
    opened, begun = 0.0, 0.0
    made: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    shut: Counter[str] = Counter()
    evidence: list[str] = []
    refs: list[int] = []
    for o in walk.observations:
        if _opens(o.data):
            opened = o.t
        elif isinstance(o.data, ActionDone) and o.data.name == "pass_face_check":
            begun = o.t - o.data.took_s
        elif isinstance(o.data, Stimulus) and o.data.name == "face_try" and o.data.effect.get("begun", True):
            scene, passed = str(o.data.params.get("scene")), bool(o.data.effect.get("accepted"))
            if not passed and begun - opened > max(within - TAKES_S, within / 2):
                continue
            made[scene] += 1
            accepted[scene] += passed
            shut[scene] += passed and o.data.effect.get("state") in CLOSED
            evidence += o.evidence
            refs.append(o.seq)
    return Tries(made, accepted, shut, tuple(evidence), tuple(refs))


def by_check(walk: WalkView) -> list[list[Stimulus]]:
    """The answers that were begun, check by check: the lesson opened anew brings another."""
    found: list[list[Stimulus]] = []
    opened = True
    for o in walk.observations:
        if isinstance(o.data, ActionDone) and o.data.name == "open_lesson":
            opened = True
        elif isinstance(o.data, Stimulus) and o.data.name == "face_try" and o.data.effect.get("begun", True):
            if opened:
                found.append([])
            found[-1].append(o.data)
            opened = False
    return found


def gave_in_after(walk: WalkView) -> int:
    """How many answers to one check failed before one was accepted that had been refused among them; 0: none was."""
    for answers in by_check(walk):
        refused: list[object] = []
        for one in answers:
            scene = one.params.get("scene")
            if not one.effect.get("accepted"):
                refused.append(scene)
            elif scene in refused:
                return len(refused)
    return 0


def _opens(fact: Fact) -> bool:
    """Is a check open from this moment on, as far as is known?"""
    if isinstance(fact, ActionDone):
        return fact.name == "open_lesson"
    if isinstance(fact, Stimulus):
        return fact.name == "asked"
    return isinstance(fact, StateSeen) and fact.state is LessonState.FACE_CHECK


def _answer_s(walk: WalkView, case: Case) -> float:
    """Within what time a check must be answered, as declared or as seen where nobody did; no bound is known without."""
    declared = case.setting.policy.get("face_answer_s")
    left = [s for s in walk.facts(Stimulus) if s.name == "unanswered" and s.effect.get("gone")]
    known = [float(s.effect.get("waited_s") or 0.0) for s in left] + ([] if declared is None else [float(declared)])
    return min(known, default=float("inf"))


def genuine_passed(walk: WalkView) -> int:
    """How often the learner, alone before the camera, passed a check."""
    scene, passed = "", 0
    for o in walk.observations:
        if isinstance(o.data, SceneShown):
            scene = o.data.scene
        elif isinstance(o.data, ActionDone) and o.data.name == "pass_face_check" and o.data.ok and scene in GENUINE:
            passed += 1
    return passed
