# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the judge costs over many hosts: ``python bench_judge.py [--hosts 2000] [--certificates 20]``.

Each host has certificates of its own: two of the reference CA (one satisfies, one has expired), the rest of another CA. Those have
signatures of the right size but no meaning: to find them wrong costs as much as to find them right. From a snapshot's JSON text to the
verdict, beside cryptography's bare ``load_der_x509_certificate`` of the same certificates and ``verify_directly_issued_by`` either the CA
that each names, or the reference CA, which ends at the name for most. All are measured in turns in one process, the making of the
certificates left out. The memory should not grow with the number of hosts.
"""
from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / ".cache" / "collections")]

import pki  # noqa: E402
import signing  # noqa: E402
from cryptography import x509  # noqa: E402
from cryptography.exceptions import InvalidSignature  # noqa: E402

from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.authority import load_authority  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.judgement import judge  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._judge.requirement import requirement_for  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot import files  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._snapshot.snapshot import PrivateKey  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.instants import Instants  # noqa: E402
from ansible_collections.lync.persistent_chat.plugins.plugin_utils._verdict.verdict import Outcome  # noqa: E402

CHUNK = 50
"""Hosts made and measured at a time."""
OURS = 2
CA, OTHER = pki.root(), pki.root("W", "Contoso Web CA")
REQUIREMENT, INSTANTS = requirement_for("lync_2013", pool=pki.POOL), Instants(host=pki.NOW, controller=pki.NOW)


@dataclass
class Spent:
    """CPU seconds, and the peak of the memory in MiB when half and when all was done."""

    judge: float = 0.0
    own: float = 0.0
    reference: float = 0.0
    peaks: list[float] = field(default_factory=list)


def certificates_of(number: int, count: int) -> list[pki.Spec]:
    """The host's certificates: a good one, an expired one, the rest of another CA."""
    names = [f"pchat{number:05}.contoso.local", pki.POOL]
    good = pki.leaf(CA, names=names)
    expired = good.change(not_before=pki.day(-700), not_after=pki.day(-335))
    foreign = [pki.leaf(OTHER, names=names, signature=b"\0" + os.urandom(255)) for _dummy in range(count - OURS)]
    return [*foreign[:count // 2], good, expired, *foreign[count // 2:]]


def host(number: int, count: int, root: bytes, key: PrivateKey) -> tuple[str, list[bytes]]:
    """A snapshot's text and the certificates in its store My."""
    contents = [spec.build() for spec in certificates_of(number, count)]
    snapshot = pki.snapshot([pki.stored(content, key) for content in contents], roots=[root])
    named = replace(snapshot, name=f"pchat{number:05}.contoso.local", host=replace(snapshot.host, name=f"pchat{number:05}"))
    return files.dump(named), contents


def timed(work: Callable[[], int], wanted: int) -> float:
    """CPU seconds of the work, which must find so much."""
    start = time.process_time()
    found = work()
    spent = time.process_time() - start
    if found != wanted:
        raise SystemExit(f"{found} found instead of {wanted}: what was measured is not the work")
    return spent


def measure(hosts: int, count: int) -> Spent:
    root, spent = CA.build(), Spent()
    authority = load_authority([("ca.cer", root)])
    issuer, other = (x509.load_der_x509_certificate(content) for content in (root, OTHER.build()))
    key = pki.private_key(signing.key("L"))
    for begin in range(0, hosts, CHUNK):
        made = [host(number, count, root, key) for number in range(begin, min(begin + CHUNK, hosts))]

        def whole(made: list[tuple[str, list[bytes]]] = made) -> int:
            return sum(judge(files.load(text, source="x"), authority, REQUIREMENT, INSTANTS, run_id="0").outcome is Outcome.SATISFIED
                       for text, _contents in made)

        def own(made: list[tuple[str, list[bytes]]] = made) -> int:
            return sum(issued(content, (issuer, other)) for _text, contents in made for content in contents)

        def reference(made: list[tuple[str, list[bytes]]] = made) -> int:
            return sum(issued(content, (issuer,)) for _text, contents in made for content in contents)

        spent.judge += timed(whole, len(made))
        spent.own += timed(own, OURS * len(made))
        spent.reference += timed(reference, OURS * len(made))
        done = begin + len(made)
        if (not spent.peaks and done >= hosts / 2) or done == hosts:
            spent.peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return spent


def issued(content: bytes, issuers: Sequence[x509.Certificate]) -> bool:
    """Whether one of them issued it; names are compared first, so only one signature is checked."""
    certificate = x509.load_der_x509_certificate(content)
    for issuer in issuers:
        try:
            certificate.verify_directly_issued_by(issuer)
        except (ValueError, InvalidSignature):
            continue
        return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=2000)
    parser.add_argument("--certificates", type=int, default=20)
    chosen = parser.parse_args()
    hosts, count = max(chosen.hosts, 2), max(chosen.certificates, OURS)
    print(f"== {hosts} hosts with {count} certificates each, {OURS} of them of the CA", flush=True)
    spent = measure(hosts, count)
    each = hosts * count
    print(f"{'':<52}{'CPU s':>9}{'us each':>9}{'multiple':>10}")
    for words, seconds in (("cryptography: load, verify by the CA it names", spent.own),
                           ("cryptography: load, verify by the reference CA", spent.reference)):
        print(f"{words:<52}{seconds:>9.2f}{seconds / each * 1e6:>9.0f}{spent.judge / seconds:>10.1f}")
    print(f"{'JSON text to verdict (multiple: of the above)':<52}{spent.judge:>9.2f}{spent.judge / each * 1e6:>9.0f}")
    print(f"peak memory at half {spent.peaks[0]:.0f} MiB, at the end {spent.peaks[-1]:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
