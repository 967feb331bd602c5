"""The person beside a run: answers what only somebody who looks at the page can tell, a captcha or a code by SMS."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

from harness.errors import StepFailed

Ask = Callable[[str, bytes], Awaitable[str]]
"""Asks a person a question and shows a picture of the page (PNG, empty for none); gives the answer. May be cancelled:
what is typed afterwards answers nothing."""


def at_terminal(
    answers: TextIO = sys.stdin,
    shown: TextIO = sys.stderr,
    *,
    aside: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Ask | None:
    """Somebody who sits at the terminal; None where nobody does, as in a nightly run.

    `aside` keeps what else is drawn on the terminal out of the way meanwhile. One question at a time: walks go on side
    by side, a person doesn't. Raises StepFailed when the input has ended.
    """
    if not answers.isatty():
        return None
    turn = asyncio.Lock()
    keyboard = _Keyboard(answers)

    async def ask(question: str, picture: bytes) -> str:
        async with turn:
            with tempfile.TemporaryDirectory(prefix="xunjian-ask-") as folder, aside():
                print(f"\n? {question}", file=shown)
                if picture:
                    page = Path(folder) / "page.png"
                    page.write_bytes(picture)
                    print(f"  页面截图 page: {page}", file=shown)
                print("> ", end="", file=shown, flush=True)
                answer = await keyboard.line()
        if not answer:
            raise StepFailed("a person was asked and the input had ended", got=question)
        return answer.strip()

    return ask


class _Keyboard:
    """Lines that somebody types, each for the question that was open when it was typed.

    A thread waits for the line; one that waits for the answer to a question that was given up goes on waiting, and what
    it reads is thrown away unless another question was asked meanwhile.
    """

    def __init__(self, answers: TextIO) -> None:
        self._answers = answers
        self._wanted: asyncio.Future[str] | None = None
        self._reading = False

    async def line(self) -> str:
        """The next line typed, with its end; empty when the input has ended."""
        self._forget_typed()
        loop = asyncio.get_running_loop()
        self._wanted = loop.create_future()
        if not self._reading:
            self._reading = True
            # A thread of its own, which holds up no exit: the executor's are waited for when a run ends.
            threading.Thread(target=self._read, args=(loop,), daemon=True, name="keyboard").start()
        return await self._wanted

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        line = self._answers.readline()
        with contextlib.suppress(RuntimeError):  # the run is over
            loop.call_soon_threadsafe(self._came, line)

    def _came(self, line: str) -> None:
        self._reading = False
        if self._wanted is not None and not self._wanted.done():
            self._wanted.set_result(line)

    def _forget_typed(self) -> None:
        """What was typed before the question must not answer it, such as a second press of Enter."""
        with contextlib.suppress(ImportError, OSError, ValueError):
            import termios

            termios.tcflush(self._answers.fileno(), termios.TCIFLUSH)
