"""Literal walks before a camera: what it showed, what was stored, when a face was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from harness.model.observation import ActionDone, PortraitSeen, PortraitsRead, SceneShown, StateSeen, Stimulus
from harness.model.values import LessonState
from tests.walkbuilder import START, WalkBuilder

UNEVEN = (300, 420, 250, 510, 380)
"""Seconds of playing between captures; 1860 s are played."""


class CameraWalk(WalkBuilder):
    """A walk whose learner sits before a camera."""

    def __init__(self, name: str, lessons: tuple[str, ...] = ("L1",)) -> None:
        super().__init__(name, lessons)
        self.stored: list[PortraitSeen] = []
        self.shows("learner", "p01")

    @property
    def utc(self) -> datetime:
        return (START + timedelta(seconds=self.t)).astimezone(UTC)

    def shows(self, scene: str, person: str = "") -> None:
        self.add(SceneShown(camera="camera-1", scene=scene, person=person))

    def check(self, *, ok: bool = True, took_s: float = 5.0) -> None:
        """A face check comes and is answered."""
        self.add(StateSeen(state=LessonState.FACE_CHECK))
        self.t += took_s
        self.add(ActionDone(name="pass_face_check", ok=ok, took_s=took_s))
        self.add(StateSeen(state=LessonState.PAUSED if ok else LessonState.FACE_CHECK))

    def portrait(self, **more: Any) -> PortraitSeen:
        """A portrait is stored now: of the learner, marked, as the camera showed."""
        now = self.utc.timestamp()
        one = PortraitSeen(
            **{
                "id": str(len(self.stored) + 1),
                "time": self.utc,
                "picture": f"{len(self.stored) + 1:064x}.jpg",
                "width": 640,
                "height": 480,
                "code": f"{len(self.stored) + 1:012x}",
                "shown": ((now - 4.0, now + 6.0),),
                "camera": "camera-1",
                "scene": "learner",
                "person": "p01",
                "faces": 1,
                "distances": {"p01": 0.3, "p02": 0.7},
                "nearest": "p01",
                "likeness": "same",
                "brightness": 120.0,
                "contrast": 50.0,
                "sharpness": 200.0,
                **more,
            }
        )
        self.stored.append(one)
        return one

    def read_portraits(self, at: str, *, error: str = "", offset_s: float = 0.0) -> None:
        portraits = None if error else tuple(self.stored)
        self.add(PortraitsRead(at=at, portraits=portraits, error=error, offset_s=offset_s))

    def stimulus(self, name: str, params: dict[str, Any] | None = None, **effect: Any) -> None:
        self.add(Stimulus(name=name, means="ordinary", params=params or {}, effect=effect))


def hour(gaps: tuple[float, ...] = UNEVEN, *, rest: float = 0.0, **portrait: Any) -> CameraWalk:
    """An honest hour with a portrait after each gap."""
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    with w.segment("below", "control"):
        for gap in gaps:
            w.play(gap)
            w.portrait(**portrait)
        w.play(rest)
        w.credit["L1"] += sum(gaps) + rest
    return w
