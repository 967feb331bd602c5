"""The contact sheet's rows: what a platform stored, beside what its learner's camera showed at that moment. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from harness.model.dossier import Exposure
from harness.model.observation import FramesShown, Instructed, PortraitSeen, PortraitsRead
from harness.view import WalkView


def exposures(views: Iterable[WalkView]) -> Iterator[Exposure]:
    """Every portrait that came up in the course of a walk, as it was last read."""
    for view in views:
        read = [(o.account, o.data.portraits) for o in view.observations if isinstance(o.data, PortraitsRead)]
        known = [(account, portraits) for account, portraits in read if portraits is not None]
        if len(known) < 2:
            continue
        frames: dict[str, str] = {}
        for fact in view.facts(FramesShown):
            frames |= fact.frames
        before = {one.id for one in known[0][1]}
        account, last = known[-1]
        confirmed = [
            (datetime.fromisoformat(o.utc), o.data)
            for o in view.observations
            if isinstance(o.data, Instructed) and o.data.outcome == "confirmed" and o.account == account
        ]
        for one in last:
            if one.id not in before:
                yield _row(view, account, one, frames, _led(confirmed, one))


def _led(confirmed: Sequence[tuple[datetime, Instructed]], one: PortraitSeen) -> Instructed | None:
    """What a living person was last confirmed to do before the portrait's stated time; its still stands beside it."""
    if one.time is None:
        return None
    return next((fact for at, fact in reversed(confirmed) if at <= one.time), None)


def _row(view: WalkView, account: str, one: PortraitSeen, frames: dict[str, str], led: Instructed | None) -> Exposure:
    return Exposure(
        walk=view.name,
        attempt=view.attempt,
        account=account,
        id=one.id,
        time=one.time.isoformat() if one.time is not None else "",
        label=one.label,
        verdict=one.verdict,
        stored=one.picture,
        shown=frames.get(one.frame, "") or (led.frame if led is not None else ""),
        scene=one.scene or (led.scene if led is not None else ""),
        person=one.person or (led.person if led is not None else ""),
        still=led is not None and not one.code,
        code=one.code or "",
        faces=one.faces,
        nearest=one.nearest,
        distance=one.distances.get(one.nearest),
        enrolment=one.enrolment,
        repeats=one.repeats,
    )
