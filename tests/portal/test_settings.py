"""A server with a weak or missing setting does not start, and says why."""

import json
import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from ntm_portal.env import embedded_secret, profile, refuse_weak_server
from tests.services.portals import ROOT, clean_environment

STRONG = {
    "secret": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
    "hosts": ["ntm.example.gov.vn"],
    "database_url": "postgres://ntm@db/ntm",
    "redis_url": "redis://redis/0",
    "debug": False,
}


def test_strong_settings_are_accepted():
    refuse_weak_server(**STRONG)


@pytest.mark.parametrize(
    ("weak", "reason"),
    [
        ({"secret": ""}, "SECRET_KEY"),
        ({"secret": "short-but-random-1234"}, "SECRET_KEY"),
        ({"secret": "a" * 80}, "SECRET_KEY"),
        ({"hosts": []}, "ALLOWED_HOSTS"),
        ({"hosts": ["ntm.example.gov.vn", "*"]}, "ALLOWED_HOSTS"),
        ({"database_url": "sqlite:////data/ntm.sqlite3"}, "DATABASE_URL"),
        ({"redis_url": ""}, "REDIS_URL"),
        ({"debug": True}, "DEBUG"),
    ],
)
def test_a_server_with_a_weak_setting_is_refused_with_the_reason(weak, reason):
    with pytest.raises(ImproperlyConfigured, match=reason):
        refuse_weak_server(**{**STRONG, **weak})


def test_every_fault_is_told_at_once():
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_weak_server(secret="", hosts=[], database_url="", redis_url="", debug=True)
    assert all(name in str(refusal.value) for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"))


def test_an_unknown_profile_is_refused(monkeypatch):
    monkeypatch.setenv("NTM_PROFILE", "production")
    with pytest.raises(ImproperlyConfigured, match="production"):
        profile()


def test_the_embedded_secret_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first = embedded_secret(tmp_path / "data")
    assert len(first) >= 50
    assert embedded_secret(tmp_path / "data") == first
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_server_without_settings_ends_with_the_reasons():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=clean_environment(NTM_PROFILE="server"),
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "The server profile does not start: SECRET_KEY must have" in done.stderr


def test_what_the_address_of_the_database_asks_for_is_kept_beside_our_own():
    show = "import json; from ntm_portal import settings; print(json.dumps(settings.DATABASES['default']['OPTIONS']))"
    environment = clean_environment(DATABASE_URL="postgres://ntm@127.0.0.1/ntm?sslmode=require")
    done = subprocess.run([sys.executable, "-c", show], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert json.loads(done.stdout) == {"sslmode": "require", "options": "-c plan_cache_mode=force_generic_plan"}


def test_every_setting_read_from_the_environment_is_in_the_example_file():
    sources = [ROOT / "ntm_portal" / name for name in ("settings.py", "env.py", "serve.py", "setting_up.py")]
    pattern = re.compile(r'(?:env(?:\.\w+)?\(|environ\.get\()\s*"([A-Z_]+)"')
    read = {name for path in sources for name in pattern.findall(path.read_text())}
    told = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert {"SECRET_KEY", "DATA_DIR", "PORT", "DEMO_PASSWORD"} <= read
    assert read - told == set()
