"""The key under which a person's unsent work lies in a browser: nobody else's pages carry it."""

from base64 import b64encode

from django.utils.crypto import salted_hmac

from accounts.models import User

_SALT = "accounts.seal"


def seal(user: User) -> str:
    """32 bytes in base64, the same at every sign-in: what was sealed before opens again."""
    return b64encode(salted_hmac(_SALT, str(user.pk), algorithm="sha256").digest()).decode()
