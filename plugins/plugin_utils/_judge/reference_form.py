# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The written form of a reference: what one task tells of the internal servers' CA, and another judges by."""
from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from .._verdict import form
from .._verdict.verdict import Finding, InternalServer
from . import reference_sentences as sentences
from .authority import Authority, authority_of
from .findings import clean
from .reference import NOTHING, Reference


class ReferenceFormError(ValueError):
    """Not the written form of a reference; the message says why."""


def no_result(what: str, error: ValueError) -> str:
    """The sentence about ``what`` was given as a result of certificate_authority_info and is none."""
    return f"{what} is no result of certificate_authority_info: {error}. Give what a task with register recorded, unchanged."


def write_reference(found: Reference) -> dict[str, Any]:
    """``msg``, ``findings``, ``servers`` and, if the CA can be told, ``authority`` with its certificates (base64 DER each)."""
    result: dict[str, Any] = {
        "msg": found.message if found.certain else found.message + sentences.table(found.rows),
        "findings": form.write(found.findings),
        "servers": form.write(found.rows),
    }
    if found.certain:
        result["authority"] = {
            "subject": found.authority.subject,
            "source": "; ".join(sorted({each.source for each in found.authority.describe()})),
            "certificates": _written(found.authority),
            "roots": _written(found.roots),
        }
    return result


def read_reference(value: Mapping[str, object]) -> Reference:
    """What ``write_reference`` wrote; other keys, such as Ansible adds, are left alone. Raises ReferenceFormError."""
    message, findings, servers, authority = (value.get(key) for key in ("msg", "findings", "servers", "authority"))
    if not isinstance(message, str) or not isinstance(findings, list) or not isinstance(servers, list):
        raise ReferenceFormError("it has not the message, findings and servers that certificate_authority_info returns")
    try:
        rows = tuple(form.read(InternalServer, each) for each in servers)
        told = tuple(form.read(Finding, each) for each in findings)
    except form.FormError as error:
        raise ReferenceFormError(f"its findings or servers can't be read ({clean(str(error), 200)})") from None
    if authority is None:
        return Reference(False, message.removesuffix(sentences.table(rows)), rows=rows, findings=told)
    if not isinstance(authority, Mapping):
        raise ReferenceFormError("its authority is no mapping")
    certificates = _read(authority.get("certificates"))
    if not certificates.given:
        raise ReferenceFormError("its authority has no certificate")
    return Reference(True, message, certificates, NOTHING, rows, told)


def _written(authority: Authority) -> list[dict[str, Any]]:
    return [
        form.write(described) | {"content": base64.b64encode(given.certificate.content).decode("ascii")}
        for described, given in zip(authority.describe(), authority.given, strict=True)
    ]


def _read(certificates: object) -> Authority:
    try:
        items = [(str(each["source"]), base64.b64decode(each["content"], validate=True)) for each in certificates]  # type: ignore[attr-defined]
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise ReferenceFormError("its authority's certificates can't be read") from None
    found = authority_of(items)
    if len(found.given) != len({content for _source, content in items}):
        raise ReferenceFormError("a certificate of its authority can't be read")
    return found
