"""The digests of exactly this harness: all of its code, probes and standards, and of these what observes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from harness.reach import ROOT, file_of, reached

PARTS = (("harness", ("*.py", "*.js", "*.yaml", "*.json")), ("probes", ("*.py",)))
CONDUCTING = (
    *("harness/selftest/", "harness/stability/"),
    *("harness/anew.py", "harness/digest.py", "harness/reach.py"),
)
"""What orders certifications, counts what came out of them, and asks whether a stored one still counts."""
ORDERS = "harness/selftest/job.py"
"""Of these the file that says how a certification is started."""


@cache
def harness_digest() -> str:
    """SHA-256 over the names and contents of everything that observes and judges."""
    return files_digest(_files(ROOT), ROOT)


@cache
def observing_digest(root: Path = ROOT) -> str:
    """SHA-256 over the same without what can only change how observations are judged.

    Left out are the files of the probes that judges reach and observers don't, and what orders whole certifications.
    Where this is equal, a stored run may be judged by the judges of now (harness.anew).
    """
    judging = {file_of(name, root) for name in _only_judging(root)}
    files = [p for p in _files(root) if p not in judging and not _conducts(p.relative_to(root).as_posix())]
    return files_digest(files, root)


def files_digest(files: Iterable[Path], root: Path) -> str:
    """SHA-256 over the names below `root` and the contents of files, in their order."""
    total = hashlib.sha256()
    for path in files:
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(root: Path) -> list[Path]:
    return [
        path
        for folder, patterns in PARTS
        for path in sorted({p for pattern in patterns for p in (root / folder).rglob(pattern)})
    ]


def _only_judging(root: Path) -> set[str]:
    """Modules of probes/ that judges reach and observers don't."""
    packages = [f"probes.{p.parent.name}" for p in (root / "probes").glob("*/__init__.py")]
    judging, observing = (
        {name for package in packages for name in reached(f"{package}.{place}", ("probes",), root)}
        for place in ("judge", "observe")
    )
    return {name for name in judging - observing if name.startswith("probes.")}


def _conducts(name: str) -> bool:
    return name.startswith(CONDUCTING) and name != ORDERS
