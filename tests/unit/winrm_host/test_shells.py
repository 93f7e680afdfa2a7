# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Output waits until it is fetched, in pieces of the size that an answer may have."""
from __future__ import annotations

from winrm_host.faults import Rule
from winrm_host.shells import LONGEST_COMMAND_LINE, Command, Shell


class _Refusing:
    def start(self, order: object) -> object:
        raise AssertionError("must not run")


def test_pieces() -> None:
    command = Command()
    command.emit("stdout", b"abcde")
    command.emit("stderr", b"xy")
    assert command.receive(0, 4) == ({"stdout": b"abcd", "stderr": b""}, False)
    command.finish(3)
    assert command.receive(0, 2) == ({"stdout": b"e", "stderr": b"x"}, False)
    assert command.receive(0, 2) == ({"stdout": b"", "stderr": b"y"}, True)
    assert command.rc == 3


def test_nothing_yet() -> None:
    assert Command().receive(0, 4) is None


def test_a_spoiled_command_tells_nothing_before_its_end() -> None:
    command = Command(Rule("suffix", text="!"))
    command.emit("stdout", b"abc")
    assert command.receive(0, 9) is None
    command.finish(0)
    assert command.receive(0, 9) == ({"stdout": b"abc!", "stderr": b""}, True)


def test_too_long_a_command_line() -> None:
    shell = Shell("operator", "127.0.0.1", {}, None)
    command = shell.run(_Refusing(), "x" * (LONGEST_COMMAND_LINE + 1), False, None)  # type: ignore[arg-type]
    assert command.receive(0, 99) == ({"stdout": b"", "stderr": b"The command line is too long.\r\n"}, True)
    assert command.rc == 1
