"""Can captures be foreseen, because they come at even intervals? Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Literal

from harness.judge import Case
from harness.model.observation import ActionDone
from harness.view import WalkView
from probes.f09_portrait_capture.captures import STEP_S, checks
from probes.portraits import played_until, utc_of

JITTER_S = 0.7
"""Beyond one report's interval: what asking, taking and sending vary by. Gaps closer together are a schedule."""
FEWEST_GAPS = 3
"""Below this nothing is said about a schedule."""
FEWEST_CALM_GAPS = 4
"""The same where gaps with a face check in them are left out: what is left was picked, so it takes one more."""
BY_CHANCE = 0.005
"""Gaps that were drawn as wide as they are long on average must look even less often than this, before they are called
a schedule: four gaps of some five minutes; of a rehearsal's eleven seconds four if alike to the second, else five. A
FAIL must repeat besides."""
DELAYS_S = 3.0
"""A capture so soon after the player stood still may have been due meanwhile."""

Spacing = Literal["uneven", "even", "even_but_few", "unknown"]
Span = tuple[float, float]
"""From when to when the player ran, UTC seconds."""
Taken = tuple[float, float]
"""When a capture was taken, UTC seconds, and how far that may be off; in order."""


def spacing(
    walk: WalkView, spans: Sequence[Span], taken: Sequence[Taken], case: Case, undated: int = 0, step_s: float = STEP_S
) -> Spacing:
    """Whether captures come at even intervals, by the clock or in time played within `spans`.

    `step_s` is what stated times are cut to. Where the platform dates no picture, its mark says when it was taken only
    within the stretch in which that was shown; what this may change is not concluded. Nor is what so many more
    captures, `undated`, may change: each may lie in one of the longest gaps.
    """
    doubt = 4 * max((u for _, u in taken), default=0.0)  # each end of the shortest and of the longest gap
    allowed = max(case.setting.report_s, 1.0) + JITTER_S
    moments = [at for at, _ in taken]
    if undated:
        left = [sorted(gaps)[:-undated] for gaps in _measures(walk, spans, moments)]
        uneven = all(len(g) >= FEWEST_GAPS and _spread(g, allowed, doubt, step_s) == "uneven" for g in left)
        return "uneven" if uneven else "unknown"
    found = {_spread(gaps, allowed, doubt, step_s) for gaps in _measures(walk, spans, moments)}
    calm = [gaps for gaps in _measures(walk, spans, moments, calm=True) if len(gaps) >= FEWEST_CALM_GAPS]
    if any(_spread(gaps, allowed, doubt, step_s) == "even" for gaps in calm):
        return "even"
    return next((said for said in ("even", "even_but_few", "unknown", "uneven") if said in found), "unknown")


def _spread(gaps: Sequence[float], allowed: float, doubt: float, step_s: float) -> Spacing:
    """Of fewer gaps than it takes, only that two of them differ. A schedule of which hardly a gap was left undisturbed
    is not excluded by what another way of counting makes of the disturbed ones."""
    spread = max(gaps, default=0.0) - min(gaps, default=0.0)
    if spread > allowed:
        return "uneven" if spread - doubt > allowed else "unknown"
    if len(gaps) < FEWEST_GAPS or spread + doubt > allowed:
        return "unknown"
    mean = math.fsum(gaps) / len(gaps)
    alike = min(allowed, spread + doubt + step_s)
    return "even" if chance(len(gaps), alike / mean) <= BY_CHANCE else "even_but_few"


def chance(gaps: int, part: float) -> float:
    """How likely it is that so many gaps, drawn evenly from a range, lie within a part of it (0 to 1) by chance: the
    distribution of the range of a sample (David and Nagaraja, Order Statistics, 2003, example 2.3)."""
    part = min(part, 1.0)
    return gaps * part ** (gaps - 1) - (gaps - 1) * part**gaps


def _measures(
    walk: WalkView, spans: Sequence[Span], moments: Sequence[float], *, calm: bool = False
) -> Iterator[list[float]]:
    """The gaps as a platform may count them: by the clock, without those that something delayed; and in time played,
    also across a lesson that was opened anew. `calm`: only those in which no face check came, which may have taken a
    capture's place or let the counting begin anew."""
    opened = [
        utc_of(walk, o.t) for o in walk.observations if isinstance(o.data, ActionDone) and o.data.name == "open_lesson"
    ]
    asked = checks(walk) if calm else []
    pairs = [(a, b) for a, b in itertools.pairwise(moments) if not any(s < b and e > a for s, e in asked)]
    whole = [(a, b) for a, b in pairs if not any(a <= at <= b for at in opened)]
    # A capture that was due while nothing played, or during a face check, comes as soon as the lesson goes on.
    undelayed = [
        (a, b) for a, b in whole if played_until(spans, b) - played_until(spans, b - DELAYS_S) >= DELAYS_S - 0.2
    ]
    yield [b - a for a, b in undelayed]
    for counted in (whole, pairs):
        yield [played_until(spans, b) - played_until(spans, a) for a, b in counted]
