"""What an observer may write: a closed union of typed facts, and the ledger line around them.

An observation states what was done or seen, when and by whom. It holds no limit and no opinion. None means
unknown, which differs from observed and empty.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from harness.model.values import (
    Credit,
    FileKind,
    Frozen,
    LessonState,
    MediaSample,
    Member,
    StudyRecord,
    Table,
)

SegmentKind = Literal["control", "attack", "rest", "settle"]
WalkStatus = Literal["done", "subject_error", "unsupported", "harness_error", "void", "not_done", "not_yet"]
Awaited = Literal["settling", "approval", "day"]
"""What a later stage of a run waits for: the platform settles its record, people approve who registered, or another
day on which study is credited again."""
Means = Literal["ordinary", "tool"]
"""ordinary: mouse, keys, menus, address bar, reload, second window or device, doing nothing. tool: console,
patched page, forged or replayed traffic, copied cookies (regulation.md section 5)."""


class RunStarted(Frozen):
    """First line of a run: everything that a judge needs to know about how it was set up."""

    kind: Literal["run_started"] = "run_started"
    run_id: str
    mode: str
    seed: int
    time_scale: float
    harness: dict[str, str]
    standard: dict[str, object]
    profile: dict[str, object]
    """Digest, subject, declared policy, absent functions, channels; never a secret."""
    only: tuple[str, ...] = ()
    once: bool = False
    """What failed was not tried again (`--once`)."""
    planned: dict[str, float] = Field(default_factory=dict)
    """critical_path_s, slot_s, bound_s as computed before anything was touched."""
    signer: str = ""
    """Fingerprint of the key that will sign the run's files; empty: nobody does."""
    selftest: dict[str, object] = Field(default_factory=dict)
    """The last self-test of the tool that runs: status, defects, killed, date; empty: none was looked for."""


class RunResumed(Frozen):
    """A run that was killed goes on; finished walks are kept, interrupted ones start afresh."""

    kind: Literal["run_resumed"] = "run_resumed"
    kept: tuple[str, ...]
    repeated: tuple[str, ...]


class Wait(Frozen):
    """What a later stage of a run takes up again, and from when."""

    walk: str
    """The walk that will be made."""
    follows: str
    """The walk that it takes up again; empty for one that is made on another day."""
    attempt: int
    """Which attempt of that one."""
    not_before: str
    """RFC 3339, UTC."""
    awaits: Awaited = "settling"
    whom: tuple[str, ...] = ()
    """User names of those that wait to be approved."""

    @property
    def what(self) -> str:
        """The walk that waits, for people: `F05.honest #1`."""
        return f"{self.follows or self.walk} #{self.attempt}"


class StageEnded(Frozen):
    """A run is left until what it waits for has come; it goes on with the next `run_resumed`."""

    kind: Literal["stage_ended"] = "stage_ended"
    number: int
    """1 for a run's first stage."""
    waits: tuple[Wait, ...]
    wall_s: float
    cpu_s: float
    peak_rss_mb: float


class RunFinished(Frozen):
    """Last line of a run; the figures are of its last stage."""

    kind: Literal["run_finished"] = "run_finished"
    wall_s: float
    cpu_s: float
    peak_rss_mb: float


class Machine(Frozen):
    """The machine and browser that observed, every launch flag included."""

    kind: Literal["machine"] = "machine"
    os: str
    cores: int
    memory_mb: int
    browser: str
    flags: tuple[str, ...]
    engine: str


class ServerClock(Frozen):
    """Server time minus our UTC, in seconds; the line's u_s is its uncertainty."""

    kind: Literal["server_clock"] = "server_clock"
    host: str
    offset_s: float
    samples: int


class Absent(Frozen):
    """The profile's author declares that the platform lacks a function."""

    kind: Literal["absent"] = "absent"
    function: str
    statement: str
    basis: Literal["vendor_statement", "search", "none"]


class TakenUp(Frozen):
    """An attempt of a walk, as another takes it up again."""

    walk: str
    attempt: int


class WalkStarted(Frozen):
    """A walk begins: one learner's planned visit, on accounts and lessons of its own."""

    kind: Literal["walk_started"] = "walk_started"
    purpose: str
    planned_s: float
    accounts: tuple[str, ...]
    lessons: tuple[str, ...]
    follows: TakenUp | None = None
    """What it takes up again, of an earlier stage of the run."""


class WalkFinished(Frozen):
    """A walk ended, and how. `void` is our own machine's fault, never the platform's."""

    kind: Literal["walk_finished"] = "walk_finished"
    status: WalkStatus
    message: str = ""
    took_s: float
    cpu_s: float = 0.0
    """CPU seconds of its windows; windows that share a browser share its cost."""
    peak_rss_mb: float = 0.0
    """Most memory of one of its windows, without what processes share, MB."""


class ActionDone(Frozen):
    """One contract action was tried on the platform."""

    kind: Literal["action"] = "action"
    name: str
    args: dict[str, str] = Field(default_factory=dict)
    ok: bool
    error: str = ""
    step: int | None = None
    url: str = ""
    took_s: float
    table: Table | None = None
    """What the action brought, where that is a table; a file is the line's evidence."""


class SegmentStarted(Frozen):
    """A stretch of a walk begins. `control` is honest study, `attack` is a stimulus, `rest` and `settle` wait."""

    kind: Literal["segment_started"] = "segment_started"
    segment: str
    segment_kind: SegmentKind
    means: Means = "ordinary"


class SegmentEnded(Frozen):
    """The stretch is over."""

    kind: Literal["segment_ended"] = "segment_ended"
    segment: str


class Media(Frozen):
    """A sample of the media truth."""

    kind: Literal["media"] = "media"
    sample: MediaSample
    screen: str = "main"
    """Which of a walk's windows or devices."""


class CreditRead(Frozen):
    """The platform's record, read in a session that doesn't disturb the learner's.

    `at` says where in the walk: `before:SEGMENT`, `after:SEGMENT`, `baseline`, `final`, `end_of_run`, `settled` (read
    in a later stage of the run), or free text for a point inside a segment. `credit` is None when the reading failed;
    `error` then says why.
    """

    kind: Literal["credit"] = "credit"
    at: str
    credit: Credit | None
    error: str = ""
    total: Credit | None = None
    """The learner's total over all lessons, where the platform shows one."""


class RecordsRead(Frozen):
    """The platform's study records of one learner; None: could not be read."""

    kind: Literal["records"] = "records"
    rows: tuple[StudyRecord, ...] | None
    error: str = ""


class TableRead(Frozen):
    """Any other table or list that a reading returned."""

    kind: Literal["table"] = "table"
    reading: str
    filters: dict[str, str] = Field(default_factory=dict)
    table: Table | None
    error: str = ""


class FileSeen(Frozen):
    """What a file that the platform gave is and holds; the file itself is the line's evidence."""

    kind: Literal["file"] = "file"
    name: str
    """What it is to us: `certificate`, `archive`."""
    format: FileKind
    size: int
    """Bytes."""
    sha256: str
    text: str = ""
    members: tuple[Member, ...] = ()


class Stimulus(Frozen):
    """Something was done to the subject on purpose, and what its page did at once. The record decides later."""

    kind: Literal["stimulus"] = "stimulus"
    name: str
    means: Means
    params: dict[str, str | float | int | bool | None] = Field(default_factory=dict)
    effect: dict[str, str | float | int | bool | None] = Field(default_factory=dict)


class SceneShown(Frozen):
    """What is before a learner's camera from here on: one of camera/scenes.py, and the test person's id if anybody."""

    kind: Literal["scene"] = "scene"
    camera: str
    """Which camera: the screen of the walk that has it."""
    scene: str
    person: str = ""


class Instructed(Frozen):
    """An assessor was told what to have done before a real camera. Its utc is that of the answer; the evidence is the
    camera's frame and the page at that moment."""

    kind: Literal["instructed"] = "instructed"
    camera: str
    scene: str
    """What was to be before the camera (camera/scenes.py)."""
    person: str = ""
    acts: tuple[str, ...] = ()
    """What whoever sits there was to do; empty: to be there."""
    zh: str
    en: str
    given_utc: str
    """When it was shown to the assessor, ISO 8601."""
    took_s: float
    outcome: Literal["confirmed", "cannot", "no_answer"]
    possible: bool = True
    """False: it can't be done at this kind of device, so nobody was asked."""
    by: str = ""
    """The assessor, as the profile names them."""
    said: str = ""
    frame: str = ""
    """File in evidence/ with a frame of the camera; empty where the browser could not open it beside the page."""
    label: str = ""
    """What the browser calls the camera."""


class StillSeen(Frozen):
    """What our own eyes see in the frame of a real camera that an assessor confirmed. None: not known."""

    kind: Literal["still_seen"] = "still_seen"
    frame: str
    scene: str
    person: str = ""
    """Who was to be there."""
    faces: int | None = None
    distances: dict[str, float] = Field(default_factory=dict)
    """From the largest face to each test person's nearest picture, face_recognition's measure."""
    nearest: str = ""
    likeness: Literal["same", "unsure", "other"] | None = None
    """Is the largest face the person who was to be there?"""
    contrast: float | None = None
    """Standard deviation of the brightness; a covered lens has hardly any."""


class FramesShown(Frozen):
    """Everything that a camera showed, with its marks: shown.jsonl and the unmarked pictures are the evidence."""

    kind: Literal["frames_shown"] = "frames_shown"
    camera: str
    changes: int
    codes: int
    """Different marks, each at most some ten seconds long."""
    frames: dict[str, str] = Field(default_factory=dict)
    """Files in evidence/ by the digest of their pixels, where the pictures were kept."""
    open_s: float | None = None
    """Seconds that a page had the camera open, to a second; None where the system does not tell."""


class PersonsCompared(Frozen):
    """Test persons were told apart by our own engine, on the pictures that are shown. Where it did not pass, nothing
    is concluded from showing one in the other's place."""

    kind: Literal["persons_compared"] = "persons_compared"
    persons: tuple[str, ...]
    passed: bool
    own_max: float
    """Farthest picture of a person from the photograph on file."""
    others_min: float | None
    """Nearest picture of another person."""
    compared: int
    shortfalls: tuple[str, ...] = ()


class PortraitSeen(Frozen):
    """One portrait that the platform stores, and what our own eyes see in it. None means: not known."""

    id: str
    time: datetime | None = None
    """When the platform says that it was taken."""
    label: str = ""
    """What the platform calls it: a portrait, an answer to a face check."""
    verdict: str = ""
    """What the platform says of it: the same person, nobody, another."""
    marked: str = ""
    """How it is marked when no camera took it (uploaded by an operator and the like)."""
    picture: str = ""
    """File in evidence/; empty when the picture could not be read."""
    width: int = 0
    height: int = 0
    code: str | None = None
    """Our mark in it, hexadecimal; None when none can be read, which proves nothing."""
    chance: float | None = None
    """How often a picture without a mark would read as well, at most."""
    shown: tuple[tuple[float, float], ...] = ()
    """When that mark was before a camera, UTC seconds since 1970."""
    camera: str = ""
    scene: str = ""
    person: str = ""
    """What was before the camera then."""
    frame: str = ""
    """Digest of the camera's frame that it is, as FramesShown names it."""
    faces: int | None = None
    """How many faces our own engine sees."""
    distances: dict[str, float] = Field(default_factory=dict)
    """From the largest face to each test person's nearest picture, face_recognition's measure."""
    nearest: str = ""
    likeness: Literal["same", "unsure", "other"] | None = None
    """Is it the account's own person? `unsure` is never held against a platform."""
    brightness: float | None = None
    """Mean, 0 to 255."""
    contrast: float | None = None
    """Standard deviation of the brightness; a covered lens has hardly any."""
    sharpness: float | None = None
    """Variance of the Laplacian; a blurred picture has hardly any."""
    enrolment: bool = False
    """It is the photograph on file, to the pixel or recompressed."""
    repeats: str = ""
    """Id of an earlier stored portrait that is the same file."""


class PortraitsRead(Frozen):
    """The portraits that the platform stores of one learner, oldest first; None: could not be read."""

    kind: Literal["portraits"] = "portraits"
    at: str
    portraits: tuple[PortraitSeen, ...] | None
    offset_s: float = 0.0
    """The server's clock minus ours, as measured at the beginning of the run."""
    error: str = ""


class Input(Frozen):
    """Real, trusted input was given, so that an honest learner isn't taken for an idle one."""

    kind: Literal["input"] = "input"
    device: Literal["mouse", "keyboard", "touch"]
    trusted: bool


class StateSeen(Frozen):
    """What the learner's page showed."""

    kind: Literal["state"] = "state"
    state: LessonState
    text: str = ""
    screen: str = "main"


class ReportChannel(Frozen):
    """The learner's progress reports, found in the recorded traffic by rhythm and moving numbers."""

    kind: Literal["report_channel"] = "report_channel"
    method: str
    url: str
    count: int
    period_s: float | None
    moving: tuple[str, ...]
    """Paths of the numbers that move with position or time, e.g. `json:time_spent_delta`."""
    signed: bool | None = None


class RequestSent(Frozen):
    """A request of our own making (replayed or forged), and the answer's status."""

    kind: Literal["request_sent"] = "request_sent"
    name: str
    method: str
    url: str
    status: int | None
    error: str = ""


class OwnLoad(Frozen):
    """How our own machine was doing, so that its slowness is never blamed on the platform."""

    kind: Literal["own_load"] = "own_load"
    cpu_percent: float
    rss_mb: float


class Fault(Frozen):
    """An exception, whose fault it is, and where."""

    kind: Literal["fault"] = "fault"
    whose: Literal["harness", "subject", "profile"]
    type: str
    message: str
    where: str = ""


class Answer(Frozen):
    """An assessor's answer to a REVIEW or documentary question, appended later."""

    kind: Literal["answer"] = "answer"
    requirement: str
    answer: Literal["yes", "no", "not_applicable"]
    text: str = ""
    name: str
    date: str


class Amended(Frozen):
    """First line of a segment that was linked to a finished run: what follows was added to it, and by whom."""

    kind: Literal["amended"] = "amended"
    number: int
    """1 for the first amendment of a run."""
    previous_head: str
    """The chain's end that the run had; this line follows it."""
    previous_attestation: str = ""
    """SHA-256 of the attestation.json that is amended; empty: there was none."""
    reason: str
    signer: str = ""
    """Fingerprint of the key that will sign the amended run."""


class Objection(Frozen):
    """One point of an objection to a report, and what the laboratory answers to it."""

    kind: Literal["objection"] = "objection"
    point: int
    requirement: str = ""
    statement: str
    by: str
    raised: str
    """Date, ISO 8601."""
    answer: str
    effect: Literal["upheld", "amended", "retest"]
    """upheld: the verdict stands; amended: an answer above changes it; retest: a new run decides."""
    name: str
    date: str


Fact = Annotated[
    RunStarted
    | RunResumed
    | StageEnded
    | RunFinished
    | Machine
    | ServerClock
    | Absent
    | WalkStarted
    | WalkFinished
    | ActionDone
    | SegmentStarted
    | SegmentEnded
    | Media
    | CreditRead
    | RecordsRead
    | TableRead
    | FileSeen
    | Stimulus
    | SceneShown
    | Instructed
    | StillSeen
    | FramesShown
    | PersonsCompared
    | PortraitsRead
    | Input
    | StateSeen
    | ReportChannel
    | RequestSent
    | OwnLoad
    | Fault
    | Answer
    | Amended
    | Objection,
    Field(discriminator="kind"),
]
"""Everything that can be observed. A new kind is added here and nowhere else."""


class Context(Frozen):
    """Who, where and in which attempt a fact was seen."""

    probe: str = ""
    walk: str = ""
    attempt: int = 1
    role: str = ""
    account: str = ""
    course: str = ""
    lesson: str = ""


class Observation(Context):
    """One line of the ledger."""

    v: Literal[1] = 1
    seq: int
    prev: str
    hash: str
    utc: str
    """RFC 3339 with microseconds, UTC."""
    mono_ns: int
    """Monotonic clock, nanoseconds; differences within one run segment are exact."""
    kind: str
    data: Fact
    u_s: float | None = None
    """Standard uncertainty of the observed quantity, seconds."""
    evidence: tuple[str, ...] = ()
    """File names in evidence/: SHA-256 and extension."""

    @property
    def t(self) -> float:
        """Monotonic seconds."""
        return self.mono_ns / 1e9
