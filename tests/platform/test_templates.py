"""Templates fill names, leave other braces alone, and say which name has no value."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.platform.profile import Account, Lesson
from harness.platform.secrets import Secret
from harness.platform.templates import Missing, placeholders, raw, render

SCOPE = {
    "account": Account("a1", "learner", "zhang", Secret("pw{x}"), "张三", {"id_number": "77"}),
    "lesson": Lesson("l 1", "第一课", 780.0, "c1", {"slug": "one"}),
    "fraction": 0.5,
    "rate": 2.0,
    "since": datetime(2026, 11, 24, 10, 5, tzinfo=UTC),
    "subject": {"classes": [{"id": "k"}], "on": True},
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{account.username}:{account.password}", "zhang:pw{x}"),
        ("/l/{lesson.id|url}/{lesson.slug}", "/l/l%201/one"),
        ("{account.id_number}", "77"),
        ("{rate|number}x", "2x"),
        ("{fraction|times:100|number}%", "50%"),
        ("{since|date:%Y-%m-%d %H:%M}", "2026-11-24 18:05"),
        ("{since|utc:%Y-%m-%dT%H:%M}", "2026-11-24T10:05"),
        ("{subject.classes.0.id}", "k"),
        ("{subject.on}", "true"),
        (r"^/c/\d{3}/[0-9a-f]{32}$", r"^/c/\d{3}/[0-9a-f]{32}$"),
        ("{{account.username}}", "{account.username}"),
        ('{"json": 1}', '{"json": 1}'),
    ],
)
def test_render(template: str, text: str) -> None:
    assert render(template, SCOPE) == text


@pytest.mark.parametrize("name", ["nothing", "account.nothing", "lesson.vars", "subject.classes.3.id", "fraction.part"])
def test_a_name_without_value_is_named(name: str) -> None:
    with pytest.raises(Missing, match=name):
        render("/x/{" + name + "}", SCOPE)


def test_a_single_placeholder_is_the_value_itself() -> None:
    assert raw("{fraction}", SCOPE) == 0.5
    assert raw(" {lesson} ", SCOPE) is SCOPE["lesson"]
    assert raw("{fraction}!", SCOPE) == "0.5!"


def test_a_filter_on_the_wrong_kind_of_value() -> None:
    with pytest.raises(ValueError, match="date"):
        render("{rate|date:%Y}", SCOPE)


@given(st.text())
def test_text_without_names_stays_as_it_is(text: str) -> None:
    if not any(placeholders(text)) and "{{" not in text:
        assert render(text, {}) == text


@given(st.text(alphabet=st.characters(exclude_characters="{}")), st.text())
def test_values_are_never_read_as_templates(around: str, value: str) -> None:
    assert render(around + "{value}", {"value": value}) == around + value
