"""Forged reports: every moving number raised in its own unit and shape, all else as the page sent it."""

from __future__ import annotations

import json

import pytest

from harness.attacks.traffic import change
from harness.browser.exchange import Exchange
from harness.browser.reports import Field

URL = "https://learn.example/save"


def exchange(body: str | None, url: str = URL) -> Exchange:
    return Exchange(0.0, "POST", url, {}, body, "xhr")


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        ('{"pos":35,"id":7}', Field("json:pos", "position"), '{"pos":3635,"id":7}'),
        ('{"pos":35.5}', Field("json:pos", "position"), '{"pos":3635.5}'),
        ('{"pos":"35"}', Field("json:pos", "position"), '{"pos":"3635"}'),
        ('{"pos":35000}', Field("json:pos", "position", 1000.0), '{"pos":3635000}'),
        ('{"a":[{"d":5.01}]}', Field("json:a.0.d", "delta"), '{"a":[{"d":3600.0}]}'),
        ('{"d":5000}', Field("json:d", "delta", 1000.0), '{"d":3600000}'),
        ('{"p":0.05}', Field("json:p", "progress"), '{"p":1.0}'),
        ('{"p":12}', Field("json:p", "progress", 100.0), '{"p":100}'),
        ('{"n":8}', Field("json:n", "counter"), '{"n":9}'),
        ('{"ts":1764000000000}', Field("json:ts", "timestamp", 1000.0), '{"ts":1764000042000}'),
        ('{"t":"00:12:30"}', Field("json:t", "position"), '{"t":"01:12:30"}'),
        ('{"pos":null}', Field("json:pos", "position"), '{"pos":null}'),
        ("t=5&note=&t2=6", Field("form:t", "delta"), "t=3600&note=&t2=6"),
    ],
)
def test_a_number_is_raised_in_its_unit_and_shape(body: str, field: Field, expected: str) -> None:
    assert change(exchange(body), [field], 3600.0, later_s=42.0) == (URL, expected)


def test_kolibri_shares() -> None:
    body = '{"progress_delta":0.0064,"time_spent_delta":5.01}'
    fields = [Field("json:progress_delta", "progress"), Field("json:time_spent_delta", "delta")]
    _, changed = change(exchange(body), fields, 3600.0)
    assert changed is not None
    assert json.loads(changed) == {"progress_delta": 1.0, "time_spent_delta": 3600.0}


def test_query_and_body_together() -> None:
    fields = [Field("query:seq", "counter"), Field("form:t", "position")]
    assert change(exchange("t=60&k=v", f"{URL}?seq=4&x="), fields, 600.0) == (f"{URL}?seq=5&x=", "t=660&k=v")


def test_a_field_that_the_example_lacks_is_passed_over() -> None:
    assert change(exchange('{"left":true}'), [Field("json:pos", "position")], 600.0) == (URL, '{"left":true}')


def test_nothing_to_raise_leaves_the_report_word_for_word() -> None:
    body = '{ "pos": 35.0 }'
    assert change(exchange(body), [], 600.0) == (URL, body)
