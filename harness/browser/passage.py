"""What a page sends, changed on its way to the server (attacks only)."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from playwright.async_api import Error, Route

from harness.browser.exchange import Exchange
from harness.browser.scripts import Scripts
from harness.errors import AuthorizationError

Change = Callable[[Exchange], tuple[str, str | None] | None]
"""Takes a request and gives the address and body that leave in its stead; None for one that leaves as it is."""


class Passage(Scripts):
    """The way from the page to the server."""

    @asynccontextmanager
    async def changing(self, change: Change) -> AsyncIterator[None]:
        """Inside the block, requests leave changed, as through a proxy on the learner's own machine.

        The page knows nothing of it, and the traffic that is kept shows what the page meant to send. A request
        whose changed address is of a host that the profile does not authorize is dropped.
        """
        context = self._page.context

        async def pass_on(route: Route) -> None:
            request = route.request
            try:
                body = request.post_data
            except UnicodeDecodeError:  # an upload
                body = None
            try:
                headers = dict(request.headers)
                sent = Exchange(time.monotonic(), request.method, request.url, headers, body, request.resource_type)
                changed = None if body is None else change(sent)
                if changed is None:
                    await route.continue_()
                else:
                    await route.continue_(url=self.check_host(changed[0]), post_data=changed[1])
            except AuthorizationError:
                await route.abort()
            except Error:  # its page is gone
                return

        await self._try(context.route("**/*", pass_on), "can't be changed on its way", "traffic")
        try:
            yield
        finally:
            with suppress(Error):  # the context may be gone, and the route with it
                await context.unroute("**/*", pass_on)
