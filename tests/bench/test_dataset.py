"""The generated country: as many values as it says, asked by the portal's own law."""

import pytest
from django.core.management import call_command

from bench.dataset import territory
from bench.dataset.law import inputs_of, sets
from bench.scales import NATIONAL


def test_the_whole_country_has_the_values_that_the_goals_speak_of():
    assert NATIONAL["full"].values == 6_996_000


@pytest.mark.django_db
def test_each_set_is_asked_by_its_numbered_indicators_and_what_the_portal_computes():
    call_command("load_law", verbosity=0)
    derived = [[bool(entry.derived) for entry in inputs_of(each)] for each in sets()]
    assert [(flags.count(False), flags.count(True)) for flags in derived] == [(57, 0), (75, 1)]


def test_a_province_alone_is_the_one_that_the_portal_serves():
    assert territory._codes(1) == ["42"]
    assert len(set(territory._codes(63))) == 63
