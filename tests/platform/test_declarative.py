"""Readings are made by one session per role, one after another, with its own account and only what was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from harness.errors import HarnessError, ReadingFailed, StepFailed, Unsupported
from harness.model.values import Credit
from harness.platform.declarative import DeclarativePlatform
from harness.platform.profile import LoadedProfile
from tests.platform.fakes import FakePool, FakeScreen

Profiled = Callable[..., LoadedProfile]
ROW = {"user": "zhang", "seconds": 750, "done": False}


def platform(profile: LoadedProfile, *answers: tuple[int, Any]) -> tuple[DeclarativePlatform, FakePool]:
    shared = list(answers) or [(200, {"data": {"rows": [ROW]}})]

    def make() -> FakeScreen:
        screen = FakeScreen()
        screen.answers = shared
        return screen

    pool = FakePool(make)
    return DeclarativePlatform(profile, pool), pool  # type: ignore[arg-type]


def read(one: DeclarativePlatform, name: str = "credited_time", **more: Any) -> Any:
    (learner,) = one.profile.accounts["learner"]
    return asyncio.run(one.read(name, **({"learner": learner} | more)))


def logins(pool: FakePool) -> int:
    return sum(("goto", "/admin/login") in screen.done for screen in pool.screens)


def test_credit_is_read_by_the_reader(profiled: Profiled) -> None:
    one, pool = platform(profiled())
    lesson = one.profile.lessons[0]
    found = read(one, lesson=lesson)
    assert found == Credit(credited_s=750, completed=False, resolution_s=1, raw="seconds=750, done=false")
    (screen,) = pool.screens
    assert ("fill", "#password", "reader-secret", False) in screen.done
    assert screen.done[-1] == ("fetch", "GET", "/api/credit?user=zhang&lesson=l1", {}, None)
    assert pool.asked[0]["authorized_hosts"] == {"127.0.0.1"}


def test_a_filter_that_is_not_given_is_left_out(profiled: Profiled) -> None:
    one, pool = platform(profiled())
    read(one)
    assert pool.screens[0].done[-1][2] == "/api/credit?user=zhang"


def test_a_filter_that_has_no_value_is_never_left_out(profiled: Profiled) -> None:
    readings = profiled().model.model_dump(by_alias=True, mode="json", exclude_defaults=True)["readings"]
    readings["credited_time"]["from"]["fetch"]["params"]["user"] = "{learner.badge}"
    readings["credited_time"]["resolution"] = "1 s"
    one, _ = platform(profiled(readings={"credited_time": readings["credited_time"]}))
    with pytest.raises(ReadingFailed, match=r"no value here; got \{learner\.badge\}"):
        read(one)


def test_one_session_reads_everything_in_turn(profiled: Profiled) -> None:
    one, pool = platform(profiled())
    (learner,) = one.profile.accounts["learner"]

    async def many() -> list[Credit]:
        found: list[Credit] = await asyncio.gather(*(one.read("credited_time", learner=learner) for _ in range(5)))
        await one.close()
        return found

    assert len(asyncio.run(many())) == 5
    assert (len(pool.screens), logins(pool)) == (1, 1)
    assert pool.screens[0].closed


def test_a_reader_that_was_signed_out_logs_in_again_once(profiled: Profiled) -> None:
    good = (200, {"data": {"rows": [ROW]}})
    one, pool = platform(profiled(), good, (401, {}), good)
    assert [read(one).credited_s, read(one).credited_s] == [750, 750]
    assert logins(pool) == 2
    assert pool.screens[0].closed


def test_a_reader_that_is_refused_even_fresh_gives_up(profiled: Profiled) -> None:
    one, pool = platform(profiled(), (403, {}))
    with pytest.raises(ReadingFailed, match=r"credited_time: /api/credit.*HTTP 403"):
        read(one)
    assert logins(pool) == 1


def test_where_a_reading_always_fails_each_is_tried_once_in_a_new_session(profiled: Profiled) -> None:
    one, pool = platform(profiled(), *[(403, {})] * 3)
    for _ in range(3):
        with pytest.raises(ReadingFailed, match="HTTP 403"):
            read(one)
    assert logins(pool) == 3
    assert [screen.closed for screen in pool.screens] == [True, True, False]


def test_after_a_reading_that_failed_twice_the_next_begins_with_a_new_session(profiled: Profiled) -> None:
    good = (200, {"data": {"rows": [ROW]}})
    one, pool = platform(profiled(), good, (403, {}), (403, {}), good, good)
    read(one)
    with pytest.raises(ReadingFailed):
        read(one)
    assert [read(one).credited_s, read(one).credited_s] == [750, 750]
    assert logins(pool) == 3


def test_a_page_that_asks_to_sign_in_means_signed_out(profiled: Profiled) -> None:
    one, pool = platform(profiled(signed_out={"selector": "#sign-in"}))
    empty = [["开始时间", "结束时间", "时长"]]
    read(one)
    pool.screens[0].tables["#records"] = empty
    assert read(one, "study_records") == ()
    pool.screens[0].shown = {"#sign-in"}
    with pytest.raises(KeyError):  # the new window's page has no such table
        read(one, "study_records")
    assert logins(pool) == 2


def test_an_answer_that_is_not_understood_says_where(profiled: Profiled) -> None:
    one, _ = platform(profiled(), (200, {"error": "db"}))
    with pytest.raises(ReadingFailed, match=r"credited_time: data.rows: path not in the answer; got error"):
        read(one)
    one, _ = platform(profiled(), (500, {}))
    with pytest.raises(ReadingFailed, match="HTTP 500; expected HTTP 200"):
        read(one)


def test_a_table_on_a_page(profiled: Profiled) -> None:
    one, pool = platform(profiled())
    read(one)
    pool.screens[0].tables["#records"] = [["开始时间", "结束时间", "时长"], ["2026-11-24 10:00", "-", "5分"]]
    (record,) = read(one, "study_records")
    assert (record.duration_s, record.end) == (300, None)


def test_a_table_from_a_download_and_texts_of_a_page(profiled: Profiled) -> None:
    download = [{"click": "text=导出"}]
    readings = {
        "statistics": {"from": {"download": download, "format": "csv"}},
        "lesson_position": {"from": {"page": {"at": "#at"}}, "fields": {"position": "at"}},
    }
    one, pool = platform(profiled(readings=readings, signed_out=None))

    def make() -> FakeScreen:
        screen = FakeScreen()
        screen.file = type("F", (), {"name": "a.csv", "data": "学员,学时\n张三,2\n".encode("gbk")})
        screen.texts["#at"] = "12:30"
        return screen

    pool.make = make
    assert asyncio.run(one.read("statistics")).rows == ({"学员": "张三", "学时": "2"},)
    assert asyncio.run(one.read("lesson_position", lesson=one.profile.lessons[0])) == 750


def test_what_is_not_described_or_not_in_the_contract(profiled: Profiled) -> None:
    one, pool = platform(profiled())
    with pytest.raises(Unsupported, match="does not describe statistics"):
        asyncio.run(one.read("statistics"))
    for name, filters in (("lesson_state", {}), ("play", {}), ("credited_time", {"class": "A"})):
        with pytest.raises(HarnessError):
            asyncio.run(one.read(name, **filters))
    with pytest.raises(Unsupported, match="no account in the role teacher"):
        asyncio.run(one.session("teacher"))
    assert pool.screens == []
    assert one.described("play")
    assert not one.described("statistics")


def test_a_login_that_fails_is_tried_again_next_time(profiled: Profiled) -> None:
    failing = {"reader": {"accounts": [{"username": "r"}], "actions": {"log_in": [{"click": "missing"}]}}}
    learner = {"learner": {"accounts": [{"username": "zhang"}]}}
    one, pool = platform(profiled(roles=learner | failing))
    for _ in range(2):
        with pytest.raises(StepFailed, match=r"log_in step 1 \(click\)"):
            read(one)
    assert [screen.closed for screen in pool.screens] == [True, True]


ADAPTER = """
from harness.model.values import Credit
from harness.platform.adapter import Adapter

class Acme(Adapter):
    async def credited_time(self, session, learner=None, lesson=None, course=None):
        return Credit(credited_s=1.0, raw=session.account.id + " reads " + learner.id)

    async def play(self, session):
        await session.screen.click("adapted")
        await session.described("play")
"""


def test_an_adapter_overrides_single_actions_and_readings(profiled: Profiled, tmp_path: Any) -> None:
    (tmp_path / "acme_adapter.py").write_text(ADAPTER)
    one, pool = platform(profiled(adapter="acme_adapter.py"))
    assert read(one).raw == "auditor reads zhang"

    async def play() -> None:
        session = await one.session("learner")
        await session.do("play")

    asyncio.run(play())
    assert pool.screens[-1].done == [("click", "adapted"), ("click", ".play", ("#player",))]


PORTRAITS = {
    "as": "reader",
    "from": {"fetch": {"url": "/api/photos", "params": {"user": "{learner.username}"}}, "rows": "data"},
    "fields": {"id": "no", "time": "at", "verdict": "said"},
    "picture": {"url": "/photo/{row.id}.jpg"},
}
LISTED = [
    {"no": 8, "at": "2026-11-24 18:05:33", "said": "一致"},
    {"no": 7, "at": "2026-11-24 18:01:00", "said": "一致"},
]


def test_portraits_come_oldest_first_with_their_pictures(profiled: Profiled) -> None:
    one, pool = platform(
        profiled(readings={"portraits": PORTRAITS}), (200, {"data": LISTED}), (200, "seven"), (404, "gone")
    )
    seven, eight = read(one, "portraits")
    assert (seven.id, seven.verdict, seven.picture, seven.error) == ("7", "一致", b'"seven"', "")
    assert (eight.id, eight.picture, eight.error) == ("8", None, "HTTP 404")
    assert seven.time.isoformat() == "2026-11-24T18:01:00+08:00"
    assert [step[2] for step in pool.screens[0].done if step[0] == "fetch"] == [
        "/api/photos?user=zhang", "/photo/7.jpg", "/photo/8.jpg"
    ]  # fmt: skip


EVERYBODY = {
    "as": "reader",
    "from": {"fetch": "/api/files", "rows": "data"},
    "fields": {"learner": "user", "period": "period"},
}


def test_everybodys_rows_are_not_taken_for_one_learners(profiled: Profiled) -> None:
    """A list that the profile reads whole would make a platform look as if it answered with other people's files."""
    files = (200, {"data": [{"user": "zhang", "period": "1"}, {"user": "li", "period": "1"}]})
    one, _ = platform(profiled(readings={"archives": EVERYBODY}), files)
    with pytest.raises(Unsupported, match="archives of one learner"):
        asyncio.run(one.read("archives", learner=one.profile.accounts["learner"][0]))
    assert len(asyncio.run(one.read("archives")).rows) == 2
    mine = EVERYBODY | {"where": {"user": "{learner.username}"}}
    one, _ = platform(profiled(readings={"archives": mine}), files)
    (row,) = asyncio.run(one.read("archives", learner=one.profile.accounts["learner"][0])).rows
    assert row == {"learner": "zhang", "period": "1"}


def test_no_portrait_is_an_answer(profiled: Profiled) -> None:
    one, _ = platform(profiled(readings={"portraits": PORTRAITS}), (200, {"data": []}))
    assert read(one, "portraits") == ()
