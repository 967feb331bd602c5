"""One page of one context: what steps, readings, scripts and presence all need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from playwright.async_api import Error, Locator, Page

from harness.browser.cost import Cost
from harness.browser.hosts import authorized
from harness.browser.locate import locate
from harness.browser.network import Traffic
from harness.browser.parts import Dialogs
from harness.errors import StepFailed

TIMEOUT_S = 15.0
"""How long a step may take; our own timeout, never scaled."""


class Window:
    """A page, the hosts that it may be sent to, and the traffic of its context."""

    def __init__(
        self,
        page: Page,
        *,
        base_url: str,
        authorized_hosts: frozenset[str],
        on_close: Callable[[], Awaitable[None]] | None = None,
        traffic: Traffic | None = None,
    ) -> None:
        self._page = page
        self.base_url = base_url
        self.authorized_hosts = authorized_hosts
        self._on_close = on_close
        self.cost = Cost()
        """Of its context, as far as it was measured (BrowserPool.measure)."""
        self.dialogs = Dialogs()
        self.traffic = traffic or Traffic(page.context)
        page.on("dialog", self.dialogs.handle)

    @property
    def url(self) -> str:
        """Address of the page."""
        return self._page.url

    @property
    def closed(self) -> bool:
        """Has the window gone?"""
        return self._page.is_closed()

    async def title(self) -> str:
        """Title of the page."""
        title: str = await self._try(self._page.title(), "has no title", "page")
        return title

    def check_host(self, url: str) -> str:
        """The absolute address, if its host is authorized. Raises AuthorizationError, with nothing sent."""
        return authorized(self.base_url, url, self.authorized_hosts)

    async def _find(self, selector: str, frame: Sequence[str], timeout_s: float, state: str = "visible") -> Locator:
        try:
            return await locate(self._page, selector, frame, timeout_s=timeout_s, state=state)
        except Error as error:
            raise StepFailed("page is gone", where=self.url, got=first_line(error), expected=selector) from error

    async def _try(self, doing: Awaitable[Any], failed: str, selector: str) -> Any:
        try:
            return await doing
        except Error as error:
            raise StepFailed(f'"{selector}" {failed}', where=self.url, got=first_line(error)) from error

    async def _box(self, element: Locator, selector: str) -> tuple[float, float, float, float]:
        box = await self._try(element.bounding_box(timeout=TIMEOUT_S * 1000), "is not on the page", selector)
        if box is None:
            raise StepFailed(f'"{selector}" takes no room on the page', where=self.url)
        return box["x"], box["y"], box["width"], box["height"]


def first_line(error: Exception) -> str:
    """The first line of a long message."""
    return str(error).splitlines()[0][:300] if str(error) else type(error).__name__
