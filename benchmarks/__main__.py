"""`python -m benchmarks [RUN ...] [--out FILE]`: what the harness costs, in one table.

Without a run: how fast stored runs are judged and verified, and how soon the command line answers; exits 1 when a
target is missed. With finished runs: their figures (wall over bound, CPU seconds per watched minute, memory).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import RunFigures, figures
from benchmarks.speed import Figure, measure
from harness.machine import processor_name
from harness.planview import clock


def main() -> int:
    """Measure, print, and keep where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("run", type=Path, nargs="*", help="a finished run's folder")
    parser.add_argument("--out", type=Path, help="also write the figures as JSON")
    given = parser.parse_args()
    console = Console()
    machine = {"processor": processor_name(), "cores": os.cpu_count() or 1, "python": sys.version.split()[0]}
    console.print(f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}")
    kept: dict[str, object] = {"machine": machine}
    met = True
    if given.run:
        runs = [figures(folder) for folder in given.run]
        console.print(run_table(runs))
        kept["runs"] = [run.as_dict() for run in runs]
    else:
        speeds = measure()
        console.print(_speeds(speeds))
        met = all(figure.met for figure in speeds)
        kept["speed"] = [{"name": f.name, "seconds": round(f.seconds, 3), "target": f.target} for f in speeds]
    if given.out is not None:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if met else 1


def _speeds(speeds: list[Figure]) -> Table:
    table = Table("what", "seconds", "target", "met")
    for f in speeds:
        table.add_row(f.name, f"{f.seconds:.2f}", f"< {f.target:g}", "yes" if f.met else "NO")
    return table


def run_table(runs: list[RunFigures]) -> Table:
    """The figures of some runs side by side."""
    table = Table("", *(f"{run.subject or run.run}\nscale {run.time_scale:g}" for run in runs))
    rows = (
        ("walks made", [str(r.walks) for r in runs]),
        ("windows side by side", [str(r.slots) for r in runs]),
        ("wall", [clock(r.wall_s) for r in runs]),
        ("bound of what was made", [clock(r.bound_s) for r in runs]),
        ("wall / bound", [f"{r.wall_over_bound:.2f}" for r in runs]),
        ("bound as planned", [clock(r.planned_bound_s) for r in runs]),
        ("critical path", [clock(r.critical_path_s) for r in runs]),
        ("bound / critical path", [f"{r.bound_over_critical_path:.2f}" for r in runs]),
        ("window seconds", [f"{r.slot_s:.0f}" for r in runs]),
        ("the same walks in a row", [clock(r.in_a_row_s) for r in runs]),
        ("CPU s per watched minute", [f"{r.cpu_s_per_watched_min or 0:.1f}" for r in runs]),
        ("memory, MB", [f"{r.peak_rss_mb:.0f}" for r in runs]),
        ("processors busy, %", [f"{r.busy_percent:.0f}" for r in runs]),
        ("dearest walks (CPU s, MB)", ["\n".join(f"{n} {c:.1f}, {m:.0f}" for n, c, m in r.dearest) for r in runs]),
    )
    for name, values in rows:
        table.add_row(name, *values)
    return table


if __name__ == "__main__":
    sys.exit(main())
