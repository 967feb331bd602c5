"""Golden ledgers: single walks of real runs, cut out and kept, with what their judges must say about them.

A file holds the run's first line and the lines of one attempt of one walk, each exactly as it was written, so that
its own hash still fits. The chain between them is not kept: lines of other walks, and most media samples, are gone.
"""

from __future__ import annotations

import gzip
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from harness.judge import Case, judge_attempt, setting_of
from harness.ledger import LEDGER, read
from harness.model.finding import Finding
from harness.model.observation import Observation, RunStarted
from harness.model.requirement import Standard
from harness.probe import load_probes
from harness.view import walks

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "ledgers"
INDEX = "index.yaml"
HEAD = (
    "# What the judges must say about each walk. Written by `python -m tests.golden.extract`; a changed outcome is a\n"
    "# changed judge and needs a reason (PROVENANCE.md).\n"
)


@dataclass(frozen=True, slots=True)
class Golden:
    """One entry of the index."""

    file: str
    subject: str
    run: str
    walk: str
    attempt: int
    every: int
    """One in so many media samples was kept."""
    expect: dict[str, str]
    """Requirement to outcome, `INCONCLUSIVE(REASON)` where it could not be told."""


def load_index(folder: Path = FOLDER) -> list[Golden]:
    """The entries, by file name; none when there is no index yet."""
    path = folder / INDEX
    found = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    return [Golden(file=file, **entry) for file, entry in sorted((found or {}).items())]


def save_index(entries: list[Golden], folder: Path = FOLDER) -> None:
    """Write the index, sorted by file name."""
    data = {
        g.file: {
            "subject": g.subject,
            "run": g.run,
            "walk": g.walk,
            "attempt": g.attempt,
            "every": g.every,
            "expect": dict(sorted(g.expect.items())),
        }
        for g in sorted(entries, key=lambda g: g.file)
    }
    text = HEAD + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)
    (folder / INDEX).write_text(text, encoding="utf-8")


def unpack(path: Path) -> list[bytes]:
    """The lines of a golden ledger, as they were written."""
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


def pack(path: Path, lines: list[bytes]) -> None:
    """Write lines; the same lines are always the same bytes."""
    path.write_bytes(gzip.compress(b"".join(lines), compresslevel=9, mtime=0))


def parse(lines: list[bytes]) -> list[Observation]:
    """Read lines with the ledger's own reader. Raises LedgerError."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / LEDGER).write_bytes(b"".join(lines))
        return list(read(Path(folder)))


def findings(observations: list[Observation], standard: Standard) -> dict[str, Finding]:
    """What each judge that reads the one walk in there finds in it, by short requirement id."""
    start = observations[0].data
    assert isinstance(start, RunStarted), "a golden ledger begins with its run's first line"
    (walk,) = walks(observations)
    setting, lessons = setting_of(start, standard)
    return {
        judgement.requirement: judge_attempt(
            probe, judgement, walk, Case(standard.get(judgement.requirement), standard, setting, lessons)
        )
        for probe in load_probes()
        for judgement in probe.judgements
        if walk.name in judgement.walks and standard.find(judgement.requirement) is not None
    }


def outcomes(found: dict[str, Finding]) -> dict[str, str]:
    """Findings in the form of the index."""
    return {
        name: f.outcome.value if f.reason is None else f"{f.outcome.value}({f.reason.value})"
        for name, f in found.items()
    }
