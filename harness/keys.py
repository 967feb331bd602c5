"""Signing keys by reference (`env:NAME`, `file:PATH`, `keyring:SERVICE/NAME`), made and found; never shown."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.platform.secrets import resolve

if TYPE_CHECKING:
    from reports.keys import Certificate, SigningKey

KEY_ENV = "XUNJIAN_KEY"
"""Reference of the key that signs, where a command names none."""
TRUST_ENV = "XUNJIAN_TRUST"
"""Certificates of signers that `verify` trusts, where the command names none; separated like PATH."""
TSA_ENV = "XUNJIAN_TSA"
"""Address of a time-stamping service (RFC 3161), optional."""


def find_key(reference: str | None) -> SigningKey | None:
    """The key of a reference, else of XUNJIAN_KEY; None when neither names one. Raises SecretError, UsageError."""
    chosen = reference or os.environ.get(KEY_ENV)
    if not chosen:
        return None
    from reports.keys import load_key

    where = "--key" if reference else KEY_ENV
    if chosen.split(":", 1)[0] not in ("env", "file", "keyring") or ":" not in chosen:
        raise UsageError(
            "a key is given by reference", where=where, expected="env:NAME, file:PATH or keyring:SERVICE/NAME"
        )
    return load_key(resolve(chosen, env=os.environ, folder=Path(), where=where).reveal(), f"{where} {chosen}")


def find_trusted(paths: Iterable[Path]) -> tuple[Certificate, ...]:
    """The certificates that somebody trusts: those named, else those of XUNJIAN_TRUST. Raises UsageError."""
    from reports.keys import load_certificate

    chosen = tuple(paths) or tuple(Path(p) for p in os.environ.get(TRUST_ENV, "").split(os.pathsep) if p)
    found = []
    for path in chosen:
        try:
            found.append(load_certificate(path.read_text(encoding="utf-8"), str(path)))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError("certificate cannot be read", where=str(path), got=str(error)) from error
    return tuple(found)


def make_key(name: str, to: str, days: int) -> tuple[SigningKey, Path]:
    """A new key, kept where `to` says: `file:PATH` (readable by its owner only) or `keyring:SERVICE/NAME`.

    Its certificate goes beside it as PATH.crt, or NAME.crt in this folder. Raises UsageError where something is
    there already: a lost key cannot be had back.
    """
    from reports.keys import new_key

    kind, _, place = to.partition(":")
    if kind not in ("file", "keyring") or not place:
        raise UsageError(
            "where shall the key be kept?", where="--to", got=to, expected="file:PATH or keyring:SERVICE/NAME"
        )
    certificate = Path(f"{place}.crt") if kind == "file" else Path(f"{place.rpartition('/')[2]}.crt")
    if certificate.exists():
        raise UsageError("there is a certificate already", where=str(certificate), hint="Choose another name.")
    key = new_key(name, days=days)
    if kind == "file":
        _store(Path(place), key.pem)
    else:
        _keep(place, key.pem)
    certificate.write_text(key.certificate.pem, encoding="utf-8")
    return key, certificate


def _store(path: Path, pem: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError("there is a key already", where=str(path), hint="Choose another name.") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(pem)


def _keep(place: str, pem: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    service, _, name = place.partition("/")
    try:
        if keyring.get_password(service, name):
            raise UsageError("there is a key already", where=f"keyring:{place}", hint="Choose another name.")
        keyring.set_password(service, name, pem)
    except KeyringError as error:
        raise UsageError(
            "the keyring cannot be used", where=f"keyring:{place}", got=type(error).__name__, hint="Use file:PATH."
        ) from error
