"""The media truth, wherever the lesson is, and never that of a camera preview."""

from __future__ import annotations

import asyncio

import pytest

from harness.browser.player import Player
from harness.browser.session import Screen
from harness.model.values import MediaSample
from tests.browser.conftest import VIDEO_S

pytestmark = pytest.mark.browser


async def until(screen: Screen, moving: bool) -> MediaSample:
    """Look until the lesson moves, or until there is a lesson."""
    for _ in range(150):
        seen = await Player(screen).sample()
        if seen is not None and seen.ready >= 2 and (not moving or (seen.position_s > 0.5 and not seen.paused)):
            return seen
        await asyncio.sleep(0.1)
    raise AssertionError(f"no lesson: {seen}")


async def test_the_lesson_in_a_nested_frame_is_seen_and_the_camera_preview_is_not(screen: Screen) -> None:
    await screen.goto("frames.html")
    seen = await until(screen, moving=False)
    assert (seen.position_s, seen.paused, seen.ended, seen.rate) == (0.0, True, False, 1.0)
    assert seen.duration_s == pytest.approx(VIDEO_S, abs=0.5)
    assert (await screen.media_frame()).url.endswith("inner.html")
    await screen.click("#start")
    seen = await until(screen, moving=True)
    assert not seen.hidden
    assert seen.muted
    assert seen.played_s == pytest.approx(seen.position_s, abs=0.3)


async def test_only_a_camera_preview_is_no_lesson(screen: Screen) -> None:
    await screen.goto("frames.html")
    await until(screen, moving=False)
    await screen.evaluate("() => document.getElementById('outer').remove()")
    assert await Player(screen).sample() is None


async def test_no_media_no_sample(screen: Screen) -> None:
    await screen.goto("plain.html")
    assert await Player(screen).sample() is None


async def test_the_largest_wins_over_a_trailer_in_the_main_frame(screen: Screen) -> None:
    await screen.goto("frames.html")
    await until(screen, moving=False)  # the lesson's frame is there before the trailer comes
    await screen.evaluate(
        """() => {
          const trailer = document.createElement("video");
          trailer.src = "/media/lesson.mp4#trailer"; trailer.width = 80; trailer.height = 45;
          document.body.prepend(trailer);
        }"""
    )
    await until(screen, moving=False)
    source = await screen.evaluate_in_media("(el) => el.currentSrc")
    assert source.endswith("lesson.mp4")


async def test_a_lesson_inside_a_shadow_root(screen: Screen) -> None:
    await screen.goto("plain.html")
    await screen.evaluate(
        """() => {
          const video = document.createElement("video");
          video.src = "/media/lesson.mp4";
          document.getElementById("host").shadowRoot.append(video);
        }"""
    )
    assert (await until(screen, moving=False)).position_s == 0


async def test_the_player_is_found_again_after_the_page_changed(screen: Screen) -> None:
    await screen.goto("lesson.html")
    await until(screen, moving=False)
    await screen.goto("frames.html")
    await until(screen, moving=False)
    assert (await screen.media_frame()).url.endswith("inner.html")


async def test_nothing_is_left_in_the_page(screen: Screen) -> None:
    await screen.goto("lesson.html")
    names = "() => [Object.getOwnPropertyNames(window).length, document.querySelector('video').outerHTML]"
    before = await screen.evaluate(names)
    await until(screen, moving=False)
    assert await screen.evaluate(names) == before
