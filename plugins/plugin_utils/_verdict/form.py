# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The written form of the dataclasses of this room: plain mappings for task results and JSON, read back strictly."""
from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timezone
from enum import Enum
from functools import cache
from itertools import repeat
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reader = Callable[[object], Any]


class FormError(ValueError):
    """What was read is not of the expected shape; the message names the place (``verdicts[2].outcome``) and what was there."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.message, self.place = message, place

    def below(self, outer: str) -> FormError:
        """The same fault, as seen from what holds its place."""
        if not outer:
            return self
        joint = "" if not self.place or self.place.startswith("[") else "."
        return FormError(self.message, f"{outer}{joint}{self.place}")


def instant(value: datetime) -> str:
    """ISO 8601 UTC in whole seconds: ``2026-11-23T12:00:00Z``."""
    # strftime takes three times as long, and on some systems writes fewer than four digits for a year before 1000.
    utc = value.astimezone(timezone.utc)
    return f"{utc.date().isoformat()}T{utc.time().isoformat()[:8]}Z"


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
    """The dataclass ``kind`` from what ``write`` made of it; ``place`` says where it stood.

    Raises FormError for a missing or unknown key and for a value of another type.
    """
    try:
        made: T = _reader(cast(Hashable, kind))(value)
    except FormError as error:
        raise error.below(place or (kind.__name__ if not error.place else "")) from None
    return made


# A report of thousands of hosts has millions of values: what a type wants is worked out once, and a place is spelt out only for a fault.
@cache
def _reader(hint: Any) -> Reader:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _optional_reader(_reader(next(part for part in get_args(hint) if part is not NoneType)))
    if origin is tuple:
        parts = get_args(hint)
        return _list_reader(_reader(parts[0])) if parts[-1] is Ellipsis else _row_reader(tuple(_reader(part) for part in parts))
    if is_dataclass(hint):
        return _mapping_reader(cast("type[Any]", hint))
    if hint is datetime:
        return _read_instant
    return _choice_reader(hint) if issubclass(hint, Enum) else _plain_reader(hint)


def _optional_reader(inner: Reader) -> Reader:
    return lambda value: None if value is None else inner(value)


def _mapping_reader(kind: type[Any]) -> Reader:
    readers = {key: _reader(hint) for key, hint in get_type_hints(kind).items()}

    def read_mapping(value: object) -> Any:
        if not isinstance(value, Mapping):
            raise FormError(f"expected a mapping, found {type(value).__name__}")
        if value.keys() != readers.keys():
            unknown = sorted(str(key) for key in value if key not in readers)
            missing = sorted(key for key in readers if key not in value)
            what = [f"unknown {', '.join(unknown)[:200]}"] * bool(unknown) + [f"missing {', '.join(missing)}"] * bool(missing)
            raise FormError("; ".join(what))
        parts = {}
        for key, reader in readers.items():
            try:
                parts[key] = reader(value[key])
            except FormError as error:
                raise error.below(key) from None
        return kind(**parts)

    return read_mapping


def _items(value: object) -> Sequence[object]:
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        raise FormError(f"expected a list, found {type(value).__name__}")
    return value


def _each(readers: Iterable[Reader], items: Sequence[object]) -> tuple[Any, ...]:
    made: list[Any] = []
    for reader, item in zip(readers, items, strict=False):
        try:
            made.append(reader(item))
        except FormError as error:
            raise error.below(f"[{len(made)}]") from None
    return tuple(made)


def _list_reader(inner: Reader) -> Reader:
    return lambda value: _each(repeat(inner), _items(value))


def _row_reader(readers: tuple[Reader, ...]) -> Reader:
    def read_row(value: object) -> Any:
        items = _items(value)
        if len(items) != len(readers):
            raise FormError(f"expected {len(readers)} items, found {len(items)}")
        return _each(readers, items)

    return read_row


def _choice_reader(kind: type[Enum]) -> Reader:
    choices = {member.value: member for member in kind}

    def read_choice(value: object) -> Any:
        if not isinstance(value, str) or value not in choices:
            raise FormError(f"{str(value)[:80]!r} is none of {', '.join(choices)}")
        return choices[value]

    return read_choice


def _plain_reader(kind: type[Any]) -> Reader:
    def read_plain(value: object) -> Any:
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            raise FormError(f"expected {kind.__name__}, found {type(value).__name__}")
        # ansible's tagged text is a subclass of str; what leaves here is plain
        return str(value) if kind is str else value

    return read_plain


def _read_instant(value: object) -> datetime:
    try:
        return datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise FormError(f"{str(value)[:40]!r} is no instant like 2026-11-23T12:00:00Z") from None
