"""Enter online hours, import attendance step by step, and look each time whether the theory counts as complete."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from harness.actor import Actor
from harness.browser.parts import File
from harness.errors import SubjectError
from harness.model.observation import Stimulus
from harness.walk import Walk
from probes.outcome import attendance, days_of, first, own_periods

if TYPE_CHECKING:
    from harness.platform.profile import Account

SHARE = 0.30
HOUR_MIN = 45
KEEP_OFF_MIN = 8
"""Minutes below and (with another half hour) above the share: off the limit, and within the last hour before it, so
that hours rounded up would reach it."""
LESS_THAN_AN_HOUR_MIN = 40
MORE_THAN_AN_HOUR_MIN = 60
"""One offline hour and a little more, before anything was done online: all that was held, and far below the outline's
share."""
PRACTICE_MIN = 400


async def share(walk: Walk) -> None:
    """Practice; a little offline; online hours for all the rest; just below the share; above it; practice online."""
    account, lesson = walk.accounts[0], walk.lessons[0]
    course = lesson.course or ""
    period = await _period(walk, account, course)
    of_it = {"learner": account, "course": course, "period": period or None}
    async with walk.stretch("baseline", "control"):
        table = await walk.reader.table("completion", **of_it)
    outline = float(first(table, "outline_hours") or 0.0)
    admin = await walk.actor("admin")
    await admin.do("log_in")
    need = SHARE * outline * HOUR_MIN
    done = days = 0
    for name, total in (
        ("practice", 0),
        ("short", LESS_THAN_AN_HOUR_MIN),
        ("first", MORE_THAN_AN_HOUR_MIN),
        ("online_only", MORE_THAN_AN_HOUR_MIN),
        ("below", math.ceil(need) - KEEP_OFF_MIN),
        ("above", math.ceil(need) + HOUR_MIN + KEEP_OFF_MIN),
    ):
        if name == "online_only":
            if walk.described("add_hours") and outline:
                async with walk.stretch(name, "attack"):
                    await admin.try_do("add_hours", learner=account, course=course, hours=math.ceil(outline) + 4)
                    await walk.reader.table("completion", **of_it)
            continue
        if total < done or (name != "practice" and total == done):
            continue
        async with walk.stretch(name, "control" if name == "above" else "attack"):
            minutes = PRACTICE_MIN if name == "practice" else total - done
            kind = "实操" if name == "practice" else "理论"
            file = attendance(walk, account.username, period, kind, minutes, taken=days)
            await _import(walk, admin, file, kind, minutes, total)
            await walk.reader.table("completion", **of_it)
        done, days = total, days + days_of(minutes)
    if walk.described("book_practice"):
        await _book(walk, course, of_it)


async def _period(walk: Walk, account: Account, course: str) -> str:
    """The class period in which the learner takes the course; empty where the archive shows none."""
    periods = await own_periods(walk, account, course)
    for period in periods[:-1]:
        try:
            whole = await walk.platform.read("completion", learner=account, course=course, period=period)
        except SubjectError:
            continue
        if whole.rows:
            return period
    return periods[-1] if periods else ""


async def _import(walk: Walk, admin: Actor, file: File, kind: str, minutes: int, total: int) -> None:
    ok = await admin.try_do("import_attendance", file=file)
    admin.note(
        Stimulus(
            name="attendance",
            means="ordinary",
            params={"kind": "practice" if kind == "实操" else "theory", "minutes": minutes, "theory_minutes": total},
            effect={"accepted": ok},
        ),
        evidence=walk.keep(file),
    )


async def _book(walk: Walk, course: str, of_it: dict[str, Any]) -> None:
    """The learner books practice as online, and in a classroom."""
    learner = await walk.actor("learner", walk.accounts[0], unplugged=True)
    await learner.do("log_in")
    if walk.described("book_practice_offline"):
        async with walk.stretch("booked_offline", "control"):
            await learner.try_do("book_practice_offline", course=course)
    async with walk.stretch("booked_online", "attack"):
        await learner.try_do("book_practice", course=course)
        await walk.reader.table("completion", **of_it)
