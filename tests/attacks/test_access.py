"""Reaching for another's record: which addresses are tried, and what gives the other away."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from harness.attacks.access import NAMES, Marks, addresses, changed, fetch_as, fetch_own, reads
from harness.browser.exchange import Exchange
from harness.browser.parts import FetchResponse
from harness.errors import AuthorizationError

BASE = "http://127.0.0.1:8000"


def exchange(path: str, *, status: int | None = 200, method: str = "GET", kind: str = "fetch") -> Exchange:
    return Exchange(0.0, method, BASE + path, {"authorization": "Bearer mine"}, None, kind, status)


def test_only_successful_readings_of_the_page_are_taken() -> None:
    seen = [
        exchange("/api/records?page=1"),
        exchange("/api/heartbeat", method="POST"),
        exchange("/api/gone", status=404),
        exchange("/api/open", status=None),
        exchange("/beacon", kind="ping"),
    ]
    assert list(reads(seen)) == [f"{BASE}/api/records?page=1"]


def test_own_identifiers_are_swapped_wherever_they_stand_whole() -> None:
    found = list(changed(f"{BASE}/u/me01/records?student=me01&page=1", {"me01": "you02"}, "you02"))
    assert found[0] == f"{BASE}/u/you02/records?student=you02&page=1"
    assert len(found) == 1 + len(NAMES) - 1
    assert all("student=me01" in url and "=you02" in url for url in found[1:])
    assert next(changed(f"{BASE}/u/me011", {"me01": "you02"}, "you02")).startswith(f"{BASE}/u/me011?")


def test_their_addresses_come_first_and_common_ones_are_left_out() -> None:
    own = {f"{BASE}/common": exchange("/common"), f"{BASE}/r/1": exchange("/r/1")}
    theirs = {f"{BASE}/common": exchange("/common"), f"{BASE}/r/2": exchange("/r/2")}
    tried = addresses(own, theirs, {}, "you02")
    assert tried[0][:2] == ("their_address", f"{BASE}/r/2")
    assert tried[0][2] is own[f"{BASE}/r/1"]
    assert {way for way, _, _ in tried[1:]} == {"changed_identifier"}
    assert addresses({}, theirs, {}, "you02") == ()


def test_a_name_or_a_moment_of_theirs_gives_them_away() -> None:
    marks = Marks.of(["you02", "李四", "x"], ["2026-11-24 09:00:07", "12"], ["2026-11-24 08:00:00"])
    assert marks.within('{"user": "you02"}')
    assert marks.within("<td>李四</td>")
    assert marks.within('{"started_at": "2026-11-24T09:00:07+08:00"}')
    assert not marks.within('{"started_at": "2026-11-24T08:00:00+08:00", "count": 12, "by": "x"}')


def test_an_answer_that_only_says_back_what_was_asked_gives_nobody_away() -> None:
    marks = Marks.of(["you02", "李四"], [], [])
    assert not marks.within('<a href="?user=you02&page=2">', f"{BASE}/records?user=you02")
    assert marks.within('<a href="?user=you02&page=2">李四', f"{BASE}/records?user=you02")


def test_what_both_have_gives_nobody_away() -> None:
    same = ["2026-11-24 09:00:07"]
    assert not Marks.of([], same, same).within("2026-11-24 09:00:07")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("xy1", '{"user": "xy12"}'),  # learners listed by number
        ("xy1", "<a href='/u/axy1'>"),
        ("1002", "<div style='z-index: 1002'>"),  # a number of few digits stands anywhere
    ],
)
def test_a_part_of_another_word_gives_nobody_away(name: str, text: str) -> None:
    assert not Marks.of([name], [], []).within(text)


@pytest.mark.parametrize("text", ['{"user": "xy1"}', "学员xy1：", "13800000002", "李四光"])
def test_a_whole_word_does(text: str) -> None:
    assert Marks.of(["xy1", "13800000002", "李四"], [], []).within(text)


def test_what_ones_own_answer_shows_too_is_no_leak_but_a_moment_to_the_second_is() -> None:
    """A list of the class beside one's own record, a log-in in the minute in which the other began."""
    page = "同班学员：李四；登录时间 2026-11-24 18:05"
    marks = Marks.of(["李四"], ["2026-11-24 18:05"], []).not_in(page)
    assert not marks.within(page)
    assert Marks.of(["王五"], [], []).not_in(page).within("王五")
    sure = Marks.of([], ["2026-11-24 18:05:33"], [])
    assert sure.not_in("2026-11-24 18:05:33").within("2026-11-24 18:05:33")


class Page:
    """Answers every request with the same bytes, and no other host."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def fetch(self, url: str, **more: Any) -> FetchResponse:
        if not url.startswith(BASE):
            raise AuthorizationError("host not authorized", got=url)
        return FetchResponse(200, {}, self.body, url)


@pytest.mark.parametrize("body", [json.dumps({"who": "李四"}).encode(), "李四".encode("gb18030"), "李四".encode()])
def test_letters_are_read_however_they_are_written(body: bytes) -> None:
    seen = asyncio.run(fetch_as(Page(body), "their_address", f"{BASE}/r", exchange("/r"), Marks.of(["李四"], [], [])))  # type: ignore[arg-type]
    assert seen.effect["shown"] is True


def test_ones_own_request_is_made_once_more_and_says_whether_ones_record_came() -> None:
    own = Marks.of([], ["2026-11-24 09:00:07"], [])
    page = Page(b'{"start": "2026-11-24T09:00:07"}')
    seen, said = asyncio.run(fetch_own(page, f"{BASE}/r", exchange("/r"), own))  # type: ignore[arg-type]
    assert (seen.effect["shown"], seen.effect["status"]) == (True, 200)
    assert said == page.body.decode()


def test_a_host_that_nobody_authorized_is_not_asked() -> None:
    seen = asyncio.run(fetch_as(Page(b""), "their_address", "http://elsewhere/r", exchange("/r"), Marks.of([], [], [])))  # type: ignore[arg-type]
    assert seen.effect == {"status": None, "shown": False, "error": "host not authorized"}
