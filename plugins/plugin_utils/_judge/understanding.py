# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What could not be decoded: one exception for all decoders, whatever they raise."""
from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .der import DerError

T = TypeVar("T")


class NotUnderstood(Exception):
    """A part that a rule needs could not be decoded; the message names the part and what the decoder said."""


def guarded(what: str, decode: Callable[..., T], *parts: object) -> T:
    """The result of a decoder of these; whatever it raises becomes NotUnderstood. pyo3's panic is no Exception, hence BaseException."""
    try:
        return decode(*parts)
    except (KeyboardInterrupt, SystemExit, MemoryError, GeneratorExit, NotUnderstood):
        raise
    except DerError as error:
        raise NotUnderstood(f"{what}: {str(error)[:120]}") from None
    except BaseException:  # noqa: BLE001
        # The library's own words change from version to version, and the same snapshot must give the same verdict.
        raise NotUnderstood(f"{what}: it could not be decoded") from None


def sound(value: T) -> T:
    """The value; where NotUnderstood was kept in place of one, that is raised anew."""
    if isinstance(value, NotUnderstood):
        raise NotUnderstood(str(value))
    return value
