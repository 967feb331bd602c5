"""A laboratory's signing key: an elliptic-curve key (P-256) with its X.509 certificate, in one PEM text.

The same key signs the attestation (DSSE) and the PDFs (PAdES), so that both name one signer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from harness.errors import SecretError, UsageError

LIFE_DAYS = 1095
"""Three years, as the certificates of electronic seals usually run."""
LONGEST_NAME = 64
"""Characters of a common name (X.520 ub-common-name)."""


@dataclass(frozen=True)
class Certificate:
    """The public half: who signs, and with what."""

    x509: x509.Certificate

    @property
    def name(self) -> str:
        """The signer's common name."""
        found = self.x509.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(found[0].value) if found else self.x509.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key (SubjectPublicKeyInfo), hex: the same when a certificate is renewed."""
        return hashlib.sha256(
            self.x509.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        ).hexdigest()

    @property
    def pem(self) -> str:
        """The certificate as text."""
        return self.x509.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def not_after(self) -> datetime:
        """The end of its life, UTC."""
        return self.x509.not_valid_after_utc


@dataclass(frozen=True)
class SigningKey:
    """The private half. Shows itself as its fingerprint."""

    private: ec.EllipticCurvePrivateKey
    certificate: Certificate

    def __repr__(self) -> str:
        return f"SigningKey({self.certificate.name!r}, {self.certificate.fingerprint[:12]})"

    @property
    def pem(self) -> str:
        """Private key and certificate as text. A secret."""
        private = self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return private.decode() + self.certificate.pem


def new_key(name: str, *, now: datetime | None = None, days: int = LIFE_DAYS) -> SigningKey:
    """A fresh key with a certificate that it signed itself. Raises UsageError for a name that no certificate takes."""
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME:
        raise UsageError(
            "the signer's name does not fit a certificate", got=repr(name), expected=f"1 to {LONGEST_NAME} characters"
        )
    private = ec.generate_private_key(ec.SECP256R1())
    start = (now or datetime.now(UTC)) - timedelta(minutes=5)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, clean)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    return SigningKey(private, Certificate(certificate))


def load_key(pem: str, where: str) -> SigningKey:
    """A key with its certificate from text.

    Raises SecretError, which never shows the text, when either is missing, of another kind, or they don't belong
    together.
    """
    expected = "a PEM text with an elliptic-curve private key (P-256) and its certificate"
    try:
        private = serialization.load_pem_private_key(pem.encode(), None)
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, TypeError) as error:
        raise SecretError(
            "not a signing key", where=where, expected=expected, hint="Make one with `xunjian keys new`."
        ) from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise SecretError("a signing key of another kind", where=where, got=type(private).__name__, expected=expected)
    if certificate.public_key() != private.public_key():
        raise SecretError("certificate and private key do not belong together", where=where, expected=expected)
    return SigningKey(private, Certificate(certificate))


def load_certificate(pem: str, where: str) -> Certificate:
    """A certificate from text, whose key must be able to sign. Raises UsageError."""
    try:
        found = x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise UsageError("not a certificate", where=where, expected="a PEM text") from error
    if not isinstance(found.public_key(), ec.EllipticCurvePublicKey):
        raise UsageError("a certificate of another kind", where=where, expected="an elliptic-curve key (P-256)")
    return Certificate(found)


def signed_itself(certificate: Certificate) -> bool:
    """Is it a certificate that nobody else vouches for?"""
    try:
        certificate.x509.verify_directly_issued_by(certificate.x509)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
