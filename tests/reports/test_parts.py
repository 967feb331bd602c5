"""A long page is divided between its rows; nothing is lost, doubled or out of order, and each part reads by itself."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import lxml.html
import pytest
from fpdf import FPDF
from pypdf import PdfReader

from reports import joined, parts

CSS = "@page { margin: 1cm; } @page :first { margin: 2cm; }"
DIGEST = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()


def page(rows: int, pictures: int) -> str:
    table = "".join(f'<tr id="r{n}"><td>row {n}</td><td><a href="#r0">first</a></td></tr>' for n in range(rows))
    sheet = "".join(f"<figure><b>picture {n}</b></figure>" for n in range(pictures))
    return (
        "<!DOCTYPE html><html lang=zh><head><meta charset=utf-8>"
        f"<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'sha256-{DIGEST}'\">"
        f"<style>{CSS}</style></head><body class=all><h1>报告</h1><h2 id=a class=newpage>一</h2><section><h3>F01</h3>"
        f"<table class=rows><thead><tr><th>head</th></tr></thead><tbody>{table}</tbody></table></section>"
        f"<h2>二</h2><div class=sheet>{sheet}</div><p>报告结束</p></body></html>"
    )


def texts(pieces: list[str], pattern: str) -> list[str]:
    return [text for piece in pieces for text in re.findall(pattern, piece)]


def test_an_ordinary_page_stays_as_it_is() -> None:
    assert parts.split(page(5, 5)) == [page(5, 5)]


@pytest.mark.parametrize("each", [20, 50, 99])
def test_nothing_is_lost_doubled_or_out_of_order(each: int) -> None:
    pieces = parts.split(page(40, 30), most=60, each=each)
    assert len(pieces) > 1
    assert texts(pieces, r"row \d+") == [f"row {n}" for n in range(40)]
    assert texts(pieces, r"picture \d+") == [f"picture {n}" for n in range(30)]
    assert "报告结束" in pieces[-1]
    assert "报告结束" not in "".join(pieces[:-1])


def test_each_part_has_its_table_head_and_the_headings_it_stands_under() -> None:
    pieces = parts.split(page(40, 30), most=60, each=50)
    for piece in pieces:
        assert piece.count("<th>head</th>") == piece.count('<table class="rows">')
        assert 'lang="zh"' in piece
        assert '<body class="all">' in piece
    assert "<h2>一<span>（续 continued）</span></h2><h3>F01<span>（续 continued）</span></h3>" in pieces[1]
    assert "（续" not in pieces[0]
    assert pieces[-1].count("<h2>二<span>（续 continued）</span></h2>") == 1


def test_a_link_into_another_part_is_text() -> None:
    first, second = parts.split(page(40, 0), most=60, each=90)[:2]
    assert 'href="#r0"' in first
    assert 'href="#r0"' not in second
    assert "<a>first</a>" in second


def test_the_style_of_each_part_is_the_one_that_its_policy_allows() -> None:
    pieces = parts.split(page(40, 30), most=60, each=50)
    for piece in pieces:
        (css,) = re.findall(r"<style>(.*?)</style>", piece, re.S)
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in piece
        assert "@bottom-center { content: none; }" in css
    assert ["@page :first" in piece for piece in pieces] == [True] + [False] * (len(pieces) - 1)


def test_page_numbers_are_a_page_of_their_own_each() -> None:
    made = lxml.html.document_fromstring(parts.numbers(page(1, 1), 3))
    assert len(made.findall(".//div")) == 3
    assert "@page :first" not in made.head.find("style").text


def printed(path: Path, words: list[str]) -> Path:
    document = FPDF()
    document.set_title("T")
    document.set_font("helvetica")
    for word in words:
        document.add_page()
        document.start_section(word)
        document.cell(text=word)
    document.output(str(path))
    return path


def test_parts_are_joined_with_their_bookmarks_and_a_number_on_each_page(tmp_path: Path) -> None:
    pieces = [printed(tmp_path / "a.pdf", ["one", "two"]), printed(tmp_path / "b.pdf", ["three"])]
    numbers = printed(tmp_path / "n.pdf", ["1 of 3", "2 of 3", "3 of 3"])
    assert joined.count_pages(pieces) == 3
    (tmp_path / "whole.pdf").write_bytes(joined.join(pieces, numbers))
    whole = PdfReader(tmp_path / "whole.pdf")
    assert [p.extract_text().split("\n") for p in whole.pages] == [
        ["one", "1 of 3"], ["two", "2 of 3"], ["three", "3 of 3"]
    ]  # fmt: skip
    assert [str(item["/Title"]) for item in whole.outline] == ["one", "two", "three"]  # type: ignore[call-overload]
    assert whole.metadata is not None
    assert whole.metadata.title == "T"


def test_a_number_too_few_is_an_error(tmp_path: Path) -> None:
    pieces = [printed(tmp_path / "a.pdf", ["one", "two"])]
    with pytest.raises(ValueError, match="1 page numbers for 2 pages"):
        joined.join(pieces, printed(tmp_path / "n.pdf", ["1 of 1"]))
