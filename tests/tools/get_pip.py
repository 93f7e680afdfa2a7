# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-in for get-pip.py, which ansible-test would download; it runs this file from its cache instead."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

CA = "/etc/ssl/certs/ca-certificates.crt"  # ansible-test drops SSL_CERT_FILE from the environment

packages = [a for a in sys.argv[1:] if not a.startswith("-")]
if "sanity.import" in sys.executable:
    packages.append("cryptography")  # what the collection needs at run time: its plugins are imported there
env = dict(os.environ)
if Path(CA).exists():
    env.setdefault("SSL_CERT_FILE", CA)
uv = shutil.which("uv")
if uv:
    subprocess.check_call([uv, "pip", "install", "-q", "--compile-bytecode", "--python", sys.executable, *packages], env=env)
else:
    subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL, env=env)
    subprocess.check_call([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages], env=env)
