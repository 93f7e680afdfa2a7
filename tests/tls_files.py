# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificate files for tests of connections: a CA, a server certificate for 127.0.0.1, a client certificate."""
from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CLIENT = "operator"
"""The common name of the client certificate."""


@dataclass(frozen=True)
class TlsFiles:
    """Paths of PEM files."""

    ca: Path
    certificate: Path
    key: Path
    client_certificate: Path
    client_key: Path


def make(folder: Path) -> TlsFiles:
    """Writes all of them into ``folder``, with new keys."""
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = _issue("Test CA of connections", ca_key, None, None)
    files = TlsFiles(*(folder / name for name in ("ca.pem", "server.pem", "server.key", "client.pem", "client.key")))
    files.ca.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    for name, certificate, key in (("127.0.0.1", files.certificate, files.key), (CLIENT, files.client_certificate, files.client_key)):
        private = ec.generate_private_key(ec.SECP256R1())
        certificate.write_bytes(_issue(name, private, ca, ca_key).public_bytes(serialization.Encoding.PEM))
        key.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


def _issue(name: str, key: ec.EllipticCurvePrivateKey, ca: x509.Certificate | None, ca_key: ec.EllipticCurvePrivateKey | None,
           ) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(ca.subject if ca else subject).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
               .not_valid_after(now + datetime.timedelta(days=30))
               .add_extension(x509.BasicConstraints(ca is None, None), critical=True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key((ca_key or key).public_key()), critical=False)
               .add_extension(x509.KeyUsage(True, False, False, False, False, ca is None, ca is None, False, False), critical=True))
    if ca is not None:
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if name == CLIENT else ExtendedKeyUsageOID.SERVER_AUTH
        names: x509.GeneralName = x509.DNSName(name) if name == CLIENT else x509.IPAddress(ipaddress.ip_address(name))
        builder = (builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
                   .add_extension(x509.SubjectAlternativeName([names]), critical=False))
    return builder.sign(ca_key or key, hashes.SHA256())
