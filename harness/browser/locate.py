"""Finding an element in whatever frame of a page it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from playwright.async_api import Error, Frame, FrameLocator, Locator, Page

from harness.errors import StepFailed

POLL_S = 0.1


async def locate(
    page: Page, selector: str, frame: Sequence[str] = (), *, timeout_s: float, state: str = "visible"
) -> Locator:
    """The first element that the selector finds, in the frames named (outermost first) or in any frame of the page.

    Raises StepFailed with what was found instead when none reaches `state` (attached or visible) in time.
    """
    end = time.monotonic() + timeout_s
    seen = 0
    while True:
        for candidate in _candidates(page, selector, frame):
            try:
                seen = max(seen, await candidate.count())
                if await candidate.count() and (state == "attached" or await candidate.first.is_visible()):
                    return await _first_visible(candidate, state)
            except Error as error:
                if "selector" in str(error).lower() and "parsing" in str(error).lower():
                    raise StepFailed("selector is not valid", where=page.url, got=selector) from error
        if time.monotonic() >= end:
            break
        await asyncio.sleep(POLL_S)
    got = f"{seen} hidden" if seen else "0"
    raise StepFailed(f'"{selector}" was not found', where=page.url, got=got, expected=f"one {state} in {timeout_s:g} s")


async def _first_visible(locator: Locator, state: str) -> Locator:
    """Ids repeat on real pages: the first that can be seen is meant."""
    if state == "visible":
        for place in range(min(await locator.count(), 20)):
            if await locator.nth(place).is_visible():
                return locator.nth(place)
    return locator.first


def _candidates(page: Page, selector: str, frame: Sequence[str]) -> list[Locator]:
    if frame:
        scope: Page | FrameLocator = page
        for name in frame:
            scope = scope.frame_locator(name)
        return [scope.locator(selector)]
    return [f.locator(selector) for f in frames(page)]


def frames(page: Page) -> list[Frame]:
    """All frames that are still there, the main one first."""
    return [f for f in page.frames if not f.is_detached()]
