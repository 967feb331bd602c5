"""Real input is trusted; a window that is put away loses the focus and is told that it is hidden."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness.browser.player import Player
from harness.browser.session import Screen

pytestmark = pytest.mark.browser


async def seen(screen: Screen, name: str) -> list[dict[str, Any]]:
    """Events of one name that the page saw, once there is one."""
    for _ in range(60):
        found = [e for e in await screen.evaluate("() => seen") if e["name"] == name]
        if found:
            return found
        await asyncio.sleep(0.05)
    return []


async def inner_listens(screen: Screen) -> None:
    """Wait for the script of the frame inside."""
    for _ in range(200):
        if await screen.evaluate("() => window.innerListens === true"):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the inner frame did not load")


async def test_mouse_input_is_trusted_and_clicks_nothing(screen: Screen) -> None:
    await screen.goto("events.html")
    fact = await screen.give_input("mouse")
    assert (fact.device, fact.trusted) == ("mouse", True)
    moves = await seen(screen, "mousemove")
    assert all(e["trusted"] for e in moves)
    assert len({tuple(e["screen"]) for e in moves}) > 1
    assert {e["name"] for e in await screen.evaluate("() => seen")} <= {"mousemove", "inner"}


async def test_keyboard_input_is_trusted(screen: Screen) -> None:
    await screen.goto("events.html")
    fact = await screen.give_input("keyboard")
    assert fact.device == "keyboard"
    assert [e["trusted"] for e in await seen(screen, "keydown")] == [True]
    assert [e["trusted"] for e in await seen(screen, "keyup")] == [True]


async def test_a_window_put_away_is_hidden_in_every_frame_and_loses_the_focus(screen: Screen) -> None:
    await screen.goto("events.html")
    await inner_listens(screen)
    assert "focus really lost" in await screen.set_hidden(True)
    assert [e["hidden"] for e in await seen(screen, "visibilitychange")] == [True]
    assert [e["hidden"] for e in await seen(screen, "inner hidden")] == [True]
    assert [e["trusted"] for e in await seen(screen, "blur")] == [True]
    state = "() => [document.hidden, document.visibilityState, document.hasFocus()]"
    assert await screen.evaluate(state) == [True, "hidden", False]
    await screen.evaluate("() => { seen.length = 0; }")
    await screen.set_hidden(False)
    assert [e["hidden"] for e in await seen(screen, "visibilitychange")] == [False]
    assert [e["trusted"] for e in await seen(screen, "focus")] == [True]
    assert await screen.evaluate(state) == [False, "visible", True]
    assert await screen.evaluate("() => Object.getOwnPropertyNames(document).includes('hidden')") is False


async def test_the_media_sample_says_that_the_window_is_hidden(screen: Screen) -> None:
    await screen.goto("lesson.html")
    await screen.set_hidden(True)
    sample = await Player(screen).sample()
    assert sample is not None
    assert sample.hidden
