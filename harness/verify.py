"""Checking a stored run offline: nothing was changed, and its verdicts follow from its ledger.

Integrity (a changed line, a missing file) and re-derivation (does this harness draw the same conclusions) are kept
apart: another version of the harness is reported, never called tampering.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.digest import harness_digest
from harness.errors import StandardError, XunjianError
from harness.ledger import CUT_OFF, EVIDENCE, LEDGER, Problem, verify_chain
from harness.model.observation import Observation, RunFinished, RunStarted
from harness.model.run import RunResult
from harness.runfolder import begun
from harness.stages import beijing, resumable_from, waiting
from harness.stored import differences, stored

if TYPE_CHECKING:
    from reports.attestation import Statement
    from reports.keys import Certificate

RUN_JSON = "run.json"
REDACTION = "redaction.json"
"""What makes a folder a masked copy (harness/bundle.py)."""


@dataclass
class Verification:
    """What was found."""

    run: Path
    lines_checked: int = 0
    problems: list[Problem] = field(default_factory=list)
    """Something isn't what it was when it was written."""
    signer: str = ""
    """Who signed, and with which key."""
    notes: list[str] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Nothing was changed."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "run": self.run.name,
            "intact": self.intact,
            "lines_checked": self.lines_checked,
            "problems": [{"where": p.where, "message": p.message} for p in self.problems],
            "notes": self.notes,
            "signer": self.signer,
        }

    def lines(self) -> list[str]:
        """For people."""
        head = f"{self.run.name}: {self.lines_checked} lines, {'intact 完整' if self.intact else 'CHANGED 已被改动'}"
        signed = [f"  signed by 签名人: {self.signer}"] if self.signer else []
        return [
            head,
            *signed,
            *(f"  {p.where}: {p.message}" for p in self.problems),
            *(f"  note: {n}" for n in self.notes),
        ]


def verify_run(run: Path, trusted: Sequence[Certificate] = ()) -> Verification:
    """Check chain, evidence, run.json against the ledger, the verdicts, and every file against the signed statement.

    `trusted` are the signers that the caller knows; with any, a run of nobody among them is a problem.

    Raises LedgerError for a folder that is not a run's.
    """
    report = Verification(run)
    if (run / REDACTION).is_file():
        _masked(run, report, trusted)
        return report
    report.problems, head, report.lines_checked = verify_chain(run)
    if not (run / RUN_JSON).is_file():
        _unfinished(run, report)
        return report
    said = _said(run, report)
    if said is None:
        return report
    if said.ledger_head != head or said.observations != report.lines_checked:
        report.problems.append(
            Problem(
                RUN_JSON,
                f"belongs to another ledger: {said.observations} lines ending in {said.ledger_head[:12]}, "
                f"found {report.lines_checked} ending in {head[:12]}",
            )
        )
    chain_holds = not report.problems
    _attested(run, said, report, trusted)
    if chain_holds:
        _follows(run, said, report)
    return report


def _masked(run: Path, report: Verification, trusted: Sequence[Certificate]) -> None:
    """A masked copy: what is left of the run against the statement that was signed over the whole."""
    from harness.verify_redacted import problems_of
    from reports import attestation

    opened = attestation.read(run)
    if opened.statement is None or opened.problem:
        report.problems.append(Problem(attestation.ATTESTATION, opened.problem or "cannot be read"))
    if opened.statement is None:
        return
    report.lines_checked = opened.statement.predicate.ledger.lines
    report.problems += [*problems_of(run, opened.statement), *_signers(run, opened.statement, trusted)]
    said = _said(run, report)
    if said is not None:
        report.problems += _belongs(run, said, opened.statement)
        if report.intact and said.harness.digest == harness_digest():
            report.problems += _told(run, said)
    report.notes.append(
        "a masked copy: faces, names and numbers were taken out; verdicts were not derived again, and what was masked "
        "(redaction.json names it) is as whoever masked it says"
    )
    who = opened.statement.predicate.signer
    if who is None:
        report.notes.append("nobody signed this run: it shows that nothing was changed by accident, not who made it")
    elif opened.signed:
        report.signer = f"{who.name} {who.fingerprint[:16]}"


def _told(run: Path, said: RunResult) -> Iterator[Problem]:
    """A masked result decides what its own verdicts come to, and its page says no more: neither is what was signed."""
    from harness.bundle import page_of_masked
    from harness.decide import decide

    for what, says, gives in (
        ("would_be", said.would_be, decide(said.requirements)),
        ("would_be_extended", said.would_be_extended, decide(said.requirements, extended=True)),
    ):
        if says is not gives:
            yield Problem(
                RUN_JSON, f"{what} does not follow from its verdicts: says {says.value}, they give {gives.value}"
            )
    page = run / "report.html"
    if page.is_file() and page.read_bytes() != page_of_masked(run):
        yield Problem(page.name, f"says something else than {RUN_JSON}")


def _attested(run: Path, said: RunResult, report: Verification, trusted: Sequence[Certificate]) -> None:
    """Every file against the statement, the statement against the run, its signer against the others that are named."""
    from reports import attestation

    if not (run / attestation.ATTESTATION).is_file():
        if _signer(run):
            report.problems.append(
                Problem(attestation.ATTESTATION, "file is missing, though the ledger names a signer")
            )
        elif trusted:
            report.problems.append(Problem(attestation.ATTESTATION, "file is missing: nobody signed this run"))
        else:
            report.notes.append(f"no {attestation.ATTESTATION}: reports were not checked")
        return
    opened = attestation.read(run)
    if opened.problem:
        report.problems.append(Problem(attestation.ATTESTATION, opened.problem))
    if opened.statement is None:
        return
    report.problems += [*_files(run, opened.statement), *_belongs(run, said, opened.statement)]
    report.problems += _signers(run, opened.statement, trusted)
    who, until = opened.statement.predicate.signer, opened.statement.predicate.valid_until
    if who is None:
        report.notes.append("nobody signed this run: it shows that nothing was changed by accident, not who made it")
    elif opened.signed:
        report.signer = f"{who.name} {who.fingerprint[:16]}"
        if not trusted:
            report.notes.append("no trusted certificate was given (--trust): the name is the signer's own")
    if until is not None:
        over = datetime.now(UTC).date() > until
        report.notes.append(f"conclusion valid until 结论有效期至 {until}{'（已过期 expired）' if over else ''}")


def _files(run: Path, statement: Statement) -> Iterator[Problem]:
    from reports import attestation

    named = {s.name: s.digest.get("sha256") for s in statement.subject}
    found = {p.name: p for p in attestation.files(run)}
    for name, digest in named.items():
        if name not in found:
            yield Problem(name, "file is missing")
        elif attestation.sha256_file(found[name]) != digest:
            yield Problem(name, "file was changed: its digest is not the attested one")
    for name in sorted(found.keys() - named.keys()):
        yield Problem(name, "file was added after the run was attested")
    names = attestation.evidence_names(run)
    if attestation.manifest(names) != statement.predicate.evidence:
        yield Problem(
            EVIDENCE,
            f"other files than were attested: {statement.predicate.evidence.files} then, {len(names)} now",
        )


def _belongs(run: Path, said: RunResult, statement: Statement) -> Iterator[Problem]:
    """Does the statement speak of this result?"""
    from reports import attestation

    predicate = statement.predicate
    for what, says, has in (
        ("run_id", predicate.run_id, said.run_id),
        ("mode", predicate.mode, said.mode.value),
        ("decision", predicate.decision, said.decision.value),
        ("extended decision", predicate.decision_extended, said.decision_extended.value),
        ("ledger head", predicate.ledger.head, said.ledger_head),
        ("ledger lines", predicate.ledger.lines, said.observations),
        ("profile digest", predicate.profile, said.subject.profile_digest),
        ("standard digest", predicate.standard.get("digest"), said.standard.digest),
        ("harness digest", predicate.harness.get("digest"), said.harness.digest),
    ):
        if says != has:
            yield Problem(attestation.ATTESTATION, f"speaks of another run: {what} {says}, {RUN_JSON} has {has}")


def _signers(run: Path, statement: Statement, trusted: Sequence[Certificate]) -> Iterator[Problem]:
    """One signer in the ledger, the attestation and the PDFs, and one that is trusted."""
    from reports import attestation, pdf

    who = statement.predicate.signer
    mine = who.fingerprint if who else ""
    announced = _signer(run)
    if announced and announced != mine:
        yield Problem(
            attestation.ATTESTATION,
            f"signed by another key: the run began under {announced[:16]}, this is {mine[:16] or 'nobody'}",
        )
    if who is not None:
        yield from _in_force(statement)
    if trusted and mine not in {c.fingerprint for c in trusted}:
        known = ", ".join(f"{c.name} {c.fingerprint[:16]}" for c in trusted)
        yield Problem(
            attestation.ATTESTATION,
            f"signed by a key that is not trusted: {mine[:16] or 'nobody'}, trusted: {known}",
        )
    for path in sorted(run.glob("*.pdf")):
        try:
            signed = pdf.signature(path)
        except ValueError as error:
            yield Problem(path.name, f"cannot be read as a PDF: {error}")
            continue
        if signed is None:
            if mine:
                yield Problem(path.name, "carries no signature, though the run is signed")
        elif not (signed.intact and signed.whole):
            yield Problem(path.name, "was changed after it was signed")
        elif signed.fingerprint != mine:
            yield Problem(
                path.name, f"signed by another key: {signed.fingerprint[:16]}, the run by {mine[:16] or 'nobody'}"
            )


def _in_force(statement: Statement) -> Iterator[Problem]:
    """A certificate signs within its life; what it signed then stays signed."""
    from reports import attestation
    from reports.keys import load_certificate

    who, issued = statement.predicate.signer, statement.predicate.issued
    if who is None:
        return
    try:
        certificate = load_certificate(who.certificate, attestation.ATTESTATION)
    except XunjianError:
        return  # told where the signature was checked
    if not certificate.x509.not_valid_before_utc <= issued <= certificate.not_after:
        life = f"{certificate.x509.not_valid_before_utc:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
        yield Problem(attestation.ATTESTATION, f"signed outside its certificate's life: {life}")


def _signer(run: Path) -> str:
    """The key that the ledger announces, in its last segment; empty where it announces none or cannot be read."""
    signer = ""
    with (run / LEDGER).open("rb") as file:
        for number, raw in enumerate(file):
            if number == 0 or b'"kind":"amended"' in raw:
                try:
                    line = json.loads(raw)
                    if line["kind"] in ("run_started", "amended"):
                        signer = str(line["data"].get("signer", ""))
                except (ValueError, KeyError, TypeError, AttributeError):
                    continue
    return signer


def _unfinished(run: Path, report: Verification) -> None:
    """A run that was killed is no changed one; one that says it ended has lost its result."""
    torn = [p for p in report.problems if p.message == CUT_OFF]
    if torn == report.problems:
        report.problems = []
        report.notes += [f"{p.where}: {p.message}" for p in torn]
        _, observations = begun(run)
        if any(isinstance(o.data, RunFinished) for o in observations):  # an amended run goes on after that line
            report.problems.append(Problem(RUN_JSON, "file is missing, though the ledger says that the run ended"))
            return
    report.notes.append(f"no {RUN_JSON}: the run was not finished")
    if report.intact and (left := waiting(begun(run)[1])) is not None:
        moment = beijing(resumable_from(left.waits))
        report.notes.append(f"第 {left.number} 段已结束 stage {left.number} is over; goes on from {moment} (Beijing)")


def _said(run: Path, report: Verification) -> RunResult | None:
    from reports import json_run

    try:
        said = json_run.read(run)
        written = json_run.render(said).encode()
    except (XunjianError, ValueError) as error:
        report.problems.append(Problem(RUN_JSON, f"file was changed: {error}"))
        return None
    if written != (run / RUN_JSON).read_bytes():
        report.problems.append(Problem(RUN_JSON, "file was changed: it is not in the form in which it was written"))
    return said


def _follows(run: Path, said: RunResult, report: Verification) -> None:
    """What run.json says about how it came about must be the ledger's first line; the rest must follow from all."""
    start, observations = begun(run)
    problems = [Problem(RUN_JSON, message) for message in _origins(said, start)]
    report.problems += problems
    report.notes += [f"{EVIDENCE}/{name}: no line of the ledger names this file" for name in _strays(run, observations)]
    if problems:
        return
    if said.harness.digest != harness_digest():
        report.notes.append(
            f"observed and judged by harness {said.harness.digest[:12]}, this is {harness_digest()[:12]}: "
            "verdicts were not derived again"
        )
        return
    try:
        derived = stored(run)
    except StandardError as error:
        report.notes.append(f"verdicts were not derived again: {error}")
        return
    report.problems += [Problem(RUN_JSON, message) for message in differences(said, derived)]


def _origins(said: RunResult, start: RunStarted) -> Iterator[str]:
    for what, says, was in (
        ("run_id", said.run_id, start.run_id),
        ("harness", said.harness.digest, start.harness.get("digest")),
        ("standard", said.standard.digest, start.standard.get("digest")),
        ("mode", said.mode.value, start.mode),
    ):
        if says != was:
            yield f"'{what}' does not follow from the ledger: says {says}, the run began with {was}"


def _strays(run: Path, observations: list[Observation]) -> list[str]:
    """Files in evidence/ that nothing refers to; lines that a crash cut off are kept there too."""
    folder = run / EVIDENCE
    named = {name for o in observations for name in o.evidence}
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(p.name for p in found if p.name not in named and p.suffix not in (".torn", ".part"))
