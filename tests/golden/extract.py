"""`python -m tests.golden.extract RUN WALK ATTEMPT OUT`: cut one walk out of a run and keep it as a golden ledger.

Walks that it is judged with come along: every attempt of those that a judge compares it with, and what it takes up
again. Media samples are thinned to one in five, or less where that would change what a judge finds. The entry with
what is found now goes into index.yaml beside OUT: whoever adds one checks that it is what really happened.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harness.errors import UsageError, XunjianError
from harness.ledger import LEDGER, verify_chain
from harness.model.observation import RunStarted
from harness.standards import load_standard
from tests.golden.stored import Golden, findings, judgements_of, load_index, outcomes, parse, save_index, squeezed

MOST_BYTES = 60_000
OF_A_MACHINE = re.compile(rb'["= (](?:/(?:home|root|Users|work|tmp|var|srv|opt)/|[A-Z]:\\\\)')
"""A path of the machine that observed has no business in the project."""


def cut(run: Path, walk: str, attempt: int) -> list[bytes]:
    """The run's first line, and every line of the walk and of those beside it. Raises UsageError, LedgerError."""
    problems, _, _ = verify_chain(run)
    if problems:
        raise UsageError(problems[0].message, where=f"{run.name}/{problems[0].where}")
    lines = (run / LEDGER).read_bytes().splitlines(keepends=True)
    by_walk = apart(lines)
    if (walk, attempt) not in by_walk:
        there = ", ".join(sorted(f"{name} {number}" for name, number in by_walk if name))
        raise UsageError("no such walk", where=str(run), got=f"{walk} {attempt}", expected=there)
    return together(by_walk, walk, attempt)


def apart(lines: Iterable[bytes]) -> dict[tuple[str, int], list[bytes]]:
    """Lines by walk and attempt, in the order in which these began; what is of no walk under an empty name."""
    by_walk: dict[tuple[str, int], list[bytes]] = {}
    for raw in lines:
        line = json.loads(raw)
        by_walk.setdefault((line["walk"], line["attempt"]), []).append(raw)
    return by_walk


def together(by_walk: dict[tuple[str, int], list[bytes]], walk: str, attempt: int) -> list[bytes]:
    """The run's first line, the lines of one attempt, and those of the walks that it is judged with, as in the run."""
    wanted = by_walk[walk, attempt]
    compared = {name for _, judgement in judgements_of(walk) for name in judgement.beside}
    told = json.loads(wanted[0])["data"].get("follows")
    before = (told["walk"], told["attempt"]) if told else None
    beside = [seen for one, seen in by_walk.items() if one[0] in compared or one == before]
    return sorted([by_walk["", 1][0], *wanted, *itertools.chain(*beside)], key=lambda raw: json.loads(raw)["seq"])


def thin(lines: list[bytes], every: int) -> list[bytes]:
    """One in `every` media samples of each window, and each that its own walk has next to another kind of line."""
    kept = {raw for walk in apart(lines).values() for raw in _thinned(walk, every)}
    return [raw for raw in lines if raw in kept]


def _thinned(walk: list[bytes], every: int) -> Iterator[bytes]:
    parsed = [json.loads(raw) for raw in walk]
    media = [line["kind"] == "media" for line in parsed]
    seen: dict[str, int] = {}
    for place, (raw, line) in enumerate(zip(walk, parsed, strict=True)):
        if media[place]:
            screen = line["data"]["screen"]
            count = seen[screen] = seen.get(screen, -1) + 1
            inside = 0 < place < len(walk) - 1 and media[place - 1] and media[place + 1]
            if inside and count % every:
                continue
        yield raw


def extract(run: Path, walk: str, attempt: int, out: Path, defects: Sequence[str] = ()) -> Golden:
    """Write the golden ledger and its entry. Raises UsageError when it would be too large or names a machine's path."""
    standard = load_standard()

    def judged(lines: list[bytes]) -> dict[str, str]:
        return outcomes(findings(parse(lines), standard, walk, attempt))

    whole = cut(run, walk, attempt)
    expected = judged(whole)
    every = next(n for n in (5, 3, 2, 1) if judged(thin(whole, n)) == expected)
    lines = thin(whole, every)
    for number, raw in enumerate(lines, 1):
        found = OF_A_MACHINE.search(raw)
        if found:
            shown = raw[max(0, found.start() - 40) : found.end() + 40].decode(errors="replace")
            raise UsageError("a path of this machine", where=f"line {number}", got=shown)
    packed = squeezed(lines)
    if len(packed) > MOST_BYTES:
        raise UsageError("too large", where=str(out), got=f"{len(packed)} bytes", expected=f"at most {MOST_BYTES}")
    out.write_bytes(packed)
    start = parse(lines)[0].data
    assert isinstance(start, RunStarted)
    beside = tuple(f"{name} {number}" for name, number in apart(lines[1:]) if (name, number) != (walk, attempt))
    golden = Golden(out.name, _subject(start), start.run_id, walk, attempt, every, expected, tuple(defects), beside)
    others = [g for g in load_index(out.parent) if g.file != out.name]
    save_index([*others, golden], out.parent)
    return golden


def _subject(start: RunStarted) -> str:
    said = start.profile.get("subject")
    parts = [str(said.get(name, "")) for name in ("name", "version")] if isinstance(said, dict) else []
    scale = "" if start.time_scale == 1 else f"time x{start.time_scale:g}"
    return " ".join(filter(None, [*parts, scale]))


def main() -> int:
    """Entry point: 0, or 2 with one message."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden.extract", description=__doc__)
    parser.add_argument("run", type=Path, help="a run's folder")
    parser.add_argument("walk", help="F11.seek_bar")
    parser.add_argument("attempt", type=int)
    parser.add_argument("out", type=Path, help="fixtures/ledgers/NAME.jsonl.gz")
    parser.add_argument("--defects", default="", help="f07-without-portraits,...: those that were on")
    given = parser.parse_args()
    try:
        golden = extract(given.run, given.walk, given.attempt, given.out, tuple(filter(None, given.defects.split(","))))
    except XunjianError as error:
        print(error, file=sys.stderr)
        return 2
    size = given.out.stat().st_size
    print(f"{golden.file}: {size} bytes, one media sample in {golden.every}, {golden.expect}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
