"""What an exported file holds, and what of it can't be read here. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from harness.model.observation import FileSeen, PortraitsRead, RecordsRead
from harness.model.values import MOST_MEMBERS, MOST_TEXT, FileKind, Member, StudyRecord
from harness.view import WalkView

FORMATS: dict[FileKind, str] = {
    "table": "表格",
    "picture": "图片",
    "pdf": "PDF",
    "zip": "ZIP",
    "text": "文本",
    "other": "其他格式",
}
"""What a person calls the form of a file, in Chinese."""
SEALS = ("manifest", "seal", "sha256", "sha-256", "digest", "signature", ".sig", ".p7s", "校验", "签名", "摘要", "sm3")
"""What a file that proves an export is called."""
UNSEALED = ("picture", "table")
"""What is no hash and no signature, whatever it is called: a picture of a stamp, a table of contents."""
PAPERS = re.compile(r"证明|证书|合格证|cert", re.IGNORECASE)
"""What a certificate that is a picture is called."""
_ID = re.compile(r"[\w.-]+", re.ASCII)


def parts_of(packed: FileSeen) -> tuple[Member, ...]:
    """The members of an export; an export that is one file is its only part."""
    return packed.members or (
        Member(name=packed.name, kind=packed.format, size=packed.size, sha256=packed.sha256, text=packed.text),
    )


def studies(walk: WalkView) -> list[StudyRecord]:
    """Every row of the study record that a walk read."""
    return [row for fact in walk.facts(RecordsRead) for row in fact.rows or ()]


def lines_of_study(part: Member, rows: Iterable[StudyRecord]) -> int:
    """In how many lines of a part one of these rows can be recognised, by the lesson's name."""
    lessons = {row.lesson for row in rows if row.lesson}
    # A PDF's lines end with the width of its page.
    lines = [part.text] if part.kind == "pdf" else part.text.split("\n")
    return sum(_names(line, lessons) for line in lines)


def holds(part: Member, number: str) -> bool:
    """Is this the certificate of that number?"""
    return _plain(number) in _plain(part.text) or number in part.name


def _names(text: str, lessons: Collection[str]) -> bool:
    return any(
        re.search(rf"(?<![\w.:/-]){lesson}(?![\w.:/-])", text) if lesson.isdigit() else _plain(lesson) in _plain(text)
        for lesson in lessons
    )


def _plain(text: str) -> str:
    """Without blanks and forms of characters: a PDF breaks lines anywhere, and may hold 高 as ⾼."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def told_by_name(rows: Iterable[StudyRecord]) -> bool:
    """Does the record name lessons in words? Its ids (1001) need not stand in a file."""
    return any(row.lesson and not _ID.fullmatch(row.lesson) for row in rows)


def is_seal(part: Member) -> bool:
    """Is it a list of hashes, or a signature?"""
    return part.kind not in UNSEALED and any(word in part.name.lower() for word in SEALS)


def may_say_more(part: Member) -> bool:
    """May a part say something that was not read here: packed once more, a picture of a page, cut off, a workbook?"""
    if is_seal(part):
        return False
    if part.kind in ("zip", "other") or (part.kind == "pdf" and not part.text.strip()):
        return True
    if len(part.text) >= MOST_TEXT:
        return True
    return part.kind == "table" and not part.name.lower().endswith(".csv")


def all_listed(parts: Sequence[Member]) -> bool:
    """Are these all files of an export? Beyond a number they are not listed."""
    return len(parts) < MOST_MEMBERS


def may_show_more(part: Member) -> bool:
    """May pictures stand in a part that is none itself?"""
    name = part.name.lower()
    return part.kind in ("zip", "other", "pdf") or name.endswith((".html", ".htm")) or (
        part.kind == "table" and not name.endswith(".csv")
    )  # fmt: skip


def may_be_paper(picture: Member, pictures: Sequence[Member], listed: float | None) -> bool:
    """May a picture be the certificate: is it called so, or are there more pictures than portraits are listed?"""
    return bool(PAPERS.search(picture.name)) or (listed is not None and len(pictures) > listed)


def captured(walk: WalkView, pictures: Sequence[Member]) -> bool:
    """Is one of these pictures the very file of a portrait that the platform stored in this walk?"""
    seen = (one for fact in walk.facts(PortraitsRead) for one in fact.portraits or () if not one.enrolment)
    stored = {one.picture.partition(".")[0] for one in seen if one.picture}
    return any(picture.sha256 in stored for picture in pictures)
