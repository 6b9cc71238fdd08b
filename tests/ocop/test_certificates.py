"""Certificates: their time, their band, two people behind each, revocation, what becomes of a product's stars."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import AuditEvent
from ocop.actions.certificates import ask_revocation, confirm_bands, confirm_certificate, keep, remind, revoke
from ocop.models import Product, Rating, RuleSet
from ocop.queries.products import products_on
from tests.ocop.conftest import parts

pytestmark = pytest.mark.django_db
DEC_2024 = dt.date(2024, 12, 5)


def stars_of(product) -> int | None:
    held = Product.objects.select_related("standing").get(pk=product.pk).standing
    assert (held.stars if held else None) == products_on(timezone.localdate()).get(pk=product.pk).stars
    return held.stars if held else None


def test_a_certificate_gives_its_stars_for_36_months_under_the_rules_of_its_day(product, certify):
    made = certify(product)
    assert (made.expires_on, made.rule_set, made.issuer) == (dt.date(2027, 12, 5), "ocop-2023", "district")
    assert stars_of(product) == 3


def test_two_certificates_over_the_same_time_are_refused_with_the_other_named(product, certify):
    certify(product, certificate_no="GCN-1")
    for day in (dt.date(2024, 6, 1), dt.date(2025, 6, 1)):
        with pytest.raises(Refused) as refused:
            certify(product, decided_on=day)
        assert refused.value.field == "decided_on"
        assert "GCN-1" in refused.value.message
    assert Rating.objects.filter(product=product).count() == 1


def test_the_database_itself_keeps_a_product_from_holding_two(product, certify):
    twin = certify(product)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_a_certificate_after_the_end_of_the_one_before_is_taken(product, certify):
    certify(product, decided_on=dt.date(2021, 5, 1))
    certify(product, decided_on=dt.date(2024, 6, 1))
    assert stars_of(product) == 3


def test_a_number_stands_once(product, register, certify):
    certify(product, certificate_no="GCN-1")
    with pytest.raises(Refused) as refused:
        certify(register(name="Khác"), certificate_no="GCN-1")
    assert refused.value.field == "certificate_no"


def test_an_upgrade_takes_the_place_of_the_certificate_before(product, certify):
    first = certify(product, decided_on=dt.date(2023, 12, 5))
    certify(product, kind="upgrade", stars=4)
    first.refresh_from_db()
    assert first.replaced_on == DEC_2024
    assert stars_of(product) == 4


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "upgrade"}, "stars"),
        ({"kind": "again", "decided_on": dt.date(2023, 12, 5)}, "decided_on"),
        ({"kind": "again", "decided_on": dt.date(2023, 1, 5)}, "decided_on"),
        ({"stars": 2, "kind": "again"}, "stars"),
        ({"decision": " ", "kind": "again"}, "decision"),
        ({"decided_on": dt.date(2999, 1, 1), "kind": "again"}, "decided_on"),
        ({"decided_on": dt.date(2018, 1, 1)}, "decided_on"),
        ({"kind": "later"}, "kind"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(product, certify, fields, field):
    certify(product, decided_on=dt.date(2023, 12, 5))
    with pytest.raises(Refused) as refused:
        certify(product, **fields)
    assert refused.value.field == field


def test_an_upgrade_needs_a_certificate(product, certify):
    with pytest.raises(Refused) as refused:
        certify(product, kind="upgrade", stars=4)
    assert refused.value.field == "kind"


@pytest.mark.parametrize(("scores", "stars", "field"), [((30, 20, 19), 4, "stars"), ((41, 5, 10), 3, "part_a")])
def test_a_rating_outside_its_band_or_past_a_part_is_refused(product, certify, scores, stars, field):
    with pytest.raises(Refused) as refused:
        certify(product, stars=stars, scores=parts(*scores))
    assert refused.value.field == field


def test_a_computed_star_is_provisional_until_an_officer_confirms_the_bands(
    product, certify, province_officer, district_officer
):
    made = certify(product, scores=parts(30, 20, 19))
    assert made.is_provisional
    with pytest.raises(OutOfScope):
        confirm_bands(slug="ocop-2023", reference="Phụ lục II", by=district_officer)
    confirm_bands(slug="ocop-2023", reference="148/QĐ-TTg, Phụ lục II", by=province_officer)
    made.refresh_from_db()
    assert not made.is_provisional
    assert RuleSet.objects.get(slug="ocop-2023").bands_confirmed_by == province_officer
    assert AuditEvent.objects.get(action="bands.confirm").data["reference"] == "148/QĐ-TTg, Phụ lục II"
    with pytest.raises(WrongState):
        confirm_bands(slug="ocop-2023", reference="x", by=province_officer)


# Two people


def test_who_recorded_a_certificate_does_not_compare_it(product, certify, province_officer, second_province_officer):
    made = certify(product)
    with pytest.raises(NotAllowed):
        confirm_certificate(rating=made, by=province_officer)
    assert confirm_certificate(rating=made, by=second_province_officer).confirmed_by == second_province_officer
    with pytest.raises(WrongState):
        confirm_certificate(rating=made, by=second_province_officer)


def test_a_commune_officer_records_no_certificate(product, certify, commune_officer):
    with pytest.raises(OutOfScope):
        certify(product, by=commune_officer)


def test_a_revocation_is_asked_by_one_and_decided_by_another(
    product, certify, province_officer, second_province_officer
):
    made = certify(product)
    with pytest.raises(Refused):
        ask_revocation(rating=made, reason=" ", by=province_officer)
    asked = ask_revocation(rating=made, reason="Không bảo đảm an toàn thực phẩm", by=province_officer)
    with pytest.raises(WrongState):
        ask_revocation(rating=made, reason="Lần nữa", by=second_province_officer)
    said = {"request": asked, "decision": "99/QĐ-UBND", "decided_on": dt.date(2025, 3, 1)}
    with pytest.raises(NotAllowed):
        revoke(**said, by=province_officer)
    assert stars_of(product) == 3
    revoked = revoke(**said, by=second_province_officer)
    assert (revoked.status, revoked.reason) == ("revoked", "Không bảo đảm an toàn thực phẩm")
    assert stars_of(product) is None
    assert products_on(dt.date(2025, 2, 28)).get(pk=product.pk).stars == 3


def test_a_request_that_is_turned_down_leaves_the_certificate(product, certify, province_officer):
    asked = ask_revocation(rating=certify(product), reason="Nghi ngờ", by=province_officer)
    keep(request=asked, by=province_officer)
    assert stars_of(product) == 3
    with pytest.raises(WrongState):
        keep(request=asked, by=province_officer)


def test_a_revoked_product_may_be_rated_anew(product, certify, province_officer, second_province_officer):
    asked = ask_revocation(rating=certify(product), reason="Sai", by=province_officer)
    revoke(request=asked, decision="1/QĐ", decided_on=dt.date(2025, 3, 1), by=second_province_officer)
    certify(product, decided_on=dt.date(2025, 5, 1))
    assert stars_of(product) == 3


# Reminders


def test_a_reminder_is_logged_once_a_day(product, certify, commune_officer, other_district_officer):
    made = certify(product)
    with pytest.raises(OutOfScope):
        remind(rating=made, note="", by=other_district_officer)
    remind(rating=made, note="Gọi điện", by=commune_officer)
    with pytest.raises(WrongState):
        remind(rating=made, note="", by=commune_officer)
    assert AuditEvent.objects.filter(action="certificate.remind").count() == 1
