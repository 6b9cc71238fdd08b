"""What `manage.py check --deploy` refuses beyond Django's own list."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from accounts.demo import active_demo_accounts
from accounts.models import User
from communes.models import Area, Level

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.security, deploy=True)
def no_demo_account(**kwargs: Any) -> list[CheckMessage]:
    """A public server has no account whose password was printed."""
    if not settings.IS_SERVER:
        return []
    try:
        names = list(active_demo_accounts().order_by("username").values_list("username", flat=True))
    except DatabaseError:
        # Before the first migration, or without a database: the portal does not serve then either (/readyz).
        return []
    if not names:
        return []
    return [
        Error(
            f"Demo accounts can sign in: {', '.join(names)}.",
            hint="Close them with `manage.py remove_demo_accounts`.",
            id="ntm_portal.E001",
        )
    ]


@register(Tags.security, deploy=True)
def somebody_manages_people(**kwargs: Any) -> list[CheckMessage]:
    """Without an account nobody can let anybody in."""
    try:
        nobody = settings.IS_SERVER and Area.objects.exists() and not User.objects.filter(is_active=True).exists()
    except DatabaseError:
        return []
    if not nobody:
        return []
    hint = "Make the first administrator with `manage.py createadmin`."
    return [Warning("There is no account yet.", hint=hint, id="ntm_portal.W001")]


@register(Tags.security, deploy=True)
def province_is_in_the_register(**kwargs: Any) -> list[CheckMessage]:
    """PROVINCE_CODE names a province of the loaded territory."""
    try:
        provinces = set(Area.objects.filter(level=Level.PROVINCE).values_list("code", flat=True))
    except DatabaseError:
        return []
    if not provinces or settings.PROVINCE_CODE in provinces:
        return []
    known = ", ".join(sorted(provinces))
    message = f"PROVINCE_CODE is '{settings.PROVINCE_CODE}', but the territory has {known}."
    return [Error(message, id="ntm_portal.E002")]


@register(Tags.security, deploy=True)
def hosts_are_public(**kwargs: Any) -> list[CheckMessage]:
    """A server that answers to local names only is not reachable, and its cookies are for another name."""
    if not settings.IS_SERVER or set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS:
        return []
    return [Warning("ALLOWED_HOSTS names this machine only.", id="ntm_portal.W002")]


@register(Tags.files)
def assets_are_built(**kwargs: Any) -> list[CheckMessage]:
    """Pages without the built fonts fall back to whatever the reader's device has."""
    if (Path(settings.BASE_DIR) / "static" / "build" / "fonts.css").exists():
        return []
    return [Warning("The fonts are not built.", hint="Run `make assets`.", id="ntm_portal.W003")]
