"""attestation.json: who says that these are the files of this run (in-toto Statement v1 in a DSSE envelope).

The statement names every file of the run by SHA-256, and says what it rests on: the ledger's head, the evidence,
the profile, the standard, the harness. The envelope carries one signature, or none where nobody gave a key: then it
still finds what was changed by accident, and says nothing about who made it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer._crypto_signer import CryptoSigner
from securesystemslib.signer._key import SSlibKey

from harness.errors import UsageError
from harness.model.run import RunResult
from harness.model.values import Frozen
from reports.keys import Certificate, SigningKey, load_certificate
from reports.once import write_once

ATTESTATION = "attestation.json"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:xunjian:test-report:v1"
EVIDENCE = "evidence"
VALID_MONTHS = 12
"""How long a conclusion stands unless something else is agreed (issue 9)."""


class Subject(Frozen):
    """A file of the run."""

    name: str
    digest: dict[str, str]


class Signer(Frozen):
    """Who signed: the certificate travels along; whether to trust it is the reader's to say."""

    name: str
    fingerprint: str
    certificate: str


class LedgerState(Frozen):
    """The chain's end."""

    head: str
    lines: int


class EvidenceState(Frozen):
    """Number of evidence files, and SHA-256 over their sorted names (which are digests), one a line."""

    files: int
    manifest: str


class Predicate(Frozen):
    """What the files rest on."""

    run_id: str
    decision: str
    decision_extended: str
    mode: str
    ledger: LedgerState
    evidence: EvidenceState
    profile: str
    standard: dict[str, Any]
    harness: dict[str, str]
    issued: datetime
    valid_until: date | None = None
    """For a conclusion that may be issued; None where there is none."""
    signer: Signer | None = None
    amends: dict[str, str] | None = None
    """run_id and ledger head of the version that this one amends."""


class Statement(Frozen):
    """The payload."""

    type: str = Field(default=STATEMENT_TYPE, alias="_type")
    subject: tuple[Subject, ...]
    predicate_type: str = Field(default=PREDICATE_TYPE, alias="predicateType")
    predicate: Predicate


def sha256_file(path: Path) -> str:
    """Hex SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest(names: Iterable[str]) -> EvidenceState:
    """The evidence by its names."""
    ordered = sorted(names)
    return EvidenceState(files=len(ordered), manifest=hashlib.sha256("\n".join(ordered).encode()).hexdigest())


def files(run_dir: Path) -> tuple[Path, ...]:
    """The files of a run that a statement names one by one: all but the evidence and the attestation itself."""
    return tuple(sorted(p for p in run_dir.iterdir() if p.is_file() and p.name != ATTESTATION and p.name[0] != "."))


def evidence_names(run_dir: Path) -> tuple[str, ...]:
    """The names in the evidence folder."""
    folder = run_dir / EVIDENCE
    return tuple(sorted(p.name for p in folder.iterdir() if p.name[0] != ".")) if folder.is_dir() else ()


def statement(
    run_dir: Path,
    result: RunResult,
    *,
    issued: datetime,
    valid_until: date | None = None,
    signer: Certificate | None = None,
    amends: dict[str, str] | None = None,
) -> Statement:
    """What there is to sign, from the files as they lie there."""
    who = None if signer is None else Signer(name=signer.name, fingerprint=signer.fingerprint, certificate=signer.pem)
    return Statement(
        subject=tuple(Subject(name=p.name, digest={"sha256": sha256_file(p)}) for p in files(run_dir)),
        predicate=Predicate(
            run_id=result.run_id,
            decision=result.decision.value,
            decision_extended=result.decision_extended.value,
            mode=result.mode.value,
            ledger=LedgerState(head=result.ledger_head, lines=result.observations),
            evidence=manifest(evidence_names(run_dir)),
            profile=result.subject.profile_digest,
            standard={
                "id": result.standard.id,
                "overlays": list(result.standard.overlays),
                "digest": result.standard.digest,
            },
            harness={"version": result.harness.version, "digest": result.harness.digest},
            issued=issued,
            valid_until=valid_until,
            signer=who,
            amends=amends,
        ),
    )


def envelope(of: Statement, key: SigningKey | None) -> Envelope:
    """The statement in its envelope, signed where there is a key."""
    payload = json.dumps(
        of.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    ).encode()
    made = Envelope(payload, PAYLOAD_TYPE, {})
    if key is not None:
        made.sign(CryptoSigner(key.private, _public(key.certificate)))
    return made


def write(run_dir: Path, of: Statement, key: SigningKey | None) -> Path:
    """Write attestation.json. Raises LedgerError if there is one."""
    text = json.dumps(envelope(of, key).to_dict(), indent=1, sort_keys=True) + "\n"
    return write_once(run_dir / ATTESTATION, text)


class Opened(Frozen):
    """An attestation as read: what it says, whether its signature holds, and what is wrong with it."""

    statement: Statement | None = None
    signed: bool = False
    """It carries a signature that the certificate in it verifies."""
    problem: str = ""


def read(run_dir: Path) -> Opened:
    """Open attestation.json and check its signature against the certificate inside. Raises nothing for a bad one."""
    path = run_dir / ATTESTATION
    try:
        raw = path.read_bytes()
        data = json.loads(raw)
        if json.dumps(data, indent=1, sort_keys=True).encode() + b"\n" != raw:
            return Opened(problem="file was changed: it is not in the form in which it was written")
        found = Envelope.from_dict(data)
        if found.payload_type != PAYLOAD_TYPE:
            return Opened(problem=f"another type of payload: {found.payload_type}")
        said = Statement.model_validate_json(found.payload)
    except ValidationError as error:
        return Opened(problem=f"file was changed: {error.errors(include_url=False)[0]['msg']}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        return Opened(problem=f"cannot be read: {error}")
    who = said.predicate.signer
    if who is None:
        problem = "carries a signature, but says nobody signed" if found.signatures else ""
        return Opened(statement=said, problem=problem)
    try:
        certificate = load_certificate(who.certificate, ATTESTATION)
        if certificate.fingerprint != who.fingerprint:
            return Opened(statement=said, problem="the certificate is not the signer's that it names")
        found.verify([_public(certificate)], 1)
    except (VerificationError, UsageError, ValueError) as error:
        return Opened(statement=said, problem=f"the signature does not hold: {str(error)[:200]}")
    return Opened(statement=said, signed=True)


def _public(certificate: Certificate) -> SSlibKey:
    """The key under its fingerprint, as securesystemslib wants it."""
    return SSlibKey.from_crypto(certificate.x509.public_key(), keyid=certificate.fingerprint)


def payload_of(run_dir: Path) -> bytes:
    """The signed bytes, for tools of other makers."""
    data = json.loads((run_dir / ATTESTATION).read_bytes())
    return base64.b64decode(data["payload"])


def valid_until(finished: date, months: int = VALID_MONTHS) -> date:
    """The same day so many months later, or that month's last."""
    year, month = divmod(finished.year * 12 + finished.month - 1 + months, 12)
    for day in range(finished.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(finished.day, 28))
