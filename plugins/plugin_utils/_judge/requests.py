# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a new certificate is requested on a Windows host, as text to paste. All names handed in are safe in a command, or placeholders."""
from __future__ import annotations

CSP = "Microsoft RSA SChannel Cryptographic Provider"
"""A CryptoAPI provider that Schannel and every Lync version can use; certreq's own default is a key storage provider."""


def request(*, fqdn: str, names: tuple[str, ...], ca: str, tools: bool, shared: bool) -> str:
    """The whole way from request to installed certificate.

    ``names`` are wanted in the certificate, the first as its subject; ``ca`` is the CA's Config, host\\name. ``tools``: Lync's cmdlets
    are installed. ``shared``: the machine is (or may be) a Standard Edition Front End too.
    """
    wanted = tuple(dict.fromkeys(names))
    if not tools:
        return _certreq(fqdn, wanted, ca)
    return _standard_edition(wanted) if shared else _cmdlets(fqdn, wanted, ca)


def _certreq(fqdn: str, names: tuple[str, ...], ca: str) -> str:
    alternative = "\n".join(
        f'  _continue_ = "{_kind(name)}={name}{"&" if index < len(names) else ""}"' for index, name in enumerate(names, start=1))
    return f"""\
Request a new certificate on {fqdn}. Save this as request.inf:
  [Version]
  Signature = "$Windows NT$"
  [NewRequest]
  Subject = "CN={names[0]}"
  FriendlyName = "Persistent Chat {fqdn} <date>"
  MachineKeySet = TRUE
  KeySpec = 1
  KeyLength = 2048
  KeyUsage = 0xA0
  ProviderName = "{CSP}"
  ProviderType = 12
  HashAlgorithm = sha256
  RequestType = PKCS10
  [EnhancedKeyUsageExtension]
  OID = 1.3.6.1.5.5.7.3.1
  [Extensions]
  2.5.29.17 = "{{text}}"
{alternative}
  [RequestAttributes]
  CertificateTemplate = WebServer
Then, in an elevated prompt in that folder (certutil without arguments, on a domain member, tells the CA's Config):
  certreq -new request.inf request.req
  certreq -submit -config "{ca}" request.req answer.cer
  certreq -accept answer.cer
If the CA approves by hand, -submit tells a request id; when it has approved, instead of -submit:
  certreq -retrieve -config "{ca}" <request-id> answer.cer
An external CA gets request.req; its answer is accepted the same way, on this server."""


def _kind(name: str) -> str:
    return "ipaddress" if name.replace(".", "").isdigit() else "dns"


def _cmdlets(fqdn: str, names: tuple[str, ...], ca: str) -> str:
    return f"""\
Request a new certificate on {fqdn}, in the Lync Server Management Shell. It takes subject and names from the topology; \
needed are {", ".join(names)}.
  Request-CsCertificate -New -Type Default -CA "{ca}" -ComputerFqdn "{fqdn}" `
    -FriendlyName "Persistent Chat {fqdn} <date>" -Template WebServer -KeySize 2048
  Set-CsCertificate -Type Default -Thumbprint <thumbprint of the new certificate>
  Test-CsCertificateConfiguration
If the CA's answer comes as a file, install it on this server before it is assigned:
  Import-CsCertificate -Path <answer.cer>"""


def _standard_edition(names: tuple[str, ...]) -> str:
    return f"""\
Pool and server are one machine, so this may be a Standard Edition server with a live Front End, whose certificate -Type Default \
replaces. Plan the change for a maintenance window: request the certificate with the deployment wizard (Request, Install or Assign \
Certificates) from the same CA, with the names {", ".join(names)} and all names of the certificate in use now; compare both, and \
assign it only then."""
