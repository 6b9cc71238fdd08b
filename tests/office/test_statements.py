"""How many statements each page of the office takes: the committed numbers. A change of one is a change to explain."""

from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.django_db

COMMITTED = yaml.safe_load(Path(__file__).with_name("statements.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("address", COMMITTED)
def test_a_page_takes_the_committed_number_of_statements(cost, address):
    cost(address)  # a fresh connection prepares its statements once
    assert cost(address) == COMMITTED[address]
