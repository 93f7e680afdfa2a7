# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check costs, in one run beside what a user would do otherwise: ``python bench_check.py [--hosts 20] [--rounds 3]``.

A ``certificate_check`` task against ``ansible.builtin.raw: hostname``, on the same simulated hosts with a real PowerShell engine. Ends 1 if
a ratio is above its target. Without an engine it is skipped, and said to be.

The hosts share the processors with the controller, and ansible-playbook looks for results a thousand times a second, so a host that takes
longer costs the controller more, whatever it does. Two more plays show how much: ``raw`` on hosts that are as late as those of the check,
and the check's options without a host.
"""
from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / ".cache" / "collections")]

import asn1  # noqa: E402
import pki  # noqa: E402
from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from engine import find_engine, store_folder  # noqa: E402

CPU_TARGET, WALL_TARGET = 1.4, 2.5
STORES = ("My", "CA", "Root", "Disallowed", "REQUEST")


@dataclass(frozen=True)
class Cost:
    """Seconds of the controller's processors and of the clock on the wall."""

    cpu: float
    wall: float

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.cpu - other.cpu, self.wall - other.wall)


def certificates(count: int) -> tuple[pki.Spec, list[pki.Spec]]:
    """A CA and so many server certificates, two of them of it and the others of another CA, each with a key of its own."""
    root, other = pki.root(), pki.root("other", "Contoso Web CA")
    return root, [pki.leaf(root if number < 2 else other, label=f"bench{number}") for number in range(count)]


def packed(content: bytes, key: Any) -> bytes:
    """A certificate and its key as PKCS #12 (RFC 7292) without encryption or MAC.

    The stores of Windows are no such files: checking a MAC, 2,048 rounds of hashing, would be a cost that no real host has.
    """
    def data(value: bytes) -> bytes:
        return asn1.sequence(asn1.oid("1.2.840.113549.1.7.1"), asn1.tlv(0xA0, asn1.octets(value)))

    def bag(kind: int, value: bytes) -> bytes:
        link = asn1.sequence(asn1.oid("1.2.840.113549.1.9.21"), asn1.set_of(asn1.octets(b"\x01")))
        return asn1.sequence(asn1.oid(f"1.2.840.113549.1.12.10.1.{kind}"), asn1.tlv(0xA0, value), asn1.set_of(link))

    private = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate = asn1.sequence(asn1.oid("1.2.840.113549.1.9.22.1"), asn1.tlv(0xA0, asn1.octets(content)))
    bags = asn1.sequence(bag(1, private), bag(3, certificate))
    return asn1.sequence(asn1.integer(3), data(asn1.sequence(data(bags))))


def fill_homes(folder: Path, hosts: int, specs: list[pki.Spec]) -> None:
    """A HOME for each host, with these certificates and keys in its store My; the other stores are there, as on any Windows, and empty."""
    entries = {}
    for spec in specs:
        content = spec.build()
        name = x509.load_der_x509_certificate(content).fingerprint(hashes.SHA1()).hex().upper()
        entries[name] = packed(content, spec.key)
    for number in range(hosts):
        for store in STORES:
            store_folder(folder / f"host{number:02}.contoso.local", store).mkdir(parents=True, mode=0o700)
        mine = store_folder(folder / f"host{number:02}.contoso.local", "My")
        for name, content in entries.items():
            (mine / f"{name}.pfx").write_bytes(content)
            (mine / f"{name}.pfx").chmod(0o600)


@contextlib.contextmanager
def running(work: Path, engine: Path, env: dict[str, str]) -> Iterator[dict[str, int]]:
    """The simulated hosts in a process of their own, so that their cost is not the controller's."""
    ports = work / "ports.json"
    command = [sys.executable, "-m", "winrm_host", "--homes", str(work / "homes"), "--engine", str(engine), "--ports-file", str(ports)]
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL)
    try:
        while not ports.exists():
            if process.poll() is not None:
                raise SystemExit("the simulated hosts did not start")
            time.sleep(0.05)
        yield json.loads(ports.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        process.wait(20)


def playbook(work: Path, name: str, task: dict[str, Any]) -> Path:
    """A playbook of one task on all hosts. JSON is YAML."""
    path = work / f"{name}.yml"
    path.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task] if task else []}]), encoding="utf-8")
    return path


def cost(work: Path, env: dict[str, str], path: Path, forks: int) -> Cost:
    """One run of a playbook, its workers included."""
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(work / "inventory.yml"), "-f", str(forks), str(path)]
    start = time.monotonic()
    with (work / f"{path.stem}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if process.returncode:
        said = (work / f"{path.stem}.log").read_text(encoding="utf-8")[-3000:]
        raise SystemExit(f"{path.stem} ended with {process.returncode}:\n{said}")
    return Cost(usage.ru_utime + usage.ru_stime, wall)


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_") and key != "PYTHONDONTWRITEBYTECODE"}
    tree = str(ROOT / ".cache" / "collections")
    return kept | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{tree}",
                   "ANSIBLE_COLLECTIONS_PATH": tree, "WINRM_HOST_PASSWORD": secrets.token_urlsafe(12)}


def bench_task(hosts: int, count: int, rounds: int, forks: int) -> bool:
    """Whether both ratios are within their targets."""
    engine = find_engine()
    if engine is None:
        print("== SKIPPED: certificate_check beside raw: no PowerShell engine here")
        return True
    root, specs = certificates(count)
    env = environment()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        fill_homes(work / "homes", hosts, specs)
        authority = work / "ca.pem"
        authority.write_bytes(x509.load_der_x509_certificate(root.build()).public_bytes(serialization.Encoding.PEM))
        check: dict[str, Any] = {"lync.persistent_chat.certificate_check": {"authority_files": [str(authority)]}}
        runs = {
            "nothing": playbook(work, "nothing", {}),
            "raw": playbook(work, "raw", {"ansible.builtin.raw": "hostname"}),
            # Off Windows a key's provider is not said, so no host is satisfied here; the work is the same. The role, too, says failed_when.
            "check": playbook(work, "check", check | {"failed_when": False}),
            "options": playbook(work, "options", {name: options | {"contact": False} for name, options in check.items()}),
        }
        shown = playbook(work, "shown", check | {"ignore_errors": True})
        found: dict[str, list[Cost]] = {name: [] for name in runs}
        waiting: list[Cost] = []
        with running(work, engine, env) as ports:
            members = {name: {"ansible_host": "127.0.0.1", "ansible_port": port} for name, port in ports.items()}
            variables = {"ansible_connection": "winrm", "ansible_winrm_scheme": "http", "ansible_winrm_transport": "basic",
                         "ansible_user": "demo", "ansible_password": env["WINRM_HOST_PASSWORD"]}
            (work / "inventory.yml").write_text(json.dumps({"all": {"hosts": members, "vars": variables}}), encoding="utf-8")
            for _round in range(rounds):  # in turns, so that other load on the machine meets all of them
                for name, path in runs.items():
                    found[name].append(cost(work, env, path, forks))
                late = max(0.0, found["check"][-1].wall - found["raw"][-1].wall) * forks / hosts
                command = f"hostname; [Threading.Thread]::Sleep({late * 1000:.0f})"
                waiting.append(cost(work, env, playbook(work, "waiting", {"ansible.builtin.raw": command}), forks))
            cost(work, env, shown, forks)
        evidence = (work / "shown.log").read_text(encoding="utf-8")
    if evidence.count("host.unreachable") or evidence.count("fatal: ") < hosts:
        print(evidence[-2000:])
        raise SystemExit("the hosts were not read: what was measured is not a check")
    found["waiting"] = waiting
    best = {name: Cost(min(one.cpu for one in costs), min(one.wall for one in costs)) for name, costs in found.items()}
    return tell_task(best, hosts)


def tell_task(best: dict[str, Cost], hosts: int) -> bool:
    """Prints the figures. The targets are for a play of one task, Ansible's start included."""
    names = {
        "raw": "ansible.builtin.raw: hostname",
        "waiting": "the same on hosts as late as a check's",
        "options": "certificate_check, options only (no host)",
        "check": "certificate_check",
    }
    print(f"{'a play of one task':<44}{'CPU s':>10}{'wall s':>10}")
    for key, name in names.items():
        print(f"{name:<44}{best[key].cpu:>10.2f}{best[key].wall:>10.2f}")
    cpu, wall = best["check"].cpu / best["raw"].cpu, best["check"].wall / best["raw"].wall
    print(f"{f'ratio of the last to the first (targets {CPU_TARGET}, {WALL_TARGET})':<54}{cpu:.2f}{wall:>10.2f}")
    for key in ("raw", "check"):
        one = best[key] - best["nothing"]
        print(f"{f'{names[key]}, a host, start taken off':<44}{one.cpu / hosts * 1000:>7.0f} ms{one.wall / hosts * 1000:>7.0f} ms")
    return cpu <= CPU_TARGET and wall <= WALL_TARGET


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--certificates", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--forks", type=int, default=5)
    chosen = parser.parse_args()
    size = f"{chosen.hosts} hosts with {chosen.certificates} certificates each"
    print(f"== {size}, best of {chosen.rounds} rounds, {chosen.forks} forks", flush=True)
    good = bench_task(chosen.hosts, chosen.certificates, chosen.rounds, chosen.forks)
    print("== within the targets" if good else "== NOT within the targets")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
