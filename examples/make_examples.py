# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the example: a CA with its renewal, and what six servers of a Persistent Chat pool have in their certificate stores.

Run by ``make examples``. Days and serial numbers are fixed, keys are random: each run gives other files that tell the same story,
so what it made is committed. Private keys are thrown away; none is written.
"""
from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / ".cache" / "collections"))

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot import files  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import (  # noqa: E402
    Host,
    KeyNumbers,
    PrivateKey,
    Snapshot,
    Store,
    StoredCertificate,
)

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=timezone.utc)
"""The day on which the example plays; the demo judges as of it."""
DOMAIN = "contoso.local"
POOL = f"pchatpool.{DOMAIN}"
CDP = "http://pki.contoso.local/cdp/Contoso%20Lync%20CA.crl"


@dataclass(frozen=True)
class Authority:
    """A CA certificate and the key that belongs to it."""

    certificate: x509.Certificate
    key: RSAPrivateKey


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, 8, 30, 0, tzinfo=timezone.utc)


def new_key(bits: int = 2048) -> RSAPrivateKey:
    return generate_private_key(65537, bits)


def ca_name(common_name: str) -> x509.Name:
    """As an enterprise CA of Windows is named."""
    return x509.Name([
        x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "local"),
        x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "contoso"),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name),
    ])


def usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=not ca, data_encipherment=False, key_agreement=False,
        key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False)


def authority(common_name: str, serial: int, lifetime: tuple[datetime, datetime], *, by: Authority | None = None,
              key: RSAPrivateKey | None = None) -> Authority:
    """A CA; self-signed without ``by``. With the ``key`` of an older one it is that CA's renewal."""
    key = key or new_key()
    signer = by or Authority(None, key)  # type: ignore[arg-type]
    issuer = by.certificate.subject if by else ca_name(common_name)
    builder = (
        x509.CertificateBuilder().subject_name(ca_name(common_name)).issuer_name(issuer).public_key(key.public_key()).serial_number(serial)
        .not_valid_before(lifetime[0]).not_valid_after(lifetime[1])
        .add_extension(x509.BasicConstraints(True, None), True).add_extension(usage(ca=True), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    if by:
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), False)
    return Authority(builder.sign(signer.key, hashes.SHA256()), key)


def server(by: Authority, host: str, serial: int, lifetime: tuple[datetime, datetime]) -> tuple[x509.Certificate, RSAPrivateKey]:
    """A server's certificate as template WebServer gives it: the pool as subject, pool and server as names."""
    key = new_key()
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(CDP)], None, None, None)
    certificate = (
        x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, POOL)]))
        .issuer_name(by.certificate.subject).public_key(key.public_key()).serial_number(serial)
        .not_valid_before(lifetime[0]).not_valid_after(lifetime[1])
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(POOL), x509.DNSName(f"{host}.{DOMAIN}")]), False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(usage(ca=False), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), False)
        .add_extension(x509.CRLDistributionPoints([point]), False)
        .sign(by.key, hashes.SHA256())
    )
    return certificate, key


def remote_desktop(host: str, serial: int) -> tuple[x509.Certificate, RSAPrivateKey]:
    """What Windows makes for Remote Desktop by itself: never what is looked for, and on every server."""
    key = new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{host}.{DOMAIN}")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(serial)
        .not_valid_before(day(2026, 9, 1)).not_valid_after(day(2027, 3, 3))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def entry(made: tuple[x509.Certificate, RSAPrivateKey], friendly_name: str = "", *, has_key: bool = True) -> StoredCertificate:
    """The certificate as it lies in My, with its key in the machine store of the provider that Lync wants."""
    certificate, key = made
    numbers = key.public_key().public_numbers()
    facts = PrivateKey(
        present=True, opened=True, storage="csp", provider="Microsoft RSA SChannel Cryptographic Provider",
        container=f"le-WebServer-{certificate.serial_number:x}", key_spec=1, machine_store=True,
        public_key=KeyNumbers("RSA", (numbers.n, numbers.e)))
    return StoredCertificate(certificate.public_bytes(Encoding.DER), archived=False, friendly_name=friendly_name or None,
                             private_key=facts if has_key else PrivateKey(present=False))


def host(name: str, my: list[StoredCertificate], cas: list[Authority], roots: list[Authority], *, windows: tuple[str, str]) -> Snapshot:
    """All that was read of one server; ``windows`` is its version and PowerShell's."""
    def plain(sources: list[Authority]) -> tuple[StoredCertificate, ...]:
        return tuple(StoredCertificate(ca.certificate.public_bytes(Encoding.DER), archived=False, private_key=PrivateKey(present=False))
                     for ca in sources)

    facts = Host(name=name, domain=DOMAIN, clock=NOW, os_version=windows[0], powershell_version=windows[1], elevated=True,
                 tls_1_0_disabled=False, trusted_issuer_list=False)
    stores = (Store("My", tuple(my)), Store("CA", plain(cas)), Store("Root", plain(roots)), Store("Disallowed"), Store("REQUEST"))
    return Snapshot(f"{name}.{DOMAIN}", NOW, facts, stores)


def story() -> tuple[dict[str, Authority], list[Snapshot]]:
    """The CA certificates by file name, and the recorded servers. The demo switches the sixth, pchat6, off."""
    root = authority("Contoso Root CA", 0x11, (day(2014, 1, 15), day(2044, 1, 15)))
    first = authority("Contoso Lync CA", 0x6100_0002, (day(2017, 1, 15), day(2027, 2, 15)), by=root)
    renewed = authority("Contoso Lync CA", 0x6100_0005, (day(2025, 6, 2), day(2035, 6, 2)), by=root, key=first.key)
    lab = authority("Contoso Lync CA", 0x21, (day(2026, 3, 1), day(2036, 3, 1)))
    two_years, before_renewal = (day(2026, 10, 5), day(2028, 10, 4)), (day(2025, 2, 3), day(2027, 2, 3))
    server_2012, server_2012_r2 = ("Microsoft Windows NT 6.2.9200.0", "3.0"), ("Microsoft Windows NT 6.3.9600.0", "4.0")
    usual = "Lync Persistent Chat"
    good = [entry(remote_desktop("pchat1", 0x31)), entry(server(renewed, "pchat1", 0x2F01, two_years), usual)]
    older = [entry(remote_desktop("pchat2", 0x32)), entry(server(first, "pchat2", 0x2A02, before_renewal), usual)]
    other = [entry(remote_desktop("pchat3", 0x33)), entry(server(lab, "pchat3", 0x0103, two_years), usual)]
    expired = [entry(server(renewed, "pchat4", 0x2B04, (day(2025, 11, 20), day(2026, 11, 20))), usual)]
    keyless = [entry(server(renewed, "pchat5", 0x2F05, two_years), usual, has_key=False)]
    off = [entry(server(renewed, "pchat6", 0x2F06, two_years), usual)]
    return {"contoso-lync-ca.pem": renewed, "contoso-lync-ca-before-renewal.pem": first, "contoso-root-ca.pem": root}, [
        host("pchat1", good, [renewed], [root], windows=server_2012_r2),
        host("pchat2", older, [first], [root], windows=server_2012),
        host("pchat3", other, [renewed], [root, lab], windows=server_2012_r2),
        host("pchat4", expired, [renewed], [root], windows=server_2012_r2),
        host("pchat5", keyless, [first, renewed], [root], windows=server_2012_r2),
        host("pchat6", off, [renewed], [root], windows=server_2012_r2),
    ]


def main() -> int:
    authorities, snapshots = story()
    for file_name, ca in authorities.items():
        (HERE / "authority" / file_name).write_bytes(ca.certificate.public_bytes(Encoding.PEM))
        name, end = ca.certificate.subject.rfc4514_string(), ca.certificate.not_valid_after_utc
        print(f"examples/authority/{file_name}: {name} until {end:%Y-%m-%d}")
    for snapshot in snapshots:
        (HERE / "recorded" / files.file_name(snapshot.name)).write_text(files.dump(snapshot), encoding="ascii")
        print(f"examples/recorded/{files.file_name(snapshot.name)}: {len(snapshot.stores[0].certificates)} in My")
    return 0


if __name__ == "__main__":
    sys.exit(main())
