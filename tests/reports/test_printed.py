"""The whole of a signed run in a real browser: pages, fonts, Chinese text, signatures, and nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from harness.conclude import printer
from harness.model.dossier import Dossier
from harness.verify import verify_run
from reports import attestation, certificate, pdf
from reports.keys import SigningKey, new_key
from tests.reports import sample
from tests.storedrun import issue

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return new_key("示例检测中心")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, key: SigningKey) -> Path:
    return issue(tmp_path_factory.mktemp("printed") / "run", key)


def within(holder: Any, *names: str) -> Any:
    """A part of a PDF object, through whatever references; an empty one where there is none."""
    for name in names:
        holder = (holder.get(name) or DictionaryObject()).get_object()
    return holder


def fonts(path: Path) -> Iterator[Any]:
    """Every font of a PDF, those of its annotations' looks too."""
    for page in PdfReader(path).pages:
        todo = [page, *(within(a.get_object(), "/AP", "/N") for a in page.get("/Annots", []))]
        while todo:
            here = todo.pop()
            yield from (font.get_object() for font in within(here, "/Resources", "/Font").values())
            parts = [part.get_object() for part in within(here, "/Resources", "/XObject").values()]
            todo += [part for part in parts if part.get("/Subtype") == "/Form"]


def embedded(font: Any) -> bool:
    inner = font["/DescendantFonts"][0].get_object() if font["/Subtype"] == "/Type0" else font
    return inner["/Subtype"] == "/Type3" or any(
        key in inner["/FontDescriptor"] for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def test_the_report_is_signed_searchable_and_has_its_fonts(run: Path, key: SigningKey) -> None:
    reader = PdfReader(run / "report.pdf")
    text = "".join(page.extract_text() for page in reader.pages)
    for part in ("在线安全培训平台检测报告", "学习过程时间线", "诚实学习", "交叉核对", "签发", "报告结束"):
        assert part in text
    used = list(fonts(run / "report.pdf"))
    assert used
    assert all(embedded(font) for font in used)
    signed = pdf.signature(run / "report.pdf")
    assert signed is not None
    assert (signed.intact, signed.whole, signed.fingerprint) == (True, True, key.certificate.fingerprint)
    assert verify_run(run, [key.certificate]).problems == []


def test_the_seal_is_on_the_last_page_where_the_page_leaves_room(run: Path) -> None:
    """The field lies over the box that report.css draws for it."""
    last = PdfReader(run / "report.pdf").pages[-1]
    assert "报告结束" in last.extract_text()
    rects = [a.get_object()["/Rect"] for a in last["/Annots"] if a.get_object().get("/FT") == "/Sig"]
    assert len(rects) == 1
    found: list[tuple[float, float]] = []

    def note(text: str, cm: list[float], tm: list[float], _font: Any, _size: float) -> None:
        if text.strip().startswith("签名人"):
            found.append((tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]))

    last.extract_text(visitor_text=note)
    left, low, right, high = (float(x) for x in rects[0])
    assert found
    assert all(left <= x <= right and low <= y <= high for x, y in found)


def test_the_conclusion_sheet_is_one_page_with_its_fonts(tmp_path: Path, key: SigningKey) -> None:
    dossier = Dossier(result=sample.clean(), signer="示例检测中心")
    until = attestation.valid_until(date(2026, 11, 24))
    seal = pdf.Seal(key, dossier.result.number, datetime.now(UTC))
    made = certificate.write(tmp_path, dossier, printer, seal, digest="ab" * 32, until=until)
    reader = PdfReader(made)
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    for part in ("检测结论摘要", "通过", "2027-11-24", "安培在线"):
        assert part in text
    assert all(embedded(font) for font in fonts(made))
    assert pdf.signature(made) is not None
