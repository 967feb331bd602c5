"""The device's file holds what was directed, under a mark that the log knows."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from harness.camera.device import UVC_LABEL
from harness.camera.feed import ARRIVED_S, CODE_S, CameraFeed
from harness.camera.nonce import NonceReader
from harness.camera.people import Person
from harness.camera.picture import Image, encode_jpeg
from harness.camera.scenes import (
    Dark,
    Denied,
    Frozen,
    Learner,
    Nobody,
    Print,
    ScreenReplay,
    Stranger,
    TooFar,
    TwoPeople,
    Unplugged,
)

pytestmark = pytest.mark.anyio


class Clock:
    """UTC seconds that move when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feed(tmp_path: Path, clock: Clock) -> CameraFeed:
    return CameraFeed(tmp_path, camera="one", key=b"run", now=clock)


def _seen(feed: CameraFeed) -> Image:
    """The frame as a browser would read it from the file."""
    data = (feed.directory / feed.filename).read_bytes()
    header, _, pixels = data.partition(b"FRAME\n")
    assert header.startswith(b"YUV4MPEG2 W640 H480 F10:1")
    planes = np.frombuffer(pixels, np.uint8).reshape(720, 640)
    return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_I420), np.uint8)


async def test_a_frame_is_dated_by_its_mark(feed: CameraFeed, clock: Clock, person: Person) -> None:
    shown = await feed.show(Learner(person))
    clock.now += CODE_S / 2
    reading = NonceReader(feed.log).read(_seen(feed))
    assert reading.code == shown.code
    assert reading.person == "p01"
    assert reading.shown_at[0].meets(clock.now, clock.now)


@pytest.mark.parametrize(
    ("after_s", "rest_s"), [(0.0, ARRIVED_S), (0.4, ARRIVED_S - 0.4), (ARRIVED_S, 0.0), (60.0, 0.0)]
)
async def test_a_new_scene_takes_a_moment_to_reach_a_page(
    feed: CameraFeed, clock: Clock, person: Person, monkeypatch: pytest.MonkeyPatch, after_s: float, rest_s: float
) -> None:
    await feed.show(Learner(person))
    clock.now += after_s
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("harness.camera.feed.asyncio.sleep", sleep)
    await feed.arrived()
    assert slept == [pytest.approx(rest_s)]


async def test_a_new_mark_every_period(feed: CameraFeed, clock: Clock, person: Person) -> None:
    first = await feed.show(Learner(person))
    clock.now += CODE_S
    await feed.refresh()
    second = feed.issued[-1]
    assert second.code != first.code
    assert NonceReader(feed.log).read(_seen(feed)).code == second.code


async def test_nothing_is_logged_when_nothing_changes(feed: CameraFeed, person: Person) -> None:
    await feed.show(Learner(person))
    before = len(feed.issued)
    await feed.refresh()
    assert len(feed.issued) == before


async def test_a_frozen_camera_keeps_its_very_pixels(feed: CameraFeed, clock: Clock, person: Person) -> None:
    await feed.show(Frozen(person))
    first = _seen(feed)
    clock.now += 5 * CODE_S
    await feed.refresh()
    assert np.array_equal(_seen(feed), first)


@pytest.mark.parametrize("scene", [Learner, Print, TooFar, Dark])
async def test_who_sits_still_is_no_frozen_picture(feed: CameraFeed, person: Person, scene: type) -> None:
    """A platform that refuses pictures for being the same must not refuse a learner who keeps still."""
    await feed.show(scene(person))
    stored = [encode_jpeg(_seen(feed), quality=60)]
    for _ in range(4):
        await feed.refresh()
        stored.append(encode_jpeg(_seen(feed), quality=60))
    assert len(set(stored)) == len(stored)
    assert len(feed.issued) == 1  # all of them are one frame under one mark


async def test_even_small_pictures_of_an_empty_room_differ(feed: CameraFeed) -> None:
    await feed.show(Nobody())
    stored = set()
    for _ in range(100):
        await feed.refresh()
        small = cv2.resize(_seen(feed), (160, 120), interpolation=cv2.INTER_AREA)
        stored.add(encode_jpeg(np.asarray(small, np.uint8), quality=60))
    assert len(stored) == 100
    assert len({shown.frame for shown in feed.issued}) == 1  # one picture is kept


async def test_a_film_moves(feed: CameraFeed, clock: Clock, person: Person) -> None:
    await feed.show(ScreenReplay(person))
    first = _seen(feed)
    clock.now += 0.5
    await feed.refresh()
    assert not np.array_equal(_seen(feed), first)


@pytest.mark.parametrize("species", [Print, TooFar, ScreenReplay, Stranger])
async def test_every_scene_of_a_person_can_be_dated(
    feed: CameraFeed, clock: Clock, person: Person, species: type
) -> None:
    shown = await feed.show(species(person))
    reading = NonceReader(feed.log).read(_seen(feed), (clock.now - 1, clock.now + 1))
    assert (reading.code, reading.scene) == (shown.code, shown.scene)


async def test_two_people_are_both_there(feed: CameraFeed, person: Person, other: Person) -> None:
    await feed.show(TwoPeople(person, other))
    seen = _seen(feed).astype(int)
    aside = cv2.resize(other.neutral, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)  # farther away
    high, wide = aside.shape[:2]
    assert np.abs(seen[:, 100:220] - person.neutral[:, 260:380]).mean() < 12
    assert np.abs(seen[480 - high :, 420:540] - aside[:, wide // 2 - 60 : wide // 2 + 60]).mean() < 12


async def test_the_learner_of_two_people_acts(feed: CameraFeed, person: Person, other: Person) -> None:
    scene = TwoPeople(person, other)
    scene.view(0.0)
    scene.ask("turn_left")
    assert scene.view(0.1).image is not scene.view(1.0).image


@pytest.mark.parametrize("state", [Unplugged, Denied])
async def test_a_state_of_the_browser_is_logged_without_a_frame(feed: CameraFeed, state: object) -> None:
    await feed.show(state)  # type: ignore[arg-type]
    assert (feed.issued[-1].frame, feed.issued[-1].code) == ("", None)
    await feed.refresh()
    assert len(feed.issued) == 1


async def test_an_unplugged_device_is_there_again_with_its_next_frame(feed: CameraFeed, person: Person) -> None:
    await feed.show(Learner(person))
    device = feed.directory / feed.filename
    assert device.is_file()
    await feed.show(Unplugged)
    assert not device.exists()
    await feed.refresh()
    assert not device.exists()
    await feed.show(Learner(person))
    assert device.is_file()


async def test_who_does_not_live_does_not_act(feed: CameraFeed, person: Person) -> None:
    await feed.show(Print(person))
    with pytest.raises(TypeError, match="print"):
        await feed.perform("blink")


async def test_the_open_feed_moves_by_itself(tmp_path: Path, person: Person) -> None:
    async with CameraFeed(tmp_path, scene=Learner(person)) as feed:
        await feed.perform("turn_left")
        shown = {entry.frame for entry in feed.issued}
    assert feed.log.keep(person.pose("left_20")) in shown


async def test_mjpeg_never_changes_its_length(tmp_path: Path, person: Person, other: Person) -> None:
    feed = CameraFeed(tmp_path, UVC_LABEL, key=b"run")
    sizes = set()
    for who in (person, other):
        shown = await feed.show(Learner(who))
        data = (tmp_path / UVC_LABEL).read_bytes()
        sizes.add(len(data))
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert NonceReader(feed.log).read(np.asarray(image, np.uint8)).code == shown.code
    assert sizes == {256 * 1024}


@pytest.mark.parametrize("label", ["Integrated Camera", "a/b y4m"])
def test_a_label_that_no_browser_reads(tmp_path: Path, label: str) -> None:
    with pytest.raises(ValueError, match="bare name"):
        CameraFeed(tmp_path, label)
