"""The simulated platform's office: certificates, files, statistics, classrooms and the institution's tools."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import zipfile
from collections import defaultdict
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from harness.browser.parts import File
from harness.model.values import Credit, Table
from harness.platform.profile import Account, Lesson
from tests.attacks.test_papers import paper
from tests.probes.simulated import LESSON_S, Course, LeapClock, Refused, Simulation, Sitting, Window, account

HOUR_S, OFFLINE_MIN, OUTLINE = 1800.0, 45, 48.0
OWN, OTHER = "2026-11", "2026-12"
ZONE = ZoneInfo("Asia/Shanghai")
SEALED = "manifest.json"


class Office(Simulation):
    """Keeps the rules. Subclasses break one."""

    def __init__(self, clock: LeapClock, without: frozenset[str] = frozenset()) -> None:
        super().__init__(clock, without)
        self.courses["2"] = Course("2", "焊接", 1.0, "published", True, 1, {"21": LESSON_S})
        self.periods = {username: [OWN] for username in self.people}
        self.periods["learner4"] = [OTHER]
        self.titles = {OWN: "第11期", OTHER: "第12期"}
        self.furthest: dict[tuple[str, str], float] = defaultdict(float)
        self.finished: dict[tuple[str, str], str] = {}
        self.added: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.remarks: dict[str, list[str]] = defaultdict(list)
        self.portraits: dict[str, list[str]] = defaultdict(lambda: [""])
        self.attended: dict[str, list[tuple[str, float, str]]] = defaultdict(list)
        self.certificates: list[dict[str, Any]] = []
        self.exports: set[bytes] = set()
        self.log: list[dict[str, str]] = []
        self.closed: set[str] = set()

    # --- rules

    def may_certify(self, who: str) -> bool:
        return (who, "11") in self.finished and self.hours(who) + self.added_hours(who) >= 1

    def certified_hours(self, who: str) -> float:
        return self.hours(who) + self.added_hours(who)

    def hours(self, who: str) -> float:
        return math.floor(self.learned(who) / HOUR_S)

    def mark(self, kind: str) -> str:
        return kind

    def revoke(self, who: str) -> None:
        for one in self.certificates:
            if one["who"] == who and one["hours"] > self.certified_hours(who):
                one["valid"] = False

    def archive_hours(self, who: str) -> float:
        return self.hours(who)

    def verified(self, data: bytes) -> bool:
        return data in self.exports

    def counted(self, sitting: Sitting) -> bool:
        return True

    def kept(self, who: str) -> bool:
        return True

    def records_in(self, who: str, period: str) -> int:
        return sum(s.username == who for s in self.sittings) if period == self.periods[who][0] else 0

    def offline_hours(self, minutes: float) -> float:
        return math.floor(minutes / OFFLINE_MIN)

    def complete(self, online: float, offline: float) -> bool:
        return offline >= 0.3 * OUTLINE and min(online, 0.7 * OUTLINE) + offline >= OUTLINE

    def practice_by_screen(self, who: str) -> float:
        return 0

    def may_book(self, mode: str) -> bool:
        return mode == "offline"

    # --- figures

    def learned(self, who: str) -> float:
        return sum(s.seconds for s in self.sittings if s.username == who)

    def added_hours(self, who: str) -> float:
        return sum(hours for hours, mark in self.added[who] if mark)

    def marks(self, who: str) -> str:
        done = self.finished.get((who, "11"), "")
        found = {*self.remarks[who], *(mark for _, mark in self.added[who]), "" if done == "学完" else done}
        return "；".join(sorted(found - {""}))

    def attended_min(self, who: str, kind: str) -> float:
        return sum(minutes for what, minutes, _ in self.attended[who] if what == kind)

    def stated(self, who: str, hours: float) -> dict[str, str]:
        added = sum(h for h, mark in self.added[who] if mark) * HOUR_S
        credited = f"{self.learned(who):g}"
        return {"course": "高处作业", "hours": f"{hours:g}", "credited": credited, "added": f"{added:g}",
                "marks": self.marks(who)}  # fmt: skip

    def enter(self, action: str) -> None:
        self.log.append({"at": self.clock.utc().isoformat(), "actor": "admin", "action": action, "target": ""})

    # --- what the harness asks for

    @property
    def profile(self) -> Any:
        lessons = tuple(
            Lesson(i, "第一课", s, c.id, test_course=i == "11")
            for c in self.courses.values()
            for i, s in c.lessons.items()
        )
        everybody = {"learner": tuple(account(name) for name in self.people), "admin": (account("admin", "admin"),)}
        return SimpleNamespace(
            lessons=lessons,
            accounts=everybody,
            person_of=lambda who: None,
            uses=lambda reading, argument: True,
        )

    async def session(self, role: str, who: Account | None = None, **look: Any) -> Window:
        window = OfficeWindow(self, role, who or account(role, role))
        self.windows.append(window)
        return window

    async def read_in(self, window: Window | None, reading: str, **filters: Any) -> Any:
        learner = filters.get("learner")
        who = learner.username if learner is not None else ""
        if reading == "credited_time":
            of = [s for s in self.sittings if s.username == who and s.lesson == filters["lesson"].id]
            seconds = sum(s.seconds for s in of)
            done = (who, filters["lesson"].id) in self.finished
            return Credit(credited_s=seconds, hours=math.floor(seconds / HOUR_S), completed=done, resolution_s=0.1)
        made = {
            "course_record": self._course_record,
            "certificate": self._certificate,
            "archives": self._archives,
            "archive_hours": self._archive_hours,
            "archive_export": self._archive_hours,
            "statistics": self._statistics,
            "statistics_csv": self._statistics,
            "statistics_xlsx": self._statistics,
            "completion": self._completion,
            "portrait_list": lambda who, **f: [{"kind": "抓拍", "marks": mark} for mark in self.portraits[who]],
            "attendance": lambda who, **f: [
                {"kind": k, "minutes": f"{m:g}", "marks": x} for k, m, x in self.attended[who]
            ],
            "audit_log": lambda who, **f: list(self.log),
        }.get(reading)
        if made is None:
            return await super().read_in(window, reading, **filters)
        rows = made(who, **filters)
        return Table(columns=tuple(rows[0]) if rows else ("hours", "credited", "marks"), rows=tuple(rows))

    def _attendance(self, who: str, **filters: Any) -> list[dict[str, str]]:
        return [{"kind": kind, "minutes": f"{minutes:g}", "marks": mark} for kind, minutes, mark in self.attended[who]]

    def _course_record(self, who: str, **filters: Any) -> list[dict[str, str]]:
        own = {"name": self.people[who].name, "completed": str((who, "11") in self.finished)}
        return [{**own, **self.stated(who, self.hours(who))}] if self.learned(who) or self.added[who] else []

    def _certificate(self, who: str, **filters: Any) -> list[dict[str, str]]:
        return [self.shown(one) for one in reversed(self.certificates) if one["who"] == who]

    @staticmethod
    def shown(one: dict[str, Any]) -> dict[str, str]:
        return {"number": one["number"], "code": "C0DE", "name": one["name"], "id_number": "1101****",
                "course": "高处作业", "hours": f"{one['hours']:g}", "period": OWN, "seal": "（印章）",
                "valid": str(one["valid"]), "marks": one["marks"]}  # fmt: skip

    def _archives(self, who: str, **filters: Any) -> list[dict[str, str]]:
        return [
            {"learner": name, "period": period, "title": self.titles[period], "portraits": "1",
             "records": str(self.records_in(name, period))}
            for name in ([who] if who else self.people)
            for period in self.periods[name]
        ]  # fmt: skip

    def _archive_hours(self, who: str, **filters: Any) -> list[dict[str, str]]:
        return [self.stated(who, self.archive_hours(who))]

    def _statistics(self, who: str, **filters: Any) -> list[dict[str, str]]:
        since, until = filters.get("since"), filters.get("until")
        if filters.get("course") not in (None, "1") or filters.get("period") not in (None, self.periods[who][0]):
            return []
        found = [
            s for s in self.sittings
            if s.username == who and self.counted(s)
            and (since is None or s.end.astimezone(ZONE).date() >= since.date())
            and (until is None or s.end.astimezone(ZONE).date() <= until.date())
        ]  # fmt: skip
        seconds = sum(s.seconds for s in found)
        added = self.stated(who, 0)["added"]
        if not found and not self.added[who]:
            return []
        return [{"learner": who, "hours": f"{math.floor(seconds / HOUR_S)}", "credited": f"{seconds:g}", "added": added,
                 "voided": "0"}]  # fmt: skip

    def _completion(self, who: str, **filters: Any) -> list[dict[str, str]]:
        online = self.hours(who) + self.added_hours(who)
        offline = self.offline_hours(self.attended_min(who, "理论"))
        practice = self.offline_hours(self.attended_min(who, "实操")) + self.practice_by_screen(who)
        return [{"outline_hours": f"{OUTLINE:g}", "online_hours": f"{online:g}", "offline_hours": f"{offline:g}",
                 "share_met": str(offline >= 0.3 * OUTLINE), "complete": str(self.complete(online, offline)),
                 "practice_hours": f"{practice:g}"}]  # fmt: skip


class OfficeWindow(Window):
    """A session that can also do what an office does."""

    on: Office
    file: File | None = None

    async def do(self, action: str, **args: Any) -> Any:
        self.file = None
        return await super().do(action, **args)

    def run(self, seconds: float) -> None:
        if self.playing and self.sitting is not None:
            left = max(0.0, LESSON_S - self.position)
            super().run(min(seconds, left))
            key = (self.sitting.username, self.sitting.lesson)
            self.on.furthest[key] = max(self.on.furthest[key], self.position)
            if self.position >= LESSON_S:
                self.playing = False
                self.on.finished.setdefault(key, "学完")

    def _open_lesson(self, lesson: Lesson) -> None:
        super()._open_lesson(lesson)
        self.position = self.on.furthest[self.account.username, lesson.id]

    async def evaluate_in_media(self, js: str) -> dict[str, Any] | None:
        seen = await super().evaluate_in_media(js)
        return None if seen is None else {**seen, "ended": self.position >= LESSON_S}

    # --- certificates

    def _request_certificate(self, course: str) -> Table:
        who = self.account.username
        if not self.on.may_certify(who):
            raise Refused("not finished")
        one = next((c for c in self.on.certificates if c["who"] == who and c["valid"]), None)
        if one is None:
            number = f"YL-{len(self.on.certificates) + 1:06d}"
            one = {"who": who, "number": number, "name": self.on.people[who].name, "valid": True,
                   "hours": self.on.certified_hours(who), "marks": self.on.marks(who) or "无",
                   "pdf": paper(f"{number} for {who}")}  # fmt: skip
            self.on.certificates.append(one)
        self.file = File("certificate.pdf", one["pdf"], "application/pdf")
        shown = {name: text for name, text in self.on.shown(one).items() if name != "valid"}
        return Table(columns=tuple(shown), rows=(shown,))

    def _request_certificate_directly(self, course: str) -> None:
        self._request_certificate(course)

    def _verify_certificate(self, number: str, code: str) -> Table:
        right = code == "C0DE"
        return self._said(next((c for c in self.on.certificates if right and c["number"] == number), None))

    def _verify_certificate_file(self, file: File) -> Table:
        return self._said(next((c for c in self.on.certificates if c["pdf"] == file.data), None))

    @staticmethod
    def _said(one: dict[str, Any] | None) -> Table:
        row = {"valid": "False"} if one is None else {"valid": str(one["valid"]), "hours": f"{one['hours']:g}"}
        return Table(columns=tuple(row), rows=(row,))

    # --- files

    def _export_archive(self, learner: Account, course: str, period: str) -> File:
        who = learner.username
        if who in self.on.closed and not self.on.kept(who):
            raise Refused("no such file")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            rows = [s for s in self.on.sittings if s.username == who]
            files = {"records.csv": "课时,秒\n" + "".join(f"{s.course} {s.lesson},{s.seconds:g}\n" for s in rows)}
            archive.writestr("photo.jpg", b"\xff\xd8\xff1")
            for one in self.on.certificates:
                if one["who"] == who:
                    files[f"{one['number']}.csv"] = one["number"]
            for name, text in files.items():
                archive.writestr(name, text)
            archive.writestr(SEALED, hashlib.sha256(repr(files).encode()).hexdigest())
        self.on.exports.add(packed.getvalue())
        self.file = File("archive.zip", packed.getvalue())
        return self.file

    def _verify_archive(self, file: File) -> Table:
        return Table(columns=("valid",), rows=({"valid": str(self.on.verified(file.data))},))

    def _enrol(self, learner: Account, course: str, period: str = "") -> None:
        super()._enrol(learner, course)
        if period:
            self.on.periods[learner.username].append(period)

    def _close_account(self, learner: Account) -> None:
        self.on.closed.add(learner.username)

    # --- the institution's tools

    def _void_record(self, learner: Account, lesson: Lesson, reason: str) -> None:
        super()._void_record(learner, lesson, reason)
        self.on.revoke(learner.username)
        self.on.enter("void")

    def _add(self, who: str, hours: float, kind: str) -> None:
        mark = self.on.mark(kind)
        self.on.added[who].append((hours, mark))
        if not mark:
            now = self.on.clock.utc()
            self.on.sittings.append(Sitting(who, "11", "1", 1, now, now, hours * HOUR_S))

    def _add_hours(self, learner: Account, course: str, hours: float) -> None:
        self._add(learner.username, hours, "补录")

    def _import_hours(self, learner: Account, course: str, hours: float) -> None:
        self._add(learner.username, hours, "导入")

    def _complete_in_batch(self, learner: Account, lesson: Lesson) -> None:
        self.on.finished[learner.username, lesson.id] = self.on.mark("批量") or "学完"

    def _exempt_face(self, learner: Account) -> None:
        self.on.remarks[learner.username].append(self.on.mark("豁免"))

    def _replace_portrait(self, learner: Account, portrait: bytes) -> None:
        self.on.remarks[learner.username].append(self.on.mark("换照"))

    def _upload_portrait(self, learner: Account, portrait: bytes) -> None:
        self.on.portraits[learner.username].append(self.on.mark("上传"))

    def _backdate_period(self) -> None:
        self.on.titles[OWN] += self.on.mark("倒签")

    def _import_attendance(self, file: File) -> None:
        from datetime import datetime

        for who, _, kind, start, end, _, source in list(csv.reader(io.StringIO(file.data.decode())))[1:]:
            first, last = (datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE) for text in (start, end))
            mark = "" if "考勤机" in source else self.on.mark("手工")
            self.on.attended[who].append((kind, (last - first).total_seconds() / 60, mark))

    def _book_practice(self, course: str) -> None:
        if not self.on.may_book("online"):
            raise Refused("in a classroom only")

    def _book_practice_offline(self, course: str) -> None:
        if not self.on.may_book("offline"):
            raise Refused("never")
