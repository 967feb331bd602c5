"""Jobs laid out in time: nobody shares what is exclusive, and no time is lost that had not to be."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import HarnessError
from harness.schedule import Job, Schedule, bound, busiest, by_accounts, critical_path, fewest_accounts, schedule

NAMES = "abcdefgh"


@st.composite
def some_jobs(draw: st.DrawFn) -> list[Job]:
    count = draw(st.integers(1, len(NAMES)))
    return [
        Job(
            NAMES[n],
            seconds=float(draw(st.integers(1, 50))),
            windows=draw(st.integers(1, 3)),
            accounts=draw(st.integers(0, 2)),
            lessons=draw(st.integers(0, 2)),
            exclusive=frozenset(draw(st.sets(st.sampled_from(["admin", "teacher"]), max_size=2))),
            after=frozenset(draw(st.sets(st.sampled_from(NAMES[:n]), max_size=2))) if n else frozenset(),
            urgency=draw(st.sampled_from([1.0, 2.0])),
        )
        for n in range(count)
    ]


jobs_and_slots = {"jobs": some_jobs(), "slots": st.integers(1, 6)}


def at_once(made: Schedule) -> list[set[int]]:
    """The jobs, by place, that are under way just after each begins."""
    return [
        {n for n, p in enumerate(made.placed) if p.start <= moment < p.end} for moment in {p.start for p in made.placed}
    ]


@given(**jobs_and_slots, accounts=st.integers(0, 6), lessons=st.integers(0, 6))
def test_nothing_exclusive_ever_has_two_users(jobs: list[Job], slots: int, accounts: int, lessons: int) -> None:
    made = schedule(jobs, slots=slots, accounts=accounts, lessons=lessons)
    for running in at_once(made):
        for a, b in itertools.combinations(running, 2):
            one, two = made.placed[a], made.placed[b]
            assert not one.job.exclusive & two.job.exclusive
            assert not set(one.accounts) & set(two.accounts)
        assert sum(min(made.placed[n].job.windows, slots) for n in running) <= slots
    for account in range(accounts):
        assert sum(p.job.lessons for p in made.placed if account in p.accounts) <= lessons
    for one in made.placed:
        assert len(set(one.accounts)) == one.job.accounts


@given(**jobs_and_slots, accounts=st.integers(0, 6), lessons=st.integers(0, 6))
def test_every_job_is_placed_once_or_said_to_be_impossible(
    jobs: list[Job], slots: int, accounts: int, lessons: int
) -> None:
    made = schedule(jobs, slots=slots, accounts=accounts, lessons=lessons)
    assert sorted([p.job.name for p in made.placed] + [j.name for j in made.unplaced]) == sorted(j.name for j in jobs)
    end = {p.job.name: p.end for p in made.placed}
    for one in made.placed:
        assert all(end[name] <= one.start for name in one.job.after)


@given(**jobs_and_slots)
def test_never_longer_than_in_a_row_and_never_shorter_than_the_bound(jobs: list[Job], slots: int) -> None:
    made = schedule(jobs, slots=slots)
    assert not made.unplaced
    assert made.span_s <= sum(j.seconds for j in jobs) + 1e-6
    assert made.span_s >= bound(jobs, slots) - 1e-6
    assert bound(jobs, slots) >= max(critical_path(jobs), busiest(jobs)) - 1e-6


@given(**jobs_and_slots)
def test_the_fewest_accounts_are_as_fast_as_any_number_and_one_fewer_is_not(jobs: list[Job], slots: int) -> None:
    fewest = fewest_accounts(jobs, slots=slots)
    best = schedule(jobs, slots=slots)
    enough = schedule(jobs, slots=slots, accounts=fewest)
    assert not enough.unplaced
    assert enough.span_s <= best.span_s
    if fewest:
        fewer = schedule(jobs, slots=slots, accounts=fewest - 1)
        assert fewer.unplaced or fewer.span_s > best.span_s


def test_one_slot_is_a_row() -> None:
    jobs = [Job("a", 10), Job("b", 20), Job("c", 30)]
    made = schedule(jobs, slots=1)
    assert [(p.job.name, p.start) for p in made.placed] == [("c", 0), ("b", 30), ("a", 50)]


def test_the_longest_chain_begins_first() -> None:
    jobs = [Job("long", 50), Job("study", 30), Job("proof", 40, after=frozenset({"study"}))]
    made = schedule(jobs, slots=1)
    assert [p.job.name for p in made.placed] == ["study", "long", "proof"]
    assert critical_path(jobs) == 70


def test_those_that_share_the_administrator_are_not_left_to_the_end() -> None:
    admin = frozenset({"admin"})
    jobs = [Job(f"study{n}", 40) for n in range(6)] + [Job(f"office{n}", 20, exclusive=admin) for n in range(6)]
    made = schedule(jobs, slots=3)
    assert made.span_s == 120 == bound(jobs, 3)  # one row of windows for the office, two for the studies


def test_two_windows_are_not_overtaken_for_ever_by_one() -> None:
    jobs = [Job("first", 10), Job("pair", 9, windows=2), Job("one", 8)]
    made = schedule(jobs, slots=2)
    assert [(p.job.name, p.start) for p in made.placed] == [("first", 0), ("pair", 10), ("one", 19)]


def test_few_accounts_cost_time_and_too_few_lessons_leave_jobs_out() -> None:
    jobs = [Job(name, 10, accounts=1, lessons=1) for name in "abcd"]
    found = by_accounts(jobs, slots=4, lessons=None, most=10)
    assert {n: s.span_s for n, s in found.items()} == {1: 40, 2: 20, 3: 20, 4: 10}
    assert fewest_accounts(jobs, slots=4) == 4
    made = schedule(jobs, slots=4, accounts=1, lessons=3)
    assert len(made.unplaced) == 1


def test_jobs_that_wait_for_one_another_are_named() -> None:
    jobs = [Job("a", 1, after=frozenset({"b"})), Job("b", 1, after=frozenset({"a"}))]
    with pytest.raises(HarnessError, match="a, b"):
        schedule(jobs, slots=1)


def test_what_spends_its_accounts_leaves_them_to_nobody() -> None:
    jobs = [Job(f"j{n}", 10.0, accounts=1, lessons=1, spends=True) for n in range(3)]
    assert len(schedule(jobs, slots=4, accounts=2, lessons=5).unplaced) == 1
    assert not schedule(jobs, slots=4, accounts=3, lessons=5).unplaced


@given(**jobs_and_slots, accounts=st.integers(0, 6), lessons=st.integers(0, 6), day_s=st.integers(1, 120))
def test_nobody_studies_longer_than_a_day_credits(
    jobs: list[Job], slots: int, accounts: int, lessons: int, day_s: int
) -> None:
    made = schedule(jobs, slots=slots, accounts=accounts, lessons=lessons, day_s=float(day_s))
    for account in range(accounts):
        assert sum(p.job.study_s for p in made.placed if account in p.accounts) <= day_s
    names = sorted([p.job.name for p in made.placed] + [j.name for j in made.unplaced])
    assert names == sorted(j.name for j in jobs)


@given(**jobs_and_slots, accounts=st.integers(0, 6), lessons=st.integers(0, 6))
def test_a_day_that_is_long_enough_changes_nothing(jobs: list[Job], slots: int, accounts: int, lessons: int) -> None:
    without = schedule(jobs, slots=slots, accounts=accounts, lessons=lessons)
    day_s = sum(j.study_s for j in jobs)
    assert schedule(jobs, slots=slots, accounts=accounts, lessons=lessons, day_s=day_s) == without


@given(**jobs_and_slots, accounts=st.integers(1, 6), lessons=st.integers(0, 6), day_s=st.integers(50, 120))
def test_day_after_day_everything_is_made_that_lessons_suffice_for(
    jobs: list[Job], slots: int, accounts: int, lessons: int, day_s: int
) -> None:
    left, todo, used = [lessons] * accounts, list(jobs), 0
    while todo:
        made = schedule(todo, slots=slots, day_s=float(day_s), left=left)
        if not made.placed:
            break
        todo, left = list(made.unplaced), list(made.left)
        used += sum(p.job.lessons * p.job.accounts for p in made.placed)
    assert sum(left) == accounts * lessons - used >= 0
    for job in todo:
        lacking = sum(n >= job.lessons for n in left) < job.accounts
        assert lacking or job.after & {j.name for j in todo}


def test_a_full_day_goes_to_another_account_first() -> None:
    jobs = [Job(name, 30, accounts=1, lessons=1) for name in "abc"]
    made = schedule(jobs, slots=1, accounts=2, lessons=9, day_s=60)
    assert [p.accounts for p in made.placed] == [(0,), (1,), (0,)]
    made = schedule(jobs, slots=1, accounts=2, lessons=9, day_s=45)
    assert [p.accounts for p in made.placed] == [(0,), (1,)]
    assert [j.name for j in made.unplaced] == ["c"]
