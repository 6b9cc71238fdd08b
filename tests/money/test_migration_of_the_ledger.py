"""Entries that were written before corrections could be: found by purpose, never changed, on both databases."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from sponsorship.models import Contribution

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.mark.postgresql
def test_a_written_ledger_is_taken_along(entry):
    pk = entry(purpose="Đường thôn").pk
    connection.check_constraints()  # as if it had been committed
    call_command("migrate", "sponsorship", "0004", verbosity=0)
    call_command("migrate", "sponsorship", verbosity=0)
    assert Contribution.objects.get(pk=pk).purpose_key == "duong thon"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE sponsorship_contribution SET amount = 1 WHERE id = %s", [pk])
