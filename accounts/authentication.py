"""Token authentication of the API: who a token stands for, and how much of that person it leaves."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS

from accounts import throttling, tokens
from accounts.models import ApiToken, User
from accounts.roles import WRITING
from accounts.scope import narrow
from accounts.signin import client_address

SCHEMES = (b"token", b"bearer")


class ReadOnlyToken(PermissionDenied):
    """The token was not given for writing; said before anything is looked up."""

    default_code = "token_read_only"
    default_detail = "Mã truy cập này chỉ được dùng để đọc."


class PortalTokenAuthentication(BaseAuthentication):
    """`Authorization: Token …` (or Bearer). It sets no cookie and begins no session.

    A view with `takes_any_token` may be written to with a token for reading: to end itself.
    """

    def authenticate(self, request) -> tuple[User, ApiToken] | None:
        given = get_authorization_header(request).split()
        if not given or given[0].lower() not in SCHEMES:
            return None
        address = client_address(request._request)
        # Bytes that are no text, a missing or a second word: a wrong token like any other.
        secret = given[1].decode("ascii", "replace") if len(given) == 2 else ""
        token = tokens.holder_of(secret, address=address)
        if token is None:
            throttling.wrong_guess(request._request)
            raise AuthenticationFailed
        if token.last_used_from != str(tokens.parsed_address(address) or ""):
            # A lucky guess is none while its address has used up its guesses; a token known there goes on.
            throttling.check_guesses(request._request)
        tokens.note_use(token, address=address)
        narrow(token.user, token)
        writes = request.method not in SAFE_METHODS
        takes_any = getattr(request.parser_context.get("view"), "takes_any_token", False)
        if writes and not takes_any and not WRITING & {*token.verbs}:
            raise ReadOnlyToken
        return token.user, token

    def authenticate_header(self, request) -> str:
        return "Token"


class PortalTokenScheme(OpenApiAuthenticationExtension):
    """How the contract names it."""

    target_class = "accounts.authentication.PortalTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict[str, Any]:
        return build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Token")
