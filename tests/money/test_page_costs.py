"""What a page asks of the database: the same for one row and for many."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.money.conftest import HA_LINH

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/do-dau/so/?nam=2024", 10),
        ("/do-dau/nha-tai-tro/", 10),
        ("/do-dau/thieu-von/", 10),
        ("/do-dau/nguon-von/?nam=2023", 10),
        ("/do-dau/tong-hop/huyen/?nam=2024", 10),
        ("/do-dau/tong-hop/nha-tai-tro/?nam=2024", 10),
        ("/do-dau/?nam=2024", 10),
    ],
)
def test_a_page_costs_the_same_for_one_row_and_for_many(client_of, province_officer, entry, address, most):
    client = client_of(province_officer)

    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    entry()
    cost()
    one = cost()
    for number in range(12):
        entry(1 + number, code=(HA_LINH, "18553", "444", "18133")[number % 4])
    assert cost() == one <= most
