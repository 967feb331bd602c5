"""What a stored run cost: wall against bound, windows in use, CPU seconds per watched minute, and the same in a row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from harness.ledger import read
from harness.model.observation import OwnLoad, RunFinished, RunStarted, WalkFinished
from harness.plan import CORE_SLOTS
from harness.probe import load_probes
from harness.result import result_of
from harness.schedule import Job, bound, critical_path
from harness.standards import load_standard
from harness.view import WalkView, walks


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Seconds, unless the name says otherwise."""

    run: str
    subject: str
    time_scale: float
    slots: int
    walks: int
    wall_s: float
    planned_bound_s: float
    bound_s: float
    """Of what was really made: longest chain, busiest exclusive resource, window seconds over the slots."""
    critical_path_s: float
    slot_s: float
    in_a_row_s: float
    """All walks one after another, as a serial test run makes them."""
    wall_over_bound: float
    bound_over_critical_path: float
    cpu_s_per_watched_min: float | None
    peak_rss_mb: float
    busy_percent: float
    """Of all processors, on average."""
    dearest: tuple[tuple[str, float, float], ...]
    """The walks whose windows used most CPU: name, CPU seconds, MB."""

    def as_dict(self) -> dict[str, object]:
        """For a results file."""
        return asdict(self)


def figures(run_dir: Path) -> RunFigures:
    """Read a finished run. Raises LedgerError when it is none."""
    observations = list(read(run_dir))
    start = observations[0].data
    assert isinstance(start, RunStarted)
    result = result_of(observations, load_standard(), load_probes())
    specs = {w.name: w for p in load_probes() for w in p.walks}
    made = [w for w in walks(observations) if w.finished is not None and w.name in specs]
    slots = int(start.planned.get("slots") or CORE_SLOTS * (result.conditions.cores or 2))
    jobs = [
        Job(
            f"{w.name} #{w.attempt}",
            _took(w),
            windows=specs[w.name].screens,
            exclusive=frozenset(specs[w.name].exclusive),
            after=frozenset(_before(w, made)),
        )
        for w in made
    ]
    least = bound(jobs, slots)
    loads = [o.data.cpu_percent for o in observations if isinstance(o.data, OwnLoad)]
    ended = next((o.data for o in reversed(observations) if isinstance(o.data, RunFinished)), None)
    wall = ended.wall_s if ended is not None else 0.0
    dear = sorted(((w.name, *_cost(w)) for w in made), key=lambda row: -row[1])
    return RunFigures(
        run=run_dir.name,
        subject=result.subject.name,
        time_scale=start.time_scale,
        slots=slots,
        walks=len(made),
        wall_s=round(wall, 1),
        planned_bound_s=result.plan.bound_s,
        bound_s=round(least, 1),
        critical_path_s=round(critical_path(jobs), 1),
        slot_s=round(sum(j.seconds * j.windows for j in jobs), 1),
        in_a_row_s=round(sum(j.seconds for j in jobs), 1),
        wall_over_bound=round(wall / least, 3) if least else 0.0,
        bound_over_critical_path=round(least / max(critical_path(jobs), 1e-9), 3),
        cpu_s_per_watched_min=result.cost.cpu_s_per_watched_min,
        peak_rss_mb=result.cost.peak_rss_mb,
        busy_percent=round(sum(loads) / len(loads), 1) if loads else 0.0,
        dearest=tuple(dear[:5]),
    )


def _took(walk: WalkView) -> float:
    return walk.finished.took_s if walk.finished is not None else 0.0


def _cost(walk: WalkView) -> tuple[float, float]:
    end: WalkFinished | None = walk.finished
    return (0.0, 0.0) if end is None else (end.cpu_s, end.peak_rss_mb)


def _before(walk: WalkView, made: list[WalkView]) -> list[str]:
    """A walk that was made again comes after the attempt that asked for it."""
    ended = [
        w for w in made if w.name == walk.name and w.attempt < walk.attempt and w.observations[-1].t <= walk.started.t
    ]
    return [f"{w.name} #{w.attempt}" for w in ended]
