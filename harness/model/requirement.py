"""The standard as data: functions, requirements and their limits, and who sets a limit that applies."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, Field

from harness.errors import StandardError
from harness.model.finding import Text
from harness.model.outcome import Level
from harness.model.values import Frozen

Unit = Literal["second", "minute", "hour", "day", "working_day", "month", "year", "count", "ratio", "percent", "pixel"]
"""Seconds, minutes and hours resolve to seconds; every other unit stays what it is."""
SECONDS: dict[str, float] = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
SMALLEST_TOLERANCE_S = 2.0
"""A rehearsal shortens tolerances, but never below what polling can tell apart (design.md section 7)."""


class Limit(Frozen):
    """One number of a requirement, as written in the standard's file."""

    name: str
    value: float
    unit: Unit
    kind: Literal["limit", "tolerance", "cap"]
    """`limit` decides, `tolerance` is slack that we grant when measuring, `cap` is the most a declared value may be."""
    source: Literal["standard", "overlay", "harness"]
    better: Literal["lower", "higher"]
    """Which direction is stricter."""
    scaled: bool = False
    """Does a rehearsal divide it by its time scale? Only durations can."""

    @property
    def plain(self) -> float:
        """The value in seconds for second, minute and hour, else in its own unit."""
        return self.value * SECONDS.get(self.unit, 1.0)

    @property
    def plain_unit(self) -> str:
        """The unit of `plain`."""
        return "second" if self.unit in SECONDS else self.unit

    def stricter_than(self, other: float) -> bool:
        """Is this limit strictly stricter than a value in its plain unit?"""
        return self.plain < other if self.better == "lower" else self.plain > other

    def at_scale(self, value: float, scale: float) -> float:
        """A value in the plain unit as a run at this time scale applies it."""
        if not self.scaled or scale == 1:
            return value
        if self.kind == "tolerance":
            return max(value / scale, SMALLEST_TOLERANCE_S)
        return value / scale


class Tightened(Frozen):
    """An overlay's own value of a limit of the base standard."""

    overlay: str
    limit: Limit


class ResolvedLimit(Frozen):
    """The limit that applies, and who set it."""

    name: str
    value: float
    """Seconds for durations up to hours, else the plain unit."""
    unit: str
    winner: str
    """`base`, `overlay:ID`, `declared` or `harness`."""
    scaled: bool = False
    """True when the value was shortened for a rehearsal."""

    @property
    def exact(self) -> Fraction:
        """The value as written, free of binary rounding: 0.30 is 3/10."""
        return Fraction(repr(self.value))


class Source(Frozen):
    """Where a requirement comes from. A text is verbatim; None means that only a paraphrase was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    text: str | None
    document: Text = Field(alias="from")
    """Who published it, and where it was read."""
    at: str
    """Article, item or page."""
    quoted: bool
    """转引: read at second hand, not in the issuing body's own print of the standard."""
    confidence: Literal["H", "M", "L"]
    """H official page or the notice itself, M mirror of an official text, L news, commercial page or code."""

    @property
    def label(self) -> Text:
        """How a report names it: `转引自 …` where it was read at second hand."""
        zh = f"转引自{self.document.zh} {self.at}" if self.quoted else f"{self.document.zh} {self.at}"
        en = (
            f"quoted at second hand from {self.document.en}, {self.at}"
            if self.quoted
            else f"{self.document.en}, {self.at}"
        )
        if self.text is None:
            return Text(zh=f"{zh}（未见原文，据转述）", en=f"{en} (text not seen, paraphrased)")
        return Text(zh=zh, en=en)


class Proviso(Frozen):
    """A case in which an automatic requirement cannot be tested by a run, and what it then becomes."""

    when: Text
    then: Literal["documentary", "not_applicable"]
    declared: dict[str, str] = Field(default_factory=dict)
    """The declared policy that says so, by name; empty: only a run can tell."""

    def declared_by(self, policy: Mapping[str, object]) -> bool:
        """Does the platform declare this case?"""
        return bool(self.declared) and all(policy.get(name) == value for name, value in self.declared.items())


class Requirement(Frozen):
    """One testable sentence."""

    id: str
    """`AQ8011-2023/F11-1`; the part after the slash is its short id."""
    function: str
    """F01 to F13, H01 or H02: the row of the report that it rolls up into."""
    level: Level
    origin: Literal["base", "overlay", "harness", "other_law"]
    """Whose rule it is, where the level says only how it is treated (documentary, advisory)."""
    observe: Literal["automatic", "review", "documentary"]
    title: Text
    statement: Text
    clause: str
    sources: tuple[Source, ...] = ()
    interpretation: Text | None = None
    """Our reading where the text is silent or unclear."""
    limits: dict[str, Limit] = Field(default_factory=dict)
    question: Text | None = None
    """What an assessor is asked, for requirements that no browser can settle."""
    proviso: Proviso | None = None
    cases: tuple[Text, ...] = ()
    """Situations that are often forgotten and must be tried."""
    overlay: str = ""
    """The overlay that added it or raised it."""
    required_by: str = ""
    """The overlay that lets a documentary requirement hold up the decision."""
    tightened: dict[str, tuple[Tightened, ...]] = Field(default_factory=dict)

    @property
    def short(self) -> str:
        """The id without the standard: F11-1."""
        return self.id.rsplit("/", 1)[-1]

    @property
    def mandatory(self) -> bool:
        """Does it count for the decision? Automatic at level base or overlay, or required by an overlay."""
        automatic = self.observe == "automatic" and self.level in (Level.BASE, Level.OVERLAY)
        return automatic or bool(self.required_by)

    def limit(self, name: str, *, declared: float | None = None, scale: float = 1.0) -> ResolvedLimit:
        """The strictest of standard, overlays and declared policy; on a tie the earlier in this order.

        `declared` is in seconds or the limit's plain unit, unscaled. Raises StandardError for an unknown name.
        """
        limit = self.limits.get(name)
        if limit is None:
            raise StandardError(
                f"unknown limit {name!r}",
                where=self.id,
                got=name,
                expected=" or ".join(self.limits) or "no limit at all",
            )
        value = limit.plain
        winner = {"standard": "base", "overlay": f"overlay:{self.overlay}", "harness": "harness"}[limit.source]
        for own in self.tightened.get(name, ()):
            if own.limit.stricter_than(value):
                value, winner = own.limit.plain, f"overlay:{own.overlay}"
        if declared is not None and (declared < value if limit.better == "lower" else declared > value):
            value, winner = declared, "declared"
        applied = limit.at_scale(value, scale)
        return ResolvedLimit(
            name=name, value=applied, unit=limit.plain_unit, winner=winner, scaled=limit.scaled and scale != 1
        )


class Function(Frozen):
    """One of the thirteen functions, or of the two rules on hours."""

    id: str
    zh: str
    en: str
    """Name for people."""
    name: str
    """Name in code and files: fast_forward_blocking."""
    text: str
    """The sentence that demands it, verbatim."""
    source: Source


class Overlay(Frozen):
    """A province's or ministry's rules on top of the national standard."""

    id: str
    version: str
    title: Text
    digest: str
    """SHA-256 of its content as loaded."""


class Standard(Frozen):
    """What a platform is judged against: the national text and the chosen overlays, merged."""

    id: str
    version: str
    title: Text
    functions: tuple[Function, ...]
    """F01 to F13, H01, H02, in this order."""
    requirements: tuple[Requirement, ...]
    """In the order of the report."""
    overlays: tuple[Overlay, ...] = ()
    digest: str
    """SHA-256 of the canonical JSON of everything above: functions, requirements, limits, overlays."""

    @cached_property
    def _by_id(self) -> dict[str, Requirement]:
        return {key: r for r in self.requirements for key in (r.id, r.short)}

    def find(self, id: str) -> Requirement | None:
        """A requirement by full or short id; None when this standard with these overlays has none."""
        return self._by_id.get(id)

    def get(self, id: str) -> Requirement:
        """A requirement by full or short id ('F11-1'). Raises StandardError with the nearest id."""
        found = self.find(id)
        if found is None:
            near = difflib.get_close_matches(id, list(self._by_id), n=1)
            raise StandardError(
                "no such requirement",
                where=self.id,
                got=id,
                expected=near[0] if near else "an id such as F11-1",
                hint="A province's requirements exist only with its overlay." if not near else "",
            )
        return found

    def function(self, id: str) -> Function:
        """A function by id. Raises StandardError."""
        for function in self.functions:
            if function.id == id:
                return function
        raise StandardError("no such function", where=self.id, got=id, expected="F01 to F13, H01 or H02")

    def of_function(self, id: str) -> tuple[Requirement, ...]:
        """The requirements that roll up into a function."""
        return tuple(r for r in self.requirements if r.function == id)

    def limit(
        self, requirement: Requirement | str, name: str, *, declared: float | None = None, scale: float = 1.0
    ) -> ResolvedLimit:
        """See Requirement.limit; the requirement may be given by its id."""
        of = self.get(requirement) if isinstance(requirement, str) else requirement
        return of.limit(name, declared=declared, scale=scale)
