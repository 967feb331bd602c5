"""A real browser takes the file for its camera, and what it stores can be dated."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest

from benchmarks.nonce import jobs_for, served
from harness.browser.launch import BrowserPool, CameraFile, Visitor
from harness.camera.feed import CameraFeed
from harness.camera.nonce import NonceReader
from harness.camera.opened import is_open
from harness.camera.people import Person
from harness.camera.picture import decode
from harness.camera.scenes import Learner, Print, Stranger

pytestmark = [pytest.mark.browser, pytest.mark.anyio]


async def test_scenes_change_live_and_are_dated(tmp_path: Path, person: Person, other: Person) -> None:
    async with BrowserPool() as pool, CameraFeed(tmp_path) as feed:
        with served() as address:
            visitor = Visitor(camera=CameraFile(feed.directory, feed.filename))
            host = address.removeprefix("http://")
            screen = await pool.new_screen(visitor, base_url=address, authorized_hosts=frozenset({host}))
            await screen.goto("/")
            assert await screen.evaluate("begin()") == feed.filename
            jobs = jobs_for((210, 110, 210, 260))
            for scene in (Learner(person), Stranger(other), Print(person)):
                shown = await feed.show(scene)
                stored = await screen.evaluate("(jobs) => shoot(jobs)", list(jobs.values()))
                for kind, data in zip(jobs, stored, strict=True):
                    reading = NonceReader(feed.log).read(decode(base64.b64decode(data)))
                    assert (reading.scene, reading.person) == (scene.name, scene.person), kind
                    assert reading.shown_at[0].since >= shown.since - 0.001, kind
            if sys.platform == "linux":
                assert is_open(feed.directory / feed.filename)
                await screen.evaluate("end()")
                while is_open(feed.directory / feed.filename):
                    await screen.evaluate("() => new Promise((done) => setTimeout(done))")
            await screen.close()
