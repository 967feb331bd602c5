"""One walker reads every number of a request and can change it where it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.browser.exchange import Exchange, flatten, leaves, rewrite

URL = "https://learn.example/api/report"


def exchange(body: str | None, url: str = URL) -> Exchange:
    return Exchange(0.0, "POST", url, {}, body, "xhr")


def same(path: str, value: Any) -> Any:
    return value


def ninety_nine(*paths: str) -> Any:
    return lambda path, value: type(value)(99) if path in paths else value


def test_flatten_names_every_leaf() -> None:
    assert flatten({"a": {"b": 1, "c": [2, {"d": None}]}, "e": "x"}) == {
        "a.b": 1,
        "a.c.0": 2,
        "a.c.1.d": None,
        "e": "x",
    }
    assert flatten(5) == {"": 5}


@pytest.mark.parametrize(
    ("body", "path", "changed"),
    [
        ('{"a":{"t":5},"b":[1,2]}', "json:a.t", '{"a":{"t":99},"b":[1,2]}'),
        ('{"a":{"t":5},"b":[1,2]}', "json:b.1", '{"a":{"t":5},"b":[1,99]}'),
        ("[5]", "json:0", "[99]"),
        ("5", "json:", "99"),
        ("id=7&t=5&note=", "form:t", "id=7&t=99&note="),
        ('data={"t":5}&k=v', "form:data.t", "data=%7B%22t%22%3A99%7D&k=v"),
        ('42["progress",{"t":5}]', "json:1.t", '42["progress",{"t":99}]'),
        ('{"课时":"第一课","t":5}', "json:t", '{"课时":"第一课","t":99}'),
    ],
)
def test_a_value_is_changed_where_it_stands(body: str, path: str, changed: str) -> None:
    assert path in leaves(exchange(body))
    assert rewrite(exchange(body), ninety_nine(path)) == (URL, changed)


def test_a_multipart_field_is_changed_and_a_file_is_left_alone() -> None:
    body = (
        '--x\r\nContent-Disposition: form-data; name="t"\r\n\r\n5\r\n'
        '--x\r\nContent-Disposition: form-data; name="f"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n5\r\n--x--\r\n"
    )
    assert leaves(exchange(body)) == {"form:t": "5"}
    _, changed = rewrite(exchange(body), ninety_nine("form:t", "form:f"))
    assert changed == body.replace("5\r\n--x\r\n", "99\r\n--x\r\n")


def test_a_query_keeps_its_empty_fields() -> None:
    url, body = rewrite(exchange(None, f"{URL}?a=&t=5&u=x%20y"), ninety_nine("query:t"))
    assert (url, body) == (f"{URL}?a=&t=99&u=x+y", None)


@pytest.mark.parametrize("body", [None, "", "plain words", '{ "t": 1.0 }', "a=%20b&c=+", "--x\r\nnothing", "{broken"])
def test_what_is_not_changed_stays_byte_for_byte(body: str | None) -> None:
    url = f"{URL}?q=%7B%22a%22%3A%201%7D&e"
    assert rewrite(exchange(body, url), same) == (url, body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_walked_without_a_change(value: Any) -> None:
    body = json.dumps(value)
    assert rewrite(exchange(body), same) == (URL, body)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_walked_without_a_change(query: str, body: str) -> None:
    url = f"{URL}?{query.split('#')[0]}"
    changed_url, changed_body = rewrite(exchange(body, url), same)
    assert (changed_url, changed_body) == (url, body)
