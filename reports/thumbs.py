"""Small pictures for the report: decoded and encoded anew, so that no byte of a platform's file reaches a reader."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

from reports.plain import is_evidence_name

EDGE = 240
"""Pixels of the longer side: a face is recognisable at 30 mm on paper, and 1,000 pictures stay under 10 MB."""
QUALITY = 72
LARGEST = 32_000_000
"""Bytes of a file that is still looked at."""


def thumbnail(path: Path) -> str | None:
    """A picture as a JPEG data URI; None for a file that is missing, too large or no picture."""
    import cv2
    import numpy

    if not path.is_file() or path.stat().st_size > LARGEST:
        return None
    data = numpy.frombuffer(path.read_bytes(), numpy.uint8)
    try:
        picture = cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_2) if data.size else None
    except cv2.error:
        return None
    if picture is None or not picture.size:
        return None
    high, wide = picture.shape[:2]
    if max(high, wide) > EDGE:
        factor = EDGE / max(high, wide)
        size = (max(1, round(wide * factor)), max(1, round(high * factor)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    done, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode() if done else None


def thumbnails(evidence: Path, names: Iterable[str]) -> dict[str, str]:
    """Those of the named evidence files that are pictures."""
    found = {}
    for name in names:
        if is_evidence_name(name) and (made := thumbnail(evidence / name)) is not None:
            found[name] = made
    return found
