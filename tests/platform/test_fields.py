"""From rows to credit, positions, records and tables: what counts, what is unknown, and what is refused."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ReadingFailed
from harness.model.reading import HEADINGS, Reading
from harness.model.values import Credit, StudyRecord, Table
from harness.platform.fields import as_table, credit, portraits, position, records

BEIJING = ZoneInfo("Asia/Shanghai")
ROWS = Table(
    columns=("user", "lesson", "time", "hours", "done", "at"),
    rows=(
        {
            "user": "zhang",
            "lesson": "l1",
            "time": "12分30秒",
            "hours": "0.4学时",
            "done": "否",
            "at": "2026-11-24 10:00",
        },
        {"user": "zhang", "lesson": "l2", "time": "5分", "hours": "-", "done": "是", "at": "2026-11-25 10:00"},
        {"user": "ｌｉ", "lesson": "l1", "time": "", "hours": "", "done": "", "at": ""},
    ),
)


def reading(fields: dict[str, object], **more: object) -> Reading:
    return Reading.model_validate({"from": {"fetch": "/x"}, "fields": fields, **more})


def test_credit_of_the_row_that_is_meant() -> None:
    how = reading({"credited": "time", "hours": "hours", "completed": "done"}, resolution="1 s")
    found = credit(how, ROWS, {"user": "zhang", "lesson": "l1"})
    assert found == Credit(
        credited_s=750,
        hours=0.4,
        completed=False,
        resolution_s=1,
        raw="time=12分30秒, hours=0.4学时, done=否",
    )


def test_what_a_cell_does_not_say_is_unknown() -> None:
    how = reading({"credited": "time", "hours": "hours", "completed": "done"})
    found = credit(how, ROWS, {"user": "li", "lesson": "l1"})
    assert (found.credited_s, found.hours, found.completed) == (None, None, None)


def test_several_rows_must_agree_unless_the_profile_says_what_they_come_to() -> None:
    with pytest.raises(ReadingFailed, match=r"credited: rows disagree; got 750\.0, 300\.0"):
        credit(reading({"credited": "time"}), ROWS, {"user": "zhang"})
    for pick, seconds in (("sum", 1050), ("max", 750), ("first", 750), ("last", 300)):
        found = credit(reading({"credited": {"column": "time", "pick": pick}}), ROWS, {"user": "zhang"})
        assert found.credited_s == seconds


def test_no_row_is_a_mistake_unless_it_means_nothing_earned() -> None:
    with pytest.raises(ReadingFailed, match="no row; got none; expected user = wang"):
        credit(reading({"credited": "time"}), ROWS, {"user": "wang"})
    found = credit(reading({"credited": "time", "completed": "done"}, when_empty="zero"), ROWS, {"user": "wang"})
    assert (found.credited_s, found.completed, found.hours) == (0, False, None)


@pytest.mark.parametrize("where", [{"usr": "zhang"}, {}])
def test_a_column_that_does_not_exist_is_never_nothing_earned(where: dict[str, str]) -> None:
    how = reading({"credited": "tiem"}, when_empty="zero")
    with pytest.raises(ReadingFailed, match="no such column; got user, lesson"):
        credit(how, ROWS, where)


def test_a_null_is_unknown_and_no_mistake() -> None:
    table = Table(columns=("user", "at"), rows=({"at": "2026-11-24 10:00"},))
    (record,) = records(reading({"start": "at", "lesson": "user.name"}), table, {})
    assert record.lesson is None
    with pytest.raises(ReadingFailed, match="no such column"):
        records(reading({"start": "at", "lesson": "username"}), table, {})


def test_a_word_is_mapped_and_a_pattern_picks() -> None:
    table = Table(columns=("text",), rows=({"text": "已获 1.5 学时 (状态: 学完)"},))
    how = reading(
        {
            "hours": {"column": "text", "pattern": r"([\d.]+) 学时"},
            "completed": {"column": "text", "pattern": "状态: (.+?)\\)", "map": {"学完": "是"}},
        }
    )
    found = credit(how, table, {})
    assert (found.hours, found.completed) == (1.5, True)


def test_a_value_that_is_not_understood_names_its_field() -> None:
    table = Table(columns=("t",), rows=({"t": "不足1分钟"},))
    with pytest.raises(ReadingFailed, match=r"credited: duration not understood; got '不足1分钟'"):
        credit(reading({"credited": "t"}), table, {})


def test_position() -> None:
    how = reading({"position": {"column": "p", "unit": "s"}})
    assert position(how, Table(columns=("p",), rows=({"p": "12.5"},)), {}) == 12.5
    assert position(how, Table(columns=("p",), rows=({},)), {}) is None
    with pytest.raises(ReadingFailed, match="no row"):
        position(how, Table(columns=(), rows=()), {})


def test_records_between_two_moments() -> None:
    how = reading({"start": "at", "duration": "time", "lesson": "lesson", "device": {"value": "pc"}})
    first = StudyRecord(start=datetime(2026, 11, 24, 10, tzinfo=BEIJING), duration_s=750, lesson="l1", device="pc")
    since = datetime(2026, 11, 24, 12, tzinfo=BEIJING)
    mine = {"user": "zhang"}
    assert records(how, ROWS, mine)[0] == first
    assert [one.lesson for one in records(how, ROWS, mine, since=since)] == ["l2"]
    assert [one.lesson for one in records(how, ROWS, mine, until=since)] == ["l1"]
    assert records(how, ROWS, {"user": "nobody"}) == ()


@pytest.mark.parametrize(("cell", "mark"), [("人工作废", "人工作废"), ("—", None), ("无", None), ("", None)])
def test_a_dash_in_the_record_says_nothing(cell: str, mark: str | None) -> None:
    how = reading({"duration": {"column": "s", "unit": "s"}, "marked": "备注"})
    table = Table(columns=("s", "备注"), rows=({"s": "60", "备注": cell},))
    assert records(how, table, {})[0].marked == mark


SUMMED = Table(
    columns=("学员", "开始", "学时", "时长"),
    rows=(
        {"学员": "张三", "开始": "2026-11-24 18:05", "学时": "0.1", "时长": "200"},
        {"学员": "张三", "开始": "2026-11-24 18:15", "学时": "0.1", "时长": "60"},
        {"学员": "合 计：", "开始": "", "学时": "0.2", "时长": "260"},
    ),
)


def test_a_line_of_totals_is_not_added_to_what_it_adds_up() -> None:
    fields = {"learner": "学员", "hours": "学时"}
    made = as_table(reading(fields).fields, SUMMED, {}, HEADINGS["statistics"])
    assert [row["hours"] for row in made.rows] == ["0.1", "0.1"]
    rows = records(reading({"start": "开始", "duration": {"column": "时长", "unit": "s"}}), SUMMED, {})
    assert [row.duration_s for row in rows] == [200, 60]
    for pick, seconds in (("sum", 260), ("last", 260), ("first", 200)):
        how = reading({"credited": {"column": "时长", "unit": "s", "pick": pick}})
        assert credit(how, SUMMED, {}).credited_s == seconds


def test_a_total_that_is_asked_for_or_stands_alone_is_a_row() -> None:
    fields = reading({"hours": "学时"}).fields
    assert [row["hours"] for row in as_table(fields, SUMMED, {"学员": "合 计："}).rows] == ["0.2"]
    alone = SUMMED.model_copy(update={"rows": SUMMED.rows[2:]})
    assert [row["hours"] for row in as_table(fields, alone, {}).rows] == ["0.2"]


def test_a_table_with_headings_of_the_profiles_choice() -> None:
    how = reading({"when": {"column": "at", "parse": "time"}, "seconds": {"column": "time", "parse": "duration"}})
    table = as_table(how.fields, ROWS, {"user": "zhang"})
    assert table.columns == ("when", "seconds")
    assert table.rows[0] == {"when": "2026-11-24T10:00:00+08:00", "seconds": "750"}
    assert as_table({}, ROWS, {"lesson": "l2"}).rows == (ROWS.rows[1],)


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=8))
def test_a_sum_is_the_sum(seconds: list[int]) -> None:
    table = Table(columns=("s",), rows=tuple({"s": str(one)} for one in seconds))
    how = reading({"credited": {"column": "s", "unit": "s", "pick": "sum"}})
    assert credit(how, table, {}).credited_s == sum(seconds)


def test_headings_that_judges_know_are_parsed_without_being_told() -> None:
    table = Table(columns=("学时", "时长"), rows=({"学时": "1.5 学时", "时长": "00:36:00"},))
    how = reading({"hours": "学时", "content": "时长"})
    assert as_table(how.fields, table, {}, HEADINGS["courses"]).rows == ({"hours": "1.5", "content": "2160"},)
    assert as_table(how.fields, table, {}).rows == ({"hours": "1.5 学时", "content": "00:36:00"},)


@pytest.mark.parametrize(
    ("shown", "plain"), [("1234567秒", "1234567"), ("98765432.5秒", "98765432.5"), ("0.1秒", "0.1")]
)
def test_a_large_total_keeps_its_seconds(shown: str, plain: str) -> None:
    """Where a page adds up a whole class, a learner's hour must still be seen in it."""
    how = reading({"credited": "time"})
    table = Table(columns=("time",), rows=({"time": shown},))
    assert as_table(how.fields, table, {}, HEADINGS["statistics"]).rows == ({"credited": plain},)


def test_portraits_without_a_name_keep_their_number_when_newer_ones_come_on_top() -> None:
    how = reading({"time": "at"})

    def listed(*minutes: int) -> list[tuple[str, int]]:
        rows = tuple({"at": f"2026-11-24 10:{minute:02d}:00"} for minute in minutes)
        found = portraits(how, Table(columns=("at",), rows=rows), {})
        return [(one.id, one.time.minute) for one in found if one.time is not None]

    assert listed(5, 1) == [("1", 1), ("2", 5)]
    assert listed(9, 5, 1) == [("1", 1), ("2", 5), ("3", 9)]
