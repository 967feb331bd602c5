"""The terminal shows the decision, all functions and what failed, and obeys no escape sequence of a platform."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from harness import console
from harness.model.outcome import Decision, Mode
from harness.model.run import RunResult
from tests.reports import sample


def shown(result: RunResult, lang: str = "zh", **options: object) -> str:
    out = io.StringIO()
    console.show(Console(file=out, width=160, **options), result, lang)  # type: ignore[arg-type]
    return out.getvalue()


def test_everything_that_matters_is_there() -> None:
    said = shown(sample.build())
    for part in (
        "安培在线",
        "检测结论: 不通过",
        "扩展结论: 不通过",
        *sample.FUNCTIONS,
        "F11-1 屏蔽快进",
        "✗ 不符合 2/2",
    ):
        assert part in said
    assert "F05-2 记录防篡改" in said
    assert "✗ 超出本工具限值" in said
    assert "F10-1 人脸识别核验" in said.split("无法判定或待复核的必检要求")[1]


def test_a_clean_platform_has_no_list_of_failures() -> None:
    said = shown(sample.clean())
    assert "没有不符合的要求" in said
    assert "✗" not in said


def test_english() -> None:
    said = shown(sample.build(), "en")
    assert "Conclusion: NONCONFORMANT" in said
    assert "limits of this tool, not of AQ 8011" in said
    assert "✗ exceeds harness limit" in said
    assert re.search("[\u4e00-\u9fff]", said.replace("安培在线", "")) is None


@pytest.mark.parametrize("mode", [Mode.REHEARSAL, Mode.PARTIAL])
def test_what_would_have_been_decided(mode: Mode) -> None:
    assert "若为完整实时检测: 不通过" in shown(sample.build(mode=mode))


def test_what_was_found_where_something_else_holds_the_conclusion_back() -> None:
    run = sample.build(decision=Decision.INCOMPLETE).model_copy(update={"would_be": Decision.CONFORMANT})
    assert "仅就检测结果而言: 通过" in shown(run)
    assert "仅就检测结果而言" not in shown(sample.build())


def test_a_platform_cannot_speak_to_the_terminal() -> None:
    said = shown(sample.hostile())
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said) is None


def test_a_platform_cannot_use_our_markup() -> None:
    result = sample.build()
    named = result.model_copy(update={"subject": result.subject.model_copy(update={"name": "[red]x[/red]"})})
    assert "[red]x[/red]" in shown(named)
