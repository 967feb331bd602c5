"""检测结论摘要: only for a platform that conforms, only where one may be issued, and never called a certificate."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import cv2
import numpy
import pytest
import segno
from lxml import html as parser

from harness.model.dossier import Dossier
from harness.model.outcome import Decision, Mode
from harness.model.parties import Parties, Person
from reports import certificate, issuing, pdf
from reports.keys import new_key
from reports.labels import label
from tests.reports import sample
from tests.storedrun import print_plainly

UNTIL = date(2027, 11, 24)
DIGEST = "ab" * 32


def subject(assessment: str) -> dict[str, object]:
    return {"subject": sample.clean().subject.model_copy(update={"assessment": assessment})}


@pytest.mark.parametrize(
    ("changes", "issued"),
    [
        ({}, True),
        (subject("enforcement"), True),
        (subject("self_check"), False),
        (subject(""), False),
        ({"decision": Decision.INCOMPLETE}, False),
        ({"decision": Decision.NONCONFORMANT}, False),
        ({"mode": Mode.REHEARSAL}, False),
        ({"mode": Mode.PARTIAL}, False),
    ],
)
def test_when_a_sheet_may_be_issued(changes: dict[str, object], issued: bool) -> None:
    assert issuing.may_be_issued(sample.clean().model_copy(update=changes)) is issued


def page(dossier: Dossier | None = None) -> parser.HtmlElement:
    made = dossier or Dossier(
        result=sample.clean(),
        parties=Parties(laboratory=Person(name="示例检测中心"), client=Person(name="某某培训学校")),
        signer="示例检测中心",
    )
    return parser.fromstring(certificate.render(made, DIGEST, UNTIL))


def test_the_sheet_says_what_whose_until_when_and_what_it_is_not() -> None:
    shown = page()
    text = " ".join(shown.text_content().split())
    assert shown.xpath("string(//h1)") == "检测结论摘要"
    for part in ("安培在线", "3.2.1", "通过", "2027-11-24", "示例检测中心", "某某培训学校", DIGEST, "不能代替检测报告"):
        assert part in text
    assert len(shown.xpath("//li")) == 15
    own = text.replace(label("caveat").zh, "")
    assert re.search("认证|certified|certification", own, re.I) is None


def test_the_code_can_be_read_and_leads_to_this_run() -> None:
    """The square that is printed, read by another maker's reader."""
    written = certificate.code(sample.clean(), DIGEST, UNTIL)
    matrix = numpy.array([list(row) for row in segno.make(written, error="m").matrix], numpy.uint8)
    picture = numpy.kron(1 - numpy.pad(matrix, 4), numpy.ones((8, 8), numpy.uint8)) * 255
    read, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert read == written
    assert DIGEST in read
    assert "20261124-090000-7f3a" in read
    assert page().xpath("//div[@class='qr']/svg")


def test_a_hostile_name_stays_a_text() -> None:
    evil = sample.hostile().subject
    shown = page(Dossier(result=sample.clean().model_copy(update={"subject": evil})))
    assert not shown.xpath("//script|//img|//a|//@onerror")
    assert "<script>" in shown.text_content()


def test_the_sheet_is_signed_and_never_overwritten(tmp_path: Path) -> None:
    key = new_key("示例检测中心")
    dossier = Dossier(result=sample.clean(), signer="示例检测中心")
    seal = pdf.Seal(key, dossier.result.number, datetime(2026, 11, 24, tzinfo=UTC))
    made = certificate.write(tmp_path, dossier, print_plainly, seal, digest=DIGEST, until=UNTIL)
    signed = pdf.signature(made)
    assert signed is not None
    assert (signed.fingerprint, signed.intact, signed.whole) == (key.certificate.fingerprint, True, True)
    assert [p.name for p in tmp_path.iterdir()] == ["certificate.pdf"]
    with pytest.raises(Exception, match="ever overwritten"):
        certificate.write(tmp_path, dossier, print_plainly, seal, digest=DIGEST, until=UNTIL)
