"""No secret and no personal number passes, wherever it stands in a text."""

from __future__ import annotations

import json
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.redact import ARG_LENGTH, redact, redact_args, redact_url, secret_name

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer abcdef123", "Authorization: ***"),
        ("authorization: Basic dXNlcjpwYXNz", "authorization: ***"),
        ("Cookie: sid=abc; theme=dark\nnext: line", "Cookie: ***\nnext: line"),
        ('{"password": "a b\'c", "n": 5}', '{"password": "***", "n": 5}'),
        ("{'token': 'x'}", "{'token': '***'}"),
        ('{"log":"{\\"token\\":\\"abc\\",\\"n\\":5}"}', '{"log":"{\\"token\\":\\"***\\",\\"n\\":5}"}'),
        ("user=li&pwd=1&page=2", "user=li&pwd=***&page=2"),
        ("got: token=abc, expected: 200", "got: token=***, expected: 200"),
        ("密码：老虎", "密码：***"),
        (f"sent {JWT} twice", "sent *** twice"),
        (f"令牌是{JWT}。", "令牌是***。"),
        (f"id.{JWT}", "id.***"),
        (f"eyJab.{JWT}", "eyJab.***"),
        (f"cut-{JWT}-off", "cut-***"),
        ("https://li:geheim@learn.example/x", "https://***@learn.example/x"),
        ("id 110101199003078515.", "id 110101********8515."),
        ("id 11010119900307851X", "id 110101********851X"),
        ("id 110101900307851", "id 110101******851"),
        ("call 13812345678 or +8613812345678", "call 138****5678 or +86138****5678"),
    ],
)
def test_what_must_not_be_kept_is_masked(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_a_word_in_which_a_token_might_begin_everywhere_is_read_once() -> None:
    """From each of its beginnings to its end it took minutes."""
    assert redact("eyJ" * 100_000) == "eyJ" * 100_000
    assert redact("eyJ" * 100_000 + ".eyJzdWIiOiI0MiJ9.") == "***"


@pytest.mark.parametrize(
    "text",
    [
        "position: 35, duration: 600",
        "1764000000000 and 1764000000",
        "passed: true; design=flat; assignment=7; session_length ok",
        '{"time_spent_delta":5.01,"progress_delta":0.0064}',
        "3f0a9c77d1e24b1c8a55d1f0c4b6e7a8",
    ],
)
def test_what_evidence_needs_is_kept(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?token=abc&page=2", "https://a.example/x?token=***&page=2"),
        (
            "https://a.example/x?sign=00ff&t=5#access_token=abc&k=1",
            "https://a.example/x?sign=***&t=5#access_token=***&k=1",
        ),
        ("https://a.example/x?id=110101199003078515", "https://a.example/x?id=110101********8515"),
        (f"https://a.example/{JWT}/x", "https://a.example/***/x"),
        ("https://a.example/x?design=a&token=", "https://a.example/x?design=a&token="),
        ("https://a.example/x", "https://a.example/x"),
    ],
)
def test_addresses(url: str, expected: str) -> None:
    assert redact_url(url) == expected


@pytest.mark.parametrize(
    "name", ["password", "userPwd", "JSESSIONID", "PHPSESSID", "X-CSRFToken", "sign", "payloadSign", "sid"]
)
def test_secret_names(name: str) -> None:
    assert secret_name(name)


@pytest.mark.parametrize("name", ["position", "passed", "design", "signal", "assignmentId", "lesson", "side", "author"])
def test_ordinary_names(name: str) -> None:
    assert not secret_name(name)


def test_arguments_are_kept_without_secrets_and_never_whole_files() -> None:
    given = {
        "password": "abc", "captcha": "", "id_number": "110101199003070011", "photo": b"12345",
        "file": SimpleNamespace(name="archive.zip", data=b"PK"), "text": "x" * 2 * ARG_LENGTH, "rate": 1.5,
    }  # fmt: skip
    assert redact_args(given) == {
        "password": "***", "captcha": "", "id_number": "110101********0011", "photo": "5 bytes",
        "file": "archive.zip", "text": "x" * ARG_LENGTH, "rate": "1.5",
    }  # fmt: skip


secrets = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=8, max_size=30)
around = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=20)


@given(secret=secrets, name=st.sampled_from(["password", "token", "X-CSRF-Token", "sessionid", "sign"]))
def test_no_secret_survives_in_any_of_the_usual_places(secret: str, name: str) -> None:
    for text in (
        json.dumps({"a": 1, name: secret, "b": [2]}),
        json.dumps({"inner": json.dumps({name: secret})}),
        f"POST x={1}&{name}={secret}&y=2",
        f"{name}: {secret}\r\nHost: x",
        f"Cookie: a=b; {name}={secret}",
        f"Authorization: Bearer {secret}",
    ):
        assert secret not in redact(text)
    assert secret not in redact_url(f"https://a.example/x?u=1&{name}={quote(secret)}#z")


@given(before=around, after=around, number=st.from_regex(r"[1-9]\d{5}(19|20)\d{9}[\dX]", fullmatch=True))
def test_no_identity_number_survives(before: str, after: str, number: str) -> None:
    assert number not in redact(before + number + after)


@given(before=around, after=around, number=st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_no_mobile_number_survives(before: str, after: str, number: str) -> None:
    assert number not in redact(before + number + after)


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_a_very_long_word_takes_no_longer_than_it_is_long() -> None:
    """Each of its letters could begin a name: looked for from every one of them, this would take hours."""
    assert redact("a" * 1_000_000) == "a" * 1_000_000
