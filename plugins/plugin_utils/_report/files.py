# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as files: all forms rendered before one is written."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .._outputs import write_whole
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
    paths = {each: Path(dest) / FILES[each][0] for each in dict.fromkeys(formats)}
    try:
        write_whole({path: FILES[each][1](report).encode("utf-8") for each, path in paths.items()})
    except OSError as error:
        where = clean(str(error.filename or dest))
        raise ReportError(
            f"The report could not be written into the folder {clean(dest)}: {error.strerror or error} ({where}). "
            "Name a folder on the controller in which this user may write."
        ) from error
    return [str(path) for path in paths.values()]
