"""What a person sees on a page: whether something is there, texts, tables, a picture."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.async_api import Error

from harness.browser.locate import BadSelector, candidates
from harness.browser.window import TIMEOUT_S, Window, first_line
from harness.errors import StepFailed
from harness.model.grid import grid

CELLS = """t => {
  const parts = [];
  return [...t.querySelectorAll("tr")].map(r => {
    if (!parts.includes(r.parentElement)) parts.push(r.parentElement);
    return [parts.indexOf(r.parentElement), [...r.cells].map(c => [c.innerText.trim(), c.colSpan, c.rowSpan])];
  });
}"""


class Reading(Window):
    """Readings of the page as it is now, in whatever frame."""

    async def exists(self, selector: str, *, frame: Sequence[str] = ()) -> bool:
        """Is there a visible element, now?"""
        try:
            await self._find(selector, frame, 0)
        except BadSelector:
            raise
        except StepFailed:
            return False
        return True

    async def count(self, selector: str, *, frame: Sequence[str] = ()) -> int:
        """How many elements there are in the frame that has most of them."""
        most = 0
        for found in candidates(self._page, selector, frame):
            try:
                most = max(most, await found.count())
            except Error:  # a frame that is just being replaced
                continue
        return most

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
        """The cells of a table, row by row, each in its column (harness/model/grid.py)."""
        element = await self._find(selector, frame, timeout_s, "attached")
        return grid(await self._try(element.evaluate(CELLS), "is not a table", selector))

    async def html(self) -> str:
        """The page's source as it is now."""
        source: str = await self._try(self._page.content(), "has no source", "page")
        return source

    async def screenshot(self) -> bytes:
        """The visible part as PNG. Raises StepFailed when the page can't be painted."""
        try:
            return await self._page.screenshot(timeout=8000, animations="disabled")
        except Error as error:
            raise StepFailed("no picture could be taken", where=self.url, got=first_line(error)) from error
