"""Figures of judges in Chinese: every number stays, nothing else changes."""

from __future__ import annotations

import re

import pytest

from reports.wording import chinese


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "可以快进：seek_by_bar (31.12 s -> 501.75 s -> 502.42 s): 20.1 s played beyond the furthest point watched, "
            "20.9 s recorded, lesson completed",
            "可以快进：拖动进度条 （从 31.12 秒跳到 501.75 秒，随后在 502.42 秒）：越过已学位置后播放 20.1 秒，"
            "记入 20.9 秒，课时显示学完",
        ),
        (
            "rate_by_menu: 62.0 s of media in 31.7 s, 31.4 s recorded, lesson of 180 s completed after 107.1 s",
            "菜单倍速：31.7 秒内播放媒体 62.0 秒，记入 31.4 秒，180 秒的课时在 107.1 秒后显示学完",
        ),
        (
            "overlap: in 151.1 s, first played 149.7 s and earned 150.4 s, second played 150.3 s and earned 151.0 s",
            "两处同时播放：151.1 秒内，第一处播放 149.7 秒、记入 150.4 秒，第二处播放 150.3 秒、记入 151.0 秒",
        ),
        ("raised: 7230.0 s recorded for 0.0 s watched", "改大进度数值：播放 0.0 秒，记入 7230.0 秒"),
        (
            "playing: 播放 20.4 秒，记入 13.6 秒；playing_on: 播放 9.2 秒，记入 6.1 秒；最大相差在“playing_on”",
            "播放：播放 20.4 秒，记入 13.6 秒；继续播放：播放 9.2 秒，记入 6.1 秒；最大相差在“继续播放”",
        ),
        (
            "seek_by_bar（从 31.1 秒跳到 501.8 秒，随后在 31.2 秒）: 越过已学位置后播放 0.0 秒，记入 9.9 秒",
            "拖动进度条（从 31.1 秒跳到 501.8 秒，随后在 31.2 秒）：越过已学位置后播放 0.0 秒，记入 9.9 秒",
        ),
        ("hidden: 30 s, 0.0 s recorded", "页面隐藏：历时 30 秒，记入 0.0 秒"),
        ("无操作 660 秒，播放 656 秒", "无操作 660 秒，播放 656 秒"),
        (
            '平台操作未成功：open_lesson step 2.1 (click) at http://x/1: "#play" was not found; got 0 of 3; '
            "expected one visible in 15 s",
            '平台操作未成功：open_lesson 第 2.1 步（click），位于 http://x/1：找不到 "#play"；得到 0 of 3；'
            "应在 15 秒内出现",
        ),
        (
            "平台操作未成功：http://x: the player did not start; got no movement of the media element; "
            "expected movement within 25 s of play",
            "平台操作未成功：http://x：播放器没有开始播放；应在 25 秒内开始",
        ),
        ("平台操作未成功：not finished after 301 s", "平台操作未成功：301 秒内未完成"),
        ("classes and lessons exist: no class hours", "classes and lessons exist: no class hours"),
    ],
)
def test_words_change_and_numbers_do_not(said: str, shown: str) -> None:
    assert chinese(said) == shown
    assert sorted(re.findall(r"[\d.]+\d", said)) == sorted(re.findall(r"[\d.]+\d", chinese(said)))
