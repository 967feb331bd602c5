"""Tampered papers: a certificate that says another number of hours, an archive with one figure changed."""

from __future__ import annotations

import io
import re
import zipfile

from harness.errors import StepFailed
from harness.platform.files import member_name

CLAIM = "9999"
"""What a forger writes over the hours."""
_FIGURE = re.compile(rb"[1-9]")


def altered_pdf(data: bytes, claim: str = CLAIM) -> bytes:
    """The PDF with a figure of our own printed across its first page; everything else stays.

    Raises StepFailed when it is no PDF.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
        page = writer.pages[0]
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        page.merge_page(PdfReader(io.BytesIO(_stamp(claim, width, height))).pages[0])
    except (PyPdfError, IndexError, ValueError) as error:
        raise StepFailed("not a PDF that can be altered", got=f"{type(error).__name__}: {error}"[:120]) from error
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _stamp(text: str, width: float, height: float) -> bytes:
    """A page with nothing but a text in its middle, written by hand: five objects and their table."""
    drawn = f"BT /F1 28 Tf {width / 2 - 30:.0f} {height / 2:.0f} Td ({text}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>" % (width, height),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(out),
    )


def altered_zip(data: bytes) -> bytes:
    """The zip with one figure of its first table changed, packed again as it was.

    Raises StepFailed when it is no zip or holds no table with a figure.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise StepFailed("not a zip that can be altered", got=f"{data[:4]!r}", expected="a zip") from error
    made, done = io.BytesIO(), ""
    with archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in archive.infolist():
            content = archive.read(info)
            if not done and member_name(info).lower().endswith((".csv", ".txt", ".html")) and _FIGURE.search(content):
                last = list(_FIGURE.finditer(content))[-1].start()
                figure = b"8" if content[last : last + 1] != b"8" else b"7"
                content, done = content[:last] + figure + content[last + 1 :], member_name(info)
            copy.writestr(info, content)
    if not done:
        raise StepFailed("nothing to alter in the zip", got=f"{len(archive.namelist())} files", expected="a table")
    return made.getvalue()


def altered_number(number: str) -> str:
    """The number with its last figure changed; raises StepFailed for one without figures."""
    return _last_changed(number, r"\d", "a number without figures cannot be altered", "at least one figure")


def altered_code(code: str) -> str:
    """The check code with its last letter or figure changed; raises StepFailed for one without either."""
    return _last_changed(
        code, r"[\dA-Za-z]", "a code without letters or figures cannot be altered", "at least one of them"
    )


def _last_changed(text: str, sign: str, why: str, expected: str) -> str:
    """The text with the last sign that matches changed into another of its kind."""
    found = list(re.finditer(sign, text))
    if not found:
        raise StepFailed(why, got=text, expected=expected)
    was, place = found[-1].group(), found[-1].start()
    letter = "B" if was.upper() == "A" else "A"
    other = str((int(was) + 1) % 10) if was.isdigit() else letter if was.isupper() else letter.lower()
    return text[:place] + other + text[place + 1 :]
