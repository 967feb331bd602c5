"""问题清单: what an institution or vendor has to mend, as a Word file with measure, deadline and owner to fill in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Made
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from harness.model.dossier import Dossier
from harness.model.outcome import Outcome
from reports import times, view
from reports.labels import label
from reports.once import publish
from reports.plain import clean, one_line
from reports.wording import chinese

FONT = "SimSun"
"""What offices in China have; Word takes another Chinese font where it is missing."""
WIDTHS = (11, 34, 22, 66, 50, 34, 22, 22)
"""Millimetres of the columns; together A4 across less its margins."""
COLUMNS = (
    "todo.number",
    "col.requirement",
    "col.level",
    "field.observed",
    "field.recheck",
    "todo.measure",
    "todo.deadline",
    "todo.owner",
)


def rows(dossier: Dossier) -> list[tuple[str, ...]]:
    """The columns, violations first, then what is mandatory and still open. The last three are for others to fill."""
    found: list[tuple[str, ...]] = []
    wanted = [c for _, of in view.findings(dossier) for c in of]
    wanted.sort(key=lambda c: (c.verdict.outcome is not Outcome.FAIL, not c.verdict.mandatory))
    for number, c in enumerate(wanted, 1):
        walks = "；".join(dict.fromkeys(view.purpose(w.purpose).zh for w in c.walks))
        reason = f"（{c.reason.zh}）" if c.reason else ""
        found.append(
            (
                str(number),
                f"{c.verdict.id.rsplit('/', 1)[-1]} {one_line(c.verdict.title.zh, 60)}",
                f"{c.level.zh}\n{c.outcome.zh}{reason}",
                clean(chinese(c.verdict.observed.zh), 400),
                clean(walks, 300),
                "",
                "",
                "",
            )
        )
    return found


def render(dossier: Dossier) -> bytes:
    """The file's bytes."""
    document = Document()
    _page(document)
    result = dossier.result
    period = times.period(result.started_utc, result.finished_utc)
    heading = document.add_heading(label("todo.title").zh, level=0)
    _font(heading.runs[0].font, heading.runs[0])
    for text in (
        f"{label('subject').zh}：{one_line(result.subject.name, 80)} {one_line(result.subject.version, 40)}",
        f"{label('report_no').zh}：{result.number}　{label('period').zh}：{period}",
        label("todo.note").zh,
    ):
        document.add_paragraph(text)
    _table(document, rows(dossier))
    document.add_paragraph(label("caveat").zh)
    properties = document.core_properties
    properties.title = f"{label('todo.title').zh} {result.number}"
    properties.author = label("tool").zh
    when = times.moment(result.finished_utc) or datetime(2000, 1, 1, tzinfo=UTC)
    properties.created = properties.modified = when.replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def write(path: Path, dossier: Dossier) -> Path:
    """Write the file. Raises LedgerError if something has this name."""
    return publish(path, render(dossier))


def _page(document: Made) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(15)
    normal = document.styles["Normal"]
    normal.font.name = FONT
    normal.font.size = Pt(10)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def _font(font: object, run: object) -> None:
    font.name = FONT  # type: ignore[attr-defined]
    font.size = Pt(18)  # type: ignore[attr-defined]
    run._element.rPr.rFonts.set(qn("w:eastAsia"), FONT)  # type: ignore[attr-defined]


def _table(document: Made, filled: Sequence[tuple[str, ...]]) -> None:
    table = document.add_table(rows=1, cols=len(COLUMNS))
    table.style = "Table Grid"
    table.autofit = False
    _fill(table.rows[0].cells, [label(key).zh for key in COLUMNS], bold=True)
    header = table.rows[0]._tr.get_or_add_trPr()
    header.append(header.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    for values in filled or [("", label("console.nothing_failed").zh, *("",) * 6)]:
        _fill(table.add_row().cells, values)


def _fill(cells: Sequence[_Cell], values: Sequence[str], *, bold: bool = False) -> None:
    for cell, value, width in zip(cells, values, WIDTHS, strict=True):
        cell.width = Mm(width)
        run = cell.paragraphs[0].add_run(value)
        run.bold = bold
        run.font.size = Pt(9)
