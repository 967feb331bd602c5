"""Reaching for another's record: which addresses are tried, and what gives the other away."""

from __future__ import annotations

from harness.attacks.access import NAMES, Marks, addresses, changed, reads
from harness.browser.exchange import Exchange

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
