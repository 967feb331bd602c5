"""Recall: which finished runs a defect of this tool affects; a laboratory tells its clients (ISO/IEC 17025, 7.10)."""

from __future__ import annotations

import datetime
from pathlib import Path

from pydantic import Field, model_validator

from harness.errors import XunjianError
from harness.forms import read_form
from harness.model.outcome import Outcome
from harness.model.run import RunResult
from harness.model.values import Frozen


class Notice(Frozen):
    """recall.yaml: what is wrong, in which versions, for which requirements."""

    defect: str = Field(min_length=1)
    requirements: tuple[str, ...] = Field(min_length=1)
    """Short ids: F11-1."""
    harness: tuple[str, ...] = ()
    """Versions, or beginnings of digests, of the tool."""
    since: datetime.date | None = None
    until: datetime.date | None = None
    """First and last day of runs, where versions are not known."""
    outcomes: tuple[Outcome, ...] = ()
    """Only these outcomes may be wrong; empty: any."""

    @model_validator(mode="after")
    def _bounded(self) -> Notice:
        if not (self.harness or self.since or self.until):
            raise ValueError("say in which versions (harness) or days (since, until)")
        return self


class Affected(Frozen):
    """A run to look at again."""

    folder: str
    number: str
    subject: str
    version: str
    decision: str
    requirements: tuple[str, ...]


def read_notice(path: Path) -> Notice:
    """A recall notice. Raises UsageError with file and line."""
    return read_form(path, Notice)


def _used(result: RunResult, name: str) -> bool:
    """Was the run made by this version, or by a digest that begins so?"""
    return result.harness.version == name or (len(name) > 5 and result.harness.digest.startswith(name))


def affected(notice: Notice, runs: Path) -> list[Affected]:
    """The finished runs below a folder that the notice touches, oldest first; what is no run is passed over."""
    from reports import json_run

    found = []
    for path in sorted(runs.glob("*/run.json")):
        try:
            result = json_run.read(path)
        except XunjianError:
            continue
        day = datetime.datetime.fromisoformat(result.started_utc).date()
        if (notice.since and day < notice.since) or (notice.until and day > notice.until):
            continue
        if notice.harness and not any(_used(result, name) for name in notice.harness):
            continue
        hit = tuple(
            v.id.rsplit("/", 1)[-1]
            for v in result.requirements
            if v.id.rsplit("/", 1)[-1] in notice.requirements and (not notice.outcomes or v.outcome in notice.outcomes)
        )
        if hit:
            found.append(
                Affected(
                    folder=str(path.parent),
                    number=result.number,
                    subject=result.subject.name,
                    version=result.subject.version,
                    decision=result.decision.value,
                    requirements=hit,
                )
            )
    return found
