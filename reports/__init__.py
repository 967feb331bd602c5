"""Reports of a finished run. They read the result and the run's folder, never the engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.model.dossier import Dossier
    from harness.model.run import RunResult
    from reports.labels import Lang


def write_all(run_dir: Path, of: Dossier | RunResult, lang: Lang = "zh") -> list[Path]:
    """Write report.html, junit.xml and pytest.html into a run's folder, and run.json if it is not there yet.

    Returns the paths of the three. Raises LedgerError, before anything is written, if one of them exists: nothing
    in a run is ever overwritten; or if the stored run.json is not this result.
    """
    from harness.errors import LedgerError
    from harness.model.dossier import Dossier
    from reports import html, json_run, junit, pytest_html
    from reports.once import refuse_existing

    result = of.result if isinstance(of, Dossier) else of
    for name in (html.REPORT_HTML, junit.JUNIT_XML, pytest_html.PYTEST_HTML):
        refuse_existing(run_dir / name)
    if not (run_dir / json_run.RUN_JSON).exists():
        json_run.write(run_dir, result)
    elif json_run.read(run_dir) != result:
        raise LedgerError("run.json holds another result", where=str(run_dir / json_run.RUN_JSON))
    return [html.write(run_dir, of, lang), junit.write(run_dir, result, lang), pytest_html.write(run_dir)]
