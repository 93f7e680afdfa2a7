# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a virtual environment from a lock file, once: ``python venv.py DIRECTORY LOCK``. Standard library only.

Two runs at a time wait for each other. An environment whose lock file or Python has changed is made anew.
"""
from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

# pip says this of each package and each local index that lacks it; nothing a reader can act on.
NOISE = re.compile(r"WARNING: Location .* is ignored")


def _run(command: list[str]) -> bool:
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH")}
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if not NOISE.match(line)]
    if done.returncode and lines:
        print("\n".join(lines), file=sys.stderr)
    return done.returncode == 0


def _fill(directory: Path, lock: Path) -> bool:
    python = str(directory / "bin" / "python")
    pip = [python, "-m", "pip", "install", "-q"]
    uv = re.search(r"^uv==[\w.]+", lock.read_text(encoding="utf-8"), re.MULTILINE)
    if uv and _run([*pip, uv[0]]):
        fast = [str(directory / "bin" / "uv"), "pip", "install", "-q", "--compile-bytecode", "--require-hashes", "--python", python]
        if _run([*fast, "-r", str(lock)]):
            return True
        print("   uv could not install (it does not read pip's configuration); trying pip", file=sys.stderr)
    return _run([*pip, "--require-hashes", "-r", str(lock)])


def make(directory: Path, lock: Path) -> int:
    directory.parent.mkdir(parents=True, exist_ok=True)
    want = f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {sys.version_info[:3]}"
    stamp = directory / "installed"
    with Path(f"{directory}.lock").open("w", encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == want:
            return 0
        start = time.monotonic()
        print(f"== making {directory} with Python {sys.version.split()[0]} from {lock.name} (needs a package index)", flush=True)
        if directory.exists():
            shutil.rmtree(directory)
        if not _run([os.path.realpath(sys.executable), "-m", "venv", str(directory)]):
            print(f"{sys.executable} cannot make a virtual environment. On Debian: apt install python3-venv.", file=sys.stderr)
            return 1
        if not _fill(directory, lock):
            print(f"Could not install what {lock} names: is a package index reachable (pip's configuration, proxy)?", file=sys.stderr)
            return 1
        stamp.write_text(want, encoding="utf-8")
        print(f"== made in {time.monotonic() - start:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(make(Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()))
