# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The id of this run of Ansible."""
from __future__ import annotations

import uuid

# The strategy imports the action plugins, and with them this file, in the process of ansible-playbook before the first
# worker is forked: all workers and the lookup share the value, and no fact cache, inventory or earlier run can know it.
RUN_ID = uuid.uuid4().hex
