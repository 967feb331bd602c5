"""What a person does at a page: go, click, fill, choose, drag, wait."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from playwright.async_api import Error, Locator
from playwright.async_api import TimeoutError as PlaywrightTimeout

from harness.browser.locate import BadSelector, locate, poll_s
from harness.browser.parts import File
from harness.browser.window import TIMEOUT_S, Window, first_line
from harness.errors import StepFailed

DRAG_PAUSE_S = 0.12
"""A progress bar wants move, down, a pause, up (met on real players)."""
OPTION_TIMEOUT_S = 3.0
"""A list's options may come a little later than the list."""
BAR_TIMEOUT_S = 3.0
"""A control bar shows within this time once the mouse is over the player."""


class Steps(Window):
    """Steps of a profile. Selectors are looked for in every frame unless `frame` names iframes, outermost first."""

    async def goto(self, url: str, *, timeout_s: float = 30.0) -> None:
        """Open an address, absolute or below the platform's own. An answer of 400 or more is a failed step."""
        target = self.check_host(url)
        try:
            answer = await self._page.goto(target, timeout=timeout_s * 1000, wait_until="domcontentloaded")
        except Error as error:
            raise StepFailed("page did not open", where=target, got=first_line(error)) from error
        if answer is not None and answer.status >= 400:
            raise StepFailed("page did not open", where=target, got=f"HTTP {answer.status}", expected="HTTP 200")

    async def reload(self) -> None:
        """Load the page again."""
        try:
            await self._page.reload(wait_until="domcontentloaded")
        except Error as error:
            raise StepFailed("page did not load again", where=self.url, got=first_line(error)) from error

    async def click(
        self, selector: str, *, frame: Sequence[str] = (), timeout_s: float = TIMEOUT_S, count: int = 1
    ) -> None:
        """Click with the mouse."""
        element = await self._find(selector, frame, timeout_s)
        await self._try(element.click(timeout=timeout_s * 1000, click_count=count), "could not be clicked", selector)

    async def click_at(self, selector: str, fx: float, fy: float = 0.5, *, frame: Sequence[str] = ()) -> None:
        """Click at a place of an element, as fractions of its width and height."""
        element = await self._shown(selector, frame)
        box = await self._box(element, selector)
        place: Any = {"x": box[2] * min(max(fx, 0.002), 0.998), "y": box[3] * fy}
        await self._try(element.click(position=place, force=True), "could not be clicked", selector)

    async def fill(self, selector: str, text: str, *, frame: Sequence[str] = (), typed: bool = False) -> None:
        """Put text into a field; `typed` presses the keys one by one."""
        element = await self._find(selector, frame, TIMEOUT_S)
        if typed:
            await self._try(element.fill(""), "could not be cleared", selector)
            await self._try(element.press_sequentially(text, delay=30), "could not be typed into", selector)
        else:
            await self._try(element.fill(text), "could not be filled", selector)

    async def press(self, key: str, selector: str | None = None, *, frame: Sequence[str] = ()) -> None:
        """Press a key, in an element or wherever the focus is."""
        if selector is None:
            await self._try(self._page.keyboard.press(key), "key could not be pressed", key)
        else:
            element = await self._find(selector, frame, TIMEOUT_S)
            await self._try(element.press(key), "key could not be pressed in", selector)

    async def hover(self, selector: str, *, frame: Sequence[str] = ()) -> None:
        """Move the mouse over an element."""
        element = await self._find(selector, frame, TIMEOUT_S)
        await self._try(element.hover(force=True), "could not be hovered", selector)

    async def select(self, selector: str, option: str, *, frame: Sequence[str] = ()) -> None:
        """Choose an option of a list, by its value or its label."""
        element = await self._find(selector, frame, TIMEOUT_S)
        choosing = element.select_option(option, timeout=OPTION_TIMEOUT_S * 1000)  # takes value or label
        await self._try(choosing, f"has no option {option!r}", selector)

    async def check(self, selector: str, *, frame: Sequence[str] = ()) -> None:
        """Tick a box; where the box itself is hidden behind a drawn one, by its label."""
        element = await self._find(selector, frame, TIMEOUT_S, "attached")
        if await element.is_visible():
            await self._try(element.check(force=True), "could not be ticked", selector)
            return
        if not await self._try(element.is_checked(), "is no box to tick", selector):
            label = (await element.evaluate_handle("box => box.labels && box.labels[0]")).as_element()
            if label is None:
                raise StepFailed(f'"{selector}" is hidden and has no label', where=self.url)
            await self._try(label.click(timeout=5000), "could not be ticked by its label", selector)

    async def upload(self, selector: str, file: File, *, frame: Sequence[str] = ()) -> None:
        """Give a file to a file field."""
        element = await self._find(selector, frame, TIMEOUT_S, "attached")
        payload: Any = {"name": file.name, "mimeType": file.mime or "application/octet-stream", "buffer": file.data}
        await self._try(element.set_input_files(payload), "did not take the file", selector)

    async def drag(self, selector: str, from_fx: float | None, to_fx: float, *, frame: Sequence[str] = ()) -> None:
        """Drag along an element's width, from one fraction (or from its left end) to another."""
        element = await self._shown(selector, frame)
        await self._try(element.hover(force=True), "could not be hovered", selector)
        await asyncio.sleep(DRAG_PAUSE_S)
        x, y, width, height = await self._box(element, selector)  # only now: a bar may grow under the mouse
        start = x + width * (0.01 if from_fx is None else from_fx)
        end, middle = x + width * min(max(to_fx, 0.0), 0.999), y + height / 2
        mouse = self._page.mouse
        await self._try(mouse.move(start, middle), "could not be reached", selector)
        await self._try(mouse.down(), "could not be taken hold of", selector)
        await asyncio.sleep(DRAG_PAUSE_S)
        await self._try(mouse.move(end, middle, steps=8), "could not be dragged", selector)
        await asyncio.sleep(DRAG_PAUSE_S)
        await self._try(mouse.up(), "could not be let go", selector)

    async def _shown(self, selector: str, frame: Sequence[str]) -> Locator:
        """An element that may be hidden until the mouse is over what holds it, as control bars are."""
        element = await self._find(selector, frame, TIMEOUT_S, "attached")
        if await element.is_visible():
            return element
        around = element.locator("xpath=ancestor::*")
        for place in reversed(range(await around.count())):
            box = await around.nth(place).bounding_box()
            if box is None or box["width"] < 1 or box["height"] < 1:
                continue
            for share in (0.45, 0.55):  # two movements: some players take the first for an arrival only
                await self._page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
            try:
                return await locate(self._page, selector, frame, timeout_s=BAR_TIMEOUT_S / 3)
            except StepFailed:
                continue
        return await self._find(selector, frame, BAR_TIMEOUT_S)

    async def wait_for(
        self,
        selector: str | None = None,
        *,
        text: str | None = None,
        url: str | None = None,
        state: str = "visible",
        frame: Sequence[str] = (),
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Wait for an element, a text anywhere on the page, or an address (part of it or a pattern)."""
        if url is not None:
            await self._address(url, timeout_s)
        for wanted in (selector, None if text is None else f"text={text}"):
            if wanted is None:
                continue
            if state in ("hidden", "detached"):
                await self._gone(wanted, frame, timeout_s, state)
            else:
                await self._find(wanted, frame, timeout_s, state)

    async def _address(self, url: str, timeout_s: float) -> None:
        def arrived(address: str) -> bool:
            return url in address or re.search(url, address) is not None

        try:
            await self._page.wait_for_url(arrived, timeout=timeout_s * 1000, wait_until="commit")
        except (Error, PlaywrightTimeout) as error:
            raise StepFailed("address did not come", where=self.url, got=self.url, expected=url) from error

    async def _gone(self, selector: str, frame: Sequence[str], timeout_s: float, state: str) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        there = "visible" if state == "hidden" else "attached"
        while True:
            try:
                await self._find(selector, frame, 0, there)
            except BadSelector:
                raise
            except StepFailed:
                return
            if loop.time() > start + timeout_s:
                raise StepFailed(f'"{selector}" did not go away', where=self.url, got=there, expected=state)
            await asyncio.sleep(poll_s(loop.time() - start))
