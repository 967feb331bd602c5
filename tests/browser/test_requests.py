"""Requests of our own reach authorized hosts only; the page's requests are written down with their bodies."""

from __future__ import annotations

import asyncio

import pytest

from harness.browser.exchange import Exchange
from harness.browser.session import Screen
from harness.errors import AuthorizationError, StepFailed
from tests.browser.conftest import NewScreen
from tests.browser.site import Site

pytestmark = pytest.mark.browser


async def test_fetch_has_the_windows_cookies(screen: Screen) -> None:
    await screen.goto("sign-in")
    got = await screen.fetch("whoami")
    assert (got.status, got.body) == (200, b"sid=s3cret")


async def test_fetch_refuses_a_foreign_host_before_anything_is_sent(screen: Screen, foreign: Site) -> None:
    for method in ("GET", "POST"):
        with pytest.raises(AuthorizationError, match="does not authorize"):
            await screen.fetch(f"{foreign.url}x", method=method)
    with pytest.raises(AuthorizationError):
        await screen.goto(foreign.url)
    assert foreign.got == []


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_fetch_does_not_follow_a_redirect_to_a_foreign_host(
    screen: Screen, foreign: Site, site: Site, method: str
) -> None:
    with pytest.raises(AuthorizationError):
        await screen.fetch(f"redirect?to={foreign.url}secret", method=method, body="t=5" if method == "POST" else None)
    assert foreign.got == []
    assert site.paths(method) == [f"/redirect?to={foreign.url}secret"]


async def test_fetch_follows_redirects_at_home(screen: Screen, site: Site) -> None:
    got = await screen.fetch("redirect?status=303&to=/whoami")
    assert got.url == f"{site.url}whoami"
    got = await screen.fetch("redirect?to=/api/save", method="POST", body="t=5")
    assert (got.body, site.got[-1].path, site.got[-1].body) == (b"ok", "/api/save", b"t=5")


async def test_fetch_gives_up_on_a_loop(screen: Screen, site: Site) -> None:
    with pytest.raises(StepFailed, match="too many redirects"):
        await screen.fetch("circle")
    assert site.paths("GET") == ["/circle"] * 6


async def sent(screen: Screen, site: Site, name: str, path: str) -> Exchange:
    """Let the page send something and wait until it was received and recorded with its body."""
    mark = screen.traffic.mark()
    await screen.evaluate("(name) => { send[name](); }", name)
    for _ in range(100):
        found = [e for e in screen.traffic.since(mark) if e.url.endswith(path)]
        if found and found[0].status is not None and found[0].body is not None:
            return found[0]
        await asyncio.sleep(0.05)
    raise AssertionError(f"{path} was not recorded: {screen.traffic.since(mark)}; received {site.paths('POST')}")


@pytest.mark.parametrize(
    ("name", "method", "body"),
    [
        ("beacon", "POST", '{"position":1}'),
        ("blob", "POST", '{"position":2}'),
        ("keepalive", "POST", '{"position":4}'),
        ("fetchblob", "PUT", '{"position":5}'),
        ("xhr", "POST", "t=6"),
    ],
)
async def test_traffic_has_the_body_however_it_is_sent(
    screen: Screen, site: Site, name: str, method: str, body: str
) -> None:
    await screen.goto("send.html")
    seen = await sent(screen, site, name, f"/api/{name}")
    assert (seen.method, seen.body, seen.status) == (method, body, 200)
    assert [g.body.decode() for g in site.got if g.path == f"/api/{name}"] == [body]


async def test_traffic_has_form_data_and_headers(screen: Screen, site: Site) -> None:
    await screen.goto("send.html")
    assert 'name="position"\r\n\r\n3\r\n' in ((await sent(screen, site, "form", "/api/form")).body or "")
    assert (await sent(screen, site, "xhr", "/api/xhr")).headers["x-t"] == "1"


async def test_traffic_has_what_a_web_socket_sends(screen: Screen, site: Site) -> None:
    await screen.goto("send.html")
    await screen.evaluate("() => { send.socket(); }")
    for _ in range(100):
        seen = [e for e in screen.traffic.since(0) if e.method == "WS"]
        if seen and site.paths("WS"):
            break
        await asyncio.sleep(0.05)
    assert [(e.url, e.body, e.type) for e in seen] == [
        (f"ws://{site.host}/live", '{"position":7}', "websocket"),
    ]
    assert [g.body for g in site.got if g.method == "WS"] == [b'{"position":7}']


async def test_a_request_without_a_body_takes_no_others(screen: Screen, site: Site) -> None:
    await screen.goto("send.html")
    await screen.evaluate("() => { send.empty(); }")
    await sent_blob_after_empty(screen, site)


async def sent_blob_after_empty(screen: Screen, site: Site) -> None:
    for _ in range(100):
        if site.paths("POST") == ["/api/blob"]:
            break
        await asyncio.sleep(0.05)
    seen = await sent(screen, site, "blob", "/api/blob")
    assert seen.body == '{"position":2}'
    assert [e.body for e in screen.traffic.since(0) if e.url.endswith("/api/blob")] == [None, '{"position":2}']


async def test_traffic_of_a_frame_of_another_site(new_screen: NewScreen, site: Site) -> None:
    screen = await new_screen()
    await screen.goto("storage.html")
    await screen.evaluate(
        """(url) => new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.src = url; frame.onload = resolve; document.body.append(frame);
        })""",
        f"{site.other_site_url}send.html",
    )
    await screen.traffic.ready()
    mark = screen.traffic.mark()
    assert await screen.evaluate_everywhere("() => { send.blob(); }") == 1
    for _ in range(100):
        if [e.body for e in screen.traffic.since(mark)] == ['{"position":2}']:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(screen.traffic.since(mark))
