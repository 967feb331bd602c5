"""`python -m tests.golden.extract RUN WALK ATTEMPT OUT`: cut one walk out of a run and keep it as a golden ledger.

Media samples are thinned to one in five, or less where that would change what a judge finds. The entry with what is
found now goes into index.yaml beside OUT: whoever adds one checks that it is what really happened.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from harness.errors import UsageError, XunjianError
from harness.ledger import LEDGER, verify_chain
from harness.model.observation import RunStarted
from harness.standards import load_standard
from tests.golden.stored import Golden, findings, load_index, outcomes, pack, parse, save_index

MOST_BYTES = 60_000
OF_A_MACHINE = re.compile(rb'["= (](?:/(?:home|root|Users|work|tmp|var|srv|opt)/|[A-Z]:\\\\)')
"""A path of the machine that observed has no business in the project."""


def cut(run: Path, walk: str, attempt: int) -> list[bytes]:
    """The run's first line and every line of the walk. Raises UsageError, LedgerError."""
    problems, _, _ = verify_chain(run)
    if problems:
        raise UsageError(problems[0].message, where=f"{run.name}/{problems[0].where}")
    lines = (run / LEDGER).read_bytes().splitlines(keepends=True)
    chosen = [raw for raw in lines[1:] if _of(raw) == (walk, attempt)]
    if not chosen:
        there = sorted({f"{w} {a}" for w, a in map(_of, lines) if w})
        raise UsageError("no such walk", where=str(run), got=f"{walk} {attempt}", expected=", ".join(there))
    return [lines[0], *chosen]


def _of(raw: bytes) -> tuple[str, int]:
    line = json.loads(raw)
    return line["walk"], line["attempt"]


def thin(lines: list[bytes], every: int) -> list[bytes]:
    """One in `every` media samples of each window, and each that stands next to another kind of line."""
    parsed = [json.loads(raw) for raw in lines]
    media = [line["kind"] == "media" for line in parsed]
    seen: dict[str, int] = {}
    kept = []
    for place, (raw, line) in enumerate(zip(lines, parsed, strict=True)):
        if media[place]:
            screen = line["data"]["screen"]
            count = seen[screen] = seen.get(screen, -1) + 1
            inside = 0 < place < len(lines) - 1 and media[place - 1] and media[place + 1]
            if inside and count % every:
                continue
        kept.append(raw)
    return kept


def extract(run: Path, walk: str, attempt: int, out: Path) -> Golden:
    """Write the golden ledger and its entry. Raises UsageError when it would be too large or names a machine's path."""
    standard = load_standard()
    whole = cut(run, walk, attempt)
    expected = outcomes(findings(parse(whole), standard))
    every = next(n for n in (5, 3, 2, 1) if outcomes(findings(parse(thin(whole, n)), standard)) == expected)
    lines = thin(whole, every)
    for number, raw in enumerate(lines, 1):
        found = OF_A_MACHINE.search(raw)
        if found:
            shown = raw[max(0, found.start() - 40) : found.end() + 40].decode(errors="replace")
            raise UsageError("a path of this machine", where=f"line {number}", got=shown)
    pack(out, lines)
    size = out.stat().st_size
    if size > MOST_BYTES:
        out.unlink()
        raise UsageError("too large", where=str(out), got=f"{size} bytes", expected=f"at most {MOST_BYTES}")
    start = parse(lines)[0].data
    assert isinstance(start, RunStarted)
    golden = Golden(out.name, _subject(start), start.run_id, walk, attempt, every, expected)
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
    given = parser.parse_args()
    try:
        golden = extract(given.run, given.walk, given.attempt, given.out)
    except XunjianError as error:
        print(error, file=sys.stderr)
        return 2
    size = given.out.stat().st_size
    print(f"{golden.file}: {size} bytes, one media sample in {golden.every}, {golden.expect}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
