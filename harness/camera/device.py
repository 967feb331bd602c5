"""The file that a browser takes for a camera: one frame, overwritten in place.

The browser reads the file again and again at its frame rate, so a changed file is a changed picture within some fifty
milliseconds. The camera's label is the file's name as the browser was given it, and the name must end in one of two
ways, which say how the picture is stored (lab.md section 2).
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

import cv2

from harness.camera.picture import HEIGHT, WIDTH, Image, encode_jpeg

LABEL = "Integrated Camera y4m"
"""Cheapest: 10 frames a second at half the processor time of the other kind."""
LABELS = (
    LABEL,
    "HP HD Camera y4m",
    "Lenovo EasyCamera y4m",
    "HD Webcam y4m",
    "USB Camera y4m",
    "USB2.0 HD UVC WebCam y4m",
    "Logitech Webcam C270 y4m",
    "HIK 1080P Camera y4m",
)
"""Names that cameras of laptops and desks have; a platform must not know ours by one name."""
UVC_LABEL = "USB2.0 HD UVC WebCam MJPEG"
"""The name of many a real camera; always 30 frames a second."""

_JPEG_BYTES = 256 * 1024
"""A file must not change its length while it is read, so every JPEG is padded to this."""
_SEGMENT = 65_537
"""Longest JPEG comment with its marker, bytes."""


class Device:
    """Writes frames. Raises ValueError for a label that no browser would read."""

    def __init__(self, folder: Path, label: str = LABEL, fps: int = 10) -> None:
        kind = next((kind for kind in ("y4m", "mjpeg") if label.lower().endswith(kind)), None)
        if kind is None or "/" in label:
            raise ValueError(f"a camera's label must be a bare name that ends in y4m or mjpeg; got {label!r}")
        self.path = folder / label
        self._is_y4m = kind == "y4m"
        self._header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{fps}:1 Ip A1:1 C420jpeg\nFRAME\n".encode()
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def encode(self, image: Image) -> bytes:
        """The whole file for one frame of 640x480; always equally long."""
        if self._is_y4m:
            return self._header + cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420).tobytes()
        return _padded(encode_jpeg(image))

    def write(self, data: bytes) -> None:
        """Overwrite in place: the browser keeps the file open, so it must stay the same file."""
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(file, data, 0)
        finally:
            os.close(file)

    def pull_out(self) -> None:
        """Take the file away: whoever opens the device anew finds none, until a frame is written again."""
        self.path.unlink(missing_ok=True)


def _padded(jpeg: bytes) -> bytes:
    """The same picture with comments in front, so that it is as long as any other."""
    missing = _JPEG_BYTES - len(jpeg)
    if missing < 0 or 0 < missing < 4:
        raise ValueError(f"a frame of {len(jpeg)} bytes does not fit into {_JPEG_BYTES}")
    comments = b""
    while missing:
        size = min(missing, _SEGMENT)
        if 0 < missing - size < 4:
            size -= 4
        comments += b"\xff\xfe" + struct.pack(">H", size - 2) + bytes(size - 4)
        missing -= size
    return jpeg[:2] + comments + jpeg[2:]
