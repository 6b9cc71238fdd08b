"""The ground that all tests stand on."""

import os
import socket

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from communes.models import Area
from tests.services.plugin import VENDORS, chosen_database


@pytest.mark.django_db
def test_the_run_is_on_the_database_it_was_asked_for():
    assert connection.vendor == VENDORS[chosen_database()]


@pytest.mark.django_db
def test_upper_case_vietnamese_is_found_by_the_database_of_the_server_profile():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'Đặng' ILIKE 'đặng'")
            assert cursor.fetchone() == (True,)


def test_a_test_cannot_reach_another_machine():
    with socket.socket() as far, pytest.raises(RuntimeError, match="this machine only"):
        far.connect(("192.0.2.1", 80))


def test_the_environment_of_a_developer_does_not_reach_the_tests():
    assert os.environ["DATA_DIR"].startswith(os.environ["NTM_TEST_SCRATCH"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_with_real_transactions_finds_the_database_loaded(time):
    assert not get_user_model().objects.filter(username="left-over").exists()
    get_user_model().objects.create(username="left-over")
    assert Area.objects.count() > 200
