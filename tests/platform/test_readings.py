"""Every form in which platforms show durations, hours, times, counts, shares and yes or no; and what is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ReadingFailed
from harness.platform.readings import (
    parse_bool,
    parse_count,
    parse_duration,
    parse_hours,
    parse_percent,
    parse_time,
)

BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12分30秒", 750),
        ("１２分３０秒", 750),
        ("12 分 30 秒", 750),
        ("00:12:30", 750),
        ("12:30", 750),
        ("100:00", 6000),
        ("00:00:30.5", 30.5),
        ("1小时5分", 3900),
        ("1时5分钟", 3900),
        ("1个小时零5分", 3900),
        ("1个半小时", 5400),
        ("半小时", 1800),
        ("2分半", 150),
        ("2天3小时", 183600),
        ("12.5分钟", 750),
        ("1,620 秒", 1620),
        ("90 min", 5400),
        ("1h 5m", 3900),
        ("1 hour, 5 minutes", 3900),
        ("PT15M", 900),
        ("P1DT2H", 93600),
        ("12′30″", 750),
        ("500 ms", 0.5),
        ("30min", 1800),
        ("5 s", 5),
        (0, 0),
        ("0", 0),
    ],
)
def test_duration_forms(text: str | int, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text",
    ["12", "", "-", "abc", "5分3小时", "1时5时", "12:75", "1:75:10", "不足1分钟", "-5分", "30分左右", "P", "PT", True],
)
def test_duration_refuses_what_it_would_have_to_guess(text: str | bool) -> None:
    with pytest.raises(ReadingFailed):
        parse_duration(text)


def test_a_bare_number_counts_in_the_declared_unit() -> None:
    assert parse_duration("12.5", "min") == 750
    assert parse_duration(1617.8, "s") == 1617.8
    assert parse_duration("1500", "ms") == 1.5
    assert parse_duration("12:30", "h") == 45000
    with pytest.raises(ReadingFailed, match="unit"):
        parse_duration(5, "fortnight")


@given(st.integers(0, 400_000))
def test_duration_round_trips(total: int) -> None:
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    for text in (
        f"{hours:02}:{minutes:02}:{seconds:02}",
        f"{hours}小时{minutes}分{seconds}秒",
        f"{hours}h {minutes}m {seconds}s",
        f"PT{hours}H{minutes}M{seconds}S",
        f"{total}秒",
        f"{total:,} 秒",
    ):
        assert parse_duration(text) == total


@given(st.floats(0, 1e6, allow_nan=False))
def test_duration_of_fractions(seconds: float) -> None:
    assert parse_duration(seconds, "s") == pytest.approx(seconds)


@given(st.text(max_size=30))
def test_duration_of_any_text_is_a_number_or_refused(text: str) -> None:
    with suppress(ReadingFailed):
        assert parse_duration(text) >= 0


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("0.5学时", 0.5),
        ("2 课时", 2),
        ("1.5 class hours", 1.5),
        ("2", 2),
        (1.25, 1.25),
        ("共 12 个学时", 12),
        ("３学时", 3),
    ],
)
def test_hours_forms(text: str | float, hours: float) -> None:
    assert parse_hours(text) == hours


@given(st.integers(0, 10_000).map(lambda n: n / 10), st.sampled_from(["学时", "课时", " 学时", ""]))
def test_hours_round_trip(hours: float, word: str) -> None:
    assert parse_hours(f"{hours}{word}") == hours


@given(st.text(max_size=20))
def test_hours_of_any_text_are_a_number_or_refused(text: str) -> None:
    with suppress(ReadingFailed):
        assert parse_hours(text) >= 0


NOON = datetime(2026, 11, 24, 18, 5, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026年11月24日 18:05:33", NOON.replace(second=33)),
        ("2026年11月24日18时05分33秒", NOON.replace(second=33)),
        ("2026年11月24日 下午6:05", NOON),
        ("2026年11月24日（星期二） 18:05", NOON),
        ("2026-11-24 18:05", NOON),
        ("2026-11-24T18:05:00+08:00", NOON),
        ("2026-11-24T10:05:00Z", NOON),
        ("2026-11-24T10:05:00.250000+0000", NOON.replace(microsecond=250_000)),
        ("2026/11/24 6:05 PM", NOON),
        ("2026.11.24 18:05", NOON),
        ("20261124180500", NOON),
        ("2026-11-24", NOON.replace(hour=0, minute=0)),
        ("2026-11-24 12:05 AM", NOON.replace(hour=0)),
        ("24 November 2026 18:05", NOON),
        (int(NOON.timestamp()), NOON),
        (int(NOON.timestamp() * 1000), NOON),
    ],
)
def test_time_forms(text: str | int, moment: datetime) -> None:
    assert parse_time(text) == moment


@pytest.mark.parametrize("text", ["", "昨天", "3分钟前", "18:05", "2026-13-40", "11月24日", "2026-11-24 25:00", True])
def test_time_refuses_what_is_not_a_moment(text: str | bool) -> None:
    with pytest.raises(ReadingFailed):
        parse_time(text)


@pytest.mark.parametrize(
    "text", ["Tue Nov 24 18:05:00 CST 2026", "2026-11-24 18:05:00 CST", "2026-11-24 18:05 北京时间", "202611241805"]
)
def test_beijings_clock_by_its_names(text: str) -> None:
    """Not America's Central Standard Time, fourteen hours away."""
    assert parse_time(text) == NOON


@pytest.mark.parametrize("text", ["26-11-24 18:05", "24/11/26 18:05", "11/12/2026 18:05", "3.4.2026 18:05"])
def test_a_date_that_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(ReadingFailed):
        parse_time(text)


def test_a_date_that_is_turned_round_and_can_only_be_one_is_read() -> None:
    assert parse_time("24/11/2026 18:05") == NOON
    assert parse_time("11/24/2026 6:05 PM") == NOON
    assert parse_time("11/11/2026 18:05") == NOON.replace(day=11)


def test_a_time_without_offset_is_in_the_declared_zone() -> None:
    assert parse_time("2026-11-24 10:05", "UTC") == NOON
    assert parse_time("24/11/2026 18-05", pattern="%d/%m/%Y %H-%M") == NOON
    with pytest.raises(ReadingFailed):
        parse_time("2026-11-24", pattern="%d/%m/%Y")


MOMENTS = st.integers(631_152_000, 4_070_908_800).map(lambda s: datetime.fromtimestamp(s, UTC).replace(tzinfo=None))


@given(MOMENTS)
def test_time_round_trips(plain: datetime) -> None:
    here = plain.replace(tzinfo=BEIJING)
    forms = (
        "%Y年%m月%d日 %H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
        "%Y/%m/%d %I:%M:%S %p",
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y%m%d%H%M%S",
    )
    for form in forms:
        assert parse_time(here.strftime(form)) == here
    world = plain.replace(tzinfo=UTC)
    assert parse_time(world.isoformat().replace("+00:00", "Z")) == world
    assert abs(parse_time(world.isoformat()) - world) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "count"), [("1,234人", 1234), ("共 12 条", 12), ("1.2万", 12_000), (7, 7), ("0", 0), ("3 次", 3)]
)
def test_count_forms(text: str | int, count: int) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["", "1.5", "三", "1 2", "12%", False])
def test_count_refuses(text: str | bool) -> None:
    with pytest.raises(ReadingFailed):
        parse_count(text)


@given(st.integers(0, 10**9))
def test_count_round_trips(number: int) -> None:
    assert parse_count(f"{number:,}") == parse_count(f"共{number}条") == number


def test_percent_forms() -> None:
    assert parse_percent("85%") == pytest.approx(0.85)
    assert parse_percent("１００％") == 1
    assert parse_percent(0.5) == 0.5
    assert parse_percent("50", "percent") == 0.5
    for text in ("50", "half", "", True):
        with pytest.raises(ReadingFailed):
            parse_percent(text)


@given(st.integers(0, 1000))
def test_percent_round_trips(tenths: int) -> None:
    assert parse_percent(f"{tenths / 10}%") == pytest.approx(tenths / 1000)


@pytest.mark.parametrize("text", ["是", "已完成", "√", "true", "YES", 1, 1.0, True])
def test_yes(text: str | float | bool) -> None:
    assert parse_bool(text) is True


@pytest.mark.parametrize("text", ["否", "未完成", "×", "False", "no", 0, False])
def test_no(text: str | float | bool) -> None:
    assert parse_bool(text) is False


@pytest.mark.parametrize("text", ["", "maybe", 2, "待审核"])
def test_neither_yes_nor_no(text: str | int) -> None:
    with pytest.raises(ReadingFailed):
        parse_bool(text)
