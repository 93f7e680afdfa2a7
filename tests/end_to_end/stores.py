# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real certificate stores for simulated hosts: what .NET on Linux finds in a HOME."""
from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from engine import store_folder

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass
class Kept:
    """What was put into a host's stores, in hexadecimal: DER by store and thumbprint, and each key's public numbers by thumbprint."""

    contents: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: dict[str, list[str] | None] = field(default_factory=dict)


def issue(name: str, key: Key, issuer: tuple[x509.Certificate, Key] | None = None) -> x509.Certificate:
    """A certificate for ``key``; self-signed without ``issuer``."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    ca, ca_key = issuer or (None, key)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(ca.subject if ca else subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=300)).add_extension(x509.BasicConstraints(ca is None, None), critical=True)
            .sign(ca_key, hashes.SHA256()))


def put(home: Path, kept: Kept, store: str, certificate: x509.Certificate, key: Key | None = None) -> None:
    """Puts a certificate, with its key if it has one, into a store of ``home``."""
    thumbprint = certificate.fingerprint(hashes.SHA1()).hex().upper()
    folder = store_folder(home, store)
    folder.mkdir(parents=True, exist_ok=True)
    content = pkcs12.serialize_key_and_certificates(None, key, certificate, None, serialization.NoEncryption())
    (folder / f"{thumbprint}.pfx").write_bytes(content)
    kept.contents.setdefault(store, {})[thumbprint] = certificate.public_bytes(serialization.Encoding.DER).hex()
    kept.numbers[thumbprint] = _numbers(key)


def _numbers(key: Key | None) -> list[str] | None:
    if key is None:
        return None
    if isinstance(key, rsa.RSAPrivateKey):
        public = key.public_key().public_numbers()
        return ["RSA", f"{public.n:X}", f"{public.e:X}"]
    point = key.public_key().public_numbers()
    return ["EC", f"{point.x:X}", f"{point.y:X}"]


def furnish(home: Path, name: str) -> Kept:
    """A host's stores: its server certificates with RSA and EC keys and one without a key, its CA, its root."""
    kept = Kept()
    root_key, ca_key = (rsa.generate_private_key(65537, 2048) for _number in range(2))
    root = issue(f"Root of {name}", root_key)
    ca = issue(f"CA of {name}", ca_key, (root, root_key))
    put(home, kept, "Root", root)
    put(home, kept, "CA", ca)
    keys: tuple[Key, ...] = (rsa.generate_private_key(65537, 3072), ec.generate_private_key(ec.SECP384R1()))
    for key in keys:
        put(home, kept, "My", issue(f"{name}.contoso.local", key, (ca, ca_key)), key)
    put(home, kept, "My", issue(f"keyless {name} \u00e4\u20ac\U0001f600", keys[0], (ca, ca_key)))
    return kept
