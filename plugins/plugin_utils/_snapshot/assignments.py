# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificates Lync's management module calls assigned on a host, and what it answered instead where it failed.

The texts are the host's own; only the thumbprint is relied on, to find the bytes in the host's store. Nothing here judges.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MODULES = ("Lync", "SkypeForBusiness")
"""The management module of Lync Server 2013 and that of Skype for Business Server 2015."""
STAGES = ("module", "import", "call")
"""Looking for the module, loading it, asking it."""
_MOST = 200
_LONGEST = 2000
_ACCESS_DENIED = (0x80070005, 0x8009030D)
_WORDS = (
    # The English texts of Lync's module; another language of it gives "failed", with the host's own words.
    ("untrusted", ("not found or untrusted",)),
    ("central_store", ("central management store", "centralmgmtstore", "xds", "sql server", "sqlexception", "active directory")),
    ("denied", ("access is denied", "access denied", "unauthorized", "not authorized", "permission")),
)


class AssignmentsFormError(ValueError):
    """Not the written form of assignments; the message says where."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A certificate that is assigned to a use (``Default``, ``WebServicesInternal`` ...), as Get-CsCertificate tells it.

    ``thumbprint`` is upper-case hexadecimal without spaces, as Windows writes it, or what the host said where that is none.
    """

    use: str
    thumbprint: str
    issuer: str | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class AssignmentError:
    """What the host answered instead, or beside what it told.

    ``stage`` is one of STAGES, ``timed_out``: it had not ended when the time for it was over. ``exception`` is the type of what was thrown,
    ``identifier`` PowerShell's FullyQualifiedErrorId, ``hresult`` an unsigned 32-bit number.
    """

    stage: str
    message: str
    exception: str | None = None
    identifier: str | None = None
    hresult: int | None = None
    timed_out: bool = False

    @property
    def kind(self) -> str:
        """``no_module``, ``timeout``, ``denied``, ``central_store``, ``untrusted`` (not found or not trusted), ``failed``."""
        if self.timed_out:
            return "timeout"
        if self.stage == "module":
            return "no_module"
        if self.hresult in _ACCESS_DENIED or (self.exception or "").endswith(".UnauthorizedAccessException"):
            return "denied"
        told = " ".join((self.message, self.exception or "", self.identifier or "")).lower()
        return next((kind for kind, words in _WORDS if any(word in told for word in words)), "failed")


@dataclass(frozen=True, slots=True)
class Assignments:
    """``module`` is the module that answered, None if the host has none. Both lists may be filled: one use may fail alone."""

    module: str | None
    assigned: tuple[Assignment, ...] = ()
    errors: tuple[AssignmentError, ...] = ()

    def of(self, use: str) -> tuple[Assignment, ...]:
        """What is assigned to a use (compared without case), each certificate once."""
        found = {each.thumbprint: each for each in self.assigned if each.use.lower() == use.lower()}
        return tuple(found.values())


def write_assignments(assignments: Assignments) -> dict[str, Any]:
    """The written form: the fields by their names."""
    return {
        "module": assignments.module,
        "assigned": [asdict(each) for each in assignments.assigned],
        "errors": [asdict(each) for each in assignments.errors],
    }


def describe_assignments(assignments: Assignments | None) -> dict[str, Any] | None:
    """As task results have it: the written form, and the kind of each error."""
    if assignments is None:
        return None
    errors = [asdict(each) | {"kind": each.kind} for each in assignments.errors]
    return write_assignments(assignments) | {"errors": errors}


def read_assignments(value: object, place: str = "assignments") -> Assignments:
    """Assignments from the written form, which is also that of a host's answer. Raises AssignmentsFormError."""
    entry = _entry(value, place, ("module", "assigned", "errors"))
    module = _text_or_none(entry, "module", place)
    if module is not None and module not in MODULES:
        raise AssignmentsFormError(f"{place}.module: {module[:40]!r} is none of {', '.join(MODULES)}")
    return Assignments(
        module=module,
        assigned=tuple(_read_assignment(each, f"{place}.assigned[{i}]") for i, each in enumerate(_list(entry, "assigned", place))),
        errors=tuple(_read_error(each, f"{place}.errors[{i}]") for i, each in enumerate(_list(entry, "errors", place))),
    )


def plain_thumbprint(text: str) -> str:
    """A thumbprint as Windows writes it, from what people and programs paste: spaces, colons, the mark U+200E of the certificate dialog."""
    bare = re.sub(r"[\s:\u200e\u200f\ufeff]", "", text)
    return bare.upper() if re.fullmatch(r"[0-9A-Fa-f]{40}", bare) else text


def _read_assignment(value: object, place: str) -> Assignment:
    entry = _entry(value, place, tuple(Assignment.__dataclass_fields__))
    return Assignment(
        use=_text(entry, "use", place),
        thumbprint=plain_thumbprint(_text(entry, "thumbprint", place)),
        issuer=_text_or_none(entry, "issuer", place),
        serial=_text_or_none(entry, "serial", place),
    )


def _read_error(value: object, place: str) -> AssignmentError:
    entry = _entry(value, place, tuple(AssignmentError.__dataclass_fields__))
    stage, number, timed_out = _text(entry, "stage", place), entry["hresult"], entry["timed_out"]
    if stage not in STAGES:
        raise AssignmentsFormError(f"{place}.stage: {stage[:40]!r} is none of {', '.join(STAGES)}")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 0xFFFFFFFF):
        raise AssignmentsFormError(f"{place}.hresult: expected 32 bits or null, found {str(number)[:40]!r}")
    if not isinstance(timed_out, bool):
        raise AssignmentsFormError(f"{place}.timed_out: expected true or false, found {type(timed_out).__name__}")
    return AssignmentError(
        stage=stage,
        message=_text(entry, "message", place),
        exception=_text_or_none(entry, "exception", place),
        identifier=_text_or_none(entry, "identifier", place),
        hresult=number,
        timed_out=timed_out,
    )


def _entry(value: object, place: str, keys: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise AssignmentsFormError(f"{place}: expected a mapping, found {type(value).__name__}")
    if set(value) != set(keys):
        unknown, missing = sorted(map(str, set(value) - set(keys))), sorted(set(keys) - set(value))
        raise AssignmentsFormError(f"{place}: unknown keys {repr(unknown)[:200]}, missing keys {missing}")
    return value


def _list(entry: Mapping[str, object], key: str, place: str) -> list[object]:
    value = entry[key]
    if not isinstance(value, list) or len(value) > _MOST:
        raise AssignmentsFormError(f"{place}.{key}: expected a list of at most {_MOST}")
    return value


def _text(entry: Mapping[str, object], key: str, place: str) -> str:
    value = entry[key]
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise AssignmentsFormError(f"{place}.{key}: expected text of at most {_LONGEST} characters, found {type(value).__name__}")
    # half a character, where a host cut a text, can't be written to a file
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _text_or_none(entry: Mapping[str, object], key: str, place: str) -> str | None:
    return None if entry[key] is None else _text(entry, key, place)
