"""The summary is counted from the records: add, revoke or delete one, and its key moves."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Confidence, Level
from criteria.models import Attainment, Commendation, Decision, DossierSubmission, Recognition, Target
from ocop.models import Export, Product, Rating
from reports.queries.summary import summary
from sponsorship.models import Contribution

pytestmark = pytest.mark.django_db

REPORT_DAY = dt.date(2024, 2, 21)


def _now(*path):
    found = summary(year=2023, as_of=REPORT_DAY)
    for key in path:
        found = found[key]
    return found


def _recognise(unit, tier: str, act: str = "granted", day: dt.date = dt.date(2024, 1, 31)) -> Recognition:
    decision = Decision.objects.create(number="9999/QĐ-UBND", issued_on=day, confidence=Confidence.VERIFIED)
    return Recognition.objects.create(
        area=unit,
        tier=tier,
        act=act,
        decision=decision,
        result_year=2023,
        counts_from=day,
        confidence=Confidence.VERIFIED,
    )


@pytest.mark.parametrize("tier", ["ntm", "advanced", "model"])
def test_a_new_commune_moves_the_count_of_its_tier_and_its_revocation_moves_it_back(tier, area):
    before, unit = _now("communes_recognised", tier), area("18538")
    granted = _recognise(unit, tier)
    assert _now("communes_recognised", tier) == before + 1
    revoked = _recognise(unit, tier, "revoked", dt.date(2024, 2, 10))
    assert _now("communes_recognised", tier) == before
    revoked.delete()
    granted.delete()
    assert _now("communes_recognised", tier) == before


def test_a_decision_taken_after_the_day_asked_for_does_not_count(area):
    before = _now("communes_recognised", "ntm")
    _recognise(area("18538"), "ntm", day=dt.date(2024, 3, 1))
    assert _now("communes_recognised", "ntm") == before
    assert summary(year=2023)["communes_recognised"]["ntm"] == before + 1


def test_a_carried_over_commune_is_not_a_new_one(area):
    before = _now("communes_recognised", "ntm")
    _recognise(area("18538"), "ntm", "carried_over")
    assert _now("communes_recognised", "ntm") == before
    assert _now("in_force", "ntm") == 182


def test_a_district_appears_when_recognised_and_goes_when_revoked(area):
    _recognise(area("444"), "ntm")
    assert _now("districts_recognised") == ["Hương Khê", "Lộc Hà"]
    _recognise(area("448"), "ntm", "revoked", dt.date(2024, 2, 20))
    assert _now("districts_recognised") == ["Hương Khê"]


def test_a_dossier_counts_from_the_day_it_is_known():
    dossier = DossierSubmission.objects.get()
    dossier.known_on = dt.date(2024, 3, 1)
    dossier.save()
    assert _now("districts_submitted") == []
    assert summary(year=2023)["districts_submitted"] == ["Kỳ Anh"]
    dossier.delete()
    assert summary(year=2023)["districts_submitted"] == []


def test_the_provinces_criteria_follow_attainment():
    rows = Attainment.objects.filter(
        assessment__area__level=Level.PROVINCE,
        assessment__round__criteria_set__tier="pilot",
        assessment__round__period__code="2023",
    )
    assert _now("province_criteria") == {"met": 2, "total": 10}
    rows.update(criteria_met=3)
    assert _now("province_criteria") == {"met": 3, "total": 10}


def test_a_year_without_a_round_has_no_count_of_criteria():
    assert summary(year=2022)["province_criteria"] == {"met": None, "total": None}


def _rate(product: Product, *, stars: int = 3, status: str = "recognised", day: dt.date = dt.date(2023, 11, 1)) -> None:
    Rating.objects.create(product=product, stars=stars, status=status, year=2023, decided_on=day, rule_set="ocop-2023")


def _product() -> Product:
    any_product = Product.objects.first()
    return Product.objects.create(
        name="Sản phẩm thử", code="THU-1", producer=any_product.producer, area=any_product.area, group="food"
    )


def test_a_new_product_moves_every_count_of_ocop():
    product = _product()
    _rate(product)
    _rate(product, stars=4, status="proposed")
    Export.objects.create(product=product, country="US", year=2023, known_on=REPORT_DAY)
    assert _now("ocop") == {
        "rated_in_year": 129,
        "cumulative": 338,
        "proposed_4_star": 6,
        "exported": 7,
        "export_markets": ["AO", "JP", "KR", "NZ", "RU", "US"],
        "five_star": 0,
    }


def test_a_revoked_product_leaves_every_count_of_ocop():
    before, product = _now("ocop"), _product()
    _rate(product, stars=5)
    _rate(product, stars=4, status="proposed")
    Export.objects.create(product=product, country="US", year=2023, known_on=REPORT_DAY)
    assert _now("ocop", "five_star") == 1
    _rate(product, status="revoked", day=dt.date(2024, 1, 5))
    # The revocation carries the year of its result; what it ends was recognised before it.
    assert _now("ocop") == before


def test_deleting_ratings_and_exports_moves_the_counts():
    Export.objects.filter(country="RU").delete()
    Rating.objects.filter(year=2023, status="proposed").first().delete()
    found = _now("ocop")
    assert (found["exported"], found["proposed_4_star"]) == (5, 4)
    assert "RU" not in found["export_markets"]


@pytest.mark.parametrize("channel", Contribution.Channel.values)
def test_a_contribution_moves_its_channel_and_the_total(channel):
    before, pattern = _now("sponsorship"), Contribution.objects.first()
    added = Contribution.objects.create(
        sponsor=pattern.sponsor, area=pattern.area, channel=channel, year=2023, amount=1_000_001
    )
    after = _now("sponsorship")
    assert after[channel] == before[channel] + 1_000_001
    assert after["total"] == before["total"] + 1_000_001
    Contribution.objects.create(
        sponsor=added.sponsor,
        area=added.area,
        channel=channel,
        year=2023,
        received_on=REPORT_DAY,
        amount=-1_000_001,
        reverses=added,
        reason="Ghi nhầm",
    )
    assert _now("sponsorship") == before


@pytest.mark.parametrize(("recipient", "key"), [("collective", "collectives"), ("individual", "individuals")])
def test_a_commendation_moves_its_count(recipient, key):
    before = _now("commendations", key)
    Commendation.objects.create(year=2023, recipient=recipient, name="Thử", awarded_on=REPORT_DAY)
    assert _now("commendations", key) == before + 1
    Commendation.objects.filter(recipient=recipient).delete()
    assert _now("commendations", key) == 0


def test_targets_follow_the_plan_of_that_very_year(area):
    plan = Target.objects.get(year=2024, measure="ntm_advanced_new")
    plan.value = 21
    plan.save()
    Target.objects.filter(year=2024, measure="ocop_new").delete()
    found = summary(year=2024)["targets"]
    assert found["ntm_advanced_new"] == 21
    assert "ocop_new" not in found
    Target.objects.create(area=area("42"), year=2023, measure="ocop_new", name="Thử", value=40, unit="sản phẩm")
    assert _now("targets") == {"ocop_new": 40}


def test_the_summary_tells_which_of_its_figures_rest_on_generated_rows():
    flags = _now("illustrative")
    assert flags["communes_recognised"] is True
    assert flags["ocop"] is True
    assert flags["districts_recognised"] is False
    Commendation.objects.update(is_illustrative=False)
    assert _now("illustrative", "commendations") is False


def _queries() -> int:
    with CaptureQueriesContext(connection) as captured:
        summary(year=2023, as_of=REPORT_DAY)
    return len(captured)


def test_the_summary_costs_the_same_however_many_records(area):
    before = _queries()
    product, pattern = _product(), Contribution.objects.first()
    for number in range(20):
        _rate(product, day=dt.date(2023, 11, 1 + number))
        Contribution.objects.create(
            sponsor=pattern.sponsor, area=pattern.area, channel="called", year=2023, amount=1 + number
        )
    for code in ("439", "440", "441", "442", "443"):
        _recognise(area(code), "ntm")
    assert _queries() == before
    assert before < 30
