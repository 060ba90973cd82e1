"""The certificate of the encrypted address: made once by the box itself, and known to people by its fingerprint."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import os
import re
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from box.aside import put_aside
from box.durable import replace_file, sync_folder
from box.sentences import Sentence, XiaolabaError

CERTIFICATE, KEY = "certificate.pem", "key.pem"
# Fixed, because a Pi may make it while its clock stands at 1970 or at the last shutdown; and far apart, because the
# fingerprint hangs on a wall. RFC 5280, 4.1.2.5: 2049 is the last year of the short form, which every reader knows.
VALID_FROM, VALID_UNTIL = "20200101000000Z", "20491231235959Z"
OPENSSL_SECONDS = 60  # it takes 0.05 s here; a Pi that has just been switched on may have little randomness yet
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_LOG = logging.getLogger(__name__)

# CA:FALSE: who trusts this certificate trusts this box, and nothing that its key might sign.
_CONFIGURATION = """\
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
policy = any
default_md = sha256
email_in_dn = no
[any]
commonName = supplied
[req]
distinguished_name = who
prompt = no
string_mask = utf8only
[who]
CN = {name}
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = {alternatives}
"""


class CertificateNotMade(XiaolabaError):
    """There is no certificate and none could be made: the encrypted address stays off."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(
            f"没有加密的地址，因为它的证书没有做成：{why.zh}",
            f"There is no encrypted address, as its certificate could not be made: {why.en}",
        )


def fingerprint_of(certificate: Path) -> str:
    """Return the SHA-256 of a certificate as browsers show it: 32 pairs of hex digits with colons.

    Raises OSError for a file that can't be read, ValueError for one that is no certificate.
    """
    return fingerprint(ssl.PEM_cert_to_DER_cert(certificate.read_text(encoding="ascii")))


def fingerprint(der: bytes) -> str:
    """Return the same of a certificate in binary form, as a connection gives it."""
    return hashlib.sha256(der).digest().hex(":").upper()


def context_at(
    folder: Path, names: Iterable[str], addresses: Iterable[str], now: datetime, openssl: str = "openssl"
) -> ssl.SSLContext:
    """Return what a server needs for TLS with the certificate and key in ``folder``, made where there are none.

    ``names`` (the first is the certificate's own) and ``addresses`` are what it is made out to. It stays as it is when
    these change: a new one would have another fingerprint than the one on the wall. A damaged pair is put aside
    with the time, ``now``, in its name.

    Raises CertificateNotMade.
    """
    if folder.is_dir():
        try:
            return _loaded(folder)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            _LOG.warning("the certificate in %s is damaged, another is made: %s", folder, error)
    if shutil.which(openssl) is None:
        raise CertificateNotMade(
            Sentence(
                "缺 openssl。请安装：sudo apt-get install --no-install-recommends openssl",
                "openssl is missing. Install it: sudo apt-get install --no-install-recommends openssl",
            )
        )
    try:
        if folder.exists():
            put_aside(folder, now)
        _make(folder, tuple(names), tuple(addresses), openssl)
        return _loaded(folder)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise CertificateNotMade(Sentence(str(error), str(error))) from error


def _loaded(folder: Path) -> ssl.SSLContext:
    key = folder / KEY
    if key.stat().st_mode & 0o077:
        key.chmod(0o600)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # Android has it since 5.0
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(folder / CERTIFICATE, key, password="")  # or OpenSSL would ask the terminal for one
    return context


def _make(folder: Path, names: tuple[str, ...], addresses: tuple[str, ...], openssl: str) -> None:
    """Make the pair in a folder beside, and give it its name when it is whole: there is never one without the other."""
    wanted = [f"DNS:{name}" for name in names if _HOST_NAME.fullmatch(name)]
    wanted += [f"IP:{ipaddress.ip_address(address)}" for address in addresses]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as name:
        work = Path(name)
        configuration = _CONFIGURATION.format(name=names[0], alternatives=", ".join(wanted))
        (work / "configuration").write_text(configuration, encoding="ascii")
        (work / "index.txt").touch()
        new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", KEY)
        _run(work, openssl, "req", "-new", "-config", "configuration", *new_key, "-out", "request.pem")
        # Not ``req -x509``: it takes a first day only from OpenSSL 3.4 on, and Debian 12 has 3.0.
        days = ("-startdate", VALID_FROM, "-enddate", VALID_UNTIL)
        signed = ("-selfsign", "-keyfile", KEY, "-in", "request.pem", "-out", CERTIFICATE, "-notext", "-rand_serial")
        _run(work, openssl, "ca", "-batch", "-config", "configuration", *signed, *days, "-extensions", "server")
        made = work / "made"
        made.mkdir(mode=0o750)
        replace_file(made / KEY, (work / KEY).read_bytes(), mode=0o600)
        replace_file(made / CERTIFICATE, (work / CERTIFICATE).read_bytes(), mode=0o644)
        made.replace(folder)
    sync_folder(folder.parent)


def _run(work: Path, openssl: str, *words: str) -> None:
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(work)}
    done = subprocess.run(  # noqa: S603 - our own words, and no shell
        [openssl, *words],
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=OPENSSL_SECONDS,
    )
    if done.returncode != 0:
        raise ValueError(f"openssl {words[0]}: {done.stderr.strip()[-300:]}")
