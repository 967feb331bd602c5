"""How a run begins, or goes on: its folder, and the first lines of its ledger."""

from __future__ import annotations

import os
import platform
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from harness import __version__
from harness.clock import DateSample, server_offset
from harness.digest import harness_digest
from harness.errors import UsageError
from harness.ledger import Ledger
from harness.model.observation import Machine, RunResumed, RunStarted, ServerClock, StageEnded
from harness.prepare import Prepared
from harness.runfolder import unfinished
from harness.selftest.record import SUMMARY, recorded
from harness.standards import load_standard
from harness.view import WalkView, walks

CLOCK_SAMPLES = 8


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that is under way."""

    run_dir: Path
    seed: int
    earlier: tuple[WalkView, ...] = ()
    """Walks that an earlier start made."""
    stage: int = 1


def begin(ready: Prepared) -> Begun:
    """A folder for a new run; of one that goes on, what there is. Raises LedgerError and UsageError when it can't."""
    order = ready.order
    if order.resume is not None:
        start, observations = unfinished(order.resume)
        _same(start, ready)
        stage = 1 + sum(isinstance(o.data, StageEnded) for o in observations)
        return Begun(order.resume, start.seed, tuple(walks(observations)), stage)
    seed = order.seed if order.seed is not None else random.SystemRandom().randrange(1 << 31)
    stamp = ready.clock.utc().strftime("%Y%m%dT%H%M%SZ")
    subject = "-".join(re.findall(r"[a-z0-9]+", ready.profile.model.subject.name.lower()))[:24]
    run_dir = order.runs / f"{stamp}-{subject or 'subject'}-{seed:08x}"
    run_dir.mkdir(parents=True)
    return Begun(run_dir, seed)


def _same(start: RunStarted, ready: Prepared) -> None:
    """A run goes on only with what it began with, and at the same subject."""
    pairs: list[tuple[str, object, object]] = [
        ("profile", start.profile.get("digest"), ready.profile.facts()["digest"]),
        ("standard", start.standard.get("digest"), ready.standard.digest),
        ("harness", start.harness.get("digest"), harness_digest()),
        ("time scale", start.time_scale, ready.order.scale),
    ]
    subject = start.profile.get("subject")
    began_at = subject.get("base_url") if isinstance(subject, dict) else None
    started_by_us = ready.profile.model.launch and ready.order.base_url is None  # at another port each time
    if began_at and not started_by_us:
        pairs.append(("subject's address", began_at, ready.profile.base_url))
    for what, was, now in pairs:
        if was != now:
            raise UsageError(f"the {what} has changed since this run began", where="--resume", got=now, expected=was)


def run_started(ready: Prepared, run_id: str, seed: int) -> RunStarted:
    """A ledger's first line."""
    plan = ready.plan
    return RunStarted(
        run_id=run_id,
        mode=ready.mode.value,
        seed=seed,
        time_scale=ready.order.scale,
        harness={"version": __version__, "digest": harness_digest()},
        standard={
            "id": ready.standard.id,
            "overlays": [o.id for o in ready.standard.overlays],
            "digest": ready.standard.digest,
        },
        profile=ready.profile.facts(),
        only=ready.order.only,
        once=ready.order.once,
        selftest=recorded(SUMMARY, harness=harness_digest(), standard=load_standard().digest).model_dump(),
        signer=ready.key.certificate.fingerprint if ready.key else "",
        planned={
            "critical_path_s": round(plan.critical_path_s, 1),
            "slot_s": round(plan.slot_s, 1),
            "bound_s": round(plan.bound_s, 1),
            "slots": plan.slots,
        },
    )


def resumed(earlier: Sequence[WalkView]) -> RunResumed:
    """The line that says what of an earlier start still counts."""
    kept = [f"{w.name}#{w.attempt}" for w in earlier if w.done]
    lost = [f"{w.name}#{w.attempt}" for w in earlier if not w.done]
    return RunResumed(kept=tuple(kept), repeated=tuple(lost))


def this_machine(browser: str, flags: tuple[str, ...]) -> Machine:
    """What the run was made on."""
    return Machine(
        os=f"{platform.system()} {platform.release()}",
        cores=os.cpu_count() or 1,
        memory_mb=psutil.virtual_memory().total // 1_000_000,
        browser=browser,
        flags=flags,
        engine="playwright",
    )


async def measure_clock(ready: Prepared, ledger: Ledger) -> float:
    """The server's clock minus ours, seconds, from the Date headers of a few ordinary requests; 0 if unknown."""
    import httpx

    samples = []
    async with httpx.AsyncClient(timeout=10, follow_redirects=False) as client:
        for _ in range(CLOCK_SAMPLES):
            sent = ready.clock.utc()
            try:
                answer = await client.get(ready.profile.base_url)
                samples.append(DateSample(sent, ready.clock.utc(), parsedate_to_datetime(answer.headers["date"])))
            except (httpx.HTTPError, KeyError, ValueError):
                continue
            await ready.clock.sleep(1 / CLOCK_SAMPLES + 0.02)
    offset = server_offset(samples)
    if offset is None:
        return 0.0
    host = urlsplit(ready.profile.base_url).netloc
    ledger.append(
        ServerClock(host=host, offset_s=round(offset.offset_s, 3), samples=len(samples)), u_s=round(offset.u_s, 3)
    )
    return offset.offset_s
