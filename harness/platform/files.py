"""Files as rows: JSON, CSV in UTF-8 or GBK, HTML, xls and xlsx, PDF text, plain text; alone or inside a zip.

Everything becomes a table of texts, exactly as it stands in the file. A JSON null is left out of its row: unknown
differs from empty.
"""

from __future__ import annotations

import csv
import fnmatch
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from harness.errors import ReadingFailed
from harness.model.grid import Carried, Cell, grid
from harness.model.reading import Source
from harness.model.values import Table
from harness.model.words import counted

WHOLE = "*"
"""Stands in a path for every item of a list."""
OWN_ROWS = ("thead/tr", "tr", "tbody/tr", "tfoot/tr")
"""Where an HTML table's rows are, without those of tables inside it."""
_AS_TEXT = re.compile(r'="([^"]*)"')
ZIP, MEMBER_LIMIT = b"PK\x03\x04", 64 * 1024 * 1024
"""First bytes of a zip; and the most that a member may unpack to."""


def read_table(data: bytes, source: Source, *, name: str = "") -> Table:
    """The rows of a file. Raises ReadingFailed when it is not what `source` says, or not what it claims to be."""
    if source.member is not None:
        data, name = _member(data, source.member)
    kind = source.format if source.format != "auto" else guess(data, name)
    try:
        return _READERS[kind](data, source)
    except ReadingFailed:
        raise
    except Exception as error:  # a reader's own error on a file that somebody else made
        raise ReadingFailed(
            f"file is not readable as {kind}", where=name, got=f"{type(error).__name__}: {error}"[:200]
        ) from error


def guess(data: bytes, name: str) -> str:
    """What a file is: by its first bytes, then by its name."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(ZIP):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"<"):  # many an .xls on these platforms is an HTML page
        return "html"
    if head[:1] in (b"{", b"["):
        return "json"
    return "csv" if name.lower().endswith((".csv", ".xls", ".tsv")) or not name else "text"


def decode(data: bytes, encoding: str | None = None) -> str:
    """Text of unknown encoding: a mark decides, then UTF-8 if it fits, else GBK (as GB 18030)."""
    if encoding is not None:
        return data.decode(encoding)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def table_from_rows(rows: Sequence[Sequence[str]], header_row: int = 1) -> Table:
    """Rows of cells whose `header_row` (counted from 1) holds the headings; empty rows are dropped.

    A heading that stands twice gets a number from its second time on; cells beyond the headings are dropped.
    """
    if len(rows) < header_row:
        raise ReadingFailed(
            "table without headings", got=counted(len(rows), "row"), expected=f"headings in row {header_row}"
        )
    columns: list[str] = []
    for heading in rows[header_row - 1]:
        plain = " ".join(heading.split())
        count = sum(1 for known in columns if known == plain or known.rpartition(" ")[0] == plain)
        columns.append(f"{plain} {count + 1}" if plain in columns else plain)
    kept = [row for row in rows[header_row:] if any(c.strip() for c in row if not isinstance(c, Carried))]
    return Table.model_construct(  # as it stands: validation would make plain texts of what is carried
        columns=tuple(columns),
        rows=tuple({c: _stripped(cell) for c, cell in zip(columns, row, strict=False)} for row in kept),
    )


def _stripped(cell: str) -> str:
    return type(cell)(cell.strip())


def rows_of(value: Any, path: str | None) -> Table:
    """The rows at a path of a JSON value: a list of objects, one object, or plain values as column `value`."""
    found = value if not path else _follow(value, path)
    items = found if isinstance(found, list) else [found]
    rows = tuple(flat(item) if isinstance(item, dict | list) else {"value": shown(item)} for item in items)
    leaves = [_leaves(item) if isinstance(item, dict | list) else {"value": item} for item in items]
    # A null's column is known, though no row may have a value for it.
    columns = tuple(dict.fromkeys(name for leaf in leaves for name in leaf))
    return Table(columns=columns, rows=rows)


def flat(value: Any) -> dict[str, str]:
    """The leaves of a JSON value by dotted path, as texts; nulls are left out."""
    return {path: shown(leaf) for path, leaf in _leaves(value).items() if leaf is not None}


def _leaves(value: Any, prefix: str = "") -> dict[str, Any]:
    if isinstance(value, Mapping):
        pairs: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return {prefix: value}
    found: dict[str, Any] = {}
    for key, part in pairs:
        found |= _leaves(part, f"{prefix}.{key}" if prefix else str(key))
    return found


def shown(value: Any) -> str:
    """A JSON leaf as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _follow(value: Any, path: str) -> Any:
    parts = path.split(".")
    for place, part in enumerate(parts):
        if part == WHOLE:
            items = value.values() if isinstance(value, Mapping) else value
            rest = ".".join(parts[place + 1 :])
            if not rest:
                return list(items)
            deeper = [_follow(item, rest) for item in items]
            return [one for found in deeper for one in (found if isinstance(found, list) else [found])]
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            keys = ", ".join(map(str, value)) if isinstance(value, Mapping) else type(value).__name__
            raise ReadingFailed("path not in the answer", where=path, got=keys[:200], expected=part)
    return value


def _json(data: bytes, source: Source) -> Table:
    return rows_of(json.loads(decode(data, source.encoding)), source.rows)


def _csv(data: bytes, source: Source) -> Table:
    text = decode(data, source.encoding)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return table_from_rows([[_plain_cell(cell) for cell in row] for row in rows], source.header_row)


def _plain_cell(cell: str) -> str:
    """The text of a cell that is kept a text by a formula: many exports write a number as ="00123"."""
    found = _AS_TEXT.fullmatch(cell.strip())
    return cell if found is None else found[1]


def _html(data: bytes, source: Source) -> Table:
    from lxml import html

    page = html.fromstring(decode(data, source.encoding))
    tables = [page] if page.tag == "table" else page.findall(".//table")
    if not tables:
        raise ReadingFailed("no table in the page", got=page.tag, expected="<table>")
    # The table with the most rows of its own: layouts and tool bars are tables too, and hold others.
    rows = max(([row for part in OWN_ROWS for row in t.findall(part)] for t in tables), key=len)
    cells = grid((r.getparent(), [_cell_of(c) for c in r if c.tag in ("td", "th")]) for r in rows)
    return table_from_rows(cells, source.header_row)


def _cell_of(cell: Any) -> Cell:
    wide, high = (str(cell.get(name, "1")).strip() for name in ("colspan", "rowspan"))
    text = " ".join("".join(map(str, cell.itertext())).split())
    return text, int(wide) if wide.isdecimal() else 1, int(high) if high.isdecimal() else 1


def _excel(data: bytes, source: Source) -> Table:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheet = book.get_sheet_by_name(source.sheet) if source.sheet else book.get_sheet_by_index(0)
    cells = [[_cell(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for row in cells[top + 1 : bottom + 1]:  # none where cells are merged beyond what is filled in
            if left < len(row):
                row[left] = Carried(cells[top][left])
    return table_from_rows(cells, source.header_row)


def _cell(value: Any) -> str:
    # A spreadsheet knows only floats: 12.0 was 12 on the page.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _pdf(data: bytes, source: Source) -> Table:
    from pypdf import PdfReader

    return _whole("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def _text(data: bytes, source: Source) -> Table:
    return _whole(decode(data, source.encoding))


def _whole(text: str) -> Table:
    """One row with the whole text, for patterns to find things in."""
    return Table(columns=("text",), rows=({"text": text},))


_READERS: dict[str, Callable[[bytes, Source], Table]] = {
    "json": _json,
    "csv": _csv,
    "html": _html,
    "xlsx": _excel,
    "xls": _excel,
    "pdf": _pdf,
    "text": _text,
}


def _member(data: bytes, pattern: str) -> tuple[bytes, str]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise ReadingFailed("not a zip file", got=f"{data[:8]!r}", expected=f"a zip with {pattern}") from error
    with archive:
        names = {member_name(info): info for info in archive.infolist() if not info.is_dir()}
        wanted = sorted(name for name in names if fnmatch.fnmatch(name, pattern) or name.endswith("/" + pattern))
        if len(wanted) != 1:
            raise ReadingFailed("file in the zip", got=", ".join(wanted or names)[:200], expected=f"one {pattern}")
        info = names[wanted[0]]
        if info.file_size > MEMBER_LIMIT:
            raise ReadingFailed(
                "file in the zip is too large", where=wanted[0], got=info.file_size, expected=MEMBER_LIMIT
            )
        return archive.read(info), wanted[0]


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Chinese tools write it in GBK without saying so, which zipfile takes for cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gbk")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return info.filename
