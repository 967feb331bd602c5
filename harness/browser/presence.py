"""A person's presence: trusted input, a window that is put away, a camera that is pulled out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from playwright.async_api import CDPSession, Error

from harness.browser.scripts import Scripts
from harness.browser.window import first_line
from harness.errors import StepFailed
from harness.model.observation import Input

HIDE = """(hidden) => {
  const set = (name, value) => Object.defineProperty(document, name, {configurable: true, get: () => value});
  if (hidden) { set("hidden", true); set("visibilityState", "hidden"); }
  else { delete document.hidden; delete document.visibilityState; }
  document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
}"""


class Presence(Scripts):
    """Being there, or looking elsewhere."""

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

    async def set_offline(self, offline: bool) -> None:
        """Cut the network of this window's browser, or mend it."""
        await self._try(self._page.context.set_offline(offline), "can't be cut off", "network")

    async def end_camera(self) -> None:
        """End what the page films, as a plug that is pulled does; no script is in the page.

        The browser ends it because the permission is withdrawn. Whoever asks anew is given what device there is.
        """
        async with self._devtools("camera", "cannot be ended") as session:
            target: Any = await session.send("Target.getTargetInfo")
            await session.send(
                "Browser.setPermission",
                {
                    "permission": {"name": "camera"},
                    "setting": "denied",
                    "origin": await self.evaluate("() => location.origin"),
                    "browserContextId": target["targetInfo"]["browserContextId"],
                },
            )

    async def set_hidden(self, hidden: bool) -> str:
        """Put the window away, or take it up again; says how.

        A minimized headless window really loses the focus (blur, hasFocus), but is never painted as hidden:
        `document.hidden` and its event are told by script.
        """
        async with self._devtools("window", "cannot be put away") as session:
            await session.send("Emulation.setFocusEmulationEnabled", {"enabled": not hidden})
            window: Any = await session.send("Browser.getWindowForTarget")
            state = {"windowState": "minimized" if hidden else "normal"}
            await session.send("Browser.setWindowBounds", {"windowId": window["windowId"], "bounds": state})
        await self.evaluate_everywhere(HIDE, hidden)
        if hidden:
            return "minimized, focus really lost; document.hidden by script"
        return "taken up again"

    @asynccontextmanager
    async def _devtools(self, what: str, failed: str) -> AsyncIterator[CDPSession]:
        """Tell the browser itself; what it refuses is a StepFailed."""
        session = await self._try(self._page.context.new_cdp_session(self._page), failed, what)
        try:
            yield session
        except Error as error:
            raise StepFailed(f"{what} {failed}", where=self.url, got=first_line(error)) from error
        finally:
            await session.detach()
