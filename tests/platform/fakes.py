"""A window that remembers what was done in it, and shows what a test tells it to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from harness.errors import StepFailed


class FakeScreen:
    """Answers like harness.browser.session.Screen, without a browser."""

    def __init__(self, url: str = "http://127.0.0.1:8000/") -> None:
        self.url = url
        self.done: list[tuple[Any, ...]] = []
        self.shown: set[str] = set()
        """Selectors that exist."""
        self.texts: dict[str, str] = {}
        self.tables: dict[str, list[list[str]]] = {}
        self.answers: list[tuple[int, Any]] = []
        """Status and body of the next requests; the last one stays."""
        self.page: dict[str, str] = {}
        """Local storage and cookies."""
        self.media: str | None = None
        self.file: Any = None
        self.closed = False
        self.dialogs = SimpleNamespace(accept=True, answers={})
        self.opens: FakeScreen | None = None

    async def goto(self, url: str) -> None:
        self.done.append(("goto", url))
        self.url = url

    async def reload(self) -> None:
        self.done.append(("reload",))

    async def click(self, selector: str, *, frame: tuple[str, ...] = (), **more: Any) -> None:
        if selector.startswith("missing"):
            raise StepFailed(f'"{selector}" was not found', where=self.url, got="0", expected="one visible")
        self.done.append(("click", selector, frame) if frame else ("click", selector))

    async def fill(self, selector: str, text: str, *, frame: tuple[str, ...] = (), typed: bool = False) -> None:
        if selector.startswith("missing"):
            raise StepFailed(f"could not type {text}", where=self.url, got=text)
        self.done.append(("fill", selector, text, typed))

    async def press(self, key: str, selector: str | None = None, *, frame: tuple[str, ...] = ()) -> None:
        self.done.append(("press", key, selector))

    async def drag(self, selector: str, start: float | None, end: float, *, frame: tuple[str, ...] = ()) -> None:
        self.done.append(("drag", selector, start, end))

    async def upload(self, selector: str, file: Any, *, frame: tuple[str, ...] = ()) -> None:
        self.done.append(("upload", selector, file.name, file.data))

    async def wait_for(self, **what: Any) -> None:
        self.done.append(("wait_for", {key: value for key, value in what.items() if value}))

    async def exists(self, selector: str, *, frame: tuple[str, ...] = ()) -> bool:
        return selector in self.shown

    async def seen(self, selectors: list[str]) -> list[bool | None]:
        return [selector in self.shown for selector in selectors]

    async def text(self, selector: str, *, frame: tuple[str, ...] = ()) -> str:
        return self.texts[selector]

    async def table(self, selector: str, *, frame: tuple[str, ...] = ()) -> list[list[str]]:
        return self.tables[selector]

    async def evaluate(self, js: str, arg: str) -> str | None:
        return self.page.get(arg)

    async def evaluate_in_media(self, js: str) -> str | None:
        return self.media

    async def fetch(self, url: str, *, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        self.done.append(("fetch", method, url, headers or {}, body))
        status, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return SimpleNamespace(status=status, body=json.dumps(answer).encode(), url=url, headers={})

    async def screenshot(self) -> bytes:
        return b"png"

    @asynccontextmanager
    async def expect_popup(self) -> AsyncIterator[Any]:
        popup = SimpleNamespace(screen=None)
        yield popup
        popup.screen = self.opens

    @asynccontextmanager
    async def expect_download(self) -> AsyncIterator[Any]:
        download = SimpleNamespace(file=None)
        yield download
        download.file = self.file

    async def close(self) -> None:
        self.closed = True


class FakePool:
    """Hands out fake windows, prepared by `make`."""

    def __init__(self, make: Any = FakeScreen) -> None:
        self.make = make
        self.screens: list[FakeScreen] = []
        self.asked: list[dict[str, Any]] = []

    async def new_screen(self, visitor: Any, **more: Any) -> FakeScreen:
        screen: FakeScreen = self.make()
        self.screens.append(screen)
        self.asked.append({"visitor": visitor, **more})
        return screen
