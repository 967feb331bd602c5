"""Finding an element in whatever frame of a page it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from playwright.async_api import Error, Frame, FrameLocator, Locator, Page

from harness.errors import StepFailed

POLL_S, SELDOM_S = 0.1, 0.3
AT_ONCE_S = 2.0
"""What comes at all mostly comes within this; what takes longer is looked for less often."""
ANSWER_S = 5.0
"""A frame that is still loading may not answer at all; others are asked meanwhile."""
MOST = 20
"""So many elements of one selector are looked at for one that can be seen."""


class BadSelector(StepFailed):
    """The selector itself is wrong, which is the profile's fault, not the page's."""


async def locate(
    page: Page, selector: str, frame: Sequence[str] = (), *, timeout_s: float, state: str = "visible"
) -> Locator:
    """The first element that the selector finds, in the frames named (outermost first) or in any frame of the page.

    Raises StepFailed with what was found instead when none reaches `state` (attached or visible) in time, and
    BadSelector at once when the selector is not valid.
    """
    start = time.monotonic()
    seen = 0
    while True:
        if page.is_closed():
            raise StepFailed("window is closed", where=page.url, expected=selector)
        for candidate in candidates(page, selector, frame):
            try:
                async with asyncio.timeout(ANSWER_S):
                    count = await candidate.count()
                    seen = max(seen, count)
                    if count and (found := await _first(candidate, count, state)) is not None:
                        return found
            except Error as error:
                if _about_selector(str(error)):
                    raise BadSelector("selector is not valid", where=page.url, got=selector) from error
            except TimeoutError:
                continue
        if time.monotonic() >= start + timeout_s:
            break
        await asyncio.sleep(poll_s(time.monotonic() - start))
    got = f"{seen} hidden" if seen else "0"
    raise StepFailed(f'"{selector}" was not found', where=page.url, got=got, expected=f"one {state} in {timeout_s:g} s")


def poll_s(waited_s: float) -> float:
    """Seconds until the next look, after waiting so long; a look costs some milliseconds of four processes."""
    return POLL_S if waited_s < AT_ONCE_S else SELDOM_S


async def _first(locator: Locator, count: int, state: str) -> Locator | None:
    """Ids repeat on real pages: the first that can be seen is meant."""
    if state == "attached":
        return locator.first
    for place in range(min(count, MOST)):
        if await locator.nth(place).is_visible():
            return locator.nth(place)
    return None


def _about_selector(message: str) -> bool:
    text = message.lower()
    return "selector" in text and any(
        word in text for word in ("parsing", "not a valid", "unknown engine", "malformed")
    )


def candidates(page: Page, selector: str, frame: Sequence[str]) -> list[Locator]:
    """A locator for each place where the element may be."""
    if frame:
        scope: Page | FrameLocator = page
        for name in frame:
            scope = scope.frame_locator(name)
        return [scope.locator(selector)]
    return [f.locator(selector) for f in frames(page)]


def frames(page: Page) -> list[Frame]:
    """All frames that are still there, the main one first."""
    return [f for f in page.frames if not f.is_detached()]
