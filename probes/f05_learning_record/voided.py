"""Study, have it declared void, and look whether it is still there."""

from __future__ import annotations

from harness.walk import Walk


async def voided(walk: Walk) -> None:
    """An honest stretch; the institution voids it; the record is read before and after."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("studied", learner)
    await walk.reader.records(learner, lesson=learner.lesson)
    admin = await walk.actor("admin")
    await admin.do("log_in")
    async with walk.segment("voided", "rest", learner):
        await admin.do("void_record", learner=learner.account, lesson=learner.lesson, reason="平台检测")
    await walk.reader.records(learner, lesson=learner.lesson)
