"""Enter online hours, import attendance step by step, and look each time whether the theory counts as complete."""

from __future__ import annotations

import csv
import io
import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from harness.browser.parts import File
from harness.model.observation import Stimulus
from harness.platform.readings import SHANGHAI
from harness.walk import Actor, Walk
from probes.outcome import first, periods

HEADER = ("账号或证件号", "培训期", "类型", "签到", "签退", "地点", "来源")
"""Columns of the attendance file (docs/profile.md, Attendance)."""
SHARE = 0.30
HOUR_MIN = 45
KEEP_OFF_MIN = 8
"""Minutes below and (with another half hour) above the share: off the limit, and within the last hour before it, so
that hours rounded up would reach it."""
LESS_THAN_AN_HOUR_MIN = 40
PRACTICE_MIN = 400
MOST_A_DAY_MIN = 240


async def share(walk: Walk) -> None:
    """Online alone; a little offline; just below the share; above it; practice."""
    account, lesson = walk.accounts[0], walk.lessons[0]
    course = lesson.course or ""
    async with walk.stretch("baseline", "control"):
        table = await walk.read_table("completion", learner=account, course=course)
    outline = float(first(table, "outline_hours") or 0.0)
    period, _ = await periods(walk, account)
    admin = await walk.actor("admin")
    await admin.do("log_in")
    if walk.described("add_hours") and outline:
        async with walk.stretch("online_only", "attack"):
            await admin.try_do("add_hours", learner=account, course=course, hours=math.ceil(outline) + 4)
            await walk.read_table("completion", learner=account, course=course)
    need = SHARE * outline * HOUR_MIN
    done = 0
    for name, total in (
        ("practice", 0),
        ("short", LESS_THAN_AN_HOUR_MIN),
        ("below", math.ceil(need) - KEEP_OFF_MIN),
        ("above", math.ceil(need) + HOUR_MIN + KEEP_OFF_MIN),
    ):
        if total < done or (name != "practice" and total == done):
            continue
        async with walk.stretch(name, "control" if name == "above" else "attack"):
            minutes = PRACTICE_MIN if name == "practice" else total - done
            kind = "实操" if name == "practice" else "理论"
            await _import(walk, admin, account.username, period or "", kind, minutes, total)
            await walk.read_table("completion", learner=account, course=course)
        done = total
    if walk.described("book_practice"):
        await _book(walk, course)


async def _import(walk: Walk, admin: Actor, who: str, period: str, kind: str, minutes: int, total: int) -> None:
    """Attendance of some minutes, in stays of at most four hours on days of their own."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(HEADER)
    day = walk.started_utc.astimezone(ZoneInfo(SHANGHAI)).replace(hour=8, minute=0, second=0, microsecond=0)
    left, place = minutes, walk.rng.randrange(30, 300)
    while left > 0:
        stay = min(left, MOST_A_DAY_MIN)
        start = day - timedelta(days=place)
        table.writerow((who, period, kind, _shown(start), _shown(start + timedelta(minutes=stay)), "一教室", "考勤机A"))
        left, place = left - stay, place + 1
    file = File("attendance.csv", text.getvalue().encode("utf-8"), "text/csv")
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


async def _book(walk: Walk, course: str) -> None:
    """The learner books practice as online, and in a classroom."""
    learner = await walk.actor("learner", walk.accounts[0], unplugged=True)
    await learner.do("log_in")
    if walk.described("book_practice_offline"):
        async with walk.stretch("booked_offline", "control"):
            await learner.try_do("book_practice_offline", course=course)
    async with walk.stretch("booked_online", "attack"):
        await learner.try_do("book_practice", course=course)
        await walk.read_table("completion", learner=learner.account, course=course)


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
