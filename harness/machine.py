"""How many windows this machine plays in time: measured once, kept in the user's cache, and watched in every run."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from harness.model.observation import Media, Observation

IN_TIME = 0.98
"""Slower than this is our own load, and a walk is void (design.md section 4)."""
BUSY_PERCENT = 97.0
"""With the processors this busy in a calibration, something is about to be late."""
START_S = 2.0
"""A player that has just begun takes a moment to fill its buffer."""
LOOKS_KEPT_UP = 3
"""After so many looks (`LoadWatch`, a minute) at which every film kept up, one more window may be opened again."""
RECENT_S = 15.0
"""Playing looked back at: short enough to notice soon, long enough that one late look does not matter."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a machine with one browser can do."""

    cores: int
    processor: str
    browser: str
    windows: int
    """The most side by side that all played in time."""
    rates: tuple[tuple[int, float, float], ...]
    """Windows tried, the slowest rate among them, and how busy the processors were (percent)."""
    date: str

    def fits(self, cores: int, processor: str, browser: str) -> bool:
        """Was it measured on this machine and with this browser?"""
        return (self.cores, self.processor, self.browser) == (cores, processor, browser)


def processor_name() -> str:
    """What the processor calls itself; the architecture where it doesn't say."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def calibration_off() -> bool:
    """Is calibration switched off, as in tests?"""
    return os.environ.get("XUNJIAN_CALIBRATION") == "off"


def cache_file() -> Path:
    """Where the last calibration is kept: XUNJIAN_CALIBRATION, else in the user's cache folder."""
    given = os.environ.get("XUNJIAN_CALIBRATION")
    return Path(given) if given else machine_folder() / "machine.json"


def machine_folder() -> Path:
    """What the runs of one user on one machine know together: in the user's cache folder."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "xunjian"


def kept(browser: str, file: Path | None = None) -> Calibration | None:
    """The calibration of this machine with this browser; None when there is none, or one of another machine."""
    try:
        data = json.loads((file or cache_file()).read_text(encoding="utf-8"))
        found = Calibration(**{**data, "rates": tuple(tuple(row) for row in data["rates"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if found.fits(os.cpu_count() or 1, processor_name(), browser) else None


def keep(calibration: Calibration, file: Path | None = None) -> Path:
    """Write it down for later runs."""
    path = file or cache_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(calibration), indent=1), encoding="utf-8")
    return path


def disturbed(rates: Sequence[tuple[int, float, float]]) -> bool:
    """Was the machine full with the fewest windows already? Then somebody else filled it, and it says nothing."""
    return min(rates)[2] >= BUSY_PERCENT if rates else True


def most_in_time(rates: Iterable[tuple[int, float, float]]) -> int:
    """The most windows that all played in time while the processors had something left; at least 1."""
    good = 0
    for windows, slowest, busy in sorted(rates):
        if slowest < IN_TIME or busy >= BUSY_PERCENT:
            break
        good = windows
    return max(1, good)


def slowest_rate(seen: Sequence[Observation], now: float) -> float | None:
    """The slowest player of a walk in its last seconds, against the clock; None when nothing was played at 1x.

    Only looks at one and the same running player count: paused, seeking or sped up ones are no measure of ours, nor is
    the time from before a player was set back.
    """
    by_screen: dict[str, list[tuple[float, float]]] = {}
    known: set[str] = set()
    for o in reversed(seen):
        if now - o.t > RECENT_S:
            break
        if isinstance(o.data, Media) and o.data.screen not in known:
            s = o.data.sample
            looks = by_screen.setdefault(o.data.screen, [])
            was_set_back = bool(looks) and s.position_s > looks[-1][1]
            if s.paused or s.ended or s.seeking or s.rate != 1.0 or was_set_back:
                by_screen[o.data.screen] = [(t, p) for t, p in looks if t - o.t >= START_S]
                known.add(o.data.screen)
            else:
                looks.append((o.t, s.position_s))
    rates = []
    for looks in by_screen.values():
        if not looks:
            continue
        (last, there), (first, here) = looks[0], looks[-1]
        if last - first >= RECENT_S / 3 and there > here:
            rates.append((there - here) / (last - first))
    return min(rates, default=None)


def too_busy(rates: Iterable[float | None]) -> str:
    """Why nothing more should be begun now; empty when there is no reason.

    Only the players tell: full processors may be somebody's batch job, which steps aside for whoever plays.
    """
    slowest = min((r for r in rates if r is not None), default=1.0)
    return f"playing at {slowest:.3f}x" if slowest < IN_TIME else ""


@dataclass
class Pace:
    """What to do about it, from look to look. One slow look may be chance; two are not."""

    busy: str = ""
    held: bool = False
    _kept_up: int = 0

    def look(self, busy: str) -> Literal["", "held", "released", "kept up"]:
        """`busy` as `too_busy` says it now; what changes by it."""
        hold = bool(busy and self.busy)
        self.busy, was_held, self.held = busy, self.held, hold
        self._kept_up = 0 if busy else self._kept_up + 1
        if hold != was_held:
            return "held" if hold else "released"
        if self._kept_up and self._kept_up % LOOKS_KEPT_UP == 0:
            return "kept up"
        return ""
