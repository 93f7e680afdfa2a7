# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulated Windows host: its shells and pools, and what it answers to each operation (MS-WSMV 3.1.4)."""
from __future__ import annotations

import base64
import collections
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from . import soap
from .executor import Executor
from .faults import OUTPUT, Faults, Rule
from .pools import Pool
from .shells import Shell
from .soap import CONFIG, IDENTITY, SHELL, STATE, Request, SoapFault

AUTHENTICATIONS = ("Negotiate", "NTLM", "Basic", "Certificate")
_ENVELOPE_SPACE = 4096


class Host:
    """The state of a simulated host; used from many threads.

    ``users`` maps names to passwords; ``certificates`` maps the common name of a client certificate to a user. ``count`` counts requests
    by action, and besides them ``http_401`` (asked for credentials), ``refused`` (credentials given and refused) and ``http_400``.
    """

    def __init__(self, name: str, executor: Executor, *, users: Mapping[str, str],
                 authentications: Sequence[str] = ("Negotiate", "NTLM", "Basic"), certificates: Mapping[str, str] | None = None,
                 faults: Iterable[Rule | Mapping[str, object]] = (),
                 allow_unencrypted: bool = True, max_envelope: int = 500 * 1024, max_shells: int = 30,
                 log: Callable[[str], None] | None = None) -> None:
        unknown = set(authentications) - set(AUTHENTICATIONS)
        if unknown:
            raise ValueError(f"host {name}: unknown authentication {', '.join(sorted(unknown))}; known are {', '.join(AUTHENTICATIONS)}")
        self.name, self.executor = name, executor
        self.users = {user.lower(): password for user, password in users.items()}
        self.certificates = dict(certificates or {})
        self.authentications = tuple(authentications)
        self.faults = Faults(faults)
        self.allow_unencrypted, self.max_envelope, self.max_shells = allow_unencrypted, max_envelope, max_shells
        self.count: collections.Counter[str] = collections.Counter()
        self.shells: dict[str, Shell | Pool] = {}
        self._log = log
        self._lock = threading.Lock()

    @property
    def _limit(self) -> int:
        """Bytes of output in one answer, so that base64 and envelope fit."""
        return (self.max_envelope - _ENVELOPE_SPACE) * 3 // 4

    def note(self, event: str) -> None:
        """Counts an event, and logs it if wanted."""
        with self._lock:
            self.count[event] += 1
        if self._log is not None:
            self._log(f"{self.name}: {event}")

    def serve(self, request: Request, user: str, client: str) -> str:
        """The body of the answer. Raises SoapFault, Malformed."""
        if request.action in ("Create", "Get", "Identify"):
            return {"Create": self._create, "Get": self._get, "Identify": self._identify}[request.action](request, user, client)
        operation = {"Command": self._command, "Send": self._send, "Receive": self._receive, "Signal": self._signal,
                     "Delete": self._delete}.get(request.action)
        if operation is None:
            raise SoapFault("ActionNotSupported")
        return operation(request, self._shell(request))

    def close(self) -> None:
        """Ends all that runs here."""
        with self._lock:
            shells, self.shells = list(self.shells.values()), {}
        for shell in shells:
            shell.close()

    def _shell(self, request: Request) -> Shell | Pool:
        try:
            return self.shells[request.shell_id]
        except KeyError:
            raise SoapFault("InvalidShell") from None

    def _create(self, request: Request, user: str, client: str) -> str:
        with self._lock:
            if len(self.shells) >= self.max_shells:
                raise SoapFault("Quota")
        body = request.find(f"{{{SHELL}}}Shell")
        shell: Shell | Pool
        if request.resource.startswith(soap.POWERSHELL + "/"):
            process = self.executor.pool()
            if process is None:
                raise SoapFault("InvalidResource")
            shell = Pool(user, client, request.resource, body.get("ShellId"), process)
            shell.create(body)
        elif request.resource == soap.CMD_RESOURCE:
            environment = {node.get("Name", ""): node.text or "" for node in body.iter(f"{{{SHELL}}}Variable")}
            shell = Shell(user, client, environment, body.findtext(f"{{{SHELL}}}WorkingDirectory"))
        else:
            raise SoapFault("InvalidResource")
        with self._lock:
            self.shells[shell.id] = shell
        return (f"<x:ResourceCreated><a:Address>{escape(request.to)}</a:Address><a:ReferenceParameters>"
                f'<w:ResourceURI>{escape(request.resource)}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{shell.id}'
                f"</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>" + _shell_xml(shell))

    def _get(self, request: Request, _user: str, _client: str) -> str:
        if request.resource == CONFIG:
            return (f'<cfg:Config xmlns:cfg="{CONFIG}"><cfg:MaxEnvelopeSizekb>{self.max_envelope // 1024}</cfg:MaxEnvelopeSizekb>'
                    f"<cfg:MaxTimeoutms>60000</cfg:MaxTimeoutms></cfg:Config>")
        if request.resource != SHELL:
            raise SoapFault("InvalidResource")
        return _shell_xml(self._shell(request))

    def _identify(self, _request: Request, _user: str, _client: str) -> str:
        return (f'<wsmid:IdentifyResponse xmlns:wsmid="{IDENTITY}"><wsmid:ProtocolVersion>{soap.WSMAN}</wsmid:ProtocolVersion>'
                f"<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor><wsmid:ProductVersion>OS: 6.3.9600 SP: 0.0 Stack: 3.0 "
                f"(simulated)</wsmid:ProductVersion></wsmid:IdentifyResponse>")

    def _command(self, request: Request, shell: Shell | Pool) -> str:
        node = request.find(f"{{{SHELL}}}CommandLine")
        rule = self.faults.of(OUTPUT)
        if rule is not None and rule.do == "none" and rule.rc is None:
            rule = None
        if isinstance(shell, Pool):
            ident = shell.command(node, rule)
        else:
            words = [node.findtext(f"{{{SHELL}}}Command") or "", *(word.text or "" for word in node.findall(f"{{{SHELL}}}Arguments"))]
            console = request.options.get("WINRS_CONSOLEMODE_STDIN", "TRUE").upper() == "TRUE"
            ident = shell.run(self.executor, " ".join(words), console, rule).id
        return f"<rsp:CommandResponse><rsp:CommandId>{ident}</rsp:CommandId></rsp:CommandResponse>"

    def _send(self, request: Request, shell: Shell | Pool) -> str:
        for node in request.body.iter(f"{{{SHELL}}}Stream"):
            ident, data = (node.get("CommandId") or "").upper(), base64.b64decode(node.text or "")
            if isinstance(shell, Pool):
                shell.send(ident, data, node.get("Name") or "stdin")
            elif ident not in shell.commands:
                raise SoapFault("InvalidCommand")
            elif (process := shell.commands[ident].process) is not None:
                process.write(data, (node.get("End") or "").lower() == "true")
        return "<rsp:SendResponse/>"

    def _receive(self, request: Request, shell: Shell | Pool) -> str:
        ident = (request.find(f".//{{{SHELL}}}DesiredStream").get("CommandId") or "").upper()
        return self._receive_pool(request, shell, ident) if isinstance(shell, Pool) else self._receive_command(request, shell, ident)

    def _receive_pool(self, request: Request, pool: Pool, ident: str) -> str:
        outlet = pool.outlet(ident)
        if outlet is None:
            raise SoapFault("InvalidCommand")
        taken = outlet.take(request.timeout, self._limit)
        if taken is None:
            raise SoapFault("TimedOut")
        fragments, done = taken
        if not fragments and pool.ended:
            raise SoapFault("InvalidShell")
        of = f' CommandId="{ident}"' if ident else ""
        xml = "".join(f'<rsp:Stream Name="stdout"{of}>{base64.b64encode(data).decode()}</rsp:Stream>' for data in fragments)
        return f'<rsp:ReceiveResponse>{xml}<rsp:CommandState{of} State="{STATE}{"Done" if done else "Running"}"/></rsp:ReceiveResponse>'

    def _receive_command(self, request: Request, shell: Shell, ident: str) -> str:
        command = shell.commands.get(ident)
        if command is None:
            raise SoapFault("InvalidCommand")
        taken = command.receive(request.timeout, self._limit)
        if taken is None:
            raise SoapFault("TimedOut")
        streams, done = taken
        xml = "".join(f'<rsp:Stream Name="{name}" CommandId="{ident}">{base64.b64encode(data).decode()}</rsp:Stream>'
                      for name, data in streams.items() if data)
        if not done:
            return f'<rsp:ReceiveResponse>{xml}<rsp:CommandState CommandId="{ident}" State="{STATE}Running"/></rsp:ReceiveResponse>'
        xml += "".join(f'<rsp:Stream Name="{name}" CommandId="{ident}" End="true"></rsp:Stream>' for name in streams)
        return (f'<rsp:ReceiveResponse>{xml}<rsp:CommandState CommandId="{ident}" State="{STATE}Done">'
                f"<rsp:ExitCode>{command.rc}</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>")

    def _signal(self, request: Request, shell: Shell | Pool) -> str:
        node = request.find(f"{{{SHELL}}}Signal")
        ident, code = (node.get("CommandId") or "").upper(), (node.findtext(f"{{{SHELL}}}Code") or "").lower()
        if isinstance(shell, Pool):
            shell.signal(ident, code)
            return "<rsp:SignalResponse/>"
        if ident not in shell.commands:
            raise SoapFault("InvalidCommand")
        if (process := shell.commands[ident].process) is not None:
            process.kill()
        if code.endswith("terminate"):
            del shell.commands[ident]
        return "<rsp:SignalResponse/>"

    def _delete(self, _request: Request, shell: Shell | Pool) -> str:
        with self._lock:
            self.shells.pop(shell.id, None)
        shell.close()
        return ""


def _shell_xml(shell: Shell | Pool) -> str:
    resource = shell.resource if isinstance(shell, Pool) else soap.CMD_RESOURCE
    return (f"<rsp:Shell><rsp:ShellId>{shell.id}</rsp:ShellId><rsp:ResourceUri>{escape(resource)}</rsp:ResourceUri>"
            f"<rsp:Owner>{escape(shell.user)}</rsp:Owner><rsp:ClientIP>{shell.client}</rsp:ClientIP>"
            "<rsp:State>Connected</rsp:State><rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut><rsp:InputStreams>stdin</rsp:InputStreams>"
            "<rsp:OutputStreams>stdout stderr</rsp:OutputStreams>"
            f"<rsp:ShellRunTime>P0DT0H0M{int(time.time() - shell.started)}S</rsp:ShellRunTime>"
            "<rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity></rsp:Shell>")
