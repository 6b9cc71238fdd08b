"""API tokens: one is given for a username and password, and ends by its date, by its owner or with the account."""

import datetime as dt

from django.db import transaction
from knox.models import AuthToken

from accounts import audit
from accounts.errors import NotAllowed
from accounts.models import User


@transaction.atomic
def issue(*, by: User) -> tuple[str, dt.datetime]:
    """A new token of `by` (shown this once, stored hashed) and when it ends.

    Raises NotAllowed while somebody else's one-time password has not been changed.
    """
    if by.must_change_password:
        raise NotAllowed("Hãy đăng nhập trên trang và đổi mật khẩu trước khi lấy mã truy cập.")
    stored, token = AuthToken.objects.create(by)
    audit.record(by=by, action="token.issue", subject=by, data={"expires_at": stored.expiry.isoformat()})
    return token, stored.expiry


@transaction.atomic
def end(*, token: AuthToken, by: User) -> None:
    """Let one token end now."""
    token.delete()
    audit.record(by=by, action="token.end", subject=by)
