"""The profiles that come along are valid, and the Kolibri one works on a real Kolibri."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.browser.launch import BrowserPool
from harness.browser.player import Player
from harness.model.values import Credit, LessonState
from harness.platform.declarative import DeclarativePlatform
from harness.platform.loading import load_profile, parse_profile

ROOT = Path(__file__).resolve().parents[2]
PROFILES = sorted((ROOT / "fixtures" / "profiles").glob("*.yaml"))
KOLIBRI = ROOT / "fixtures" / "profiles" / "kolibri.yaml"


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_a_profile_that_comes_along_is_valid(path: Path) -> None:
    profile, _ = parse_profile(path)
    assert profile.authorization is not None
    assert profile.authorization.kind == "own_system"
    assert all(absent.basis == "search" and absent.statement for absent in profile.absent)


def test_kolibri_lacks_what_a_careful_person_did_not_find() -> None:
    profile, _ = parse_profile(KOLIBRI)
    assert [one.function for one in profile.absent] == ["F01", "F02", "F04", "F06", "F07", "F09", "F10", "H01", "H02"]


@pytest.fixture
def kolibri() -> Iterator[dict[str, Any]]:
    """A running Kolibri, as its fixture describes it."""
    process = subprocess.Popen([sys.executable, "-m", "fixtures.kolibri"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.browser
@pytest.mark.slow
def test_a_kolibri_learner_studies_and_the_admin_sees_it(kolibri: dict[str, Any]) -> None:
    profile = load_profile(KOLIBRI, subject=kolibri)
    learner, lesson = profile.accounts["learner"][0], profile.lessons[0]

    async def study() -> tuple[Credit, Credit, tuple[Any, ...], float, list[LessonState]]:
        async with BrowserPool() as pool:
            platform = DeclarativePlatform(profile, pool)
            session = await platform.session("learner", learner)
            await session.do("log_in")
            before = await platform.read("credited_time", learner=learner, lesson=lesson)
            await session.do("open_lesson", lesson=lesson)
            states = [await session.read_state()]
            await session.do("play")
            while (await position(session)) < 10:  # noqa: ASYNC110  a player is looked at, it tells nobody
                await asyncio.sleep(0.5)
            states.append(await session.read_state())
            await session.do("pause")
            states.append(await session.read_state())
            played = await position(session)
            after = before
            while after == before:
                after = await platform.read("credited_time", learner=learner, lesson=lesson)
            records = await platform.read("study_records", learner=learner, lesson=lesson)
            await session.close()
            await platform.close()
            return before, after, records, played, states

    async def position(session: Any) -> float:
        sample = await Player(session.screen).sample()
        return 0.0 if sample is None else sample.position_s

    before, after, records, played, states = asyncio.run(asyncio.wait_for(study(), 120))
    assert before.credited_s == 0
    assert after.credited_s == pytest.approx(played, abs=2)
    assert after.completed is False
    assert [one.lesson for one in records] == [lesson.title]
    assert records[0].duration_s == pytest.approx(after.credited_s, abs=0.1)
    assert states == [LessonState.PAUSED, LessonState.PLAYING, LessonState.PAUSED]
