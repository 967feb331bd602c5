"""What a window gives or answers: files, answers to requests, pop-ups, native dialogs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.async_api import Dialog, Error

if TYPE_CHECKING:
    from harness.browser.session import Screen


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
    """Type and message of each dialog that came."""

    async def handle(self, dialog: Dialog) -> None:
        """Answer at once: an open dialog stops the page."""
        self.log.append((dialog.type, dialog.message))
        text = next((answer for part, answer in self.answers.items() if part in dialog.message), None)
        try:
            if self.accept or dialog.type == "beforeunload":
                await dialog.accept(dialog.default_value if text is None else text)
            else:
                await dialog.dismiss()
        except Error:  # the page answered it by closing
            return
