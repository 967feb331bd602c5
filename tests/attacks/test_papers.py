"""Papers are altered in one place, and nothing else about them."""

from __future__ import annotations

import io
import zipfile

import pytest
from fpdf import FPDF
from pypdf import PdfReader

from harness.attacks.papers import CLAIM, altered_code, altered_number, altered_pdf, altered_zip
from harness.errors import StepFailed


def paper(text: str) -> bytes:
    pdf = FPDF(format="A4")
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.cell(0, 10, text)
    return bytes(pdf.output())


def packed(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return made.getvalue()


def test_a_pdf_then_says_more_than_before_and_still_all_it_said() -> None:
    before = paper("Certificate of 1 hour")
    after = altered_pdf(before)
    text = PdfReader(io.BytesIO(after)).pages[0].extract_text()
    assert "Certificate of 1 hour" in text
    assert CLAIM in text
    assert CLAIM not in PdfReader(io.BytesIO(before)).pages[0].extract_text()


def test_a_zip_differs_in_one_figure_of_one_table() -> None:
    before = packed(photo_jpg=b"\xff\xd8\xff1", hours_csv="学时,1\n".encode(), more_csv=b"2")
    with zipfile.ZipFile(io.BytesIO(altered_zip(before))) as after:
        assert after.read("hours.csv").decode() == "学时,8\n"
        assert (after.read("photo.jpg"), after.read("more.csv")) == (b"\xff\xd8\xff1", b"2")


@pytest.mark.parametrize("data", [b"no zip", packed(photo_jpg=b"\xff\xd8\xff1"), packed(empty_csv=b"a,b\n")])
def test_what_cannot_be_altered_is_said(data: bytes) -> None:
    with pytest.raises(StepFailed):
        altered_zip(data)


def test_no_pdf_cannot_be_altered() -> None:
    with pytest.raises(StepFailed):
        altered_pdf(b"no pdf")


@pytest.mark.parametrize(("number", "other"), [("YL202611-000001", "YL202611-000002"), ("A9B", "A0B")])
def test_a_number_differs_in_its_last_figure(number: str, other: str) -> None:
    assert altered_number(number) == other


def test_a_number_without_figures_cannot_be_altered() -> None:
    with pytest.raises(StepFailed):
        altered_number("ABC")


@pytest.mark.parametrize(
    ("code", "other"), [("7K3QXM", "7K3QXA"), ("QXA", "QXB"), ("a", "b"), ("K9", "K0"), ("K-", "A-")]
)
def test_a_code_differs_in_its_last_sign(code: str, other: str) -> None:
    assert altered_code(code) == other


def test_a_code_of_neither_letters_nor_figures_cannot_be_altered() -> None:
    with pytest.raises(StepFailed):
        altered_code("——")
