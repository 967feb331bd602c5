"""From a stored ledger to what a report shows besides the verdicts: timelines, pictures, hours, clauses. Pure."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from harness.exposures import exposures
from harness.model.dossier import Band, Dossier, Hours, LedStep, Mark, MarkKind, Picture, Shown, Track, WalkRecord
from harness.model.observation import (
    Fault,
    FramesShown,
    Instructed,
    Media,
    Observation,
    PortraitSeen,
    PortraitsRead,
    RequestSent,
    RunStarted,
    SceneShown,
    StateSeen,
    Stimulus,
)
from harness.model.parties import Parties
from harness.model.requirement import Standard
from harness.model.run import RunResult
from harness.model.values import LessonState
from harness.settings import setting_of
from harness.view import Reading, SegmentView, WalkView, credit_s, walks

STRAIGHT_S = 0.75
"""A media sample nearer than this to the straight line through its neighbours is not drawn: it would not be seen."""
MOST_MARKS = 60
"""Marks of one walk that a timeline has room for."""
PICTURES = frozenset({"png", "jpg", "jpeg", "webp"})
STATE_MARKS: dict[LessonState, MarkKind] = {
    LessonState.LOCKED: "lock",
    LessonState.KICKED: "kick",
    LessonState.FACE_CHECK: "face_check",
}


def dossier_of(observations: Sequence[Observation], result: RunResult, standard: Standard) -> Dossier:
    """Everything that reports are made from. `observations` begin with run_started, as result_of demands."""
    start = observations[0].data
    assert isinstance(start, RunStarted)
    profile: dict[str, Any] = dict(start.profile)
    setting, lengths = setting_of(start, standard)
    hour_s = setting.policy_s("class_hour_s") or 1800.0 / setting.scale
    views = list(walks(observations))
    judged = {v.id for v in result.requirements}
    return Dossier(
        result=result,
        requirements=tuple(r for r in standard.requirements if r.id in judged),
        parties=Parties.model_validate(profile.get("parties") or {}),
        authorization={k: str(v) for k, v in dict(profile.get("authorization") or {}).items() if k != "hosts"},
        hour_s=hour_s,
        walks=tuple(_record(view, hour_s, lengths) for view in views),
        pictures=tuple(_pictures(observations)),
        exposures=tuple(exposures(views)),
        hours=tuple(_hours(views, hour_s, profile)),
        steps=tuple(_steps(observations)),
        presence={k: str(v) for k, v in dict(profile.get("presence") or {}).items() if k != "consent"},
        scenes=dict(Counter(o.data.scene for o in observations if isinstance(o.data, SceneShown))),
    )


def _record(view: WalkView, hour_s: float, lengths: dict[str, float]) -> WalkRecord:
    begun = view.started.t
    end = view.observations[-1].t
    plan, ended = view.plan, view.finished
    return WalkRecord(
        walk=view.name,
        attempt=view.attempt,
        purpose=plan.purpose if plan else "",
        status=ended.status if ended else "cut off",
        started_utc=view.started.utc,
        length_s=round(end - begun, 2),
        account=", ".join(plan.accounts) if plan else "",
        lesson=view.lesson,
        lesson_s=_lesson_s(view, lengths),
        bands=tuple(_band(segment, begun, hour_s) for segment in view.segments.values()),
        positions=tuple(_positions(view, begun)),
        credits=tuple(_credits(view.readings(), begun, hour_s)),
        states=tuple(_states(view, begun, end)),
        marks=tuple(sorted([*_marks(view, begun), *_captures(view)], key=lambda mark: mark.at_s)[:MOST_MARKS]),
    )


def _lesson_s(view: WalkView, lengths: dict[str, float]) -> float | None:
    if view.lesson in lengths:
        return lengths[view.lesson]
    return next((m.sample.duration_s for m in view.facts(Media) if m.sample.duration_s), None)


def _band(segment: SegmentView, begun: float, hour_s: float) -> Band:
    screens = {o.data.screen for o in segment.observations if isinstance(o.data, Media)}
    watched = [segment.watched(screen) for screen in screens]
    return Band(
        start_s=round(segment.start - begun, 2),
        end_s=round(segment.end - begun, 2),
        name=segment.name,
        kind=segment.kind,
        means="tool" if segment.means == "tool" else "ordinary",
        gained_s=_rounded(segment.gained_s(hour_s)),
        studied_s=_rounded(sum(w.valid_s for w in watched)) if watched else None,
        beyond_s=_rounded(sum(w.beyond_s for w in watched)) if watched else None,
    )


def _positions(view: WalkView, begun: float) -> Iterator[Track]:
    screens: dict[str, list[tuple[float, float]]] = {}
    for o in view.observations:
        if isinstance(o.data, Media):
            screens.setdefault(o.data.screen, []).append((o.t - begun, o.data.sample.position_s))
    for name, points in screens.items():
        yield Track(name=name, points=tuple((round(t, 2), round(x, 2)) for t, x in thinned(points)))


def thinned(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The points that a line needs (Douglas and Peucker): none of the others is STRAIGHT_S or more off the line."""
    keep = {0, len(points) - 1} if points else set()
    todo = [(0, len(points) - 1)] if len(points) > 2 else []
    while todo:
        first, last = todo.pop()
        (t0, x0), (t1, x1) = points[first], points[last]
        slope = (x1 - x0) / (t1 - t0) if t1 > t0 else 0.0
        off = [abs(points[i][1] - x0 - slope * (points[i][0] - t0)) for i in range(first + 1, last)]
        if off and max(off) >= STRAIGHT_S:
            worst = first + 1 + off.index(max(off))
            keep.add(worst)
            todo += [(first, worst), (worst, last)]
    return (points[i] for i in sorted(keep))


def _credits(readings: Iterable[Reading], begun: float, hour_s: float) -> Iterator[Track]:
    lessons: dict[str, list[tuple[float, float]]] = {}
    for reading in readings:
        shown = credit_s(reading.credit, hour_s)
        if shown is not None:
            lessons.setdefault(reading.lesson, []).append((round(reading.t - begun, 2), round(shown, 2)))
    for name, points in lessons.items():
        yield Track(name=name, points=tuple(points))


def _states(view: WalkView, begun: float, end: float) -> Iterator[Shown]:
    screens: dict[str, list[tuple[float, LessonState]]] = {}
    for o in view.observations:
        if isinstance(o.data, StateSeen):
            screens.setdefault(o.data.screen, []).append((o.t, o.data.state))
    for screen, seen in screens.items():
        for (start, state), (stop, _) in itertools.pairwise([*seen, (end, LessonState.UNKNOWN)]):
            yield Shown(screen=screen, state=state, start_s=round(start - begun, 2), end_s=round(stop - begun, 2))


def _marks(view: WalkView, begun: float) -> Iterator[Mark]:
    requests = 0
    for o in view.observations:
        found = _mark(o)
        if isinstance(o.data, RequestSent):
            requests += 1
            if requests > 1:  # a burst of requests is one moment, told by its first
                continue
        elif isinstance(o.data, Stimulus):
            requests = 0
        if found is not None:
            yield Mark(at_s=round(o.t - begun, 2), kind=found[0], text=found[1], seq=o.seq)


def _mark(o: Observation) -> tuple[MarkKind, str] | None:
    fact = o.data
    if isinstance(fact, Stimulus):
        return "stimulus", fact.name
    if isinstance(fact, RequestSent):
        return "request", fact.name
    if isinstance(fact, StateSeen) and fact.state in STATE_MARKS:
        return STATE_MARKS[fact.state], fact.state.value
    if isinstance(fact, Fault):
        return "fault", fact.type
    if isinstance(fact, SceneShown):
        return "scene", f"{fact.scene} {fact.person}".strip()
    return None


def _captures(view: WalkView) -> Iterator[Mark]:
    """When the platform says that it took a portrait of this walk's learner, each portrait once."""
    start = datetime.fromisoformat(view.started.utc)
    length = view.observations[-1].t - view.started.t
    seen: set[str] = set()
    for o in view.observations:
        for portrait in (o.data.portraits or ()) if isinstance(o.data, PortraitsRead) else ():
            if portrait.id in seen or portrait.time is None:
                continue
            seen.add(portrait.id)
            at_s = (portrait.time - start).total_seconds()
            if 0 <= at_s <= length:
                kind: MarkKind = "portrait"
                yield Mark(at_s=round(at_s, 2), kind=kind, text=portrait.label or portrait.verdict, seq=o.seq)


def _steps(observations: Iterable[Observation]) -> Iterator[LedStep]:
    for o in observations:
        fact = o.data
        if isinstance(fact, Instructed):
            yield LedStep(
                walk=o.walk,
                attempt=o.attempt,
                zh=fact.zh,
                en=fact.en,
                given_utc=fact.given_utc,
                took_s=round(fact.took_s, 1),
                outcome=fact.outcome,
                by=fact.by,
                still=fact.frame or next(iter(o.evidence), ""),
                seq=o.seq,
            )


def _pictures(observations: Iterable[Observation]) -> Iterator[Picture]:
    """Every picture in the evidence once, where it was first written down."""
    seen: set[str] = set()
    for o in observations:
        for portrait in (o.data.portraits or ()) if isinstance(o.data, PortraitsRead) else ():
            if portrait.picture and portrait.picture not in seen:
                seen.add(portrait.picture)
                yield _portrait(o, portrait)
        for name in o.evidence:
            if isinstance(o.data, FramesShown | Instructed):  # stands on the contact sheet
                continue
            if name in seen or name.rsplit(".", 1)[-1].lower() not in PICTURES:
                continue
            seen.add(name)
            yield Picture(
                name=name,
                seq=o.seq,
                utc=o.utc,
                what="screen",
                caption=" ".join(filter(None, (o.walk, _caption(o)))),
                account=o.account,
            )


def _portrait(o: Observation, portrait: PortraitSeen) -> Picture:
    notes: list[str] = [portrait.likeness] if portrait.likeness else []
    notes.append("marked" if portrait.code else "unmarked")
    notes += ["enrolment"] * portrait.enrolment + ["repeated"] * bool(portrait.repeats)
    if portrait.faces is not None and portrait.faces != 1:
        notes.append("several" if portrait.faces else "nobody")
    return Picture(
        name=portrait.picture,
        seq=o.seq,
        utc=portrait.time.isoformat() if portrait.time else o.utc,
        what="portrait",
        caption=" ".join(filter(None, (o.walk, portrait.label, portrait.verdict, portrait.marked))),
        account=o.account,
        notes=tuple(notes),
    )


def _caption(o: Observation) -> str:
    for field in ("state", "name", "segment", "reading"):
        value = getattr(o.data, field, None)
        if value:
            return str(value)
    return o.kind


def _hours(views: Iterable[WalkView], hour_s: float, profile: dict[str, Any]) -> Iterator[Hours]:
    """One row per honest stretch of study: a lesson's length, what ran, what was credited.

    Walks with attacks are left out: what they earned is told on their requirement's card.
    """
    lengths = {str(x["id"]): x.get("duration_s") for x in profile.get("lessons", ())}
    for view in views:
        study = [s for s in view.segments.values() if s.kind != "settle"]
        if not study or any(s.kind == "attack" for s in study):
            continue
        gains = [s.gained_s(hour_s, view.lesson) for s in study if s.kind == "control"]
        known = [g for g in gains if g is not None]
        screens = {m.screen for m in view.facts(Media)}
        studied = sum(s.watched(screen).valid_s for s in study for screen in screens)
        if studied <= 0:
            continue
        yield Hours(
            account=view.plan.accounts[0] if view.plan and view.plan.accounts else "",
            lesson=view.lesson,
            promised_s=_rounded(lengths.get(view.lesson)),
            studied_s=round(studied, 1),
            credited_s=_rounded(sum(known)) if known and len(known) == len(gains) else None,
        )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
