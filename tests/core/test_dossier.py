"""What a report shows besides verdicts, from literal walks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from harness.dossier import STRAIGHT_S, _hours, _pictures, _record, dossier_of, thinned
from harness.ledger import read
from harness.model.observation import PortraitSeen, PortraitsRead, RequestSent, StateSeen, Stimulus
from harness.model.values import LessonState
from harness.probe import load_probes
from harness.result import result_of
from harness.standards import load_standard
from tests.storedrun import store
from tests.walkbuilder import START, WalkBuilder


def test_a_straight_line_needs_two_points() -> None:
    assert list(thinned([(t, t * 0.5) for t in range(1000)])) == [(0, 0), (999, 499.5)]


@pytest.mark.parametrize(("off", "kept"), [(STRAIGHT_S - 0.01, 2), (STRAIGHT_S, 3), (STRAIGHT_S + 0.01, 3)])
def test_a_point_is_kept_when_it_would_be_seen(off: float, kept: int) -> None:
    assert len(list(thinned([(0, 0), (5, off), (10, 0)]))) == kept


def test_a_slow_bend_is_not_lost() -> None:
    points = [(t / 2, min(t / 2, 20.0)) for t in range(200)]
    assert list(thinned(points)) == [(0, 0), (20, 20), (99.5, 20)]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_points_stay(count: int) -> None:
    points = [(float(t), float(t)) for t in range(count)]
    assert list(thinned(points)) == points


def test_a_stored_runs_walks_hours_and_pictures(tmp_path: Path) -> None:
    run = store(tmp_path / "run")
    lines = list(read(run))
    standard = load_standard()
    made = dossier_of(lines, result_of(lines, standard, load_probes()), standard)
    (walk,) = made.walks
    assert (walk.walk, walk.status, walk.lesson, walk.lesson_s) == ("F05.honest", "done", "L1", 1080.0)
    assert [(b.name, b.gained_s, b.studied_s) for b in walk.bands] == [
        ("playing", 300.0, 300.0),
        ("paused", 0.0, 0.0),
        ("playing_on", 60.0, 60.0),
    ]
    assert [t.name for t in walk.positions] == ["main"]
    assert walk.credits[0].points[-1][1] == 360.0
    (row,) = made.hours
    assert (row.promised_s, row.studied_s, row.credited_s) == (1080.0, 360.0, 360.0)
    assert made.hour_s == 1800.0
    (picture,) = made.pictures
    assert picture.name.endswith(".png")
    assert {r.id for r in made.requirements} == {v.id for v in made.result.requirements}


def test_a_burst_of_requests_is_one_mark_and_states_last_until_the_next() -> None:
    walk = WalkBuilder("F11.seek")
    with walk.segment("replayed", "attack", "tool"):
        walk.add(Stimulus(name="replayed", means="tool"))
        for _ in range(20):
            walk.add(RequestSent(name="replayed", method="POST", url="/p", status=200))
            walk.t += 1
        walk.add(StateSeen(state=LessonState.KICKED))
        walk.t += 5
    record = _record(walk.done(), 1800.0, {})
    assert [m.kind for m in record.marks] == ["stimulus", "request", "kick"]
    assert [(s.state.value, s.start_s, s.end_s) for s in record.states] == [
        ("kicked", 20.0, 26.0)
    ]  # to the end of the walk
    assert record.lesson_s is None


def test_a_walk_with_attacks_is_no_row_of_hours() -> None:
    walk = WalkBuilder("F11.seek")
    walk.control("before", 60)
    with walk.segment("seek_by_bar", "attack"):
        walk.play(10)
    assert list(_hours([walk.done()], 1800.0, {})) == []


def test_portraits_are_dated_by_the_platform_and_shown_once() -> None:
    begun = START + timedelta(seconds=100)
    seen = tuple(
        PortraitSeen(
            id=id,
            time=begun + timedelta(seconds=at),
            picture=f"{id * 64}.jpg",
            likeness=likeness,
            code="1f" if likeness == "same" else None,
            faces=faces,
        )
        for id, at, likeness, faces in (("a", 3, "same", 1), ("b", 8, "other", 2), ("c", 500, None, 0))
    )
    walk = WalkBuilder("F09.capture")
    walk.control("before", 10)
    walk.add(PortraitsRead(at="after", portraits=seen))
    walk.add(PortraitsRead(at="end", portraits=seen))
    view = walk.done()
    marks = [(m.kind, m.at_s) for m in _record(view, 1800.0, {}).marks]
    assert marks == [("portrait", 3.0), ("portrait", 8.0)]  # the third is of another time
    pictures = list(_pictures(view.observations))
    assert [p.notes for p in pictures] == [("same", "marked"), ("other", "unmarked", "several"), ("unmarked", "nobody")]
    assert {p.what for p in pictures} == {"portrait"}
