"""`python -m benchmarks.side_by_side PROFILE [--platforms 2] [--slots 4] [--time-scale 1] [--only F] [--alone RUN]
[--keep FOLDER]`.

Certifies several platforms at once, each by a process of its own as on a regulator's machine. Prints the figures of
each, the slowest honest player, and which verdicts differ from those of a run alone. Exits 1 when one differs or a
player fell below 0.98x.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console

from benchmarks.__main__ import run_table
from benchmarks.figures import figures
from harness.ledger import read
from harness.machine import IN_TIME
from harness.model.outcome import Outcome
from harness.model.run import RunResult
from harness.view import walks
from reports import json_run

LONG_S = 20.0
"""Shorter stretches say little about a player's pace."""


def certify(profile: Path, slots: int, scale: float, only: str, folder: Path) -> Path:
    """One run in a process of its own; its folder."""
    command = [
        sys.executable,
        "-m",
        "harness.cli",
        "certify",
        str(profile),
        "--slots",
        str(slots),
        "--runs",
        str(folder),
    ]
    command += ["--time-scale", f"{scale:g}", *(["--only", only] if only else [])]
    code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    (run,) = folder.iterdir()
    if code not in (0, 1, 3):
        raise SystemExit(f"{run}: certify ended with {code}")
    return run


def slowest(run: Path) -> float | None:
    """The slowest honest player of a run; None when nothing was watched long enough."""
    rates = [
        watched.rate
        for walk in walks(read(run))
        for segment in walk.of_kind("control")
        if (watched := segment.watched()).rate is not None and watched.valid_s > LONG_S
    ]
    return min((r for r in rates if r is not None), default=None)


def different(one: RunResult, other: RunResult) -> list[str]:
    """Requirements that two runs judge differently."""
    was = {v.id: v.outcome for v in one.requirements}
    return [
        f"{v.id}: {was.get(v.id, Outcome.NOT_APPLICABLE).value} alone, {v.outcome.value} here"
        for v in other.requirements
        if was.get(v.id) is not v.outcome
    ]


def main() -> int:
    """Run, print and compare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.side_by_side", description=__doc__)
    parser.add_argument("profile", type=Path)
    parser.add_argument("--platforms", type=int, default=2)
    parser.add_argument("--slots", type=int, default=4, help="windows of each")
    parser.add_argument("--time-scale", type=float, default=1.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--alone", type=Path, help="a finished run of the same platform alone")
    parser.add_argument("--keep", type=Path, help="an empty folder for the runs, which are thrown away otherwise")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xunjian-side-") as folder:
        places = [(given.keep or Path(folder)) / str(n) for n in range(given.platforms)]
        for place in places:
            place.mkdir(parents=True)
        with ThreadPoolExecutor(len(places)) as pool:
            each = [
                pool.submit(certify, given.profile, given.slots, given.time_scale, given.only, place)
                for place in places
            ]
            runs = [one.result() for one in each]
        console = Console()
        console.print(run_table([figures(run) for run in runs]))
        good = True
        alone = json_run.read(given.alone) if given.alone is not None else json_run.read(runs[0])
        for run in runs:
            rate = slowest(run)
            console.print(f"{run.name}: slowest honest player {rate:.3f}x" if rate else f"{run.name}: nothing watched")
            lines = different(alone, json_run.read(run))
            for line in lines:
                console.print(f"  {line}")
            good = good and not lines and (rate is None or rate >= IN_TIME)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
