"""Looking on at a run: the state that follows from its events, and how it is shown to people and programs."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console

from harness.assessor import at_terminal
from harness.events import Event
from harness.live import JsonLines, LiveView, watching
from harness.progress import Progress, as_dict

BEGUN = (
    Event("planned", "F13.idle", 1, "", 100.0, 1),
    Event("planned", "F12.two_devices", 1, "", 60.0, 2),
    Event("planned", "F05.honest", 1, "", 80.0, 1),
    Event("waiting", "F05.honest", 1, "windows"),
    Event("started", "F13.idle", 1, "", 100.0, 1),
    Event("started", "F12.two_devices", 1, "", 60.0, 2),
    Event("segment", "F13.idle", 1, "before"),
)


def after(*events: Event, slots: int = 3) -> Progress:
    progress = Progress(slots)
    for event in (*BEGUN, *events):
        progress.take(event, 0.0)
    return progress


def test_what_runs_what_waits_and_for_what() -> None:
    progress = after()
    assert set(progress.running) == {("F13.idle", 1), ("F12.two_devices", 1)}
    assert progress.running["F13.idle", 1].doing == "before"
    assert progress.waiting["F05.honest", 1].what_for == "windows"
    assert progress.share_done == 0.0


@pytest.mark.parametrize(
    ("now", "slots", "left"),
    [
        (0.0, 3, 100.0),  # (100 + 2 x 60 + 80) / 3
        (0.0, 2, 150.0),
        (0.0, 100, 100.0),  # the longest is what it takes at least
        (90.0, 100, 80.0),
        (500.0, 3, 80.0),  # those over their time are about to end
    ],
)
def test_time_left_is_the_longest_or_all_over_the_windows(now: float, slots: int, left: float) -> None:
    assert after(slots=slots).left_s(now) == pytest.approx(left)


def test_the_number_of_windows_comes_with_the_beginning() -> None:
    progress = after(Event("planned", message="8 windows", windows=8), slots=1)
    assert progress.slots == 8
    assert ("", 1) not in progress.waiting


def test_what_ended_is_told_and_what_comes_again_is_counted() -> None:
    progress = after(
        Event("finished", "F13.idle", 1, "done", 57.0),
        Event("repeated", "F13.idle", 2),
        Event("held", message="CPU at 97 %"),
    )
    assert progress.finished == [("F13.idle", 1, 57.0, "done")]
    assert (progress.repeated, progress.held) == (1, "CPU at 97 %")
    progress.take(Event("released"), 1.0)
    assert progress.held == ""
    assert progress.share_done == pytest.approx(1 / 3)


@pytest.mark.parametrize(("lang", "word"), [("zh", "开始"), ("en", "started")])
def test_plain_lines_where_there_is_no_terminal(lang: str, word: str) -> None:
    out = io.StringIO()
    with watching(out, lang=lang, events=False, quiet=False) as onlooker:
        for event in BEGUN:
            onlooker.take(event)
    assert out.getvalue().splitlines() == [f"  {word} F13.idle #1 100 s", f"  {word} F12.two_devices #1 60 s"]


def test_quiet_says_nothing() -> None:
    out = io.StringIO()
    with watching(out, lang="zh", events=False, quiet=True) as onlooker:
        onlooker.take(BEGUN[4])
    assert out.getvalue() == ""


def test_json_lines_for_programs() -> None:
    out = io.StringIO()
    moments = iter([10.0, 12.5, 13.0])
    lines = JsonLines(out, lambda: next(moments))
    lines.take(BEGUN[4])
    lines.take(Event("held", message="CPU at 97 %"))
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"t": 2.5, "event": "started", "walk": "F13.idle", "attempt": 1, "seconds": 100.0},
        {"t": 3.0, "event": "held", "message": "CPU at 97 %"},
    ]
    assert as_dict(BEGUN[3], 0.0)["message"] == "windows"


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("已用 0:25", "F13.idle", "before", "等待：F05.honest (窗口)")), ("en", ("0:25 gone", "(windows)"))],
)
def test_the_live_view_shows_walks_their_bars_and_what_waits(lang: str, words: tuple[str, ...]) -> None:
    moment = [0.0]
    out = io.StringIO()
    view = LiveView(Console(file=out, width=100), lang, lambda: moment[0])
    for event in BEGUN:
        view.take(event)
    moment[0] = 25.0
    view.take(Event("finished", "F12.two_devices", 1, "done", 25.0))
    Console(file=out, width=100).print(view.render())
    for word in words:
        assert word in out.getvalue()
    assert "█████░" in out.getvalue()  # a quarter of 100 s
    assert "F12.two_devices 0:25 done" in out.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_in_a_terminal_it_is_drawn_and_leaves_when_done() -> None:
    out = Terminal()
    with watching(out, lang="en", events=False, quiet=False) as onlooker:
        assert isinstance(onlooker, LiveView)
        onlooker.take(BEGUN[4])
    assert "F13.idle" in out.getvalue()


def test_nothing_is_drawn_while_somebody_is_asked() -> None:
    order: list[str] = []

    @contextmanager
    def aside() -> Iterator[None]:
        order.append("stopped")
        yield
        order.append("goes on")

    class Shown(io.StringIO):
        def write(self, text: str) -> int:
            order.append("asked")
            return super().write(text)

    ask = at_terminal(Terminal("42\n"), Shown(), aside=aside)
    assert ask is not None
    assert asyncio.run(ask("captcha?", b"png")) == "42"
    assert (order[0], order[-1]) == ("stopped", "goes on")
    assert "asked" in order[1:-1]


def test_the_view_steps_aside_in_a_terminal() -> None:
    with watching(Terminal(), lang="en", events=False, quiet=False) as onlooker, onlooker.aside():
        onlooker.take(BEGUN[4])
