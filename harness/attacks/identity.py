"""Pretending to be somebody: uploads of pictures recorded and sent again, or with another picture, without a camera."""

from __future__ import annotations

import base64
import json
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from harness.attacks.traffic import Sent, send
from harness.browser.exchange import Exchange, leaves, rewrite
from harness.browser.network import Traffic
from harness.browser.session import Screen
from harness.model.observation import RequestSent, Stimulus
from harness.redact import redact_url

FORMS = Path(__file__).with_name("forms.js").read_text(encoding="utf-8").strip()
_DATA_URL = re.compile(r"^data:image/(?:jpeg|png|webp);base64,")
_BARE = re.compile(r"^(?:/9j/|iVBORw0KGgo|UklGR)[A-Za-z0-9+/=\s]{200,}$")
"""Base64 of a JPEG, PNG or WebP without its prefix."""


FEED = """(pictures) => {
  const canvas = HTMLCanvasElement.prototype, own = Symbol.for("own");
  canvas[own] ??= [canvas.toDataURL, canvas.toBlob];
  let next = 0;
  const give = () => pictures[next++ % pictures.length];
  const toBlob = function (take) { fetch(give()).then((r) => r.blob()).then(take); };
  [canvas.toDataURL, canvas.toBlob] = pictures.length ? [give, toBlob] : canvas[own];
  return true;
}"""


MULTIPART = "multipart/form-data"
"""Content type of a recorded form with files: without a boundary, its body is URL-encoded, files as data URLs."""


@dataclass
class Watched:
    """What the pages of one window send from a moment on, files in forms included."""

    _traffic: Traffic
    _mark: int
    _forms: list[Exchange] = field(default_factory=list)
    _told: tuple[int, int] = (0, 0)

    def in_text(self) -> list[Exchange]:
        """What was sent so far, as the traffic shows it: forms with files have no body there."""
        return self._traffic.since(self._mark)

    def sent(self) -> list[Exchange]:
        """Everything so far; forms with files come last."""
        return [*self.in_text(), *self._forms]

    def new(self) -> list[Exchange]:
        """What was sent since this was asked last; forms with files come last."""
        text, (texts, forms) = self.in_text(), self._told
        self._told = len(text), len(self._forms)
        return [*text[texts:], *self._forms[forms:]]


async def watch(screen: Screen) -> Watched:
    """Record what is sent from here on, also files that are part of a form, which only the page itself can read.

    To be called before the page in question is opened. The page can notice it, so honest walks don't use it.
    """
    found = Watched(screen.traffic, screen.traffic.mark())

    def take(told: Mapping[str, Any]) -> None:
        headers = {**told["headers"], "content-type": MULTIPART}
        body = urlencode([(name, value) for name, value in told["fields"]])
        found._forms.append(
            Exchange(time.monotonic(), told["method"].upper(), told["url"], headers, body, "fetch", told["status"])
        )

    name = f"_{secrets.token_hex(4)}"
    await screen.listen(name, take)
    await screen.add_init_script(f"({FORMS})({json.dumps(name)})")
    return found


def is_picture(value: Any) -> bool:
    """Is a value of a request a picture in text?"""
    return isinstance(value, str) and bool(_DATA_URL.match(value) or _BARE.match(value))


def uploads(sent: Iterable[Exchange]) -> list[Exchange]:
    """The requests that carry pictures and were accepted, oldest first; of forms with files those of `watch`."""
    return [
        one
        for one in sent
        if one.body is not None
        and one.method in ("POST", "PUT", "PATCH")
        and one.status is not None
        and 200 <= one.status < 300
        and any(is_picture(value) for value in leaves(one).values())
    ]


def files(sent: Iterable[Exchange]) -> list[Exchange]:
    """The requests that carry a file as such, oldest first: nobody can read in the traffic what it is."""
    return [
        one
        for one in sent
        if one.body is None
        and one.method in ("POST", "PUT", "PATCH")
        and one.headers.get("content-type", "").startswith(("multipart/", "image/", "application/octet-stream"))
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


MOST_FRAMES = 16
"""Frames of a recording; pages take six to ten for one check."""


def frames_of(sent: Iterable[Exchange]) -> list[str]:
    """Pictures of accepted uploads as data URLs, in their order; single ones only where no upload has several.

    `sent` is what went out in one check: the frames of several, mixed, answer none of what was asked in them.
    """
    checks = [
        [value for value in leaves(one).values() if is_picture(value) and value.startswith("data:")]
        for one in uploads(sent)
    ]
    several = [frames for frames in checks if len(frames) > 1] or checks
    found = [frame for frames in several for frame in frames]
    step = max(1, len(found) // MOST_FRAMES)
    return found[::step][:MOST_FRAMES]


def single_frames_of(sent: Iterable[Exchange]) -> list[str]:
    """Pictures of accepted uploads that carry one only, as data URLs: what a page takes while the learner studies."""
    each = [frames_of([one]) for one in uploads(sent)]
    return [frames[0] for frames in each if len(frames) == 1]


async def feed_frames(screen: Screen, frames: list[str]) -> int:
    """From here on the page's canvases give these pictures instead of their own; the page sends and signs them itself.
    Without any they give their own again.

    Returns the number of frames of the page that were patched.
    """
    return await screen.evaluate_everywhere(FEED, frames)


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
