"""The shape of the fleet's certificates: P-256, valid from 2020 to 2049, each for one purpose."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Fixed, because a Pi without a clock may make or read one at 1970; 2049 is the last year of RFC 5280's short form.
VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)
LARGEST_REQUEST_BYTES = 4 * 1024  # a P-256 request is 500 bytes

CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH
SERVER = ExtendedKeyUsageOID.SERVER_AUTH

PrivateKey = ec.EllipticCurvePrivateKey


def new_key() -> PrivateKey:
    """Return a new P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: PrivateKey) -> bytes:
    """Return the key as a file that OpenSSL reads."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_key_pem(content: bytes) -> PrivateKey:
    """Return the P-256 key in ``content``. Raises ValueError."""
    try:
        key = load_pem_private_key(content, password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not a key of an elliptic curve")  # noqa: TRY004 - it is what the bytes say that is wrong
    return key


def public_der(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key's exact bytes (SubjectPublicKeyInfo)."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def request_for(key: PrivateKey) -> bytes:
    """Return a certificate request for ``key``, in DER. It asks for no name: the ticket has that."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def key_in_request(request: bytes) -> ec.EllipticCurvePublicKey:
    """Return the P-256 key that made ``request`` (DER) and is named in it. Raises ValueError."""
    if len(request) > LARGEST_REQUEST_BYTES:
        raise ValueError("the request is too large")
    try:
        parsed = x509.load_der_x509_csr(request)
        key = parsed.public_key()
        if not parsed.is_signature_valid:
            raise ValueError("the request is not signed by its own key")
    except (UnsupportedAlgorithm, InvalidSignature, TypeError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("the request's key is not of P-256")  # noqa: TRY004 - it is what the bytes say
    return key


def self_signed(name: str, key: PrivateKey) -> x509.Certificate:
    """Return the certificate of an authority, which signs others and nothing else."""
    subject = _named(name)
    usage = _usage(certificates=True)
    return (
        _builder(subject, subject, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


def signed(
    name: str,
    public: ec.EllipticCurvePublicKey,
    purposes: tuple[x509.ObjectIdentifier, ...],
    authority: x509.Certificate,
    authority_key: PrivateKey,
) -> x509.Certificate:
    """Return a certificate that says: who has the other half of ``public`` is ``name``, for ``purposes`` only."""
    issuer_key = authority_key.public_key()
    return (
        _builder(_named(name), authority.subject, public)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def revocation_list(serials: tuple[int, ...], authority: x509.Certificate, authority_key: PrivateKey) -> bytes:
    """Return, as PEM, the list of certificates that count no more. It does not run out: that would lock all out."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(VALID_FROM)
        .next_update(VALID_UNTIL)
        .add_extension(x509.CRLNumber(len(serials) + 1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
    )
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(VALID_FROM).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority_key, hashes.SHA256()).public_bytes(Encoding.PEM)


def pem(certificate: x509.Certificate) -> bytes:
    """Return the certificate as a file that OpenSSL reads."""
    return certificate.public_bytes(Encoding.PEM)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
