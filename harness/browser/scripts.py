"""Requests with the window's cookies, and scripts in its frames."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import Error, Frame

from harness.browser.hosts import origin
from harness.browser.locate import frames
from harness.browser.parts import FetchResponse
from harness.browser.window import Window, first_line
from harness.errors import StepFailed

MEDIA = (Path(__file__).with_name("media.js")).read_text(encoding="utf-8").strip()
SEEN = (Path(__file__).with_name("seen.js")).read_text(encoding="utf-8").strip()
ROOM = f"""() => {{
  const el = ({MEDIA})();
  if (!el) return null;
  const r = el.getBoundingClientRect();
  return [r.width * r.height, Number.isFinite(el.duration) ? el.duration : 0];
}}"""
SCRIPT_TIMEOUT_S = 5.0
LOOK_AGAIN_S = 10.0
"""How often all frames are searched for the lesson's media: a trailer may come first, an advertisement later."""
REDIRECTS = 5


class Scripts(Window):
    """What no person does at a page, but a cheat's script or our reading does."""

    _media_frame: Frame | None = None
    _looked: float = float("-inf")

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | str | None = None,
        timeout_s: float = 30.0,
    ) -> FetchResponse:
        """A request with this context's cookies, to authorized hosts only.

        Raises AuthorizationError with nothing sent for any other host, also when a redirect leads there.
        """
        target = self.check_host(url)
        for _ in range(REDIRECTS + 1):
            try:
                answer = await self._page.context.request.fetch(
                    target, method=method, headers=headers, data=body, max_redirects=0, timeout=timeout_s * 1000
                )
                got = FetchResponse(answer.status, dict(answer.headers), await answer.body(), answer.url)
                await answer.dispose()
            except Error as error:
                raise StepFailed("request failed", where=target, got=first_line(error)) from error
            following = got.headers.get("location")
            if got.status not in (301, 302, 303, 307, 308) or following is None:
                return got
            target = self.check_host(urljoin(target, following))
            if got.status == 303 or (got.status in (301, 302) and method == "POST"):
                method, body = "GET", None
        raise StepFailed("too many redirects", where=target, got=REDIRECTS + 1, expected=f"at most {REDIRECTS}")

    async def evaluate(self, js: str, arg: Any = None) -> Any:
        """Run a function in the main frame."""
        return await self._try(self._page.evaluate(js, arg), "script failed", js[:60])

    async def evaluate_beside(self, url: str, js: str, arg: Any = None) -> Any:
        """Run a function in a frame of the address's own origin, or in the main frame when there is none."""
        home = origin(url)
        frame = next((f for f in frames(self._page) if origin(f.url) == home), self._page.main_frame)
        return await self._try(frame.evaluate(js, arg), "script failed", js[:60])

    async def evaluate_everywhere(self, js: str, arg: Any = None) -> int:
        """Run a function in every frame; the number of frames that took it."""
        return len(await self.values_everywhere(js, arg))

    async def values_everywhere(self, js: str, arg: Any = None) -> list[Any]:
        """Run a function in every frame; what it gave in each that took it."""
        done = await asyncio.gather(*(self._in_frame(f, js, arg) for f in frames(self._page)))
        return [value for took, value in done if took]

    async def seen(self, selectors: Sequence[str]) -> list[bool | None]:
        """For each selector: can something that it finds be seen now, in any frame? None where it is no plain CSS.

        One question to each frame instead of several for each selector: what a page shows is asked all the time.
        """
        told = await self.values_everywhere(SEEN, list(selectors))
        return [
            True if True in answers else None if not answers or None in answers else False
            for answers in ([frame[n] for frame in told] for n in range(len(selectors)))
        ]

    async def evaluate_in_media(self, js: str, arg: Any = None) -> Any:
        """Run `(element, arg) => ...` on the lesson's media element, in whatever frame it is; None without one."""
        call = f"(arg) => {{ const el = ({MEDIA})(); return el ? ({js})(el, arg) : null; }}"
        frame, known = await self._lesson_frame()
        if frame is None:
            return None
        _, value = await self._in_frame(frame, call, arg)
        if value is None and known:  # the player moved to another frame
            self._media_frame = None
            return await self.evaluate_in_media(js, arg)
        return value

    async def _lesson_frame(self) -> tuple[Frame | None, bool]:
        """The frame with the largest lesson media, and whether it was known from before."""
        there = frames(self._page)
        fresh = time.monotonic() - self._looked < LOOK_AGAIN_S
        if self._media_frame in there and (fresh or len(there) == 1):
            return self._media_frame, True
        rooms = await asyncio.gather(*(self._in_frame(f, ROOM, None) for f in there))
        found = [(room, place) for place, (_, room) in enumerate(rooms) if room is not None]
        self._looked = time.monotonic()
        self._media_frame = there[max(found, key=lambda f: (f[0], -f[1]))[1]] if found else None
        return self._media_frame, False

    async def _in_frame(self, frame: Frame, js: str, arg: Any) -> tuple[bool, Any]:
        """Whether a frame took a script, and its value; a frame that is loading or gone takes none."""
        try:
            return True, await asyncio.wait_for(frame.evaluate(js, arg), SCRIPT_TIMEOUT_S)
        except (Error, TimeoutError):
            return False, None

    async def media_frame(self) -> Frame:
        """The frame that holds the lesson's media element; the main one before it was found."""
        there = frames(self._page)
        return self._media_frame if self._media_frame in there and self._media_frame else self._page.main_frame

    async def listen(self, name: str, take: Callable[[Any], None]) -> None:
        """Give every page of this window's context a function `name` that hands its argument to us (attacks only)."""
        await self._page.context.expose_binding(name, lambda _source, told: take(told))

    async def add_init_script(self, js: str) -> None:
        """Run a script in every page of this window's context before its own (attacks only)."""
        await self._page.context.add_init_script(js)
