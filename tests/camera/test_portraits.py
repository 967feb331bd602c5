"""What is seen in a stored portrait: the shipped people, marked as a camera shows them, stored as platforms do."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from harness.camera.framelog import FrameLog, Shown
from harness.camera.people import Person, load
from harness.camera.picture import Image, encode_jpeg
from harness.camera.portraits import SAME_PICTURE, Examiner, same_picture, whose
from harness.camera.scenes import Covered, Learner, Nobody, Scene, TwoPeople
from harness.camera.watermark import mark
from harness.ledger import sha256
from harness.model.observation import PortraitSeen
from harness.model.values import StoredPortrait

PEOPLE = Path(__file__).parents[2] / "fixtures" / "personas" / "people"
CODE = 0x1234_5678_9ABC


@pytest.fixture(scope="module")
def people() -> dict[str, Person]:
    return {person.id: person for person in load(PEOPLE)[:3]}


@pytest.fixture(scope="module")
def examiner(people: dict[str, Person]) -> Examiner:
    return Examiner(people)


def filmed(scene: Scene) -> tuple[Image, dict[str, FrameLog]]:
    """One frame of a scene with a mark, and the log of the camera that showed it from 1000 to 1010."""
    log, view = FrameLog(), scene.view(0.0)
    digest = log.keep(view.image)
    log.add(Shown(1000.0, scene.name, scene.person, digest, 0, 0, CODE))
    log.add(Shown(1010.0, "nobody", "", log.keep(Nobody().view(0).image), 0, 0, CODE ^ 0xFFFF_FFFF))
    return mark(view.image, CODE), {"camera-1": log}


def seen(examiner: Examiner, person: Person, picture: bytes, logs: dict[str, FrameLog]) -> PortraitSeen:
    return examiner.examine(StoredPortrait(id="7", picture=picture), person, logs)


def test_a_portrait_of_the_learner_is_dated_and_recognised(examiner: Examiner, people: dict[str, Person]) -> None:
    own = people["p01"]
    image, logs = filmed(Learner(own))
    found = seen(examiner, own, encode_jpeg(image, 85), logs)
    assert (found.code, found.shown, found.camera) == (f"{CODE:012x}", ((1000.0, 1010.0),), "camera-1")
    assert (found.scene, found.person, found.faces, found.likeness) == ("learner", "p01", 1, "same")
    assert (found.width, found.height) == (640, 480)
    assert not found.enrolment


def test_somebody_else_is_told_by_name(examiner: Examiner, people: dict[str, Person]) -> None:
    image, logs = filmed(Learner(people["p02"]))
    found = seen(examiner, people["p01"], encode_jpeg(image, 85), logs)
    assert (found.nearest, found.likeness) == ("p02", "other")


def test_the_photograph_on_file_is_found_whatever_its_size(examiner: Examiner, people: dict[str, Person]) -> None:
    own = people["p01"]
    _, logs = filmed(Learner(own))
    small = cv2.resize(cv2.imread(str(PEOPLE / "p01" / "enrol.jpg")), (320, 240))
    found = seen(examiner, own, encode_jpeg(small, 60), logs)
    assert found.enrolment
    assert found.code is None


def test_every_frame_of_the_person_is_far_from_the_photograph_on_file(people: dict[str, Person]) -> None:
    for person in people.values():
        enrol = cv2.imread(str(PEOPLE / person.id / "enrol.jpg"))
        assert not same_picture(person.neutral, enrol)
        gray = [
            cv2.resize(cv2.cvtColor(x, cv2.COLOR_BGR2GRAY), (64, 48)).astype(float) for x in (person.neutral, enrol)
        ]
        assert abs(gray[0] - gray[1]).mean() > 3 * SAME_PICTURE


def test_a_covered_lens_shows_nobody_and_hardly_any_contrast(examiner: Examiner, people: dict[str, Person]) -> None:
    image, logs = filmed(Covered())
    found = seen(examiner, people["p01"], encode_jpeg(image, 85), logs)
    assert (found.faces, found.likeness) == (0, None)
    assert found.brightness is not None
    assert found.brightness < 40


def test_two_people_are_counted(examiner: Examiner, people: dict[str, Person]) -> None:
    image, logs = filmed(TwoPeople(people["p01"], people["p02"]))
    assert seen(examiner, people["p01"], encode_jpeg(image, 90), logs).faces == 2


def test_a_file_stored_twice_is_named(examiner: Examiner, people: dict[str, Person]) -> None:
    image, logs = filmed(Learner(people["p01"]))
    picture = encode_jpeg(image)
    stored = StoredPortrait(id="8", picture=picture)
    assert examiner.examine(stored, people["p01"], logs, [("7", sha256(picture))]).repeats == "7"
    assert examiner.examine(stored, people["p01"], logs, [("7", sha256(b""))]).repeats == ""


def test_what_is_no_picture_is_listed_all_the_same(examiner: Examiner, people: dict[str, Person]) -> None:
    found = examiner.examine(StoredPortrait(id="9", verdict="一致", picture=b"<html>"), people["p01"], {})
    assert (found.id, found.verdict, found.faces, found.code) == ("9", "一致", None, None)


@pytest.mark.parametrize(
    ("own", "other", "whose_it_is"),
    [
        (0.5, 0.58, "same"),
        (0.51, 0.3, "unsure"),
        (0.56, 0.3, "unsure"),
        (0.57, 0.5, "other"),
        (0.57, 0.51, "unsure"),
        (0.4, 0.39, "unsure"),
    ],
)
def test_in_the_grey_band_nobody_is_accused(own: float, other: float, whose_it_is: str) -> None:
    assert whose({"p01": own, "p02": other}, "p01") == whose_it_is


def test_a_person_alone_is_never_another() -> None:
    assert whose({"p01": 0.9}, "p01") == "unsure"
