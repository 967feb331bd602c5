"""The lesson page of the single-page front without a browser: what its scripts do, on the platform's own HTTP API.

Follows fixtures/refplatform/front/spa/static/js/player; a change there belongs here, too.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from fixtures.refplatform.domain.learning import canonical
from fixtures.refplatform.domain.secrets import sign
from harness.browser.exchange import Exchange
from harness.browser.passage import Change

BASE = "http://127.0.0.1:8000"
SEEK_S = 0.05
"""Until a player has arrived where it was sent."""


@dataclass
class Browser:
    """One browser: its storage, its traffic, its windows."""

    app: Any
    automated: bool = False
    device: str = "pc"
    token: str = ""
    offline: bool = False
    seen: list[Exchange] = field(default_factory=list)
    pages: list[LessonPage] = field(default_factory=list)
    position_factor: float = 1.0
    timer_factor: float = 1.0
    always_visible: bool = False
    change: Change | None = None
    """A proxy between the pages and the network."""

    def headers(self) -> dict[str, str]:
        on, kind = ("Linux; Android 13", " Mobile") if self.device == "mobile" else ("X11; Linux x86_64", "")
        agent = f"Mozilla/5.0 ({on}) Chrome/156.0.0.0{kind} Safari/537.36"
        made = {"content-type": "application/json", "user-agent": agent}
        if self.token:
            made["authorization"] = f"Bearer {self.token}"
        return made | ({"x-client-automated": "1"} if self.automated else {})

    async def ask(self, method: str, url: str, headers: dict[str, str], body: str | None) -> httpx.Response:
        """A request as the network sees it."""
        transport = httpx.ASGITransport(app=self.app, client=("127.0.0.1", 4711))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, url, headers=headers, content=body)

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """A request of the page's own, written down."""
        if self.offline:
            raise ConnectionError("offline")
        text = None if body is None else json.dumps(body)
        exchange = Exchange(asyncio.get_running_loop().time(), method, BASE + path, self.headers(), text, "fetch")
        self.seen.append(exchange)
        changed = self.change(exchange) if self.change is not None else None
        url, text = changed or (exchange.url, text)
        answer = await self.ask(method, url.removeprefix(BASE), self.headers(), text)
        exchange.status = answer.status_code
        return answer


class Film:
    """The video element."""

    def __init__(self, duration: float) -> None:
        self.duration, self.rate, self.paused, self.ended = duration, 1.0, True, False
        self._at, self._since = 0.0, 0.0

    @property
    def position(self) -> float:
        if self.paused:
            return self._at
        return min(self.duration, self._at + (asyncio.get_running_loop().time() - self._since) * self.rate)

    def put(self, position: float) -> None:
        self._at, self._since = min(max(0.0, position), self.duration), asyncio.get_running_loop().time()
        self.ended = False

    def set_rate(self, rate: float) -> None:
        self.put(self.position)
        self.rate = rate

    def play(self) -> None:
        self.put(0.0 if self.ended else self.position)
        self.paused = False

    def pause(self) -> None:
        self.put(self.position)
        self.paused = True


class LessonPage:
    """player/main.js."""

    def __init__(self, browser: Browser, lesson: int) -> None:
        self.browser, self.lesson = browser, lesson
        self.film = Film(1.0)
        self.settings: dict[str, Any] = {}
        self.inputs = 0
        self.frontier = self.good = 0.0
        self.undoing = self.over = self.completed = self.hidden = self.unguarded = False
        self.overlay, self.lost = "", False
        self.state = "loading"
        self.refused = ""
        self._queue: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._lock_timer: asyncio.TimerHandle | None = None
        self._told_from: float | None = None
        self._seeks = 0

    # --- opening and leaving

    async def begin(self, inputs: int) -> None:
        answer = await self.browser.call(
            "POST", "/api/learn/open", {"lesson": self.lesson, "period": "", "inputs": inputs}
        )
        view = answer.json()
        if answer.status_code != 200:
            self.over, self.state, self.refused = True, "ended", str(view["message"])
            return
        self.settings, self.study, self.key, self.token = view["settings"], view["study"], view["key"], view["token"]
        if self.settings["one_tab"]:
            for other in self.browser.pages:
                if other is not self and other.settings.get("one_tab") and not other.over:
                    other.finish("ended")
        self.film = Film(view["lesson"]["duration_s"])
        self.good = view["position"]
        if view["position"] > 0.5:
            self.film.put(view["position"])
        self.obey(view)
        self._tasks = [asyncio.create_task(self._reporting()), asyncio.create_task(self._ticking())]

    async def leave(self) -> None:
        """pagehide"""
        if not self.over and self._tasks and not self._tasks[0].done():
            self.send("close")
            await self._queue.join()
        self.stop()

    def stop(self) -> None:
        self.over = True
        for task in self._tasks:
            task.cancel()
        if self._lock_timer is not None:
            self._lock_timer.cancel()
        if self in self.browser.pages:
            self.browser.pages.remove(self)

    # --- reports

    async def _ticking(self) -> None:
        while True:
            await asyncio.sleep(self.settings["report_interval_s"] / self.browser.timer_factor)
            self.send("tick")

    def send(self, event: str, **more: Any) -> None:
        self._timeupdate()
        if not self.over:
            self._queue.put_nowait((event, more))

    async def _reporting(self) -> None:
        while True:
            event, more = await self._queue.get()
            try:
                await self._send_now(event, more)
            except ConnectionError:
                continue
            finally:
                self._queue.task_done()

    def facts(self) -> dict[str, Any]:
        self._timeupdate()
        taken, self.inputs = self.inputs, 0
        return {
            "position": self.good if self.undoing else self.told_position(),
            "playing": not self.film.paused and not self.film.ended and not self.overlay,
            "hidden": self.hidden,
            "inputs": taken,
        }

    def told_position(self) -> float:
        """What the page's `currentTime` says, true or patched."""
        real = self.film.position
        if self.browser.position_factor == 1.0:
            return real
        if self._told_from is None or real < self._told_from:
            self._told_from = real
        told = self._told_from + (real - self._told_from) * self.browser.position_factor
        return min(told, max(real, self.film.duration - 1))

    async def _send_now(self, event: str, more: dict[str, Any]) -> None:
        report = {"study": self.study, "token": self.token, "event": event, **self.facts(), **more}
        for name in ("position", "target"):
            if name in report:
                report[name] = round(float(report[name]), 3)
        sig = sign(self.key, canonical(report))
        answer = await self.browser.call("POST", "/api/learn/report", {**report, "sig": sig})
        if answer.status_code == 409:
            answer = await self.browser.call("GET", f"/api/learn/state?study={self.study}")
        view = answer.json()
        if answer.status_code == 401:
            self.finish("kicked")
        elif answer.status_code == 410:
            self.finish("ended")
        elif answer.status_code == 200:
            self.obey(view)

    # --- what the server says

    def obey(self, view: dict[str, Any]) -> None:
        self.token = view.get("token") or self.token
        if view["state"] == "ended":
            if view.get("message"):
                self.finish("ended")
            return
        self.frontier = max(self.frontier, view["frontier"])
        self.completed = view["completed"]
        if view["set_back"]:
            self.frontier, self.good = view["frontier"], view["position"]
            self._set_position(view["position"])
        if view["state"] == "locked":
            self._pause_film()
            if self.settings["show_lock"]:
                self.overlay = "locked"
        elif self.overlay == "locked":
            self.overlay = ""
        self.state = "playing" if view["state"] == "paused" and not self.film.paused else view["state"]
        self._plan_lock(view)

    def _plan_lock(self, view: dict[str, Any]) -> None:
        if self._lock_timer is not None:
            self._lock_timer.cancel()
        if not self.over and view["state"] != "locked":
            wait = max(0.1, view["idle_left_s"] + 0.15) / self.browser.timer_factor
            self._lock_timer = asyncio.get_running_loop().call_later(wait, lambda: self.send("tick"))

    def finish(self, kind: str) -> None:
        self.over = True
        self.film.pause()
        self.state, self.overlay = "ended", kind
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    # --- the player

    def _timeupdate(self) -> None:
        """What the element's events would have told by now."""
        if not self.undoing and not self._seeks:
            self.good = self.film.position
        if not self.film.paused and self.film.position >= self.film.duration:
            self.film.pause()
            self.film.ended = True
            if not self.over:
                self._queue.put_nowait(("ended", {}))

    def seek(self, to: float) -> None:
        """`currentTime` is set, by whomever."""
        self._timeupdate()
        self._seeks += 1
        self.film.put(to)
        self._told_from = None
        if not self.unguarded:
            self._seeking()
        asyncio.get_running_loop().call_later(SEEK_S, self._seeked)

    def _set_position(self, to: float) -> None:
        self.undoing = True
        self._seeks += 1
        self.film.put(to)
        asyncio.get_running_loop().call_later(SEEK_S, self._seeked)

    def _seeking(self) -> None:
        if self.undoing or not self.settings["undo_seek"] or self.completed:
            return
        target = self.film.position
        if target > max(self.frontier, self.good) + 0.3:
            back = self.good
            self._set_position(back)
            self.send("seek", position=back, target=target)

    def _seeked(self) -> None:
        self._seeks -= 1
        if self.undoing:
            self.undoing = False
            self.good = self.film.position
            return
        before, self.good = self.good, self.film.position
        if abs(self.good - before) > 0.3 + SEEK_S * self.film.rate and not self.over:
            self._queue.put_nowait(("seek", {"position": before, "target": self.good}))

    def set_rate(self, rate: float) -> None:
        fastest = max(self.settings["rates"])
        if self.settings["undo_rate"] and rate > fastest and not self.unguarded:
            rate = fastest
        self.film.set_rate(rate)

    def play(self) -> None:
        if self.overlay or self.over:
            return
        was = self.film.paused
        self.film.play()
        if was:
            self.send("play")

    def pause(self) -> None:
        self._timeupdate()
        self._pause_film()

    def _pause_film(self) -> None:
        if not self.film.paused:
            self.film.pause()
            self.send("pause")

    def set_hidden(self, hidden: bool) -> None:
        if self.browser.always_visible:
            return
        self.hidden = hidden
        if hidden and self.settings["pause_hidden"]:
            self._pause_film()
        self.send("hidden" if hidden else "visible")

    async def unlock(self, password: str) -> bool:
        answer = await self.browser.call("POST", "/api/learn/unlock", {"study": self.study, "password": password})
        if answer.status_code != 200:
            return False
        self.overlay = ""
        self.obey(answer.json())
        return True
