"""A small finished run on disk, made of literal facts by the real ledger, judge and writer."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fpdf import FPDF

from harness import __version__
from harness.clock import FakeClock
from harness.conclude import Issue, conclude
from harness.digest import harness_digest
from harness.ledger import Ledger, read
from harness.model.observation import Context, Machine, RunFinished, RunStarted
from harness.probe import load_probes
from harness.result import result_of
from reports import json_run
from reports.keys import SigningKey
from tests.walkbuilder import STANDARD, START, WalkBuilder

PICTURE = b"\x89PNG what the learner saw"


def started(digest: str = "", signer: str = "") -> RunStarted:
    """The first line of a partial run on a platform that declares no report interval."""
    return RunStarted(
        run_id="20261124T120000Z-acme-00000007",
        mode="partial",
        seed=7,
        time_scale=1,
        harness={"version": __version__, "digest": digest or harness_digest()},
        standard={"id": STANDARD.id, "overlays": [], "digest": STANDARD.digest},
        profile={
            "digest": "5" * 64,
            "subject": {"name": "Acme", "base_url": "http://127.0.0.1:8000"},
            "policy": {"report_interval_s": 5.0},
            "lessons": [{"id": "L1", "duration_s": 1080.0}],
            "channels": {"pc": "tested", "mobile": "not_tested"},
        },
        only=("F03", "F05"),
        planned={"critical_path_s": 480, "slot_s": 480, "bound_s": 480},
        signer=signer,
    )


def honest_walk() -> WalkBuilder:
    """An honest learner plays, pauses and plays on; the record agrees."""
    walk = WalkBuilder("F05.honest")
    walk.control("playing", 300)
    with walk.segment("paused", "rest"):
        walk.stand(120)
    walk.control("playing_on", 60)
    walk.done()
    return walk


def store(run_dir: Path, *, digest: str = "", finished: bool = True) -> Path:
    """Write the run's ledger with one evidence file, and run.json if it is to be a finished one."""
    asyncio.run(_write(run_dir, started(digest), finished))
    if finished:
        json_run.write(run_dir, result_of(list(read(run_dir)), STANDARD, load_probes()))
    return run_dir


def issue(run_dir: Path, key: SigningKey | None, printing: bool = True) -> Path:
    """The same run as `certify` leaves it: with every report, signed where there is a key.

    Tests that start no browser replace `harness.conclude.printer` by `print_plainly`.
    """
    asyncio.run(_write(run_dir, started(signer=key.certificate.fingerprint if key else ""), True))
    lines = list(read(run_dir))
    conclude(run_dir, lines, result_of(lines, STANDARD, load_probes()), STANDARD, Issue(key=key, printing=printing))
    return run_dir


def print_plainly(page: Path, target: Path) -> None:
    """A PDF of one empty page: stands for the browser in tests of signing."""
    document = FPDF()
    document.add_page()
    document.set_title(page.name)
    document.output(str(target))


def _before_the_end(ledger: Ledger) -> None:
    """Tests that need more in the ledger replace this."""


async def _write(run_dir: Path, start: RunStarted, finished: bool) -> None:
    clock = FakeClock(START)
    ledger = Ledger(run_dir, clock)
    ledger.append(start)
    ledger.append(Machine(os="Linux", cores=2, memory_mb=8000, browser="150.0", flags=("--mute",), engine="playwright"))
    picture = ledger.evidence.put(PICTURE, "png")
    for line in honest_walk().lines:
        await clock.advance(line.t - clock.mono_ns() / 1e9)
        context = Context.model_validate({name: getattr(line, name) for name in Context.model_fields})
        ledger.append(line.data, context, evidence=[picture] if line.kind == "walk_started" else ())
    _before_the_end(ledger)
    if finished:
        ledger.append(RunFinished(wall_s=480.5, cpu_s=31.25, peak_rss_mb=412.0))
    ledger.close()
