# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The product at work, over real WinRM to servers on this machine: an audit, the gate in front of an installation, and what internal
servers tell of their CA.

Ends 0 if the product did what is promised below, else 1 and says what was otherwise. Run by ``make demo``.
"""
from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import internal_promised

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
TREE = ROOT / ".cache" / "collections"
OFF = "pchat6.contoso.local"
FRONT_ENDS = ["fe1.contoso.local", "fe2.contoso.local"]

PROMISED = {
    "pchat1.contoso.local": ("satisfied", None, "issued by the CA in force"),
    "pchat2.contoso.local": ("satisfied", None, "issued by the same CA before it renewed its own certificate"),
    "pchat3.contoso.local": ("not_satisfied", "issuance.", "issued by another CA that has the same name"),
    "pchat4.contoso.local": ("not_satisfied", "time.expired", "expired three days ago"),
    "pchat5.contoso.local": ("not_satisfied", "key.absent", "imported without its private key"),
    OFF: ("undetermined", "host.unreachable", "switched off"),
}
"""Host: the outcome, the beginning of the code of the finding that decides, what is wrong with it."""


class DemoError(Exception):
    """The demo can't go on; the text is for a person."""


def link() -> None:
    """Makes this checkout visible to Ansible as the collection."""
    place = TREE / "ansible_collections" / "lync" / "persistent_chat"
    place.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        place.symlink_to(os.path.relpath(ROOT, place.parent), target_is_directory=True)


def environment(work: Path) -> dict[str, str]:
    """This environment without settings of Ansible that were meant for something else, and with loopback exempt from any proxy."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    direct = ",".join(filter(None, [kept.get("no_proxy") or kept.get("NO_PROXY"), "127.0.0.1,localhost"]))
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}",
        "NO_PROXY": direct, "no_proxy": direct,
        "PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{TREE}",
        "LC_ALL": "C.UTF-8",
        "WINRM_HOST_PASSWORD": secrets.token_urlsafe(12),
        "ANSIBLE_COLLECTIONS_PATH": str(TREE), "ANSIBLE_HOME": str(work / "ansible"), "ANSIBLE_CONFIG": str(work / "ansible.cfg"),
        "ANSIBLE_LOCALHOST_WARNING": "False", "ANSIBLE_DEPRECATION_WARNINGS": "False", "ANSIBLE_RETRY_FILES_ENABLED": "False",
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "False", "ANSIBLE_DISPLAY_OK_HOSTS": "False",  # else lists of "ok" push the report out of sight
        "ANSIBLE_FORCE_COLOR": "1" if sys.stdout.isatty() and "NO_COLOR" not in kept else "0",
    }


@contextlib.contextmanager
def hosts(work: Path, env: dict[str, str]) -> Iterator[dict[str, int]]:
    """The servers, started; their ports by name. Each has a free port, so several demos can run at a time."""
    ports = work / "ports.json"
    command = [sys.executable, "-m", "winrm_host", "--recorded", str(EXAMPLES / "recorded"), "--ports-file", str(ports), "--off", OFF]
    with (work / "hosts.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while not ports.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise DemoError("The simulated servers did not start:\n" + (work / "hosts.log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.05)
        yield json.loads(ports.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def write_inventory(path: Path, ports: dict[str, int]) -> None:
    """Where each server listens. JSON is YAML."""
    members = {name: {"ansible_host": "127.0.0.1", "ansible_port": port} for name, port in ports.items()}
    path.write_text(json.dumps({"all": {"hosts": members}}), encoding="utf-8")


def play(work: Path, env: dict[str, str], playbook: str, leaves: Path) -> tuple[int, dict[str, Any]]:
    """Runs a playbook on the servers; the exit code, and what stands in the JSON file that it leaves (nothing if it left none)."""
    command = ["ansible-playbook", "-i", "examples/inventory.yml", "-i", str(work / "ports.yml"), playbook,
               "-e", json.dumps({"certificates_report_directory": str(leaves.parent), "certificates_report_formats": ["html", "json"],
                                 "install_note": str(work / "installed"), "internal_note": str(leaves)})]
    print(f"\n$ ansible-playbook -i examples/inventory.yml {playbook}\n", flush=True)
    code = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    return code, json.loads(leaves.read_text(encoding="utf-8")) if leaves.exists() else {}


def deciding(verdict: dict[str, Any]) -> list[str]:
    """The codes that refuse a host: those about itself and those of its nearest miss."""
    about_host = [finding["code"] for finding in verdict["findings"] if finding["severity"] in ("blocking", "open")]
    return about_host + list((verdict.get("nearest_miss") or {}).get("codes", []))


def compare(playbook: str, report: dict[str, Any]) -> list[str]:
    """What in the report is not as promised."""
    verdicts = {verdict["host"]: verdict for verdict in report.get("verdicts", [])}
    wrong = []
    for name, (outcome, code, _story) in PROMISED.items():
        verdict = verdicts.get(name)
        if verdict is None:
            wrong.append(f"{playbook}: the report says nothing of {name}")
        elif verdict["outcome"] != outcome:
            wrong.append(f"{playbook}: {name} is {verdict['outcome']}, promised was {outcome}")
        elif code and not any(found.startswith(code) for found in deciding(verdict)):
            wrong.append(f"{playbook}: {name} is refused for {', '.join(deciding(verdict)) or 'nothing'}, promised was {code}")
        elif [server["host"] for server in verdict["internal_servers"]] != FRONT_ENDS:
            wrong.append(f"{playbook}: {name} was not judged by the CA that {' and '.join(FRONT_ENDS)} use")
    return wrong


def row(verdict: dict[str, Any]) -> str:
    """One server as the report has it: outcome, deciding certificate, reason, the first step of the remedy."""
    name = verdict["host"]
    miss = verdict.get("nearest_miss") or {}
    decides = verdict.get("certificate") or next(
        (one for one in verdict["certificates"] if one["thumbprint"] == miss.get("thumbprint")), None)
    certificate = f"{decides['subject']} until {decides['not_after'][:10]}" if decides else "no certificate was read"
    lines = [f"   {name}  {verdict['outcome'].replace('_', ' '):<13}  {certificate}"]
    codes = ", ".join(deciding(verdict))
    lines.append(f"      why:  {PROMISED[name][2]}{f' ({codes})' if codes else ''}")
    remedy = miss.get("remedy") or next((finding["remedy"] for finding in verdict["findings"] if finding["remedy"]), None)
    if remedy and verdict["outcome"] != "satisfied":
        first = remedy.splitlines()[0].split(". ")[0].rstrip(":.")
        lines.append(f"      mend: {first} (in full above)")
    return "\n".join(lines)


def show(work: Path) -> tuple[list[str], list[str]]:
    """All runs; what was not as promised, and the rows of the gate's report."""
    env = environment(work)
    (work / "ansible.cfg").write_text("", encoding="utf-8")
    with hosts(work, env) as ports:
        write_inventory(work / "ports.yml", ports)
        print("== Two Front Ends and five servers of a pool answer WinRM on 127.0.0.1 with recorded stores; a sixth is switched off.")
        print("== audit: look, and fail nothing. The CA that counts is the one that the Front Ends use; nobody names it.")
        code, report = play(work, env, "lync.persistent_chat.audit", work / "audit" / "certificates.json")
        wrong = compare("audit", report) + ([f"audit ended with {code}, promised was 0"] if code else [])
        print("== site.yml: the gate, preinstall, in front of an installation")
        code, report = play(work, env, "examples/site.yml", work / "gate" / "certificates.json")
        wrong += compare("preinstall", report) + ([] if code else ["the gate let an unfit pool pass: site.yml ended with 0"])
    print("== internal.yml: other Front Ends, as they were recorded. Which CA do they use?")
    code, told = play(work, env, "examples/internal.yml", work / "internal.json")
    print("\n".join(internal_promised.rows(told)))
    wrong += internal_promised.compare(told) + ([f"internal.yml ended with {code}, promised was 0"] if code else [])
    if (work / "installed").exists():
        wrong.append("something was installed behind the gate")
    verdicts = {verdict["host"]: verdict for verdict in report.get("verdicts", [])}
    return wrong, [row(verdicts[name]) for name in PROMISED if name in verdicts]


def tidy(work: Path | None = None) -> None:
    """Leaves the reports of this run; those of runs an hour ago or more are removed at the next."""
    for old in (ROOT / ".cache").glob("demo-run-*"):
        if work is None and time.time() - old.stat().st_mtime > 3600:
            shutil.rmtree(old, ignore_errors=True)
    for path in work.iterdir() if work else ():
        if path.name not in ("audit", "gate"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def main() -> int:
    link()
    tidy()
    work = Path(tempfile.mkdtemp(prefix="demo-run-", dir=ROOT / ".cache"))
    rows: list[str] = []
    try:
        wrong, rows = show(work)
    except DemoError as error:
        wrong = [str(error)]
    finally:
        tidy(work)
    if wrong:
        print("\n== The demo did NOT show what it promises:\n" + "\n".join(f"   {line}" for line in wrong))
        return 1
    print("\n== What you saw: 2 of 6 servers fit. The audit told all and ended with 0; the gate ended the run, and nothing was installed.")
    print("\n".join(rows))
    print(f"   The same as a page: {(work / 'gate' / 'certificates.html').relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
