"""Looking on while a run goes on: a live view in a terminal, plain lines elsewhere, JSON lines for programs.

Everything is written to standard error; standard output belongs to the result.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO

from harness.events import Event
from harness.planview import clock
from harness.progress import Progress, Running, as_dict

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.live import Live

BAR = 20
MOST_WAITING = 8
MOST_DONE = 5
WORDS = {
    "started": ("开始", "started"),
    "finished": ("结束", "finished"),
    "repeated": ("复测", "repeated"),
    "held": ("暂缓", "held"),
    "released": ("恢复", "released"),
    "head": (
        "已用 {gone}，约剩 {left}；完成 {done}，进行 {running}，等待 {waiting}，复测 {repeated}",
        "{gone} gone, about {left} left; {done} done, {running} running, {waiting} waiting, {repeated} made again",
    ),
    "waits": ("等待：", "waiting: "),
    "windows": ("窗口", "windows"),
    "account": ("账号", "an account"),
    "ended": ("已完成：", "done: "),
}
WAIT_WORDS = {"windows", "account"}


def word(name: str, lang: str) -> str:
    """A word in the wanted language."""
    return WORDS[name][1 if lang == "en" else 0]


class Onlooker:
    """Takes events and shows nothing."""

    def take(self, event: Event) -> None:
        """Follow one event."""

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Out of the way while somebody is asked something in the same terminal."""
        yield


class Lines(Onlooker):
    """Plain lines."""

    def __init__(self, out: TextIO, lang: str) -> None:
        self._out = out
        self._lang = lang

    def take(self, event: Event) -> None:
        """One line for what begins, ends, is made again or has to wait for our own machine."""
        if event.kind not in ("started", "finished", "repeated", "held", "released"):
            return
        what = f" {event.walk} #{event.attempt} {event.seconds:.0f} s" if event.walk else ""
        print(f"  {word(event.kind, self._lang)}{what} {event.message}".rstrip(), file=self._out, flush=True)


class JsonLines(Onlooker):
    """One JSON object a line."""

    def __init__(self, out: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._now = now
        self._began = now()

    def take(self, event: Event) -> None:
        """Write the event down."""
        line = json.dumps(as_dict(event, self._now() - self._began), ensure_ascii=False)
        print(line, file=self._out, flush=True)


@contextlib.contextmanager
def watching(out: TextIO, *, lang: str, events: bool, quiet: bool) -> Iterator[Onlooker]:
    """Who looks on: JSON lines with `events`, nobody when `quiet`, a live view in a terminal, else plain lines."""
    if events:
        yield JsonLines(out)
    elif quiet:
        yield Onlooker()
    elif out.isatty():
        from rich.console import Console

        with LiveView(Console(file=out), lang).shown() as view:
            yield view
    else:
        yield Lines(out, lang)


class LiveView(Onlooker):
    """The view in a terminal, drawn anew by itself a few times a second."""

    def __init__(self, console: Console, lang: str, now: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._lang = lang
        self._now = now
        self._began = now()
        self._live: Live | None = None
        self.progress = Progress()

    @contextlib.contextmanager
    def shown(self) -> Iterator[LiveView]:
        """Show it while the block runs; it leaves nothing behind."""
        from rich.live import Live

        with Live(get_renderable=self.render, console=self._console, refresh_per_second=2, transient=True) as live:
            self._live = live
            yield self

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Stop drawing while somebody is asked something."""
        if self._live is None:
            yield
            return
        self._live.stop()
        try:
            yield
        finally:
            self._live.start(refresh=True)

    def take(self, event: Event) -> None:
        """Follow one event."""
        self.progress.take(event, self._now())

    def render(self) -> RenderableType:
        """Head, running walks with their bars, what waits for what, what ended last."""
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        now, p = self._now(), self.progress
        head = word("head", self._lang).format(
            gone=clock(now - self._began),
            left=clock(p.left_s(now)),
            done=len(p.finished),
            running=len(p.running),
            waiting=len(p.waiting),
            repeated=p.repeated,
        )
        table = Table(box=None, pad_edge=False, show_header=False)
        for r in sorted(p.running.values(), key=lambda r: r.since):
            table.add_row(
                Text(_name(r.walk, r.attempt)),
                Text(bar(r, now)),
                Text(f"{clock(now - r.since)}/{clock(r.planned_s)}"),
                Text(r.doing, style="dim"),
            )
        lines: list[RenderableType] = [Text(head, style="bold"), table]
        if p.held:
            lines.append(Text(f"{word('held', self._lang)}: {p.held}", style="yellow"))
        lines += [Text(t, style="dim") for t in (self._waits(), self._ended()) if t]
        return Group(*lines)

    def _waits(self) -> str:
        waits = list(self.progress.waiting.values())
        said = [
            f"{_name(w.walk, w.attempt)} ({word(w.what_for, self._lang) if w.what_for in WAIT_WORDS else w.what_for})"
            if w.what_for
            else _name(w.walk, w.attempt)
            for w in waits[:MOST_WAITING]
        ]
        more = f" +{len(waits) - MOST_WAITING}" if len(waits) > MOST_WAITING else ""
        return word("waits", self._lang) + ", ".join(said) + more if said else ""

    def _ended(self) -> str:
        last = self.progress.finished[-MOST_DONE:]
        said = [f"{_name(walk, attempt)} {clock(seconds)} {how}" for walk, attempt, seconds, how in last]
        return word("ended", self._lang) + ", ".join(said) if said else ""


def _name(walk: str, attempt: int) -> str:
    return walk if attempt == 1 else f"{walk} #{attempt}"


def bar(running: Running, now: float) -> str:
    """How much of its planned time a walk has used, as a row of characters."""
    share = (now - running.since) / running.planned_s if running.planned_s > 0 else 1.0
    full = min(BAR, max(0, int(BAR * share)))
    return "█" * full + "░" * (BAR - full)
