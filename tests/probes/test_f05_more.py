"""F05 judged on literal walks: interrupted sessions, rows of the record, others' records, voided study."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from harness.model.finding import Text
from harness.model.observation import ActionDone, RecordsRead, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord, Table
from harness.platform.profile import Account
from harness.view import WalkView
from probes.f05_learning_record import others
from probes.f05_learning_record.judge import judge_interrupted, judge_others, judge_rows, judge_voided
from tests.walkbuilder import WalkBuilder, case

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def row(seconds: float, *, span: float | None = None, start: datetime = NINE, **more: str) -> StudyRecord:
    end = start + timedelta(seconds=seconds if span is None else span)
    return StudyRecord(start=start, end=end, duration_s=seconds, course="课", lesson="讲", **({"device": "PC"} | more))


# --- interrupted ------------------------------------------------------------------------------------------------


def interrupted(reload: float = 60, cut: float = 60, login: float = 60, *, offline: float = 20) -> WalkView:
    """Each stretch is 60 s of playing; what is given is what the record gains."""
    w = WalkBuilder("F05.interrupted")
    for name, credited in (("session_reload", reload), ("session_cut", cut), ("session_login", login)):
        with w.segment(name, "rest"):
            w.play(60)
            if name == "session_cut":
                w.add(Stimulus(name="network_cut", means="ordinary", params={"offline_s": offline}))
            w.credit["L1"] += credited
    return w.done()


@pytest.mark.parametrize(
    ("credits", "outcome"),
    [
        ((60, 60, 60), Outcome.PASS),
        ((60, 40, 60), Outcome.PASS),  # nothing for the 20 s without a network
        ((31, 60, 60), Outcome.PASS),
        ((30, 60, 60), Outcome.PASS),  # the tolerance of 30 s
        ((28, 60, 60), Outcome.INCONCLUSIVE),  # within what the record lags
        ((24, 60, 60), Outcome.FAIL),
        ((60, 4, 60), Outcome.FAIL),
        ((60, 60, 96), Outcome.FAIL),
    ],
)
def test_an_interruption_costs_and_brings_no_more_than_the_tolerance(
    credits: tuple[float, float, float], outcome: Outcome
) -> None:
    finding = judge_interrupted(interrupted(*credits), case("F05-1"))
    assert finding.outcome is outcome
    assert not finding.unearned, "a cut stretch is not measured so well that once is enough"


def test_a_machine_that_played_too_slowly_voids_the_walk_and_an_interruption_does_not() -> None:
    w = WalkBuilder("F05.interrupted")
    for name in ("session_reload", "session_cut", "session_login"):
        with w.segment(name, "rest"):
            w.play(60, rate=0.9 if name == "session_cut" else 1.0)
            w.credit["L1"] += 60
    assert judge_interrupted(w.done(), case("F05-1")).reason is Reason.HARNESS_ERROR


def test_what_played_on_unseen_until_the_cut_may_be_recorded() -> None:
    w = WalkBuilder("F05.interrupted")
    for name in ("session_reload", "session_cut", "session_login"):
        with w.segment(name, "rest"):
            w.play(60)
            w.credit["L1"] += 60
            if name == "session_login":
                w.t += 8  # from the last look to the log-out
                w.add(Stimulus(name="log_in_anew", means="ordinary"))
                w.credit["L1"] += 36
    assert judge_interrupted(w.done(), case("F05-1")).outcome is Outcome.PASS


def test_a_stretch_in_which_hardly_anything_was_watched_shows_nothing() -> None:
    w = WalkBuilder("F05.interrupted")
    for name, seconds in (("session_reload", 60), ("session_cut", 60), ("session_login", 25)):
        with w.segment(name, "rest"):
            w.play(seconds)
            w.credit["L1"] += seconds if seconds == 60 else 0
    assert judge_interrupted(w.done(), case("F05-1")).reason is Reason.PRECONDITION_UNMET
    assert judge_rows(recorded((), watched=25), case("X-06")).reason is Reason.PRECONDITION_UNMET


def test_two_of_three_interruptions_conclude_nothing() -> None:
    w = WalkBuilder("F05.interrupted")
    with w.segment("session_reload", "rest"):
        w.play(60)
    assert judge_interrupted(w.done(), case("F05-1")).reason is Reason.PRECONDITION_UNMET


# --- rows -------------------------------------------------------------------------------------------------------


def recorded(rows: tuple[StudyRecord, ...] | None, *, watched: float = 200, error: str = "") -> WalkView:
    w = WalkBuilder("F05.honest")
    w.play(watched)
    w.add(RecordsRead(rows=rows, error=error))
    return w.done()


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [
        (200, Outcome.PASS),
        (171, Outcome.PASS),
        (170, Outcome.PASS),
        (168, Outcome.INCONCLUSIVE),
        (164, Outcome.FAIL),
        (230, Outcome.PASS),
        (236, Outcome.FAIL),
    ],
)
def test_the_rows_add_up_to_what_was_watched(seconds: float, outcome: Outcome) -> None:
    finding = judge_rows(recorded((row(seconds),)), case("X-06"))
    assert finding.outcome is outcome


def test_rows_are_not_judged_by_a_machine_that_played_too_slowly() -> None:
    w = WalkBuilder("F05.honest")
    w.play(200, rate=0.9)
    w.add(RecordsRead(rows=(row(240),)))
    assert judge_rows(w.done(), case("X-06")).reason is Reason.HARNESS_ERROR


def played(*stretches: float, rows: tuple[StudyRecord, ...]) -> WalkView:
    """Stretches of playing with a pause after each, and then the rows of the record."""
    w = WalkBuilder("F05.honest")
    for seconds in stretches:
        w.play(seconds)
        w.stand(10)
    w.add(RecordsRead(rows=rows))
    return w.done()


def test_each_session_has_its_tolerance() -> None:
    two = (row(75), row(75, start=NINE + timedelta(hours=1)))
    assert judge_rows(played(100, 100, rows=two), case("X-06")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("each", "outcome"), [(10, Outcome.PASS), (13, Outcome.PASS), (14, Outcome.FAIL), (20, Outcome.FAIL)]
)
def test_many_rows_of_one_sitting_have_the_tolerance_of_one(each: float, outcome: Outcome) -> None:
    """A platform that writes a row every ten seconds may not record twice what was watched."""
    rows = tuple(row(each, start=NINE + timedelta(seconds=10 * n)) for n in range(20))
    finding = judge_rows(played(100, 100, rows=rows), case("X-06"))
    assert finding.outcome is outcome, finding.observed.en


def test_many_rows_that_lack_a_little_each_are_no_proof_against_a_platform() -> None:
    rows = tuple(row(6, start=NINE + timedelta(seconds=10 * n)) for n in range(20))
    assert judge_rows(played(100, 100, rows=rows), case("X-06")).reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-24T18:05:00+08:00", "2026-11-24T18:08:00+08:00"),  # 18:05:05 to 18:08:58, shown to the minute
        ("2026-11-24T00:00:00+08:00", "2026-11-24T00:00:00+08:00"),  # shown as a date
    ],
)
def test_a_start_and_an_end_may_be_shown_coarsely(start: str, end: str) -> None:
    shown = row(233, start=datetime.fromisoformat(start)).model_copy(update={"end": datetime.fromisoformat(end)})
    assert judge_rows(recorded((shown,), watched=233), case("X-06")).outcome is Outcome.PASS


@pytest.mark.parametrize(("seconds", "outcome"), [(270, Outcome.PASS), (271, Outcome.FAIL)])
def test_shown_to_the_minute_a_span_is_a_minute_longer_at_most(seconds: float, outcome: Outcome) -> None:
    shown = row(seconds, span=180, start=datetime(2026, 11, 24, 18, 5, tzinfo=UTC))
    assert judge_rows(recorded((shown,), watched=seconds), case("X-06")).outcome is outcome


@pytest.mark.parametrize("minutes", [(0, 0, 1, 0, 0), (0, 0, 0, 0, 0)])
def test_rows_in_whole_minutes_that_drop_the_rest_are_no_proof_against_a_platform(minutes: tuple[int, ...]) -> None:
    rows = tuple(row(60.0 * m, start=NINE + timedelta(minutes=2 * n), span=50) for n, m in enumerate(minutes))
    finding = judge_rows(played(45, 45, 90, 45, 45, rows=rows), case("X-06"))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE, finding.observed.en


def test_what_the_record_itself_does_not_count_is_not_too_much() -> None:
    paused = row(120, start=NINE + timedelta(minutes=5)).model_copy(update={"credited": False})
    assert judge_rows(played(200, rows=(row(200), paused)), case("X-06")).outcome is Outcome.PASS


def test_a_sitting_whose_length_is_not_known_yet_is_not_missing() -> None:
    unknown = row(0, start=NINE + timedelta(minutes=5)).model_copy(update={"duration_s": None, "end": None})
    finding = judge_rows(played(100, 100, rows=(row(100), unknown)), case("X-06"))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE
    assert judge_rows(played(100, 100, rows=(row(300), unknown)), case("X-06")).outcome is Outcome.FAIL


def test_a_row_that_credits_more_than_its_own_span_fails() -> None:
    assert judge_rows(recorded((row(200, span=169),)), case("X-06")).outcome is Outcome.FAIL
    assert judge_rows(recorded((row(200, span=170),)), case("X-06")).outcome is Outcome.PASS


def test_no_row_for_honest_study_fails() -> None:
    assert judge_rows(recorded(()), case("X-06")).outcome is Outcome.FAIL


def test_a_record_that_does_not_say_where_is_a_warning() -> None:
    finding = judge_rows(recorded((row(200, device=""),)), case("X-06"))
    assert finding.outcome is Outcome.WARN
    assert "device" in finding.observed.en


def test_a_sitting_that_goes_on_has_no_end_yet() -> None:
    open_one = row(200).model_copy(update={"end": None})
    assert judge_rows(recorded((open_one,)), case("X-06")).outcome is Outcome.PASS
    two = tuple(r.model_copy(update={"end": None}) for r in (row(100), row(100, start=NINE + timedelta(hours=1))))
    assert judge_rows(recorded(two), case("X-06")).outcome is Outcome.WARN


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("the profile does not describe study_records", Reason.UNSUPPORTED),
        ("HTTP 500", Reason.PRECONDITION_UNMET),
    ],
)
def test_a_record_that_cannot_be_read_concludes_nothing(error: str, reason: Reason) -> None:
    assert judge_rows(recorded(None, error=error), case("X-06")).reason is reason
    assert judge_rows(recorded((StudyRecord(start=NINE),)), case("X-06")).reason is Reason.INSUFFICIENT_EVIDENCE


# --- others -----------------------------------------------------------------------------------------------------


def reached(
    *,
    shown: tuple[str, ...] = (),
    own_rows: tuple[int, ...] = (1, 1),
    known: int = 1,
    apart: int = 1,
    reader: bool = True,
    altered: tuple[str, ...] = ("their_address", "changed_identifier"),
    status: int | None = 200,
    own: bool | None = True,
) -> WalkView:
    w = WalkBuilder("F05.others")
    for count in own_rows:
        table = Table(columns=("开始",), rows=({"开始": "2026-11-24 09:00:00"},) * count)
        w.add(ActionDone(name="open_records", ok=True, took_s=1, table=table))
    if own is not None:
        w.add(Stimulus(name="own_record", means="tool", params={"url": "/r"}, effect={"status": 200, "shown": own}))
    for way in altered:
        effect = {"status": status, "shown": way in shown}
        w.add(Stimulus(name="foreign_record", means="tool", params={"way": way, "url": f"/{way}"}, effect=effect))
    if reader:
        params = {"way": "readers_way", "known_rows": known, "told_apart": min(known, apart)}
        effect = {"status": None, "shown": "readers_way" in shown}
        w.add(Stimulus(name="foreign_record", means="tool", params=params, effect=effect))
    return w.done()


def test_a_record_that_nobody_else_reaches_passes() -> None:
    finding = judge_others(reached(), case("F05-4"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted == (Text(zh="学员本人的学习记录", en="each learner's own record"),)
    assert len(finding.refused) == 3


@pytest.mark.parametrize("way", ["their_address", "changed_identifier", "readers_way"])
def test_each_way_to_anothers_record_fails(way: str) -> None:
    assert judge_others(reached(shown=(way,)), case("F05-4")).outcome is Outcome.FAIL


@pytest.mark.parametrize("walk", [reached(altered=()), reached(status=None), reached(own=False)])
def test_where_no_request_for_the_record_could_be_altered_nothing_is_concluded(walk: WalkView) -> None:
    """A page that posts its request, or whose requests are about other things."""
    assert judge_others(walk, case("F05-4")).reason is Reason.INSUFFICIENT_EVIDENCE


def test_the_readers_way_alone_can_prove_a_leak() -> None:
    assert judge_others(reached(altered=(), shown=("readers_way",)), case("F05-4")).outcome is Outcome.FAIL


def test_a_ledger_from_before_the_own_request_was_repeated_is_still_judged() -> None:
    assert judge_others(reached(own=None), case("F05-4")).outcome is Outcome.PASS


@pytest.mark.parametrize("walk", [reached(own_rows=(1, 0)), reached(known=0), reached(apart=0), reached(reader=False)])
def test_without_both_own_records_and_the_readers_nothing_is_concluded(walk: WalkView) -> None:
    assert judge_others(walk, case("F05-4")).reason is Reason.PRECONDITION_UNMET


MINE, THEIRS = "xy11", "xy1"


class Answers:
    """A platform whose reader sees everybody, and that shows a learner these rows whatever is asked for."""

    def __init__(self, mine: StudyRecord, theirs: StudyRecord, shown: tuple[StudyRecord, ...]) -> None:
        self.rows, self.shown = {MINE: (mine,), THEIRS: (theirs,)}, shown

    async def read(self, reading: str, *, learner: Account, lesson: object) -> tuple[StudyRecord, ...]:
        return self.rows[learner.username]

    async def read_in(self, session: object, reading: str, **filters: object) -> tuple[StudyRecord, ...]:
        return self.shown


def readers_way(mine: StudyRecord, theirs: StudyRecord, shown: tuple[StudyRecord, ...]) -> Stimulus:
    """What is written down of the reader's way in a learner's session."""
    noted: list[Stimulus] = []
    both = [
        SimpleNamespace(
            account=Account(id=name, role="learner", username=name), lesson="L1", session=None, note=noted.append
        )
        for name in (MINE, THEIRS)
    ]
    walk = SimpleNamespace(platform=Answers(mine, theirs, shown))
    asyncio.run(others._readers_way(walk, *both))  # type: ignore[arg-type]
    return noted[0]


def test_a_platform_that_answers_with_the_askers_own_rows_shows_nobody_elses() -> None:
    """Both began in the same minute, and starts are shown to the minute."""
    mine, theirs = row(31), row(33)
    assert mine.start == theirs.start
    assert readers_way(mine, theirs, (mine,)).effect["shown"] is False
    assert readers_way(mine, theirs, (theirs,)).effect["shown"] is True


def test_rows_that_are_alike_tell_nobody_apart() -> None:
    assert readers_way(row(31), row(31), (row(31),)).params["told_apart"] == 0


@pytest.mark.parametrize(
    ("cell", "forms"),
    [
        ("2026-11-24 18:05:33", ["2026-11-24 10:05:33", "1795514733000"]),
        ("2026-11-24 18:05", ["2026-11-24 10:05"]),
        ("2026-11-24", []),
        ("00:00:08", []),
        ("13800000002", []),
    ],
)
def test_a_moment_is_known_as_an_interface_may_write_it(cell: str, forms: list[str]) -> None:
    assert list(others._forms(cell)) == forms


# --- voided -----------------------------------------------------------------------------------------------------


def voided(
    after: tuple[StudyRecord, ...] | None, *, lost: float = 60, before: tuple[StudyRecord, ...] = (row(60),)
) -> WalkView:
    w = WalkBuilder("F05.voided")
    w.control("studied", 60)
    w.add(RecordsRead(rows=before))
    with w.segment("voided", "rest"):
        w.credit["L1"] -= lost
    w.add(RecordsRead(rows=after))
    return w.done()


def test_voided_study_stays_and_says_so() -> None:
    kept = row(0, marked="人工作废")
    assert judge_voided(voided((kept,)), case("F05-3")).outcome is Outcome.PASS
    uncredited = row(0).model_copy(update={"credited": False})
    assert judge_voided(voided((uncredited,)), case("F05-3")).outcome is Outcome.PASS


def test_voided_study_that_is_gone_or_unmarked_fails() -> None:
    assert judge_voided(voided(()), case("F05-3")).outcome is Outcome.FAIL
    assert judge_voided(voided((row(0),)), case("F05-3")).outcome is Outcome.FAIL


def test_a_word_that_stood_there_before_does_not_say_that_it_is_void() -> None:
    """A column of states that says 正常 of every row."""
    normal = (row(60, marked="正常"),)
    assert judge_voided(voided(normal, before=normal), case("F05-3")).outcome is Outcome.FAIL
    assert judge_voided(voided((row(60, marked="作废"),), before=normal), case("F05-3")).outcome is Outcome.PASS
    open_yet = (row(60).model_copy(update={"credited": False}),)
    assert judge_voided(voided(open_yet, before=open_yet), case("F05-3")).outcome is Outcome.FAIL


def test_where_nothing_was_credited_nothing_can_be_voided() -> None:
    """A record in whole minutes that half a minute of study does not move."""
    w = WalkBuilder("F05.voided", resolution_s=60)
    w.control("studied", 33, credited=0)
    w.add(RecordsRead(rows=(row(33),)))
    with w.segment("voided", "rest"):
        pass
    w.add(RecordsRead(rows=(row(33),)))
    assert judge_voided(w.done(), case("F05-3")).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("lost", "outcome"), [(60, Outcome.PASS), (30, Outcome.PASS), (29, Outcome.INCONCLUSIVE)])
def test_voiding_must_have_had_an_effect(lost: float, outcome: Outcome) -> None:
    assert judge_voided(voided((row(0, marked="作废"),), lost=lost), case("F05-3")).outcome is outcome


def test_what_could_not_be_read_concludes_nothing() -> None:
    assert judge_voided(voided(None), case("F05-3")).reason is Reason.PRECONDITION_UNMET
    assert judge_voided(voided((row(0),), before=()), case("F05-3")).reason is Reason.INSUFFICIENT_EVIDENCE
