"""Reading the environment: refuses nonsense with the reason, in one place."""

import contextlib
import os
import re
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

EMBEDDED, SERVER = "embedded", "server"


def profile() -> str:
    """Which of the two profiles runs (NTM_PROFILE)."""
    name = os.environ.get("NTM_PROFILE", EMBEDDED)
    if name not in (EMBEDDED, SERVER):
        raise ImproperlyConfigured(f"NTM_PROFILE must be '{EMBEDDED}' or '{SERVER}', not '{name}'.")
    return name


def rate(name: str, usual: str) -> str:
    """A limit of requests as "300/60": how many in how many seconds."""
    text = os.environ.get(name) or usual
    if not re.fullmatch(r"[1-9][0-9]{0,9}/[1-9][0-9]{0,5}", text):
        raise ImproperlyConfigured(f"{name} must be requests in seconds, such as {usual}, not '{text}'.")
    return text


def embedded_secret(data_dir: Path) -> str:
    """The secret key of an embedded portal: made once, kept beside its database, readable by its owner only."""
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)  # the first process wins; the others read what it wrote
        temporary.unlink()
    return path.read_text().strip()


def refuse_weak_server(*, secret: str, hosts: list[str], database_url: str, redis_url: str, debug: bool) -> None:
    """A server profile with a missing or weak setting does not start."""
    faults = []
    if len(secret) < 50 or len(set(secret)) < 10:
        faults.append("SECRET_KEY must have at least 50 characters and not be trivial")
    if not hosts or "*" in hosts:
        faults.append("ALLOWED_HOSTS must name the hosts, without '*'")
    if not database_url.startswith(("postgres://", "postgresql://")):
        faults.append("DATABASE_URL must be a PostgreSQL address (postgres://…)")
    if not redis_url.startswith(("redis://", "rediss://", "unix://")):
        faults.append("REDIS_URL must be a Redis address (redis://…)")
    if debug:
        faults.append("DEBUG must be off")
    if faults:
        raise ImproperlyConfigured("The server profile does not start: " + "; ".join(faults) + ".")
