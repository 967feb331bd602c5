"""Manage a course of our own from draft to withdrawal, and measure what the others hold."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from harness.actor import Actor
from harness.errors import AuthorizationError, SubjectError
from harness.learner import Learner
from harness.model.observation import Stimulus
from harness.model.values import Table
from harness.platform.profile import Lesson
from harness.redact import redact
from harness.walk import Walk
from probes.f01_course_management import HOURS, MOST_LESSONS
from probes.f01_course_management.managed import OURS

METADATA_S = 12.0
"""How long a player may take until it knows the length of its media; our own timeout, never scaled."""
KEPT_S = 10.0
"""A list that lacks a new course is looked at once more after this: some are kept for a while. Never scaled."""


async def manage(walk: Walk) -> None:
    """One course, one learner. After each step the catalogue is read; the catalogue decides, not the page."""
    admin = await walk.actor("admin")
    await admin.do("log_in")
    title = f"{OURS}{walk.rng.randrange(10**6):06d}）"
    await _step(walk, admin, "create", "create_course", title=title, hours=HOURS)
    course = _id_of(await walk.reader.table("courses"), title)
    if course is None:
        await walk.clock.sleep(KEPT_S)
        course = _id_of(await walk.reader.table("courses"), title)
    if course is None:
        return
    title += "修订"
    await _step(walk, admin, "edit", "edit_course", course=course, title=title, hours=HOURS)
    await _step(walk, admin, "publish_unreviewed", "publish_course", course=course)
    await _bring_online(walk, admin, course, "")
    learner = await _enrolled(walk, admin, course)
    if learner is None:
        return
    await learner.enter()
    await walk.control("before", learner)
    await _step(walk, admin, "withdraw", "unpublish_course", course=course)
    await _open_withdrawn(walk, learner)
    await walk.reader.records(learner, lesson=learner.lesson)  # all that was studied before the video is replaced
    if walk.described("replace_media"):
        described = "version" in walk.platform.profile.reading("study_records").fields
        done = await admin.try_do("replace_media", lesson=learner.lesson, file="")
        admin.note(Stimulus(name="replace_media", means="ordinary", params={"version_described": described},
                            effect={"done": done}))  # fmt: skip
        await walk.reader.table("lessons", course=course)
    await _bring_online(walk, admin, course, "_again")
    await learner.open()
    await walk.control("after", learner)
    await walk.reader.records(learner, lesson=learner.lesson)


async def _step(walk: Walk, actor: Actor, name: str, action: str, **args: object) -> None:
    """One act of management, and what the catalogue says afterwards."""
    async with walk.stretch(name, "rest"):
        await actor.try_do(action, **args)
        await walk.reader.table("courses")


async def _bring_online(walk: Walk, admin: Actor, course: str, again: str) -> None:
    """Submit, have it reviewed by somebody else where there is a reviewer, publish."""
    await _step(walk, admin, f"submit{again}", "submit_course", course=course)
    reviewer = admin
    if walk.platform.profile.accounts.get("reviewer"):
        reviewer = await walk.actor("reviewer")
        await reviewer.do("log_in")
    await _step(walk, reviewer, f"review{again}", "review_course", course=course, verdict="approve")
    if reviewer is not admin:
        await reviewer.session.close()
    await _step(walk, admin, f"publish{again}", "publish_course", course=course)


def _id_of(table: Table | None, title: str) -> str | None:
    rows = [] if table is None else [row for row in table.rows if title in row.get("title", "")]
    return rows[0].get("id") if rows else None


async def _enrolled(walk: Walk, admin: Actor, course: str) -> Learner | None:
    """The walk's learner in the course, with its first lesson; None when it has none."""
    lessons = await walk.reader.table("lessons", course=course)
    if lessons is None or not lessons.rows:
        return None
    row = lessons.rows[0]
    lesson = Lesson(id=row["id"], title=row.get("title", ""), course=course)
    await admin.do("enrol", learner=walk.accounts[0], course=course)
    return await walk.learner(0, lesson)


async def _open_withdrawn(walk: Walk, learner: Learner) -> None:
    """The lesson that was studied a moment ago: the profile's way, and where that does not lead there, its address."""
    address, by_address = learner.screen.url, False
    async with walk.segment("withdrawn", "attack", learner):
        said = await _study(walk, learner, learner.open)
        # Where the lists don't show it any more, who knows where it was goes there.
        if said and learner.screen.url != address:
            try:
                said = await _study(walk, learner, lambda: learner.screen.goto(address))
                by_address = True
            except AuthorizationError as error:  # a player on a host that nobody authorized
                said = error.message
        await learner.stimulate(
            Stimulus(
                name="open_withdrawn",
                means="ordinary",
                effect={"refused": said, "at": learner.lesson.id, "by_address": by_address},
            )
        )


async def _study(walk: Walk, learner: Learner, opened: Callable[[], Awaitable[None]]) -> str:
    """Open a lesson in some way and play it; why it was refused, or nothing."""
    try:
        await opened()
        return "" if await learner.play_if_allowed(walk.setting.control_s()) else "the player did not start"
    except SubjectError as error:
        return redact(str(error))


async def catalogue(walk: Walk) -> None:
    """The lessons that the profile names and those beside them in their courses, each opened once."""
    await walk.reader.table("courses")
    known = {lesson.id: lesson for lesson in walk.platform.profile.lessons}
    courses = list(dict.fromkeys(lesson.course for lesson in known.values() if lesson.course))
    learner: Learner | None = None
    opened = 0
    for course in courses:
        table = await walk.reader.table("lessons", course=course)
        for row in table.rows if table is not None else ():
            if opened >= MOST_LESSONS:
                return
            lesson = known.get(row["id"]) or Lesson(id=row["id"], title=row.get("title", ""), course=course)
            if learner is None:
                learner = await walk.learner(0, lesson)
                await learner.do("log_in")
            learner.lesson = lesson
            await _measure(walk, learner)
            opened += 1


async def _measure(walk: Walk, learner: Learner) -> None:
    """Open a lesson and look until its player knows how long it is; a face check is passed only if that takes one."""
    if walk.described("dismiss_notices"):
        await learner.try_do("dismiss_notices")
    try:
        await learner.do("open_lesson", lesson=learner.lesson)
    except SubjectError:
        return  # the failed action is in the ledger; the judge sees that nothing was measured
    if not await _length_known(walk, learner, METADATA_S / 2) and await learner.answer_check():
        await _length_known(walk, learner, METADATA_S)


async def _length_known(walk: Walk, learner: Learner, seconds: float) -> bool:
    end = walk.now() + seconds
    while walk.now() < end:
        seen = await learner.sample()
        if seen is not None and seen.duration_s:
            return True
        await walk.clock.sleep(0.3)
    return False
