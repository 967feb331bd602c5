"""The same rows come out of every kind of file, whatever its encoding; what is not readable is refused."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from contextlib import suppress

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from harness.errors import ReadingFailed
from harness.model.reading import Reading, Source
from harness.platform.fields import credit, records
from harness.platform.files import decode, guess, read_table, rows_of, table_from_rows

HEAD = ["姓名", "学时", "时长"]
ROWS = [["张三", "2", "12分30秒"], ["李四", "0.5", "00:12:30"]]
WANTED = tuple(dict(zip(HEAD, row, strict=True)) for row in ROWS)


def source(**more: object) -> Source:
    return Source.model_validate({"fetch": "/x", **more})


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(encoding: str, delimiter: str) -> None:
    data = as_csv([HEAD, *ROWS], delimiter).encode(encoding)
    assert read_table(data, source(format="csv")).rows == WANTED


def workbook(title: bool = False) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append(["学习记录导出"])
    for row in [HEAD, *ROWS]:
        sheet.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_xlsx() -> None:
    assert read_table(workbook(), source(), name="x.xlsx").rows == WANTED


def test_headings_below_a_title() -> None:
    assert read_table(workbook(title=True), source(header_row=2)).rows == WANTED


def html_table() -> str:
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEAD, *ROWS]]
    return f"<html><body><table><tr><td>菜单</td></tr></table><table>{''.join(lines)}</table></body></html>"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_html_that_calls_itself_xls(encoding: str) -> None:
    assert read_table(html_table().encode(encoding), source(), name="记录.xls").rows == WANTED


def test_a_table_that_holds_others_for_the_layout_is_not_the_one() -> None:
    page = (
        html_table()
        .replace("<body>", "<body><table><tr><td>菜单</td><td>")
        .replace("</body>", "</td></tr></table></body>")
    )
    assert read_table(page.encode(), source(), name="记录.html").rows == WANTED


MERGED = [
    {"学员": "张三", "课时": "一", "时长": "10分", "合计": "25分"},
    {"学员": "张三", "课时": "二", "时长": "15分", "合计": "25分"},
    {"学员": "李四", "课时": "一", "时长": "5分", "合计": "5分"},
]
"""A learner's name and total stand once, beside two lessons."""


def merged_html() -> bytes:
    return (
        "<table><thead><tr><th colspan=2>学习<th rowspan=2>时长<th rowspan=2>合计</tr><tr><th>学员<th>课时</tr></thead>"
        "<tbody><tr><td rowspan=2>张三<td>一<td>10分<td rowspan=0>25分</tr><tr><td>二<td>15分</tr></tbody>"
        "<tbody><tr><td>李四<td>一<td>5分<td>5分</tr></tbody></table>"
    ).encode()


def merged_xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([], ["学员", "课时", "时长", "合计"], *(list(row.values()) for row in MERGED)):
        sheet.append(row)
    for cells in ("A3:A4", "D3:D4", "A9:C12"):
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("data", [merged_html(), merged_xlsx()], ids=["html", "xlsx"])
def test_what_stands_once_beside_several_rows_is_said_of_each_and_counted_once(data: bytes) -> None:
    """Such rows lost their owner, and every other cell of them stood in the wrong column."""
    table = read_table(data, source(header_row=2))
    assert table.rows == tuple(MERGED)
    how = Reading.model_validate({"from": {"fetch": "/x"}, "fields": {"duration": "时长", "lesson": "课时"}})
    assert [r.duration_s for r in records(how, table, {"学员": "张三"})] == [600.0, 900.0]
    total = Reading.model_validate({"from": {"fetch": "/x"}, "fields": {"credited": {"column": "合计", "pick": "sum"}}})
    assert credit(total, table, {"学员": "张三"}).credited_s == 1500.0


def test_a_number_that_a_formula_keeps_a_text() -> None:
    data = b'\xef\xbb\xbf\xe8\xb4\xa6\xe5\x8f\xb7,x\r\n="00123",\t7\r\n"=""00456""",=\r\n'
    assert [row["账号"] for row in read_table(data, source(), name="a.csv").rows] == ["00123", "00456"]


def test_json_rows_with_nested_values() -> None:
    data = {
        "code": 0,
        "data": {"rows": [{"user": {"name": "张三"}, "hours": 2, "done": True, "end": None, "tags": ["a"]}]},
    }
    table = read_table(json.dumps(data).encode(), source(rows="data.rows"))
    assert table.rows == ({"user.name": "张三", "hours": "2", "done": "true", "tags.0": "a"},)
    with pytest.raises(ReadingFailed, match=r"path not in the answer.*code, data.*expected rows"):
        read_table(json.dumps(data).encode(), source(rows="rows"))


def test_a_null_has_a_column_and_no_value() -> None:
    table = rows_of([{"end": None, "user": None}, {"end": None, "user": {"name": "li"}}], None)
    assert table.columns == ("end", "user", "user.name")
    assert table.rows == ({}, {"user.name": "li"})


def test_json_path_through_every_item() -> None:
    data = {"days": [{"records": [{"s": 1}, {"s": 2}]}, {"records": [{"s": 3}]}]}
    assert [row["s"] for row in rows_of(data, "days.*.records").rows] == ["1", "2", "3"]
    assert rows_of([1, 2], None).rows == ({"value": "1"}, {"value": "2"})
    assert rows_of([], None).rows == ()


def zipped(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_member_of_a_zip() -> None:
    data = zipped({"档案/记录.csv": as_csv([HEAD, *ROWS]).encode("gbk"), "档案/photo.jpg": b"\xff\xd8"})
    assert read_table(data, source(member="*.csv")).rows == WANTED
    assert read_table(data, source(member="记录.csv")).rows == WANTED
    with pytest.raises(ReadingFailed, match=r"photo\.jpg"):
        read_table(data, source(member="*.xlsx"))
    with pytest.raises(ReadingFailed, match="not a zip"):
        read_table(b"x", source(member="*.csv"))


def test_member_whose_name_is_in_gbk_without_saying_so() -> None:
    data = zipped({"AAAA.csv": as_csv([HEAD, *ROWS]).encode()}).replace(b"AAAA", "记录".encode("gbk"))
    assert read_table(data, source(member="记录.csv")).rows == WANTED


def test_pdf_is_text_for_patterns() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.cell(text="Certificate No. AB-0012, 2 class hours")
    table = read_table(bytes(pdf.output()), source())
    assert "AB-0012" in table.rows[0]["text"]


def test_repeated_headings_get_a_number_and_empty_rows_go() -> None:
    table = table_from_rows([["a", "a", " b  c "], ["1", "2", "3"], ["", " ", ""], ["4"]])
    assert table.columns == ("a", "a 2", "b c")
    assert table.rows == ({"a": "1", "a 2": "2", "b c": "3"}, {"a": "4"})
    with pytest.raises(ReadingFailed, match="without headings"):
        table_from_rows([["a"]], header_row=2)


@pytest.mark.parametrize("form", ["xlsx", "json", "pdf", "xls"])
def test_a_file_that_is_not_what_it_claims(form: str) -> None:
    with pytest.raises(ReadingFailed, match=f"not readable as {form}"):
        read_table(b"%\x00\x01 nothing of the kind", source(format=form))


CELLS = st.text(st.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_csv_round_trips(rows: list[list[str]]) -> None:
    table = read_table(as_csv([HEAD, *rows]).encode("utf-8-sig"), source(format="csv"))
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert [list(row.values()) for row in table.rows] == [[cell.strip() for cell in row] for row in kept]


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
KEYS = st.text("abcdef", min_size=1, max_size=4)


@given(st.lists(st.dictionaries(KEYS, LEAVES | st.dictionaries(KEYS, LEAVES, max_size=3), max_size=4), max_size=4))
def test_json_keeps_every_value_but_null(items: list[dict[str, object]]) -> None:
    table = read_table(json.dumps({"rows": items}).encode(), source(format="json", rows="rows"))
    assert len(table.rows) == len(items)
    for row, item in zip(table.rows, items, strict=True):
        for key, value in item.items():
            if isinstance(value, str):
                assert row[key] == value
            elif isinstance(value, bool | int):
                assert json.loads(row[key]) == value
            elif value is None:
                assert key not in row


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_refused(data: bytes) -> None:
    guess(data, "x.bin")
    with suppress(ReadingFailed):
        assert read_table(data, source(), name="x.csv").rows is not None


@given(st.text(st.characters(codec="gbk"), min_size=1))
def test_decode_reads_utf8(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == text
