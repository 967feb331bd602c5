"""`python -m tests.golden.choose FOLDER...`: which walks would add an outcome that no golden ledger has yet.

FOLDER is a self-test's (runs/selftest: its results say which defects were on) or that of a run on a platform without
defects. Few and small ones are chosen, each as the command that keeps it: look at what it shows before it is kept.

Only what is judged today as it was then, and fails for a defect that was on, is chosen: a PASS of a platform without
defects, a FAIL of one with a defect that violates the requirement, or that implies it where none in sight violates it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError, XunjianError
from harness.ledger import LEDGER
from harness.model.requirement import Standard
from harness.selftest.catalogue import Entry, read_catalogue
from harness.standards import load_standard
from tests.golden.extract import MOST_BYTES, apart, thin, together
from tests.golden.stored import FOLDER, findings, load_index, outcomes, parse, squeezed

CATALOGUE = FOLDER.parent / "refplatform" / "defects" / "entries"
Told = tuple[str, str]
"""A requirement and an outcome, PASS or FAIL."""


@dataclass(frozen=True)
class Candidate:
    """An attempt of a walk that could be kept."""

    run: Path
    walk: str
    attempt: int
    defects: tuple[Entry, ...]
    size: int
    """Bytes as it would be kept."""
    told: frozenset[Told]

    def shows(self, told: Told) -> bool:
        """Whether it shows the outcome for the reason that it is kept for."""
        requirement, outcome = told
        return (not self.defects) if outcome == "PASS" else any(e.violates == requirement for e in self.defects)


def runs(folder: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """A self-test's runs with the ids of the defects that were on, or the one run that the folder is.

    Raises UsageError where it is neither.
    """
    results = folder / "results.jsonl"
    if not results.is_file():
        if not (folder / "run.json").is_file():
            raise UsageError("neither a self-test's folder nor a run's", where=str(folder), expected="a finished one")
        yield folder, ()
        return
    for line in map(json.loads, results.read_text(encoding="utf-8").splitlines()):
        yield from ((run.parent, tuple(line["defects"])) for run in folder.glob(f"runs/{line['key']}/*/run.json"))


def candidates(run: Path, defects: tuple[Entry, ...], standard: Standard) -> Iterator[Candidate]:
    """What of one run could be kept."""
    affected = frozenset[str]().union(*(e.affected for e in defects))
    then = {
        (found["walk"], found["attempt"], row["id"].split("/")[-1]): found["outcome"]
        for row in json.loads((run / "run.json").read_bytes())["requirements"]
        for found in row["findings"]
    }
    by_walk = apart((run / LEDGER).read_bytes().splitlines(keepends=True))
    for (walk, attempt), own in by_walk.items():
        if not walk or not any(_done(raw) for raw in own):
            continue
        lines = together(by_walk, walk, attempt)
        now = outcomes(findings(parse(lines), standard, walk, attempt))
        told = frozenset((name, outcome) for name, outcome in now.items() if outcome in ("PASS", "FAIL"))
        as_then = all(then.get((walk, attempt, name), outcome) == outcome for name, outcome in told)
        if as_then and all(outcome == "PASS" or name in affected for name, outcome in told):
            yield Candidate(run, walk, attempt, defects, len(squeezed(thin(lines, 5))), told)


def _done(raw: bytes) -> bool:
    """Whether a line ends a walk that was made as it should; what is read again at the end of a run comes after it."""
    return b'"status":"done"' in raw and json.loads(raw)["kind"] == "walk_finished"


def choose(every: Iterable[Candidate], wanted: Iterable[Told]) -> Iterator[tuple[Candidate, list[Told]]]:
    """Greedily the most of what is wanted for the fewest bytes, and of two alike the one with fewer defects."""
    pool = [c for c in every if c.size < MOST_BYTES]
    wanted = set(wanted)
    shown = {told for c in pool for told in c.told if c.shows(told)}

    def adds(c: Candidate) -> set[Told]:
        return {t for t in c.told & wanted if c.shows(t) or (t not in shown and t[1] == "FAIL")}

    while pool:
        best = max(pool, key=lambda c: len(adds(c)) / (c.size + 1500 * len(c.defects)))
        new = adds(best)
        if not new:
            return
        yield best, sorted(new)
        wanted -= new


def main() -> int:
    """Entry point: 0, or 2 with one message."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden.choose", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    standard = load_standard()
    kept = {told for g in load_index() for told in g.expect.items()}
    automatic = [r.id.split("/")[-1] for r in standard.requirements if r.observe == "automatic"]
    wanted = {(name, outcome) for name in automatic for outcome in ("PASS", "FAIL")} - kept
    try:
        known = {e.id: e for e in read_catalogue(CATALOGUE)}
        found = [
            candidate
            for folder in parser.parse_args().folders
            for run, defects in runs(folder)
            for candidate in candidates(run, tuple(known[name] for name in defects), standard)
        ]
    except XunjianError as error:
        print(error, file=sys.stderr)
        return 2
    for c, new in choose(found, wanted):
        print(f"# {c.size} bytes:", *(f"{name} {outcome}" for name, outcome in new))
        on = f" --defects {','.join(e.id for e in c.defects)}" if c.defects else ""
        print(f"python -m tests.golden.extract {c.run} {c.walk} {c.attempt} {FOLDER / 'NAME.jsonl.gz'}{on}")
        wanted.difference_update(new)
    print("# not there:", *(f"{name} {outcome}" for name, outcome in sorted(wanted)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
