"""What `xunjian plan` prints: each walk with its time, its cost and what it feeds, and how many accounts it takes."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console

from harness import planview
from harness.plan import Plan, Selection, make_plan, select
from harness.platform.base import CONTRACT
from harness.probe import load_probes
from harness.schedule import schedule
from harness.settings import make_setting
from tests.walkbuilder import STANDARD

SETTING = make_setting({"idle_limit_s": 300.0, "report_interval_s": 10.0}, 1.0, STANDARD, [180.0])
BEGIN = datetime(2026, 11, 26, 1, tzinfo=UTC)
ONLY = ("F05", "F11", "F12", "F13", "H01", "D-F11")


def planned(slots: int = 8) -> tuple[Plan, Selection]:
    selection = select(load_probes(), ONLY)
    made = make_plan(
        selection,
        SETTING,
        described=CONTRACT,
        absent=(),
        slots=slots,
        function_of=lambda r: STANDARD.get(r).function,
    )
    return made, selection


def printed(lang: str, *, accounts: int = 20, lessons: int = 6) -> str:
    out = io.StringIO()
    planview.show(
        Console(file=out, width=120), *planned(), lang, accounts=accounts, lessons=lessons, setting=SETTING, begin=BEGIN
    )
    return out.getvalue()


@pytest.mark.parametrize(("lang", "words"), [("zh", ("检测计划", "账号：最少")), ("en", ("plan", "accounts: "))])
def test_every_walk_is_shown_with_what_it_feeds_and_what_for(lang: str, words: tuple[str, ...]) -> None:
    text = printed(lang)
    for word in words:
        assert word in text
    made, selection = planned()
    for walk in made.walks:
        assert walk.name in text
        assert walk.spec.purpose[:10] in text
        assert planview.feeds(walk, selection)


def test_a_walk_that_is_compared_with_feeds_that_too() -> None:
    made, selection = planned()
    (seek,) = [w for w in made.walks if w.spec.name == "F11.seek_script"]
    assert planview.feeds(seek, selection) == ["F11-1t", "D-F11"]


def test_with_too_few_accounts_it_says_what_cannot_be_made() -> None:
    assert "F05.borrowed" in printed("en", accounts=1).split("not enough accounts")[1]
    assert "not enough accounts" not in printed("en")


def test_the_figures_are_those_of_the_plan_and_few_accounts_cost_time() -> None:
    made, selection = planned()
    said = json.loads(
        json.dumps(planview.as_json(made, selection, accounts=3, lessons=20, setting=SETTING, begin=BEGIN))
    )
    assert said["bound_s"] == pytest.approx(made.bound_s, abs=0.06)
    assert said["slot_s"] == pytest.approx(sum(w["slot_s"] for w in said["walks"]), abs=2)
    assert said["expected_s"] >= said["bound_s"]
    assert 0 < said["sooner_s"] < said["expected_s"]
    fewest = said["fewest_accounts"]
    assert schedule(made.jobs, slots=made.slots, accounts=fewest).span_s == schedule(made.jobs, slots=made.slots).span_s
    assert all(row["expected_s"] > schedule(made.jobs, slots=made.slots).span_s for row in said["by_accounts"].values())


def test_the_plan_is_in_the_order_in_which_walks_begin() -> None:
    made, _ = planned(slots=100)
    placed = schedule(made.jobs, slots=made.slots).placed
    assert [p.start for p in placed] == sorted(p.start for p in placed)
    assert {p.start for p in placed if not p.job.exclusive} == {0.0}
    late = replace(made.walks[0], spec=replace(made.walks[0].spec, after=(made.walks[-1].spec.name,)))
    chained = replace(made, walks=(late, *made.walks[1:]))
    assert chained.critical_path_s == pytest.approx(late.seconds + made.walks[-1].seconds)
    assert chained.bound_s >= chained.critical_path_s


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (330, "5:30"), (3930, "1:05:30")])
def test_clock(seconds: float, text: str) -> None:
    assert planview.clock(seconds) == text
