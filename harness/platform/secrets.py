"""Credentials by reference: `env:NAME`, `file:PATH` (relative to the profile), `keyring:SERVICE/NAME`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.errors import SecretError


class Secret:
    """A value that shows itself only when asked to."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value."""
        return self._value

    def __repr__(self) -> str:
        return "***"


def resolve(reference: str, *, env: Mapping[str, str], folder: Path, where: str) -> Secret:
    """The secret that a reference names.

    Raises SecretError with the place and the reference, never with a value.
    """
    kind, _, name = reference.partition(":")
    found, why = _READERS[kind](name, env, folder)
    if not found:
        raise SecretError(
            "credential does not resolve", where=where, got=f"{reference} ({why})", expected=_WANTED[kind]
        )
    return Secret(found)


def _from_env(name: str, env: Mapping[str, str], folder: Path) -> tuple[str | None, str]:
    return env.get(name), "not set, or empty"


def _from_file(name: str, env: Mapping[str, str], folder: Path) -> tuple[str | None, str]:
    try:
        return (folder / name).read_text(encoding="utf-8").strip("\r\n"), "empty"
    except (OSError, UnicodeDecodeError) as error:
        return None, getattr(error, "strerror", None) or "not UTF-8 text"


def _from_keyring(name: str, env: Mapping[str, str], folder: Path) -> tuple[str | None, str]:
    import keyring  # finds its back ends when imported: only who uses one waits for it
    from keyring.errors import KeyringError

    service, _, user = name.partition("/")
    try:
        return keyring.get_password(service, user), "no such entry"
    except KeyringError as error:
        return None, type(error).__name__


_READERS = {"env": _from_env, "file": _from_file, "keyring": _from_keyring}
_WANTED = {
    "env": "an environment variable of that name",
    "file": "a readable file with the secret in it",
    "keyring": "an entry SERVICE/NAME in the system's keyring",
}
