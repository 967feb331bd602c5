"""What is forged out of a learned report: without a browser, byte for byte."""

from __future__ import annotations

import json

import pytest

from harness.attacks.borrowed import credentials
from harness.attacks.finish import calls, endings
from harness.attacks.traffic import forgeries
from harness.browser.exchange import Exchange
from harness.browser.reports import Field, ReportPattern

URL = "https://learn.example/api/study/51234/report"


def exchange(body: str, headers: dict[str, str] | None = None, url: str = URL) -> Exchange:
    return Exchange(0.0, "POST", url, headers or {}, body, "fetch")


def pattern(*bodies: str, moving: tuple[Field, ...], url: str = URL) -> ReportPattern:
    examples = tuple(exchange(b, url=url) for b in bodies)
    return ReportPattern("POST", url, len(examples), 5.0, moving, examples[-1], examples)


POSITION, DELTA = Field("json:pos", "position"), Field("json:spent", "delta")


def forged(of: ReportPattern) -> dict[str, dict[str, object]]:
    return {name: json.loads(body or "") for name, _, body in forgeries(of, 3600.0, later_s=0.0)}


def test_each_number_is_raised_alone_and_with_the_others() -> None:
    seen = forged(pattern('{"pos":40,"spent":5,"id":7}', moving=(POSITION, DELTA)))
    assert seen["deltas"] == {"pos": 40, "spent": 3600, "id": 7}
    assert seen["positions"] == {"pos": 3640, "spent": 5, "id": 7}
    assert seen["all"] == {"pos": 3640, "spent": 3600, "id": 7}
    assert set(seen) == {"deltas", "positions", "all"}


@pytest.mark.parametrize("name", ["max_position", "maxTime", "furthest", "play_frontier", "watched_s", "progressTime"])
def test_the_furthest_point_is_forged_though_it_never_moved(name: str) -> None:
    seen = forged(pattern(f'{{"pos":40,"{name}":0}}', moving=(POSITION,)))
    assert seen["furthest"] == {"pos": 40, name: 3600}


@pytest.mark.parametrize("name", ["position", "remaining", "id", "climax"])
def test_other_numbers_are_no_furthest_point(name: str) -> None:
    assert "furthest" not in forged(pattern(f'{{"pos":40,"{name}":0}}', moving=(POSITION,)))


SIGNED = [f'{{"pos":{n},"sign":"a1b2c3d4e5f6a7b8c9d0{n:04d}","lesson":"x9y8z7w6v5u4t3s2r1q0"}}' for n in (40, 45, 50)]


def test_what_signs_is_left_empty_and_what_stays_the_same_is_kept() -> None:
    seen = forged(pattern(*SIGNED, moving=(POSITION,)))
    assert seen["unsigned"] == {"pos": 3650, "sign": "", "lesson": "x9y8z7w6v5u4t3s2r1q0"}
    assert seen["all"]["sign"] == "a1b2c3d4e5f6a7b8c9d00050"


def test_a_single_report_shows_nothing_that_changes() -> None:
    assert "unsigned" not in forged(pattern(SIGNED[0], moving=(POSITION,)))


def test_the_end_is_reported_with_each_word_for_it() -> None:
    body = '{"event":"tick","pos":40,"share":0.1,"spent":5,"finished":false,"isComplete":0,"done":"0","hidden":false}'
    of = pattern(body, moving=(POSITION, DELTA, Field("json:share", "progress")))
    seen = [json.loads(b or "") for _, b in endings(of, 600.0, later_s=0.0)]
    assert [s["event"] for s in seen] == ["ended", "finish", "complete"]
    rest = {k: v for k, v in seen[0].items() if k != "event"}
    assert rest == {
        "pos": 600, "share": 1.0, "spent": 600, "finished": True, "isComplete": 1, "done": "1", "hidden": False,
    }  # fmt: skip


def test_calls_are_read_from_scripts_and_tried_beside_the_report() -> None:
    script = """
      post(`/api/study/${study.id}/finishLesson`); import x from "./finish.js"; load("/img/complete.png");
      const say = "finished"; post('/learn/complete?x=1'); fetch("https://evil.example/finish");
    """
    assert list(calls([script, None], exchange("{}"))) == [
        "https://learn.example/api/study/51234/finishLesson",
        "https://learn.example/api/study/51234/finish",
        "https://learn.example/api/study/51234/complete",
        "https://learn.example/api/study/51234/end",
    ]


def test_a_call_beside_a_report_that_ends_in_its_number() -> None:
    assert next(iter(calls([], exchange("{}", url="https://h/track/0a1b2c3d4e5f/")))) == (
        "https://h/track/0a1b2c3d4e5f/finish/"
    )


def test_who_is_asking_is_told_by_the_headers_sent_last() -> None:
    sent = [
        exchange("{}", {"authorization": "Bearer old", "accept": "json"}),
        exchange("{}", {"authorization": "Bearer new", "x-csrftoken": "c"}),
    ]
    assert credentials(sent) == {"authorization": "Bearer new", "x-csrftoken": "c"}
    assert credentials([]) == {}
