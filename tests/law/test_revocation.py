"""The two limbs of revocation, as the rulebooks list them."""

from decimal import Decimal

import pytest

from criteria.models import CriteriaSet
from criteria.rules.revocation import limbs_met

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune_limbs() -> list[dict]:
    return CriteriaSet.objects.get(slug="commune-ntm-2021-2025").revocation["any_of"]


def codes(count: int, *named: str) -> set[str]:
    others = [code for code in map(str, range(1, 20)) if code not in ("10", "17", "18", "19", *named)]
    return {*named, *others[: count - len(named)]}


@pytest.mark.parametrize(
    ("failing", "limbs"),
    [
        (codes(5, "10"), 0),  # 26%
        (codes(6, "10"), 1),  # 32%, income among them
        (codes(6), 0),  # 32%, none of the named ones
        (codes(9, "17"), 1),  # 47%
        (codes(10), 1),  # 53%, whichever they are
    ],
)
def test_a_commune_falls_under_the_limb_of_its_share(commune_limbs, failing, limbs):
    assert len(limbs_met(commune_limbs, failing=failing, total=19)) == limbs


def test_a_district_also_falls_with_its_communes():
    limbs = CriteriaSet.objects.get(slug="district-ntm-2021-2025").revocation["any_of"]
    assert len(limbs_met(limbs, failing=set(), total=9, communes_revoked=Decimal(30))) == 1
    assert limbs_met(limbs, failing=set(), total=9, communes_revoked=Decimal(29)) == []


def test_without_criteria_nothing_is_concluded(commune_limbs):
    assert limbs_met(commune_limbs, failing=set(), total=0) == []
