# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about where the reference CA comes from: what the internal servers told of it, and how that agrees with the files named."""
from __future__ import annotations

from .kinds import LYNC_CHAT, LYNC_NAMES, LYNC_WIZARD, OPEN, OURS, WARNING, Kind

DEFAULT_USE = "Microsoft, New-CsWebTrustedCACertificate: the CA that issued the default certificate"

REFERENCE = {
    "reference.unknown": Kind(
        "CA of the internal servers not known", LYNC_CHAT, "{detail}", severities=(OPEN,)),
    "reference.several": Kind(
        "Several issuing CAs", OURS, "{detail}", severities=(WARNING,)),
    "reference.differs": Kind(
        "CA only in the files named, or only on internal servers", LYNC_CHAT, "{detail}", severities=(WARNING,)),
    "reference.server_silent": Kind(
        "Internal server tells no CA", OURS, "{detail}", severities=(WARNING,)),
    "reference.namesake": Kind(
        "Another CA of the same name", "RFC 5280, 4.2.1.2: a CA is known by its key", "{detail}", severities=(WARNING,)),
    "reference.incomplete": Kind(
        "Not all of an internal server was seen", OURS, "{detail}", severities=(WARNING,)),
    "reference.expired": Kind(
        "Certificate of an internal server or its CA expired", DEFAULT_USE, "{detail}", severities=(WARNING,)),
    "reference.web_services_unknown": Kind(
        "Certificate of web services not known", LYNC_WIZARD, "{detail}", severities=(OPEN,)),
    "reference.web_services_unassigned": Kind(
        "No certificate assigned to web services", LYNC_WIZARD, "{detail}", severities=(WARNING,)),
    "reference.web_services_external": Kind(
        "Certificate of external web services", LYNC_NAMES, "{detail}", severities=(WARNING,)),
}
