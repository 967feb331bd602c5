"""Files that people fill in: answers, objections, waivers. Read strictly; mistakes are named with file and line."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from harness.errors import UsageError
from harness.model.values import Frozen
from harness.standards.lines import line_of, parse

M = TypeVar("M", bound=Frozen)
Said = Literal["yes", "no", "not_applicable"]
_WORDS = {True: "yes", False: "no", "是": "yes", "否": "no", "符合": "yes", "不符合": "no", "不适用": "not_applicable"}


class AnswerEntry(Frozen):
    """One question with its answer. Without `answer` it is still open."""

    id: str
    title: str = ""
    question: str = ""
    clause: str = ""
    answer: Said | None = None
    """yes: what is asked for was found; no: it was not; not_applicable: with the reason in `text`."""
    text: str | None = None
    name: str | None = None
    date: datetime.date | None = None
    attachments: tuple[str, ...] = ()
    """Paths of files that carry the answer, relative to this file; they go into the evidence."""

    @field_validator("answer", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        return _WORDS.get(value, value) if isinstance(value, str | bool) else value

    @model_validator(mode="after")
    def _whole(self) -> AnswerEntry:
        if self.answer is None:
            return self
        if not (self.name or "").strip():
            raise ValueError("an answer needs the name of who gives it")
        if self.date is None:
            raise ValueError("an answer needs its date")
        if self.answer == "not_applicable" and not (self.text or "").strip():
            raise ValueError("not_applicable needs its reason in text")
        return self


class Answers(Frozen):
    """answers.yaml: the run's questions.yaml, filled in."""

    run: str
    """Number of the run that the answers are about."""
    requirements: tuple[AnswerEntry, ...] = ()
    institution: tuple[AnswerEntry, ...] = ()

    @property
    def given(self) -> tuple[AnswerEntry, ...]:
        """Those that say something."""
        return tuple(entry for entry in (*self.requirements, *self.institution) if entry.answer is not None)


class ObjectionPointEntry(Frozen):
    """One point."""

    requirement: str = ""
    statement: str = Field(min_length=1)
    """What is objected to, in the objector's words."""
    answer: str = Field(min_length=1)
    effect: Literal["upheld", "amended", "retest"]
    name: str = Field(min_length=1)
    """Who answers."""
    date: datetime.date


class ObjectionFile(Frozen):
    """objection.yaml: an objection to a report, answered point by point."""

    run: str
    by: str = Field(min_length=1)
    raised: datetime.date
    points: tuple[ObjectionPointEntry, ...] = Field(min_length=1)


class Waiver(Frozen):
    """Somebody's dated acceptance of a finding that is known. It changes no outcome; it keeps a nightly job quiet."""

    requirement: str
    subject: str = ""
    """Name of the subject; empty: any."""
    owner: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    expires: datetime.date


class Waivers(Frozen):
    """waivers.yaml."""

    waivers: tuple[Waiver, ...]

    def covers(self, requirement: str, subject: str, today: datetime.date) -> Waiver | None:
        """The waiver in force for a requirement (full or short id) of a subject, its last day included."""
        return next(
            (
                w
                for w in self.waivers
                if w.requirement in (requirement, requirement.rsplit("/", 1)[-1])
                and w.subject in ("", subject)
                and today <= w.expires
            ),
            None,
        )


def read_form(path: Path, kind: type[M]) -> M:
    """A filled-in file. Raises UsageError that says file, line, what was got and what was expected."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = parse(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("cannot be read", where=str(path), got=str(error), expected="a UTF-8 YAML file") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise UsageError(
            "is not valid YAML",
            where=f"{path}:{mark.line + 1}" if mark else str(path),
            got=getattr(error, "problem", None) or str(error),
        ) from error
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = [part for part in first["loc"] if isinstance(part, str | int)]
        raise UsageError(
            ".".join(str(part) for part in at) or "the file",
            where=f"{path}:{line_of(text, at)}",
            got=repr(first["input"])[:80],
            expected=first["msg"].removeprefix("Value error, "),
        ) from error
