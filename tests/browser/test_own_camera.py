"""A machine's own camera: chromium's own test picture stands in for one, and everything else is as in a run.

No physical camera was tried here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from harness.browser.launch import BrowserPool, Visitor, flags_for
from harness.browser.session import Screen
from harness.camera.picture import decode
from harness.errors import StepFailed, UsageError
from harness.platform.loading import load_profile
from harness.prepare import require_camera
from tests.browser.site import Site
from tests.platform.test_loading import ACME, ENV

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("loop")]
STAND_IN = ("--use-fake-device-for-media-stream",)
LOADED = "() => document.readyState === 'complete' || new Promise((done) => addEventListener('load', () => done(true)))"
PAGE_OPENS = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({video: true});
  window.kept = stream;
  return [stream.getVideoTracks()[0].label, document.hasFocus(), stream.getVideoTracks()[0].readyState];
}"""


@asynccontextmanager
async def window(site: Site, *flags: str, **look: bool) -> AsyncIterator[Screen]:
    async with BrowserPool(camera_flags=flags) as pool:
        screen = await pool.new_screen(
            Visitor(own_camera=True, **look), base_url=site.url, authorized_hosts=frozenset({site.host})
        )
        yield screen
        await screen.close()


def test_only_who_was_asked_sits_before_this_machines_own_camera() -> None:
    assert not [f for f in flags_for(Visitor(own_camera=True), "140") if "use-fake-device" in f]
    assert "--use-fake-device-for-media-stream=device-count=0" in flags_for(Visitor(), "140")


async def test_a_still_is_taken_beside_a_page_that_films_and_the_page_goes_on(site: Site) -> None:
    async with window(site, *STAND_IN) as screen:
        first = await screen.camera_frame()  # nothing is open yet
        assert first is not None
        assert screen.url == "about:blank"
        await screen.goto("visitor.html")
        await screen.evaluate(LOADED)  # with the frames inside it, which the page itself asks for
        site.got.clear()
        label, _, _ = await screen.evaluate(PAGE_OPENS)
        seen = await screen.camera_frame()
        assert seen is not None
        assert seen.label == label == first.label
        assert decode(seen.picture).std() > 10
        assert await screen.evaluate("() => window.kept.getVideoTracks()[0].readyState") == "live"
        asked = [
            got.path for got in site.got if got.path != "/favicon.ico"
        ]  # a headed browser's own, whenever it likes
        assert not asked, "looking through the camera sends nothing"


async def test_a_refused_permission_and_a_missing_camera_give_no_still(site: Site) -> None:
    async with window(site, *STAND_IN, denied=True) as screen:
        await screen.goto("visitor.html")
        with pytest.raises(StepFailed, match="camera cannot be opened"):
            await screen.camera_frame()
    async with window(site, "--use-fake-device-for-media-stream=device-count=0") as screen:
        await screen.goto("visitor.html")
        with pytest.raises(StepFailed, match="NotFoundError"):
            await screen.camera_frame()


@pytest.mark.parametrize(("label", "flag", "says"), [
    ("fake_device", STAND_IN[0], ""),
    ("Logitech", STAND_IN[0], "another camera than the profile names.*fake_device.*Logitech"),
    ("Logitech", "--use-fake-device-for-media-stream=device-count=0", "no camera for the test persons"),
])  # fmt: skip
async def test_the_camera_is_looked_for_before_anything_is_touched(
    tmp_path: Path, label: str, flag: str, says: str
) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "p01.jpg").write_bytes(b"x")
    persons = f"{{folder: people, presence: human, camera: {label}, assessor: W, consent: {{p01: form 1}}}}"
    text = ACME.read_text("utf-8").replace("policy:", f"persons: {persons}\npolicy:")
    (tmp_path / "acme.yaml").write_text(text, "utf-8")
    profile = load_profile(tmp_path / "acme.yaml", env=ENV)
    async with BrowserPool(camera_flags=(flag,)) as pool:
        if not says:
            await require_camera(profile, pool)
            return
        with pytest.raises(UsageError, match=says) as error:
            await require_camera(profile, pool)
    assert error.value.exit_code == 2
    assert "acme.yaml:" in str(error.value)
