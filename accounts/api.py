"""Signing in over the API: a token for a username and password, and its end."""

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import signin, tokens
from accounts.authentication import PortalTokenAuthentication


class CredentialsSerializer(serializers.Serializer):
    """What is asked for a token."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)


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

    @extend_schema(request=CredentialsSerializer, responses=TokenSerializer, auth=[])
    def post(self, request):
        asked = CredentialsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        person = signin.check(request._request, **asked.validated_data)
        if getattr(request._request, "axes_locked_out", False):
            request._request.axes_locked_out = False  # the API says so itself, in its own form
            until = signin.locked_until(request._request, username=asked.validated_data["username"].strip().lower())
            raise Throttled(wait=max(1, (until - timezone.now()).total_seconds()))
        if person is None:
            raise WrongCredentials
        token, expiry = tokens.issue(by=person)
        return Response({"token": token, "expiry": expiry}, headers={"Cache-Control": "no-store"})


class LogoutView(APIView):
    """End the token that this request carries."""

    authentication_classes = [PortalTokenAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses={204: None})
    def post(self, request):
        tokens.end(token=request.auth, by=request.user)
        return Response(status=204)


urlpatterns = [
    path("auth/token/", TokenView.as_view(), name="token"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
]
