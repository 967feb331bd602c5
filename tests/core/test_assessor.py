"""A person beside a run is asked one question at a time, with the page at hand."""

from __future__ import annotations

import asyncio
import io
import queue
import threading
from pathlib import Path

import pytest

from harness.assessor import at_terminal
from harness.errors import StepFailed

pytestmark = pytest.mark.anyio
PICTURE = b"\x89PNG picture"


class Terminal(io.StringIO):
    """Input that somebody types, who looks at the page meanwhile."""

    def __init__(self, typed: str, shown: io.StringIO | None = None) -> None:
        super().__init__(typed)
        self.shown = shown
        self.looked: list[bytes] = []

    def isatty(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:
        if self.shown is not None:
            self.looked.append(_page(self.shown.getvalue()).read_bytes())
        return super().readline(-1 if size is None else size)


def _page(said: str) -> Path:
    return Path(said.split("page: ")[1].splitlines()[0])


async def test_an_answer_comes_back_without_its_line_end_and_the_page_is_shown_meanwhile() -> None:
    shown = io.StringIO()
    terminal = Terminal("42f7\n", shown)
    ask = at_terminal(terminal, shown)
    assert ask is not None
    assert await ask("验证码 code?", PICTURE) == "42f7"
    said = shown.getvalue()
    assert "验证码 code?" in said
    assert terminal.looked == [PICTURE]
    assert not _page(said).exists()


async def test_two_walks_ask_one_after_the_other() -> None:
    shown = io.StringIO()
    ask = at_terminal(Terminal("first\nsecond\n"), shown)
    assert ask is not None
    answers = await asyncio.gather(ask("a?", PICTURE), ask("b?", PICTURE))
    assert answers == ["first", "second"]
    assert shown.getvalue().index("a?") < shown.getvalue().index("b?")


async def test_an_input_that_has_ended_is_no_answer() -> None:
    ask = at_terminal(Terminal(""), io.StringIO())
    assert ask is not None
    with pytest.raises(StepFailed, match="input had ended"):
        await ask("code?", PICTURE)


async def test_nobody_is_asked_where_nobody_sits() -> None:
    assert at_terminal(io.StringIO("x\n"), io.StringIO()) is None


class Slow(Terminal):
    """Somebody who types when told."""

    def __init__(self) -> None:
        super().__init__("")
        self.typed: queue.Queue[str] = queue.Queue()

    def readline(self, size: int | None = -1, /) -> str:
        return self.typed.get()


async def test_what_is_typed_after_a_question_was_given_up_answers_nothing() -> None:
    terminal = Slow()
    ask = at_terminal(terminal, io.StringIO())
    assert ask is not None
    first = asyncio.create_task(ask("a?", b""))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    terminal.typed.put("too late\n")
    for thread in threading.enumerate():
        if thread.name == "keyboard":
            await asyncio.to_thread(thread.join)
    await asyncio.sleep(0)  # its line has come and was thrown away
    second = asyncio.create_task(ask("b?", b""))
    terminal.typed.put("in time\n")
    assert await second == "in time"


async def test_a_question_without_a_page_names_none() -> None:
    shown = io.StringIO()
    ask = at_terminal(Terminal("\n"), shown)
    assert ask is not None
    assert await ask("请遮住摄像头", b"") == ""
    assert "page:" not in shown.getvalue()
