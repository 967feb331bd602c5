"""Progress reports are found in literal traffic, and nothing else is taken for one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.browser.exchange import Exchange
from harness.browser.reports import Field, learn_reports, template, to_number
from harness.model.values import MediaSample

BASE = "https://learn.example"
DURATION = 600.0
EPOCH_MS = 1_764_000_000_000
START = 5000.0
"""Monotonic time at which the media was at its beginning."""


def samples(seconds: int = 60, rate: float = 1.0) -> list[tuple[float, MediaSample]]:
    return [
        (
            START + t,
            MediaSample(
                position_s=t * rate,
                duration_s=DURATION,
                rate=rate,
                paused=False,
                ended=False,
                seeking=False,
                hidden=False,
                ready=4,
            ),
        )
        for t in range(seconds + 1)
    ]


def at(t: float, method: str, url: str, body: str | None, **headers: str) -> Exchange:
    return Exchange(START + t, method, BASE + url, headers, body, "xhr")


def reports(make: Callable[[float, int], dict[str, Any]], *, period: float = 5.0, count: int = 10) -> list[Exchange]:
    """JSON reports at 5, 10, 15 ... seconds of media."""
    return [
        at(t, "POST", "/api/lessons/17/heartbeat", json.dumps(make(t, n)))
        for n in range(1, count + 1)
        if (t := n * period + 0.05 * (n % 3)) is not None
    ]


def moving(exchanges: Iterable[Exchange], seen: list[tuple[float, MediaSample]] | None = None) -> dict[str, str]:
    found = learn_reports(exchanges, samples() if seen is None else seen)
    return {f.path: f.kind for pattern in found for f in pattern.moving}


def test_position_delta_and_progress_in_json() -> None:
    sent = reports(
        lambda t, n: {"lessonId": 17, "at": {"position": round(t, 1)}, "delta": 5, "progress": round(t / DURATION, 4)}
    )
    (pattern,) = learn_reports(sent, samples())
    assert pattern.method == "POST"
    assert pattern.url == f"{BASE}/api/lessons/*/heartbeat"
    assert pattern.count == 10
    assert pattern.period_s == pytest.approx(5, abs=0.2)
    assert pattern.moving == (
        Field("json:at.position", "position"),
        Field("json:delta", "delta"),
        Field("json:progress", "progress"),
    )
    assert pattern.example is sent[-1]
    assert pattern.examples == tuple(sent)
    assert not pattern.signed


def test_form_fields() -> None:
    sent = [
        at(n * 10.0, "POST", "/study/save.do", urlencode({"courseId": 10, "playTime": n * 10, "studyTime": 10}))
        for n in range(1, 6)
    ]
    assert moving(sent) == {"form:playTime": "position", "form:studyTime": "delta"}


def test_query_fields_of_a_get() -> None:
    sent = [at(n * 10.0, "GET", f"/save?action=keep&pos={n * 10}&r={n * 7919 % 1000}", None) for n in range(1, 6)]
    assert moving(sent)["query:pos"] == "position"


def test_milliseconds_are_told_from_seconds() -> None:
    sent = reports(lambda t, n: {"pos": int(t * 1000), "spent": 5000 + n % 2, "ts": EPOCH_MS + int(t * 1000)})
    (pattern,) = learn_reports(sent, samples())
    assert pattern.moving == (
        Field("json:pos", "position", 1000.0),
        Field("json:spent", "delta", 1000.0),
        Field("json:ts", "timestamp", 1000.0),
    )


def test_percent_is_progress_of_a_hundred() -> None:
    sent = reports(lambda t, n: {"percent": int(100 * t / DURATION)}, count=11)
    (pattern,) = learn_reports(sent, samples())
    assert pattern.moving == (Field("json:percent", "progress", 100.0),)


def test_a_clock_reading_is_a_position() -> None:
    sent = reports(lambda t, n: {"session_time": f"00:00:{int(t):02d}"})
    assert moving(sent) == {"json:session_time": "position"}


def test_study_time_that_grows_while_the_media_is_elsewhere() -> None:
    stuck = [(t, s.model_copy(update={"position_s": 40.0})) for t, s in samples()]
    assert moving(reports(lambda t, n: {"total": 900 + int(t)}), stuck) == {"json:total": "position"}


def test_a_position_at_twice_the_rate() -> None:
    sent = reports(lambda t, n: {"pos": 2 * t, "spent": 5})
    assert moving(sent, samples(rate=2.0)) == {"json:pos": "position", "json:spent": "delta"}


def test_a_sequence_number_is_a_counter_and_alone_is_no_report() -> None:
    assert moving(reports(lambda t, n: {"seq": n, "pos": t})) == {"json:seq": "counter", "json:pos": "position"}
    assert moving(reports(lambda t, n: {"seq": n})) == {}


def test_a_sequence_number_each_second_is_told_from_the_position_beside_it() -> None:
    sent = reports(lambda t, n: {"seq": n, "pos": round(t, 2)}, period=1.0, count=30)
    assert moving(sent) == {"json:seq": "counter", "json:pos": "position"}
    whole = [at(n, "POST", "/r", json.dumps({"pos": n, "furthest": n})) for n in range(1, 20)]
    assert moving(whole) == {"json:pos": "position", "json:furthest": "position"}


def test_kolibri_reports_shares_of_progress_and_time() -> None:
    sent = reports(
        lambda t, n: {"progress_delta": 0.0064 + 0.0001 * (n % 3), "time_spent_delta": 5.0 + 0.01 * (n % 4)}, count=9
    )
    for exchange in sent:
        exchange.method, exchange.url = "PUT", f"{BASE}/api/logger/trackprogress/3f0a9c77d1e24b1c8a55d1f0c4b6e7a8/"
    (pattern,) = learn_reports(sent, samples())
    assert pattern.url == f"{BASE}/api/logger/trackprogress/*/"
    assert pattern.moving == (Field("json:progress_delta", "progress"), Field("json:time_spent_delta", "delta"))


def test_a_signature_is_seen_and_never_taken_for_a_number() -> None:
    digests = ["%040x" % (n * 0x9E3779B97F4A7C15F39CC0605CEDC834) for n in range(1, 20)]
    sent = reports(lambda t, n: {"pos": t, "sign": digests[n], "short": "12e45678", "nan": "NaN"})
    (pattern,) = learn_reports(sent, samples())
    assert pattern.moving == (Field("json:pos", "position"),)
    assert pattern.signed


def test_a_signature_in_a_header_counts_and_a_constant_token_does_not() -> None:
    token = "a1B2c3D4e5F6a7B8c9D0e1F2"
    sent = reports(lambda t, n: {"pos": t})
    for exchange in sent:
        exchange.headers["authorization"] = token
    assert not learn_reports(sent, samples())[0].signed
    for n, exchange in enumerate(sent):
        exchange.headers["x-sign"] = f"{n:02d}{token}"
    assert learn_reports(sent, samples())[0].signed


def test_the_example_is_a_full_report_not_the_one_sent_on_leaving() -> None:
    sent = reports(lambda t, n: {"pos": t, "delta": 5} if n < 10 else {"left": True})
    assert learn_reports(sent, samples())[0].example is sent[-2]


def test_reports_that_go_on_while_paused_are_still_found() -> None:
    seen = samples(20)
    last = seen[-1][1].model_copy(update={"paused": True})
    seen += [(START + 20 + t, last) for t in range(1, 31)]
    assert moving(reports(lambda t, n: {"pos": min(t, 20.0)}), seen) == {"json:pos": "position"}


def test_web_socket_frames() -> None:
    sent = [
        Exchange(START + n * 5, "WS", "wss://learn.example/live", {}, f'42["tick",{{"t":{n * 5}}}]', "websocket")
        for n in range(1, 8)
    ]
    assert moving(sent) == {"json:1.t": "position"}


polling: dict[str, Callable[[int], Exchange]] = {
    "a time stamp against caches": lambda n: at(n * 5, "GET", f"/notices?_={EPOCH_MS + n * 5000}", None),
    "a random number against caches": lambda n: at(n * 5, "GET", f"/notices?r={(n * 0.618) % 1:.6f}", None),
    "new messages since": lambda n: at(n * 5, "GET", f"/chat?since={100 + [0, 2, 9, 9, 12, 30, 31, 31, 40][n]}", None),
    "a long poll's own length": lambda n: at(n * 5, "GET", "/poll?timeout=5", None),
    "a keep-alive's own length": lambda n: at(n * 5, "POST", "/alive", '{"interval":5}'),
    "an id like the rhythm": lambda n: at(n * 5, "POST", "/alive", '{"courseId":5,"user":{"id":5}}'),
    "flags that turn": lambda n: at(n * 5, "POST", "/alive", json.dumps({"visible": n % 2, "online": True})),
    "rising ids": lambda n: at(n * 5, "POST", "/log", json.dumps({"id": 7_211_000_111_222 + n * 77_123_456})),
    "no number at all": lambda n: at(n * 5, "POST", "/alive", None),
    "a page count": lambda n: at(n * 5, "GET", f"/comments?page={n}&size=20", None),
    "the camera's picture": lambda n: at(n * 5, "POST", "/portrait", "data:image/jpeg;base64,/9j/4AAQSkZJRg=="),
}


@pytest.mark.parametrize("name", polling)
def test_polling_is_not_taken(name: str) -> None:
    sent = [polling[name](n) for n in range(1, 9)]
    assert learn_reports(sent, samples()) == []
    assert learn_reports(sent, []) == []


def test_of_all_traffic_only_the_reports_are_taken() -> None:
    noise = [make(n) for make in polling.values() for n in range(1, 9)]
    sent = sorted([*noise, *reports(lambda t, n: {"pos": t})], key=lambda e: e.t)
    (pattern,) = learn_reports(sent, samples())
    assert pattern.url == f"{BASE}/api/lessons/*/heartbeat"


def test_two_requests_are_no_rhythm() -> None:
    assert learn_reports(reports(lambda t, n: {"pos": t}, count=2), samples()) == []
    assert len(learn_reports(reports(lambda t, n: {"pos": t}, count=3), samples())) == 1


def test_pages_and_preflights_are_not_reports() -> None:
    sent = reports(lambda t, n: {"pos": t})
    for exchange in sent:
        exchange.type = "document"
    assert learn_reports(sent, samples()) == []
    for exchange in sent:
        exchange.type, exchange.method = "xhr", "OPTIONS"
    assert learn_reports(sent, samples()) == []


def test_actions_at_one_address_are_told_apart_by_their_word() -> None:
    saves = [at(n * 5, "POST", "/api.php?action=save", json.dumps({"pos": n * 5})) for n in range(1, 9)]
    polls = [at(n * 5 + 1, "POST", "/api.php?action=poll", json.dumps({"pos": 3})) for n in range(1, 9)]
    (pattern,) = learn_reports(sorted([*saves, *polls], key=lambda e: e.t), samples())
    assert pattern.url == f"{BASE}/api.php?action=save"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/a/17/b/3f0a9c77d1e24b1c", "/a/*/b/*"),
        ("/a/0b9e2f6a-2f7c-4a8e-9d55-6a1e7d1c2b3f", "/a/*"),
        ("/a?sign=3f0a9c77d1e24b1c&t=5", "/a"),
        ("/v2/save?m=save&t=5", "/v2/save?m=save"),
    ],
)
def test_template(url: str, expected: str) -> None:
    assert template(BASE + url) == BASE + expected


@pytest.mark.parametrize(
    ("value", "number"),
    [(5, 5.0), ("5.5", 5.5), ("-3", -3.0), ("00:12:30", 750.0), ("1:00:00.5", 3600.5)]
    + [(v, None) for v in (True, None, "", "nan", "inf", "1e5", "12e45678", "1_000", "5s", "00:61:00", [1])],
)
def test_to_number(value: Any, number: float | None) -> None:
    assert to_number(value) == number


@given(
    period=st.floats(2.0, 60.0),
    first=st.floats(0, 300),
    count=st.integers(4, 12),
    late=st.lists(st.floats(0, 0.5), min_size=12, max_size=12),
)
def test_any_rhythm_of_positions_is_found(period: float, first: float, count: int, late: list[float]) -> None:
    times = [n * period + late[n - 1] for n in range(1, count + 1)]
    seen = [(t, s.model_copy(update={"position_s": first + t - START})) for t, s in samples(int(times[-1]) + 1)]
    sent = [at(t, "POST", "/r", json.dumps({"p": int(first + t)})) for t in times]
    assert moving(sent, seen) == {"json:p": "position"}
