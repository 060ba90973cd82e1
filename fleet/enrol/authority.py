"""The hub's authority: its key and certificate on disk, and what it signs with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from box.durable import replace_file
from box.sentences import XiaolabaError
from fleet.enrol import certificates
from fleet.enrol.certificates import CLIENT, SERVER, PrivateKey
from fleet.wire.names import HUB, is_device_name

KEY, CERTIFICATE = "key.pem", "certificate.pem"


class AuthorityUnreadable(XiaolabaError):
    """The authority's files are damaged or gone: no box can be added until they are back from a backup."""


@dataclass(frozen=True)
class Signed:
    """A certificate as a file, and its serial number, by which it can be revoked."""

    pem: bytes
    serial: int


class Authority:
    """Signs certificates. A device's is good for being a client only: with it nobody can pose as the hub."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self._certificate = certificate

    @classmethod
    def new(cls) -> Authority:
        """Return a new authority."""
        key = certificates.new_key()
        return cls(key, certificates.self_signed("xiaolaba hub authority", key))

    @classmethod
    def read(cls, folder: Path) -> Authority:
        """Return the one in ``folder``. Raises AuthorityUnreadable."""
        try:
            key = certificates.read_key_pem((folder / KEY).read_bytes())
            return cls(key, x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes()))
        except (OSError, ValueError) as error:
            raise AuthorityUnreadable(
                f"总站的证书文件读不出来：{folder}（{error}），请从备份恢复",
                f"the hub's authority can't be read: {folder} ({error}); restore it from the backup",
            ) from error

    def write(self, folder: Path) -> None:
        """Keep it in ``folder``, the key for its owner alone. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(folder / CERTIFICATE, self.pem, mode=0o644)
        replace_file(folder / KEY, certificates.key_pem(self._key), mode=0o600)

    @property
    def pem(self) -> bytes:
        """Its certificate, which everybody may have."""
        return certificates.pem(self._certificate)

    @property
    def fingerprint(self) -> bytes:
        """The SHA-256 of its certificate's DER: what a ticket names it by."""
        return hashlib.sha256(self._certificate.public_bytes(Encoding.DER)).digest()

    def sign_device(self, request: bytes, name: str) -> Signed:
        """Return a certificate for the key in ``request`` (DER) as the device ``name``. Raises ValueError."""
        if not is_device_name(name):
            raise ValueError(f"not a device's name: {name!r}")
        return self._sign(name, request, (CLIENT,))

    def sign_hub(self, request: bytes) -> Signed:
        """Return the hub's own certificate: server of its addresses, client of its broker."""
        return self._sign(HUB, request, (SERVER, CLIENT))

    def revocation_list(self, serials: tuple[int, ...]) -> bytes:
        """Return the PEM that takes back the certificates with these serials."""
        return certificates.revocation_list(serials, self._certificate, self._key)

    def _sign(self, name: str, request: bytes, purposes: tuple[x509.ObjectIdentifier, ...]) -> Signed:
        public = certificates.key_in_request(request)
        certificate = certificates.signed(name, public, purposes, self._certificate, self._key)
        return Signed(certificates.pem(certificate), certificate.serial_number)


def fingerprint_of(pem: bytes) -> bytes:
    """Return the SHA-256 of the DER of the certificate in ``pem``. Raises ValueError."""
    return hashlib.sha256(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)).digest()
