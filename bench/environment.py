"""Importing this module points Django at a database of the bench's own, which is made anew by every run."""

import os
import shutil
from pathlib import Path

import django

# On the disk of the project: a memory file system would make every commit look free.
SCRATCH = Path(__file__).resolve().parent.parent / ".cache" / "bench"

os.environ |= {
    "DATA_DIR": str(SCRATCH),
    "DATABASE_URL": f"sqlite:///{SCRATCH / 'bench.sqlite3'}",
    "REDIS_URL": "",
    "ALLOWED_HOSTS": "testserver",
    "NTM_PROFILE": "embedded",
    "DJANGO_SETTINGS_MODULE": "ntm_portal.settings",
}
shutil.rmtree(SCRATCH, ignore_errors=True)
# The spool of the broker: an approval leaves its hint there, as in use.
for folder in ("spool/queue", "spool/control"):
    (SCRATCH / folder).mkdir(parents=True)
django.setup()
