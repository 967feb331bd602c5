"""Overlays on a base standard: add, raise, require, tighten. Nothing can be loosened."""

from __future__ import annotations

from typing import Literal

from harness.model.outcome import Level
from harness.model.requirement import Limit, Proviso, Requirement, Tightened
from harness.standards.files import LimitEntry, OverlayFile, RequirementEntry
from harness.standards.reading import F, Opened, sources

ORIGIN: dict[Level, Literal["base", "overlay", "harness"]] = {
    Level.BASE: "base",
    Level.OVERLAY: "overlay",
    Level.DEFAULT: "harness",
    Level.ADVISORY: "harness",
}
"""Whose rule a level is; documentary and legal notes must say."""
FUNCTION_IDS = (*(f"F{n:02}" for n in range(1, 14)), "H01", "H02")


def limit(name: str, entry: LimitEntry) -> Limit:
    """A limit as the model has it."""
    return Limit(name=name, **entry.model_dump())


def requirement(
    opened: Opened[F], prefix: str, entry: RequirementEntry, at: tuple[str | int, ...], *, overlay: str = ""
) -> Requirement:
    """A requirement as the model has it. Raises StandardError for unknown functions, quotes and origins."""
    content = opened.content
    if entry.function not in FUNCTION_IDS:
        opened.refuse("unknown function", (*at, "function"), got=entry.function, expected="F01 to F13, H01 or H02")
    origin = entry.origin or ORIGIN.get(entry.level)
    if origin is None:
        opened.refuse(
            f"level {entry.level.value} does not say whose rule it is",
            (*at, "level"),
            got="no origin",
            expected="origin: base, overlay, harness or other_law",
        )
    foreign = Level.BASE if overlay else Level.OVERLAY
    if entry.level is foreign:
        opened.refuse(
            "this file cannot set this level",
            (*at, "level"),
            got=entry.level.value,
            expected="overlay, default, advisory, documentary or legal_note" if overlay else "any level but overlay",
        )
    for name, written in entry.limits.items():
        if written.source == ("standard" if overlay else "overlay"):
            opened.refuse(
                "whose limit is it?",
                (*at, "limits", name, "source"),
                got=written.source,
                expected="overlay or harness" if overlay else "standard or harness",
            )
    return Requirement(
        id=f"{prefix}/{entry.id}",
        function=entry.function,
        level=entry.level,
        origin=origin,
        observe=entry.observe,
        title=entry.title,
        statement=entry.statement,
        clause=entry.clause,
        sources=sources(opened, entry.quotes, (*at, "quotes"), content.documents, content.quotes),
        interpretation=entry.interpretation,
        limits={name: limit(name, written) for name, written in entry.limits.items()},
        question=entry.question,
        proviso=Proviso(when=entry.proviso.when, then=entry.proviso.then, declared=dict(entry.proviso.declared))
        if entry.proviso
        else None,
        cases=entry.cases,
        overlay=overlay,
    )


def apply(opened: Opened[OverlayFile], merged: dict[str, Requirement]) -> None:
    """Change `merged` (by short id, in the order of the report) by one overlay. Raises StandardError."""
    overlay = opened.content
    for place, entry in enumerate(overlay.add):
        at = ("add", place)
        if entry.id in merged:
            opened.refuse("this id is taken", (*at, "id"), got=entry.id, expected="an id of its own")
        added = requirement(opened, overlay.id, entry, at, overlay=overlay.id)
        _insert(merged, added)
    for place, raised in enumerate(overlay.raise_):
        at = ("raise", place)
        old = _known(opened, merged, raised.id, (*at, "id"))
        if old.level not in (Level.DEFAULT, Level.ADVISORY) or old.observe != "automatic":
            opened.refuse(
                "cannot be raised",
                (*at, "id"),
                got=f"{raised.id} at level {old.level.value}",
                expected="an automatic requirement at level default or advisory",
                hint="Documentary ones go under require.",
            )
        more = sources(opened, (raised.quote,), (*at, "quote"), overlay.documents, overlay.quotes)
        merged[raised.id] = old.model_copy(
            update={"level": Level.OVERLAY, "overlay": overlay.id, "sources": (*old.sources, *more)}
        )
    for place, required in enumerate(overlay.require):
        at = ("require", place)
        old = _known(opened, merged, required.id, (*at, "id"))
        if old.level is not Level.DOCUMENTARY:
            opened.refuse(
                "cannot be required",
                (*at, "id"),
                got=f"{required.id} at level {old.level.value}",
                expected="a documentary requirement",
                hint="Automatic ones go under raise; other law is part of no decision.",
            )
        more = sources(opened, (required.quote,), (*at, "quote"), overlay.documents, overlay.quotes)
        merged[required.id] = old.model_copy(
            update={
                "required_by": old.required_by or overlay.id,
                "sources": tuple(dict.fromkeys((*old.sources, *more))),
            }
        )
    for id, limits in overlay.tighten.items():
        old = _known(opened, merged, id, ("tighten", id))
        for name, entry_ in limits.items():
            old = _tighten(opened, old, name, limit(name, entry_), ("tighten", id, name))
        merged[id] = old


def _known(
    opened: Opened[OverlayFile], merged: dict[str, Requirement], id: str, at: tuple[str | int, ...]
) -> Requirement:
    found = merged.get(id)
    if found is None:
        opened.refuse("no such requirement", at, got=id, expected="a short id of the base standard or added here")
    return found


def _insert(merged: dict[str, Requirement], added: Requirement) -> None:
    """Behind the last requirement of the same function, so that the report keeps its order."""
    items = list(merged.items())
    own = [n for n, (short, r) in enumerate(items) if r.function == added.function and short[:2] not in ("X-", "D-")]
    place = own[-1] + 1 if own else len(items)
    items.insert(place, (added.short, added))
    merged.clear()
    merged.update(items)


def _tighten(
    opened: Opened[OverlayFile], old: Requirement, name: str, new: Limit, at: tuple[str | int, ...]
) -> Requirement:
    base = old.limits.get(name)
    if base is None:
        opened.refuse("no such limit", at, got=name, expected=" or ".join(old.limits) or "no limit at all")
    if (new.plain_unit, new.better, new.kind, new.scaled) != (base.plain_unit, base.better, base.kind, base.scaled):
        opened.refuse(
            "is another kind of limit",
            at,
            got=f"{new.unit}, {new.kind}, {new.better} is better, scaled {new.scaled}",
            expected=f"{base.unit}, {base.kind}, {base.better} is better, scaled {base.scaled}",
        )
    if new.source != "overlay":
        opened.refuse("whose limit is it?", (*at, "source"), got=new.source, expected="overlay")
    if not new.stricter_than(base.plain) and new.plain != base.plain:
        opened.refuse(
            "loosens the base standard",
            (*at, "value"),
            got=f"{new.value:g} {new.unit}",
            expected=f"{base.value:g} {base.unit} or {'less' if base.better == 'lower' else 'more'}",
            hint="The strictest of base, overlay and declared policy applies.",
        )
    own = (*old.tightened.get(name, ()), Tightened(overlay=opened.content.id, limit=new))
    return old.model_copy(update={"tightened": {**old.tightened, name: own}})
