"""A signed run: every file is covered, whoever changes, removes, adds or signs anew is found and named."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign import timestamps

from harness import conclude
from harness.verify import Verification, verify_run
from reports import attestation, json_run, pdf
from reports.keys import SigningKey, new_key
from tests.storedrun import issue, print_plainly

FILES = (
    "ledger.jsonl",
    "run.json",
    "questions.yaml",
    "report.html",
    "report.pdf",
    "junit.xml",
    "pytest.html",
    "attestation.json",
)


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return new_key("示例检测中心")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, key: SigningKey) -> Path:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(conclude, "printer", print_plainly)
        return issue(tmp_path_factory.mktemp("original") / "run", key)


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "run")


def named(report: Verification) -> set[str]:
    assert not report.intact
    return {p.where for p in report.problems}


def test_an_untouched_run_is_intact_and_says_who_signed(run: Path, key: SigningKey) -> None:
    assert {p.name for p in run.iterdir() if p.is_file()} == set(FILES)
    report = verify_run(run, [key.certificate])
    assert report.problems == []
    assert report.notes == []
    assert report.signer == f"示例检测中心 {key.certificate.fingerprint[:16]}"


def test_without_a_trusted_certificate_the_name_is_only_a_claim(run: Path) -> None:
    report = verify_run(run)
    assert report.intact
    assert any("no trusted certificate" in note for note in report.notes)


@pytest.mark.parametrize("tenth", [0, 3, 6, 9])
@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_of_any_file_is_named(run: Path, name: str, tenth: int) -> None:
    path = run / name
    raw = bytearray(path.read_bytes())
    raw[len(raw) * tenth // 10 + 1] ^= 1
    path.write_bytes(raw)
    where = named(verify_run(run))
    assert any(place.split(":")[0] == name for place in where), where


@pytest.mark.parametrize("name", [n for n in FILES if n != "ledger.jsonl"])
def test_a_removed_file_is_named(run: Path, name: str) -> None:
    (run / name).unlink()
    assert name in named(verify_run(run))


def test_a_removed_evidence_file_is_named(run: Path) -> None:
    (path,) = (run / "evidence").iterdir()
    path.unlink()
    assert f"evidence/{path.name}" in named(verify_run(run))


def test_an_added_file_is_named(run: Path) -> None:
    (run / "report-2.html").write_text("<p>通过</p>", encoding="utf-8")
    (run / "evidence" / "stranger.png").write_bytes(b"?")
    assert named(verify_run(run)) == {"report-2.html", "evidence"}


def sign_anew(run: Path, key: SigningKey | None) -> None:
    """What somebody does who may write all files but has another key."""
    opened = attestation.read(run)
    assert opened.statement is not None
    (run / "attestation.json").unlink()
    made = attestation.statement(
        run,
        json_run.read(run),
        issued=opened.statement.predicate.issued,
        signer=key.certificate if key else None,
    )
    attestation.write(run, made, key)


def test_signed_anew_with_another_key_of_the_same_name(run: Path, key: SigningKey) -> None:
    sign_anew(run, new_key("示例检测中心"))
    report = verify_run(run)
    assert named(report) == {"attestation.json", "report.pdf"}
    assert any("signed by another key: the run began under" in p.message for p in report.problems)
    assert any("not trusted" in p.message for p in verify_run(run, [key.certificate]).problems)


def test_a_signature_outside_the_certificates_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = new_key("示例检测中心", now=datetime.now(UTC) - timedelta(days=40), days=30)
    run = issue(tmp_path / "run", old, printing=False)
    assert [p.where for p in verify_run(run, [old.certificate]).problems] == ["attestation.json"]


def test_the_signature_taken_away(run: Path, key: SigningKey) -> None:
    sign_anew(run, None)
    assert "attestation.json" in named(verify_run(run))
    (run / "attestation.json").unlink()
    (problem,) = verify_run(run).problems
    assert "the ledger names a signer" in problem.message


def test_a_report_exchanged_and_attested_anew(run: Path, key: SigningKey) -> None:
    """Who has the key may do that; who has only the files may not."""
    (run / "report.html").write_text("<p>通过</p>", encoding="utf-8")
    assert named(verify_run(run)) == {"report.html"}


def test_another_runs_statement(run: Path, key: SigningKey, tmp_path: Path) -> None:
    data = json.loads((run / "attestation.json").read_bytes())
    payload = json.loads(base64.b64decode(data["payload"]))
    payload["predicate"]["decision"] = "CONFORMANT"
    data["payload"] = base64.b64encode(json.dumps(payload).encode()).decode()
    (run / "attestation.json").write_text(json.dumps(data, indent=1, sort_keys=True) + "\n")
    messages = [p.message for p in verify_run(run).problems]
    assert any("signature does not hold" in m for m in messages)
    assert any("decision CONFORMANT" in m for m in messages)


def test_an_unsigned_run_is_checked_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conclude, "printer", print_plainly)
    run = issue(tmp_path / "run", None)
    report = verify_run(run)
    assert report.intact
    assert any("nobody signed this run" in note for note in report.notes)
    (run / "junit.xml").write_text("<x/>")
    assert named(verify_run(run)) == {"junit.xml"}
    assert not verify_run(run, [new_key("A").certificate]).intact


def test_the_envelope_is_read_by_tools_of_other_makers(run: Path, key: SigningKey, tmp_path: Path) -> None:
    """DSSE: the signature is over PAE(type, payload); openssl knows nothing of us."""
    data = json.loads((run / "attestation.json").read_bytes())
    payload = base64.b64decode(data["payload"])
    kind = data["payloadType"].encode()
    (tmp_path / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    (tmp_path / "sig").write_bytes(base64.b64decode(data["signatures"][0]["sig"]))
    (tmp_path / "cert.pem").write_text(key.certificate.pem)
    public = subprocess.run(
        ["openssl", "x509", "-in", "cert.pem", "-pubkey", "-noout"], cwd=tmp_path, capture_output=True, check=True
    ).stdout
    (tmp_path / "pub.pem").write_bytes(public)
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", "pub.pem", "-signature", "sig", "pae"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "Verified OK")
    said: dict[str, Any] = json.loads(payload)
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    assert {s["name"] for s in said["subject"]} == set(FILES) - {"attestation.json"}


def test_the_pdfs_signature_holds_in_an_independent_check(run: Path, key: SigningKey, tmp_path: Path) -> None:
    raw = (run / "report.pdf").read_bytes()
    place = raw.rindex(b"/ByteRange")
    a, b, c, d = (int(n) for n in raw[raw.index(b"[", place) + 1 : raw.index(b"]", place)].split())
    assert (a, c + d) == (0, len(raw))
    (tmp_path / "content").write_bytes(raw[a : a + b] + raw[c : c + d])
    (tmp_path / "cms.der").write_bytes(bytes.fromhex(raw[a + b + 1 : c - 1].decode()))
    (tmp_path / "cert.pem").write_text(key.certificate.pem)
    command = "openssl cms -verify -binary -inform DER -in cms.der -content content -CAfile cert.pem -purpose any"
    good = subprocess.run([*command.split(), "-out", "out"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stderr
    changed = bytearray((tmp_path / "content").read_bytes())
    changed[50] ^= 1
    (tmp_path / "content").write_bytes(changed)
    bad = subprocess.run([*command.split(), "-out", "out"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert bad.returncode != 0


def test_the_signature_is_pades_and_visible(run: Path) -> None:
    from pypdf import PdfReader

    (field,) = (PdfReader(run / "report.pdf").get_fields() or {}).values()
    value = field["/V"].get_object()
    assert value["/SubFilter"] == "/ETSI.CAdES.detached"
    last = PdfReader(run / "report.pdf").pages[-1]
    (widget,) = (a.get_object() for a in last["/Annots"])
    left, low, right, high = (float(x) for x in widget["/Rect"])
    assert (right - left, high - low) == (pytest.approx(92 * pdf.MM, abs=1), pytest.approx(32 * pdf.MM, abs=1))
    assert widget["/AP"]["/N"].get_object()["/BBox"]


def rsa_service() -> tuple[Any, Any]:
    """Certificate and key of a time-stamping service: the stand-in of the library signs with RSA only."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TSA")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(private, hashes.SHA256())
    )
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (
        asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(der),
    )


def test_a_trusted_time_stamp_is_part_of_the_signature(
    tmp_path: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-stamping service of the test's own stands for the one whose address is given."""
    certificate, private = rsa_service()
    asked: list[str] = []

    def local(url: str) -> timestamps.DummyTimeStamper:
        asked.append(url)
        return timestamps.DummyTimeStamper(certificate, private)

    monkeypatch.setattr(timestamps, "HTTPTimeStamper", local)
    page = tmp_path / "report.html"
    page.write_text("<p>x</p>", encoding="utf-8")
    seal = pdf.Seal(key, "1", datetime.now(UTC), tsa="http://tsa.invalid/")
    pdf.write(tmp_path, print_plainly, seal)
    found = pdf.signature(tmp_path / "report.pdf")
    assert asked
    assert set(asked) == {"http://tsa.invalid/"}
    assert found is not None
    assert (found.intact, found.whole) == (True, True)
    assert found.stamped is not None
    assert abs((found.stamped - datetime.now(UTC)).total_seconds()) < 3600


def test_a_page_added_after_signing(run: Path) -> None:
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    with (run / "report.pdf").open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.root[pdf_name("/Note")] = pdf_string("通过")
        writer.update_root()
        writer.write_in_place()
    assert named(verify_run(run)) == {"report.pdf"}
    found = pdf.signature(run / "report.pdf")
    assert found is not None
    assert (found.intact, found.whole) == (True, False)


def test_a_pdf_without_a_signature(tmp_path: Path) -> None:
    print_plainly(tmp_path / "x.html", tmp_path / "x.pdf")
    assert pdf.signature(tmp_path / "x.pdf") is None
    (tmp_path / "y.pdf").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"PDF|startxref|header"):
        pdf.signature(tmp_path / "y.pdf")


@pytest.mark.parametrize(
    ("finished", "months", "until"),
    [
        ("2026-11-26", 12, "2027-11-26"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
    ],
)
def test_how_long_a_conclusion_stands(finished: str, months: int, until: str) -> None:
    from datetime import date

    assert attestation.valid_until(date.fromisoformat(finished), months).isoformat() == until
