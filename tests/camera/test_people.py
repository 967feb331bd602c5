"""Anybody's photograph can live before the camera: the bent still is seen to blink and turn, and stays who it is."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from fixtures.faceengine import FaceEngine
from fixtures.personas import PEOPLE
from harness.camera.people import BENDS, PeopleError, Person, load
from harness.camera.picture import decode, encode_jpeg
from harness.camera.scenes import Nobody, OtherPhoto
from harness.faces.compare import BAND, faces

pytestmark = pytest.mark.anyio
SHIPPED = sorted(path.name for path in PEOPLE.iterdir() if path.is_dir())


@pytest.fixture
def single(tmp_path: Path) -> Person:
    """A large photograph of one person, as somebody would bring it, and nothing else."""
    photograph = decode((PEOPLE / SHIPPED[0] / "live.jpg").read_bytes())
    large = np.asarray(cv2.resize(photograph, (1280, 960), interpolation=cv2.INTER_CUBIC), np.uint8)
    (tmp_path / "zhang.jpg").write_bytes(encode_jpeg(large))
    (person,) = load(tmp_path)
    return person


def test_the_shipped_people() -> None:
    people = load(PEOPLE)
    assert [person.id for person in people] == SHIPPED
    for person in people:
        assert set(person.given) == set(BENDS)
        assert person.neutral.shape == (480, 640, 3)


def test_a_photograph_becomes_a_frame(single: Person) -> None:
    assert (single.id, single.name) == ("zhang", "zhang")
    assert single.neutral.shape == (480, 640, 3)
    assert len(faces(single.neutral)) == 1


@pytest.mark.slow  # needs the Node engine: make test-all brings it
async def test_a_bent_still_passes_for_alive(single: Person) -> None:
    async with FaceEngine() as engine:
        seen = {
            pose: (await engine.describe(encode_jpeg(single.pose(pose))))[0]
            for pose in ("neutral", "blink", "left_20", "right_20")
        }
    assert seen["blink"].blink_left
    assert seen["blink"].blink_right
    assert not seen["neutral"].blink_left
    assert seen["left_20"].yaw_deg < seen["neutral"].yaw_deg - 6
    assert seen["right_20"].yaw_deg > seen["neutral"].yaw_deg + 6


@pytest.mark.slow
def test_a_bent_still_stays_the_same_person(single: Person) -> None:
    neutral = faces(single.neutral)[0]
    for pose in BENDS:
        assert faces(single.pose(pose))[0].distance(neutral) <= BAND.same, pose


def test_another_photograph_is_the_same_person_in_another_picture() -> None:
    person = load(PEOPLE)[0]
    view = OtherPhoto(person).view(0.0)
    assert np.abs(view.image.astype(int) - person.neutral).mean() > 10
    assert faces(view.image)[0].distance(faces(person.neutral)[0]) <= BAND.same


def test_nobody_is_there() -> None:
    assert faces(Nobody().view(0.0).image) == []


def test_a_picture_without_a_face_is_named(tmp_path: Path) -> None:
    (tmp_path / "wall.png").write_bytes(bytes(cv2.imencode(".png", np.full((300, 300, 3), 120, np.uint8))[1]))
    with pytest.raises(PeopleError, match=r"wall\.png.*no face"):
        load(tmp_path)


def test_an_empty_folder_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(PeopleError, match="nobody here"):
        load(tmp_path)


def test_a_pose_of_another_size_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "p01"
    folder.mkdir()
    (folder / "live.jpg").write_bytes((PEOPLE / SHIPPED[0] / "live.jpg").read_bytes())
    (folder / "live_blink.jpg").write_bytes(encode_jpeg(np.full((100, 100, 3), 120, np.uint8)))
    with pytest.raises(PeopleError, match="100x100"):
        load(tmp_path)
