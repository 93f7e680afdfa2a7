# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong on a simulated host: rules for single requests, and rules for what a command says.

A rule is a mapping. ``do`` says what happens, ``on`` to which request (Create, Command, Send, Receive, Signal, Delete, Get or ``*``),
``nth`` (from 1) and ``times`` to which of them; the first rule that applies wins.

Requests: drop (``rst``: reset, not an orderly end), drop_mid (in the middle of the answer), drop_after (done, but never answered),
hang (``seconds``), status (``code``, ``body``), fault and fault_after (``name`` of soap.FAULTS), badxml, none; ``delay`` in seconds goes
with any.
Output (``on`` is ``Output``, counted by command, the same over WinRS and PSRP): truncate (``bytes``), prefix, suffix, stderr, replace
(``text`` for all), garble (case of ``bytes`` letters in the middle), double, none; ``rc`` goes with any.
"""
from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from .soap import FAULTS

ACTIONS = ("Create", "Command", "Send", "Receive", "Signal", "Delete", "Get", "Identify")
REQUEST_DEEDS = ("drop", "drop_mid", "drop_after", "hang", "status", "fault", "fault_after", "badxml", "none")
OUTPUT_DEEDS = ("truncate", "prefix", "suffix", "stderr", "replace", "garble", "double", "none")
OUTPUT = "Output"


class RuleError(ValueError):
    """A rule says something that this host does not know."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; see the module's text. Raises RuleError for a value that is not known, so that no test passes without its fault."""

    do: str
    on: str = ""
    nth: int = 1
    times: int | None = None
    name: str = ""
    code: int = 500
    body: str = ""
    text: str = ""
    bytes: int = 40
    seconds: float = 3600.0
    delay: float = 0.0
    rst: bool = False
    rc: int | None = None

    def __post_init__(self) -> None:
        if not self.on:
            object.__setattr__(self, "on", OUTPUT if self.do in OUTPUT_DEEDS and self.do != "none" else "*")
        deeds = OUTPUT_DEEDS if self.on == OUTPUT else REQUEST_DEEDS
        if self.on not in (*ACTIONS, OUTPUT, "*"):
            raise RuleError(f"fault rule: on is {self.on!r}; known are {', '.join((*ACTIONS, OUTPUT, '*'))}")
        if self.do not in deeds:
            raise RuleError(f"fault rule on {self.on}: do is {self.do!r}; known are {', '.join(deeds)}")
        if self.do in ("fault", "fault_after") and self.name not in FAULTS:
            raise RuleError(f"fault rule: name is {self.name!r}; known are {', '.join(FAULTS)}")

    @classmethod
    def read(cls, item: Mapping[str, object]) -> Rule:
        """A rule from a mapping. Raises RuleError for a key that no rule has."""
        unknown = set(item) - {field.name for field in fields(cls)}
        if unknown or "do" not in item:
            raise RuleError(f"fault rule {dict(item)!r}: " + (f"unknown key {', '.join(sorted(unknown))}" if unknown else "no do"))
        return cls(**item)  # type: ignore[arg-type]


class Faults:
    """The rules of one host, with their counters; for use from many threads."""

    def __init__(self, rules: Iterable[Rule | Mapping[str, object]] = ()) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._seen: list[int] = []
        for rule in rules:
            self.add(rule)

    def add(self, rule: Rule | Mapping[str, object]) -> None:
        """One rule more, behind those that are there. Raises RuleError."""
        rule = rule if isinstance(rule, Rule) else Rule.read(rule)
        with self._lock:
            self._rules.append(rule)
            self._seen.append(0)

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        with self._lock:
            self._rules.clear()
            self._seen.clear()

    def of(self, event: str) -> Rule | None:
        """The first rule that applies to this request (its action) or command (OUTPUT), counting it."""
        with self._lock:
            for number, rule in enumerate(self._rules):
                if rule.on != event and (rule.on != "*" or event == OUTPUT):
                    continue
                self._seen[number] += 1
                if rule.nth <= self._seen[number] and (rule.times is None or self._seen[number] < rule.nth + rule.times):
                    return rule
        return None


@dataclass(frozen=True, slots=True)
class Said:
    """All that a command said, and its exit code."""

    stdout: bytes
    stderr: bytes
    rc: int


def spoil(rule: Rule, said: Said) -> Said:
    """What the client is told instead, under an output rule."""
    out, err, text = said.stdout, said.stderr, rule.text.encode()
    if rule.do == "truncate":
        out = out[:rule.bytes]
    elif rule.do == "prefix":
        out = text + out
    elif rule.do == "suffix":
        out += text
    elif rule.do == "replace":
        out = text
    elif rule.do == "double":
        out += out
    elif rule.do == "garble":
        middle = len(out) // 2
        out = out[:middle] + out[middle:middle + rule.bytes].swapcase() + out[middle + rule.bytes:]
    elif rule.do == "stderr":
        err = text + err
    return Said(out, err, said.rc if rule.rc is None else rule.rc)


def per_host(rules: Sequence[Mapping[str, object]] | Mapping[str, Sequence[Mapping[str, object]]], host: str) -> list[Rule]:
    """The rules of one host from a list for all, or from lists by the host's name. Raises RuleError."""
    chosen = rules.get(host, ()) if isinstance(rules, Mapping) else rules
    return [Rule.read(rule) for rule in chosen]
