"""The stored standing of products is held against their ratings."""

import logging

import pytest
from django.core.management import CommandError, call_command

from ocop.models import Product, Rating
from ocop.standing import faults, restand
from ocop.tasks import nightly_verify

pytestmark = pytest.mark.django_db


def test_the_standing_of_every_product_of_the_seed_is_what_its_ratings_say(capsys):
    call_command("verify_ocop")
    assert "No faults." in capsys.readouterr().out


@pytest.mark.parametrize("stored", ["none", "older"])
def test_a_standing_that_is_not_what_the_ratings_say_is_named_and_put_right(product, certify, caplog, stored):
    older = certify(product)
    certify(product, stars=4, kind="upgrade", decided_on=older.decided_on.replace(month=12, day=20))
    Product.objects.filter(pk=product.pk).update(standing=None if stored == "none" else older)
    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify_ocop")
    with caplog.at_level(logging.ERROR):
        assert nightly_verify() == 1
    assert product.code in caplog.text
    restand([product.pk])
    assert not list(faults())


def test_a_standing_without_any_rating_is_a_fault(product, certify, register):
    other = register(name="Khác")
    Product.objects.filter(pk=other.pk).update(standing=certify(product))
    assert [line.split(":")[0] for line in faults()] == [f"product {other.code}"]
    Rating.objects.all().delete()
    assert not list(faults())
