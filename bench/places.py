"""Where the bench keeps its databases, and the environment of a portal on one of them. Knows nothing of Django."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# On the disk of the project: a memory file system would make every commit look free.
SCRATCH = ROOT / ".cache" / "bench"
RESULTS = ROOT / "bench" / "results"
PROVINCE = "42"
# What a generated database is made from: any change makes a new one.
_SOURCES = ("bench/dataset", "criteria/migrations", "communes/migrations", "criteria/rulebooks/sets", "bench/scales.py")


def fingerprint() -> str:
    """Changes with the generator, the tables and the law."""
    digest = hashlib.sha256()
    for name in _SOURCES:
        start = ROOT / name
        files = [start] if start.is_file() else sorted(start.glob("*.*"))
        for path in files:
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def scratch(scale: str) -> Path:
    """The folder of everything that a scale keeps."""
    folder = SCRATCH / scale
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def environment(*, folder: Path, database_url: str, redis_url: str = "") -> dict[str, str]:
    """The environment of a portal on a database of the bench's own."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PROVINCE_CODE": PROVINCE,
        "ALLOWED_HOSTS": "testserver",
        "NTM_PROFILE": "embedded",
        "DJANGO_SETTINGS_MODULE": "ntm_portal.settings",
        # Requests are counted, as on a server, and never refused.
        **{f"RATE_{bucket}": "1000000000/60" for bucket in ("VISITORS", "READS", "WRITES", "EXPORTS")},
    }
