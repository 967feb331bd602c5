"""Drawings: what stands where, on a scale that a reader of clocks expects."""

from __future__ import annotations

import pytest
from lxml import html as parser

from harness.model.dossier import Band, Dossier, Hours, Mark, Shown, Track, WalkRecord
from harness.model.values import LessonState
from reports import charts, html
from tests.reports import sample


def record(**changes: object) -> WalkRecord:
    made = WalkRecord(
        walk="F11.seek",
        attempt=1,
        purpose="拖动进度条 drags the bar",
        status="done",
        started_utc="2026-11-24T09:00:00.000000Z",
        length_s=100.0,
        account="stu-07",
        lesson="L1",
        bands=(
            Band(start_s=0, end_s=30, name="before", kind="control", means="ordinary", gained_s=29.0, studied_s=30.0),
            Band(
                start_s=40,
                end_s=60,
                name="seek_by_bar",
                kind="attack",
                means="ordinary",
                gained_s=600.0,
                studied_s=20.0,
            ),
        ),
        positions=(Track(name="main", points=((0, 0), (30, 30), (40, 30), (41, 600), (60, 619))),),
        credits=(Track(name="L1", points=((35, 29), (70, 629))),),
        states=(
            Shown(screen="main", state=LessonState.PLAYING, start_s=0, end_s=90),
            Shown(screen="main", state=LessonState.KICKED, start_s=90, end_s=100),
        ),
        marks=(
            Mark(at_s=41, kind="stimulus", text="seek_by_bar", seq=12),
            Mark(at_s=41.5, kind="kick", text="", seq=13),
        ),
    )
    return made.model_copy(update=changes)


@pytest.mark.parametrize(
    ("length", "most", "distance"),
    [(60, 8, 10), (80, 8, 10), (80.1, 8, 15), (1800, 4, 600), (3600 * 24 * 30, 8, 86400 * 4)],
)
def test_ticks_are_at_round_times(length: float, most: int, distance: float) -> None:
    assert charts.step(length, most) == distance
    assert len(list(charts.ticks(length, most))) <= most + 1


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (605, "10:05"), (3605, "1:00:05")])
def test_times_are_read_like_a_clock(seconds: float, shown: str) -> None:
    assert charts.clock(seconds) == shown


def test_a_walk_without_a_player_has_no_drawing() -> None:
    assert charts.timeline(record(positions=(), credits=())) is None
    assert charts.timeline(record(length_s=0.0)) is None


def test_position_and_credit_share_both_scales() -> None:
    drawn = charts.timeline(record())
    assert drawn is not None
    position = [tuple(map(float, p.split(","))) for p in drawn.positions[0].points.split()]
    first, second = drawn.credits[0].dots
    assert position[0][0] == charts.LEFT
    assert position[0][1] == charts.PLOT_TOP + charts.PLOT_HEIGHT
    assert first[1] == pytest.approx(position[1][1], abs=0.5)  # 29 s credited for 30 s played
    assert second[1] < position[-1][1]  # 629 s stand higher than 619 s
    assert all(charts.LEFT <= x <= charts.WIDTH - charts.RIGHT for x, _ in position)


def test_credit_is_what_was_read_and_nothing_in_between() -> None:
    drawn = charts.timeline(record())
    assert drawn is not None
    (line,) = drawn.credits
    assert [tuple(map(float, p.split(","))) for p in line.points.split()] == list(line.dots)
    assert len(line.dots) == 2


def test_marks_that_would_print_over_one_another_share_a_place() -> None:
    drawn = charts.timeline(record())
    assert drawn is not None
    assert [(s.number, s.label) for s in drawn.signs] == [(1, True), (2, False)]


def test_bars_are_on_one_scale() -> None:
    rows = (
        Hours(account="a", lesson="1", promised_s=3600, studied_s=1800, credited_s=1700),
        Hours(account="a", lesson="2", promised_s=None, studied_s=900, credited_s=None),
    )
    one, two = charts.bars(rows)
    assert (one.promised, one.studied) == (1.0, 0.5)
    assert (two.promised, two.studied, two.credited) == (0.0, 0.25, 0.0)


def test_the_report_draws_walks_lists_marks_and_differences() -> None:
    dossier = Dossier(
        result=sample.build(),
        walks=(record(), record(walk="F05.idle", positions=(), credits=())),
        hours=(Hours(account="stu-1", lesson="L1", promised_s=1800, studied_s=1800, credited_s=1795),),
    )
    page = parser.fromstring(html.render(dossier))
    (figure,) = page.xpath("//figure[@id='w-F11.seek-1']")
    said = " ".join(figure.text_content().split())
    for part in ("拖动进度条", "F11.seek #1", "0:41", "被下线", "#12", "播放"):
        assert part in said
    rows = [" ".join(r.text_content().split()) for r in page.xpath("//table[contains(@class,'crossed')]/tbody/tr")]
    assert any("-1.0" in row and "诚实学习" in row for row in rows)
    assert any("+580.0" in row and "违规操作，普通手段" in row for row in rows)
    assert "1.00 学时" in page.xpath("string(//table[@class='bars'])")


def test_a_hostile_walk_adds_no_element() -> None:
    plain = parser.fromstring(html.render(Dossier(result=sample.build(), walks=(record(),))))
    evil = record(
        walk=sample.HOSTILE,
        purpose=sample.HOSTILE,
        account=sample.HOSTILE,
        lesson=sample.HOSTILE,
        bands=(record().bands[0].model_copy(update={"name": sample.HOSTILE}),),
        marks=(Mark(at_s=1, kind="stimulus", text=sample.HOSTILE, seq=1),),
        states=(Shown(screen=sample.HOSTILE, state=LessonState.LOCKED, start_s=0, end_s=90),),
    )
    shown = parser.fromstring(html.render(Dossier(result=sample.build(), walks=(evil,))))
    assert {e.tag for e in shown.iter() if isinstance(e.tag, str)} <= {
        e.tag for e in plain.iter() if isinstance(e.tag, str)
    }
    assert not shown.xpath("//script|//img|//@onerror")
