# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one Windows host said about its certificate stores, exactly and whole.

Nothing here judges. ``None`` always means *the host did not say*, never *no*.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .assignments import Assignments

FORMAT = 1
"""Version of the snapshot's written form; a loader refuses any other."""
STORES = ("My", "CA", "Root", "Disallowed", "REQUEST")
"""The stores that a judgement needs; a healthy host may lack the last two."""


@dataclass(frozen=True, slots=True)
class HostError:
    """An error as the host reported it: the text in the host's language, the HRESULT as an unsigned 32-bit number."""

    message: str
    hresult: int | None = None

    @property
    def code(self) -> str:
        """The HRESULT as Windows writes it, ``0x80090016``; empty if unknown."""
        return "" if self.hresult is None else f"0x{self.hresult:08X}"


@dataclass(frozen=True, slots=True)
class KeyNumbers:
    """The public half of a key, as numbers: RSA (modulus, exponent), EC (x, y)."""

    algorithm: str
    values: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """Facts of the private key that Windows links to a certificate.

    ``present`` is the link (HasPrivateKey), ``opened`` whether the key itself could be opened, ``error`` what opening it
    answered. ``storage`` is ``csp`` (CryptoAPI provider) or ``cng`` (key storage provider). ``key_spec`` is CryptoAPI's:
    1 AT_KEYEXCHANGE, 2 AT_SIGNATURE. ``public_key`` is that of the opened key, not of the certificate.
    """

    present: bool | None = None
    opened: bool | None = None
    error: HostError | None = None
    storage: str | None = None
    provider: str | None = None
    container: str | None = None
    key_spec: int | None = None
    machine_store: bool | None = None
    public_key: KeyNumbers | None = None


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """One entry of a store: DER bytes as they lie there (empty if they could not be read, then ``error`` says why)."""

    content: bytes
    archived: bool | None = None
    friendly_name: str | None = None
    private_key: PrivateKey = PrivateKey()
    error: HostError | None = None


@dataclass(frozen=True, slots=True)
class Store:
    """A store of the local computer. ``error`` set: it was not read, and its emptiness says nothing."""

    name: str
    certificates: tuple[StoredCertificate, ...] = ()
    error: HostError | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Host:
    """Facts of the host. ``clock`` is its UTC clock while it was read, in whole seconds."""

    name: str
    domain: str
    clock: datetime
    os_version: str
    powershell_version: str
    elevated: bool | None = None
    lync_version: str | None = None
    tls_1_0_disabled: bool | None = None
    trusted_issuer_list: bool | None = None

    @property
    def fqdn(self) -> str:
        """Host name and primary DNS suffix, as .NET's IPGlobalProperties tells them; the bare name without a suffix."""
        return f"{self.name}.{self.domain}".rstrip(".")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that was read from one host.

    ``name`` is the name it was asked under (inventory), ``recorded_at`` the controller's UTC clock when the answer came.
    ``assignments`` is what Lync calls assigned there, None if it was not asked.
    """

    name: str
    recorded_at: datetime
    host: Host
    stores: tuple[Store, ...]
    assignments: Assignments | None = None

    def store(self, name: str) -> Store | None:
        """The store of that name (Windows compares without case), or None if it was not asked for."""
        for store in self.stores:
            if store.name.lower() == name.lower():
                return store
        return None
