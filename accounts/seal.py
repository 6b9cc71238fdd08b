"""The keys under which a person's unsent work lies in a browser: nobody else's pages carry them."""

from base64 import b64encode

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import User

_SALT = "accounts.seal"


def seals(user: User) -> str:
    """32 bytes in base64 for each secret key, the present one first: what was sealed under an earlier one opens too."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac(_SALT, str(user.pk), secret=secret, algorithm="sha256").digest() for secret in secrets]
    return " ".join(b64encode(digest).decode() for digest in digests)
