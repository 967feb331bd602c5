"""Checking a masked copy: what was not masked is what was signed, what was masked is listed, nothing was added."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from harness.bundle import Masked, Redaction
from harness.ledger import EVIDENCE, GENESIS, LEDGER, Problem, canonical, sha256
from harness.verify import REDACTION

if TYPE_CHECKING:
    from reports.attestation import Statement


def problems_of(run: Path, statement: Statement) -> Iterator[Problem]:
    """Everything in a masked copy that the signed statement and redaction.json do not account for."""
    from reports import attestation

    listing = _listing(run)
    if isinstance(listing, Problem):
        yield listing
        return
    masked = {m.name: m for m in listing.files}
    signed = {s.name: s.digest.get("sha256", "") for s in statement.subject}
    for name, digest in signed.items():
        yield from _one(run, name, digest, masked.get(name))
    allowed = {*signed, REDACTION, attestation.ATTESTATION}
    for path in sorted(p for p in run.iterdir() if p.is_file() and p.name not in allowed):
        yield Problem(path.name, "file was added: neither signed nor listed as masked")
    here = set(attestation.evidence_names(run))
    gone = {m.name.partition("/")[2] for m in listing.files if m.name.startswith(f"{EVIDENCE}/")}
    if attestation.manifest(here | gone) != statement.predicate.evidence:
        yield Problem(EVIDENCE, f"other files than were attested: {statement.predicate.evidence.files} then")
    for name in sorted(here | gone):
        yield from _one(run, f"{EVIDENCE}/{name}", name.split(".")[0], masked.get(f"{EVIDENCE}/{name}"))
    yield from _chain(run, set(listing.ledger_lines), statement.predicate.ledger.head)


def _listing(run: Path) -> Redaction | Problem:
    try:
        return Redaction.model_validate_json((run / REDACTION).read_bytes())
    except (OSError, ValueError) as error:
        return Problem(REDACTION, f"cannot be read: {str(error).splitlines()[0]}")


def _one(run: Path, name: str, digest: str, masked: Masked | None) -> Iterator[Problem]:
    path = run / name
    found = sha256(path.read_bytes()) if path.is_file() else None
    if masked is None:
        if found is None:
            yield Problem(name, "file is missing")
        elif found != digest:
            yield Problem(name, "file was changed: its digest is not the attested one, and it is not listed as masked")
    elif masked.sha256 != digest:
        yield Problem(REDACTION, f"{name} had another digest than is listed")
    elif found != masked.masked_sha256:
        what = "is missing" if found is None else "was changed after it was masked"
        yield Problem(name, f"file {what}")


def _chain(run: Path, masked: set[int], head: str) -> Iterator[Problem]:
    """Every line follows the one before; the content of those that were not masked fits its hash."""
    prev, number = GENESIS, 0
    with (run / LEDGER).open("rb") as file:
        for number, raw in enumerate(file, 1):
            where = f"{LEDGER}:{number}"
            try:
                line: Mapping[str, object] = json.loads(raw)
                own, link = str(line["hash"]), line["prev"]
            except (ValueError, KeyError, TypeError) as error:
                yield Problem(where, f"not a ledger line: {error}")
                continue
            content = sha256(canonical({k: v for k, v in line.items() if k != "hash"}).encode())
            if number not in masked and content != own:
                yield Problem(
                    where, "line was changed: its hash does not fit its content, and it is not listed as masked"
                )
            if link != prev or line.get("seq") != number:
                yield Problem(where, f"chain is broken: follows {number - 1}, says {line.get('seq')}")
            prev = own
    if prev != head:
        yield Problem(LEDGER, f"ends in {prev[:12]}, the statement says {head[:12]}")
