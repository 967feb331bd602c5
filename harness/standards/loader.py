"""load_standard: from files to the one Standard that a run is judged against."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from harness.errors import StandardError
from harness.model.requirement import Function, Overlay, Requirement, Standard
from harness.standards.files import OverlayFile, StandardFile
from harness.standards.merging import FUNCTION_IDS, apply, requirement
from harness.standards.reading import Opened, read, sources

HERE = Path(__file__).parent
DEFAULT = "aq8011-2023"


def load_standard(standard: str | Path = DEFAULT, overlays: Sequence[str | Path] = ()) -> Standard:
    """The standard with its overlays, by shipped name ('aq8011-2023', 'jiangxi-2024-24') or by path.

    The order of overlays does not matter for limits: the strictest wins. Raises StandardError that says file, line,
    what was got and what was expected.
    """
    base = read(_find(standard, "aq"), StandardFile)
    functions = _functions(base)
    merged: dict[str, Requirement] = {}
    for place, entry in enumerate(base.content.requirements):
        at = ("requirements", place)
        if entry.id in merged:
            base.refuse("this id is there twice", (*at, "id"), got=entry.id, expected="an id of its own")
        merged[entry.id] = requirement(base, base.content.id, entry, at)
    empty = [f.id for f in functions if not any(r.function == f.id and r.mandatory for r in merged.values())]
    if empty:
        base.refuse(
            "a function without a mandatory requirement could never fail",
            ("functions",),
            got=", ".join(empty),
            expected="at least one automatic base requirement for each",
        )
    opened = [read(_find(name, "overlay"), OverlayFile) for name in overlays]
    used: list[Overlay] = []
    for one in opened:
        content = one.content
        if content.base != base.content.id:
            one.refuse("is an overlay of another standard", ("base",), got=content.base, expected=base.content.id)
        if any(content.id == other.id for other in used):
            one.refuse("is chosen twice", ("id",), got=content.id, expected="each overlay once")
        apply(one, merged)
        used.append(
            Overlay(
                id=content.id,
                version=content.version,
                title=content.title,
                digest=_digest(content.model_dump(mode="json", by_alias=True)),
            )
        )
    built = Standard(
        id=base.content.id,
        version=base.content.version,
        title=base.content.title,
        functions=functions,
        requirements=tuple(merged.values()),
        overlays=tuple(used),
        digest="",
    )
    return built.model_copy(
        update={"digest": _digest(built.model_dump(mode="json", by_alias=True, exclude={"digest"}))}
    )


def shipped() -> tuple[str, ...]:
    """Names of the files that come with the harness."""
    return tuple(sorted(path.stem for path in HERE.glob("*.yaml")))


def _find(name: str | Path, kind: str) -> Path:
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    found = HERE / f"{name}.yaml"
    if str(name) not in shipped():
        raise StandardError(
            "no such standard" if kind == "aq" else "no such overlay",
            got=str(name),
            expected=" or ".join(shipped()),
            hint="A file of your own is given by its path, ending in .yaml.",
        )
    return found


def _functions(base: Opened[StandardFile]) -> tuple[Function, ...]:
    content = base.content
    ids = tuple(entry.id for entry in content.functions)
    if ids != FUNCTION_IDS:
        base.refuse(
            "must be the thirteen functions and the two rules on hours, in order",
            ("functions",),
            got=", ".join(ids),
            expected=", ".join(FUNCTION_IDS),
        )
    made = []
    for place, entry in enumerate(content.functions):
        at = ("functions", place, "quote")
        (source,) = sources(base, (entry.quote,), at, content.documents, content.quotes)
        if source.text is None:
            base.refuse("a function needs a verbatim text", at, got=entry.quote, expected="a quote with its text")
        made.append(Function(id=entry.id, zh=entry.zh, en=entry.en, name=entry.name, text=source.text, source=source))
    return tuple(made)


def _digest(content: object) -> str:
    """SHA-256 of canonical JSON: sorted keys, no blanks, UTF-8."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
