# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The written form of a snapshot: canonical JSON, one file a host, public certificates and facts only.

The same snapshot gives the same bytes. ``read_host`` and ``read_store`` also read the parts of a host's live answer,
which have the same form.
"""
from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from .assignments import AssignmentsFormError, read_assignments, write_assignments
from .snapshot import FORMAT, Host, HostError, KeyNumbers, PrivateKey, Snapshot, Store, StoredCertificate

LARGEST_CERTIFICATE = 65536
"""Bytes of one certificate; the host's script leaves larger ones out and says so."""
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_LONGEST_NAME = 200
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
_SNAPSHOT_KEYS = frozenset(("format", "name", "recorded_at", "host", "stores"))
_HOST_KEYS, _KEY_KEYS = frozenset(Host.__dataclass_fields__), frozenset(PrivateKey.__dataclass_fields__)
_STORE_KEYS = frozenset(("name", "missing", "error", "certificates"))
_CERTIFICATE_KEYS = frozenset(("content", "archived", "friendly_name", "error", "private_key"))
_NUMBERS_KEYS, _ERROR_KEYS = frozenset(("algorithm", "values")), frozenset(("message", "hresult"))


class SnapshotError(ValueError):
    """A snapshot that cannot be relied on; the message says which, where and what to do."""


def dump(snapshot: Snapshot) -> str:
    """The canonical JSON text of a snapshot: ASCII, keys in fixed order, one line (indented text takes four times as long)."""
    document = {
        "format": FORMAT,
        "name": snapshot.name,
        "recorded_at": snapshot.recorded_at.astimezone(timezone.utc).strftime(_INSTANT),
        "host": write_host(snapshot.host),
        "stores": [write_store(store) for store in snapshot.stores],
    }
    if snapshot.assignments is not None:
        document["assignments"] = write_assignments(snapshot.assignments)
    return json.dumps(document, ensure_ascii=True) + "\n"


def sha256(snapshot: Snapshot) -> str:
    """SHA-256 of ``dump(snapshot)``, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(dump(snapshot).encode("ascii")).hexdigest()


def file_name(host: str) -> str:
    """``<host>.json``, safe on every file system: other characters become ``%XX``, a very long name ends in its hash."""
    safe = "".join(character if character in _SAFE else _escaped(character) for character in host)
    if not safe or safe.startswith("."):
        safe = "%2E" + safe[1:]
    if len(safe) > _LONGEST_NAME:
        safe = f"{safe[:_LONGEST_NAME - 17]}%{hashlib.sha256(host.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    return f"{safe}.json"


def load(text: str, *, source: str) -> Snapshot:
    """The snapshot that ``dump`` wrote. ``source`` (a path) is for the messages.

    Raises SnapshotError for a cut or changed file, another format version, an unknown or missing key, a value of another type.
    """
    again = "Record it again with certificate_store_info or the collect playbook."
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        what = f"it is not whole JSON ({str(error)[:200]}), so it was cut or is another file"
        raise SnapshotError(f"{source} is no snapshot: {what}. {again}") from None
    if not isinstance(document, dict) or "format" not in document or "stores" not in document:
        raise SnapshotError(f"{source} is no snapshot of certificate stores: it has no format and stores. {again}")
    if document["format"] != FORMAT or isinstance(document["format"], bool):
        raise SnapshotError(
            f"{source} has the snapshot format {str(document['format'])[:40]!r}, and this version of the collection reads format {FORMAT} "
            "only. Use the version of the collection that recorded it, or record it again."
        )
    try:
        return _read_document(document)
    except SnapshotError as error:
        raise SnapshotError(f"{source} is no valid snapshot: {error}. {again}") from None


def write_host(host: Host) -> dict[str, Any]:
    """The facts of a host in the written form."""
    return {
        "name": host.name,
        "domain": host.domain,
        "clock": host.clock.astimezone(timezone.utc).strftime(_INSTANT),
        "os_version": host.os_version,
        "powershell_version": host.powershell_version,
        "elevated": host.elevated,
        "lync_version": host.lync_version,
        "tls_1_0_disabled": host.tls_1_0_disabled,
        "trusted_issuer_list": host.trusted_issuer_list,
    }


def write_store(store: Store) -> dict[str, Any]:
    """A store in the written form; ``content`` is base64 of the DER bytes."""
    return {
        "name": store.name,
        "missing": store.missing,
        "error": _write_error(store.error),
        "certificates": [write_certificate(certificate) for certificate in store.certificates],
    }


def read_host(value: object, place: str = "host") -> Host:
    """The facts of a host from the written form. Raises SnapshotError with the place of what is wrong."""
    entry = _entry(value, place, _HOST_KEYS)
    host = Host(
        name=_text(entry, "name", place),
        domain=_text(entry, "domain", place),
        clock=_instant(entry, "clock", place),
        os_version=_text(entry, "os_version", place),
        powershell_version=_text(entry, "powershell_version", place),
        elevated=_truth(entry, "elevated", place),
        lync_version=_text_or_none(entry, "lync_version", place),
        tls_1_0_disabled=_truth(entry, "tls_1_0_disabled", place),
        trusted_issuer_list=_truth(entry, "trusted_issuer_list", place),
    )
    if not host.name:
        raise SnapshotError(f"{place}.name is empty")
    return host


def read_store(value: object, place: str) -> Store:
    """A store from the written form. Raises SnapshotError with the place of what is wrong."""
    entry = _entry(value, place, _STORE_KEYS)
    certificates = entry["certificates"]
    if not isinstance(certificates, list):
        raise SnapshotError(f"{place}.certificates: expected a list, found {type(certificates).__name__}")
    missing = _truth(entry, "missing", place)
    if missing is None:
        raise SnapshotError(f"{place}.missing: expected true or false, found null")
    store = Store(
        name=_text(entry, "name", place),
        certificates=tuple(_read_certificate(item, f"{place}.certificates[{index}]") for index, item in enumerate(certificates)),
        error=_read_error(entry["error"], f"{place}.error"),
        missing=missing,
    )
    if (store.error is not None and store.certificates) or (store.missing and store.error is None):
        raise SnapshotError(f"{place} says both that the store was read and that it was not")
    return store


def read_stores(value: object, place: str = "stores") -> tuple[Store, ...]:
    """All stores from the written form; each name once (Windows compares without case)."""
    if not isinstance(value, list):
        raise SnapshotError(f"{place}: expected a list, found {type(value).__name__}")
    stores = tuple(read_store(item, f"{place}[{index}]") for index, item in enumerate(value))
    if len({store.name.lower() for store in stores}) != len(stores):
        raise SnapshotError(f"{place} has a store twice")
    return stores


def _read_document(document: Mapping[str, object]) -> Snapshot:
    optional = ("assignments",) if "assignments" in document else ()
    entry = _entry(document, "snapshot", _SNAPSHOT_KEYS.union(optional))
    try:
        assignments = read_assignments(entry["assignments"], "assignments") if optional else None
    except AssignmentsFormError as error:
        raise SnapshotError(str(error)) from None
    return Snapshot(
        name=_text(entry, "name", "snapshot"),
        recorded_at=_instant(entry, "recorded_at", "snapshot"),
        host=read_host(entry["host"]),
        stores=read_stores(entry["stores"]),
        assignments=assignments,
    )


def _write_error(error: HostError | None) -> dict[str, Any] | None:
    return None if error is None else {"message": error.message, "hresult": error.hresult}


def write_certificate(certificate: StoredCertificate) -> dict[str, Any]:
    """A certificate and the facts of its private key in the written form."""
    key = certificate.private_key
    return {
        "content": base64.b64encode(certificate.content).decode("ascii"),
        "archived": certificate.archived,
        "friendly_name": certificate.friendly_name,
        "error": _write_error(certificate.error),
        "private_key": {
            "present": key.present,
            "opened": key.opened,
            "error": _write_error(key.error),
            "storage": key.storage,
            "provider": key.provider,
            "container": key.container,
            "key_spec": key.key_spec,
            "machine_store": key.machine_store,
            "public_key": _write_numbers(key.public_key),
        },
    }


def _write_numbers(numbers: KeyNumbers | None) -> dict[str, Any] | None:
    return None if numbers is None else {"algorithm": numbers.algorithm, "values": [f"{value:X}" for value in numbers.values]}


def _read_certificate(value: object, place: str) -> StoredCertificate:
    entry = _entry(value, place, _CERTIFICATE_KEYS)
    try:
        content = base64.b64decode(_text(entry, "content", place), validate=True)
    except ValueError:
        raise SnapshotError(f"{place}.content is no base64") from None
    if len(content) > LARGEST_CERTIFICATE:
        raise SnapshotError(f"{place}.content has {len(content)} bytes, more than {LARGEST_CERTIFICATE}")
    return StoredCertificate(
        content=content,
        archived=_truth(entry, "archived", place),
        friendly_name=_text_or_none(entry, "friendly_name", place),
        private_key=_read_key(entry["private_key"], f"{place}.private_key"),
        error=_read_error(entry["error"], f"{place}.error"),
    )


def _read_key(value: object, place: str) -> PrivateKey:
    entry = _entry(value, place, _KEY_KEYS)
    storage = _text_or_none(entry, "storage", place)
    if storage not in (None, "csp", "cng"):
        raise SnapshotError(f"{place}.storage: {storage[:40]!r} is neither csp nor cng")
    return PrivateKey(
        present=_truth(entry, "present", place),
        opened=_truth(entry, "opened", place),
        error=_read_error(entry["error"], f"{place}.error"),
        storage=storage,
        provider=_text_or_none(entry, "provider", place),
        container=_text_or_none(entry, "container", place),
        key_spec=_number(entry, "key_spec", place),
        machine_store=_truth(entry, "machine_store", place),
        public_key=_read_numbers(entry["public_key"], f"{place}.public_key"),
    )


def _read_numbers(value: object, place: str) -> KeyNumbers | None:
    if value is None:
        return None
    entry = _entry(value, place, _NUMBERS_KEYS)
    values = entry["values"]
    first, second = values if isinstance(values, list) and len(values) == 2 else (None, None)
    try:
        numbers = _hexadecimal(first), _hexadecimal(second)
    except ValueError:
        raise SnapshotError(f"{place}.values: expected two hexadecimal numbers") from None
    algorithm = _text(entry, "algorithm", place)
    if algorithm not in ("RSA", "EC"):
        raise SnapshotError(f"{place}.algorithm: {algorithm[:40]!r} is neither RSA nor EC")
    return KeyNumbers(algorithm, numbers)


def _hexadecimal(value: object) -> int:
    if not isinstance(value, str) or not 0 < len(value) <= 8192:
        raise ValueError
    return int.from_bytes(binascii.unhexlify(value if len(value) % 2 == 0 else f"0{value}"), "big")


def _read_error(value: object, place: str) -> HostError | None:
    if value is None:
        return None
    entry = _entry(value, place, _ERROR_KEYS)
    number = _number(entry, "hresult", place)
    if number is not None and number > 0xFFFFFFFF:
        raise SnapshotError(f"{place}.hresult: expected 32 bits, found {str(number)[:40]}")
    return HostError(_text(entry, "message", place), number)


def _entry(value: object, place: str, keys: frozenset[str]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise SnapshotError(f"{place}: expected a mapping, found {type(value).__name__}")
    if value.keys() != keys:
        unknown, missing = sorted(value.keys() - keys), sorted(keys - value.keys())
        raise SnapshotError(f"{place}: unknown keys {repr(unknown)[:200]}, missing keys {missing}")
    return value


def _text(entry: Mapping[str, object], key: str, place: str) -> str:
    value = entry[key]
    if not isinstance(value, str):
        raise SnapshotError(f"{place}.{key}: expected text, found {type(value).__name__}")
    # a host may cut a text between the halves of a character; half a character can't be written to a file
    return str(value) if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _text_or_none(entry: Mapping[str, object], key: str, place: str) -> str | None:
    return None if entry[key] is None else _text(entry, key, place)


def _truth(entry: Mapping[str, object], key: str, place: str) -> bool | None:
    value = entry[key]
    if value is not None and not isinstance(value, bool):
        raise SnapshotError(f"{place}.{key}: expected true, false or null, found {type(value).__name__}")
    return value


def _number(entry: Mapping[str, object], key: str, place: str) -> int | None:
    value = entry[key]
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise SnapshotError(f"{place}.{key}: expected a number or null, found {str(value)[:40]!r}")
    return value


def _instant(entry: Mapping[str, object], key: str, place: str) -> datetime:
    text = _text(entry, key, place)
    try:  # strptime is slower, and each of Ansible's workers would load again what it needs
        value = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        value = None
    if value is None or value.tzinfo or value.microsecond or f"{value.isoformat()}Z" != text:
        raise SnapshotError(f"{place}.{key}: {text[:40]!r} is no instant like 2026-11-23T12:00:00Z")
    return value.replace(tzinfo=timezone.utc)


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
