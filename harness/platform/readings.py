"""What a platform shows, as typed values: durations, class hours, times, counts, percentages, yes and no.

Pure functions. Each takes text as it stands on a page, in a file or in JSON (numbers too) and raises ReadingFailed
when it does not understand: a value that was guessed is worse than none.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from harness.errors import ReadingFailed

SHANGHAI = "Asia/Shanghai"
CHINESE = frozenset({SHANGHAI, "Asia/Chongqing", "Asia/Harbin", "PRC"})
"""Names of the zone that all of China keeps."""
Value = str | int | float | bool

TOTALS = frozenset({"合计", "总计", "小计", "共计", "total"})
BLANKS = frozenset({"", "-", "--", "—", "——", "/", "无", "暂无", "null", "none", "n/a", "nan"})
"""What stands in a cell that says nothing."""

_NAMES = {
    0.001: "ms 毫秒",
    1.0: "s sec secs second seconds 秒 秒钟 \" ′′ ''",
    60.0: "m min mins minute minutes 分 分钟 ' ′",
    3600.0: "h hr hrs hour hours 时 小时 个小时 钟头 个钟头",
    86400.0: "d day days 天 日",
}
UNITS_S = {name: size for size, names in _NAMES.items() for name in names.split()}
"""Seconds in each unit that is understood."""

HOUR_WORDS = ("学时", "课时", "class hours", "class hour", "credit hours", "credit hour", "hours", "hour", "h")

_NUMBER = r"\d+(?:\.\d+)?"
_PART = re.compile(rf"({_NUMBER})\s*({'|'.join(sorted(map(re.escape, UNITS_S), key=len, reverse=True))})")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2}(?:\.\d+)?)")
_ISO = re.compile(r"P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.I)


def is_blank(value: Value | None) -> bool:
    """Does this cell say nothing?"""
    return value is None or (isinstance(value, str) and normal(value).lower() in BLANKS)


def is_total(text: str) -> bool:
    """Does this cell say that its row adds up others?"""
    return normal(text).replace(" ", "").rstrip(":").lower() in TOTALS


def normal(text: str) -> str:
    """Full-width forms made plain, blanks collapsed, thousands separators taken out of numbers."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)


def parse_duration(value: Value, unit: str | None = None) -> float:
    """A duration in seconds, from `12分30秒`, `00:12:30`, `1小时5分`, `90 min`, `PT15M`, or a bare number.

    `unit` is what a bare number counts (s, ms, min, h ...); without it a bare number is refused, except zero.
    `12:30` is minutes and seconds, unless `unit` is h: then hours and minutes.
    Raises ReadingFailed.
    """
    if isinstance(value, bool):
        raise _not_understood("duration", value, "a number or text")
    text = normal(str(value)).lower()
    bare = _plain_number(text)
    if bare is not None:
        return _scaled(bare, unit, value)
    seconds = _iso(text)
    if seconds is None:
        seconds = _clock(text, unit)
    if seconds is None:
        seconds = _worded(text)
    if seconds is None:
        raise _not_understood("duration", value, "like 12分30秒, 00:12:30, 90 min or PT15M")
    return seconds


def _plain_number(text: str) -> float | None:
    return float(text) if re.fullmatch(rf"{_NUMBER}(?:e[+-]?\d+)?", text) else None


def _scaled(number: float, unit: str | None, value: Value) -> float:
    if number == 0:
        return 0.0
    if unit is None:
        raise _not_understood("duration", value, "a unit, in the text or in the profile's `unit`")
    if unit not in UNITS_S:
        raise _not_understood("unit", unit, "one of " + ", ".join(UNITS_S))
    return number * UNITS_S[unit]


def _iso(text: str) -> float | None:
    found = _ISO.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    return sum(float(part or 0) * size for part, size in zip(found.groups(), (86400, 3600, 60, 1), strict=True))


def _clock(text: str, unit: str | None) -> float | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    first, second, third = found.groups()
    if float(third) >= 60 or (first is not None and int(second) >= 60):
        return None
    if first is None and unit is not None and UNITS_S.get(unit) == 3600.0:
        return int(second) * 3600.0 + float(third) * 60.0
    return int(first or 0) * 3600.0 + int(second) * 60.0 + float(third)


def _worded(text: str) -> float | None:
    text = text.replace("个半小时", ".5小时").replace("半个小时", "0.5小时").replace("半小时", "0.5小时")
    text = re.sub(r"(?<=\d)(分|小时)钟?半$", lambda found: f".5{found.group(1)}", text)
    total, place, smallest = 0.0, 0, math.inf
    for found in _PART.finditer(text):
        size = UNITS_S[found.group(2)]
        # Units must fall: `5分3小时` is no duration, and `1时5时` isn't one either.
        if text[place : found.start()].strip(" 零,和") or size >= smallest:
            return None
        total, place, smallest = total + float(found.group(1)) * size, found.end(), size
    return total if place and not text[place:].strip(" 整") else None


def parse_hours(value: Value) -> float:
    """Class hours, from `0.5学时`, `2 课时`, `1.5 class hours` or a bare number. Raises ReadingFailed."""
    if isinstance(value, bool):
        raise _not_understood("class hours", value, "a number or text")
    text = normal(str(value)).lower().removeprefix("共").strip()
    for word in HOUR_WORDS:
        if text.endswith(word):
            text = text.removesuffix(word).strip().removesuffix("个").strip()
            break
    number = _plain_number(text)
    if number is None:
        raise _not_understood("class hours", value, "like 0.5学时 or 2 课时")
    return number


_DATE = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
    r"(?:[\sT]*(?P<half>上午|下午|凌晨|早上|中午|晚上|am|pm)?\s*"
    r"(?P<H>\d{1,2})\s*[:时点]\s*(?P<M>\d{1,2})?\s*[:分]?\s*(?:(?P<S>\d{1,2})(?:[.,](?P<f>\d{1,9}))?)?\s*秒?"
    r"\s*(?P<late>am|pm)?)?"
    r"\s*(?P<zone>Z|utc|gmt|[+-]\d{2}:?\d{2})?",
    re.I,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?")
_BEIJING = re.compile(r"\s*(?:\bCST\b|\(?(?:北京时间|中国标准时间)\)?)", re.I)
"""What a Chinese server calls its own clock: Java writes `Tue Nov 24 18:05:33 CST 2026`. Elsewhere CST is America's."""
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_TURNED = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?!\d)")
_AFTERNOON = ("下午", "晚上", "pm")
_MORNING = ("上午", "凌晨", "早上", "am")


def parse_time(value: Value, zone: str = SHANGHAI, pattern: str | None = None) -> datetime:
    """A moment, aware: from `2026年11月24日 18:05:33`, ISO 8601, `2026/11/24 6:05 PM`, or an epoch in s or ms.

    `zone` is what a text without an offset means; the default is Beijing time. `pattern` is a strptime format for
    whatever else a platform shows. Raises ReadingFailed.
    """
    if isinstance(value, bool):
        raise _not_understood("time", value, "a date and time")
    text = normal(str(value))
    home = ZoneInfo(zone)
    if pattern is not None:
        try:
            moment = datetime.strptime(text, pattern)  # noqa: DTZ007  its zone is set below
        except ValueError as error:
            raise _not_understood("time", value, pattern) from error
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=home)
    if home.key in CHINESE:
        text = _BEIJING.sub("", text).strip()
    for reader in (_epoch, _compact, _dated, _anyhow):
        try:
            found = reader(text, home)
        except (ValueError, OverflowError) as error:
            raise _not_understood("time", value, "a possible date and time") from error
        if found is not None:
            return found
    raise _not_understood("time", value, "like 2026年11月24日 18:05:33 or 2026-11-24T10:05:33Z")


def _epoch(text: str, home: ZoneInfo) -> datetime | None:
    if re.fullmatch(r"\d{9,10}(\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    if re.fullmatch(r"\d{13}(\.\d+)?", text):
        return datetime.fromtimestamp(float(text) / 1000, UTC)
    return None


def _compact(text: str, home: ZoneInfo) -> datetime | None:
    found = _COMPACT.fullmatch(text)
    return None if found is None else datetime(*(int(part or 0) for part in found.groups()), tzinfo=home)  # type: ignore[arg-type, misc]


def _dated(text: str, home: ZoneInfo) -> datetime | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    hour = int(part["H"] or 0)
    half = (part["half"] or part["late"] or "").lower()
    if hour < 12 and (half in _AFTERNOON or (half == "中午" and hour < 11)):
        hour += 12
    elif half in _MORNING and hour == 12:
        hour = 0
    micro = int((part["f"] or "").ljust(6, "0")[:6] or 0)
    plain = datetime(  # noqa: DTZ001  its zone is set below
        int(part["y"]), int(part["m"]), int(part["d"]), hour, int(part["M"] or 0), int(part["S"] or 0), micro
    )
    return _in_zone(plain, part["zone"], home)


def _in_zone(plain: datetime, zone: str | None, home: ZoneInfo) -> datetime:
    if zone is None:
        return plain.replace(tzinfo=home)
    if zone.lower() in ("z", "utc", "gmt"):
        return plain.replace(tzinfo=UTC)
    return datetime.strptime(plain.strftime("%Y-%m-%dT%H:%M:%S.%f") + zone, "%Y-%m-%dT%H:%M:%S.%f%z")


def _anyhow(text: str, home: ZoneInfo) -> datetime | None:
    """What is left goes to dateparser, which must find a whole date and no relative one.

    It would guess a year of two digits, and which of 11/12/2026 is the month: these need a `time_format`.
    """
    turned = _TURNED.search(text)
    days = {int(part) for part in turned.groups()} if turned is not None else set()
    if _YEAR.search(text) is None or (len(days) == 2 and max(days) <= 12):
        return None
    import dateparser  # half a second; most times are read above

    found: datetime | None = dateparser.parse(
        text,
        languages=["zh", "en"],
        settings={
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "TIMEZONE": home.key,
            "RETURN_AS_TIMEZONE_AWARE": True,
        },
    )
    return found


def parse_count(value: Value) -> int:
    """A whole number, from `1,234人`, `共 12 条`, `1.2万` or a number. Raises ReadingFailed."""
    text = normal(str(value)).lower()
    found = re.fullmatch(rf"(?:共|合计|总计|total:?)?\s*({_NUMBER})\s*(万)?\s*[^\d\s.:%]{{0,8}}", text)
    if isinstance(value, bool) or found is None:
        raise _not_understood("count", value, "a whole number")
    number = float(found.group(1)) * (10_000 if found.group(2) else 1)
    if abs(number - round(number)) > 1e-6:
        raise _not_understood("count", value, "a whole number")
    return round(number)


def parse_percent(value: Value, unit: str | None = None) -> float:
    """A share as a fraction, from `85%`, or from a bare number: `unit` says `fraction` (default) or `percent`.

    A bare number above 1 without a unit is refused: 1 and 100 may mean the same. Raises ReadingFailed.
    """
    text = normal(str(value))
    signed = text.endswith("%")
    number = _plain_number(text.removesuffix("%").strip().lower())
    if isinstance(value, bool) or number is None:
        raise _not_understood("share", value, "like 85% or 0.85")
    if signed or unit == "percent":
        return number / 100
    if number > 1:
        raise _not_understood("share", value, "a fraction, a % sign, or `unit: percent` in the profile")
    return number


_YES = """是 有 已 √ ✓ ✔ 已完成 完成 已学完 已通过 通过 合格 有效 已启用 启用
    true yes y 1 on done completed complete passed"""
_NO = """否 无 没有 未 × ✗ ✘ 未完成 未学完 未通过 不通过 不合格 无效 已禁用 禁用 学习中 进行中 未开始
    false no n 0 off incomplete failed"""
YES, NO = frozenset(_YES.split()), frozenset(_NO.split())


def parse_bool(value: Value) -> bool:
    """Yes or no, in either language, as a word, a mark or a digit. Raises ReadingFailed."""
    if isinstance(value, bool):
        return value
    number = _plain_number(normal(str(value)).lower())
    text = f"{number:g}" if number is not None else normal(str(value)).lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise _not_understood("yes or no", value, "like 是, 否, 已完成, true or 0")


def _not_understood(what: str, got: object, expected: str) -> ReadingFailed:
    return ReadingFailed(f"{what} not understood", got=repr(got)[:120], expected=expected)
