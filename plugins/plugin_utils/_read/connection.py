# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the reading script on a host, through whatever connection the host has: winrm, psrp, ssh.

The script text goes to the connection, which wraps it in its own way. Reading changes nothing, so it may be tried again; a deadline
bounds all attempts together. The deadline is kept by a thread and not by SIGALRM, which belongs to the task's own ``timeout``.
"""
from __future__ import annotations

import base64
import contextlib
import contextvars
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase

from .._snapshot.snapshot import Snapshot
from .answer import AnswerError, excerpt, parse_answer
from .faults import of_exception, of_output, output_excerpt

T = TypeVar("T")

BOOTSTRAP = '& ([ScriptBlock]::Create(@($input) -join "`n"))'
"""Runs what comes on standard input; PowerShell reads that only if the command names ``$input``."""
SCRIPT = Path(__file__).with_name("certificate_stores.ps1").read_text(encoding="ascii")
"""Read here, so once and not in each of the workers that Ansible forks."""
SHELL_CONNECTIONS = frozenset({"ssh", "paramiko", "paramiko_ssh"})
STORE_NAME = re.compile(r"[A-Za-z0-9 _-]{1,64}")
ATTEMPTS = 3
PAUSES = (1.0, 2.0)
"""Seconds before the second and the third attempt."""
CLOSING = 3.0
"""Seconds that a connection gets to close after a failure."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and at which attempt."""

    snapshot: Snapshot
    attempts: int


class ReadFailure(Exception):
    """The host could not be read: the code of the finding, the sentence, what to do, and how often it was tried."""

    def __init__(self, code: str, message: str, remedy: str, attempts: int) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.attempts = attempts

    def result(self) -> dict[str, Any]:
        """The failed result of a module whose only subject is the host."""
        msg = f"{self.message} {self.remedy}"
        return {"changed": False, "failed": True, "msg": msg, "code": self.code, "attempts": self.attempts}


def timeout_problem(seconds: int) -> str | None:
    """Why an option ``timeout`` makes no sense, as a sentence; None if it does."""
    return None if 1 <= seconds <= 3600 else f"timeout is {seconds}. Expected: 1 to 3600 seconds."


class _Late(Exception):
    """The call did not return before the deadline."""


def read_host(action: ActionBase, task_vars: dict[str, Any], *, stores: Sequence[str], timeout: int) -> Reading:
    """Reads the named stores of the host of ``action`` within ``timeout`` seconds.

    Raises ReadFailure if the host can't be read, AnsibleActionFail if the task asks for what is not supported (become, a store's name).
    Under ``delegate_to`` the host is the delegate, and the snapshot carries its name.
    """
    name = host_name(action, task_vars)

    def parse(stdout: str) -> Snapshot:
        snapshot = parse_answer(stdout, name=name, recorded_at=datetime.now(timezone.utc))
        read = [store.name for store in snapshot.stores]
        if read != list(stores):
            raise AnswerError(f"Asked for the stores {', '.join(stores)}, the answer has {excerpt(', '.join(read))}")
        return snapshot

    return Reading(*run_script(action, task_vars, script=script_for(stores), timeout=timeout, parse=parse))


def host_name(action: ActionBase, task_vars: dict[str, Any]) -> str:
    """The name that the host of ``action`` is asked under: the delegate's under ``delegate_to``."""
    return str(action._task.delegate_to or task_vars["inventory_hostname"])


def run_script(
    action: ActionBase, task_vars: dict[str, Any], *, script: str, timeout: int, parse: Callable[[str], T]
) -> tuple[T, int]:
    """What ``parse`` makes of the output of a script that changes nothing, and at which attempt; ``timeout`` seconds for all attempts.

    Raises ReadFailure; an AnswerError of ``parse`` is host.answer_invalid. Raises AnsibleActionFail for become.
    """
    _refuse_become(action)
    where = _where(action, host_name(action, task_vars))
    _refuse_local(action, where)
    if action._task.delegate_to:
        # In a loop Ansible keeps the connection to the item before if only the port differs: that would be another host's answer.
        _drop(action._connection)
    deadline = time.monotonic() + timeout
    for attempt in range(1, ATTEMPTS + 1):
        try:
            result = _within(deadline - time.monotonic(), lambda: _call(action, script))
        except _Late:
            _drop(action._connection)
            late = of_exception("timed out")
            raise ReadFailure(late.code, f"{where} did not answer within {timeout} s.", late.remedy, attempt) from None
        except _failures() as error:
            fault = of_exception(f"{type(error).__name__}: {_text_of(error)}")
            detail = "" if fault.plain else f" ({excerpt(_text_of(error), 500)})"
        else:
            return _parsed(parse, result, where, attempt), attempt
        _drop(action._connection)
        pause = PAUSES[min(attempt, len(PAUSES)) - 1]
        if not fault.transient or attempt == ATTEMPTS or time.monotonic() + pause >= deadline:
            tried = f", tried {attempt} times" if attempt > 1 else ""
            raise ReadFailure(fault.code, f"{where}: {fault.what}{tried}{detail}.", fault.remedy, attempt)
        time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def script_for(stores: Sequence[str]) -> str:
    """The text that a host gets: the names of the stores, then the script. Raises AnsibleActionFail for what is no store's name."""
    for store in stores:
        if not STORE_NAME.fullmatch(store):
            raise AnsibleActionFail(
                f"{store[:80]!r} is no name of a certificate store. Names have letters, digits, spaces, - and _ only, as My, CA or Root."
            )
    if not stores or len({store.lower() for store in stores}) != len(stores):
        raise AnsibleActionFail("stores: name at least one certificate store, and each only once (Windows compares names without case).")
    names = ",".join(f"'{store}'" for store in stores)
    return f"$storeNames = @({names})\n{SCRIPT}"


def command_for(kind: str) -> str:
    """What the connection is told to run. winrm and psrp run PowerShell by themselves; ssh runs whatever shell the host has set up."""
    if kind not in SHELL_CONNECTIONS:
        return BOOTSTRAP
    encoded = base64.b64encode(BOOTSTRAP.encode("utf-16-le")).decode("ascii")
    return f"powershell -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand {encoded}"


def _kind(connection: Any) -> str:
    return str(getattr(connection, "transport", "") or "connection").rpartition(".")[2]


def _refuse_become(action: ActionBase) -> None:
    if getattr(action._connection, "become", None) is not None or action._task.become is True:
        raise AnsibleActionFail(
            "become is not supported: certificate stores are read with the rights of the account that connects. "
            "Connect as an administrator of the host and set become: false for this task."
        )


def _refuse_local(action: ActionBase, where: str) -> None:
    if _kind(action._connection) == "local":
        message = f"{where}: the connection is local, so it leads to the controller and not to a Windows host."
        raise ReadFailure("host.no_powershell", message, "Set ansible_connection to winrm or psrp for this host.", 0)


def _call(action: ActionBase, script: str) -> dict[str, Any]:
    result: dict[str, Any] = action._low_level_execute_command(command_for(_kind(action._connection)), in_data=script, executable=False)
    return result


def _within(seconds: float, call: Callable[[], T]) -> T:
    """What ``call`` returns or raises; _Late after so many seconds, and the call goes on by itself."""
    values: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            values.append(call())
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits
            errors.append(error)

    # Ansible keeps the current task in context variables, which a thread doesn't inherit by itself
    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True)
    thread.start()
    thread.join(max(seconds, 0.0))
    if errors:
        raise errors[0]
    if not values:
        raise _Late
    return values[0]


def _drop(connection: Any) -> None:
    """Closes a connection that failed, within seconds, so that the next attempt and Ansible's own closing start from nothing."""
    # the host is the one that just failed; what is left there ends by itself when its shell idles
    with contextlib.suppress(_Late, *_failures()):
        _within(CLOSING, connection.close)
    for attribute in ("protocol", "shell_id", "runspace"):
        if hasattr(connection, attribute):
            setattr(connection, attribute, None)
    connection._connected = False


def _failures() -> tuple[type[Exception], ...]:
    """What a call to a host may raise. Connection plugins let their libraries' exceptions through, and those are optional."""
    found: list[type[Exception]] = [AnsibleError, OSError, ParseError, ExpatError, LookupError, ValueError]
    try:
        from winrm.exceptions import AuthenticationError, WinRMError, WinRMOperationTimeoutError, WinRMTransportError

        found += [AuthenticationError, WinRMError, WinRMOperationTimeoutError, WinRMTransportError]
    except ImportError:
        pass
    try:
        from pypsrp import exceptions as psrp

        found += [psrp.WinRMError, psrp.AuthenticationError, psrp.InvalidRunspacePoolStateError, psrp.InvalidPipelineStateError]
    except ImportError:
        pass
    try:
        from spnego.exceptions import SpnegoError

        found.append(SpnegoError)
    except ImportError:
        pass
    return tuple(found)


def _parsed(parse: Callable[[str], T], result: dict[str, Any], where: str, attempt: int) -> T:
    rc, stdout, stderr = int(result["rc"]), str(result["stdout"]), str(result["stderr"])
    try:
        return parse(stdout)
    except AnswerError as error:
        fault = of_output(rc, stdout, stderr)
        if fault is not None:
            raise ReadFailure(fault.code, f"{where}: {fault.what} ({output_excerpt(rc, stdout, stderr)}).", fault.remedy, attempt) from None
        raise _invalid(f"{where}: {error} (exit code {rc}, errors: {excerpt(stderr)}).", attempt) from None


def _invalid(message: str, attempt: int) -> ReadFailure:
    remedy = (
        "Something on the host changes or adds to what PowerShell writes (a profile, a proxy, a security product, a session "
        "configuration); run with -vvvvv to see all of it."
    )
    return ReadFailure("host.answer_invalid", message, remedy, attempt)


def _text_of(error: BaseException) -> str:
    return str(getattr(error, "message", None) or error) or type(error).__name__


def _where(action: ActionBase, name: str) -> str:
    """The host as an administrator would look for it: its name, the connection, the address and port if they are known."""
    connection = action._connection
    parts: list[str] = []
    for option in ("remote_addr", "host", "port"):
        try:
            value = connection.get_option(option)
        except (KeyError, AttributeError, AnsibleError):
            continue
        if value not in (None, "", *parts):
            parts.append(str(value))
    kind = _kind(connection)
    return f"{name} ({kind} to {':'.join(parts)})" if parts else f"{name} ({kind})"
