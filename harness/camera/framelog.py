"""What the camera showed, and when. Without it no mark can be read, so it is written as it happens.

A folder holds every different picture once, without marks (`<sha256>.png`), and `shown.jsonl`: one line whenever what
is shown changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from harness.camera.picture import Image, decode, encode_png

_FILE = "shown.jsonl"


@dataclass(frozen=True, slots=True)
class Shown:
    """From `since` on, until the next line, this was before the camera."""

    since: float
    """UTC, seconds since 1970."""
    scene: str
    person: str
    """The test person's id, empty where there is none."""
    frame: str
    """SHA-256 of the picture's pixels; empty where the camera was unplugged or denied."""
    dx: int
    dy: int
    code: int | None


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch of time, UTC seconds; `until` is None while it lasts."""

    since: float
    until: float | None

    def meets(self, since: float, until: float) -> bool:
        """Whether it overlaps a window."""
        return self.since <= until and (self.until is None or self.until >= since)


class FrameLog:
    """Grows with `add`; with a folder it is also on disk. `FrameLog.load` reads it back."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._frames: dict[str, Image] = {}
        self._shown: list[Shown] = []
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    def load(cls, folder: Path) -> FrameLog:
        """The log in a folder, without writing to it. Raises OSError or ValueError when it cannot be read."""
        log = cls()
        for line in (folder / _FILE).read_text(encoding="utf-8").splitlines():
            log._shown.append(Shown(**json.loads(line)))
        for digest in {shown.frame for shown in log._shown if shown.frame}:
            image = decode((folder / f"{digest}.png").read_bytes())
            if digest_of(image) != digest:
                raise ValueError(f"{folder.name}/{digest}.png is not the picture that was shown")
            log._frames[digest] = image
        return log

    @property
    def shown(self) -> Sequence[Shown]:
        """Every change, oldest first."""
        return self._shown

    @property
    def codes(self) -> frozenset[int]:
        """Every code that was issued."""
        return frozenset(entry.code for entry in self._shown if entry.code is not None)

    def frame(self, digest: str) -> Image:
        """The picture without its mark, unmoved."""
        return self._frames[digest]

    def keep(self, image: Image) -> str:
        """Remember a picture; returns its digest."""
        digest = digest_of(image)
        if digest not in self._frames:
            self._frames[digest] = image
            if self._folder:
                (self._folder / f"{digest}.png").write_bytes(encode_png(image))
        return digest

    def add(self, shown: Shown) -> None:
        """Note a change. Raises ValueError when it is earlier than the one before, or its picture is unknown."""
        if self._shown and shown.since < self._shown[-1].since:
            raise ValueError(f"shown out of order: got {shown.since}, the last was {self._shown[-1].since}")
        if shown.frame and shown.frame not in self._frames:
            raise ValueError(f"picture {shown.frame} was not kept")
        self._shown.append(shown)
        if self._folder:
            with (self._folder / _FILE).open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(shown)) + "\n")

    def during(self, since: float, until: float) -> list[Shown]:
        """What was shown at any moment of a window, oldest first."""
        ends = [entry.since for entry in self._shown[1:]]
        return [
            entry
            for entry, end in zip(self._shown, [*ends, float("inf")], strict=True)
            if entry.since <= until and end > since
        ]

    def at(self, moment: float) -> Shown | None:
        """What was shown at a moment; None before the camera began."""
        found = None
        for entry in self._shown:
            if entry.since > moment:
                break
            found = entry
        return found

    def when(self, code: int) -> list[Interval]:
        """The stretches during which a code was before the camera, oldest first; neighbours are joined."""
        stretches: list[Interval] = []
        for entry, after in zip(self._shown, [*self._shown[1:], None], strict=True):
            if entry.code != code:
                continue
            end = after.since if after else None
            if stretches and stretches[-1].until == entry.since:
                stretches[-1] = Interval(stretches[-1].since, end)
            else:
                stretches.append(Interval(entry.since, end))
        return stretches


def digest_of(image: Image) -> str:
    """SHA-256 of the picture's pixels."""
    return hashlib.sha256(image.tobytes()).hexdigest()
