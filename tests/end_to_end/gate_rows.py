# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate's table, as data: what must happen in each situation."""
from __future__ import annotations

from typing import Any

from end_to_end import gate_situations as do
from end_to_end.gate_run import EVERYWHERE, SERVERS, Mapped, Row, installs

TWO: dict[str, str] = {"pchat2": "bad", "pchat3": "unreachable"}
SHOW_TWO = {"pchat1": "satisfied", "pchat2": "not satisfied", "pchat3": "undetermined", "pchat4": "satisfied"}
ONE: dict[str, str] = {"pchat2": "bad"}
SHOW_ONE = {"pchat2": "not satisfied"}
LATE = ("without a verdict 'satisfied': pchat1, pchat2, pchat3, pchat4",)
LATER = ("without a verdict 'satisfied'",)
NOBODY = ("0 of 4 checked",)
CACHE = {"ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION": "@D/cache"}
IGNORE = {"ignore_errors": True, "ignore_unreachable": True}
UNREAD = dict.fromkeys(SERVERS, "unreachable")


def both(**keywords: Any) -> dict[str, Any]:
    """The same keywords on the holding play and on import_playbook."""
    return {"play": keywords, "imported": keywords}


def option(value: str) -> dict[str, Any]:
    """A bad option on the command line: nobody is contacted."""
    return {"args": ["-e", value], "hosts": UNREAD, "contacted": []}


def hostvars(host: str, **variables: Any) -> Any:
    return lambda built: built["all"]["children"]["persistent_chat"]["hosts"][host].update(variables)


def cleared() -> list[Mapped]:
    return [{"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.meta": "clear_host_errors"}]}]


def cacheable() -> list[Mapped]:
    names = ("certificates_report", "certificates_record")
    fact = {**{name: f"{{{{ {name} }}}}" for name in names}, "cacheable": True}
    return [{"hosts": "persistent_chat", "gather_facts": False, "tasks": [{"ansible.builtin.set_fact": fact}]}]


# The situations that gate.md puts first: run in all their forms, always.
FIRST: dict[str, Row] = {
    "g01": Row("all satisfied", installs=EVERYWHERE, shows=dict.fromkeys(SERVERS, "satisfied"), says=("4 of 4 checked, 4 satisfied",)),
    "g02": Row("one of four is bad", ONE, shows={**SHOW_ONE, "pchat1": "satisfied"}, says=("4 of 4 checked, 3 satisfied", "time.expired")),
    "g04": Row("one unreachable, one bad", {"pchat2": "bad", "pchat3": "closed"}, shows=SHOW_TWO, says=("pchat3 (host.unreachable)",)),
    "g06": Row("the group is empty", inventory=do.empty, says=("persistent_chat'",)),
    "g08": Row("--limit leaves out a server", args=["--limit", "all:!pchat4"], shows={"pchat4": "undetermined"},
               says=("3 of 4 checked", "pchat4 (coverage.not_checked)", "left out by --limit")),
    "g10b": Row("--tags install, one bad", ONE, args=["--tags", "install"], shows=SHOW_ONE),
    "g11": Row("--skip-tags always, one bad", ONE, args=["--skip-tags", "always"], says=LATE),
    "g12": Row("--start-at-task behind the gate", ONE, args=["--start-at-task", "install it"], says=LATE),
}

# ---- who is bad, and how
SERVERS_ROWS: dict[str, Row] = {
    "g03": Row("several bad in different ways", {"pchat1": "bad", "pchat2": "crash", "pchat3": "torn", "pchat4": "absent"},
               shows={"pchat1": "not satisfied", "pchat2": "undetermined", "pchat3": "undetermined", "pchat4": "undetermined"},
               says=("ended without a verdict: ", "bug on the way to the host", "host.answer_invalid", "coverage.not_checked")),
    "g03b": Row("a snapshot is too old", {"pchat3": "old"}, shows={"pchat3": "undetermined"}, says=("coverage.stale_snapshot",)),
    "a05b": Row("all unreachable at the check", UNREAD, contacted=SERVERS, says=("0 of 4 checked", "pchat4 (host.unreachable)")),
    "a21": Row("two names lead to one machine", {"pchat3": "twin"}, shows={"pchat2": "undetermined", "pchat3": "undetermined"},
               says=("coverage.same_server", "pchat2, pchat3 lead to one machine")),
    "a30": Row("a server in two groups", installs=EVERYWHERE, inventory=do.twice, says=("4 of 4 checked, 4 satisfied",)),
    "b46": Row("localhost is one of the servers, bad", inventory=do.localhost_too, shows={"localhost": "not satisfied"},
               says=("5 of 5 checked, 4 satisfied",)),
    "b56": Row("FQDN, IPv4, IPv6, digits as names", inventory=do.odd_names, installs=[*do.ODD_NAMES, "sql1", "localhost"]),
    "b56b": Row("the same, bad ones", inventory=do.odd_names_bad, shows={"fe80::1": "not satisfied", "2013": "not satisfied"}),
    "b18": Row("expected is a list, one not in the inventory",
               args=["-e", '{"certificates_expected": ["pchat1", "pchat2", "pchat3", "pchat4", "pchat5"]}'],
               shows={"pchat5": "undetermined"}, says=("4 of 5 checked",)),
}

# ---- what the caller sets
KEYWORDS: dict[str, Row] = {
    "g05": Row("caller: ignore_errors, ignore_unreachable", TWO, shows=SHOW_TWO, **both(**IGNORE)),
    "g05b": Row("the same on the role", TWO, shows=SHOW_TWO, role=IGNORE, forms="RH"),
    "a01": Row("any_errors_fatal", TWO, shows=SHOW_TWO, **both(any_errors_fatal=True)),
    "a01b": Row("ANSIBLE_ANY_ERRORS_FATAL", TWO, shows=SHOW_TWO, env={"ANSIBLE_ANY_ERRORS_FATAL": "true"}),
    "a02": Row("strategy: free in the holding play, bad", TWO, play={"strategy": "free"}, forms="RH", says=("free strategy",)),
    "a02b": Row("strategy: free in the holding play, good", play={"strategy": "free"}, forms="RH", says=("free strategy",)),
    "a02c": Row("ANSIBLE_STRATEGY=free, bad", TWO, env={"ANSIBLE_STRATEGY": "free"}),
    "a02d": Row("ANSIBLE_STRATEGY=free, good", installs=EVERYWHERE, env={"ANSIBLE_STRATEGY": "free"}, forms="P"),
    "a02e": Row("strategy: host_pinned, bad", TWO, play={"strategy": "host_pinned"}, forms="RH", says=("free strategy",)),
    "a02f": Row("strategy: free in the install plays, bad", ONE, install={"strategy": "free"}, shows=SHOW_ONE),
    "a02g": Row("strategy: free in the install plays, good", installs=EVERYWHERE, install={"strategy": "free"}),
    "a03": Row("max_fail_percentage: 100", TWO, shows=SHOW_TWO, play={"max_fail_percentage": 100}, install={"max_fail_percentage": 100}),
    "a06": Row("run_once on the role, second bad", ONE, role={"run_once": True}, forms="RH", shows=SHOW_ONE),
    "a06b": Row("run_once and rescue", ONE, rescue=True, role={"run_once": True}, forms="RH", shows=SHOW_ONE),
    "a07": Row("delegate_to on the role", UNREAD, role={"delegate_to": "pchat1"}, forms="RH", says=("refuses delegate_to pchat1",),
               contacted=[]),
    "a13": Row("no_log, -v", ONE, play={"no_log": True}, forms="RH", args=["-v"], shows={**SHOW_ONE, "pchat1": "satisfied"},
               says=("The options are understood", '"nearest_miss": {', '"msg": "4 of 4 checked, 3 satisfied. Not satisfied: pchat2."')),
    "a23": Row("forks: 1", TWO, args=["--forks", "1"], shows=SHOW_TWO),
    "a23b": Row("throttle: 1", TWO, play={"throttle": 1}, shows=SHOW_TWO),
    "a23c": Row("forks: 20", TWO, args=["--forks", "20"], shows=SHOW_TWO),
    "a34": Row("ignore_errors on the import of the role", ONE, role={"ignore_errors": True}, forms="RH", shows=SHOW_ONE),
    "a36": Row("become", TWO, **both(become=True), shows=SHOW_TWO),
    "a36c": Row("become with a method that can't work", TWO, **both(become=True, become_method="runas"), says=("pchat2",)),
    "a36b": Row("ansible_become in the inventory", inventory=do.all_variables(ansible_become=True), installs=EVERYWHERE),
    "b36": Row("module_defaults: nobody is contacted, other verdicts", TWO, shows=SHOW_TWO, **both(module_defaults={
        "lync.persistent_chat.certificate_report": {"verdicts": [{"host": "pchat2"}], "participants": []},
        "lync.persistent_chat.certificate_check": {"contact": False, "requirement": {"time.expired": "note"}}})),
    "b64": Row("order: reverse_sorted", TWO, play={"order": "reverse_sorted"}, shows=SHOW_TWO),
    "b72": Row("timeout on the role, the report hangs", role={"timeout": 2}, forms="RH", env={"PROBE_FSYNC": "hang"}, args=do.REPORT),
    "b73": Row("environment can't be templated", play={"environment": {"X": "{{ nowhere }}"}}, forms="RH", says=("nowhere",)),
    "b44": Row("jinja2_native", TWO, env={"ANSIBLE_JINJA2_NATIVE": "true"}, shows=SHOW_TWO),
    "b44b": Row("jinja2_native, good", installs=EVERYWHERE, env={"ANSIBLE_JINJA2_NATIVE": "true"}),
    "b83": Row("stdout callback minimal", TWO, env={"ANSIBLE_STDOUT_CALLBACK": "minimal"}, shows=SHOW_TWO),
    "b84": Row("display_ok_hosts off", TWO, env={"ANSIBLE_DISPLAY_OK_HOSTS": "false"}, shows=SHOW_TWO),
    "g14": Row("--check, good", installs=EVERYWHERE, args=["--check"], says=("4 of 4 checked, 4 satisfied",)),
    "g14b": Row("--check, bad", TWO, args=["--check"], shows=SHOW_TWO),
    "g13": Row("serial: 1 in the holding play, third bad", {"pchat3": "bad"}, play={"serial": 1}, forms="RH", says=("without serial",)),
    "g13b": Row("serial: 1 in the holding play, good", play={"serial": 1}, forms="RH", says=("without serial",)),
    "g13c": Row("serial: 1 in the install plays", installs=EVERYWHERE, install={"serial": 1}),
}

# ---- how the run is cut down
SELECTION: dict[str, Row] = {
    "g07": Row("the group is mistyped", group="persistant_chat", hold="persistant_chat", forms="PR", says=("'persistant_chat'",)),
    "g07b": Row("mistyped: says which look alike", group="persistant_chat", forms="PR", says=("look alike: persistent_chat",)),
    "b82": Row("mistyped, host_pattern_mismatch=ignore", group="persistant_chat", hold="persistant_chat", forms="PR",
               env={"ANSIBLE_HOST_PATTERN_MISMATCH": "ignore"}, says=("'persistant_chat'",)),
    "b19": Row("the group is a pattern", group="persistent_chat:!pchat4", hold="persistent_chat:!pchat4", forms="PR",
               says=("no Persistent Chat server in group 'persistent_chat:!pchat4'",)),
    "b80": Row("certificates_group in group_vars only", inventory=do.group_elsewhere, forms="P", says=("'persistent_chat'",)),
    "b80b": Row("the same, a group persistent_chat exists, too", inventory=do.all_variables(certificates_group="sql"), forms="P",
                shows={"sql1": "undetermined"}),
    "g08b": Row("--limit to one good server", args=["--limit", "pchat1"], says=("1 of 4 checked",), shows={"pchat4": "undetermined"}),
    "g09": Row("--limit to another group", args=["--limit", "sql"], says=("pchat1", "pchat4")),
    "g09b": Row("--limit localhost", args=["--limit", "localhost"]),
    "b52": Row("--limit by a retry file", args=["--limit", "@@D/retry"], run=do.retry, says=("1 of 4 checked",)),
    "g10": Row("--tags install, good", installs=EVERYWHERE, args=["--tags", "install"]),
    "g10c": Row("--skip-tags other, bad", ONE, args=["--skip-tags", "other"], shows=SHOW_ONE),
    "g10d": Row("--skip-tags all, bad", ONE, args=["--skip-tags", "all"], shows=SHOW_ONE),
    "g10e": Row("--tags install, bad, include_role", ONE, args=["--tags", "install"], forms="RH", include=True, says=("pchat2",)),
    "g11b": Row("--skip-tags tagged", ONE, args=["--skip-tags", "tagged"], says=LATE),
    "g11c": Row("--tags install --skip-tags always", ONE, args=["--tags", "install", "--skip-tags", "always"], says=LATE),
    "g11d": Row("the caller's own tag is skipped", ONE, args=["--skip-tags", "certs"], imported={"tags": ["certs"]},
                role={"tags": ["certs"]}, says=LATER),
    "b40": Row("role tagged never", ONE, role={"tags": ["never"]}, imported={"tags": ["never"]}, shows=SHOW_ONE),
    "b60": Row("--start-at-task: the verdict task", ONE, args=["--start-at-task", "Every expected server is satisfied"], says=NOBODY),
    "b60b": Row("--start-at-task: the check task, a bad option", UNREAD, contacted=[], says=("timeout is -3",),
                args=["--start-at-task", "Server holds a usable certificate", "-e", "certificates_timeout=-3"]),
    "b74": Row("ANSIBLE_RUN_TAGS, ANSIBLE_SKIP_TAGS", ONE, env={"ANSIBLE_RUN_TAGS": "install", "ANSIBLE_SKIP_TAGS": "always"}, says=LATE),
    "a08": Row("when: leaves out one host", role={"when": "inventory_hostname != 'pchat3'"}, forms="RH", shows={"pchat3": "undetermined"},
               says=("condition of the caller",)),
    "a08b": Row("when: leaves out the first host", role={"when": "inventory_hostname != 'pchat1'"}, forms="RH", says=("pchat1",)),
    "a08c": Row("when: false", ONE, role={"when": False}, imported={"when": False}, says=LATER),
    "a10": Row("meta: end_play before the role", ONE, first=[{"ansible.builtin.meta": "end_play"}], forms="RH", says=LATER),
    "a10b": Row("meta: end_host on one", first=[{"ansible.builtin.meta": "end_host", "when": "inventory_hostname == 'pchat3'"}], forms="RH",
                shows={"pchat3": "undetermined"}),
    "a14": Row("the holding play excludes a server", hold="persistent_chat:!pchat4", forms="RH", says=("3 of 4 checked",),
               shows={"pchat4": "undetermined"}),
    "a14b": Row("the holding play has more than the group, the extra one bad", inventory=do.extra_bad, hold="persistent_chat:sql",
                forms="RH",
                shows={"sql1": "not satisfied"}),
    "a14c": Row("role in a play over localhost", ONE, hold="localhost", forms="RH", shows={"pchat2": "undetermined"}),
    "a28": Row("--step, the gate answered n", ONE, run=do.step("n\n" * 9 + "y\n" * 9), forms="PR", says=LATER),
    "b81": Row("when: false and a skipped tag on require", ONE, args=["--skip-tags", "always,req"], site=do.odd_require, forms="R",
               says=LATE),
    "a20": Row("--syntax-check, --list-hosts, --list-tasks, --list-tags", UNREAD, installs=[], run=do.listings, forms="PR", contacted=[]),
    "a20b": Row("the same without the group", installs=[], inventory=do.no_group, run=do.listings, forms="PR", contacted=[]),
}

SOON = ["-e", "certificates_timeout=20"]

# ---- what was lost, rescued, remembered
PAST: dict[str, Row] = {
    "a04": Row("the holding play gathers facts, one unreachable", {"pchat2": "bad", "pchat3": "unreachable"}, play={"gather_facts": True},
               forms="RH",
               inventory=do.facts_from_python, shows=SHOW_TWO, says=("lost earlier in this run", "gather_facts: false")),
    "a04b": Row("the same, ignore_unreachable", {"pchat2": "bad", "pchat3": "unreachable"}, forms="RH", inventory=do.facts_from_python,
                shows=SHOW_TWO,
                play={"gather_facts": True, "ignore_unreachable": True}),
    "a05": Row("gathers facts, all unreachable", UNREAD, play={"gather_facts": True}, forms="RH", says=("pchat1", "pchat4")),
    "a09": Row("rescue around the role", ONE, rescue=True, forms="RH", shows=SHOW_ONE),
    "a11": Row("a host failed before, one bad", ONE, before=do.lost("failed"), shows={**SHOW_ONE, "pchat3": "undetermined"},
               says=("lost earlier",)),
    "a11b": Row("a host unreachable before, one bad", ONE, before=do.lost("unreachable"), shows={**SHOW_ONE, "pchat3": "undetermined"},
                says=("lost earlier",)),
    "a11c": Row("a host failed before, rest good", before=do.lost("failed"), says=("3 of 4 checked", "lost earlier")),
    "a11d": Row("the same, then clear_host_errors", ONE, before=do.lost("failed"), between=cleared(), shows=SHOW_ONE),
    "a19": Row("clear_host_errors after the gate", ONE, between=cleared(), shows=SHOW_ONE),
    "a18": Row("refresh_inventory after the gate", installs=EVERYWHERE,
               between=[{"hosts": "localhost", "gather_facts": False, "tasks": [{"ansible.builtin.meta": "refresh_inventory"}]}]),
    "a32": Row("the first host of all is unusable", TWO, inventory=do.carrier, shows=SHOW_TWO),
    "a32b": Row("the same, good", inventory=do.carrier, installs=EVERYWHERE),
    "a32c": Row("the same, --limit to it", inventory=do.carrier, args=["--limit", "aaa"], says=("pchat4",)),
    "a33": Row("extra variable of the record's name", ONE, args=["-e", do.SPOOFED], says=("pchat",)),
    "b58": Row("inventory variables like record and report; --limit", inventory=do.spoof, args=["--limit", "pchat1"],
               says=("1 of 4 checked",)),
    "b58b": Row("the same; --skip-tags always", ONE, inventory=do.spoof, args=["--skip-tags", "always"], says=LATE),
    "g16": Row("fact cache, an earlier run was good", ONE, earlier=True, env=CACHE, shows=SHOW_ONE),
    "g16b": Row("the same, --start-at-task", ONE, earlier=True, env=CACHE, args=["--start-at-task", "install it"], says=LATE),
    "b77": Row("report and record cached; --skip-tags always", ONE, earlier=True, env=CACHE, args=["--skip-tags", "always"],
               between=cacheable(), says=LATE),
    "b77b": Row("report and record cached; --limit", ONE, earlier=True, env=CACHE, args=["--limit", "pchat1"], between=cacheable(),
                says=("1 of 4 checked",)),
    "b60c": Row("report and record cached; --start-at-task the verdict", ONE, earlier=True, env=CACHE, between=cacheable(), says=NOBODY,
                args=["--start-at-task", "Every expected server is satisfied"]),
    "b76": Row("a block of the install play rescues all", ONE, args=["--skip-tags", "always"], site=do.rescue_install, says=LATER),
    "b03": Row("a server joins the group after the gate", forms="H", between=do.joined(), says=("pchat9",)),
    "b01": Row("-e certificates_group to a good group", ONE, args=["-e", "certificates_group=sql"], inventory=do.sql_good, hold="sql",
               forms="H", says=LATER),
}

# ---- options
OPTIONS: dict[str, Row] = {
    "g17a": Row("CA file missing", UNREAD, run=do.authority(None), contacted=[], says=("ca.cer is missing",)),
    "g17b": Row("CA file empty", UNREAD, run=do.authority(b""), contacted=[], says=("ca.cer is empty",)),
    "g17c": Row("CA file is a server's certificate", UNREAD, run=do.authority(do.leaf), contacted=[], says=("ca.cer",)),
    "g17d": Row("CA expired", UNREAD, run=do.authority(do.expired), contacted=[], says=("is valid on",)),
    "g17e": Row("CA file is a folder without one", **option('{"certificates_authority_files": ["@D/snapshots"]}'), says=("snapshots",)),
    "g17f": Row("CA file wrong on one host only", UNREAD, inventory=hostvars("pchat2", certificates_authority_files=["/nowhere.pem"]),
                says=("/nowhere.pem is missing",), contacted=[]),
    "g17g": Row("the same, --tags install", UNREAD, inventory=hostvars("pchat2", certificates_authority_files=["/nowhere.pem"]),
                args=["--tags", "install"], says=("/nowhere.pem is missing",), contacted=[]),
    "g18a": Row("unknown profile", **option("certificates_profile=mine"), says=("mine",)),
    "g18b": Row("negative time-out", **option("certificates_timeout=-3"), says=("timeout",)),
    "g18c": Row("unknown match, errors ignored", **option("certificates_match=what"), play={"ignore_errors": True}, says=("match",)),
    "g18d": Row("unknown match on one host only", UNREAD, inventory=hostvars("pchat2", certificates_match="what"), forms="P",
                says=("match", "what"),
                contacted=[]),
    "g18d2": Row("the same, any_errors_fatal on the holding play", UNREAD, inventory=hostvars("pchat2", certificates_match="what"),
                 forms="RH",
                 play={"any_errors_fatal": True}, says=("match", "what"), contacted=[]),
    "g18e": Row("no CA given", UNREAD, inventory=do.without_authority, says=("authority_files",), contacted=[]),
    "a47": Row("an option undefined on one host", UNREAD, inventory=hostvars("pchat2", certificates_pool="{{ nowhere }}"), forms="P",
               says=("nowhere",),
               contacted=[]),
    "a47b": Row("the same, any_errors_fatal on the holding play", UNREAD, inventory=hostvars("pchat2", certificates_pool="{{ nowhere }}"),
                forms="RH",
                play={"any_errors_fatal": True}, says=("nowhere",), contacted=[]),
    "g19a": Row("waiver without owner", **option(do.waiver(owner="")), says=("owner",)),
    "g19b": Row("waiver past its end", **option(do.waiver(until="2025-01-01")), says=("2025-01-01",)),
    "g19c": Row("waiver for what can't be waived", **option(do.waiver(code="time.expired")), says=("time.expired",)),
    "a48": Row("another variable of one host can't be templated", inventory=hostvars("pchat2", rubbish="{{ nowhere }}"),
               installs=EVERYWHERE),
    "b50": Row("playbook_dir in the variables of import_playbook",
               imported={"vars": {"certificates_authority_files": ["{{ playbook_dir }}/x.pem"]}},
               forms="P", says=("persistent_chat/playbooks/x.pem is missing",)),
    "a25": Row("group_vars beside site.yml", run=do.group_vars_beside_site, forms="P", says=("group_vars/persistent_chat.yml", "pchat1")),
    "b75": Row("the report can't be written", args=["-e", "certificates_report_directory=/proc/no/such"], says=("/proc/no/such",),
               shows={"pchat1": "satisfied"}),
}

# ---- accidents
ACCIDENTS: dict[str, Row] = {
    "g20a": Row("Ctrl-C while hosts are read", dict.fromkeys(SERVERS, "hang"), args=SOON, run=do.interrupted("INT")),
    "g20b": Row("SIGTERM to the process group", dict.fromkeys(SERVERS, "hang"), args=SOON, run=do.interrupted("TERM")),
    "g20c": Row("SIGKILL of the controller", dict.fromkeys(SERVERS, "hang"), run=do.interrupted("KILL", everybody=False)),
    "g20d": Row("a worker is killed", {"pchat2": "kill"}),
    "g20e": Row("task time-out", {"pchat2": "hang"}, env={"ANSIBLE_TASK_TIMEOUT": "10"},
                shows={"pchat2": "undetermined", "pchat1": "satisfied"}),
    "g20f": Row("Ctrl-C while the report is written", args=do.REPORT, env={"PROBE_FSYNC": "hang"}, run=do.interrupted("INT", after="fsync"),
                says=("REPORTS none",)),
    "g20g": Row("all killed while the report is written", args=do.REPORT, env={"PROBE_FSYNC": "hang"}, run=do.interrupted("KILL",
                after="fsync"),
                says=("REPORTS none",)),
    "a35": Row("the report crashes", args=do.REPORT, env={"PROBE_FSYNC": "crash"}, says=("bug while the report is written",)),
}

# ---- several gates, several commands, audit
SEVERAL: dict[str, Row] = {
    "a16": Row("gate and installs on one command line, bad", ONE, run=do.together, forms="P", shows=SHOW_ONE),
    "a16b": Row("gate and installs on one command line, good", installs=EVERYWHERE, run=do.together, forms="P"),
    "a16c": Row("as two commands", run=do.separate, forms="P", says=LATER),
    "a17": Row("two gates, the second skipped", site=do.two_gates, inventory=do.pools, forms="P", args=["--skip-tags", "second"],
               says=("without a verdict 'satisfied': pchat3, pchat4",)),
    "a17b": Row("two gates, both good", installs=EVERYWHERE, site=do.two_gates, inventory=do.pools, forms="P"),
    "b48": Row("two gates for one group, the second stricter, a host lost between", site=do.stricter(), forms="PR",
               shows={"pchat1": "not satisfied"}),
    "b48b": Row("the second has when: false", site=do.stricter({"when": False}, lose=False), forms="PR", says=LATER),
    "b48d": Row("the second stricter and in rescue", site=do.stricter(lose=False, rescue=True), forms="R",
                shows={"pchat1": "not satisfied"}),
    "g21": Row("job slices, their reports together: one bad", {"pchat3": "bad"}, run=do.slices(), forms="P",
               shows={"pchat3": "not satisfied"},
               says=("4 of 4 checked",)),
    "g21b": Row("job slices, all good", installs=EVERYWHERE, run=do.slices(), forms="P", says=("4 of 4 checked, 4 satisfied",)),
    "g21e": Row("job slices, one missing", run=do.slices(missing=True), forms="P",
                says=("2 of 4 checked", "pchat4 (coverage.not_checked)")),
    "g21f": Row("job slices, reports of another run", run=do.slices(run_id="yesterday"), forms="P", says=("pchat4 (coverage.other_run)",)),
    "g21h": Row("job slices, a bad server that only a slice expects", {"pchat3": "bad"}, run=do.slices(expected=SERVERS[:2]), forms="P",
                shows={"pchat3": "not satisfied"}, says=("4 of 4 checked",)),
    "g21d": Row("the site playbook is sliced, with the expected servers given", {"pchat3": "bad"}, inventory=do.first_half, forms="PR",
                args=["-e", '{"certificates_expected": ["pchat1", "pchat2", "pchat3", "pchat4"]}'], says=("2 of 4 checked",)),
    "g15": Row("audit, bad ones", TWO, installs=[], site=do.audit(), forms="P", shows=SHOW_TWO),
    "g15b": Row("audit, certificates_audit_fail", TWO, site=do.audit(certificates_audit_fail=True), forms="P", shows=SHOW_TWO,
                says=("3 of 4 checked, 2 satisfied. Not satisfied: pchat2. Undetermined: pchat3 (host.unreachable).",)),
    "g15c": Row("audit, none could be judged", UNREAD, site=do.audit(), forms="P", says=("0 of 4 checked",),
                shows={"pchat4": "undetermined"}),
    "g15d": Row("audit, --limit to another group", site=do.audit(), forms="P", args=["--limit", "sql"], says=("0 of 4 checked",)),
    "g15e": Row("audit takes snapshots of any age", {"pchat3": "old"}, installs=[], site=do.audit(), forms="P", says=("4 of 4 checked",)),
    "g15g": Row("audit of an empty group", inventory=do.empty, site=do.audit(), forms="P", says=("no Persistent Chat server",)),
    "c01": Row("collect, nobody answers", UNREAD, site=do.collect, forms="P", contacted=SERVERS,
               says=("host.unreachable", "nobody answers")),
    "c02": Row("a check with become", UNREAD, site=do.alone(become=True), forms="P", contacted=[], says=("refuses become",)),
    "c03": Row("a check alone, good", site=do.alone(), installs=[], forms="P"),
    "c04": Row("a verdict beside the record, of what is in no play", installs=EVERYWHERE, site=do.beside(do.WEB), forms="R",
               shows={do.WEB: "satisfied"}, says=("5 of 5 checked, 5 satisfied",)),
    "c05": Row("a verdict beside the record can't mend it", ONE, site=do.beside("pchat2", "pchat2"), forms="R", shows=SHOW_ONE),
    "c06": Row("neither recorded nor beside it", site=do.beside("elsewhere"), forms="R", shows={do.WEB: "undetermined"},
               says=("4 of 5 checked", "(coverage.not_checked)")),
    "c07": Row("a report that lets bad ones be is no gate", ONE, site=do.by_hand({"must_satisfy": False}), forms="R", shows=SHOW_ONE,
               says=LATER),
    "c08": Row("the caller fails the report, and ignores that", site=do.by_hand(task={"failed_when": True, "ignore_errors": True}),
               forms="R", says=LATER),
    "c09": Row("a report that does not expect each server", site=do.by_hand({"expected": ["pchat1", "pchat2", "pchat3"]}), forms="R",
               says=("3 of 3 checked, 3 satisfied", "without a verdict 'satisfied': pchat4")),
    "c10": Row("one server's record is copied to all", site=do.by_hand(check={"run_once": True}), forms="R",
               says=("The verdict found for it is that of pchat1",)),
    "c11": Row("a record that a template makes of another server's", ONE, site=do.by_hand({"record": "forged"}), forms="R",
               inventory=do.all_variables(forged=do.FORGED), says=("0 of 4 checked", "pchat2 (coverage.not_checked)")),
    "g15f": Row("an audit is no gate", site=lambda row, form: [*do.audit()(row, form), *installs("H")], forms="P", says=LATER),
}

OTHERS = {**SERVERS_ROWS, **KEYWORDS, **SELECTION, **PAST, **OPTIONS, **ACCIDENTS, **SEVERAL}
