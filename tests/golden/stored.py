"""Golden ledgers: single walks of real runs, cut out and kept, with what their judges must say about them.

A file holds the run's first line and the lines of one attempt of one walk, each exactly as it was written, so that
its own hash still fits; and those of the walks without which it can't be judged: what a judge compares it with, and
what it takes up again. The chain between them is not kept: lines of other walks, and most media samples, are gone.
"""

from __future__ import annotations

import gzip
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from harness.judge import Case, judge_attempt, taken_up_by
from harness.ledger import LEDGER, read
from harness.model.finding import Finding
from harness.model.observation import Observation, RunStarted
from harness.model.requirement import Standard
from harness.probe import Judgement, ProbeSpec, load_probes
from harness.settings import setting_of
from harness.view import WalkView, walks

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
    defects: tuple[str, ...] = ()
    """Ids of the defects that were on in the reference platform."""
    beside: tuple[str, ...] = ()
    """`F05.forged 1`: the other walks in the file, without which this one can't be judged."""


def load_index(folder: Path = FOLDER) -> list[Golden]:
    """The entries, by file name; none when there is no index yet."""
    path = folder / INDEX
    found = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    return [
        Golden(file=file, **{key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()})
        for file, entry in sorted((found or {}).items())
    ]


def save_index(entries: list[Golden], folder: Path = FOLDER) -> None:
    """Write the index, sorted by file name."""
    data = {
        g.file: {
            "subject": g.subject,
            "run": g.run,
            "walk": g.walk,
            "attempt": g.attempt,
            **({"beside": list(g.beside)} if g.beside else {}),
            **({"defects": list(g.defects)} if g.defects else {}),
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


def squeezed(lines: list[bytes]) -> bytes:
    """Lines as a golden ledger holds them; the same lines are always the same bytes."""
    return gzip.compress(b"".join(lines), compresslevel=9, mtime=0)


def parse(lines: list[bytes]) -> list[Observation]:
    """Read lines with the ledger's own reader. Raises LedgerError."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / LEDGER).write_bytes(b"".join(lines))
        return list(read(Path(folder)))


def findings(observations: Sequence[Observation], standard: Standard, walk: str, attempt: int) -> dict[str, Finding]:
    """What each judge that reads the walk finds in this attempt, by short requirement id.

    Also one that reads another walk in its place on such a subject.
    """
    start = observations[0].data
    assert isinstance(start, RunStarted), "a golden ledger begins with its run's first line"
    by_name: dict[str, list[WalkView]] = defaultdict(list)
    for one in walks(observations):
        by_name[one.name].append(one)
    (seen,) = (one for one in by_name[walk] if one.attempt == attempt)
    setting, lessons = setting_of(start, standard)
    found: dict[str, Finding] = {}
    for probe, judgement in judgements_of(walk):
        requirement = standard.find(judgement.requirement)
        if requirement is not None:
            beside = (*(w for name in judgement.beside for w in by_name[name]), *taken_up_by([seen], by_name))
            case = Case(requirement, standard, setting, lessons, beside)
            found[judgement.requirement] = judge_attempt(probe, judgement, seen, case)
    return found


def judgements_of(walk: str) -> Iterator[tuple[ProbeSpec, Judgement]]:
    """Every judgement that reads a walk."""
    for probe in load_probes():
        for judgement in probe.judgements:
            if walk in (*judgement.walks, *judgement.instead):
                yield probe, judgement


def outcomes(found: dict[str, Finding]) -> dict[str, str]:
    """Findings in the form of the index."""
    return {
        name: f.outcome.value if f.reason is None else f"{f.outcome.value}({f.reason.value})"
        for name, f in found.items()
    }
