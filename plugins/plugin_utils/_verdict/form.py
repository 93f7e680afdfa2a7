# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The written form of the dataclasses of this room: plain mappings for task results and JSON, read back strictly."""
from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timezone
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class FormError(ValueError):
    """What was read is not of the expected shape; the message names the place (``verdicts[2].outcome``) and what was there."""


def instant(value: datetime) -> str:
    """ISO 8601 UTC in whole seconds: ``2026-11-23T12:00:00Z``."""
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(value: object) -> Any:
    """A dataclass (or a part of one) as mappings, lists, text, numbers, booleans and None."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, tuple):
        return [write(item) for item in value]
    if is_dataclass(value):
        return {field.name: write(getattr(value, field.name)) for field in fields(value)}
    return value


def read(kind: type[T], value: object, place: str = "") -> T:
    """The dataclass ``kind`` from what ``write`` made of it.

    Raises FormError for a missing or unknown key and for a value of another type.
    """
    if not isinstance(value, Mapping):
        raise FormError(f"{place or kind.__name__}: expected a mapping, found {type(value).__name__}")
    hints = _hints(kind)  # type: ignore[arg-type]  # a dataclass type is hashable
    unknown = sorted(str(key) for key in value if key not in hints)
    missing = sorted(key for key in hints if key not in value)
    if unknown or missing:
        what = [f"unknown {', '.join(unknown)[:200]}"] * bool(unknown) + [f"missing {', '.join(missing)}"] * bool(missing)
        raise FormError(f"{place or kind.__name__}: {'; '.join(what)}")
    return kind(**{key: _read(hint, value[key], f"{place}.{key}".lstrip(".")) for key, hint in hints.items()})


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: object, place: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        inner = [part for part in get_args(hint) if part is not NoneType]
        return None if value is None else _read(inner[0], value, place)
    if origin is tuple:
        return _read_tuple(get_args(hint), value, place)
    if is_dataclass(hint):
        return read(hint, value, place)  # type: ignore[arg-type]  # a class, as is_dataclass can't tell
    if hint is datetime:
        return _read_instant(value, place)
    if isinstance(hint, type) and issubclass(hint, Enum):
        if value not in [member.value for member in hint]:
            raise FormError(f"{place}: {str(value)[:80]!r} is none of {', '.join(member.value for member in hint)}")
        return hint(value)
    if not isinstance(value, hint) or isinstance(value, bool) is not (hint is bool):
        raise FormError(f"{place}: expected {hint.__name__}, found {type(value).__name__}")
    return str(value) if hint is str else value


def _read_tuple(parts: tuple[Any, ...], value: object, place: str) -> tuple[Any, ...]:
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        raise FormError(f"{place}: expected a list, found {type(value).__name__}")
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_read(parts[0], item, f"{place}[{index}]") for index, item in enumerate(value))
    if len(value) != len(parts):
        raise FormError(f"{place}: expected {len(parts)} items, found {len(value)}")
    return tuple(_read(part, item, f"{place}[{index}]") for index, (part, item) in enumerate(zip(parts, value, strict=True)))


def _read_instant(value: object, place: str) -> datetime:
    try:
        return datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise FormError(f"{place}: {str(value)[:40]!r} is no instant like 2026-11-23T12:00:00Z") from None
