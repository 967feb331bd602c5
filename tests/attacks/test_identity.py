"""Pictures that travel as files of a form are recorded by the page itself, and sent again as files of a form."""

from __future__ import annotations

import base64
import email
import email.policy
import json

import cv2
import numpy as np
import pytest

from harness.attacks import identity
from harness.browser.exchange import Exchange, leaves
from harness.browser.session import Screen
from harness.model.observation import Stimulus
from tests.browser.site import Got, Site

pytestmark = pytest.mark.browser
_, encoded = cv2.imencode(".jpg", np.full((16, 16, 3), 7, np.uint8))
OTHER = encoded.tobytes()


def parts(got: Got) -> list[tuple[str, bytes]]:
    """Names and contents of a multipart request."""
    head = f"Content-Type: {got.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + got.body, policy=email.policy.HTTP)
    return [
        (str(part.get_param("name", header="content-disposition")), part.get_payload(decode=True))  # type: ignore[misc]
        for part in message.iter_parts()  # type: ignore[attr-defined]
    ]


async def told(screen: Screen, watched: identity.Watched) -> list[Exchange]:
    """What was recorded, once the page has said it: it reads the files first."""
    while not (found := identity.latest(watched.sent())):
        await screen.evaluate("() => new Promise((done) => setTimeout(done))")
    return found


def posted(site: Site, path: str) -> list[Got]:
    return [got for got in site.got if got.method == "POST" and got.path == path]


@pytest.mark.parametrize(
    ("call", "path", "header"),
    [("byFetch", "/photo", ("X-Requested-With", "it")), ("byRequest", "/portrait", ("X-Ticket", "7"))],
)
async def test_a_form_with_files_is_recorded_and_sent_again(
    screen: Screen, site: Site, call: str, path: str, header: tuple[str, str]
) -> None:
    watched = await identity.watch(screen)
    await screen.goto("photo.html")
    assert await screen.evaluate(f"() => {call}(10, 200)") == 200
    (honest,) = posted(site, path)
    (recorded,) = await told(screen, watched)
    assert (recorded.method, recorded.status, recorded.url) == ("POST", 200, site.url.rstrip("/") + path)
    assert set(leaves(recorded)) == {"form:sid", "form:frame", "form:frame#1"}

    site.got.clear()
    *_, said = await identity.replay(screen, [recorded])
    assert isinstance(said, Stimulus)
    assert said.effect == {"sent": 1, "answered_2xx": 1}
    (again,) = posted(site, path)
    assert parts(again) == parts(honest)
    assert again.headers[header[0].lower()] == header[1]

    site.got.clear()
    await identity.post(screen, [recorded], {"stranger": OTHER})
    (forged,) = posted(site, path)
    assert [content for name, content in parts(forged) if name == "frame"] == [OTHER, OTHER]


async def test_the_frames_of_each_check_are_kept_in_their_order_for_the_page_to_send_itself(
    screen: Screen, site: Site
) -> None:
    watched = await identity.watch(screen)
    await screen.goto("photo.html")
    frames: list[list[str]] = []
    for shades in ((10, 60), (120, 200)):
        await screen.evaluate("(shades) => byFetch(...shades)", list(shades))
        new = watched.new()
        while not identity.frames_of(new):
            await screen.evaluate("() => new Promise((done) => setTimeout(done))")
            new += watched.new()
        frames.append(identity.frames_of(new))
    sent = [[content for name, content in parts(got) if name == "frame"] for got in posted(site, "/photo")]
    assert [[base64.b64decode(frame.partition(",")[2]) for frame in check] for check in frames] == sent
    assert len({frame for check in frames for frame in check}) == 4
    assert watched.new() == []


DRAWN = """async () => {
  const canvas = document.createElement("canvas");
  const blob = await new Promise((take) => canvas.toBlob(take, "image/jpeg"));
  return [canvas.toDataURL("image/jpeg"), blob.size];
}"""


async def test_a_page_is_given_frames_until_it_is_given_none(screen: Screen, site: Site) -> None:
    await screen.goto("photo.html")
    own = await screen.evaluate(DRAWN)
    given = "data:image/jpeg;base64," + base64.b64encode(OTHER).decode()
    for _ in range(2):
        assert await identity.feed_frames(screen, [given]) == 1
        assert await screen.evaluate(DRAWN) == [given, len(OTHER)]
        await identity.feed_frames(screen, [])
        assert await screen.evaluate(DRAWN) == own


def test_single_frames_are_those_of_uploads_that_carry_one_only() -> None:
    picture = "data:image/jpeg;base64," + base64.b64encode(OTHER).decode()

    def sent(*frames: str) -> Exchange:
        body = json.dumps({"images": frames})
        return Exchange(0.0, "POST", "http://h/face", {"content-type": "application/json"}, body, "fetch", 200)

    assert identity.single_frames_of([sent(picture, picture), sent(picture), sent()]) == [picture]


async def test_nothing_of_it_is_seen_by_a_page_that_sends_no_files(screen: Screen, site: Site) -> None:
    watched = await identity.watch(screen)
    await screen.goto("photo.html")
    await screen.evaluate("() => fetch('/photo', {method: 'POST', body: 'sid=41'})")
    assert [one.body for one in watched.sent() if one.method == "POST"] == ["sid=41"]
    assert identity.latest(watched.sent()) == []
