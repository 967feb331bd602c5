"""An amended report: answers and objections appended to a copy of a run as a linked segment, everything made anew.

The run itself is not touched. The copy's ledger begins with the very lines of the run, so the chain proves that
nothing seen before was changed; what was added carries names, dates and the digests of attachments.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.clock import Clock, SystemClock
from harness.conclude import Issue, conclude
from harness.digest import harness_digest
from harness.errors import LedgerError, UsageError
from harness.forms import AnswerEntry, Answers, ObjectionFile, read_form
from harness.ledger import EVIDENCE, LEDGER, Ledger, read
from harness.model.observation import Amended, Answer, Objection
from harness.model.outcome import Outcome
from harness.model.run import RunResult
from harness.probe import load_probes
from harness.result import result_of
from harness.runfolder import begun
from harness.standards.institution import load_institution
from harness.stored import standard_of, stored
from harness.verify import verify_run

if TYPE_CHECKING:
    from reports.keys import Certificate

LARGEST = 50_000_000
"""Bytes of an attachment."""


@dataclass(frozen=True)
class Added:
    """What somebody hands in."""

    answers: Answers | None = None
    answers_file: Path | None = None
    objection: ObjectionFile | None = None
    reason: str = ""


def load_added(answers: Path | None, objection: Path | None, reason: str) -> Added:
    """Read both files. Raises UsageError when neither says anything."""
    given = read_form(answers, Answers) if answers else None
    objected = read_form(objection, ObjectionFile) if objection else None
    if objected is None and (given is None or not given.given):
        raise UsageError(
            "nothing is answered", where=str(answers or ""), expected="at least one answer, or --objection FILE"
        )
    said = reason or ("异议答复 answer to an objection" if objected else "评定人员作答 assessor's answers")
    return Added(given, answers, objected, said)


def amend(
    run: Path,
    added: Added,
    issue: Issue,
    *,
    trusted: tuple[Certificate, ...] = (),
    clock: Clock | None = None,
) -> tuple[Path, RunResult]:
    """The amended run's folder, beside the run, and its result.

    Raises LedgerError when the run is not intact, the amendment exists or this version judges the run otherwise than
    it was judged, UsageError for answers to what was not asked.
    """
    found = verify_run(run, trusted)
    if not found.intact:
        first = found.problems[0]
        raise LedgerError("the run is not intact", where=f"{run}/{first.where}", got=first.message)
    from reports import attestation, json_run

    before = json_run.read(run)
    _judged_alike(run, before)
    answered = {o.data.requirement for o in read(run) if isinstance(o.data, Answer)}
    entries = _checked(before, added, answered)
    number = len(before.amendments) + 1
    folder = run.parent / f"{before.run_id}-A{number}"
    if folder.exists():
        raise LedgerError("there is an amendment of this number already", where=str(folder), hint="Amend that one.")
    attested = run / attestation.ATTESTATION
    amended = Amended(
        number=number,
        previous_head=before.ledger_head,
        previous_attestation=attestation.sha256_file(attested) if attested.is_file() else "",
        reason=added.reason,
        signer=issue.key.certificate.fingerprint if issue.key else "",
    )
    building = run.parent / f".{folder.name}.{os.getpid()}.part"
    try:
        _copy(run, building)
        _append(building, amended, entries, added, clock or SystemClock())
        result = _conclude(building, issue, before)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder, result


def _judged_alike(run: Path, before: RunResult) -> None:
    """An amendment adds what people say; it must not bring in, unsaid, what another version makes of the ledger.

    Raises LedgerError.
    """
    if before.harness.digest == harness_digest():
        return  # what verify has just derived again
    now = stored(run)
    was = {v.id: v.outcome for v in before.requirements}
    other = [f"{v.id} {v.outcome.value}" for v in now.requirements if was.get(v.id) is not v.outcome]
    if other or len(now.requirements) != len(was) or now.standard.digest != before.standard.digest:
        raise LedgerError(
            "this version judges the run otherwise than it was judged",
            where=str(run),
            got=", ".join(other[:4]) or f"standard {now.standard.digest[:12]}",
            expected=f"what harness {before.harness.version} {before.harness.digest[:12]} found",
            hint="Amend it with that version.",
        )


def _checked(before: RunResult, added: Added, answered: Collection[str]) -> list[tuple[str, AnswerEntry]]:
    """Answers under the names that the ledger knows. Raises UsageError for a run or question that is not meant.

    `answered` are requirements that were answered before: an answer may be corrected, the later one counts.
    """
    where = str(added.answers_file or "")
    for said in (added.answers, added.objection):
        if said is not None and said.run not in (before.number, before.run_id):
            raise UsageError("is about another run", where=where, got=said.run, expected=before.number)
    if added.objection is not None:
        _known_points(added.objection, before)
    if added.answers is None:
        return []
    asked = {v.id: v.id for v in before.requirements if v.outcome is Outcome.REVIEW or v.id in answered}
    asked |= {id.rsplit("/", 1)[-1]: id for id in asked}
    items = {item.id: item.key for item in load_institution().items}
    found = []
    for entries, known, what in (
        (added.answers.requirements, asked, "a requirement that waits for an answer"),
        (added.answers.institution, items, "an item of the institution's list"),
    ):
        for entry in entries:
            if entry.answer is None:
                continue
            if entry.id not in known:
                raise UsageError(
                    "answers what was not asked",
                    where=where,
                    got=entry.id,
                    expected=what,
                    hint="An answer settles a REVIEW; it never changes what was observed.",
                )
            found.append((known[entry.id], entry))
    return found


def _known_points(objection: ObjectionFile, before: RunResult) -> None:
    ids = {name for v in before.requirements for name in (v.id, v.id.rsplit("/", 1)[-1])}
    for point in objection.points:
        if point.requirement and point.requirement not in ids:
            raise UsageError("objects to what the report does not hold", got=point.requirement, expected="e.g. F11-1")


def _copy(run: Path, to: Path) -> None:
    """The ledger as a copy, for it will grow; the evidence as links where the disk can, for it never changes."""
    to.mkdir()
    shutil.copyfile(run / LEDGER, to / LEDGER)
    if (run / EVIDENCE).is_dir():
        (to / EVIDENCE).mkdir()
        for path in (run / EVIDENCE).iterdir():
            try:
                os.link(path, to / EVIDENCE / path.name)
            except OSError:
                shutil.copyfile(path, to / EVIDENCE / path.name)


def _append(folder: Path, amended: Amended, entries: list[tuple[str, AnswerEntry]], added: Added, clock: Clock) -> None:
    ledger = Ledger(folder, clock)
    try:
        ledger.append(amended)
        for name, entry in entries:
            files = [_attachment(ledger, added.answers_file, path) for path in entry.attachments]
            assert entry.answer is not None
            assert entry.date is not None
            ledger.append(
                Answer(
                    requirement=name,
                    answer=entry.answer,
                    text=entry.text or "",
                    name=entry.name or "",
                    date=entry.date.isoformat(),
                ),
                evidence=files,
            )
        objection = added.objection
        for place, point in enumerate(objection.points if objection else (), 1):
            assert objection is not None
            ledger.append(
                Objection(
                    point=place,
                    requirement=point.requirement,
                    statement=point.statement,
                    by=objection.by,
                    raised=objection.raised.isoformat(),
                    answer=point.answer,
                    effect=point.effect,
                    name=point.name,
                    date=point.date.isoformat(),
                )
            )
    finally:
        ledger.close()


def _attachment(ledger: Ledger, answers: Path | None, name: str) -> str:
    path = (answers.parent if answers else Path()) / name
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError("attachment is too large", where=str(path), expected=f"at most {LARGEST // 10**6} MB")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError("attachment cannot be read", where=str(path), got=error.strerror) from error
    return ledger.evidence.put(data, path.suffix)


def _conclude(folder: Path, issue: Issue, before: RunResult) -> RunResult:
    start, _ = begun(folder)
    standard = standard_of(start)
    lines = list(read(folder))
    result = result_of(lines, standard, load_probes())
    amends = {"run_id": before.number, "ledger_head": before.ledger_head}
    conclude(folder, lines, result, standard, issue, amends=amends)
    return result
