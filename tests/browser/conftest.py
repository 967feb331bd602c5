"""Real windows of a real browser before the small platform of `site.py`; async tests run on one loop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from fixtures.media import make_video
from harness.browser.launch import BrowserPool, Visitor
from harness.browser.session import Screen
from tests.browser.site import Site

VIDEO_S = 40.0
NewScreen = Callable[..., Awaitable[Screen]]


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.Runner]:
    """The one loop that the browser and every test live on."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run async tests on the session's loop."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    runner: asyncio.Runner = pyfuncitem.funcargs["loop"]
    runner.run(asyncio.wait_for(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}), 90))
    return True


@pytest.fixture(autouse=True)
def _on_the_loop(request: pytest.FixtureRequest) -> None:
    if inspect.iscoroutinefunction(request.function):
        request.getfixturevalue("loop")


@pytest.fixture(scope="session")
def pool(loop: asyncio.Runner) -> Iterator[BrowserPool]:
    """The browsers of all tests; a window that stays keeps the ordinary one from being started for each."""
    running = BrowserPool()
    loop.run(running.__aenter__())
    nowhere = "http://127.0.0.1/"
    loop.run(running.new_screen(Visitor(), base_url=nowhere, authorized_hosts=frozenset({nowhere})))
    yield running
    loop.run(running.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server, with a lesson's video."""
    folder = tmp_path_factory.mktemp("media")
    make_video(folder / "lesson.mp4", VIDEO_S, fps=5)
    running = Site(folder)
    yield running
    running.close()


@pytest.fixture
def site(served: Site) -> Site:
    """The server, with an empty book."""
    served.got.clear()
    return served


@pytest.fixture
def foreign(tmp_path: Any) -> Iterator[Site]:
    """A server at a host and port that nothing authorizes."""
    running = Site(tmp_path)
    yield running
    running.close()


@pytest.fixture
def new_screen(loop: asyncio.Runner, pool: BrowserPool, site: Site) -> Iterator[NewScreen]:
    """Opens windows, and closes them after the test."""
    opened: list[Screen] = []

    async def new(visitor: Visitor | None = None, **more: Any) -> Screen:
        hosts = more.pop("authorized_hosts", frozenset({site.host, site.other_site_url.split("/")[2]}))
        screen = await pool.new_screen(visitor or Visitor(), base_url=site.url, authorized_hosts=hosts, **more)
        opened.append(screen)
        return screen

    yield new
    for screen in opened:
        loop.run(screen.close())


@pytest.fixture
def screen(loop: asyncio.Runner, new_screen: NewScreen) -> Screen:
    """An ordinary visitor's window."""
    opened: Awaitable[Screen] = new_screen()
    return loop.run(opened)  # type: ignore[arg-type]
