"""How long and how large: the reports of a run with 10,000 requirement rows and 1,000 pictures.

    python -m benchmarks.report_scale FOLDER

makes such a run's page and PDF in FOLDER and prints seconds and the memory of this process and of the browser.
The aim is less than 60 s and less than 1 GiB.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import threading
import time
from pathlib import Path

import cv2
import numpy
import psutil

from harness.conclude import printer
from harness.model.dossier import Dossier, Picture
from harness.model.outcome import Outcome
from reports import html, pdf
from tests.reports import sample

ROWS, PICTURES = 10_000, 1_000


def pictures(folder: Path, count: int) -> tuple[Picture, ...]:
    """So many different portraits of 640 x 480 in an evidence folder."""
    folder.mkdir(parents=True)
    rng = numpy.random.default_rng(1)
    found = []
    for number in range(count):
        pixels = numpy.full((480, 640, 3), 60 + number % 120, numpy.uint8)
        pixels += rng.integers(0, 12, pixels.shape, numpy.uint8)
        cv2.circle(pixels, (320, 240), 140, (170, 180, 200), -1)
        cv2.putText(pixels, str(number), (260, 260), cv2.FONT_HERSHEY_SIMPLEX, 2, (20, 20, 20), 3)
        data = cv2.imencode(".jpg", pixels)[1].tobytes()
        name = f"{hashlib.sha256(data).hexdigest()}.jpg"
        (folder / name).write_bytes(data)
        found.append(
            Picture(
                name=name, seq=number, utc="2026-11-24T09:00:00Z", what="portrait", caption="F09.capture", account="stu"
            )
        )
    return tuple(found)


def dossier(folder: Path, rows: int, count: int) -> Dossier:
    """A result of so many rows, one in a hundred of them a violation."""
    some = sample.mixed_verdicts()
    failing = next(v for v in some if v.outcome is Outcome.FAIL)
    other = [v for v in some if v.outcome is not Outcome.FAIL]
    verdicts = tuple(
        (failing if n % 100 == 0 else other[n % len(other)]).model_copy(update={"id": f"AQ8011-2023/F11-{n}"})
        for n in range(rows)
    )
    return Dossier(result=sample.build(verdicts), pictures=pictures(folder / "evidence", count))


class Peak:
    """The most memory of this process and its children together, looked at four times a second, in MiB."""

    def __enter__(self) -> Peak:
        self.mib = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._over.wait(0.25):
            total = 0
            for process in (own, *own.children(recursive=True)):
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.mib = max(self.mib, total / 2**20)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def main(folder: Path) -> None:
    """Make both and print the figures."""
    made = dossier(folder, ROWS, PICTURES)
    with Peak() as peak:
        start = time.monotonic()
        page = html.write(folder, made)
        drawn = time.monotonic()
        pdf.write(folder, printer)
        printed = time.monotonic()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"report.html {drawn - start:.1f} s, {page.stat().st_size / 1e6:.1f} MB")
    print(f"report.pdf {printed - drawn:.1f} s, {(folder / pdf.REPORT_PDF).stat().st_size / 1e6:.1f} MB")
    print(f"together {printed - start:.1f} s; peak {peak.mib:.0f} MiB with the browser, {own:.0f} MiB without")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
