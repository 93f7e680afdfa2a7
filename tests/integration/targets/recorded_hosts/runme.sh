#!/usr/bin/env bash
# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The modules, the role and the playbooks on recorded hosts. ansible-test shows the collection.
set -eux
trap 'rm -rf "$work"' EXIT
work=$(mktemp -d)
export ANSIBLE_LOCALHOST_WARNING=False
# ansible-test copies this folder elsewhere; the collection stays where its path says.
export EXAMPLES="${ANSIBLE_COLLECTIONS_PATH%%:*}/ansible_collections/lync/persistent_chat/examples"

ansible-playbook -i inventory.yml modules.yml -e "work=$work" "$@"

# The gate lets good servers pass, and what is behind it runs.
ansible-playbook -i inventory.yml site.yml -e certificates_group=good -e "note=$work/passed" "$@"
test -f "$work/passed"

# It stops for one bad server, in each way around it that ansible-playbook offers.
for around in "" "--skip-tags always" "--limit good" "--start-at-task Installed" "--tags install"; do
    # shellcheck disable=SC2086
    if ansible-playbook -i inventory.yml site.yml -e "note=$work/refused" $around "$@" > "$work/log" 2>&1; then
        cat "$work/log"
        exit 1
    fi
    test ! -e "$work/refused"
done

# An audit tells the same and fails nothing; its report counts all of them.
ansible-playbook -i inventory.yml lync.persistent_chat.audit -e "certificates_report_directory=$work/report" "$@"
python -c 'import glob, json, sys
summary = json.load(open(glob.glob(sys.argv[1] + "/*.json")[0]))["summary"]
assert (summary["expected"], summary["satisfied"]) == (6, 3), summary' "$work/report"
