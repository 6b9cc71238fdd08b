"""Helpers of the people tests."""

import pytest
from django.urls import reverse

from accounts.models import User

SIGN_IN = "/dang-nhap/"


@pytest.fixture
def fresh():
    """`fresh(user)`: the person as the next request will see them."""
    return lambda user: User.objects.get(pk=user.pk)


@pytest.fixture
def sign_in(password):
    """`sign_in(client, username, …)`: post the sign-in form."""

    def post(client, username, secret=password, **extra):
        return client.post(SIGN_IN, {"username": username, "password": secret, **extra.pop("data", {})}, **extra)

    return post


@pytest.fixture
def admin_client(client_of, administrator):
    """A browser of the administrator."""
    return client_of(administrator)


@pytest.fixture
def page_of():
    """`page_of(user, "accounts:person")`: the address of a page about a person."""
    return lambda user, name="accounts:person": reverse(name, args=[user.pk])
