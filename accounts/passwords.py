"""Passwords: one written form, one check, and the one-time password that is handed over."""

import secrets
import unicodedata

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.errors import Refused
from accounts.models import User

# Letters and digits that nobody mistakes for another when copying from a slip of paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def normalised(password: str) -> str:
    """The same bytes whatever keyboard composed the Vietnamese letters."""
    return unicodedata.normalize("NFKC", password)


def one_time_password() -> str:
    """A random password of 16 characters (79 bits) in four groups, to be changed at the first sign-in."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def checked(password: str, *, user: User, field: str) -> str:
    """`password` in its normalised form; raises Refused at `field` when it is too weak."""
    text = normalised(password)
    try:
        validate_password(text, user)
    except ValidationError as fault:
        raise Refused(" ".join(fault.messages), field=field, code="weak_password") from fault
    return text
