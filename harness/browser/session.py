"""A window: one page of one context, with everything that a step of a profile or an attack may do in it.

Every method raises StepFailed with place, got and expected when the page does not allow it, never Playwright's own
errors. Stimuli and requests of our own go only to authorized hosts.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Dialog, Error, Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from harness.browser.locate import frames, locate
from harness.browser.network import Traffic
from harness.errors import AuthorizationError, StepFailed
from harness.model.observation import Input

TIMEOUT_S = 15.0
"""How long a step may take; our own timeout, never scaled."""
DRAG_PAUSE_S = 0.12
"""A progress bar wants move, down, a pause, up (met on real players)."""
MEDIA = (Path(__file__).with_name("media.js")).read_text(encoding="utf-8").strip()
CELLS = """t => [...t.querySelectorAll("tr")].map(
  r => [...r.querySelectorAll("th,td")].map(c => c.innerText.trim()))"""
HIDE = """(hidden) => {
  const set = (name, value) => Object.defineProperty(document, name, {configurable: true, get: () => value});
  if (hidden) { set("hidden", true); set("visibilityState", "hidden"); }
  else { delete document.hidden; delete document.visibilityState; }
  document.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(new Event(hidden ? "blur" : "focus"));
}"""


@dataclass(frozen=True, slots=True)
class File:
    """A file that the platform gave: its name and bytes."""

    name: str
    data: bytes
    mime: str = ""


@dataclass(frozen=True, slots=True)
class FetchResponse:
    """An answer to a request of ours."""

    status: int
    headers: dict[str, str]
    body: bytes
    url: str


@dataclass
class Popup:
    """A window that opened; `screen` is set when the block is left."""

    screen: Screen | None = None


@dataclass
class Download:
    """A download; `file` is set when the block is left."""

    file: File | None = None


@dataclass
class Dialogs:
    """What to answer to native dialogs: accept or dismiss, and texts for those that ask for one."""

    accept: bool = True
    answers: dict[str, str] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)

    async def handle(self, dialog: Dialog) -> None:
        """Answer at once: an open dialog stops the page."""
        self.log.append((dialog.type, dialog.message))
        text = next((answer for part, answer in self.answers.items() if part in dialog.message), None)
        try:
            if self.accept or dialog.type == "beforeunload":
                await dialog.accept(text or dialog.default_value or "")
            else:
                await dialog.dismiss()
        except Error:  # the page answered it by closing
            return


class Screen:
    """One window."""

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
        self.dialogs = Dialogs()
        self.traffic = traffic or Traffic(page.context)
        self._media_frame: Any = None
        page.on("dialog", self.dialogs.handle)

    # --- where we are -----------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Address of the page."""
        return self._page.url

    async def title(self) -> str:
        """Title of the page."""
        return await self._page.title()

    def check_host(self, url: str) -> str:
        """The absolute address, if its host is authorized. Raises AuthorizationError, with nothing sent."""
        target = urljoin(self.base_url, url)
        parts = urlsplit(target)
        if parts.scheme in ("http", "https") and not allowed(parts.hostname, parts.port, self.authorized_hosts):
            raise AuthorizationError(
                "refused to send a request to a host that the profile does not authorize",
                where=target,
                got=parts.netloc,
                expected=", ".join(sorted(self.authorized_hosts)),
            )
        return target

    # --- steps ------------------------------------------------------------------------------------------------

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
        element = await self._find(selector, frame, TIMEOUT_S)
        box = await self._box(element, selector)
        place = {"x": box[2] * min(max(fx, 0.002), 0.998), "y": box[3] * fy}
        await self._try(element.click(position=place, force=True), "could not be clicked", selector)  # type: ignore[arg-type]

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
        try:
            await element.select_option(value=option, timeout=2000)
        except (Error, PlaywrightTimeout):
            await self._try(element.select_option(label=option), f"has no option {option!r}", selector)

    async def check(self, selector: str, *, frame: Sequence[str] = ()) -> None:
        """Tick a box."""
        element = await self._find(selector, frame, TIMEOUT_S, "attached")
        await self._try(element.check(force=True), "could not be ticked", selector)

    async def upload(self, selector: str, file: File, *, frame: Sequence[str] = ()) -> None:
        """Give a file to a file field."""
        element = await self._find(selector, frame, TIMEOUT_S, "attached")
        payload: Any = {"name": file.name, "mimeType": file.mime or "application/octet-stream", "buffer": file.data}
        await self._try(element.set_input_files(payload), "did not take the file", selector)

    async def drag(self, selector: str, from_fx: float | None, to_fx: float, *, frame: Sequence[str] = ()) -> None:
        """Drag along an element's width, from one fraction (or wherever it is) to another."""
        element = await self._find(selector, frame, TIMEOUT_S, "attached")
        await self._try(element.hover(force=True), "could not be hovered", selector)
        await asyncio.sleep(DRAG_PAUSE_S)
        x, y, width, height = await self._box(element, selector)
        start = x + width * (0.01 if from_fx is None else from_fx)
        end, middle = x + width * min(max(to_fx, 0.0), 0.999), y + height / 2
        mouse = self._page.mouse
        await mouse.move(start, middle)
        await mouse.down()
        await asyncio.sleep(DRAG_PAUSE_S)
        await mouse.move(end, middle, steps=8)
        await asyncio.sleep(DRAG_PAUSE_S)
        await mouse.up()

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
            try:
                await self._page.wait_for_url(lambda u: re.search(url, u) is not None, timeout=timeout_s * 1000)
            except (Error, PlaywrightTimeout) as error:
                raise StepFailed("address did not come", where=self.url, got=self.url, expected=url) from error
        if text is not None:
            await self._find(f"text={text}", frame, timeout_s)
        if selector is not None:
            if state in ("hidden", "detached"):
                await self._gone(selector, frame, timeout_s)
            else:
                await self._find(selector, frame, timeout_s, state)

    async def _gone(self, selector: str, frame: Sequence[str], timeout_s: float) -> None:
        end = asyncio.get_running_loop().time() + timeout_s
        while await self.exists(selector, frame=frame):
            if asyncio.get_running_loop().time() > end:
                raise StepFailed(f'"{selector}" did not go away', where=self.url, got="visible", expected="hidden")
            await asyncio.sleep(0.1)

    # --- reading ----------------------------------------------------------------------------------------------

    async def exists(self, selector: str, *, frame: Sequence[str] = ()) -> bool:
        """Is there a visible element, now?"""
        try:
            await self._find(selector, frame, 0)
        except StepFailed:
            return False
        return True

    async def count(self, selector: str, *, frame: Sequence[str] = ()) -> int:
        """How many elements there are in the frame that has them."""
        try:
            found = await self._find(selector, frame, 0, "attached")
        except StepFailed:
            return 0
        return await found.page.locator(selector).count() if not frame else 1

    async def text(self, selector: str, *, frame: Sequence[str] = (), timeout_s: float = TIMEOUT_S) -> str:
        """The visible text of an element."""
        element = await self._find(selector, frame, timeout_s)
        text: str = await self._try(element.inner_text(), "has no text", selector)
        return text.strip()

    async def attribute(self, selector: str, name: str, *, frame: Sequence[str] = ()) -> str | None:
        """An attribute of an element, or its value property for `value`."""
        element = await self._find(selector, frame, TIMEOUT_S, "attached")
        if name == "value":
            found: str | None = await self._try(element.input_value(), "has no value", selector)
        else:
            found = await self._try(element.get_attribute(name), "has no attribute", selector)
        return found

    async def table(self, selector: str, *, frame: Sequence[str] = (), timeout_s: float = TIMEOUT_S) -> list[list[str]]:
        """The cells of a table, row by row."""
        element = await self._find(selector, frame, timeout_s, "attached")
        rows: list[list[str]] = await self._try(
            element.evaluate(CELLS),
            "is not a table",
            selector,
        )
        return rows

    async def html(self) -> str:
        """The page's source as it is now."""
        return await self._page.content()

    async def screenshot(self) -> bytes:
        """The visible part as PNG. Raises StepFailed when the page can't be painted."""
        try:
            return await self._page.screenshot(timeout=8000, animations="disabled")
        except (Error, PlaywrightTimeout) as error:
            raise StepFailed("no picture could be taken", where=self.url, got=first_line(error)) from error

    # --- pop-ups, files, dialogs ------------------------------------------------------------------------------

    @asynccontextmanager
    async def expect_popup(self, timeout_s: float = TIMEOUT_S) -> AsyncIterator[Popup]:
        """The window that opens inside the block."""
        popup = Popup()
        try:
            async with self._page.context.expect_page(timeout=timeout_s * 1000) as info:
                yield popup
            page = await info.value
            await page.wait_for_load_state("domcontentloaded")
        except (Error, PlaywrightTimeout) as error:
            raise StepFailed("no window opened", where=self.url, got=first_line(error), expected="a pop-up") from error
        popup.screen = self._beside(page)

    @asynccontextmanager
    async def expect_download(self, timeout_s: float = 30.0) -> AsyncIterator[Download]:
        """The file that is downloaded inside the block."""
        download = Download()
        try:
            async with self._page.expect_download(timeout=timeout_s * 1000) as info:
                yield download
            got = await info.value
            path = await got.path()
        except (Error, PlaywrightTimeout) as error:
            raise StepFailed("no download came", where=self.url, got=first_line(error), expected="a file") from error
        download.file = File(got.suggested_filename, await asyncio.to_thread(Path(path).read_bytes))

    async def new_tab(self) -> Screen:
        """Another tab with the same cookies and storage."""
        return self._beside(await self._page.context.new_page())

    def _beside(self, page: Page) -> Screen:
        screen = Screen(page, base_url=self.base_url, authorized_hosts=self.authorized_hosts, traffic=self.traffic)
        screen.dialogs.accept, screen.dialogs.answers = self.dialogs.accept, self.dialogs.answers
        return screen

    @property
    def closed(self) -> bool:
        """Has the window gone?"""
        return self._page.is_closed()

    # --- requests and scripts ---------------------------------------------------------------------------------

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | str | None = None,
        timeout_s: float = 30.0,
    ) -> FetchResponse:
        """A request with this context's cookies, to authorized hosts only; redirects are not followed elsewhere."""
        target = self.check_host(url)
        for _ in range(6):
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
        raise StepFailed("too many redirects", where=target, got="6", expected="at most 5")

    async def evaluate(self, js: str, arg: Any = None) -> Any:
        """Run a function in the main frame."""
        return await self._try(self._page.evaluate(js, arg), "script failed", js[:60])

    async def evaluate_everywhere(self, js: str, arg: Any = None) -> int:
        """Run a function in every frame; the number of frames that took it."""
        done = 0
        for frame in frames(self._page):
            try:
                await asyncio.wait_for(frame.evaluate(js, arg), 5)
                done += 1
            except (Error, TimeoutError):
                continue
        return done

    async def evaluate_in_media(self, js: str, arg: Any = None) -> Any:
        """Run `(element, arg) => ...` on the lesson's media element, in whatever frame it is; None without one."""
        call = f"(arg) => {{ const el = ({MEDIA})(); return el ? ({js})(el, arg) : null; }}"
        candidates = frames(self._page)
        if self._media_frame in candidates:
            candidates.remove(self._media_frame)
            candidates.insert(0, self._media_frame)
        for frame in candidates:
            try:
                value = await asyncio.wait_for(frame.evaluate(call, arg), 5)
            except (Error, TimeoutError):
                continue
            if value is not None:
                self._media_frame = frame
                return value
        return None

    async def media_frame(self) -> Any:
        """The frame that holds the lesson's media element; the main one before it was found."""
        return self._media_frame if self._media_frame in frames(self._page) else self._page.main_frame

    async def add_init_script(self, js: str) -> None:
        """Run a script in every page of this window's context before its own (attacks only)."""
        await self._page.context.add_init_script(js)

    # --- a person's presence ----------------------------------------------------------------------------------

    async def give_input(self, kind: Literal["mouse", "keyboard"] = "mouse") -> Input:
        """Real, trusted input that operates nothing: a small mouse movement, or a Shift key."""
        try:
            if kind == "mouse":
                size = self._page.viewport_size or {"width": 1200, "height": 650}
                for dx in (0, 7, 15):
                    await self._page.mouse.move(size["width"] * 0.62 + dx, size["height"] * 0.42 + dx / 2)
            else:
                await self._page.keyboard.press("Shift")
        except Error as error:
            raise StepFailed("no input could be given", where=self.url, got=first_line(error)) from error
        return Input(device=kind, trusted=True)

    async def set_hidden(self, hidden: bool) -> str:
        """Take the focus away and tell the page that it is hidden, or undo it; says how.

        A headless browser never paints a tab as hidden: the loss of focus is real, `document.hidden` and its event
        are told by script.
        """
        session = await self._page.context.new_cdp_session(self._page)
        try:
            await session.send("Emulation.setFocusEmulationEnabled", {"enabled": not hidden})
        finally:
            await session.detach()
        await self.evaluate_everywhere(HIDE, hidden)
        return "focus really lost, document.hidden by script"

    async def storage(self) -> dict[str, Any]:
        """Cookies, local storage and session storage, as another browser could copy them."""
        state: dict[str, Any] = dict(await self._page.context.storage_state())
        state["session_storage"] = {
            "origin": await self._page.evaluate("() => location.origin"),
            "items": await self._page.evaluate("() => ({...sessionStorage})"),
        }
        return state

    async def close(self) -> None:
        """Close the context with all its windows, or just this window if it was opened from another."""
        try:
            if self._on_close is None:
                await asyncio.wait_for(self._page.close(), 10)
            else:
                await asyncio.wait_for(self._page.context.close(), 10)
                await self._on_close()
        except (Error, TimeoutError):
            return

    # --- inside -----------------------------------------------------------------------------------------------

    async def _find(self, selector: str, frame: Sequence[str], timeout_s: float, state: str = "visible") -> Locator:
        try:
            return await locate(self._page, selector, frame, timeout_s=timeout_s, state=state)
        except Error as error:
            raise StepFailed("page is gone", where=self.url, got=first_line(error), expected=selector) from error

    async def _try(self, doing: Awaitable[Any], failed: str, selector: str) -> Any:
        try:
            return await doing
        except (Error, PlaywrightTimeout) as error:
            raise StepFailed(f'"{selector}" {failed}', where=self.url, got=first_line(error)) from error

    async def _box(self, element: Locator, selector: str) -> tuple[float, float, float, float]:
        box = await element.bounding_box()
        if box is None:
            raise StepFailed(f'"{selector}" takes no room on the page', where=self.url)
        return box["x"], box["y"], box["width"], box["height"]


def allowed(host: str | None, port: int | None, hosts: frozenset[str]) -> bool:
    """Is this host, or this host and port, among the authorized ones?"""
    return host is not None and (host in hosts or (port is not None and f"{host}:{port}" in hosts))


def first_line(error: Exception) -> str:
    """The first line of a long message."""
    return str(error).splitlines()[0][:300] if str(error) else type(error).__name__
