"""A run as one ZIP for the file; with `redacted`, without faces, names and identity numbers, and still checkable."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from harness.errors import LedgerError
from harness.ledger import EVIDENCE, LEDGER, read, sha256
from harness.model.values import Frozen
from harness.redaction import masked_file, masked_json, masked_ledger, masked_text
from harness.verify import REDACTION, verify_run

STAMP = (1980, 1, 1, 0, 0, 0)
"""The date of every entry, so that the same run is always the same ZIP."""
PACKED = frozenset({"png", "jpg", "jpeg", "webp", "zip", "xlsx", "docx", "pdf"})
"""Already compressed."""
LEFT_OUT = ("report.pdf",)
"""Holds pictures that cannot be taken out of it."""


class Masked(Frozen):
    """A file that is not what was signed: the digest that it had, and the one that it has; None: it was left out."""

    name: str
    sha256: str
    masked_sha256: str | None = None


class Redaction(Frozen):
    """redaction.json."""

    v: int = 1
    run_id: str
    files: tuple[Masked, ...]
    ledger_lines: tuple[int, ...] = Field(default=())
    """Numbers of the ledger lines whose content was masked; their links and hashes are as they were."""


def bundle(run: Path, target: Path, *, redacted: bool = False) -> Path:
    """Write the ZIP. Raises LedgerError when the run is not intact, is not finished, or the file exists."""
    if target.exists():
        raise LedgerError("there is a file already", where=str(target))
    found = verify_run(run)
    if not found.intact:
        raise LedgerError(
            "the run is not intact", where=str(run / found.problems[0].where), got=found.problems[0].message
        )
    if not (run / "run.json").is_file():
        raise LedgerError("the run is not finished", where=str(run), expected="run.json")
    with tempfile.TemporaryDirectory(prefix="xunjian-") as scratch:
        source = run
        if redacted:
            source = Path(scratch) / "run"
            redact_run(run, source)
        _zip(source, target, f"{run.name}-redacted" if redacted else run.name)
    return target


def _zip(source: Path, target: Path, root: str) -> None:
    partial = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(partial, "w") as packed:
            for path in sorted(p for p in source.rglob("*") if p.is_file() and not p.name.startswith(".")):
                entry = zipfile.ZipInfo(f"{root}/{path.relative_to(source).as_posix()}", STAMP)
                entry.external_attr = 0o644 << 16
                stored = path.suffix.lstrip(".").lower() in PACKED
                entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                with path.open("rb") as data, packed.open(entry, "w") as out:
                    shutil.copyfileobj(data, out, 1 << 20)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def redact_run(run: Path, to: Path) -> Redaction:
    """A masked copy of a finished run, with redaction.json."""
    (to / EVIDENCE).mkdir(parents=True)
    with (run / LEDGER).open("rb") as file:
        ledger, lines = masked_ledger(file)
    (to / LEDGER).write_bytes(ledger)
    masked = [*_evidence(run, to), *_files(run, to, ledger)]
    result = json.loads((run / "run.json").read_bytes())
    made = Redaction(run_id=str(result["run_id"]), files=tuple(masked), ledger_lines=lines)
    (to / REDACTION).write_text(made.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return made


def _evidence(run: Path, to: Path) -> Iterator[Masked]:
    for path in sorted((run / EVIDENCE).glob("*")) if (run / EVIDENCE).is_dir() else ():
        data = path.read_bytes()
        done = masked_file(path.name, data)
        if done is not None:
            (to / EVIDENCE / path.name).write_bytes(done)
        if done != data:
            yield Masked(
                name=f"{EVIDENCE}/{path.name}",
                sha256=sha256(data),
                masked_sha256=None if done is None else sha256(done),
            )


def _files(run: Path, to: Path, ledger: bytes) -> Iterator[Masked]:
    for path in sorted(p for p in run.iterdir() if p.is_file() and not p.name.startswith(".")):
        data = path.read_bytes()
        done: bytes | None
        if path.name == LEDGER:
            done = ledger
        elif path.name in LEFT_OUT:
            done = None
        elif path.suffix == ".pdf" or path.name == "attestation.json":
            done = data  # the conclusion sheet shows nobody; the statement is what all is checked against
        elif path.name == "report.html":
            continue  # made anew below, when run.json lies there
        else:
            mask = masked_json if path.suffix == ".json" else masked_text
            done = mask(data.decode("utf-8")).encode()
        if done is not None:
            (to / path.name).write_bytes(done)
        if done != data:
            yield Masked(name=path.name, sha256=sha256(data), masked_sha256=None if done is None else sha256(done))
    if (run / "report.html").is_file():
        page = page_of_masked(to)
        (to / "report.html").write_bytes(page)
        yield Masked(name="report.html", sha256=sha256((run / "report.html").read_bytes()), masked_sha256=sha256(page))


def page_of_masked(to: Path) -> bytes:
    """report.html made anew from what lies in a masked copy."""
    from harness.dossier import dossier_of
    from harness.standards import load_standard
    from reports import html, json_run
    from reports.thumbs import thumbnails

    result = json_run.read(to)
    standard = load_standard(overlays=result.standard.overlays)
    dossier = dossier_of(list(read(to)), result, standard)
    return html.render(dossier, "zh", thumbnails(to / EVIDENCE, html.wanted_pictures(dossier))).encode()
