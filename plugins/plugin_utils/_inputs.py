# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's files on the controller: CA certificates, snapshots, reports. Every error is a sentence that names the file."""
from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ._judge.authority import Authority, load_authority
from ._snapshot.files import SnapshotError, file_name, load
from ._snapshot.snapshot import Snapshot
from ._verdict.form import instant

AUTHORITY_LIMIT = 1024 * 1024
"""Bytes of one CA file; a bundle of all public CAs has a quarter of that."""
TEXT_LIMIT = 256 * 1024 * 1024
"""Bytes of one snapshot or report."""
AUTHORITY_SUFFIXES = (".pem", ".crt", ".cer", ".der")
"""What counts as a CA file where a folder is given."""

WANTED_AUTHORITY = "Expected: a PEM or DER file with the certificate of the CA that issues the certificates of the internal Lync servers."


class OptionError(ValueError):
    """An option that can't be understood, as a sentence."""


class InputError(ValueError):
    """A file of the user's that can't be used; the message is a sentence that names it and what was expected."""


class NoSnapshotError(InputError):
    """There is no snapshot of this host."""


class StaleSnapshotError(InputError):
    """The snapshot is older than wanted, or from the future."""


def authority_files(paths: Sequence[str]) -> list[tuple[str, bytes]]:
    """(label, bytes) of each CA file; of a folder each file in it that ends like a certificate, in the order of their names.

    Raises InputError if one is missing, empty, too large or can't be read, and for a folder without such a file.
    """
    sources: list[tuple[str, bytes]] = []
    for path in paths:
        sources += [(each, _content(each)) for each in _authority_paths(path)]
    return sources


def _authority_paths(path: str) -> list[str]:
    if not Path(path).is_dir():
        return [path]
    try:
        names = sorted(each.name for each in Path(path).iterdir())
    except OSError as error:
        raise InputError(f"The CA folder {path} can't be read: {error.strerror}. {WANTED_AUTHORITY}") from error
    found = [str(Path(path) / name) for name in names if name.lower().endswith(AUTHORITY_SUFFIXES)]
    if not found:
        raise InputError(f"The CA folder {path} holds no file that ends in {', '.join(AUTHORITY_SUFFIXES)}. {WANTED_AUTHORITY}")
    return found


def _content(path: str) -> bytes:
    content = _bytes(path, f"CA file {path}", AUTHORITY_LIMIT, WANTED_AUTHORITY)
    if not content.strip():
        raise InputError(f"The CA file {path} is empty. {WANTED_AUTHORITY}")
    return content


def _bytes(path: str, what: str, limit: int, wanted: str) -> bytes:
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError(f"The {what} can't be read: it is not a regular file. {wanted}")
            content = file.read(limit + 1)
    except FileNotFoundError as error:
        raise InputError(f"The {what} is missing on the controller. {wanted}") from error
    except (OSError, ValueError) as error:
        raise InputError(f"The {what} can't be read: {getattr(error, 'strerror', None) or error}. {wanted}") from error
    if len(content) > limit:
        raise InputError(f"The {what} is larger than {limit} bytes. {wanted}")
    return content


def _without_waiting(path: str, flags: int) -> int:
    """A named pipe that nobody writes to would be waited for, for ever."""
    return os.open(path, flags | os.O_NONBLOCK)


def snapshot(path: str, host: str, *, now: datetime, max_age: int = 0) -> Snapshot:
    """The snapshot of ``host`` in the file ``path``, or in the file named after the host in the folder ``path``.

    ``max_age`` is in hours, 0 for any age, at ``now`` (UTC). Raises NoSnapshotError if there is none of this host, StaleSnapshotError if it
    is older, InputError if it can't be read or is not whole.
    """
    wanted = "Expected: a snapshot that lync.persistent_chat.collect or certificate_store_info recorded."
    source = str(Path(path) / file_name(host)) if Path(path).is_dir() else path
    if not Path(source).exists():
        raise NoSnapshotError(f"There is no snapshot of {host}: the file {source} is missing on the controller. {wanted}")
    try:
        found = load(_text(source, f"snapshot {source}", wanted), source=source)
    except SnapshotError as error:
        raise InputError(str(error)) from error
    if found.name != host:
        raise NoSnapshotError(f"The snapshot {source} is that of {found.name[:255]}, not of {host}. Give each host its own.")
    stale = _stale(found, now, max_age)
    if stale:
        raise StaleSnapshotError(stale)
    return found


def _stale(found: Snapshot, now: datetime, hours: int) -> str | None:
    if not hours:
        return None
    age = now - found.recorded_at
    recorded = instant(found.recorded_at)
    if age > timedelta(hours=hours):
        return f"The snapshot was recorded at {recorded}, {int(age.total_seconds() // 3600)} hours ago; snapshot_max_age is {hours} hours."
    if age < timedelta(minutes=-5):
        return f"The snapshot was recorded at {recorded}, which is in the future of this controller's clock ({instant(now)})."
    return None


def age_problem(hours: int) -> str | None:
    """What is wrong with the option ``snapshot_max_age``, as a sentence."""
    return None if hours >= 0 else f"snapshot_max_age is {hours}. Expected: hours, or 0 for any age."


def asked_instant(text: str | None) -> datetime | None:
    """The option ``as_of`` as UTC, None if it is empty. Raises InputError."""
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
    raise InputError(f"as_of is {text[:40]!r}. Expected: a UTC date like 2026-11-23, or an instant like 2026-11-23T12:00:00Z.")


def authority(files: Sequence[str], content: Sequence[str]) -> Authority | None:
    """The CA that the options ``authority_files`` and ``authority_content`` name; None if both are empty.

    Raises InputError if both are given or a file can't be used, AuthorityError for one that holds no CA.
    """
    if files and content:
        raise InputError("Both authority_files and authority_content are given. Give one of them.")
    sources = authority_files(files) if files else [(f"authority_content[{i}]", text.encode()) for i, text in enumerate(content)]
    return load_authority(sources) if sources else None


def report_text(path: str) -> str:
    """The text of a JSON report. Raises InputError."""
    return _text(path, f"report {path}", "Expected: the JSON report that certificate_report wrote.")


def _text(path: str, what: str, wanted: str) -> str:
    try:
        return _bytes(path, what, TEXT_LIMIT, wanted).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"The {what} is not UTF-8 text. {wanted}") from error


def unread_variables(
    playbook_dir: str, playbooks: Sequence[str], inventories: Sequence[str], groups: Sequence[str], host: str
) -> Iterator[str]:
    """Variable files beside the user's own playbooks that a play of another folder (an imported one) does not read.

    ``playbooks`` are the files named on the command line, ``inventories`` the sources of the inventory.
    """
    read = {Path(playbook_dir).resolve()}
    read |= {(Path(source).parent if Path(source).is_file() else Path(source)).resolve() for source in inventories}
    names = [f"group_vars/{name}" for name in ("all", *groups)] + [f"host_vars/{host}"]
    for playbook in playbooks:
        beside = Path(playbook).parent.resolve()
        if Path(playbook).is_file() and beside not in read:
            candidates = (beside / f"{name}{end}" for name in names for end in ("", ".yml", ".yaml", ".json"))
            yield from (str(path) for path in candidates if path.exists())
