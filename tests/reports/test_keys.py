"""Keys: made, stored readable by their owner only, found by reference, refused when they are something else."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from keyring.backend import KeyringBackend

from harness.errors import SecretError, UsageError
from harness.keys import find_key, find_trusted, make_key
from reports.keys import load_certificate, load_key, new_key, signed_itself


def test_a_key_comes_back_as_it_was_made() -> None:
    made = new_key("示例检测中心")
    again = load_key(made.pem, "here")
    assert again.certificate.fingerprint == made.certificate.fingerprint
    assert again.certificate.name == "示例检测中心"
    assert signed_itself(again.certificate)


def test_two_keys_of_one_name_are_told_apart() -> None:
    assert new_key("A").certificate.fingerprint != new_key("A").certificate.fingerprint


def test_a_certificate_lives_as_long_as_asked() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    life = new_key("A", now=now, days=10).certificate.not_after - now
    assert timedelta(days=9, hours=23) < life <= timedelta(days=10)


@pytest.mark.parametrize("name", ["", "   ", "长" * 65])
def test_a_name_that_no_certificate_takes(name: str) -> None:
    with pytest.raises(UsageError, match="does not fit"):
        new_key(name)


def test_a_secret_is_not_shown() -> None:
    key = new_key("A")
    private = key.pem.split("-----")[2].strip()[:40]
    assert private not in repr(key)
    with pytest.raises(SecretError) as refused:
        load_key(key.pem.replace("BEGIN CERTIFICATE", "BEGIN NOTHING"), "env:K")
    assert private not in str(refused.value)


def test_what_is_no_key_is_refused() -> None:
    other = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(SecretError, match="another kind"):
        load_key(other.decode() + new_key("A").certificate.pem, "here")
    with pytest.raises(SecretError, match="not a signing key"):
        load_key("nothing", "here")
    a, b = new_key("A"), new_key("B")
    with pytest.raises(SecretError, match="do not belong together"):
        load_key(a.pem.split("-----BEGIN CERT")[0] + b.certificate.pem, "here")


def test_a_key_in_a_file_is_its_owners(tmp_path: Path) -> None:
    key, certificate = make_key("A", f"file:{tmp_path}/lab.pem", 30)
    assert stat.S_IMODE((tmp_path / "lab.pem").stat().st_mode) == 0o600
    found = find_key(f"file:{tmp_path}/lab.pem")
    assert found is not None
    assert found.certificate.fingerprint == key.certificate.fingerprint
    assert "PRIVATE" not in certificate.read_text()
    (trusted,) = find_trusted([certificate])
    assert trusted.fingerprint == key.certificate.fingerprint


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    make_key("A", f"file:{tmp_path}/lab.pem", 30)
    before = (tmp_path / "lab.pem").read_bytes()
    for gone in ((), ("lab.pem.crt",)):
        for name in gone:
            (tmp_path / name).unlink()
        with pytest.raises(UsageError, match="already"):
            make_key("B", f"file:{tmp_path}/lab.pem", 30)
    assert (tmp_path / "lab.pem").read_bytes() == before


def test_a_key_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_key("A")
    monkeypatch.delenv("XUNJIAN_KEY", raising=False)
    assert find_key(None) is None
    monkeypatch.setenv("LAB", key.pem)
    monkeypatch.setenv("XUNJIAN_KEY", "env:LAB")
    found = find_key(None)
    assert found is not None
    assert found.certificate.fingerprint == key.certificate.fingerprint


@pytest.mark.parametrize("reference", ["lab.pem", "-----BEGIN PRIVATE KEY-----", "vault:x"])
def test_a_key_in_clear_is_refused_and_not_repeated(reference: str) -> None:
    with pytest.raises(UsageError, match="by reference") as refused:
        find_key(reference)
    assert "BEGIN" not in str(refused.value)


def test_what_is_no_certificate(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        find_trusted([tmp_path / "none.crt"])
    with pytest.raises(UsageError, match="not a certificate"):
        load_certificate("x", "here")


class Remembering(KeyringBackend):
    """A keyring that keeps what it is given, for this test only."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[(service, username)] = password


def test_a_key_in_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Remembering())
    monkeypatch.chdir(tmp_path)
    try:
        key, certificate = make_key("A", "keyring:xunjian/lab", 30)
        found = find_key("keyring:xunjian/lab")
        assert found is not None
        assert found.certificate.fingerprint == key.certificate.fingerprint
        assert certificate.name == "lab.crt"
        certificate.unlink()
        with pytest.raises(UsageError, match="already"):
            make_key("B", "keyring:xunjian/lab", 30)
        assert [p.name for p in tmp_path.iterdir()] == []
    finally:
        keyring.set_keyring(before)
