"""Queues: what ends soon or has ended, upgrades, producers that stopped; reminders; linked indicators."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import OutOfScope, Refused
from communes.models import Area
from criteria.models import Reading
from ocop.actions.certificates import Certificate, record_certificate
from ocop.actions.links import take_reading
from ocop.actions.register import stop_producer
from ocop.models import CertificateReminder, Product, Rating
from ocop.queries import queues
from ocop.queries.links import linked, valid_products
from ocop.rules.rulesets import rules_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(district_officer):
    """`mine(slug)`: codes of a queue of Hương Khê, without the products of the seed."""

    def read(slug: str, by=None) -> list[str]:
        found, after = [], None
        while True:
            page = queues.queue(by or district_officer, slug, after)
            found += [product.code for product in page.products if product.code.startswith("42-")]
            after = page.after
            if after is None:
                return found

    return read


@pytest.fixture
def ending(register, certify):
    """`ending(days, …)`: a product whose certificate ends in so many days."""

    def make(days: int, **fields) -> Product:
        made = register(name=f"Còn {days} ngày", on=dt.date(2023, 1, 2), **fields)
        held = certify(made, decided_on=dt.date(2024, 1, 2))
        Rating.objects.filter(pk=held.pk).update(expires_on=timezone.localdate() + dt.timedelta(days=days))
        return made

    return make


def test_certificates_end_soon_within_the_days_of_the_rules(ending, mine):
    notice = rules_on(timezone.localdate()).notice_days
    made = [ending(days) for days in (notice, 0, notice + 1, -1)]
    assert mine("sap-het-han") == [made[1].code, made[0].code]
    assert mine("can-danh-gia-lai") == [made[3].code]


def test_a_product_whose_producer_stopped_waits_in_its_own_queue(ending, mine, commune_officer):
    made = ending(30, producer_name="Hộ nghỉ")
    stop_producer(producer=made.producer, version=0, on=dt.date(2024, 6, 1), reason="Nghỉ", by=commune_officer)
    assert mine("ngung") == [made.code]
    assert mine("sap-het-han") == []


def test_the_upgrades_of_the_seed_are_on_their_way_for_the_province(province_officer):
    page = queues.queue(province_officer, "nang-hang")
    assert page.counts["nang-hang"] == len(page.products) == 5
    assert {product.proposed_stars for product in page.products} == {4}


def test_a_queue_holds_the_products_of_the_persons_units_only(ending, mine, other_district_officer, commune_officer):
    made = ending(30)
    assert mine("sap-het-han", by=commune_officer) == [made.code]
    assert mine("sap-het-han", by=other_district_officer) == []


@pytest.mark.parametrize("who", ["department_officer", "administrator"])
def test_queues_are_absent_for_who_keeps_nothing(request, client_of, who):
    assert client_of(request.getfixturevalue(who)).get("/ocop/viec/").status_code == 404


def test_an_unknown_queue_is_absent(client_of, province_officer):
    assert client_of(province_officer).get("/ocop/viec/khac/").status_code == 404


def test_a_reminder_from_the_queue_is_logged_and_shown(client_of, ending, commune_officer):
    made, client = ending(30), client_of(commune_officer)
    address = f"/ocop/viec/sap-het-han/{made.code}/nhac/"
    assert client.post(address).status_code == 303
    assert CertificateReminder.objects.get().rating.product == made
    again = client.post(address)
    assert again.status_code == 409
    assert "Hôm nay đã nhắc" in again.content.decode()


def test_a_queue_costs_the_same_for_few_and_for_many(client_of, province_officer):
    client = client_of(province_officer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/ocop/viec/can-danh-gia-lai/").status_code == 200
        return len(captured)

    many = statements()
    Product.objects.exclude(pk__in=Product.objects.filter(standing__year=2019).values("pk")[:1]).delete()
    assert statements() == many


# Indicators from the register


@pytest.fixture
def reading(db):
    """The value of 13.2 of a commune of Hương Khê in an open round, still to be entered."""
    rows = Reading.objects.filter(
        input__code="13.2",
        assessment__round__criteria_set__slug="commune-advanced-2021-2025",
        assessment__round__closed_on=None,
    )
    found = rows.select_related("assessment__area", "assessment__round__period").order_by("pk").first()
    assert found is not None
    Reading.objects.filter(pk=found.pk).update(state=0, value=None, verdict=0)
    found.refresh_from_db()
    return found


@pytest.fixture
def officer(person, reading):
    return person("xa-lay", "commune_officer", area=reading.assessment.area)


def _product_in(area: Area, register, province_officer) -> Product:
    made = register(area=area, by=province_officer, name="Sản phẩm của xã")
    paper = Certificate(stars=3, kind="first", decided_on=dt.date(2024, 3, 1), decision="1/QĐ")
    record_certificate(product=made, certificate=paper, by=province_officer)
    return made


def test_a_communes_indicator_is_taken_from_the_register_with_its_source(reading, officer, register, province_officer):
    Product.objects.filter(area=reading.assessment.area).delete()
    end = reading.assessment.round.period.ends_on
    assert not valid_products({reading.assessment.area_id}, end).exists()
    made = _product_in(reading.assessment.area, register, province_officer)
    taken = take_reading(reading_id=reading.pk, version=reading.version, by=officer)
    assert taken.value == 1
    assert taken.note == f"Sổ OCOP ngày {end:%d/%m/%Y}, 1 sản phẩm còn hạn: {made.code}"
    assert taken.entered_by == officer


def test_nothing_moves_without_the_act(reading, officer, register, province_officer):
    _product_in(reading.assessment.area, register, province_officer)
    assert Reading.objects.get(pk=reading.pk).value is None
    lines, _ = linked(officer)
    assert [(line.reading.pk, line.answer.text) for line in lines] == [(reading.pk, "Đạt")]


def test_only_linked_indicators_and_only_in_scope(reading, officer, commune_officer, other_district_officer):
    other = Reading.objects.filter(assessment=reading.assessment).exclude(pk=reading.pk).first()
    with pytest.raises(Refused):
        take_reading(reading_id=other.pk, version=other.version, by=officer)
    with pytest.raises(OutOfScope):
        take_reading(reading_id=reading.pk, version=reading.version, by=other_district_officer)


def test_the_value_is_taken_on_the_page(client_of, reading, officer):
    client = client_of(officer)
    assert "13.2" in client.get("/ocop/chi-tieu/").content.decode()
    sent = {"reading": reading.pk, "version": reading.version}
    assert client.post("/ocop/chi-tieu/", sent).status_code == 303
    assert client.post("/ocop/chi-tieu/", {"reading": "x"}).status_code == 422
    assert Reading.objects.get(pk=reading.pk).note.startswith("Sổ OCOP ngày")
