"""Figures of judges, which they write in English, said in Chinese where a report speaks Chinese.

A judge lists what it measured as `name: figures` in one form for both languages. Names and figures stay what they
are; only the words between them are translated. A text in another form stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from harness.model.finding import Text
from reports.labels import Lang, catalogue

_N = r"(\d+(?:\.\d+)?)"
_MEASURED = re.compile(r"\d (?:(?:s|h)\b|秒|学时)")
PHRASES: tuple[tuple[str, str], ...] = (
    (rf"{_N} s played beyond the furthest point watched, {_N} s recorded", r"越过已学位置后播放 \1 秒，记入 \2 秒"),
    (rf"{_N} s of media in {_N} s, {_N} s recorded", r"\2 秒内播放媒体 \1 秒，记入 \3 秒"),
    (
        rf"in {_N} s, first played {_N} s and earned {_N} s, second played {_N} s and earned {_N} s",
        r"\1 秒内，第一处播放 \2 秒、记入 \3 秒，第二处播放 \4 秒、记入 \5 秒",
    ),
    (rf"{_N} s recorded for {_N} s watched", r"播放 \2 秒，记入 \1 秒"),
    (rf"{_N} s watched, {_N} s recorded", r"播放 \1 秒，记入 \2 秒"),
    (rf"{_N} s without input, {_N} s played, {_N} s recorded", r"无操作 \1 秒，播放 \2 秒，记入 \3 秒"),
    (rf"{_N} s played unverified, {_N} s recorded", r"未实名播放 \1 秒，记入 \2 秒"),
    (rf"(?<=: ){_N} s, {_N} s recorded", r"历时 \1 秒，记入 \2 秒"),
    (rf", {_N} s of it new", r"，其中 \1 秒为新内容"),
    (rf", lesson of {_N} s completed after {_N} s", r"，\1 秒的课时在 \2 秒后显示学完"),
    (r", lesson (?:marked )?completed", "，课时显示学完"),
    (rf"(?<=[a-z] ){_N} h, {_N} s\b", r"\1 学时（\2 秒）"),
    (rf"(?<=[a-z] ){_N} h\b", r"\1 学时"),
    (rf"\({_N} s -> {_N} s -> {_N} s\)", r"（从 \1 秒跳到 \2 秒，随后在 \3 秒）"),
)

ERRORS: tuple[tuple[str, str], ...] = (
    (r"\b(\w+) step ([\d.]+) \((\w+)\) at ", r"\1 第 \2 步（\3），位于 "),
    (r": (page did not open|page did not load again)(?=[;.]|$)", "：页面打不开"),
    (r": (page is gone|window is closed)(?=[;.]|$)", "：页面已关闭"),
    (r": request (refused|failed)(?=[;.]|$)", "：请求未成功"),
    (r": answer did not come(?=[;.]|$)", "：没有等到应答"),
    (r": no download came(?=[;.]|$)", "：没有下载到文件"),
    (r": no window opened(?=[;.]|$)", "：没有弹出窗口"),
    (r": the player did not start; got no movement of the media element", "：播放器没有开始播放"),
    (r"the reader's session has ended", "查看记录的登录已失效"),
    (r": no such column(?=[;.]|$)", "：没有这一列"),
    (r": no row; got none", "：没有这一行"),
    (rf"; expected movement within {_N} s of play", r"；应在 \1 秒内开始"),
    (rf"; expected one \w+ in {_N} s", r"；应在 \1 秒内出现"),
    (r': ("[^"]+") was not found', r"：找不到 \1"),
    (rf"not finished after {_N} s", r"\1 秒内未完成"),
    (r"the profile does not describe (\w+)", r"配置未描述 \1"),
    (r"; got ", "；得到 "),
    (r"; expected ", "；应为 "),
)
"""How our own errors say where, what was got and what was expected (harness/errors.py)."""
_ERROR = re.compile(
    r" step [\d.]+ \(\w+\) at |; got |; expected |not finished after|does not describe|session has ended"
)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), said) for pattern, said in PHRASES)


@cache
def _names() -> re.Pattern[str]:
    """Names of segments and stimuli where they head a list of figures, or stand in quotation marks beside some."""
    return _headed("act", "(?: ?[:（(]|”)")


@cache
def _places() -> re.Pattern[str]:
    """Names of places that state hours, before what they state."""
    return _headed("place", r" \d[\d.]* 学时")


def _headed(kind: str, behind: str) -> re.Pattern[str]:
    known = sorted((key.split(".", 1)[1] for key in catalogue() if key.startswith(f"{kind}.")), key=len, reverse=True)
    return re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, known))})(?={behind})")


def chinese(text: str) -> str:
    """The text with known names and phrases in Chinese."""
    if _ERROR.search(text):
        for ours, said in ERRORS:
            text = re.sub(ours, said, text)
    if not _MEASURED.search(text):
        return text
    for pattern, said in _patterns():
        text = pattern.sub(said, text)
    text = _places().sub(lambda m: catalogue()[f"place.{m[1]}"].zh, text)
    return _names().sub(lambda m: catalogue()[f"act.{m[1]}"].zh, text).replace(": ", "：")


def spoken(text: Text, lang: Lang) -> str:
    """What a judge said, in one of the two languages."""
    return chinese(text.zh) if lang == "zh" else text.en
