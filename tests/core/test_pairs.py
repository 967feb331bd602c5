"""Which learners and lessons a walk gets, and for how long in a day."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.daily import Days
from harness.pairs import DayIsFull, Pairs
from harness.platform.profile import Account, Lesson
from harness.probe import WalkSpec

LEARNER = Account("a", "learner", "a")


def test_the_test_course_is_taken_whole_and_by_nobody_twice() -> None:
    course = [Lesson("l1", duration_s=50.0), *(Lesson(f"c{n}", duration_s=10.0, test_course=True) for n in (1, 2))]
    spec = WalkSpec(name="F06.course", purpose="p", seconds=lambda s: 1.0, lesson="test_course")
    pairs = Pairs([LEARNER], course, random.Random(1))

    async def twice() -> tuple[Any, Any]:
        first = await pairs.take(spec)
        await pairs.give_back(first[0] if first else ())
        return first, await pairs.take(spec)

    first, second = asyncio.run(twice())
    assert [lesson.id for lesson in first[1]] == ["c1", "c2"]
    assert second is None


def test_who_has_had_no_walk_at_all_comes_first() -> None:
    """A walk without a lesson of its own may study one that it makes, and hours of a course are counted together."""
    others = [Account(name, "learner", name) for name in ("b", "c")]
    lessons = [Lesson("l1", duration_s=50.0)]
    manages = WalkSpec(name="F01.manage", purpose="p", seconds=lambda s: 1.0, lessons=0)
    studies = WalkSpec(name="H01.hour", purpose="p", seconds=lambda s: 1.0)

    async def one_by_one(seed: int) -> list[str]:
        pairs, had = Pairs([LEARNER, *others], lessons, random.Random(seed)), []
        for spec in (manages, studies, studies):
            found = await pairs.take(spec)
            assert found is not None
            had.append(found[0][0].id)
            await pairs.give_back(found[0])
        return had

    assert all(len(set(asyncio.run(one_by_one(seed)))) == 3 for seed in range(9))


def test_without_a_test_course_the_longest_lesson_will_do() -> None:
    spec = WalkSpec(name="H01.hour", purpose="p", seconds=lambda s: 1.0, lesson="test_course")
    lessons = [Lesson("short", duration_s=5.0), Lesson("long", duration_s=9.0)]
    found = asyncio.run(Pairs([LEARNER], lessons, random.Random(1)).take(spec))
    assert found is not None
    assert [lesson.id for lesson in found[1]] == ["long"]


def test_a_day_is_given_back_as_far_as_it_was_not_used() -> None:
    spec = WalkSpec(name="X.study", purpose="", seconds=lambda setting: 300.0)
    now = [datetime(2026, 11, 24, 2, tzinfo=UTC)]
    lessons = [Lesson(str(n), "", 600.0, "1") for n in range(5)]
    days = Days(500.0)
    pairs = Pairs([LEARNER], lessons, random.Random(1), days=days, now=lambda: now[0])

    async def used() -> None:
        assert await pairs.take(spec, 300.0) is not None
        now[0] += timedelta(seconds=150)
        await pairs.give_back([LEARNER])
        assert await pairs.take(spec, 300.0) is not None  # 150 and 300 are less than 500
        now[0] += timedelta(seconds=300)
        await pairs.give_back([LEARNER])
        with pytest.raises(DayIsFull):
            await pairs.take(spec, 300.0)
        assert await pairs.take(spec, 50.0) is not None
        await pairs.give_back([LEARNER])
        now[0] += timedelta(days=1)
        assert await pairs.take(spec, 300.0) is not None

    asyncio.run(used())
