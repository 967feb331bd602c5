"""Pictures in a report are made anew: nothing of the original file's bytes but what can be seen."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import cv2
import numpy

from reports import thumbs


def store(folder: Path, data: bytes, extension: str = "png") -> str:
    name = f"{hashlib.sha256(data).hexdigest()}.{extension}"
    (folder / name).write_bytes(data)
    return name


def picture(wide: int, high: int) -> bytes:
    pixels = numpy.full((high, wide, 3), 90, numpy.uint8)
    cv2.circle(pixels, (wide // 2, high // 2), high // 4, (255, 255, 255), -1)
    return cv2.imencode(".png", pixels)[1].tobytes()


def test_a_picture_becomes_a_small_jpeg(tmp_path: Path) -> None:
    name = store(tmp_path, picture(1366, 768) + b"<script>alert(1)</script>")
    uri = thumbs.thumbnails(tmp_path, [name])[name]
    head, _, body = uri.partition(",")
    assert head == "data:image/jpeg;base64"
    data = base64.b64decode(body)
    assert b"script" not in data
    small = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR)
    assert small.shape[1] == thumbs.EDGE
    assert small[small.shape[0] // 2, small.shape[1] // 2].min() > 200


def test_what_is_no_picture_is_left_out(tmp_path: Path) -> None:
    names = [
        store(tmp_path, b"<svg onload=alert(1)>"),
        store(tmp_path, b""),
        "../secret.png",
        "a" * 64 + ".png",
    ]
    (tmp_path.parent / "secret.png").write_bytes(picture(10, 10))
    assert thumbs.thumbnails(tmp_path, names) == {}


def test_a_thumbnail_reaches_the_page_whole() -> None:
    """Texts of a page are cut at some length; a picture of ours must not be."""
    from harness.model.dossier import Dossier, Picture
    from reports import html
    from tests.reports import sample

    name = "a" * 64 + ".jpg"
    picture = Picture(name=name, seq=1, utc="2026-11-24T09:00:00Z", what="portrait", caption="F09.capture")
    uri = "data:image/jpeg;base64," + "QUJD" * 3000
    page = html.render(Dossier(result=sample.build(), pictures=(picture,)), thumbs={name: uri})
    assert f'src="{uri}"' in page
