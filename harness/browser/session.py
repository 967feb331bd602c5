"""A window: one page of one context, with everything that a step of a profile or an attack may do in it.

Every method raises StepFailed with place, got and expected when the page does not allow it, never Playwright's own
errors. Stimuli and requests of our own go only to authorized hosts.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Download as PlaywrightDownload
from playwright.async_api import Error, Page

from harness.browser.parts import Dialogs, Download, FetchResponse, File, Popup
from harness.browser.passage import Passage
from harness.browser.presence import Presence
from harness.browser.reading import Reading
from harness.browser.steps import Steps
from harness.browser.window import TIMEOUT_S, first_line
from harness.errors import StepFailed

__all__ = ["TIMEOUT_S", "Dialogs", "Download", "FetchResponse", "File", "Popup", "Screen"]

CLOSE_S = 10.0


class Screen(Steps, Reading, Presence, Passage):
    """One window."""

    @asynccontextmanager
    async def expect_popup(self, timeout_s: float = TIMEOUT_S) -> AsyncIterator[Popup]:
        """The window that opens inside the block."""
        popup = Popup()
        try:
            async with self._page.context.expect_page(timeout=timeout_s * 1000) as info:
                yield popup
            page = await info.value
            await page.wait_for_load_state("domcontentloaded")
        except Error as error:
            raise StepFailed("no window opened", where=self.url, got=first_line(error), expected="a pop-up") from error
        popup.screen = self._beside(page)

    @asynccontextmanager
    async def expect_download(self, timeout_s: float = 30.0) -> AsyncIterator[Download]:
        """The file that is downloaded inside the block, in this window or one that opens for it."""
        download = Download()
        came: asyncio.Future[PlaywrightDownload] = asyncio.get_running_loop().create_future()
        context = self._page.context

        def take(got: PlaywrightDownload) -> None:
            if not came.done():
                came.set_result(got)

        def watch(page: Page) -> None:
            page.on("download", take)

        for page in context.pages:
            watch(page)
        context.on("page", watch)
        try:
            yield download
            got = await asyncio.wait_for(came, timeout_s)
            path = await got.path()
        except (Error, TimeoutError) as error:
            raise StepFailed("no download came", where=self.url, got=first_line(error), expected="a file") from error
        finally:
            context.remove_listener("page", watch)
            for page in context.pages:
                page.remove_listener("download", take)
        name = got.suggested_filename
        data = await asyncio.to_thread(Path(path).read_bytes)
        download.file = File(name, data, mimetypes.guess_type(name)[0] or "")

    async def new_tab(self) -> Screen:
        """Another tab with the same cookies and storage."""
        return self._beside(await self._try(self._page.context.new_page(), "could not be opened", "tab"))

    def _beside(self, page: Page) -> Screen:
        screen = Screen(page, base_url=self.base_url, authorized_hosts=self.authorized_hosts, traffic=self.traffic)
        screen.dialogs.accept, screen.dialogs.answers = self.dialogs.accept, dict(self.dialogs.answers)
        return screen

    async def storage(self) -> dict[str, Any]:
        """Cookies, local storage and session storage, as another browser could copy them."""
        state: dict[str, Any] = dict(await self._try(self._page.context.storage_state(), "has no storage", "context"))
        state["session_storage"] = {
            "origin": await self.evaluate("() => location.origin"),
            "items": await self.evaluate("() => ({...sessionStorage})"),
        }
        return state

    async def close(self) -> None:
        """Close the context with all its windows, or just this window if it was opened from another."""
        on_close, self._on_close = self._on_close, None
        try:
            await asyncio.wait_for(self._page.close() if on_close is None else self._page.context.close(), CLOSE_S)
        except (Error, TimeoutError):  # a window that is already gone is what we wanted
            pass
        finally:
            if on_close is not None:
                await on_close()
