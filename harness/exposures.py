"""The contact sheet's rows: what a platform stored, beside what its learner's camera showed at that moment. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.model.dossier import Exposure
from harness.model.observation import FramesShown, PortraitSeen, PortraitsRead
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
        for one in last:
            if one.id not in before:
                yield _row(view, account, one, frames)


def _row(view: WalkView, account: str, one: PortraitSeen, frames: dict[str, str]) -> Exposure:
    return Exposure(
        walk=view.name,
        attempt=view.attempt,
        account=account,
        id=one.id,
        time=one.time.isoformat() if one.time is not None else "",
        label=one.label,
        verdict=one.verdict,
        stored=one.picture,
        shown=frames.get(one.frame, ""),
        scene=one.scene,
        person=one.person,
        code=one.code or "",
        faces=one.faces,
        nearest=one.nearest,
        distance=one.distances.get(one.nearest),
        enrolment=one.enrolment,
        repeats=one.repeats,
    )
