"""What a receiver knows the portal by: a secret of each webhook, and the signature that it makes (Standard Webhooks).

The secret is made of the portal's own key and the webhook's nonce: it can be made again to sign, and a copy of the
database alone does not hold it. `mark` is kept to know under which of the keys it was made, so that a change of
SECRET_KEY keeps every secret as long as the former key stands in SECRET_KEY_FALLBACKS.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from base64 import b64encode

from django.conf import settings
from django.utils.crypto import salted_hmac

from exchange.models import Webhook

_SALT = "exchange.webhook"
_PREFIX = "whsec_"


def new_secret(webhook: Webhook) -> str:
    """Give the webhook another secret, unsaved; the secret as it is shown once."""
    webhook.nonce = secrets.token_hex(16)
    made = _made(webhook.nonce, settings.SECRET_KEY)
    webhook.mark = _mark(made)
    return _PREFIX + b64encode(made).decode()


def headers(webhook: Webhook, *, event: str, body: bytes, now: dt.datetime) -> dict[str, str] | None:
    """The headers that sign a body; None where the key that the secret was made of is gone."""
    secret = _secret(webhook)
    if secret is None:
        return None
    at = str(int(now.timestamp()))
    signed = b".".join((event.encode(), at.encode(), body))
    signature = b64encode(hmac.digest(secret, signed, "sha256")).decode()
    return {"webhook-id": event, "webhook-timestamp": at, "webhook-signature": f"v1,{signature}"}


def _secret(webhook: Webhook) -> bytes | None:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    made = (_made(webhook.nonce, key) for key in keys)
    return next((each for each in made if hmac.compare_digest(_mark(each), webhook.mark)), None)


def _made(nonce: str, key: str) -> bytes:
    return salted_hmac(_SALT, nonce, secret=key, algorithm="sha256").digest()


def _mark(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()[:16]
