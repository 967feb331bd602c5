"""Does anybody have a file open? Linux tells: a write lease is given only on a file that nobody else has open."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

if sys.platform == "linux":
    import fcntl

    def is_open(path: Path) -> bool | None:
        """Whether any process has it open; a file that is not there is not open."""
        try:
            file = os.open(path, os.O_WRONLY)
        except FileNotFoundError:
            return False
        try:
            # Who opens it while the lease is held waits for these microseconds, and a signal tells us: one that does
            # nothing, for the usual one ends a process.
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            return False
        except BlockingIOError:
            return True
        except OSError:  # a file system without leases
            return None
        finally:
            os.close(file)

else:

    def is_open(path: Path) -> bool | None:
        """Not known here."""
        return None
