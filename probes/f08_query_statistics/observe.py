"""Ask the platform for what was just studied."""

from __future__ import annotations

from harness.walk import Walk
from probes.crosscheck import QUERIED
from probes.outcome import filtered, read_stated

STATED = ("course_record", "statistics", "statistics_csv", "statistics_xlsx")


async def query(walk: Walk) -> None:
    """Study a little; then ask for the record and the statistics, and for these by every filter."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    async with walk.stretch(QUERIED, "control"):
        await read_stated(walk, learner.account, learner.lesson.course or "", STATED)
        await walk.reader.records(learner)
    await filtered(walk, learner)
