"""Pretending to be somebody: uploads of pictures recorded and sent again, or with another picture, without a camera."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any

from harness.attacks.traffic import Sent, send
from harness.browser.exchange import Exchange, leaves, rewrite
from harness.browser.session import Screen
from harness.model.observation import RequestSent, Stimulus
from harness.redact import redact_url

_DATA_URL = re.compile(r"^data:image/(?:jpeg|png|webp);base64,")
_BARE = re.compile(r"^(?:/9j/|iVBORw0KGgo|UklGR)[A-Za-z0-9+/=\s]{200,}$")
"""Base64 of a JPEG, PNG or WebP without its prefix."""


FEED = """(pictures) => {
  let next = 0;
  const give = () => pictures[next++ % pictures.length];
  HTMLCanvasElement.prototype.toDataURL = give;
  HTMLCanvasElement.prototype.toBlob = function (take) { fetch(give()).then((r) => r.blob()).then(take); };
  return true;
}"""


def is_picture(value: Any) -> bool:
    """Is a value of a request a picture in text?"""
    return isinstance(value, str) and bool(_DATA_URL.match(value) or _BARE.match(value))


def uploads(sent: Iterable[Exchange]) -> list[Exchange]:
    """The requests that carry pictures and were accepted, oldest first.

    Pictures in binary parts are not seen: their text can't be replayed from inside a page.
    """
    return [
        one
        for one in sent
        if one.body is not None
        and one.method in ("POST", "PUT", "PATCH")
        and one.status is not None
        and 200 <= one.status < 300
        and any(is_picture(value) for value in leaves(one).values())
    ]


def latest(sent: Iterable[Exchange]) -> list[Exchange]:
    """The last upload of each kind: one for each method and address."""
    by_kind: dict[tuple[str, str], Exchange] = {}
    for one in uploads(sent):
        by_kind[one.method, one.url.split("?")[0]] = one
    return list(by_kind.values())


def with_picture(exchange: Exchange, picture: bytes) -> tuple[str, str | None]:
    """The upload's address and body with every picture in it replaced by another (a JPEG file)."""
    text = base64.b64encode(picture).decode()

    def leaf(path: str, value: Any) -> Any:
        if not is_picture(value):
            return value
        return ("data:image/jpeg;base64," if value.startswith("data:") else "") + text

    return rewrite(exchange, leaf)


MOST_FRAMES = 8
"""Frames of a recording; pages take about as many for one check."""


def frames_of(sent: Iterable[Exchange]) -> list[str]:
    """Pictures of accepted uploads as data URLs, spread over all of them: the frames of one check alone answer only
    what was asked then."""
    checks = [
        [value for value in leaves(one).values() if is_picture(value) and value.startswith("data:")]
        for one in uploads(sent)
    ]
    several = [frames for frames in checks if len(frames) > 1] or checks
    found = [frame for frames in several for frame in frames]
    step = max(1, len(found) // MOST_FRAMES)
    return found[::step][:MOST_FRAMES]


async def feed_frames(screen: Screen, frames: list[str]) -> int:
    """From here on the page's canvases give these pictures instead of their own; the page sends and signs them itself.

    Returns the number of frames of the page that were patched.
    """
    return await screen.evaluate_everywhere(FEED, frames) if frames else 0


async def replay(screen: Screen, recorded: Iterable[Exchange]) -> list[Sent]:
    """Send recorded uploads again, word for word."""
    sent: list[Sent] = [await send(screen, "replay_upload", one, one.url, one.body) for one in recorded]
    return [*sent, _summary("replay_upload", sent)]


async def post(screen: Screen, recorded: Iterable[Exchange], pictures: Mapping[str, bytes]) -> list[Sent]:
    """Send recorded uploads with other pictures in them: the photograph on file, somebody else's."""
    sent: list[Sent] = []
    for one in recorded:
        for name, picture in pictures.items():
            url, body = with_picture(one, picture)
            sent.append(await send(screen, f"post_{name}", one, url, body))
    return [*sent, _summary("post_picture", sent)]


def _summary(name: str, sent: Iterable[Sent]) -> Stimulus:
    requests = [one for one in sent if isinstance(one, RequestSent)]
    accepted = sum(1 for one in requests if one.status is not None and 200 <= one.status < 300)
    return Stimulus(
        name=name,
        means="tool",
        params={"urls": ", ".join(sorted({redact_url(one.url) for one in requests}))[:200]},
        effect={"sent": len(requests), "answered_2xx": accepted},
    )
