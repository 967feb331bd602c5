"""Traffic: what the learner's page sends, kept in memory."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Error, Frame, Page, Request, Response, WebSocket

from harness.browser.exchange import Exchange, flatten
from harness.browser.reports import Field, FieldKind, ReportPattern, learn_reports

__all__ = ["Exchange", "Field", "FieldKind", "ReportPattern", "Traffic", "flatten", "learn_reports"]

KEPT_TYPES = frozenset({"xhr", "fetch", "ping", "document", "other"})
BODILESS = ("GET", "HEAD", "OPTIONS")


class Traffic:
    """Requests and web-socket frames of one context."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._seen: list[Exchange] = []
        self._open: dict[Request, Exchange] = {}
        self._bodiless: list[Exchange] = []
        self._late: list[tuple[str, str, str | None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)
        context.on("page", self._page)
        for page in context.pages:
            self._page(page)

    async def ready(self) -> None:
        """Wait until the pages that are open now are watched."""
        await asyncio.gather(*self._tasks)

    def mark(self) -> int:
        """A place to look back to."""
        return len(self._seen)

    def since(self, mark: int) -> list[Exchange]:
        """What was sent after a mark."""
        return self._seen[mark:]

    def _request(self, request: Request) -> None:
        if request.resource_type not in KEPT_TYPES:
            return
        binary, body = False, None
        try:
            body = request.post_data
        except UnicodeDecodeError:  # an upload; its text is of no use here
            binary = True
        exchange = Exchange(
            time.monotonic(), request.method, request.url, dict(request.headers), body, request.resource_type
        )
        self._open[request] = exchange
        self._seen.append(exchange)
        if body is None and not binary and request.method not in BODILESS:
            self._bodiless.append(exchange)
            self._match()

    def _response(self, response: Response) -> None:
        exchange = self._open.pop(response.request, None)
        if exchange is not None:
            exchange.status = response.status

    def _failed(self, request: Request) -> None:
        self._open.pop(request, None)

    # A body made of a Blob (as in most uses of sendBeacon) isn't in Playwright's event: the browser must be asked.

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("framenavigated", self._frame)
        self._start(page)

    def _frame(self, frame: Frame) -> None:
        # Only a frame of another site runs in a process of its own and needs a watch of its own.
        if frame.parent_frame is not None and not frame.url.startswith("about:"):
            self._start(frame)

    def _start(self, target: Page | Frame) -> None:
        task = asyncio.ensure_future(self._watch(target))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self, target: Page | Frame) -> None:
        try:
            session = await self._context.new_cdp_session(target)
            session.on("Network.requestWillBeSent", lambda event: self._sent(session, event))
            await session.send("Network.enable")
        except Error:  # an ordinary frame belongs to its page's watch; a page may be gone already
            return

    def _sent(self, session: CDPSession, event: dict[str, Any]) -> None:
        request = event["request"]
        if request["method"] in BODILESS or "postData" in request:
            return
        task = asyncio.ensure_future(self._ask(session, event["requestId"], request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, session: CDPSession, request_id: str, request: dict[str, Any]) -> None:
        body = None
        if request.get("hasPostData"):
            try:
                answer = await session.send("Network.getRequestPostData", {"requestId": request_id})
                body = None if answer.get("base64Encoded") else str(answer["postData"])
            except Error:  # the page left before the browser could say
                body = None
        self._late.append((request["method"], request["url"], body))
        self._match()

    def _match(self) -> None:
        """Give bodies that came late to the requests that wait for them, first to first."""
        for method, url, body in list(self._late):
            for exchange in self._bodiless:
                if (exchange.method, exchange.url) == (method, url):
                    exchange.body = body
                    self._bodiless.remove(exchange)
                    self._late.remove((method, url, body))
                    break

    def _socket(self, socket: WebSocket) -> None:
        def sent(payload: str | bytes) -> None:
            if isinstance(payload, str):
                self._seen.append(Exchange(time.monotonic(), "WS", socket.url, {}, payload, "websocket"))

        socket.on("framesent", sent)
