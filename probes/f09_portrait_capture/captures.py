"""Which of the stored portraits are captures of study, and which are pictures of face checks. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from harness.judge import Case, inconclusive
from harness.model.finding import Finding
from harness.model.observation import PortraitSeen, StateSeen
from harness.model.outcome import Reason
from harness.model.values import LessonState
from harness.view import WalkView
from probes.portraits import Reading, moment, readings, stored_between, utc_of

CHECK_SLACK_S = 1.0
"""A stored time is cut to whole seconds, and the two clocks are known to half a second: a picture of a face check may
seem to be from just before or after it."""
CHECK_WORDS = re.compile(r"核验|核身|验证|认证|识别|比对|verif|recogni|authent", re.IGNORECASE)
"""A label with one of these says that a face check took the picture."""


def kept(walk: WalkView, case: Case) -> tuple[list[PortraitSeen], Reading] | Finding:
    """The portraits that were stored in the course of the walk, and the reading that shows them."""
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
    return found, last


def captures(walk: WalkView, stored: Sequence[PortraitSeen], offset_s: float) -> list[PortraitSeen]:
    """The portraits of study: those that no face check took.

    A capture that came due in a check may be taken at its very end. It is known by its label: what the platform calls
    portraits of study at other times, beside another picture of the same check that it calls otherwise.
    """
    return [p for p, sort in _sorted(walk, stored, offset_s) if sort == "capture"]


def at_most_captures(walk: WalkView, stored: Sequence[PortraitSeen], offset_s: float) -> list[PortraitSeen]:
    """The same, and those from a face check of which nothing says that they are its own."""
    return [p for p, sort in _sorted(walk, stored, offset_s) if sort != "check"]


def _sorted(
    walk: WalkView, stored: Sequence[PortraitSeen], offset_s: float
) -> list[tuple[PortraitSeen, Literal["capture", "check", "unclear"]]]:
    """Each portrait, and what it is."""
    checked = _checks(walk)
    moments = {p.id: moment(p, offset_s) for p in stored}

    def within(one: PortraitSeen, spans: Sequence[tuple[float, float]], slack_s: float = 0.0) -> bool:
        at = moments[one.id]
        return at is not None and _during(at, spans, slack_s)

    of_study = {p.label for p in stored if moments[p.id] is not None and not within(p, checked, CHECK_SLACK_S)} - {""}

    def sort(one: PortraitSeen) -> Literal["capture", "check", "unclear"]:
        if not within(one, checked):
            return "capture"
        if one.label not in of_study and (CHECK_WORDS.search(one.label) or (one.label and of_study)):
            return "check"
        span = [span for span in checked if within(one, [span])]
        its_own = any(p.label and p.label not in of_study for p in stored if within(p, span, CHECK_SLACK_S))
        return "capture" if one.label in of_study and its_own else "unclear"

    return [(p, sort(p)) for p in stored]


def may_be_checks(portraits: Sequence[PortraitSeen], walk: WalkView, offset_s: float) -> bool:
    """May all of them be pictures of face checks, whose stored time is only a little off?"""
    checked = _checks(walk)
    moments = [moment(p, offset_s) for p in portraits]
    return all(at is not None and _during(at, checked, CHECK_SLACK_S) for at in moments)


def besides_checks(
    captured: Sequence[PortraitSeen], stored: Sequence[PortraitSeen], walk: WalkView, offset_s: float
) -> bool:
    """Is any of them no picture of a face check, even if each check took one that seems a little off?

    Only on a platform that demonstrably keeps pictures of checks beside those of study: then a check without one inside
    it is given the nearest one within the slack.
    """
    moments = [at for p in stored if (at := moment(p, offset_s)) is not None]
    checked = _checks(walk)
    bare = [span for span in checked if not any(_during(at, [span]) for at in moments)]
    if len(bare) == len(checked):
        return bool(captured)
    left = [moment(p, offset_s) for p in captured]
    for span in bare:
        near = [at for at in left if at is not None and _during(at, [span], CHECK_SLACK_S)]
        if near:
            left.remove(min(near, key=lambda at: max(span[0] - at, at - span[1])))
    return bool(left)


def _checks(walk: WalkView) -> list[tuple[float, float]]:
    """When a face check was open, UTC seconds."""
    found: list[tuple[float, float]] = []
    since: float | None = None
    for o in walk.observations:
        if not isinstance(o.data, StateSeen):
            continue
        if o.data.state is LessonState.FACE_CHECK:
            since = o.t if since is None else since
        elif since is not None:
            found.append((utc_of(walk, since), utc_of(walk, o.t)))
            since = None
    return found


def _during(at: float, spans: Sequence[tuple[float, float]], slack_s: float = 0.0) -> bool:
    return any(start - slack_s <= at <= end + slack_s for start, end in spans)
