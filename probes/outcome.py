"""What comes of study, as observers look at it: certificate, record, archive and statistics, read at one time."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from harness.actor import Actor
from harness.attacks.papers import altered_code, altered_number, altered_pdf, altered_zip
from harness.browser.parts import File
from harness.errors import SubjectError, Unsupported
from harness.learner import Learner
from harness.model.observation import ActionDone, Fault, RecordsRead, TableRead
from harness.model.values import Table
from harness.platform.contents import contents
from harness.platform.readings import SHANGHAI
from harness.walk import Walk

if TYPE_CHECKING:
    from harness.platform.profile import Account

STATED = (
    "course_record",
    "certificate",
    "archives",
    "archive_hours",
    "archive_export",
    "statistics",
    "statistics_csv",
    "statistics_xlsx",
    "completion",
)
"""Every place that states the hours of a learner's course."""
OF_A_PERIOD = ("archive_hours", "archive_export", "completion")
"""Of these a learner has one for each class period."""
ZONE = ZoneInfo(SHANGHAI)
REASON = "平台检测"
CLOSING_S = 30.0
"""How long a finished lesson may take to be recorded as such, closing checks included; people's time, never scaled."""
STEP_S = 20.0
ATTENDANCE = ("账号或证件号", "培训期", "类型", "签到", "签退", "地点", "来源")
MOST_A_DAY_MIN = 240


async def read_stated(walk: Walk, account: Account, course: str, names: Iterable[str] = STATED) -> None:
    """Read what each place states of a learner's course; what the profile does not describe is left out."""
    names = [name for name in names if walk.described(name)]
    period = None
    if "archives" not in names and any(name in OF_A_PERIOD for name in names):
        period = await class_period(walk, account, course) or None
    for name in names:
        filters: dict[str, Any] = {"learner": account}
        if name != "archives":
            filters["course"] = course or None  # without a name of its own it is no filter
        if name in OF_A_PERIOD:
            filters["period"] = period
        table = await walk.reader.table(name, **filters)
        if name == "archives" and table is not None:
            period = next(iter(await _by_course(walk, account, course, _periods(table))), None)


def first(table: Table | None, column: str) -> str | None:
    """A column of the first row that has it."""
    return next((row[column] for row in table.rows if row.get(column)), None) if table is not None else None


async def do_for_file(actor: Actor, action: str, name: str, **args: Any) -> File | None:
    """An action that brings a file: what it holds is written down. A refusal gives None."""
    if not await actor.try_do(action, **args):
        return None
    came = actor.session.file
    if came is not None:
        actor.note(contents(name, came.data, came.name), evidence=actor.walk.keep(came))
    return came


async def ask_for_certificate(learner: Learner) -> File | None:
    """By the page's own button."""
    course = learner.lesson.course or ""
    return await do_for_file(learner, "request_certificate", "certificate", course=course)


async def ask_too_early(walk: Walk, learner: Learner) -> None:
    """Ask for the certificate of a course that is not finished: by the button, and by its address."""
    course = learner.lesson.course or ""
    async with walk.stretch("early", "attack"):
        await ask_for_certificate(learner)
        if walk.described("request_certificate_directly"):
            await do_for_file(learner, "request_certificate_directly", "certificate", course=course)
        await read_stated(walk, learner.account, course, ("course_record", "certificate", "completion"))


async def finish(walk: Walk, learner: Learner, name: str = "finish") -> None:
    """Watch the lesson to its end, and answer what is asked there."""
    async with walk.segment(name, "control", learner):
        await learner.play()
        end = walk.now() + 1.5 * (learner.lesson.duration_s or 3600.0) + 30.0
        while walk.now() < end:
            seen = await learner.sample()
            if seen is None or seen.ended or (seen.duration_s and seen.position_s >= seen.duration_s - 0.3):
                break
            left = (seen.duration_s or 0.0) - seen.position_s
            await learner.watch(min(STEP_S, max(left + 0.5, 1.0)))
        end = walk.now() + CLOSING_S
        while walk.now() < end:
            await learner.watch(2.0)
            credit = await walk.reader.credit(f"closing:{name}", learner)
            if credit is None or credit.completed is not False:
                break


async def see_outcome(walk: Walk, learner: Learner) -> None:
    """A course was studied to its end: its certificate, and what every place states of it."""
    course = learner.lesson.course or ""
    async with walk.stretch("issued", "control"):
        paper = await ask_for_certificate(learner)
        await ask_for_certificate(learner)  # a second one must not say something else under the same number
        await read_stated(walk, learner.account, course)
        await walk.reader.records(learner)
    await filtered(walk, learner)
    await _check_papers(walk, paper)
    async with walk.holding("admin") as free:
        if not free or "admin" not in walk.platform.profile.accounts:
            walk.note(Fault(whose="profile", type="NoAdministrator", message="no session of an administrator"))
            return
        admin = await walk.actor("admin")
        await admin.do("log_in")
        await _export(walk, admin, learner)
        await _void(walk, admin, learner)


async def filtered(walk: Walk, learner: Learner) -> None:
    """The same statistics by learner, class, course and date, and where they must show nothing."""
    if not walk.described("statistics"):
        return
    who, course = learner.account, learner.lesson.course or ""
    own = await own_periods(walk, who, course)
    period, second = (next(iter(some), None) for some in (own, own[1:]))
    other_period = await foreign_period(walk, own) or second  # nothing was studied in a second one of one's own
    now = walk.clock.utc().astimezone(ZONE)
    begun = walk.started_utc.astimezone(ZONE)
    day = timedelta(days=1)
    other = unstudied_course(walk, course)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("by_learner", {}),
        *([("by_course", {"course": course})] if course else []),
        ("by_date", {"since": _midnight(begun), "until": _midnight(now)}),
        ("other_date_before", {"since": _midnight(begun) - 9 * day, "until": _midnight(begun) - day}),
        ("other_date_after", {"since": _midnight(now) + day, "until": _midnight(now) + 9 * day}),
    ]
    if period:
        asked.append(("by_period", {"period": period}))
    if other_period:
        asked.append(("other_period", {"period": other_period}))
    if other is not None:
        asked.append(("other_course", {"course": other}))
    everybody = walk.platform.profile.accounts.get("learner", ())
    somebody = next((one for one in everybody if one.id != who.id), None)
    if somebody is not None:
        asked.append(("other_learner", {"learner": somebody}))
    for name, filters in asked:
        if not all(walk.platform.profile.uses("statistics", argument) for argument in filters):
            continue  # nobody described this filter, so that the platform is not asked by it
        async with walk.stretch(name, "control" if name.startswith("by_") else "attack"):
            await walk.reader.table("statistics", **{"learner": who, **filters})


def unstudied_course(walk: Walk, course: str) -> str | None:
    """A course that is nowhere in the record as last read; None when there is none, or the record isn't known.

    Where accounts are few, earlier walks have studied in other courses with the same one.
    """
    rows = next((o.data.rows for o in reversed(walk.seen) if isinstance(o.data, RecordsRead)), None)
    if rows is None:
        return None
    named = {name for row in rows for name in (row.course, row.lesson) if name}
    lessons = [x for x in walk.platform.profile.lessons if x.course]
    studied = {course} | {x.course for x in lessons if named & {x.id, x.title, x.course}}
    return next((x.course for x in lessons if x.course not in studied), None)


async def own_periods(walk: Walk, who: Account, course: str = "") -> tuple[str, ...]:
    """The learner's class periods, that of a course first; none where the archive can't be searched for
    one learner."""
    if not walk.described("archives"):
        return ()
    try:
        own = await walk.platform.read("archives", learner=who)
    except Unsupported:
        return ()
    return await _by_course(walk, who, course, _periods(own))


def _periods(files: Table) -> tuple[str, ...]:
    return tuple(dict.fromkeys(period for row in files.rows if (period := row.get("period"))))


async def _by_course(walk: Walk, who: Account, course: str, periods: tuple[str, ...]) -> tuple[str, ...]:
    """Class periods of a learner who is in several, the one whose file states hours of the course first."""
    if len(periods) < 2 or not course or not walk.described("archive_hours"):
        return periods
    for period in periods:
        try:
            stated = await walk.platform.read("archive_hours", learner=who, course=course, period=period)
        except SubjectError:
            continue
        if any(float(row.get(name) or 0) > 0 for row in stated.rows for name in ("hours", "credited")):
            return (period, *(other for other in periods if other != period))
    return periods


async def class_period(walk: Walk, who: Account, course: str = "") -> str:
    """The first of them; empty where there is none."""
    return next(iter(await own_periods(walk, who, course)), "")


async def foreign_period(walk: Walk, own: Collection[str]) -> str | None:
    """A class period that is somebody else's only. A search that finds nobody's own tells none from another's."""
    if not own:
        return None
    try:
        every = await walk.platform.read("archives")
    except SubjectError:
        return None
    return next((period for row in every.rows if (period := row.get("period")) and period not in own), None)


async def _check_papers(walk: Walk, paper: File | None) -> None:
    """The public page: the genuine certificate, and altered ones."""
    number, code = _number(walk)
    visitor = await walk.actor("visitor")
    if number and walk.described("verify_certificate"):
        await _verify(walk, visitor, "genuine_number", "control", "verify_certificate", number=number, code=code)
        other = altered_number(number)
        await _verify(walk, visitor, "altered_number", "attack", "verify_certificate", number=other, code=code)
        if code:
            wrong = altered_code(code)
            await _verify(walk, visitor, "altered_code", "attack", "verify_certificate", number=number, code=wrong)
    if paper is not None and walk.described("verify_certificate_file"):
        await _verify(walk, visitor, "genuine_paper", "control", "verify_certificate_file", file=paper)
        other_paper = _altered(walk, paper, altered_pdf)
        if other_paper is not None:
            await _verify(walk, visitor, "altered_paper", "attack", "verify_certificate_file", file=other_paper)


def _number(walk: Walk) -> tuple[str | None, str]:
    """Number and check code of the certificate, as last seen in the register or on the paper."""
    for line in reversed(walk.seen):
        fact = line.data
        if (isinstance(fact, TableRead) and fact.reading == "certificate") or (
            isinstance(fact, ActionDone) and fact.name == "request_certificate"
        ):
            number = first(fact.table, "number")
            if number:
                return number, first(fact.table, "code") or ""
    return None, ""


async def _verify(walk: Walk, visitor: Actor, stretch: str, kind: Any, action: str, **args: Any) -> None:
    async with walk.stretch(stretch, kind, "tool" if kind == "attack" else "ordinary"):
        await visitor.try_do(action, **args)


def _altered(walk: Walk, paper: File, how: Any) -> File | None:
    """The file as a forger would hand it in; None when it can't be altered, and the ledger says so."""
    try:
        return File(paper.name, how(paper.data), paper.mime)
    except SubjectError as error:
        walk.note(Fault(whose="harness", type=type(error).__name__, message=str(error)))
        return None


async def _export(walk: Walk, admin: Actor, learner: Learner) -> None:
    """Export the learner's file, and have it checked: as it is, and with one figure changed."""
    if not walk.described("export_archive"):
        return
    course = learner.lesson.course or ""
    period = await class_period(walk, learner.account, course)
    who = {"learner": learner.account, "course": course, "period": period}
    async with walk.stretch("exported", "control"):
        packed = await do_for_file(admin, "export_archive", "archive", **who)
    if packed is None or not walk.described("verify_archive"):
        return
    visitor = await walk.actor("visitor")
    await _verify(walk, visitor, "genuine_archive", "control", "verify_archive", file=packed)
    other = _altered(walk, packed, altered_zip)
    if other is not None:
        await _verify(walk, visitor, "altered_archive", "attack", "verify_archive", file=other)


async def _void(walk: Walk, admin: Actor, learner: Learner) -> None:
    """An administrator declares the study invalid: everything that was stated of it must follow, and leave a trace."""
    if not walk.described("void_record"):
        return
    course = learner.lesson.course or ""
    if walk.described("audit_log"):
        async with walk.stretch("untouched", "control"):
            await walk.reader.table("audit_log", learner=learner.account)
    number, code = _number(walk)
    async with walk.stretch("voided", "attack"):
        await admin.try_do("void_record", learner=learner.account, lesson=learner.lesson, reason=REASON)
        await walk.clock.sleep(walk.settle_s)
        await read_stated(walk, learner.account, course)
        await walk.reader.records(learner)
        if walk.described("audit_log"):
            await walk.reader.table("audit_log", learner=learner.account)
        if number and walk.described("verify_certificate"):
            visitor = await walk.actor("visitor")
            await visitor.try_do("verify_certificate", number=number, code=code)


def attendance(
    walk: Walk, who: str, period: str, kind: str, minutes: int, *, source: str = "考勤机A", taken: int = 0
) -> File:
    """An attendance file (docs/profile.md, Attendance) of some minutes, in stays of at most four hours on days of their
    own. `kind` is 理论 or 实操; `taken` days hold this walk's earlier files (`days_of`)."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(ATTENDANCE)
    day = _midnight(walk.started_utc.astimezone(ZONE)) + timedelta(hours=8)
    left, place = minutes, walk.chance("attendance").randrange(30, 300) + taken
    while left > 0:
        stay = min(left, MOST_A_DAY_MIN)
        start = day - timedelta(days=place)
        until = start + timedelta(minutes=stay)
        table.writerow((who, period, kind, f"{start:%Y-%m-%d %H:%M}", f"{until:%Y-%m-%d %H:%M}", "一教室", source))
        left, place = left - stay, place + 1
    return File("attendance.csv", text.getvalue().encode("utf-8"), "text/csv")


def days_of(minutes: int) -> int:
    """How many days an attendance of so many minutes takes."""
    return math.ceil(minutes / MOST_A_DAY_MIN)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
