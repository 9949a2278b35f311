"""A CA of a test, and the certificates of its servers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Authority:
    """Makes certificates in a folder. ``file`` is its own, for ``SSL_CERT_FILE``."""

    def __init__(self, folder: Path, name: str = "CA") -> None:
        self._folder, self._name = folder, name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self._made(name, self._key, 1, None).public_bytes(Encoding.PEM))

    def server(self, host: str, days: int = 1) -> tuple[Path, Path]:
        """Key and certificate of a host, valid for so many days; of a negative number, no longer valid."""
        key = ec.generate_private_key(ec.SECP256R1())
        files = self._folder / f"{host}{days}.key", self._folder / f"{host}{days}.pem"
        files[0].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        files[1].write_bytes(self._made(host, key, days, host).public_bytes(Encoding.PEM))
        return files

    def _made(self, name: str, key: ec.EllipticCurvePrivateKey, days: int, host: str | None) -> x509.Certificate:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(self._name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 10 * DAY)
            .not_valid_after(now + days * DAY)
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host is not None:
            made = made.add_extension(x509.SubjectAlternativeName([_general(host)]), critical=False)
        return made.sign(self._key, hashes.SHA256())


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
