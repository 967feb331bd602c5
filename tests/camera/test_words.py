"""What pages ask for, in the words that they use."""

from __future__ import annotations

import pytest

from harness.camera.acts import ACTS
from harness.camera.words import WORDS, acts_asked


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("请眨眼", ["blink"]),
        ("请眨一眨眼睛", ["blink"]),
        ("请向左转头", ["turn_left"]),
        ("请将头部向右侧转动", ["turn_right"]),
        ("请左右转头", ["turn_left", "turn_right"]),
        ("请缓慢摇摇头", ["turn_left", "turn_right"]),
        ("点点头，然后张开嘴", ["nod", "open_mouth"]),
        ("请抬头", ["look_up"]),
        ("微笑一下", ["smile"]),
        ("Please blink, then turn your head to the left", ["blink", "turn_left"]),
        ("请正对屏幕", []),
    ],
)
def test_the_usual_words(text: str, acts: list[str]) -> None:
    assert acts_asked(text) == acts


def test_a_profiles_own_words_come_first() -> None:
    assert acts_asked("请扭扭头再眨眼", {"扭扭头": "turn_right"}) == ["turn_right", "blink"]


def test_every_word_means_an_act() -> None:
    assert {act for _, acts in WORDS for act in acts} <= ACTS.keys()
