"""What a file holds: a PDF's text, an export's members. For the ledger, so that judges need no file."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import PurePosixPath

from harness.errors import ReadingFailed
from harness.model.observation import FileSeen
from harness.model.reading import Source
from harness.model.steps import Request
from harness.model.values import MOST_MEMBERS, MOST_TEXT, FileKind, Member
from harness.platform.files import ZIP, member_name, read_table
from harness.redact import redact

MOST_BYTES = 64 * 1024 * 1024
"""A member that unpacks to more is not opened."""
_MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xff\xd8\xff", "picture"),
    (b"\x89PNG", "picture"),
    (b"%PDF", "pdf"),
)
_TABLES = frozenset({".csv", ".xls", ".xlsx"})
_TEXTS = frozenset({".txt", ".json", ".html", ".htm", ".xml", ".seal", ".sig", ".sha256", ".md5", ".p7s", ".pem"})
_NOWHERE = Source(fetch=Request(url="/"))


def contents(name: str, data: bytes, filename: str = "") -> FileSeen:
    """What a file is and holds; `name` is what it is to us. A damaged part is kept as `other`, never an error."""
    kind = kind_of(data, filename)
    return FileSeen(
        name=name,
        format=kind,
        size=len(data),
        sha256=_sha256(data),
        text="" if kind == "zip" else text_of(data, kind, filename),
        members=_members(data) if kind == "zip" else (),
    )


def kind_of(data: bytes, name: str) -> FileKind:
    """What a file is, by its first bytes and then by its name."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[8:12] == b"WEBP":
        return "picture"
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in _TABLES:
        return "table"
    if data.startswith(ZIP):
        return "zip"
    return "text" if suffix in _TEXTS else "other"


def text_of(data: bytes, kind: FileKind, name: str = "") -> str:
    """What a table, PDF or text says, cells and rows apart; empty for everything else and for what is damaged."""
    if kind not in ("pdf", "table", "text"):
        return ""
    source = _NOWHERE.model_copy(update={"format": kind if kind != "table" else "auto"})
    try:
        table = read_table(data, source, name=name)
    except ReadingFailed:
        return ""
    if kind != "table":
        return redact(table.rows[0]["text"])[:MOST_TEXT]
    rows = [table.columns, *(tuple(row.get(column, "") for column in table.columns) for row in table.rows)]
    return redact("\n".join("\t".join(row) for row in rows))[:MOST_TEXT]


def _members(data: bytes) -> tuple[Member, ...]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        return ()
    with archive:
        inside = [info for info in archive.infolist() if not info.is_dir()][:MOST_MEMBERS]
        return tuple(_member(archive, info) for info in inside)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    name = member_name(info)
    try:
        data = b"" if info.file_size > MOST_BYTES else archive.read(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):  # damaged, unknown packing, with a password
        data = b""
    kind = kind_of(data, name)
    return Member(
        name=redact(name), kind=kind, size=info.file_size, sha256=_sha256(data), text=text_of(data, kind, name)
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
