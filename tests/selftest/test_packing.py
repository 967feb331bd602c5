"""Packs are few, and in none of them could one defect's FAIL be taken for another's."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.finding import Text
from harness.selftest.catalogue import Entry
from harness.selftest.packing import Pack, in_turn, pack

WORDS = Text(zh="植入缺陷", en="a defect")


def entry(name: str, violates: str | None = "F11-1", implies: tuple[str, ...] = (), **more: object) -> Entry:
    function = more.pop("function", (violates or "F11-1").split("-")[0])
    return Entry(id=name, function=function, violates=violates, implies=implies, statement=WORDS, **more)  # type: ignore[arg-type]


def test_one_of_each_function_goes_into_one_pack() -> None:
    made = pack([entry("a", "F11-1"), entry("b", "F12-1"), entry("c", "F13-1")])
    assert [sorted(p.ids) for p in made] == [["a", "b", "c"]]


@pytest.mark.parametrize(
    "other",
    [
        entry("b", "F11-2"),
        entry("b", "F05-1", ("F11-1",)),
        entry("b", "F12-1", camera=True),
        entry("b", "F12-1", alone=True),
        entry("b", "F12-1", rewrites=("earns", "seeks")),
        entry("b", "F12-1", rewrites=("settings",)),
        entry("b", "F12-1", rewrites=("settings.seek",)),
        entry("b", "F12-1", blinds=("F11-1",)),
    ],
    ids=[
        "same function",
        "explains the other's requirement",
        "camera on",
        "nothing else can be shown",
        "same rule",
        "the whole of the other's rule",
        "same part of a rule",
        "nothing to judge the other by",
    ],
)
def test_what_could_be_mistaken_or_hidden_travels_apart(other: Entry) -> None:
    mine = entry("a", "F11-1", rewrites=("earns", "settings.seek"))
    assert not Pack((mine,)).takes(other)
    assert not Pack((other,)).takes(mine)


def test_where_every_run_has_its_camera_on_all_travel_together() -> None:
    entries = [entry("a", "F11-1"), entry("b", "F12-1", camera=True)]
    assert [sorted(p.ids) for p in pack(entries, cameras_apart=False)] == [["a", "b"]]
    assert sorted(p.ids for p in pack(entries)) == [("a",), ("b",)]


def test_who_must_do_without_a_camera_has_a_run_without_one() -> None:
    entries = [entry("a", "F11-1"), entry("b", "F12-1", camera=True), entry("c", "F13-1", plain=True)]
    assert sorted(sorted(p.ids) for p in pack(entries, cameras_apart=False)) == [["a", "b"], ["c"]]
    assert sorted(sorted(p.ids) for p in pack(entries)) == [["a", "c"], ["b"]]


def test_what_has_been_run_together_stays_together() -> None:
    """Another requirement that is known to FAIL with a defect would move it, and all after it, into other packs."""
    entries = [entry("a", "F11-1"), entry("b", "F12-1"), entry("c", "F12-2"), entry("d", "F13-1")]
    assert [p.ids for p in pack(entries)] == [("a", "b", "d"), ("c",)]
    assert [p.ids for p in pack(entries, made=[("c", "a"), ("a", "b")])] == [("a", "c"), ("b", "d")]


@pytest.mark.parametrize(
    "now",
    [
        entry("b", "F12-1", ("F11-1",)),
        entry("b", "F12-1", rewrites=("earns",)),
        entry("b", None, kind="decoy", function="F12"),
    ],
    ids=["explains the other", "hides the other", "a decoy now"],
)
def test_what_may_travel_together_no_more_is_taken_apart(now: Entry) -> None:
    mine = entry("a", "F11-1", rewrites=("earns",))
    assert sorted(p.ids for p in pack([mine, now], made=[("a", "b")])) == [("a",), ("b",)]


def test_a_pack_of_which_one_is_not_asked_for_is_made_anew() -> None:
    entries = [entry("a", "F11-1"), entry("b", "F12-1"), entry("c", "F13-1")]
    assert [p.ids for p in pack(entries, made=[("a", "z")])] == [("a", "b", "c")]


@pytest.mark.parametrize("rewrites", [(), ("settings.rate",), ("settings_of_others",), ("earn",)])
def test_other_rules_and_other_parts_hide_nothing(rewrites: tuple[str, ...]) -> None:
    mine = entry("a", "F11-1", rewrites=("earns", "settings.seek"))
    assert Pack((mine,)).takes(entry("b", "F12-1", rewrites=rewrites))


def test_an_operators_fraud_travels_with_a_defect_of_its_function() -> None:
    record = entry("a", "F05-1")
    fraud = entry("b", "OP-1", function="F05", kind="fraud")
    assert Pack((record,)).takes(fraud)
    assert not Pack((fraud,)).takes(entry("c", "OP-1", function="F05", kind="fraud"))


def test_what_both_only_imply_may_overlap() -> None:
    assert Pack((entry("a", "F11-1", ("X-06",)),)).takes(entry("b", "F05-1", ("X-06",)))


def test_decoys_travel_together_and_never_with_a_defect() -> None:
    made = pack(
        [
            entry("a", "F11-1"),
            entry("d", None, function="F12", kind="decoy"),
            entry("e", None, function="F13", kind="decoy"),
            entry("f", None, function="F13", kind="decoy"),
        ]
    )
    assert [sorted(p.ids) for p in made] == [["a"], ["d", "e", "f"]]


def test_decoys_that_could_hide_one_another_travel_apart() -> None:
    one, other = (
        entry(name, None, function=function, kind="decoy", rewrites=("earns",))
        for name, function in (("d", "F12"), ("e", "F13"))
    )
    assert [p.ids for p in pack([one, other])] == [("d",), ("e",)]


REQUIREMENTS = [f"{f}-{n}" for f in ("F05", "F11", "F12", "F13") for n in (1, 2)]


@st.composite
def catalogues(draw: st.DrawFn) -> list[Entry]:
    made = []
    for number in range(draw(st.integers(0, 20))):
        violates = draw(st.sampled_from(REQUIREMENTS))
        implies = draw(st.lists(st.sampled_from(REQUIREMENTS), max_size=3, unique=True))
        rewrites = draw(st.lists(st.sampled_from(("earns", "settings", "settings.seek", "settings.rate")), max_size=2))
        made.append(entry(f"d{number}", violates, tuple(r for r in implies if r != violates), rewrites=tuple(rewrites)))
    return made


@given(catalogues())
def test_every_defect_is_in_one_pack_and_alone_in_being_explained(entries: list[Entry]) -> None:
    made = pack(entries)
    assert sorted(name for p in made for name in p.ids) == sorted(e.id for e in entries)
    for packed in made:
        for one, other in combinations(packed.entries, 2):
            assert one.function != other.function
            assert not one.hides(other)
            assert one.violates not in other.affected
            assert other.violates not in one.affected


def test_decoys_begin_and_then_come_by_turns_one_with_cameras_and_one_without() -> None:
    one, two, four, five = (Pack(tuple(entry(f"{n}{i}", f"F{i}-1") for i in range(n))) for n in (1, 2, 4, 5))
    decoys = Pack((entry("d", None, kind="decoy"),))
    camera, other = (Pack((entry(name, "F09-1", camera=True),)) for name in "ab")
    told = in_turn([camera, two, five, one, other, decoys, four])
    assert told == (decoys, camera, five, other, one, four, two)
    assert in_turn([]) == ()
