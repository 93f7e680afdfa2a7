# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as files: all forms rendered first, then written aside, then renamed, so that no reader ever sees half a report."""
from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from .._verdict.report import Report
from . import csv, html, json, junit
from .json import ReportError
from .text import clean

FILES: Mapping[str, tuple[str, Callable[[Report], str]]] = {
    "html": ("certificates.html", html.render),
    "json": ("certificates.json", json.render),
    "junit": ("certificates.junit.xml", junit.render),
    "csv": ("certificates.csv", csv.render),
}
"""Format -> name of the file in the folder, and what renders it."""


def write(report: Report, dest: str, formats: Sequence[str]) -> list[str]:
    """Writes the report into the folder ``dest`` (made if missing) and returns the paths in the order of ``formats``.

    Raises ReportError for an unknown format and for a folder or file that can't be written; then no file has changed, unless
    the very renaming failed.
    """
    unknown = [clean(str(each), 40) for each in formats if each not in FILES]
    if unknown:
        raise ReportError(f"There is no report format {', '.join(unknown)}. Choose from {', '.join(FILES)}.")
    wanted = list(dict.fromkeys(formats))
    texts = {each: FILES[each][1](report).encode("utf-8") for each in wanted}
    folder = Path(dest)
    paths = {each: folder / FILES[each][0] for each in wanted}
    aside: dict[str, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in wanted:
            aside[each] = _write_aside(folder, texts[each])
        for each in wanted:
            aside[each].replace(paths[each])
            del aside[each]
    except OSError as error:
        where = clean(str(error.filename or dest))
        raise ReportError(
            f"The report could not be written into the folder {clean(dest)}: {error.strerror or error} ({where}). "
            "Name a folder on the controller in which this user may write."
        ) from error
    finally:
        _remove(aside.values())
    return [str(paths[each]) for each in wanted]


def _write_aside(folder: Path, content: bytes) -> Path:
    path = folder / f".certificates.{uuid.uuid4().hex}.part"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        _remove([path])
        raise
    return path


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()
