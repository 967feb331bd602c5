"""The digest of exactly this harness: its code, its probes and its standards."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = (("harness", ("*.py", "*.js", "*.yaml", "*.json")), ("probes", ("*.py",)))


@cache
def harness_digest() -> str:
    """SHA-256 over the names and contents of everything that observes and judges."""
    total = hashlib.sha256()
    for folder, patterns in PARTS:
        files = sorted({p for pattern in patterns for p in (ROOT / folder).rglob(pattern)})
        for path in files:
            total.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
