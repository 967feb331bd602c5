"""Recorded frames stand in for the learner: which of them a page gets, and when."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.attacks import identity
from harness.learner import Learner
from harness.model.observation import ActionDone
from harness.walk import Walk
from probes.f10_face_recognition.tools import Recordings, _record, fed

LEFT, RIGHT, BOTH = ["left 1", "left 2"], ["right 1"], ["blink", "right"]
TURNS: Recordings = {("turn_left",): LEFT, ("turn_right",): RIGHT}


class Page:
    """Remembers what its canvases were made to give."""

    def __init__(self) -> None:
        self.given: list[Sequence[str]] = []

    async def evaluate_everywhere(self, js: str, arg: Any = None) -> int:
        assert js == identity.FEED
        self.given.append(arg)
        return 1


def given(recordings: Recordings, *asked: Sequence[str], number: int = 1) -> list[Sequence[str]]:
    page = Page()
    session = SimpleNamespace(stand_in=None)
    learner = cast(Learner, SimpleNamespace(screen=page, session=session))

    async def check() -> None:
        async with fed(learner, recordings, number):
            for acts in asked:
                await session.stand_in(acts)

    asyncio.run(check())
    assert session.stand_in is None
    return page.given


@pytest.mark.parametrize(("asked", "frames"), [("turn_left", LEFT), ("turn_right", RIGHT)])
def test_the_recording_of_what_is_asked_is_given(asked: str, frames: list[str]) -> None:
    assert given(TURNS, (asked,))[-1] == frames


def test_acts_that_are_asked_one_after_another_are_looked_up_together() -> None:
    recordings: Recordings = {("turn_right",): RIGHT, ("blink", "turn_right"): BOTH}
    assert given(recordings, ("blink",), ("turn_right",))[1:] == [BOTH, BOTH]


def test_where_nothing_recorded_answers_what_was_given_before_stays() -> None:
    assert len(given(TURNS, ("nod",))) == 1


def test_where_nothing_is_asked_the_recordings_take_turns() -> None:
    recordings: Recordings = {("turn_left",): LEFT, (): RIGHT}
    assert [given(recordings, number=n) for n in (1, 2, 3)] == [[RIGHT], [LEFT], [RIGHT]]


def test_without_a_recording_the_page_keeps_its_own() -> None:
    assert given({}, ("turn_left",)) == []


class Honest:
    """Passes checks; each needs the tries given, in which one act after another is asked."""

    def __init__(self, *checks: Sequence[str]) -> None:
        self.checks = list(checks)
        self.asked: list[Sequence[str]] = []
        self.session = SimpleNamespace(asked=self.asked)
        self.seen: list[Any] = []
        self._sent: list[str] = []

    async def open(self) -> None:
        tries = self.checks.pop(0)
        for number, act in enumerate(tries, 1):
            self.asked.append((act,))
            self._sent.append(f"{act} {number}")
            done = ActionDone(name="pass_face_check", ok=number == len(tries), took_s=5.0)
            self.seen.append(SimpleNamespace(data=done))

    enter = open

    async def sample(self) -> None:
        return None

    def new(self) -> list[str]:
        sent, self._sent = self._sent, []
        return sent


def recorded(monkeypatch: pytest.MonkeyPatch, *checks: Sequence[str]) -> Recordings:
    monkeypatch.setattr(identity, "frames_of", list)
    learner: Any = Honest(*checks)
    return asyncio.run(_record(cast(Walk, learner), learner, learner))


def test_a_check_that_took_two_tries_is_no_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page would take the frames of the failed try, which no platform accepts."""
    found = recorded(monkeypatch, ("left", "left"), ("left",), ("right",))
    assert found == {("left",): ["left 1"], ("right",): ["right 1"]}


def test_it_is_recorded_on_until_two_answers_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    found = recorded(monkeypatch, *[("left",)] * 4, ("right",), ("left",))
    assert found == {("left",): ["left 1"], ("right",): ["right 1"]}
