"""report.pdf: the page printed, and signed where there is a key (PAdES, with a visible field on the last page).

Who prints is the caller's business: reports know no browser.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports import joined, parts, stamp
from reports.html import REPORT_HTML
from reports.keys import Certificate, SigningKey
from reports.once import publish, refuse_existing

REPORT_PDF = "report.pdf"
FIELD = "Signature"
MM = 72 / 25.4
SEAL = (16 * MM, 126 * MM, 108 * MM, 158 * MM)
"""Where `.seal` of report.css lies on the last page, points from the lower left: 297 - 19 (margin) - 120 (its top) - 32
(its height) = 126 mm up."""

WHOLE = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MID,
    y_align=layout.AxisAlignment.ALIGN_MID,
    margins=layout.Margins(0, 0, 0, 0),
    inner_content_scaling=layout.InnerScaling.STRETCH_FILL,
)
"""The stamp fills its field, so that nothing below it is seen twice."""

Printer = Callable[[Path, Path], None]
"""Prints an HTML file into a new PDF file."""


@dataclass(frozen=True)
class Seal:
    """What signing needs besides the file."""

    key: SigningKey
    number: str
    """The report's number."""
    at: datetime
    tsa: str | None = None
    """Address of a trusted time-stamping service (RFC 3161)."""


def write(run_dir: Path, printer: Printer, seal: Seal | None = None) -> Path:
    """Print report.html into report.pdf, signed with the seal. Raises LedgerError if there is one, or no page."""
    return write_from(run_dir / REPORT_HTML, run_dir / REPORT_PDF, printer, seal, box=SEAL)


def write_from(
    page: Path,
    target: Path,
    printer: Printer,
    seal: Seal | None,
    *,
    box: tuple[float, float, float, float],
) -> Path:
    """Print any page of ours; `box` (points from the lower left of the last page) is where the signature shows."""
    refuse_existing(target)
    with tempfile.TemporaryDirectory(prefix="xunjian-") as scratch:
        data = _printed(page, printer, Path(scratch))
        if seal is not None:
            data = sign(data, seal, printer, Path(scratch), box)
        return publish(target, data)


def _printed(page: Path, printer: Printer, scratch: Path) -> bytes:
    """The page as PDF; a very long one part by part, so that the browser's memory stays small."""
    text = page.read_text(encoding="utf-8")
    pieces = parts.split(text)
    printed: list[Path] = []
    for number, piece in enumerate(pieces):
        source, target = (scratch / f"part-{number}.{kind}" for kind in ("html", "pdf"))
        source.write_text(piece, encoding="utf-8")
        printer(page if len(pieces) == 1 else source, target)
        printed.append(target)
    if len(printed) == 1:
        return printed[0].read_bytes()
    numbers, over = scratch / "numbers.html", scratch / "numbers.pdf"
    numbers.write_text(parts.numbers(text, joined.count_pages(printed)), encoding="utf-8")
    printer(numbers, over)
    return joined.join(printed, over)


def sign(data: bytes, seal: Seal, printer: Printer, scratch: Path, box: tuple[float, float, float, float]) -> bytes:
    """The PDF with a PAdES signature (B-B; B-T with a time stamp) in a visible field on its last page."""
    look = scratch / "stamp.pdf"
    page = scratch / "stamp.html"
    page.write_text(stamp.render(seal.key.certificate, seal.number, seal.at), encoding="utf-8")
    printer(page, look)
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    signer = signers.SimpleSigner(
        signing_cert=_certificate(seal.key.certificate),
        signing_key=_private(seal.key),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=seal.key.certificate.name,
        reason=f"检测报告 {seal.number}",
        subfilter=SigSeedSubFilter.PADES,
    )
    out = io.BytesIO()
    signers.PdfSigner(
        metadata,
        signer,
        stamp_style=StaticStampStyle.from_pdf_file(
            str(look), border_width=0, background_opacity=1.0, background_layout=WHOLE
        ),
        timestamper=timestamps.HTTPTimeStamper(seal.tsa) if seal.tsa else None,
        new_field_spec=fields.SigFieldSpec(FIELD, on_page=-1, box=_rounded(box)),
    ).sign_pdf(writer, output=out)
    return out.getvalue()


@dataclass(frozen=True)
class Signed:
    """What a signature in a PDF says."""

    fingerprint: str
    name: str
    intact: bool
    """The bytes are those that were signed."""
    whole: bool
    """The signature covers the whole file as it is."""
    stamped: datetime | None = None
    """When a time-stamping service saw it; None: none was asked. Whether that service is trusted is not asked here."""


def signature(path: Path) -> Signed | None:
    """The signature of a PDF, checked; None when it carries none.

    Whether its certificate is to be trusted is not asked here. Raises ValueError for what is no PDF.
    """
    from cryptography import x509 as c_x509
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation import validate_pdf_signature

    try:
        with path.open("rb") as file:
            found = PdfFileReader(file).embedded_signatures
            if not found:
                return None
            embedded = found[-1]
            cert = embedded.signer_cert
            status = validate_pdf_signature(
                embedded, ValidationContext(trust_roots=[cert], allow_fetching=False, revocation_mode="soft-fail")
            )
            certificate = Certificate(c_x509.load_der_x509_certificate(cert.dump()))
            return Signed(
                fingerprint=certificate.fingerprint,
                name=certificate.name,
                intact=status.intact and status.valid,
                whole=status.coverage is not None and status.coverage.name == "ENTIRE_FILE",
                stamped=status.timestamp_validity.timestamp if status.timestamp_validity is not None else None,
            )
    except (PdfError, OSError) as error:
        raise ValueError(str(error)) from error


def _rounded(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, low, right, high = (round(x) for x in box)
    return left, low, right, high


def _certificate(certificate: Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.x509.public_bytes(serialization.Encoding.DER))


def _private(key: SigningKey) -> asn1_keys.PrivateKeyInfo:
    text = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return asn1_keys.PrivateKeyInfo.load(asn1_pem.unarmor(text)[2])
