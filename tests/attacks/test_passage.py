"""A page's own reports, changed on their way: what the server gets, and that nobody else's requests are touched."""

from __future__ import annotations

import json

import pytest

from harness.attacks.passage import as_if_playing, played, usual
from harness.browser.exchange import Exchange
from harness.browser.reports import Field, ReportPattern
from harness.browser.session import Screen
from tests.attacks.test_traffic import learned
from tests.browser.site import Site

URL = "https://platform.example/report"


def report(t: float, **fields: object) -> Exchange:
    return Exchange(t, "POST", URL, {"content-type": "application/json"}, json.dumps(fields), "fetch")


def pattern(*examples: Exchange) -> ReportPattern:
    moving = (Field("json:pos", "position"), Field("json:delta", "delta", 1000.0))
    return ReportPattern("POST", URL, len(examples), 2.0, moving, examples[-1], examples)


HONEST = [
    report(n, sid=17, ticket=f"a8f0c2{n}d4e6b1a7c3f9e5d0", pos=float(n), delta=2000, play=1, ops=n % 2 * 4, act=act)
    for n, act in enumerate(["play", "tick", "tick", "tick"])
]
LOCKED = {"sid": 18, "ticket": "ffee11", "pos": 30.0, "delta": 0, "play": 0, "ops": 0, "act": "pause"}


def test_what_a_playing_lesson_says_is_what_most_of_its_reports_say() -> None:
    assert usual(pattern(*HONEST)) == {"json:play": 1, "json:act": "tick"}


def test_reports_of_a_page_that_stands_still_do_not_count() -> None:
    waiting = [report(n - 9, sid=17, pos=0.0, delta=0, play=0, ops=0, act="wait") for n in range(9)]
    assert usual(pattern(*waiting, *HONEST)) == {"json:play": 1, "json:act": "tick"}
    assert usual(pattern(*waiting))["json:play"] == 0, "where nothing ever moved, all there is counts"


@pytest.mark.parametrize(("later", "position"), [(0.0, 30.0), (8.0, 38.0)])
def test_only_what_is_said_of_the_player_is_replaced(later: float, position: float) -> None:
    honest = pattern(*HONEST)
    first, sent = report(100.0, **LOCKED), report(100.0 + later, **LOCKED)
    url, body = played(honest, usual(honest), first, sent)
    told = {"pos": position, "delta": 2000, "play": 1, "act": "tick"}
    assert (url, json.loads(body or "")) == (URL, LOCKED | told)


@pytest.mark.browser
async def test_the_server_gets_the_changed_report_and_the_page_knows_nothing(screen: Screen, site: Site) -> None:
    honest = await learned(screen, site)
    site.got.clear()
    mark = screen.traffic.mark()
    send = """async (position) => {
      const body = JSON.stringify({lesson: 17, position, again: 1});
      for (const path of ["/api/report", "/api/other"]) await fetch(path, {method: "POST", body});
    }"""
    async with as_if_playing(screen, [honest]) as done:
        assert done == []
        await screen.evaluate(send, 5)
    await screen.evaluate(send, 5)
    (fact,) = done
    assert fact.effect["sent"] == 1
    told = [(g.path, json.loads(g.body)["position"]) for g in site.got if g.path.startswith("/api/")]
    assert [path for path, _ in told] == ["/api/report", "/api/other"] * 2
    assert [position for _, position in told[1:]] == [5, 5, 5]
    assert {json.loads(e.body or "")["position"] for e in screen.traffic.since(mark)} == {5}


@pytest.mark.browser
async def test_nothing_is_led_to_a_foreign_host(screen: Screen, site: Site, foreign: Site) -> None:
    await screen.goto("storage.html")
    send = '() => fetch("/api/report", {method: "POST", body: "true"}).then(() => "sent", () => "dropped")'
    address = f"{foreign.url}api/report"
    async with screen.changing(lambda sent: (address, sent.body) if sent.url.endswith("/api/report") else None):
        assert await screen.evaluate(send) == "dropped"
    assert await screen.evaluate(send) == "sent"
    assert foreign.got == []
