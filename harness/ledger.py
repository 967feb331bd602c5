"""The ledger: an append-only, hash-chained JSONL file, and evidence files addressed by SHA-256.

Each line carries the hash of the line before, so one changed byte, one removed line or one swapped evidence file
is found and named. Every line is handed to the operating system before `append` returns: kill -9 loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from harness.clock import Clock
from harness.errors import LedgerError
from harness.model.observation import Context, Fact, Observation

GENESIS = "0" * 64
LEDGER = "ledger.jsonl"
EVIDENCE = "evidence"
CUT_OFF = "line was cut off (the run was killed while writing it)"

_EXTENSION = re.compile(r"[a-z0-9]{1,8}")
_observation = TypeAdapter(Observation)


def canonical(value: object) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8 text, no NaN."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256(data: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(data).hexdigest()


def _digest(line: dict[str, Any]) -> str:
    return sha256(canonical({k: v for k, v in line.items() if k != "hash"}).encode())


class EvidenceStore:
    """Files named by what is in them; storing the same bytes twice is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes, extension: str) -> str:
        """Store bytes; returns the file name `<sha256>.<extension>`. Written whole or not at all.

        An extension comes from a platform at times: what is none of up to eight letters and digits becomes `bin`.
        """
        plain = extension.lstrip(".").lower()
        name = f"{sha256(data)}.{plain if _EXTENSION.fullmatch(plain) else 'bin'}"
        path = self.folder / name
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = self.folder / f".{name}.{os.getpid()}.part"
            partial.write_bytes(data)
            partial.replace(path)
        return name

    def get(self, name: str) -> bytes:
        """The bytes of a stored file; raises LedgerError if missing or if they are not what the name says."""
        path = self.folder / name
        if not path.is_file():
            raise LedgerError("evidence file is missing", where=str(path))
        data = path.read_bytes()
        if sha256(data) != name.split(".")[0]:
            raise LedgerError("evidence file was changed", where=str(path), got=sha256(data), expected=name)
        return data


class Ledger:
    """Writes one run's observations. Safe to call from several threads."""

    def __init__(self, run_dir: Path, clock: Clock) -> None:
        self.run_dir = run_dir
        self.path = run_dir / LEDGER
        self.evidence = EvidenceStore(run_dir / EVIDENCE)
        self._clock = clock
        self._lock = threading.Lock()
        self._seq, self._prev = 0, GENESIS
        run_dir.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            self._take_up()
        self._fd = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    @property
    def head(self) -> str:
        """Hash of the last line."""
        return self._prev

    def __len__(self) -> int:
        return self._seq

    def append(
        self,
        fact: Fact,
        context: Context | None = None,
        *,
        u_s: float | None = None,
        evidence: Sequence[str] = (),
    ) -> Observation:
        """Write one observation; it is in the operating system's hands when this returns."""
        with self._lock:
            now = self._clock.utc().isoformat(timespec="microseconds").replace("+00:00", "Z")
            data = fact.model_dump(mode="json", exclude={"kind"})
            line: dict[str, Any] = {
                **(context or Context()).model_dump(),
                "v": 1,
                "seq": self._seq + 1,
                "prev": self._prev,
                "utc": now,
                "mono_ns": self._clock.mono_ns(),
                "kind": fact.kind,
                "data": data,
                "u_s": u_s,
                "evidence": list(evidence),
            }
            line["hash"] = _digest(line)
            raw = (canonical(line) + "\n").encode()
            os.write(self._fd, raw)
            self._seq, self._prev = line["seq"], line["hash"]
            return _parse(line)

    def close(self) -> None:
        """Flush to the disk and close."""
        os.fsync(self._fd)
        os.close(self._fd)

    def _take_up(self) -> None:
        """Go on after a crash: a line cut off by it moves to evidence, whole lines stay as they are."""
        raw = self.path.read_bytes()
        whole, newline, torn = raw.rpartition(b"\n")
        if torn:
            self.evidence.put(torn, "torn")
            with self.path.open("r+b") as file:
                file.truncate(len(whole) + len(newline))
        last = whole.rsplit(b"\n", 1)[-1]
        if last:
            line = json.loads(last)
            self._seq, self._prev = line["seq"], line["hash"]


def _parse(line: dict[str, Any]) -> Observation:
    data = {**line["data"], "kind": line["kind"]}
    return _observation.validate_python({**line, "data": data}, strict=False)


def read(run_dir: Path) -> Iterator[Observation]:
    """The observations of a run, in order. A line cut off by a crash at the very end is passed over.

    Raises LedgerError, naming file and line, for a file that is missing or a line that is not one of ours.
    """
    path = run_dir / LEDGER
    if not path.is_file():
        raise LedgerError("no ledger in this folder", where=str(path), hint="Give a folder made by certify.")
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.endswith(b"\n"):
                return
            try:
                yield _parse(json.loads(raw))
            except (ValueError, KeyError, TypeError, ValidationError) as error:
                raise LedgerError(
                    "line is not a ledger line", where=f"{path}:{number}", got=str(error).splitlines()[0]
                ) from error


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a stored run is not what it was when it was written."""

    where: str
    message: str


def verify_chain(run_dir: Path) -> tuple[list[Problem], str, int]:
    """Check every line's hash and link and every evidence file's digest.

    Returns the problems found (each naming the line or file), the head and the number of whole lines.
    """
    path = run_dir / LEDGER
    if not path.is_file():
        raise LedgerError("no ledger in this folder", where=str(path), hint="Give a folder made by certify.")
    problems: list[Problem] = []
    prev, seq, named = GENESIS, 0, set[str]()
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            where = f"{LEDGER}:{number}"
            if not raw.endswith(b"\n"):
                problems.append(Problem(where, CUT_OFF))
                break
            try:
                line = json.loads(raw)
                digest, own = _digest(line), line["hash"]
                link, place = line["prev"], int(line["seq"])
                named.update(map(str, line["evidence"]))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                problems.append(Problem(where, f"not a ledger line: {error}"))
                continue
            if canonical(line).encode() + b"\n" != raw or digest != own:
                problems.append(Problem(where, "line was changed: its hash does not fit its content"))
            if link != prev or place != seq + 1:
                problems.append(Problem(where, f"chain is broken: follows {seq}, says {place}"))
            prev, seq = own, place
    problems += _verify_evidence(run_dir / EVIDENCE, named)
    return problems, prev, seq


def _verify_evidence(folder: Path, named: set[str]) -> list[Problem]:
    problems = []
    for name in sorted(named):
        path = folder / name
        if not path.is_file():
            problems.append(Problem(f"{EVIDENCE}/{name}", "file is missing"))
        elif sha256(path.read_bytes()) != name.split(".")[0]:
            problems.append(Problem(f"{EVIDENCE}/{name}", "file was changed: its digest is not its name"))
    return problems
