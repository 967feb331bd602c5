"""The end of a run: everything that is made from its ledger, in the order in which one file rests on another.

run.json, questions, report.html, junit.xml, pytest.html, report.pdf, the conclusion sheet, and the attestation over
them all. The one place that gives reporters a browser to print with and a key to sign with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from harness import questions
from harness.dossier import dossier_of
from harness.errors import HarnessError, UsageError
from harness.model.dossier import Dossier
from harness.model.observation import Observation
from harness.model.requirement import Standard
from harness.model.run import RunResult

if TYPE_CHECKING:
    from reports.keys import SigningKey
    from reports.labels import Lang


@dataclass(frozen=True)
class Issue:
    """How a run's files are issued."""

    key: SigningKey | None = None
    tsa: str | None = None
    """Address of a time-stamping service."""
    months: int = 12
    """How long a conclusion stands."""
    printing: bool = True
    """False where no browser may be started: then there is no PDF."""
    tell: Callable[[str], None] = lambda message: None
    """Told what could not be made though the run is sound."""


def conclude(
    run_dir: Path,
    observations: list[Observation],
    result: RunResult,
    standard: Standard,
    issue: Issue,
    amends: dict[str, str] | None = None,
) -> Dossier:
    """Write every file that follows from the ledger. Raises LedgerError if one is there already."""
    import reports
    from reports import attestation, json_run
    from reports.issuing import may_be_issued

    now = datetime.now(UTC)
    until = None
    if may_be_issued(result):
        until = attestation.valid_until(datetime.fromisoformat(result.finished_utc).date(), issue.months)
    dossier = dossier_of(observations, result, standard).model_copy(
        update={
            "signer": issue.key.certificate.name if issue.key else "",
            "signer_fingerprint": issue.key.certificate.fingerprint if issue.key else "",
            "valid_until": until.isoformat() if until else "",
            "amends": amends.get("run_id", "") if amends else "",
        }
    )
    json_run.write(run_dir, result)
    questions.write(run_dir, result)
    reports.write_all(run_dir, dossier)
    if issue.printing:
        try:
            _print(run_dir, dossier, issue, now)
        except (HarnessError, UsageError) as error:
            issue.tell(f"report.pdf: {error}")
    attestation.write(
        run_dir,
        attestation.statement(
            run_dir,
            result,
            issued=now,
            valid_until=until,
            signer=issue.key.certificate if issue.key else None,
            amends=amends,
        ),
        issue.key,
    )
    return dossier


def _print(run_dir: Path, dossier: Dossier, issue: Issue, now: datetime) -> None:
    from datetime import date

    from reports import attestation, certificate, json_run, pdf

    seal = pdf.Seal(issue.key, dossier.result.number, now, issue.tsa) if issue.key else None
    pdf.write(run_dir, printer, seal)
    if dossier.valid_until:
        certificate.write(
            run_dir,
            dossier,
            printer,
            seal,
            digest=attestation.sha256_file(run_dir / json_run.RUN_JSON),
            until=date.fromisoformat(dossier.valid_until),
        )


def page_of(run_dir: Path, result: RunResult, target: Path, lang: Lang = "zh") -> Path:
    """The report page of a stored run under another reading, written elsewhere. Raises LedgerError if it exists."""
    from harness.ledger import EVIDENCE, read
    from harness.standards import load_standard
    from reports import html
    from reports.once import write_once
    from reports.thumbs import thumbnails

    standard = load_standard(overlays=result.standard.overlays)
    dossier = dossier_of(list(read(run_dir)), result, standard)
    thumbs = thumbnails(run_dir / EVIDENCE, html.wanted_pictures(dossier))
    return write_once(target, html.render(dossier, lang, thumbs))


def printer(page: Path, target: Path) -> None:
    """Print a page of ours with the browser that the run used."""
    from harness.browser.pdf import html_to_pdf

    asyncio.run(html_to_pdf(page, target))
