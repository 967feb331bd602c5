"""Stored portraits against what was really before the camera. Pure; for the judges of F09 and F10."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media, PortraitSeen, PortraitsRead, SceneShown, StillSeen
from harness.model.outcome import Reason
from harness.model.words import counted
from harness.view import WalkView
from probes.bracket import control

TIME_S = 60.0
"""How far a portrait's stated time may be from the moment that its mark proves; inspectors compare minutes."""
MINUTE_S, DAY_S = 60.0, 86400.0
STILL_S = 2.0
"""Who sits before a camera moves within this, and times are shown in whole seconds: two captures closer together may be
one frame."""
UNMARKED = (
    "；真人画面无标记，不能断定当时镜头前的情形",
    "; without marks it can't be told what was before the camera then",
)
GENUINE = ("learner", "other_photo")
ALONE = (*GENUINE, "stranger")
HELD_UP = ("print", "screen_replay", "frozen")
"""Pictures of the learner before a camera."""
COVERED_CONTRAST = 20.0
"""The same of a real lens under a finger, which glows and is noisy; a room with a person has 40 and more. Our own
estimate, and only used to say nothing."""
UNSEEN_S = 1.0
"""A gap between two looks in which the media went on by so much less than the clock was not played through."""
BLANK_CONTRAST = 6.0
"""Standard deviation of brightness below which a picture shows nothing. Our darkest frame of a person without light has
more than 2 and is not shown to honest learners; a rendered person's frame has 40 and more."""
BLURRED_SHARPNESS = 2.0
"""Variance of the Laplacian below which a picture without a face in it is blurred. Our persons' frames keep 30 as JPEGs
of quality 30, and 4 when enlarged from 160x120; blurred over 12 pixels they have less than 1.7, and half of the faces
can still be found."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the stored portraits."""

    at: str
    portraits: tuple[PortraitSeen, ...] | None
    offset_s: float
    seq: int
    evidence: tuple[str, ...]
    error: str

    @property
    def step_s(self) -> float:
        """The step in which its portraits are dated, seconds: a minute where no stated time has seconds, a day where
        all are midnight, else none."""
        stated = [one.time for one in self.portraits or () if one.time is not None]
        if not stated or any(time.second or time.microsecond for time in stated):
            return 0.0
        return MINUTE_S if any(time.hour or time.minute for time in stated) else DAY_S

    def first_of(self, portrait: PortraitSeen) -> PortraitSeen | None:
        """The earlier portrait whose file this one repeats; None when it repeats none."""
        return next((one for one in self.portraits or () if one.id == portrait.repeats), None)


def unstudied(walk: WalkView, case: Case) -> Finding | None:
    """Why the honest study of a walk carries no conclusion about what was captured in it; None when it was credited.

    A stretch around which the record was not read is no control.
    """
    bracketed = [s for s in walk.of_kind("control") if s.before and s.after]
    if not bracketed:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "没有诚实学习对照", "no honest control was made")
    for segment in bracketed:
        made = control(segment, case)
        if not made.credited:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"诚实学习“{segment.name}”未被记入",
                f"honest study '{segment.name}' was not credited",
                refs=segment.refs,
            )
    return None


def studied(walk: WalkView, case: Case) -> tuple[str, ...]:
    """The honest study that a PASS cites."""
    bracketed = [control(s, case) for s in walk.of_kind("control") if s.before and s.after]
    return tuple(f"{c.segment.name}: {c.valid_s:.1f} s watched, {c.gained_s or 0.0:.1f} s recorded" for c in bracketed)


def readings(walk: WalkView) -> dict[str, Reading]:
    """Every reading of portraits, by its place in the walk."""
    return {
        o.data.at: Reading(o.data.at, o.data.portraits, o.data.offset_s, o.seq, o.evidence, o.data.error)
        for o in walk.observations
        if isinstance(o.data, PortraitsRead)
    }


def stored_between(walk: WalkView, first: str, last: str) -> list[PortraitSeen] | None:
    """What was stored after one reading and before another; None when either is missing."""
    found = readings(walk)
    before, after = found.get(first), found.get(last)
    if before is None or after is None or before.portraits is None or after.portraits is None:
        return None
    known = before.portraits
    return [one for one in after.portraits if not any(_same_row(one, other) for other in known)]


def _same_row(one: PortraitSeen, other: PortraitSeen) -> bool:
    """Was it listed before? Where a profile names no id, a row's number stands for it, which belongs to another
    portrait as soon as one is listed above it."""
    same_time, same_file = one.time == other.time, bool(one.picture) and one.picture == other.picture
    if one.id == other.id and (same_time or same_file):
        return True
    return same_file and same_time and one.time is not None


def stated_at(portrait: PortraitSeen, offset_s: float) -> float | None:
    """When the platform says that it was taken, UTC seconds of our clock; None where it does not say."""
    return None if portrait.time is None else portrait.time.timestamp() - offset_s


def moment(portrait: PortraitSeen, offset_s: float, step_s: float = 0.0) -> float | None:
    """When it was taken, UTC seconds of our clock: what its mark proves, refined by the stated time where that fits and
    is not cut to minutes or days (`Reading.step_s`)."""
    stated = stated_at(portrait, offset_s)
    if not portrait.shown:
        return None if step_s > MINUTE_S else stated
    since, until = portrait.shown[0]
    if stated is None or step_s or (off_by_s(portrait, offset_s) or 0.0) > STILL_S:
        return (since + until) / 2
    return min(max(stated, since), until)


def moment_u_s(portrait: PortraitSeen, offset_s: float, step_s: float = 0.0) -> float:
    """How far that moment may be off, seconds: nothing where the stated time lies where its mark was shown, a little
    where it lies beside; else, and where no time is stated, half of the stretch in which it was shown. Without a mark
    as much as the stated time is cut by."""
    if not portrait.shown:
        return step_s
    off = off_by_s(portrait, offset_s)
    if off is not None and off <= STILL_S and not step_s:
        return off
    since, until = portrait.shown[0]
    return (until - since) / 2


def taken_in(portrait: PortraitSeen, offset_s: float, step_s: float = 0.0) -> tuple[float, float] | None:
    """From when to when it may have been taken, UTC seconds of our clock; None where nothing says."""
    at, u = moment(portrait, offset_s, step_s), moment_u_s(portrait, offset_s, step_s)
    return None if at is None else (at - u, at + u)


def off_by_s(portrait: PortraitSeen, offset_s: float) -> float | None:
    """How far the stated time is from the stretches in which its mark was shown, seconds; None without one of them."""
    stated = stated_at(portrait, offset_s)
    if stated is None or not portrait.shown:
        return None
    return min(max(since - stated, stated - until, 0.0) for since, until in portrait.shown)


def could_be_still(portrait: PortraitSeen, reading: Reading) -> bool:
    """Could one and the same frame have been before the camera both now and when the earlier file was taken? A day
    alone does not say."""
    if reading.step_s > MINUTE_S:
        return True
    off = off_by_s(portrait, reading.offset_s)
    if off is not None and off <= STILL_S:
        return True
    earlier = reading.first_of(portrait)  # one picture may be listed twice, dated to the minute
    if earlier is None or earlier.time is None or portrait.time is None:
        return False
    return abs((portrait.time - earlier.time).total_seconds()) <= STILL_S


def false_portrait(portrait: PortraitSeen, reading: Reading, *, living: bool = False) -> tuple[str, str] | None:
    """Why a portrait is positively not what the camera showed then, in both languages; None: nothing proves it.

    Only where the learner alone was before the camera all the time. Of a living person nobody can swear that: then
    only files count that were there before (`doubtful_portrait` says the rest).
    """
    if portrait.enrolment:
        return "就是注册照片", "it is the photograph on file"
    if portrait.repeats and not could_be_still(portrait, reading):
        return (
            f"与更早的第 {portrait.repeats} 号为同一文件",
            f"it is the same file as the earlier no. {portrait.repeats}",
        )
    if living:
        return None
    if portrait.likeness == "other":
        return (
            f"是他人（{portrait.nearest}，距离 {portrait.distances.get(portrait.nearest, 0):.2f}）",
            f"it shows somebody else ({portrait.nearest}, distance {portrait.distances.get(portrait.nearest, 0):.2f})",
        )
    if portrait.contrast is not None and portrait.contrast < BLANK_CONTRAST and portrait.code is None:
        return "画面空白", "it shows nothing"
    unsharp = portrait.sharpness is not None and portrait.sharpness < BLURRED_SHARPNESS
    if unsharp and portrait.faces == 0 and portrait.code is None:
        return "画面模糊，看不出任何人", "it is blurred until nobody can be made out"
    by_clock = [off_by_s(portrait, offset_s) for offset_s in (reading.offset_s, 0.0)]  # the server's, or the page's
    off = min((off for off in by_clock if off is not None), default=None)
    if off is not None and off > max(TIME_S, reading.step_s):
        return f"所载时间与拍摄时刻相差 {off:.0f} 秒", f"its stated time is {off:.0f} s off the moment it was taken"
    return None


def doubtful_portrait(portrait: PortraitSeen, reading: Reading, case: Case) -> tuple[str, str] | None:
    """What can't be told of a portrait: whether it was taken twice, where only days are shown; and before a real
    camera, without marks, whether whoever it shows sat there."""
    if portrait.repeats and reading.step_s > MINUTE_S:
        return (
            f"与更早的第 {portrait.repeats} 号为同一文件，所载只有日期，不能断定是否同一时刻",
            f"it is the same file as the earlier no. {portrait.repeats}, and of both only the day is told",
        )
    if not case.setting.living:
        return None
    if portrait.likeness == "other":
        return (
            f"像是他人（{portrait.nearest}）{UNMARKED[0]}",
            f"it looks like somebody else ({portrait.nearest}){UNMARKED[1]}",
        )
    if portrait.contrast is not None and portrait.contrast < BLANK_CONTRAST:
        return f"画面空白{UNMARKED[0]}", f"it shows nothing{UNMARKED[1]}"
    return None


def proven(portrait: PortraitSeen, reading: Reading, walk: WalkView, case: Case) -> bool:
    """Is it positively of that moment? By its mark; before a real camera by the person and the stated time: it shows
    the learner, and the platform dates it into a stretch in which the learner was confirmed before the camera."""
    if not case.setting.living:
        return portrait.code is not None
    at = stated_at(portrait, reading.offset_s)
    if portrait.likeness != "same" or at is None or portrait.repeats or portrait.enrolment:
        return False
    return any(since - STILL_S <= at <= until + STILL_S for since, until in sat(walk))


def sat(walk: WalkView) -> list[tuple[float, float]]:
    """The stretches in which the learner was confirmed alone before a real camera, UTC seconds."""
    spans: list[tuple[float, float]] = []
    since: float | None = None
    for o in walk.observations:
        if isinstance(o.data, SceneShown):
            if since is not None:
                spans.append((since, utc_of(walk, o.t)))
            since = utc_of(walk, o.t) if o.data.scene in GENUINE else None
    if since is not None:
        spans.append((since, utc_of(walk, walk.observations[-1].t)))
    return spans


def ill_staged(walk: WalkView, case: Case) -> Finding | None:
    """Why what was confirmed before a real camera was not there, as the stills show; None when nothing speaks against
    it. A slip of the persons' must neither accuse nor clear a platform."""
    for o in walk.observations:
        wrong = _not_as_told(o.data) if isinstance(o.data, StillSeen) else None
        if wrong is not None and isinstance(o.data, StillSeen):
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"镜头前与指示不符：{wrong[0]}，本次不下结论",
                f"what was before the camera is not what was asked for: {wrong[1]}; nothing is concluded",
                refs=(o.seq,),
                evidence=(o.data.frame,),
            )
    return None


def _not_as_told(still: StillSeen) -> tuple[str, str] | None:
    if still.scene in ALONE:
        if still.likeness == "other":
            return (
                f"应为 {still.person}，画面更像 {still.nearest}",
                f"{still.person} was asked for, the still looks like {still.nearest}",
            )
        if still.scene == "stranger" and still.faces == 0:
            return f"应为 {still.person}，画面中看不到人脸", f"{still.person} was asked for, the still shows no face"
    if still.scene in ("nobody", "covered") and still.faces:
        faces = counted(still.faces, "face")
        return f"应无人，画面中有 {still.faces} 张人脸", f"nobody was asked for, the still shows {faces}"
    if still.scene in HELD_UP and (still.faces == 0 or still.likeness == "other"):
        return (
            f"应出示 {still.person} 的影像，画面中没有",
            f"a picture of {still.person} was asked for, the still shows none",
        )
    if still.scene == "covered" and still.contrast is not None and still.contrast > COVERED_CONTRAST:
        return "摄像头未被遮严", "the lens was not covered"
    if still.scene == "two_people" and still.faces is not None and still.faces < 2:
        return f"应有两人，画面中有 {still.faces} 张人脸", f"two people were asked for, the still shows {still.faces}"
    return None


def by_person(case: Case) -> Text:
    """What a PASS without marks rests on, to be added to its text; empty with rendered persons."""
    if not case.setting.living:
        return Text(zh="", en="")
    return Text(
        zh="（真人在镜头前，画面无检测标记：以人员和时刻为证）",
        en=" (a living person was before the camera; the proof is the person and the time, not a mark)",
    )


def utc_of(walk: WalkView, t: float) -> float:
    """UTC seconds of a monotonic moment of this walk."""
    first = walk.observations[0]
    return datetime.fromisoformat(first.utc).timestamp() + t - first.t


def playing_spans(walk: WalkView, screen: str = "main") -> list[tuple[float, float]]:
    """The stretches in which the player ran, UTC seconds.

    Nobody looks while a face check is answered: of such a gap only as much was played as the media went on.
    """
    samples = [(o.t, o.data.sample) for o in walk.observations if isinstance(o.data, Media) and o.data.screen == screen]
    spans: list[tuple[float, float]] = []
    for (t0, a), (t1, b) in itertools.pairwise(samples):
        if a.paused or a.ended or b.position_s <= a.position_s:
            continue
        start, end = utc_of(walk, t0), utc_of(walk, t1)
        ran = (b.position_s - a.position_s) / max(a.rate, 0.1)
        if end - start - ran > UNSEEN_S:
            end = start + ran
        if spans and start - spans[-1][1] < 0.01:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


def played_until(spans: Sequence[tuple[float, float]], moment_s: float) -> float:
    """Seconds played up to a moment."""
    return sum(max(0.0, min(end, moment_s) - start) for start, end in spans)


def gaps(spans: Sequence[tuple[float, float]], moments: Sequence[float]) -> list[float]:
    """Seconds of playing from the start to the first moment, between moments, and from the last to the end."""
    marks = [played_until(spans, at) for at in sorted(moments)]
    whole = sum(end - start for start, end in spans)
    return [b - a for a, b in itertools.pairwise([0.0, *marks, whole])]
