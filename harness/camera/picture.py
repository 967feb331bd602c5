"""Pictures as arrays: BGR, 8 bits, shape (height, width, 3)."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Gray = npt.NDArray[np.float32]

WIDTH, HEIGHT = 640, 480
"""Every frame that the camera shows, pixels."""


def decode(data: bytes) -> Image:
    """A JPEG or PNG file as an array. Raises ValueError when it is neither."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if image is None:
        raise ValueError(f"not a picture: {len(data)} bytes beginning {data[:8]!r}")
    return np.asarray(image, np.uint8)


def encode_jpeg(image: Image, quality: int = 92) -> bytes:
    """The array as a JPEG file."""
    return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def encode_png(image: Image) -> bytes:
    """The array as a PNG file, without loss."""
    return bytes(cv2.imencode(".png", image)[1])


def placeholder() -> bytes:
    """A JPEG of nobody, for forms that want a picture where no face is looked for: an oval before an even wall."""
    image = np.full((HEIGHT, WIDTH, 3), 214, np.uint8)
    cv2.ellipse(image, (WIDTH // 2, HEIGHT // 2), (95, 130), 0, 0, 360, (150, 175, 205), -1, cv2.LINE_AA)
    return encode_jpeg(image)


def gray(image: Image) -> Gray:
    """Brightness, 0 to 255."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.float32)


def moved(image: Image, dx: int, dy: int) -> Image:
    """The picture moved by whole pixels to the right and down; its edge is drawn out."""
    if not (dx or dy):
        return image
    by = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    size = (image.shape[1], image.shape[0])
    return np.asarray(
        cv2.warpAffine(image, by, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
