"""Fast-forwarding by script and keys, on a page that allows it and on pages that set it back."""

from __future__ import annotations

import asyncio

import pytest

from harness.attacks.media import hold_rate, seek_by_keys, seek_by_script
from harness.browser.player import Player
from harness.browser.session import Screen

pytestmark = pytest.mark.browser


async def playing(screen: Screen, address: str) -> None:
    """Open a lesson and play it until it moves."""
    await screen.goto(address)
    await screen.evaluate_in_media("(el) => { el.play().catch(() => 0); return true; }")
    for _ in range(150):
        seen = await Player(screen).sample()
        if seen is not None and seen.position_s > 0.3:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"the lesson did not start: {seen}")


def number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


async def test_a_page_that_allows_it_is_jumped_in(screen: Screen) -> None:
    await playing(screen, "lesson.html")
    fact = await seek_by_script(screen, 25.0)
    assert (fact.name, fact.means, fact.params["to_s"]) == ("seek_by_script", "tool", 25.0)
    assert number(fact.params["from_s"]) < 5
    assert number(fact.effect["at_once_s"]) >= 25
    assert number(fact.effect["later_s"]) >= 25


async def test_a_page_that_sets_the_position_back_wins(screen: Screen) -> None:
    await playing(screen, "lesson.html?guard=seek")
    fact = await seek_by_script(screen, 25.0)
    assert number(fact.effect["later_s"]) < 20
    assert fact.params["repeat"] == 3


async def test_keys_are_pressed_where_the_player_is(screen: Screen) -> None:
    await playing(screen, "lesson.html")
    await screen.evaluate(
        "() => { window.keys = []; lesson.addEventListener('keydown', (e) => keys.push([e.key, e.isTrusted])); }"
    )
    fact = await seek_by_keys(screen, presses=4)
    assert (fact.name, fact.means) == ("key_ArrowRight", "ordinary")
    assert await screen.evaluate("() => keys") == [["ArrowRight", True]] * 4


async def test_a_rate_that_is_let_be_is_set_once(screen: Screen) -> None:
    await playing(screen, "lesson.html")
    fact = await hold_rate(screen, 2.0, 2.0, every_s=0.4)
    assert (fact.name, fact.effect["times_set"], fact.effect["rate_seen"]) == ("rate_2_by_script", 1, 2.0)
    assert fact.effect["ended"] is False


async def test_a_rate_that_is_set_back_is_set_again(screen: Screen) -> None:
    await playing(screen, "lesson.html?guard=rate")
    fact = await hold_rate(screen, 2.0, 2.0, every_s=0.4)
    assert number(fact.effect["times_set"]) >= 2
    assert fact.effect["rate_seen"] == 1.0


async def test_without_a_player_nothing_is_claimed(screen: Screen) -> None:
    await screen.goto("plain.html")
    fact = await seek_by_script(screen, 25.0, repeat=1)
    assert (fact.params["from_s"], fact.effect["at_once_s"], fact.effect["later_s"]) == (None, None, None)
