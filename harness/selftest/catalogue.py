"""The catalogue of defects of a subject, read strictly from its YAML; the subject's code is never imported."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_validator

from harness.errors import UsageError
from harness.model.finding import Text
from harness.model.profile import Policy
from harness.model.values import Frozen
from harness.platform.yaml_lines import read_yaml

REWRITES = "rewrites.yaml"
Kind = Literal["defect", "fraud", "defeat", "decoy"]


class Entry(Frozen):
    """One switchable defect, operator's fraud, defeat device or decoy."""

    id: str
    function: str
    kind: Kind = "defect"
    violates: str | None = None
    """The requirement that must FAIL because of it, by short id; None for a decoy."""
    implies: tuple[str, ...] = ()
    """Requirements that may FAIL with it."""
    visible: bool = False
    camera: bool = False
    plain: bool = False
    """Whether it is told from seconds that a face check covers: its runs have the camera off, also with every probe."""
    alone: bool = False
    """Whether nothing else can be shown while it is on."""
    blinds: tuple[str, ...] = ()
    """Requirements that can't be judged while it is on: what their walks go by is not to be seen."""
    fronts: tuple[str, ...] = ("spa", "classic")
    shown_by: tuple[str, ...] = ()
    """The walks that show it, where others read for the same requirement can't; empty: all of them."""
    declares: dict[str, Any] = Field(default_factory=dict)
    """What the subject's profile then says under `policy`, by that file's names and in its units."""
    rewrites: tuple[str, ...] = ()
    """What of the subject's code it answers anew, as `rule` or `rule.part`: of two that share one, one may hide."""
    statement: Text

    @field_validator("declares")
    @classmethod
    def _of_a_profile(cls, declares: dict[str, Any]) -> dict[str, Any]:
        try:
            Policy.model_validate(declares)
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"policy.{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        return declares

    @model_validator(mode="after")
    def _apart(self) -> Entry:
        if self.declares and not self.alone:
            raise ValueError("what is declared changes everybody's walks: `declares` needs `alone: true`")
        if self.plain and self.camera:
            raise ValueError("`plain` takes the camera off, and `camera` needs it on: leave one of them out")
        return self

    @property
    def topic(self) -> str:
        """What at most one of goes into a run: its function; operators' frauds are one of their own."""
        return "OP" if self.kind == "fraud" else self.function

    @property
    def affected(self) -> frozenset[str]:
        """Every requirement whose FAIL it explains."""
        return frozenset((*((self.violates,) if self.violates else ()), *self.implies))

    def hides(self, other: Entry) -> bool:
        """Whether one of the two may cover the other: both answer one thing anew, or one the whole of the other's."""
        return any(
            mine == theirs or mine.startswith(f"{theirs}.") or theirs.startswith(f"{mine}.")
            for mine in self.rewrites
            for theirs in other.rewrites
        )


class _File(Frozen):
    entries: tuple[Entry, ...] = Field(default=())


def read_catalogue(folder: Path) -> tuple[Entry, ...]:
    """Every entry of `folder/*.yaml`, with what `rewrites.yaml` beside the folder says of its code, if it is there.

    Raises UsageError with file and line, also when there is no entry.
    """
    found: list[Entry] = []
    for path in sorted(folder.glob("*.yaml")):
        document = read_yaml(path)
        try:
            found += _File.model_validate({"entries": document.data}).entries
        except ValidationError as error:
            first = error.errors()[0]
            raise UsageError(
                "a defect's entry is not valid", where=document.where(first["loc"][1:]), got=first["msg"]
            ) from None
    if not found:
        raise UsageError("no catalogue of defects", where=str(folder), expected="YAML files with entries")
    rewrites = _rewrites(folder.parent / REWRITES)
    return tuple(e.model_copy(update={"rewrites": rewrites[e.id]}) if e.id in rewrites else e for e in found)


def _rewrites(path: Path) -> dict[str, tuple[str, ...]]:
    if not path.is_file():
        return {}
    document = read_yaml(path)
    try:
        return TypeAdapter(dict[str, tuple[str, ...]]).validate_python(document.data)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(
            "what a defect rewrites is not valid", where=document.where(first["loc"]), got=first["msg"]
        ) from None


def chosen(entries: Sequence[Entry], patterns: Sequence[str], front: str) -> tuple[Entry, ...]:
    """Those of one front end whose id a pattern names (`f11-*`), all without patterns. Raises UsageError for none."""
    unknown = [p for p in patterns if not any(fnmatchcase(e.id, p) for e in entries)]
    if unknown:
        raise UsageError(
            "no such defect", where="--defects", got=", ".join(unknown), expected="ids or patterns such as f11-*"
        )
    return tuple(
        e for e in entries if front in e.fronts and (not patterns or any(fnmatchcase(e.id, p) for p in patterns))
    )
