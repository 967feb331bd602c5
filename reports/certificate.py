"""certificate.pdf, titled 检测结论摘要: one page, for a platform that conforms and where a conclusion may be issued.

It is a summary of the test report of the same number, no certificate of conformity.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import segno
from markupsafe import Markup

from harness.model.dossier import Dossier
from harness.model.run import RunResult
from reports import page, pdf
from reports.once import refuse_existing
from reports.view import outcome_label

CERTIFICATE_PDF = "certificate.pdf"
SEAL = (16 * pdf.MM, 23 * pdf.MM, 108 * pdf.MM, 55 * pdf.MM)
"""Where `.seal` of certificate.css lies, points from the lower left."""


def code(result: RunResult, digest: str, until: date) -> str:
    """What the QR code says: enough to find the run and to see that it is this one."""
    return "\n".join(
        (
            "XUNJIAN/1",
            f"NO {result.number}",
            f"DECISION {result.decision.value}",
            f"RUN-SHA256 {digest}",
            f"LEDGER {result.ledger_head}",
            f"VALID-UNTIL {until.isoformat()}",
        )
    )


def render(dossier: Dossier, digest: str, until: date) -> str:
    """The page as text. `digest` is SHA-256 of run.json."""
    return page.render(
        "certificate",
        outcome=outcome_label,
        run=dossier.result,
        parties=dossier.parties,
        signer=dossier.signer,
        until=until.isoformat(),
        digest=digest,
        qr=Markup(segno.make(code(dossier.result, digest, until), error="m").svg_inline(border=2, omitsize=True)),
    )


def write(
    run_dir: Path, dossier: Dossier, printer: pdf.Printer, seal: pdf.Seal | None, *, digest: str, until: date
) -> Path:
    """Print and sign the sheet. Raises LedgerError if there is one; ask `issuing.may_be_issued` first."""
    target = run_dir / CERTIFICATE_PDF
    refuse_existing(target)
    with tempfile.TemporaryDirectory(prefix="xunjian-") as scratch:
        source = Path(scratch) / "certificate.html"
        source.write_text(render(dossier, digest, until), encoding="utf-8")
        return pdf.write_from(source, target, printer, seal, box=SEAL)
