"""Masking a finished run for people who may not see faces, names and identity numbers; pure on bytes and lines.

What is masked is listed with the digest that it had, so that a masked bundle can still be checked against the signed
statement: everything else is byte for byte what was signed, and what was masked is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from harness.ledger import canonical
from harness.redact import redact

PICTURES = frozenset({"png", "jpg", "jpeg", "webp", "bmp", "gif"})
TEXTS = frozenset({"txt", "csv", "json", "xml", "html", "htm", "yaml", "md", "jsonl"})
BLOCKS = 14
"""Mosaic blocks along the shorter side: at 14 a face is a handful of grey squares and no line of text is left."""
OFFICIAL = frozenset({"run_started", "answer", "amended", "objection"})
"""Kinds whose names are the subject's, the laboratory's and the assessors': they stand in the report."""
NAME = "＊"
_NAMED = re.compile(
    r"姓名|学员|学生|人员|真实姓名|(^|[_\s])(real_?name|full_?name|student|learner|user_?name|name)($|[_\s])", re.I
)
"""Headings of columns that hold a person's name."""
_INLINE = re.compile(r"(姓\s*名\s*(?:[:：]|<[^>]*>|\s)(?:[:：\s]|<[^>]*>)*)([\u4e00-\u9fff·]{2,6})")
"""A name is what stands behind 姓名 and a colon, a blank or a tag; 姓名和… is a sentence."""
_ID = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[\dXx])(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")
"""Not within digests, whose digits may look alike."""


def mosaic(data: bytes) -> bytes | None:
    """A picture as a JPEG of a few coarse squares; None for what is no picture."""
    import cv2
    import numpy

    try:
        picture = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR) if data else None
    except cv2.error:
        return None
    if picture is None or not picture.size:
        return None
    high, wide = picture.shape[:2]
    factor = BLOCKS / min(high, wide)
    small = cv2.resize(
        picture, (max(1, round(wide * factor)), max(1, round(high * factor))), interpolation=cv2.INTER_AREA
    )
    coarse = cv2.resize(small, (wide, high), interpolation=cv2.INTER_NEAREST)
    done, jpeg = cv2.imencode(".jpg", coarse, [cv2.IMWRITE_JPEG_QUALITY, 60])
    return jpeg.tobytes() if done else None


def masked_name(name: str) -> str:
    """A person's name with all but its first character masked: 张＊＊."""
    clean = name.strip()
    return clean[:1] + NAME * max(1, len(clean) - 1) if clean else name


def masked_text(text: str) -> str:
    """Identity and telephone numbers, and names that stand behind 姓名; nothing that markup is made of."""
    text = _INLINE.sub(lambda m: m[1] + masked_name(m[2]), text)
    return _PHONE.sub(r"\1****\2", _ID.sub(r"\1********\2", text))


def masked_json(text: str) -> str:
    """A JSON text of ours in the same form, its numbers masked; no heading of it names a learner."""
    data = _masked(json.loads(text), headings=False)
    return json.dumps(data, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def masked_file(name: str, data: bytes) -> bytes | None:
    """An evidence file masked; None where it must be left out, because it cannot be masked (PDF, tables, archives)."""
    extension = name.rsplit(".", 1)[-1].lower()
    if extension in PICTURES:
        return mosaic(data)
    if extension not in TEXTS:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            return None
    return masked_text(redact(_masked_columns(text) if extension == "csv" else text)).encode()


def _masked_columns(text: str) -> str:
    """A CSV text with the columns of names masked."""
    import csv
    import io

    rows = list(csv.reader(io.StringIO(text)))
    head = next((row for row in rows if any(_NAMED.search(cell) for cell in row)), None)
    if head is None:
        return text
    places = {i for i, cell in enumerate(head) if _NAMED.search(cell)}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    below = False
    for row in rows:
        writer.writerow([masked_name(c) if below and i in places else c for i, c in enumerate(row)])
        below = below or row is head
    return out.getvalue()


def masked_line(line: dict[str, Any]) -> dict[str, Any]:
    """A ledger line with its data masked; what links and dates it stays, so that the chain can be followed."""
    return {**line, "data": _masked(line["data"], headings=line["kind"] not in OFFICIAL)}


def _masked(value: Any, heading: str = "", *, headings: bool) -> Any:
    """`headings`: may a heading make a person's name of a value?"""
    if isinstance(value, dict):
        return {key: _masked(part, str(key), headings=headings) for key, part in value.items()}
    if isinstance(value, list):
        return [_masked(part, heading, headings=headings) for part in value]
    if isinstance(value, str):
        named = headings and bool(_NAMED.search(heading)) and _person(value)
        return masked_name(value) if named else masked_text(value)
    return value


def _person(value: str) -> bool:
    """Could it be a person's name? Names of actions and columns are written in letters and underscores."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff·]{2,6}|[A-Z][\w'.-]+( [A-Z][\w'.-]+)+", value.strip()))


def masked_ledger(lines: Iterable[bytes]) -> tuple[bytes, tuple[int, ...]]:
    """A ledger masked line by line, and the numbers of the lines that are no longer what they were."""
    out, changed = [], []
    for number, raw in enumerate(lines, 1):
        line = json.loads(raw)
        done = (canonical(masked_line(line)) + "\n").encode()
        if done != raw:
            changed.append(number)
        out.append(done)
    return b"".join(out), tuple(changed)
