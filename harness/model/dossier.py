"""Everything that a report shows besides the result: clauses, parties, and what the walks looked like over time.

Made from a stored ledger by harness/dossier.py; reporters draw it and draw no conclusions of their own.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from harness.model.observation import Means, SegmentKind, WalkStatus
from harness.model.parties import Parties
from harness.model.requirement import Requirement
from harness.model.run import RunResult
from harness.model.values import Frozen, LessonState

MarkKind = Literal["stimulus", "request", "portrait", "face_check", "scene", "kick", "lock", "fault"]


class Band(Frozen):
    """A stretch of a walk, seconds since its start."""

    start_s: float
    end_s: float
    name: str
    kind: SegmentKind
    means: Means
    gained_s: float | None = None
    """What the platform's record gained over it; None: not read, or not shown."""
    studied_s: float | None = None
    """What really ran in it, visibly and forward, all windows together; None: no player was watched."""
    beyond_s: float | None = None
    """Of it, what was played from beyond the furthest point reached honestly."""


class Track(Frozen):
    """A line over time: pairs of seconds since the walk's start and a value in seconds."""

    name: str
    points: tuple[tuple[float, float], ...]


class Shown(Frozen):
    """A state that the learner's page showed, from when to when."""

    screen: str
    state: LessonState
    start_s: float
    end_s: float


class Mark(Frozen):
    """A moment: an attack, a portrait, a face check, a kick."""

    at_s: float
    kind: MarkKind
    text: str
    seq: int


class Picture(Frozen):
    """A picture in the evidence: a portrait that the platform took, or a screenshot of ours."""

    name: str
    seq: int
    utc: str
    what: Literal["portrait", "screen", "other"]
    caption: str
    account: str = ""
    notes: tuple[str, ...] = ()
    """What our own eyes say of a portrait, as keys of labels: same, unsure, other, marked, unmarked, enrolment,
    repeated, nobody, several."""


class Exposure(Frozen):
    """One portrait that the platform stored in the course of a walk, beside what was before the camera then."""

    walk: str
    attempt: int
    account: str
    id: str
    time: str = ""
    """When it was taken, as the platform says; ISO 8601."""
    label: str = ""
    verdict: str = ""
    """What the platform calls it, and says of it."""
    stored: str = ""
    """Evidence file of the picture; empty when it could not be read."""
    shown: str = ""
    """Evidence file of the camera's frame that it is; empty when no mark could be read. Of a living person the still of
    the last confirmed instruction before it."""
    still: bool = False
    """`shown` is such a still, and no proof of the moment."""
    scene: str = ""
    person: str = ""
    code: str = ""
    faces: int | None = None
    nearest: str = ""
    distance: float | None = None
    """To the nearest test person, face_recognition's measure."""
    enrolment: bool = False
    repeats: str = ""


class LedStep(Frozen):
    """One instruction to an assessor who leads living persons before a real camera, and what came of it."""

    walk: str
    attempt: int
    zh: str
    en: str
    given_utc: str
    took_s: float
    outcome: Literal["confirmed", "cannot", "no_answer"]
    by: str = ""
    still: str = ""
    """Evidence file: the camera's frame, or the page where there is none."""
    seq: int


class WalkRecord(Frozen):
    """One attempt of one walk, as a timeline shows it."""

    walk: str
    attempt: int
    purpose: str
    status: WalkStatus | Literal["cut off"]
    started_utc: str
    length_s: float
    account: str = ""
    lesson: str = ""
    lesson_s: float | None = None
    """Length of the lesson as the profile or the player states it."""
    bands: tuple[Band, ...] = ()
    positions: tuple[Track, ...] = ()
    """Media position, one line per window or device."""
    credits: tuple[Track, ...] = ()
    """Credited seconds as the record showed them, one line per lesson."""
    states: tuple[Shown, ...] = ()
    marks: tuple[Mark, ...] = ()


class Hours(Frozen):
    """Class hours of one lesson on one account: promised by the course, really studied, credited by the record."""

    account: str
    lesson: str
    promised_s: float | None
    studied_s: float
    credited_s: float | None


class Dossier(Frozen):
    """What all reports are made from."""

    result: RunResult
    requirements: tuple[Requirement, ...] = ()
    """The standard's own words for every requirement of the result, by its id."""
    parties: Parties = Parties()
    signer: str = ""
    """Who will sign; empty where nobody does."""
    signer_fingerprint: str = ""
    valid_until: str = ""
    """ISO date, where a conclusion sheet may be issued."""
    amends: str = ""
    """Number of the report that this one amends."""
    authorization: dict[str, str] = Field(default_factory=dict)
    """Kind, signatory, digest of the document, valid until."""
    hour_s: float = 1800.0
    """Length of a class hour as this run applied it."""
    walks: tuple[WalkRecord, ...] = ()
    pictures: tuple[Picture, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    hours: tuple[Hours, ...] = ()
    steps: tuple[LedStep, ...] = ()
    """What living persons were told; empty: they were rendered."""
    presence: dict[str, str] = Field(default_factory=dict)
    """Living persons: kind, camera, who led them; empty: they were rendered."""
    scenes: dict[str, int] = Field(default_factory=dict)
    """What was put before the cameras, and how often; empty: no camera was used."""
