"""What a page shows, asked for many selectors at once: the same answers as one by one."""

from __future__ import annotations

import pytest

from harness.browser.session import Screen

pytestmark = pytest.mark.browser
SELECTORS = ["#once", ".twin", "#drawn", "#deep", "#host b", "#nothing", "button, #nothing", "#leaving"]


async def test_it_agrees_with_asking_one_by_one(screen: Screen) -> None:
    await screen.goto("plain.html")
    await screen.wait_for("#late")
    one_by_one = [await screen.exists(selector) for selector in SELECTORS]
    assert one_by_one == [True, True, False, True, True, False, True, False]
    # The page has a shadow root: what is not found might be reached across its border, which others must tell.
    assert await screen.seen(SELECTORS) == [True, True, None, True, None, None, True, None]


async def test_without_shadow_roots_what_is_not_there_is_told(screen: Screen) -> None:
    await screen.goto("lesson.html?cover=1")
    await screen.wait_for("#cover")
    assert await screen.seen(["#cover", "#nothing", "video"]) == [True, False, True]
    assert not await screen.exists("#nothing")


async def test_what_is_no_plain_css_is_left_to_others(screen: Screen) -> None:
    await screen.goto("plain.html")
    assert await screen.seen(["text=Click", "#once >> nth=0", "#once:has-text('Click')", "#once"]) == [
        None, None, None, True,
    ]  # fmt: skip
    assert await screen.seen([]) == []


async def test_any_frame_counts(screen: Screen) -> None:
    await screen.goto("frames.html")
    await screen.wait_for("#start", frame=("#outer", "#inner"))
    assert await screen.seen(["#start", "#inner", "#outer", "#nowhere"]) == [True, True, True, False]
