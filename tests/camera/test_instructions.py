"""What an assessor is told: every scene in both languages, what a telephone can't do, and when nothing is asked."""

from __future__ import annotations

import pytest

from harness.camera import scenes
from harness.camera.acts import ACTS
from harness.camera.human import RECENT_S, HumanCamera, Place
from harness.camera.instructions import ACTS as SAID
from harness.camera.instructions import Instruction, acting, before_camera
from harness.camera.people import Person
from harness.errors import NotDone

pytestmark = pytest.mark.anyio


def every(person: Person, other: Person) -> list[scenes.Scene | scenes.BrowserState]:
    other_photo = scenes.Learner(person)
    other_photo.name = "other_photo"  # painted people have no face that a photograph could be centred on
    return [
        scenes.Learner(person), other_photo, scenes.Stranger(other), scenes.Nobody(),
        scenes.TwoPeople(person, other), scenes.Print(person), scenes.ScreenReplay(person), scenes.Frozen(person),
        scenes.Covered(), scenes.Dark(person), scenes.TooFar(person), scenes.Unplugged, scenes.Denied,
    ]  # fmt: skip


@pytest.mark.parametrize("phone", [False, True])
def test_every_scene_can_be_said_and_no_two_alike(person: Person, other: Person, phone: bool) -> None:
    said = [before_camera(scene, phone=phone) for scene in every(person, other)]
    assert len({i.zh for i in said}) == len({i.en for i in said}) == len(said)
    assert not [i for i in said if "{" in i.zh + i.en]
    assert [i.scene for i in said if not i.possible] == (["unplugged"] if phone else [])
    two = next(i for i in said if i.scene == "two_people")
    assert "p01" in two.zh
    assert "p02" in two.en


def test_every_act_can_be_said(person: Person) -> None:
    assert SAID.keys() == ACTS.keys()
    told = acting(scenes.Learner(person), ["blink", "turn_left"])
    assert told.zh.index("眨眼") < told.zh.index("向左转头")
    assert "blink twice, turn the head to the left" in told.en


def test_a_camera_that_was_covered_is_uncovered_first(person: Person) -> None:
    assert before_camera(scenes.Learner(person), restore=True).zh.startswith("先移开遮挡")
    assert not before_camera(scenes.Covered(), restore=True).zh.startswith("先")


class Led:
    """Who is told; does it, or not."""

    def __init__(self, person: Person, *, phone: bool = False) -> None:
        self.told: list[Instruction] = []
        self.refuses = False
        self.now = 0.0
        self.place = Place()
        self.camera = self.opened(person, phone=phone)

    def opened(self, person: Person, *, phone: bool = False) -> HumanCamera:
        return HumanCamera(person, "camera-1", self.lead, self.place, lambda: self.now, phone)

    async def lead(self, instruction: Instruction) -> None:
        self.told.append(instruction)
        if self.refuses:
            raise NotDone("no")


async def test_who_was_confirmed_just_now_is_not_asked_for_again_and_later_is(person: Person) -> None:
    led = Led(person)
    await led.camera.show(scenes.Learner(person))
    led.now += RECENT_S
    await led.camera.ready()
    assert len(led.told) == 1
    led.now += 1.0
    await led.camera.ready()
    assert [i.scene for i in led.told] == ["learner", "learner"]


async def test_one_camera_for_all_windows_who_sat_down_for_another_learner_must_change(
    person: Person, other: Person
) -> None:
    led = Led(person)
    second = led.opened(other)
    await led.camera.show(scenes.Learner(person))
    await second.show(scenes.Learner(other))
    await led.camera.ready()
    assert [i.person for i in led.told] == ["p01", "p02", "p01"]


async def test_what_was_not_done_is_not_before_the_camera(person: Person) -> None:
    led = Led(person)
    await led.camera.show(scenes.Learner(person))
    led.refuses = True
    with pytest.raises(NotDone):
        await led.camera.show(scenes.Covered())
    assert led.camera.scene.name == led.place.scene == "learner"


async def test_nobody_is_told_to_act_where_nobody_is(person: Person) -> None:
    led = Led(person)
    await led.camera.show(scenes.Nobody())
    await led.camera.act(["blink"])
    assert [i.acts for i in led.told] == [()]
