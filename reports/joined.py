"""PDFs of the parts of one document as one PDF: bookmarks kept, and the number on each page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

NUMBER = NameObject("/XunjianNumber")


def count_pages(parts: Sequence[Path]) -> int:
    """Pages of all parts."""
    return sum(len(PdfReader(part).pages) for part in parts)


def join(parts: Sequence[Path], numbers: Path) -> bytes:
    """The parts in their order, with the pages of `numbers` laid over theirs, one each.

    What a browser wrote about the structure of each part is left out: it can't be joined. Raises ValueError when the
    counts of pages differ.
    """
    writer = PdfWriter()
    for part in parts:
        writer.append(part)
    over = PdfReader(numbers)
    if len(over.pages) != len(writer.pages):
        raise ValueError(f"got {len(over.pages)} page numbers for {len(writer.pages)} pages")
    for page, number in zip(writer.pages, over.pages, strict=True):
        _lay_over(writer, page, number)
    title = PdfReader(parts[0]).metadata
    writer.add_metadata({key: value for key, value in (title or {}).items() if isinstance(value, str)})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _lay_over(writer: PdfWriter, page: PageObject, number: PageObject) -> None:
    """As a form of its own, so that neither page's content has to be read."""
    form = StreamObject()
    content = number.get_contents()
    form.set_data(content.get_data() if content is not None else b"")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): number.mediabox,
            NameObject("/Resources"): number["/Resources"].clone(writer),
        }
    )
    resources = cast(DictionaryObject, page["/Resources"].get_object())
    forms = cast(DictionaryObject, resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object())
    forms[NUMBER] = writer._add_object(form)
    there = page["/Contents"].get_object()
    streams = list(there) if isinstance(there, ArrayObject) else [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject(
        [
            writer._add_object(_stream(b"q\n")),
            *streams,
            writer._add_object(_stream(b"\nQ q " + NUMBER.encode() + b" Do Q\n")),
        ]
    )


def _stream(data: bytes) -> StreamObject:
    made = StreamObject()
    made.set_data(data)
    return made
