"""Typed values that readings return and observations carry. Seconds are floats, times are aware datetimes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Immutable and strict about unknown fields; every model of ours derives from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LessonState(StrEnum):
    """What the learner's page shows."""

    PLAYING = "playing"
    PAUSED = "paused"
    LOCKED = "locked"
    FACE_CHECK = "face_check"
    KICKED = "kicked"
    FINISHED = "finished"
    UNKNOWN = "unknown"


class Credit(Frozen):
    """What the platform's own record says that a learner has earned. None means: not shown."""

    credited_s: float | None = None
    """Credited study time in seconds."""
    hours: float | None = None
    """Credited class hours (学时), in the platform's own rounding."""
    completed: bool | None = None
    progress: float | None = None
    """0 to 1."""
    resolution_s: float | None = None
    """Smallest step the shown value can take, in seconds (0.1 学时 of 30 minutes: 180)."""
    raw: str = ""


class StudyRecord(Frozen):
    """One row of the platform's study record (学习记录)."""

    start: datetime | None = None
    end: datetime | None = None
    duration_s: float | None = None
    course: str | None = None
    lesson: str | None = None
    device: str | None = None
    version: str | None = None
    """Which version of the lesson's media was studied."""
    credited: bool | None = None
    marked: str | None = None
    """How the platform marks a row that no learner earned (补录 and the like)."""


class StoredPortrait(Frozen):
    """One portrait that the platform stores, as an inspector finds it. The ledger holds its digest, not its bytes."""

    id: str
    time: datetime | None = None
    label: str = ""
    verdict: str = ""
    marked: str = ""
    picture: bytes | None = None
    """None: it is listed, but its picture could not be read."""
    error: str = ""


class Table(Frozen):
    """Rows by column heading, exactly as shown."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


MOST_TEXT = 40_000
"""Characters of a file's text that are kept, some sixty pages; what lies behind them nobody knows."""
MOST_MEMBERS = 500
"""Files inside an export that are listed."""
FileKind = Literal["table", "picture", "pdf", "zip", "text", "other"]


class Member(Frozen):
    """One file inside an export."""

    name: str
    kind: FileKind
    size: int
    """Bytes."""
    sha256: str
    text: str = ""
    """What a table, PDF or text says; personal numbers masked, cut off after MOST_TEXT characters."""


class MediaSample(Frozen):
    """What the learner's player was doing at one moment, read from the media element itself."""

    position_s: float
    duration_s: float | None
    rate: float
    paused: bool
    ended: bool
    seeking: bool
    hidden: bool
    ready: int
    """HTMLMediaElement.readyState, 0 to 4; below 3 the picture stands still."""
    played_s: float | None = None
    """Sum of the element's `played` ranges, in media seconds."""
    muted: bool | None = None
