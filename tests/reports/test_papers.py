"""核查表, 复查卡 and 问题清单: what inspectors and institutions work with, filled from the result."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document
from lxml import html as parser

from harness import papers
from harness.errors import LedgerError
from harness.model.dossier import Dossier
from harness.model.finding import Text
from harness.model.outcome import Outcome
from harness.model.run import InstitutionAnswer
from harness.papers import write_papers
from harness.standards.institution import load_institution
from reports import checklist, recheck, todo_docx
from tests.reports import sample
from tests.storedrun import print_plainly, store

LINES = [checklist.Line(i.id, i.section, i.question, i.functions) for i in load_institution().items]


def test_the_list_has_every_item_in_the_order_of_the_annex() -> None:
    page = parser.fromstring(checklist.render(LINES, Dossier(result=sample.build())))
    ids = [cell.text_content() for cell in page.xpath("//td[@class='n']")]
    assert ids == [i.id for i in load_institution().items]
    assert [c.text_content() for c in page.xpath("//th[@class='s']")] == list(
        dict.fromkeys(i.section.zh for i in load_institution().items)
    )


def test_the_platforms_item_is_filled_and_others_wait_for_the_inspector() -> None:
    answer = InstitutionAnswer(
        id="1.1",
        section=Text(zh="培训管理制度", en=""),
        question=Text(zh="", en=""),
        answer="no",
        text="缺财务制度",
        name="李",
        date="2026-11-26",
    )
    result = sample.build(institution=(answer,))
    rows = {r.line.id: r for r in checklist.rows(LINES, Dossier(result=result))}
    platform = rows["4.4"].result
    assert platform is not None
    assert platform.zh == "平台检测：不符合（F01–F13）"
    assert rows["1.1"].answer is not None
    assert rows["1.1"].answer.zh == "不符合"
    assert (rows["1.2"].answer, rows["1.2"].result) == (None, None)
    page = checklist.render(LINES, Dossier(result=result))
    assert "缺财务制度" in page
    assert page.count("□不适用") == len(LINES) - 1


def test_one_card_for_each_violation_says_how_to_see_it_again() -> None:
    result = sample.build()
    page = parser.fromstring(recheck.render(Dossier(result=result)))
    failed = [v for v in result.requirements if v.outcome is Outcome.FAIL]
    cards = page.xpath("//section")
    assert len(cards) == len(failed) == 2
    text = cards[0].text_content()
    for part in ("F11-1", "平台随后记入 24 分 20 秒", "拖动进度条", "老老实实学一分钟", "重现"):
        assert part in text
    assert "超出本工具限值" in cards[1].text_content()
    assert "不符合" not in cards[1].text_content()


def test_nothing_failed_is_said() -> None:
    assert "没有不符合的要求" in recheck.render(Dossier(result=sample.clean()))
    assert len(todo_docx.rows(Dossier(result=sample.clean()))) == 0


def test_the_word_file_lists_violations_first_and_leaves_room_to_fill_in() -> None:
    document = Document(io.BytesIO(todo_docx.render(Dossier(result=sample.build()))))
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][-3:] == ["整改措施", "完成期限", "责任人"]
    assert [row[1].split()[0] for row in rows[1:]] == ["F11-1", "F05-2", "F09-1"]
    assert all(row[-3:] == ["", "", ""] for row in rows[1:])
    assert "平台随后记入 24 分 20 秒" in rows[1][3]
    assert any("问题清单" in p.text for p in document.paragraphs)


def test_a_hostile_platform_breaks_none_of_them() -> None:
    dossier = Dossier(result=sample.hostile())
    for page in (checklist.render(LINES, dossier), recheck.render(dossier)):
        assert not parser.fromstring(page).xpath("//script|//img|//a|//@onerror")
        assert "\u202e" not in page
    document = Document(io.BytesIO(todo_docx.render(dossier)))
    assert "\u202e" not in "".join(c.text for row in document.tables[0].rows for c in row.cells)


def test_the_command_writes_beside_the_run_and_never_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "printer", print_plainly)
    run = store(tmp_path / "run")
    before = sorted(p.name for p in run.iterdir())
    made = write_papers(run, tmp_path / "papers")
    assert [p.name for p in made] == ["checklist.html", "recheck.html", "findings.docx", "checklist.pdf"]
    assert sorted(p.name for p in run.iterdir()) == before
    with pytest.raises(LedgerError, match="already"):
        write_papers(run, tmp_path / "papers")
