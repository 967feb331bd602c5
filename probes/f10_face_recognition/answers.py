"""Answers to face checks: who was before the camera, and what was accepted. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from harness.model.finding import Text
from harness.model.observation import ActionDone, SceneShown, Stimulus
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
CLOSED = (LessonState.FACE_CHECK, LessonState.LOCKED, LessonState.KICKED, LessonState.FINISHED)
"""What a page shows that lets nobody on."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Answers to face checks by what was before the camera: how many, and how many were accepted.

    An answer that was not even begun, because its button was not there, is none.
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


def tries(walk: WalkView) -> Tries:
    """Every answer that was given with something else than the learner before the camera."""
    made: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    shut: Counter[str] = Counter()
    evidence: list[str] = []
    refs: list[int] = []
    for o in walk.observations:
        if isinstance(o.data, Stimulus) and o.data.name == "face_try" and o.data.effect.get("begun", True):
            scene, passed = str(o.data.params.get("scene")), bool(o.data.effect.get("accepted"))
            made[scene] += 1
            accepted[scene] += passed
            shut[scene] += passed and o.data.effect.get("state") in CLOSED
            evidence += o.evidence
            refs.append(o.seq)
    return Tries(made, accepted, shut, tuple(evidence), tuple(refs))


def genuine_passed(walk: WalkView) -> int:
    """How often the learner, alone before the camera, passed a check."""
    scene, passed = "", 0
    for o in walk.observations:
        if isinstance(o.data, SceneShown):
            scene = o.data.scene
        elif isinstance(o.data, ActionDone) and o.data.name == "pass_face_check" and o.data.ok and scene in GENUINE:
            passed += 1
    return passed
