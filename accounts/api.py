"""Signing in over the API: a token for a username and password, and its end."""

import datetime as dt
from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import signin, throttling, tokens
from accounts.authentication import PortalTokenAuthentication
from accounts.errors import Refused
from accounts.models import User
from accounts.roles import Verb


class CredentialsSerializer(serializers.Serializer):
    """What is asked for a token."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)
    name = serializers.CharField(
        required=False, allow_blank=True, max_length=80, help_text="What the token is for, as its owner will see it."
    )
    verbs = serializers.ListField(
        child=serializers.ChoiceField(Verb.choices),
        required=False,
        help_text="`read` values on their way, `enter` values, take `steps`, `connect` webhooks; "
        "all by default, `[]`: public data only.",
    )
    area = serializers.CharField(
        required=False, max_length=20, help_text="Code of a unit: the token reaches it and what stands below it only."
    )
    days = serializers.IntegerField(
        required=False, min_value=1, max_value=tokens.MOST_DAYS, help_text=f"{tokens.DAYS} by default."
    )
    networks = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=tokens.MOST_NETWORKS,
        help_text="Networks (CIDR) or addresses that the token may be used from; from anywhere by default.",
    )


class TokenSerializer(serializers.Serializer):
    """A token, to be sent as `Authorization: Token …` until its expiry."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class WrongCredentials(AuthenticationFailed):
    """Unknown, wrong and suspended are not told apart."""

    default_code = "wrong_credentials"
    default_detail = signin.WRONG


class TokenView(APIView):
    """Give a token for a username and password."""

    # No session is looked at, so no CSRF token is needed and no cookie is ever set.
    authentication_classes = [PortalTokenAuthentication]
    permission_classes = [AllowAny]
    takes_any_token = True

    @extend_schema(request=CredentialsSerializer, responses=TokenSerializer, auth=[])
    def post(self, request):
        asked = CredentialsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        terms = dict(asked.validated_data)
        given = {name: terms.pop(name) for name in ("username", "password")}
        person = signin.check(request._request, **given)
        if getattr(request._request, "axes_locked_out", False):
            request._request.axes_locked_out = False  # the API says so itself, in its own form
            until = signin.locked_until(request._request, username=given["username"].strip().lower())
            raise Throttled(wait=max(1, (until - timezone.now()).total_seconds()))
        if person is None:
            throttling.wrong_guess(request._request)
            raise WrongCredentials
        if code := terms.pop("area", ""):
            terms["area"] = _area(person, code)
        secret, token = tokens.issue(by=person, **terms)
        return Response({"token": secret, "expiry": token.expires_at}, headers={"Cache-Control": "no-store"})


def _area(person: User, code: str) -> Any:
    """The unit of this code within the person's reach: the one that stands today, else the latest. Raises Refused."""
    found = [area for area in tokens.areas_for(person, code) if area.code == code.strip()]
    if not found:
        raise Refused("Không có đơn vị mang mã này trong phạm vi phân công của bạn.", field="area")
    return max(found, key=lambda area: area.valid_to or dt.date.max)


class LogoutView(APIView):
    """End the token that this request carries."""

    authentication_classes = [PortalTokenAuthentication]
    permission_classes = [IsAuthenticated]
    takes_any_token = True

    @extend_schema(request=None, responses={204: None})
    def post(self, request):
        tokens.end(token=request.auth, by=request.user)
        return Response(status=204)


urlpatterns = [
    path("auth/token/", TokenView.as_view(), name="token"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
]
