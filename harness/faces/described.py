"""What our test persons' own pictures show, described once and known from then on.

The same dozen pictures are described for every walk in which two persons are told apart, and for the portraits after
it. A process knows what it described. The runs of one self-test, or of one series of rehearsals, know it of one
another: XUNJIAN_FACES names a folder of theirs. No other run reads a description that it did not make, nor leaves one
behind: a face's numbers are personal data of whoever sat for the picture.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from harness.faces.compare import Face, Image, faces

FOLDER_ENV = "XUNJIAN_FACES"
ENGINE = ("face-recognition", "face-recognition-models", "dlib-bin")
_known: dict[str, list[Face]] = {}
_turn = threading.Lock()
"""Two walks that want the same picture: one describes it, the other waits for that."""


def described(image: Image) -> list[Face]:
    """What `faces` says of a test person's own picture (BGR); not for portraits, of which each is another."""
    key = hashlib.sha256(f"{_versions()} {image.shape} ".encode() + image.tobytes()).hexdigest()
    with _turn:
        if key not in _known:
            named = os.environ.get(FOLDER_ENV)
            _known[key] = faces(image) if named is None else _shared(Path(named) / f"{key}.json", image)
        return _known[key]


def _shared(path: Path, image: Image) -> list[Face]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return [Face(tuple(face["box"]), np.asarray(face["encoding"], np.float64)) for face in kept]
    except FileNotFoundError:
        found = faces(image)
    path.parent.mkdir(parents=True, exist_ok=True)
    half_written = path.with_suffix(f".{os.getpid()}")
    lines = [{"box": face.box, "encoding": face.encoding.tolist()} for face in found]
    half_written.write_text(json.dumps(lines), encoding="utf-8")
    half_written.replace(path)  # another run finds the whole of it or nothing
    return found


@cache
def _versions() -> str:
    return " ".join(f"{name} {version(name)}" for name in ENGINE)
