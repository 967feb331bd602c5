"""A learner in two class periods, and one whose account is closed."""

from __future__ import annotations

from harness.walk import Walk
from probes.outcome import do_for_file, foreign_period, own_periods, read_stated


async def file(walk: Walk) -> None:
    """A moment of study; the file; a second period; the account closed."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    await walk.reader.records(learner)
    course = learner.lesson.course or ""
    async with walk.stretch("one_period", "control"):
        await walk.reader.table("archives", learner=learner.account)
    own = await own_periods(walk, learner.account, course)
    period, other = next(iter(own), ""), await foreign_period(walk, own)
    admin = await walk.actor("admin")
    await admin.do("log_in")
    who = {"learner": learner.account, "course": course}
    if walk.described("export_archive"):
        async with walk.stretch("open", "control"):
            await do_for_file(admin, "export_archive", "archive", **who, period=period)
    if other and walk.described("enrol"):
        async with walk.stretch("two_periods", "control"):
            await admin.try_do("enrol", **who, period=other)
            await walk.reader.table("archives", learner=learner.account)
    if walk.described("close_account") and walk.described("export_archive"):
        async with walk.stretch("closed", "attack"):
            closed = await admin.try_do("close_account", learner=learner.account)
            if closed:
                await do_for_file(admin, "export_archive", "archive", **who, period=period)
            await read_stated(walk, learner.account, course, ("course_record", "statistics"))
            await walk.reader.records(learner)
