"""How many windows a machine carries, and when a run begins nothing more."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from harness import capacity, machine
from harness.machine import Calibration, Pace, disturbed, kept, most_in_time, processor_name, slowest_rate, too_busy
from tests.walkbuilder import WalkBuilder

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("rates", "most"),
    [
        ([(4, 1.0, 40), (6, 0.99, 60), (8, 0.98, 80), (10, 0.979, 95)], 8),
        ([(4, 1.0, 40), (6, 0.9, 60), (8, 1.0, 80)], 4),  # what comes after the first that was late is luck
        ([(4, 1.0, 97.0), (6, 1.0, 97.0)], 1),
        ([(4, 0.5, 100)], 1),
        ([], 1),
    ],
)
def test_the_most_windows_that_all_played_in_time(rates: list[tuple[int, float, float]], most: int) -> None:
    assert most_in_time(rates) == most


def calibration(**other: object) -> Calibration:
    own = Calibration(os.cpu_count() or 1, processor_name(), "Chromium 1", 8, ((8, 0.99, 80.0),), "2026-11-24")
    return replace(own, **other)  # type: ignore[arg-type]


def test_a_calibration_is_kept_for_this_machine_and_browser_only(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "machine.json"
    assert kept("Chromium 1", file) is None
    machine.keep(calibration(), file)
    assert kept("Chromium 1", file) == calibration()
    assert kept("Chromium 2", file) is None
    machine.keep(calibration(cores=1000), file)
    assert kept("Chromium 1", file) is None
    file.write_text("{}")
    assert kept("Chromium 1", file) is None


@pytest.mark.parametrize(("measured", "given"), [(None, 8), (12, 8), (8, 8), (5, 5)])
def test_a_run_is_given_four_windows_per_core_or_what_was_measured(
    measured: int | None, given: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    found = None if measured is None else calibration(windows=measured)
    monkeypatch.setattr(capacity, "_calibration", lambda: found)
    assert capacity.slots_here() == given


def test_where_it_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XUNJIAN_CALIBRATION", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert machine.cache_file() == tmp_path / "xunjian" / "machine.json"
    monkeypatch.setenv("XUNJIAN_CALIBRATION", str(tmp_path / "mine.json"))
    assert machine.cache_file() == tmp_path / "mine.json"


def playing(pace: float, seconds: int = 12) -> WalkBuilder:
    walk = WalkBuilder("F05.honest")
    for _ in range(seconds):
        walk.sample()
        walk.t += 1
        walk.position["main"] = walk.position.get("main", 0.0) + pace
    return walk


@pytest.mark.parametrize("pace", [1.0, 0.98, 0.97, 0.5])
def test_the_pace_of_a_player_against_the_clock(pace: float) -> None:
    walk = playing(pace)
    assert slowest_rate(walk.lines, walk.t) == pytest.approx(pace)


def test_what_stands_still_or_is_sped_up_is_no_measure_of_ours() -> None:
    walk = playing(0.5)
    walk.sample(paused=True)
    assert slowest_rate(walk.lines, walk.t) is None
    walk = playing(2.0)
    walk.sample(rate=2.0)
    assert slowest_rate(walk.lines, walk.t) is None
    assert slowest_rate(playing(1.0, seconds=3).lines, 104.0) is None  # too short to tell
    walk = playing(0.5)
    assert slowest_rate(walk.lines, walk.t + 60) is None  # long ago


def test_the_first_moments_of_a_player_do_not_count() -> None:
    walk = WalkBuilder("F05.honest")
    walk.sample(paused=True)
    walk.t += 1
    walk.sample()
    walk.t += 1  # its buffer fills
    walk.play(10)
    assert slowest_rate(walk.lines, walk.t) == pytest.approx(1.0)


@pytest.mark.parametrize("pace", [1.0, 0.97])
def test_a_player_that_was_set_back_is_measured_from_there(pace: float) -> None:
    """Guards set players back where they may not jump; that is no sign of a slow machine."""
    walk = playing(1.0)
    walk.position["main"] -= 8.0
    for _ in range(9):
        walk.sample()
        walk.t += 1
        walk.position["main"] += pace
    assert slowest_rate(walk.lines, walk.t) == pytest.approx(pace)


def test_a_window_that_stands_still_hides_no_other() -> None:
    walk = playing(0.9)
    walk.sample("second", paused=True)
    assert slowest_rate(walk.lines, walk.t) == pytest.approx(0.9)


def test_the_slower_of_two_windows_counts() -> None:
    walk = WalkBuilder("F12.two_tabs")
    walk.play(12, screens=("first",))
    for _ in range(12):
        walk.sample("second")
        walk.sample("first")
        walk.t += 1
        walk.position["first"] += 1.0
        walk.position["second"] = walk.position.get("second", 0.0) + 0.9
    assert slowest_rate(walk.lines, walk.t) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("rates", "why"),
    [
        ([1.0, None], ""),
        ([0.98], ""),
        ([1.0, 0.979], "playing at 0.979x"),
        ([], ""),
        ([None], ""),  # nothing plays: nothing is late
    ],
)
def test_why_nothing_more_is_begun(rates: list[float | None], why: str) -> None:
    assert too_busy(rates) == why


@pytest.mark.parametrize(("busy", "is_disturbed"), [(96.9, False), (97.0, True)])
def test_a_machine_that_somebody_else_fills_tells_nothing(busy: float, is_disturbed: bool) -> None:
    assert disturbed([(6, 1.0, 99.0), (4, 1.0, busy)]) is is_disturbed


@pytest.mark.parametrize(("percent", "calibrates"), [(25.0, True), (25.1, False), (100.0, False)])
def test_a_busy_machine_is_not_calibrated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, percent: float, calibrates: bool
) -> None:
    from harness import capacity

    called: list[str] = []
    monkeypatch.setenv("XUNJIAN_CALIBRATION", str(tmp_path / "none.json"))
    monkeypatch.setattr(capacity.psutil, "cpu_percent", lambda interval: percent)
    monkeypatch.setattr(capacity, "calibrate_machine", lambda said: called.append("calibrated"))
    events: list[str] = []
    capacity.calibrate_once(lambda event: events.append(event.kind))
    assert called == (["calibrated"] if calibrates else [])
    assert events == ["held", "released"]
    monkeypatch.setenv("XUNJIAN_CALIBRATION", "off")
    capacity.calibrate_once(lambda event: events.append(event.kind))
    assert len(events) == 2


@pytest.mark.parametrize(
    ("looks", "changes"),
    [
        ("s", [""]),  # once may be chance
        ("ss", ["", "held"]),
        ("sss", ["", "held", ""]),
        ("s.s", ["", "", ""]),
        ("ss.", ["", "held", "released"]),
        ("ss.s", ["", "held", "released", ""]),
        ("ss.ss", ["", "held", "released", "", "held"]),
        ("ss...", ["", "held", "released", "", "kept up"]),
        ("ss..s...", ["", "held", "released", "", "", "", "", "kept up"]),
        ("......", ["", "", "kept up", "", "", "kept up"]),
    ],
)
def test_what_changes_from_look_to_look(looks: str, changes: list[str]) -> None:
    pace = Pace()
    assert [pace.look("playing at 0.970x" if look == "s" else "") for look in looks] == changes
