"""pytest.html: the run as pytest-html shows it, made by a pytest of its own with `harness.plugin`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from harness.errors import HarnessError
from reports.once import publish, refuse_existing

PYTEST_HTML = "pytest.html"
PLUGINS = ("pytest_metadata.plugin", "pytest_html.plugin", "harness.plugin")
ALL_MET, SOME_NOT_MET = 0, 1
"""pytest's exit codes when the items were presented; FAILs of the platform are no fault of ours."""


def write(run_dir: Path) -> Path:
    """Write pytest.html into a finished run's folder, which must hold run.json.

    Raises LedgerError if there is one already, HarnessError if pytest could not present the run. A process of its
    own, because pytest cannot run twice in one, and a report may be written from within a test.
    """
    target = run_dir / PYTEST_HTML
    refuse_existing(target)
    with tempfile.TemporaryDirectory(prefix="xunjian-") as scratch:
        made = Path(scratch) / PYTEST_HTML
        (Path(scratch) / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        done = subprocess.run(
            _command(run_dir, made),
            cwd=scratch,
            env=_environment(),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode not in (ALL_MET, SOME_NOT_MET) or not made.is_file():
            raise HarnessError(
                "pytest could not present the run",
                where=str(run_dir),
                got=f"exit {done.returncode}: {(done.stderr or done.stdout)[-600:].strip()}",
                expected=f"exit {ALL_MET} or {SOME_NOT_MET} and a report",
            )
        return publish(target, made.read_bytes())


def _command(run_dir: Path, made: Path) -> list[str]:
    plugins = [part for name in PLUGINS for part in ("-p", name)]
    return [
        *(sys.executable, "-m", "pytest", *plugins, "-p", "no:cacheprovider", "-q"),
        *("-c", "pytest.ini", "--rootdir", "."),
        *("--xunjian-run", str(run_dir.resolve()), f"--html={made}", "--self-contained-html"),
    ]


def _environment() -> dict[str, str]:
    """Ours, with this source tree importable and no other plugin or option of the machine taking part."""
    here = str(Path(__file__).resolve().parent.parent)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    paths = [here, *filter(None, [kept.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
