"""A finished run of any size, made of literal facts by the real ledger, judge and writer."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

from harness import __version__
from harness.clock import FakeClock
from harness.digest import harness_digest
from harness.ledger import Ledger, read
from harness.model.observation import (
    Context,
    CreditRead,
    Machine,
    Media,
    RunFinished,
    RunStarted,
    SegmentEnded,
    SegmentKind,
    SegmentStarted,
    Stimulus,
    WalkFinished,
    WalkStarted,
)
from harness.model.values import Credit, MediaSample
from harness.probe import WalkSpec, load_probes
from harness.result import result_of
from harness.standards import load_standard
from reports import json_run

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
SEGMENTS: tuple[tuple[str, SegmentKind], ...] = (
    ("before", "control"),
    ("first", "attack"),
    ("second", "attack"),
    ("after", "control"),
)


def big_run(folder: Path, *, observations: int, evidence: int) -> Path:
    """A run of about so many lines, shared out over every walk that there is; a finished one with its run.json.

    Most lines are looks at the player, as in real runs; `evidence` files of 100 kB each are named by stimuli.
    """
    asyncio.run(_write(folder, observations, evidence))
    json_run.write(folder, result_of(list(read(folder)), load_standard(), load_probes()))
    return folder


async def _write(folder: Path, observations: int, evidence: int) -> None:
    clock = FakeClock(START)
    ledger = Ledger(folder, clock)
    ledger.append(_started())
    ledger.append(Machine(os="Linux", cores=2, memory_mb=8000, browser="150.0", flags=("--mute",), engine="playwright"))
    walks = [w for p in load_probes() for w in p.walks]
    each = max(1, (observations - 4) // len(walks) - 2 - 4 * len(SEGMENTS))
    rng = random.Random(1)
    names = [ledger.evidence.put(rng.randbytes(100_000), "png") for _ in range(evidence)]
    for number, spec in enumerate(walks):
        pictures = names[number :: len(walks)]
        await _walk(ledger, clock, spec, each, pictures)
    ledger.append(RunFinished(wall_s=4000, cpu_s=900, peak_rss_mb=900))
    ledger.close()


def _started() -> RunStarted:
    standard = load_standard()
    return RunStarted(
        run_id="20261124T120000Z-benchmark-00000001",
        mode="partial",
        seed=1,
        time_scale=1,
        harness={"version": __version__, "digest": harness_digest()},
        standard={"id": standard.id, "overlays": [], "digest": standard.digest},
        profile={
            "digest": "5" * 64,
            "subject": {"name": "benchmark", "base_url": "http://127.0.0.1:8000"},
            "policy": {"report_interval_s": 5.0, "idle_limit_s": 300.0},
            "lessons": [{"id": "L1", "duration_s": 3600.0}],
        },
        planned={"critical_path_s": 3600, "slot_s": 3600, "bound_s": 3600},
    )


async def _walk(ledger: Ledger, clock: FakeClock, spec: WalkSpec, samples: int, pictures: list[str]) -> None:
    context = Context(probe=spec.name.split(".")[0], walk=spec.name, account="A", lesson="L1", role="learner")
    ledger.append(WalkStarted(purpose="benchmark", planned_s=1, accounts=("A",), lessons=("L1",)), context)
    position, credited = 0.0, 0.0
    for name, kind in SEGMENTS:
        ledger.append(CreditRead(at=f"before:{name}", credit=Credit(credited_s=credited, completed=False)), context)
        ledger.append(SegmentStarted(segment=name, segment_kind=kind), context)
        for _ in range(samples // len(SEGMENTS)):
            await clock.advance(1.0)
            position += 1.0
            ledger.append(Media(sample=_sample(position)), context)
        if kind == "control":
            credited += samples // len(SEGMENTS)
        else:
            shown, pictures = pictures[: len(pictures) // 2 + 1], pictures[len(pictures) // 2 + 1 :]
            ledger.append(Stimulus(name=name, means="tool"), context, evidence=shown)
        ledger.append(SegmentEnded(segment=name), context)
        ledger.append(CreditRead(at=f"after:{name}", credit=Credit(credited_s=credited, completed=False)), context)
    ledger.append(WalkFinished(status="done", took_s=float(samples)), context)


def _sample(position: float) -> MediaSample:
    return MediaSample(
        position_s=position,
        duration_s=3600.0,
        rate=1.0,
        paused=False,
        ended=False,
        seeking=False,
        hidden=False,
        ready=4,
    )
