"""One certification of the self-test: a process of its own, and what is kept of its result."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from harness.ledger import canonical
from harness.lines import Lines
from harness.model.outcome import Level, Outcome
from harness.model.values import Frozen
from harness.selftest.stating import stated

STOP_S = 30.0
"""A certification that is told to stop ends its subject and its browsers within this time."""


class JobResult(Frozen):
    """What is kept of a run. `outcomes`: requirement by short id to outcome, `PASS` or `INCONCLUSIVE(NOT_RUN)`.

    A violation of an advisory requirement, which a report calls WARN, is FAIL here: what counts is that it was seen.
    """

    key: str
    observed: str = ""
    """Equal for results whose observations were made with the same code (`Job.observed`)."""
    under: str = ""
    """The key that the run was made under, where that was another version of its judges."""
    front: str
    kind: str
    """clean, pack, alone, decoy, or null:KIND"""
    defects: tuple[str, ...] = ()
    outcomes: dict[str, str] = Field(default_factory=dict)
    functions: dict[str, str] = Field(default_factory=dict)
    """Function to outcome; extended outcomes are worse or equal and say nothing more here."""
    once: bool = False
    """Whether a FAIL was not tried once more: one attempt that showed it is FAIL here."""
    unsteady: dict[str, str] = Field(default_factory=dict)
    """Requirements that FAIL though an attempt at the same walk showed something else, with what each showed."""
    decision: str = ""
    unexplained: tuple[str, ...] = ()
    """Requirements without a reason or a sentence that says what was seen."""
    seconds: float = 0.0
    bound_s: float = 0.0
    run: str = ""
    error: str = ""
    """Why there is no result: the certification itself broke or was too slow."""

    @property
    def failed(self) -> frozenset[str]:
        """Requirements that FAIL."""
        return frozenset(name for name, outcome in self.outcomes.items() if outcome == "FAIL")

    @property
    def folder(self) -> Path:
        """Its run, below the folder of all runs."""
        return Path(self.under or self.key) / self.run


@dataclass(frozen=True, slots=True)
class Job:
    """One certification to make."""

    front: str
    kind: str
    profile: Path
    scale: float
    defects: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    """Requirements, and the walks that they are judged on; empty: everything."""
    camera: str = ""
    """on or off; empty: as what is judged needs it."""
    base_url: str = ""
    subject_file: str = ""
    declares: Mapping[str, Any] = field(default_factory=dict)
    """What the profile then says under `policy`."""
    once: bool = False
    """Whether a FAIL is not tried once more."""
    digests: tuple[str, ...] = field(default=())
    """Of the harness, the subject and its profile: a result counts for exactly these."""
    observing: str = ""
    """The digest of what observes; empty: nothing that was observed before is judged anew."""

    @property
    def null(self) -> bool:
        """Whether its subject is a platform that does nothing right."""
        return self.kind.startswith("null:")

    @property
    def key(self) -> str:
        """Equal for jobs whose result would be the same."""
        return self._key(self.digests)

    @property
    def observed(self) -> str:
        """Equal for jobs whose observations would be the same, however they are judged; empty: none are."""
        return self._key((self.observing, *self.digests[1:])) if self.observing else ""

    def _key(self, digests: tuple[str, ...]) -> str:
        parts = {
            "front": self.front,
            "kind": self.kind if self.null else "",
            "scale": self.scale,
            "defects": sorted(self.defects),
            "only": sorted(self.only),
            "camera": self.camera,
            "declares": dict(self.declares),
            "once": self.once,
            "digests": list(digests),
        }
        return hashlib.sha256(canonical(parts).encode()).hexdigest()[:24]


async def run_job(
    job: Job, runs: Path, *, timeout_s: float, seed: int | None = None, slots: int | None = None
) -> JobResult:
    """Certify in a process of its own, with the job's defects switched on; a broken run is a result with `error`."""
    profile = stated(job.profile, job.declares, runs.with_name("profiles") / job.key)
    command = [
        *(sys.executable, "-m", "harness.cli", "certify", str(profile), "--json", "--no-pdf"),
        *("--time-scale", f"{job.scale:g}", "--runs", str(runs / job.key)),
        *(("--only", ",".join(job.only)) if job.only else ()),
        *(("--once",) if job.once else ()),
        *(("--base-url", job.base_url) if job.base_url else ()),
        *(("--seed", str(seed)) if seed is not None else ()),
        *(("--slots", str(slots)) if slots is not None else ()),
    ]
    environment = os.environ | {
        "XUNJIAN_DEFECTS": ",".join(job.defects),
        "XUNJIAN_FACES": str(runs.with_name("faces").absolute()),
    }
    if job.camera:
        environment["XUNJIAN_CAMERA"] = job.camera
    if job.subject_file:
        environment["XUNJIAN_SUBJECT"] = job.subject_file
    if job.null:
        environment["XUNJIAN_SHARING"] = "off"
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), timeout_s)
    except TimeoutError:
        out, err = b"", f"not finished after {timeout_s:.0f} s".encode()
    finally:
        await _stop(process)
    kept = JobResult(
        key=job.key,
        observed=job.observed,
        front=job.front,
        kind=job.kind,
        defects=job.defects,
        once=job.once,
        seconds=round(time.monotonic() - started, 1),
    )
    return _read(kept, out, err)


async def _stop(process: asyncio.subprocess.Process) -> None:
    """End it with everything that it started."""
    if process.returncode is not None:
        return
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_S)
            return


def _read(kept: JobResult, out: bytes, err: bytes) -> JobResult:
    try:
        run = json.loads(out)
    except ValueError:
        said = err.decode(errors="replace").strip().splitlines()[-2:]
        return kept.model_copy(update={"error": " / ".join(said) or "no result"})
    return found_in(run, kept)


def found_in(run: Mapping[str, Any], kept: JobResult) -> JobResult:
    """A result with what a run found; `run` is the content of its run.json."""
    outcomes, unsteady, unexplained = {}, {}, []
    for verdict in run["requirements"]:
        name = verdict["id"].rsplit("/", 1)[-1]
        reason = verdict.get("reason")
        found = _found(verdict, once=kept.once)
        outcomes[name] = f"{found}({reason})" if reason and found != Outcome.FAIL else found
        if outcomes[name] == Outcome.FAIL and (seen := _unsteady(verdict)):
            unsteady[name] = seen
        if not verdict["observed"]["en"].strip() or (verdict["outcome"] == "INCONCLUSIVE" and not reason):
            unexplained.append(name)
    return kept.model_copy(
        update={
            "outcomes": outcomes,
            "unsteady": unsteady,
            "functions": {name: row["outcome"] for name, row in run["functions"].items()},
            "decision": run["would_be"] if run["mode"] != "certification" else run["decision"],
            "unexplained": tuple(unexplained),
            "bound_s": run["plan"]["bound_s"],
            "run": run["run_id"],
        }
    )


def _found(verdict: Mapping[str, Any], *, once: bool) -> str:
    """The outcome; FAIL for what the verdict calls WARN only because the requirement is advisory.

    A FAIL that did not repeat would be INCONCLUSIVE, so that no WARN of another kind has one among its findings.
    `once`: none was tried once more, and each counts.
    """
    outcome = str(verdict["outcome"])
    softened = verdict["level"] == Level.ADVISORY and outcome == Outcome.WARN
    failed = any(finding["outcome"] == Outcome.FAIL for finding in verdict["findings"])
    return Outcome.FAIL.value if (softened or once) and failed else outcome


def _unsteady(verdict: Mapping[str, Any]) -> str:
    """What the attempts at a walk showed one after another, of each walk that showed a FAIL and not in all of them."""
    seen: dict[str, dict[int, str]] = {}
    for finding in verdict["findings"]:
        attempts = seen.setdefault(finding["walk"], {})
        if attempts.get(finding["attempt"]) != Outcome.FAIL:
            attempts[finding["attempt"]] = str(finding["outcome"])
    shown = (list(attempts.values()) for attempts in seen.values())
    return "; ".join(", ".join(found) for found in shown if Outcome.FAIL in found and set(found) != {Outcome.FAIL})


class Store(Lines[JobResult]):
    """Results by job: a self-test that was killed goes on where it was."""

    def __init__(self, folder: Path) -> None:
        """Raises UsageError when there is another file in the place of results."""
        super().__init__(folder / "results.jsonl", JobResult)
        self.folder = folder

    def get(self, job: Job) -> JobResult | None:
        """What came out last when exactly this was done before; None when it wasn't, or broke."""
        kept = next((result for result in reversed(self.all) if result.key == job.key), None)
        return kept if kept is not None and not kept.error else None

    def observed(self, job: Job) -> JobResult | None:
        """What was observed last with the same code, and judged by other judges; None when it wasn't, or broke."""
        seen = (r for r in reversed(self.all) if job.observed and r.observed == job.observed and not r.error)
        return next(seen, None)
