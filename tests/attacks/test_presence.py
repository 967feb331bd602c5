"""Pretending to be there: events that no person made, and locks torn off."""

from __future__ import annotations

import pytest

from harness.attacks.presence import hide_overlay, remove_overlay, synthetic_events
from harness.browser.player import Player
from harness.browser.session import Screen

pytestmark = pytest.mark.browser


async def test_synthetic_events_reach_every_frame_and_are_untrusted(screen: Screen) -> None:
    await screen.goto("events.html")
    fact = await synthetic_events(screen, 0.3, every_s=0.1)
    assert (fact.name, fact.means) == ("synthetic_events", "tool")
    assert isinstance(fact.effect["bursts"], int)
    assert fact.effect["bursts"] >= 2
    seen = await screen.evaluate("() => seen")
    assert {"mousemove", "click", "keydown", "touchstart", "inner"} <= {e["name"] for e in seen}
    assert not any(e["trusted"] for e in seen if e["name"] not in ("blur", "focus"))


async def test_a_lock_is_torn_off_and_the_player_started(screen: Screen) -> None:
    await screen.goto("lesson.html?cover=1")
    await screen.wait_for("#cover")
    fact = await remove_overlay(screen)
    assert not await screen.exists("#cover")
    assert fact.effect["paused_before"] is True
    assert fact.effect["paused_after"] is False
    assert fact.effect["removed"] == 1
    assert await Player(screen).sample() is not None


COVERED_AGAIN = """() => {
  const video = document.querySelector("video");
  let covered = false;
  const answer = () => setTimeout(() => (covered = true), 10);
  new MutationObserver(answer).observe(document.body, {childList: true, subtree: true});
  video.addEventListener("play", () => covered && video.pause());
  return true;
}"""
"""The page's next answer has it know again that its player is covered."""


async def test_the_player_is_started_before_the_page_knows(screen: Screen) -> None:
    await screen.goto("lesson.html?cover=1")
    await screen.wait_for("#cover")
    await screen.evaluate(COVERED_AGAIN)
    fact = await remove_overlay(screen)
    assert fact.effect["paused_after"] is False


async def test_where_nothing_covers_nothing_is_removed(screen: Screen) -> None:
    await screen.goto("lesson.html")
    before = await screen.html()
    fact = await remove_overlay(screen)
    assert fact.effect["removed"] == 0
    assert await screen.count("video") == 1
    assert (await screen.html()).count("<") == before.count("<")


CHECK = """() => {
  const mask = document.createElement("div");
  mask.id = "check";
  mask.style.cssText = "position: fixed; inset: 0; background: #000c";
  const preview = document.createElement("video");
  preview.srcObject = document.createElement("canvas").captureStream();
  mask.append(preview);
  document.body.append(mask);
  return true;
}"""
"""A face check that shows the learner what the camera films."""


@pytest.mark.parametrize("gone", ["removed", "hidden"])
async def test_a_cover_with_a_cameras_preview_in_it_is_no_player(screen: Screen, gone: str) -> None:
    await screen.goto("lesson.html")
    await screen.evaluate(CHECK)
    fact = await (remove_overlay(screen) if gone == "removed" else hide_overlay(screen, 0.1))
    assert fact.effect[gone] == 1
    assert await screen.evaluate("() => document.querySelector('#check')?.getClientRects().length ?? 0") == 0
    assert await screen.count("video:not(#check video)") == 1


SHOWN_AGAIN = """() => new Promise((told) => {
  const cover = document.querySelector("#cover");
  new MutationObserver(() => cover.hidden && told(true)).observe(cover, {attributeFilter: ["hidden"]});
  cover.hidden = false;
  setTimeout(() => told(false), 5000);
})"""
"""The page shows its cover: does it find it hidden afterwards?"""


async def test_a_cover_that_the_page_shows_again_is_hidden_again(screen: Screen) -> None:
    await screen.goto("lesson.html?cover=1")
    await screen.wait_for("#cover")
    fact = await hide_overlay(screen, 0.1)
    assert fact.effect["hidden"] == 1
    assert await screen.evaluate(SHOWN_AGAIN) is True
