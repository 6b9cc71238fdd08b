"""Token authentication of the API."""

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class PortalTokenAuthentication(TokenAuthentication):
    """Tokens of the portal; bytes that are no text are a wrong token, not a crash."""

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Any]:
        if not token.isascii():
            raise AuthenticationFailed
        return super().authenticate_credentials(token)

    def validate_user(self, auth_token: Any) -> tuple[Any, Any]:
        if auth_token.user.must_change_password:
            raise AuthenticationFailed
        return super().validate_user(auth_token)


class PortalTokenScheme(KnoxTokenScheme):
    """How the contract names it."""

    target_class = "accounts.authentication.PortalTokenAuthentication"
    name = "token"
    priority = 1
