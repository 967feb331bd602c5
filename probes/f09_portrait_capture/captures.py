"""Which of the stored portraits are captures of study, and which are pictures of face checks. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from harness.judge import Case, inconclusive
from harness.model.finding import Finding
from harness.model.observation import PortraitSeen, StateSeen
from harness.model.outcome import Reason
from harness.model.values import LessonState
from harness.view import WalkView
from probes.portraits import Reading, moment, playing_spans, readings, stored_between, taken_in, utc_of

CHECK_SLACK_S = 1.0
"""A stored time is cut to whole seconds, and the two clocks are known to half a second: a picture of a face check may
seem to be from just before or after it."""
STEP_S, FINE_S = 1.0, 0.001
"""What stated times are cut to: mostly to whole seconds; where one has a fraction, to milliseconds."""
LOOK_S = 1.0
"""How long a look at what the page shows may take."""
AFTER_S = 3.0
"""A capture so soon after the player stood still is of the study before."""
CHECK_WORDS = re.compile(r"核验|核身|验证|认证|识别|比对|verif|recogni|authent", re.IGNORECASE)
"""A label with one of these says that a face check took the picture."""
CAPTURE_WORDS = re.compile(r"抓拍|拍照|capture|snapshot", re.IGNORECASE)
"""A label with one of these calls it a capture."""
FILE_WORDS = re.compile(r"底照|底片|注册照|登记照|报名照|证件照|建档|enrol|regist|on file", re.IGNORECASE)
"""A label with one of these says that it is the photograph on file."""
NUMBER = re.compile(r"[0-9０-９]+|第[一二三四五六七八九十百]+")
"""What tells captures of one kind apart in their labels: 抓拍1, 抓拍2."""
Span = tuple[float, float]


def kept(walk: WalkView, case: Case) -> tuple[list[PortraitSeen], Reading] | Finding:
    """The portraits that were stored in the course of the walk, and the reading that shows them.

    A file may hold the photograph on file, too; where it is called so it is no capture, and no false one.
    """
    found = stored_between(walk, "before", "after")
    last = readings(walk).get("after")
    if found is None or last is None:
        why = next((r.error for r in readings(walk).values() if r.error), "")
        if why:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"读不到抓拍图片：{why}",
                f"the portraits could not be read: {why}",
            )
        return inconclusive(
            case,
            Reason.UNSUPPORTED,
            "本次学员不在摄像头前（配置未写明测试人员或抓拍图片的读法）",
            "nobody was before a camera: the profile names no test persons, or no way to read portraits",
            settled=True,
        )
    return [one for one in found if not (one.enrolment and FILE_WORDS.search(one.label))], last


@dataclass(frozen=True)
class Album:
    """The portraits of a walk, told apart by when they may have been taken and what they are called."""

    walk: WalkView
    stored: Sequence[PortraitSeen]
    offset_s: float
    step_s: float
    """The step in which they are dated."""
    late_s: float
    """A check may have been open for so long before it was seen."""

    @classmethod
    def of(cls, walk: WalkView, stored: Sequence[PortraitSeen], reading: Reading, case: Case) -> Album:
        """`stored` as `kept` gives them, with the reading that shows them."""
        late_s = case.setting.state_every_s + LOOK_S
        return cls(walk, stored, reading.offset_s, reading.step_s, late_s)

    @property
    def cut_s(self) -> float:
        """What times are cut to that are dated to the second or finer."""
        finer = any(one.time is not None and one.time.microsecond for one in self.stored)
        return FINE_S if finer else STEP_S

    @property
    def captures(self) -> list[PortraitSeen]:
        """The portraits of study: those that no face check took.

        A capture that came due in a check may be taken at its very end. It is known by its label: what the platform
        calls portraits of study at other times, beside another picture of the same check that it calls otherwise.
        """
        return self._all("capture")

    @property
    def unclear(self) -> list[PortraitSeen]:
        """Those that may be of a face check, and of which nothing says that they are its own."""
        return self._all("unclear")

    @property
    def vague(self) -> list[PortraitSeen]:
        """Those of study of which it is not even known whether a check was open."""
        return [one for one in self.of_study(self.unclear) if not self.of_a_check(one)]

    def _all(self, sort: str) -> list[PortraitSeen]:
        return [one for one in self.stored if self._sorts[one.id] == sort]

    def taken(self, one: PortraitSeen) -> Span | None:
        """From when to when it may have been taken."""
        return taken_in(one, self.offset_s, self.step_s)

    @cached_property
    def _checks(self) -> list[Span]:
        """When face checks were seen to be open."""
        return checks(self.walk)

    @cached_property
    def _early(self) -> list[Span]:
        """When they may have been open."""
        return [(start - self.late_s, end) for start, end in self._checks]

    @cached_property
    def _sorts(self) -> dict[str, Literal["capture", "check", "unclear"]]:
        """What each portrait is, by its id."""
        early = self._early

        def within(one: PortraitSeen, spans: Sequence[Span], slack_s: float = 0.0) -> bool:
            taken = self.taken(one)
            return bool(spans) if taken is None else _meets(taken, spans, slack_s)

        def kind(one: PortraitSeen) -> str:
            return NUMBER.sub("", one.label)

        of_study = {kind(p) for p in self.of_study(self.stored) if not within(p, early, CHECK_SLACK_S)} - {""}

        def sort(one: PortraitSeen) -> Literal["capture", "check", "unclear"]:
            if not within(one, early):
                near = within(one, early, CHECK_SLACK_S)
                return "check" if near and called_a_check(one) and kind(one) not in of_study else "capture"
            if kind(one) not in of_study and (called_a_check(one) or (one.label and of_study)):
                return "check"
            taken = self.taken(one)
            span = [] if taken is None else [span for span in early if _meets(taken, [span])]
            others = [p for p in self.stored if p.label and kind(p) not in of_study and self.taken(p) is not None]
            its_own = any(within(p, span, CHECK_SLACK_S) for p in others)
            return "capture" if kind(one) in of_study and its_own else "unclear"

        return {p.id: sort(p) for p in self.stored}

    def of_a_check(self, one: PortraitSeen) -> bool:
        """Was it surely taken while a face check was open?"""
        taken = self.taken(one)
        return taken is not None and any(start <= taken[0] and taken[1] <= end for start, end in self._checks)

    def may_be_checks(self, portraits: Sequence[PortraitSeen]) -> bool:
        """May all of them be pictures of face checks, whose stored time is only a little off?"""
        return all(
            (taken := self.taken(p)) is not None and _meets(taken, self._early, CHECK_SLACK_S) for p in portraits
        )

    def besides_checks(self, captured: Sequence[PortraitSeen]) -> bool:
        """Is any of them no picture of a face check, even if each check took one that seems a little off?

        Only on a platform that demonstrably keeps pictures of checks beside those of study: then a check without one
        inside it is given the nearest one within the slack.
        """
        stretches = [taken for p in self.stored if (taken := self.taken(p)) is not None]
        bare = [span for span in self._checks if not any(_meets(taken, [span]) for taken in stretches)]
        if len(bare) == len(self._checks):
            return bool(captured)
        left = [moment(p, self.offset_s, self.step_s) for p in captured]
        for span in bare:
            near = [at for at in left if at is not None and _meets((at, at), [span], CHECK_SLACK_S)]
            if near:
                left.remove(min(near, key=lambda at: max(span[0] - at, at - span[1])))
        return bool(left)

    def of_study(self, portraits: Sequence[PortraitSeen], *, surely: bool = False) -> list[PortraitSeen]:
        """Those that may have been taken between the first and the last moment of playing, or surely were: what a
        log-in or the opening of a lesson takes is no portrait of study."""
        spans = playing_spans(self.walk)
        if not spans:
            return []
        study = spans[0][0] - CHECK_SLACK_S, spans[-1][1] + AFTER_S

        def during(taken: Span | None) -> bool:
            if taken is None:
                return not surely
            return study[0] <= taken[0] and taken[1] <= study[1] if surely else _meets(taken, [study])

        return [p for p in portraits if during(self.taken(p))]


def called_a_check(one: PortraitSeen) -> bool:
    """Does its label say that a face check took it?"""
    return bool(CHECK_WORDS.search(one.label)) and not CAPTURE_WORDS.search(one.label)


def checks(walk: WalkView) -> list[Span]:
    """When a face check was seen to be open, UTC seconds."""
    found: list[Span] = []
    since: float | None = None
    for o in walk.observations:
        if not isinstance(o.data, StateSeen):
            continue
        if o.data.state is LessonState.FACE_CHECK:
            since = o.t if since is None else since
        elif since is not None:
            found.append((utc_of(walk, since), utc_of(walk, o.t)))
            since = None
    if since is not None:
        found.append((utc_of(walk, since), utc_of(walk, walk.observations[-1].t)))
    return found


def _meets(taken: Span, spans: Sequence[Span], slack_s: float = 0.0) -> bool:
    return any(start - slack_s <= taken[1] and taken[0] <= end + slack_s for start, end in spans)
