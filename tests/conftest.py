# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the checkout importable as ansible_collections.lync.persistent_chat, wherever it lies; tests/ is a folder to import helpers from."""
from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TREE = ROOT / ".cache" / "collections"
LINK = TREE / "ansible_collections" / "lync" / "persistent_chat"


def _link() -> None:
    LINK.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):  # an earlier run's, or a parallel worker's of this one
        LINK.symlink_to(os.path.relpath(ROOT, LINK.parent), target_is_directory=True)


def _install() -> None:
    tests = str(ROOT / "tests")
    if tests not in sys.path:
        sys.path.insert(0, tests)
    if "ansible_collections" in sys.modules:  # ansible-test units has put its own finder there
        return
    _link()
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(TREE)
    # Private, but the only way to import a collection as Ansible does; the same in ansible-core 2.16 to 2.21.
    from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

    _AnsibleCollectionFinder(paths=[str(TREE)])._install()


_install()
