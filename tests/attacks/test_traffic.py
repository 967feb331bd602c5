"""Reports are learned from a playing page, and sent again and raised from inside it, to authorized hosts only."""

from __future__ import annotations

import asyncio
import json

import pytest

from harness.attacks.traffic import forge, replay, send
from harness.browser.exchange import Exchange
from harness.browser.player import Player
from harness.browser.reports import ReportPattern, learn_reports
from harness.browser.session import Screen
from harness.errors import AuthorizationError
from harness.model.observation import RequestSent, Stimulus
from tests.browser.site import Site

pytestmark = pytest.mark.browser


async def learned(screen: Screen, site: Site) -> ReportPattern:
    """Play until a handful of reports were sent, then pause."""
    await screen.goto("sign-in")
    await screen.goto("lesson.html?report=1")
    await screen.evaluate_in_media("(el) => { el.play().catch(() => 0); return true; }")
    samples = []
    loop = asyncio.get_running_loop()
    while len([g for g in site.got if g.path == "/api/report"]) < 8:
        seen = await Player(screen).sample()
        if seen is not None:
            samples.append((loop.time(), seen))
        await asyncio.sleep(0.1)
    await screen.evaluate_in_media("(el) => { el.pause(); return true; }")
    (pattern,) = learn_reports(screen.traffic.since(0), samples)
    return pattern


async def test_reports_are_learned_replayed_and_raised(screen: Screen, site: Site) -> None:
    pattern = await learned(screen, site)
    assert (pattern.method, pattern.url) == ("POST", f"{site.url}api/report")
    assert "json:position" in {f.path for f in pattern.moving if f.kind == "position"}
    honest = [g for g in site.got if g.path == "/api/report"]

    site.got.clear()
    facts = await replay(screen, pattern, times=3, interval_s=0.0)
    assert [f.status for f in facts if isinstance(f, RequestSent)] == [200, 200, 200]
    again = [g for g in site.got if g.path == "/api/report"]
    assert [g.body for g in again] == [e.body.encode() for e in pattern.examples[:3] if e.body]
    for name in ("cookie", "x-csrftoken", "content-type", "origin"):
        assert again[0].headers.get(name) == honest[0].headers.get(name)
    summary = facts[-1]
    assert isinstance(summary, Stimulus)
    assert (summary.effect["sent"], summary.effect["answered_2xx"]) == (3, 3)

    site.got.clear()
    facts = await forge(screen, pattern, raise_s=3600.0)
    raised = [json.loads(g.body) for g in site.got if g.path == "/api/report"]
    last = json.loads(pattern.example.body or "")
    assert raised[0]["position"] == pytest.approx(last["position"] + 3600)
    assert raised[0]["lesson"] == 17
    assert all(f.status == 200 for f in facts if isinstance(f, RequestSent))


async def test_nothing_is_sent_to_a_foreign_host(screen: Screen, site: Site, foreign: Site) -> None:
    await screen.goto("storage.html")
    report = Exchange(0.0, "POST", f"{foreign.url}api/report", {}, '{"position":5}', "fetch")
    with pytest.raises(AuthorizationError):
        await send(screen, "replay", report, report.url, report.body)
    bounced = Exchange(0.0, "POST", f"{site.url}redirect?to={foreign.url}api", {}, '{"position":5}', "fetch")
    fact = await send(screen, "replay", bounced, bounced.url, bounced.body)
    assert (fact.status, fact.error) == (None, "error: redirected")
    assert foreign.got == []


async def test_a_refusal_is_an_answer_and_no_answer_is_told(screen: Screen, site: Site) -> None:
    await screen.goto("storage.html")
    gone = Exchange(0.0, "GET", f"{site.url}missing?token=abc", {}, None, "fetch")
    fact = await send(screen, "replay", gone, gone.url, None)
    assert (fact.status, fact.url) == (404, f"{site.url}missing?token=***")
    wrong = Exchange(0.0, "GET", f"{site.url}x", {"bad header": "x"}, None, "fetch")
    fact = await send(screen, "replay", wrong, wrong.url, None)
    assert fact.status is None
    assert fact.error.startswith("error: TypeError")


async def test_a_web_socket_report_is_sent_over_a_socket(screen: Screen, site: Site, foreign: Site) -> None:
    await screen.goto("storage.html")
    report = Exchange(0.0, "WS", f"ws://{site.host}/live", {}, '{"position":3600}', "websocket")
    fact = await send(screen, "forge_positions", report, report.url, report.body)
    assert (fact.status, fact.method) == (101, "WS")
    for _ in range(100):
        if site.paths("WS"):
            break
        await asyncio.sleep(0.05)
    assert [g.body for g in site.got if g.method == "WS"] == [b'{"position":3600}']
    with pytest.raises(AuthorizationError):
        await send(screen, "forge_positions", report, f"ws://{foreign.host}/live", report.body)
