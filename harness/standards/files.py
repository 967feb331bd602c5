"""The shape of the files in this folder, before they become a Standard. Strict: an unknown key is an error."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from harness.model.finding import Text
from harness.model.outcome import Level
from harness.model.requirement import SECONDS, Unit
from harness.model.values import Frozen

SentenceText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ShortId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)+[a-z]?$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def _filled(text: Text) -> Text:
    if not text.zh.strip() or not text.en.strip():
        raise ValueError("needs both zh and en")
    return text


Both = Annotated[Text, AfterValidator(_filled)]
"""A sentence whose Chinese and English are both there."""


class _File(Frozen):
    # strict: `yes`, "30" and 30 are not the same thing in a legal text
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DocumentEntry(_File):
    """A publication that was read."""

    zh: SentenceText
    en: SentenceText
    confidence: Literal["H", "M", "L"]
    second_hand: bool


class QuoteEntry(_File):
    """A place in a document; `text` is verbatim, or null where only a paraphrase was read."""

    document: str
    at: SentenceText
    text: SentenceText | None


class FunctionEntry(_File):
    """A function and the quote that demands it."""

    id: str
    zh: SentenceText
    en: SentenceText
    name: Name
    quote: str


class LimitEntry(_File):
    """A limit; its name is its key. Everything that could be guessed wrongly must be written."""

    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    unit: Unit
    kind: Literal["limit", "tolerance", "cap"]
    source: Literal["standard", "overlay", "harness"]
    better: Literal["lower", "higher"]
    scaled: bool = False

    @model_validator(mode="after")
    def _only_durations_scale(self) -> LimitEntry:
        if self.scaled and self.unit not in SECONDS:
            raise ValueError(f"only seconds, minutes and hours can be scaled, not {self.unit}")
        return self


class ProvisoEntry(_File):
    """When an automatic requirement cannot be tested by a run, and what it then becomes."""

    when: Both
    then: Literal["documentary", "not_applicable"]
    declared: dict[Name, str] = Field(default_factory=dict)
    """What the profile's policy says in that case; empty: only a run can tell."""


class RequirementEntry(_File):
    """A requirement as written."""

    id: ShortId
    function: str
    level: Annotated[Level, Field(strict=False)]
    origin: Literal["base", "overlay", "harness", "other_law"] | None = None
    observe: Literal["automatic", "review", "documentary"]
    clause: SentenceText
    quotes: tuple[str, ...] = Field(default=(), strict=False)
    title: Both
    statement: Both
    interpretation: Both | None = None
    limits: dict[Name, LimitEntry] = Field(default_factory=dict)
    question: Both | None = None
    proviso: ProvisoEntry | None = None
    cases: tuple[Both, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _consistent(self) -> RequirementEntry:
        asks = self.observe != "automatic" or (self.proviso is not None and self.proviso.then == "documentary")
        if asks and self.question is None:
            raise ValueError("needs a question: no browser settles it")
        if self.question is not None and not asks:
            raise ValueError("has a question that nobody is asked: it is automatic")
        if self.proviso is not None and self.observe != "automatic":
            raise ValueError("has a proviso although it is not automatic")
        if self.level is Level.DOCUMENTARY and self.observe == "automatic":
            raise ValueError("is documentary and automatic at once")
        if self.level in (Level.BASE, Level.OVERLAY) and not self.quotes:
            raise ValueError(f"level {self.level.value} needs a quote: whose rule is it?")
        return self


class StandardFile(_File):
    """A national standard."""

    id: SentenceText
    version: SentenceText
    title: Both
    documents: dict[str, DocumentEntry]
    quotes: dict[str, QuoteEntry]
    functions: Annotated[tuple[FunctionEntry, ...], Field(strict=False, min_length=1)]
    requirements: Annotated[tuple[RequirementEntry, ...], Field(strict=False, min_length=1)]


class RaiseEntry(_File):
    """A requirement of the base file that the overlay makes its own rule."""

    id: str
    quote: str


class OverlayFile(_File):
    """What a province or ministry adds."""

    id: SentenceText
    base: str
    version: SentenceText
    title: Both
    documents: dict[str, DocumentEntry] = Field(default_factory=dict)
    quotes: dict[str, QuoteEntry] = Field(default_factory=dict)
    add: tuple[RequirementEntry, ...] = Field(default=(), strict=False)
    raise_: tuple[RaiseEntry, ...] = Field(default=(), strict=False, alias="raise")
    require: tuple[RaiseEntry, ...] = Field(default=(), strict=False)
    tighten: dict[str, dict[Name, LimitEntry]] = Field(default_factory=dict)
