"""Writing a file of a run: whole or not at all, and never over another."""

from __future__ import annotations

import os
from pathlib import Path

from harness.errors import LedgerError


def refuse_existing(path: Path) -> None:
    """Raises LedgerError if something already has this name."""
    if path.exists() or path.is_symlink():
        raise LedgerError("the run already has this report; nothing in a run is ever overwritten", where=str(path))


def write_once(path: Path, text: str) -> Path:
    """Write UTF-8 text under a name that nothing has yet, so that no reader sees half a file."""
    return publish(path, text.encode("utf-8"))


def publish(path: Path, data: bytes) -> Path:
    """Write bytes beside their place and give them their name in one step. Raises LedgerError if it is taken."""
    refuse_existing(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    partial.write_bytes(data)
    try:
        os.link(partial, path)
    except FileExistsError:
        refuse_existing(path)
        raise
    except OSError:  # a file system without hard links
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
