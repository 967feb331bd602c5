"""Who knocks in vain, and how often it takes until nobody need knock any more."""

from __future__ import annotations

import pytest

from harness.door import ENOUGH, Door
from harness.model.observation import ActionDone
from harness.view import WalkView
from tests.walkbuilder import WalkBuilder


def walk(name: str, *, began_s: float, tried_s: float | None, gets_in: bool = False) -> WalkView:
    made = WalkBuilder(name)
    made.lines.clear()
    made.t = began_s
    made.add(ActionDone(name="open_lesson", ok=True, took_s=1))
    if tried_s is not None:
        made.t = tried_s
        error = "" if gets_in else f"refused at {tried_s:g}"
        made.add(ActionDone(name="log_in", ok=gets_in, error=error, took_s=1))
    return WalkView(name, 1, tuple(made.lines))


def after(*walks: WalkView) -> Door:
    door = Door()
    for one in walks:
        door.watch(one)
    return door


FIRST = walk("F03.first", began_s=0, tried_s=15)


def later(count: int) -> list[WalkView]:
    return [walk(f"F03.{n}", began_s=16 + n, tried_s=30 + n) for n in range(count)]


@pytest.mark.parametrize(("count", "shut"), [(ENOUGH - 1, False), (ENOUGH, True), (ENOUGH + 1, True)])
def test_enough_walks_knock_in_vain_after_one_did(count: int, shut: bool) -> None:
    assert bool(after(FIRST, *later(count)).shut()) is shut


def test_it_says_how_many_tried_and_what_the_last_met() -> None:
    assert after(FIRST, *later(3)).shut() == "nobody could log in, 4 walks tried; the last: refused at 32"


def test_walks_that_all_began_at_once_may_have_met_a_slow_start() -> None:
    assert not after(*(walk(f"F03.{n}", began_s=n / 10, tried_s=15 + n) for n in range(8))).shut()


def test_attempts_of_one_walk_are_one() -> None:
    assert not after(FIRST, *(walk("F03.a", began_s=20 + n, tried_s=25 + n) for n in range(5))).shut()


def test_who_never_came_to_the_door_says_nothing() -> None:
    assert not after(FIRST, *(walk(f"F02.{n}", began_s=20, tried_s=None) for n in range(5))).shut()


@pytest.mark.parametrize("place", [0, 2, 4])
def test_one_who_gets_in_opens_it_for_good(place: int) -> None:
    made = [FIRST, *later(4)]
    made.insert(place, walk("F03.in", began_s=20, tried_s=21, gets_in=True))
    assert not after(*made).shut()


def test_a_walk_under_way_opens_it_too() -> None:
    door = after(FIRST, *later(4))
    inside = walk("H01.hour", began_s=1, tried_s=2, gets_in=True)
    outside = walk("H01.invalid", began_s=1, tried_s=None)
    assert door.shut([outside.observations])
    assert not door.shut([outside.observations, inside.observations])
    assert not door.shut()
