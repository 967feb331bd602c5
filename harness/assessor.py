"""The person beside a run: answers what only somebody who looks at the page can tell, a captcha or a code by SMS."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

from harness.errors import StepFailed

Ask = Callable[[str, bytes], Awaitable[str]]
"""Asks a person a question and shows a picture of the page (PNG); gives the answer."""


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

    async def ask(question: str, picture: bytes) -> str:
        async with turn:
            with tempfile.TemporaryDirectory(prefix="xunjian-ask-") as folder, aside():
                page = Path(folder) / "page.png"
                page.write_bytes(picture)
                print(f"\n? {question}\n  页面截图 page: {page}\n> ", end="", file=shown, flush=True)
                answer = await asyncio.to_thread(answers.readline)
        if not answer:
            raise StepFailed("a person was asked and the input had ended", got=question)
        return answer.strip()

    return ask
