"""report.pdf is paged, searchable in Chinese, bookmarked, with embedded fonts and no trace of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from harness.browser.pdf import html_to_pdf
from harness.errors import LedgerError
from harness.model.outcome import Mode
from reports import html, parts
from reports import pdf as report
from tests.reports import sample

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    html.write(folder, sample.build(mode=Mode.REHEARSAL))
    asyncio.run(html_to_pdf(folder / "report.html", folder / "report.pdf"))
    return folder / "report.pdf"


def titles(outline: Sequence[object]) -> Iterator[str]:
    for item in outline:
        if isinstance(item, list):
            yield from titles(item)
        else:
            yield str(item["/Title"])  # type: ignore[index]


def test_every_page_has_its_number_the_reports_and_the_mark(pdf: Path) -> None:
    pages = PdfReader(pdf).pages
    for number, page in enumerate(pages, 1):
        text = "".join(page.extract_text().split())
        assert f"第{number}页共{len(pages)}页" in text
        assert "REHEARSAL" in text
        assert "20261124-090000-7f3a" in text


def test_decision_and_fifteen_rows_are_on_page_one(pdf: Path) -> None:
    text = PdfReader(pdf).pages[0].extract_text()
    for part in ("在线安全培训平台检测报告", "不通过", "扩展结论", *sample.FUNCTIONS, "未检测内容"):
        assert part in text


def test_it_ends_with_the_end_mark(pdf: Path) -> None:
    assert "报告结束" in PdfReader(pdf).pages[-1].extract_text()


def test_bookmarks_lead_to_sections_functions_and_requirements(pdf: Path) -> None:
    found = " ".join(titles(PdfReader(pdf).outline))
    for part in ("声明", "F11", "AQ8011-2023/F11-1", "检测过程"):
        assert part in found


def test_all_fonts_are_embedded(pdf: Path) -> None:
    seen = 0
    for page in PdfReader(pdf).pages:
        resources: Any = page["/Resources"]
        for entry in resources["/Font"].values():
            font = entry.get_object()
            inner = font["/DescendantFonts"][0].get_object() if font["/Subtype"] == "/Type0" else font
            embedded = inner["/Subtype"] == "/Type3" or any(
                key in inner["/FontDescriptor"] for key in ("/FontFile", "/FontFile2", "/FontFile3")
            )
            assert embedded, font
            seen += 1
    assert seen > 0


def test_no_path_of_this_machine_is_left(pdf: Path) -> None:
    for page in PdfReader(pdf).pages:
        for note in page.get("/Annots", []):
            assert "/URI" not in str(note.get_object())
    assert b"file:" not in pdf.read_bytes()


def test_never_overwritten(pdf: Path) -> None:
    before = pdf.read_bytes()
    with pytest.raises(LedgerError, match="ever overwritten"):
        asyncio.run(html_to_pdf(pdf.with_name("report.html"), pdf))
    assert pdf.read_bytes() == before


def test_a_missing_page_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no page to print"):
        asyncio.run(html_to_pdf(tmp_path / "report.html", tmp_path / "report.pdf"))


@pytest.mark.slow
def test_a_long_report_is_printed_in_parts_and_reads_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    html.write(tmp_path, sample.build(mode=Mode.REHEARSAL))
    monkeypatch.setattr(parts.split, "__defaults__", (300, 300))
    made = PdfReader(report.write(tmp_path, lambda page, pdf: asyncio.run(html_to_pdf(page, pdf))))
    assert len(parts.split((tmp_path / "report.html").read_text(encoding="utf-8"))) > 1
    for number, page in enumerate(made.pages, 1):
        text = "".join(page.extract_text().split())
        assert text.count(f"第{number}页共{len(made.pages)}页") == 1
        assert text.count("页共") == 1
        assert "REHEARSAL" in text
    found = " ".join(titles(made.outline))
    for part in ("声明", "F11", "AQ8011-2023/F11-1", "检测过程", "续"):
        assert part in found
    assert "报告结束" in made.pages[-1].extract_text()
