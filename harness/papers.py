"""Working papers beside a run: 核查表 (HTML and PDF), 复查卡, 问题清单. The run itself is not touched."""

from __future__ import annotations

from pathlib import Path

from harness.conclude import printer
from harness.dossier import dossier_of
from harness.errors import HarnessError, LedgerError, UsageError
from harness.model.dossier import Dossier
from harness.runfolder import begun
from harness.standards import load_standard
from harness.standards.institution import load_institution


def write_papers(run: Path, folder: Path) -> list[Path]:
    """Make them in a folder of their own. Raises LedgerError when it exists, or when the run is not finished."""
    from reports import checklist, recheck, todo_docx
    from reports.once import write_once

    dossier = stored_dossier(run)
    if folder.exists():
        raise LedgerError("there is such a folder already", where=str(folder), hint="Choose another with --out.")
    folder.mkdir(parents=True)
    lines = [checklist.Line(i.id, i.section, i.question, i.functions) for i in load_institution().items]
    made = [
        write_once(folder / "checklist.html", checklist.render(lines, dossier)),
        write_once(folder / "recheck.html", recheck.render(dossier)),
        todo_docx.write(folder / "findings.docx", dossier),
    ]
    try:
        printer(folder / "checklist.html", folder / "checklist.pdf")
        made.append(folder / "checklist.pdf")
    except (HarnessError, UsageError):  # without a browser the pages remain
        pass
    return made


def stored_dossier(run: Path) -> Dossier:
    """What reports of a finished run are made from, its result as it was issued. Raises LedgerError."""
    from reports import json_run

    result = json_run.read(run)
    _, observations = begun(run)
    return dossier_of(observations, result, load_standard(overlays=result.standard.overlays))
