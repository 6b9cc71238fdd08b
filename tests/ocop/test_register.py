"""The register: who enters a product, what is refused, what is corrected, what the trail tells."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import OutOfScope, Refused, Stale, WrongState
from accounts.models import AuditEvent
from accounts.roles import Role
from communes import epochs
from ocop.actions.register import (
    add_market,
    correct_product,
    register_product,
    remove_market,
    set_revenue,
    stop_producer,
)
from ocop.models import Export, Producer, Product, ProductSet, Revenue
from tests.ocop.conftest import HA_LINH, HUONG_SON

pytestmark = pytest.mark.django_db


# Who


def test_officers_of_the_commune_its_district_and_the_province_enter_products(
    register, commune_officer, district_officer, province_officer
):
    before = Product.objects.count()
    for number, person in enumerate((commune_officer, district_officer, province_officer)):
        register(name=f"Sản phẩm {number}", by=person)
    assert Product.objects.count() == before + 3


@pytest.mark.parametrize("who", ["other_district_officer", "department_officer", "administrator", "district_reviewer"])
def test_for_anybody_else_the_commune_is_absent(request, register, who):
    with pytest.raises(OutOfScope):
        register(by=request.getfixturevalue(who))


def test_the_officer_of_the_commune_of_today_keeps_the_products_of_the_communes_it_came_from(
    product, said, person, area
):
    successor = area("18502").changes_out.exclude(new=None).first().new
    officer = person("xa-moi", Role.COMMUNE_OFFICER, area=successor)
    corrected = correct_product(product=product, version=0, said=said(name="Cu đơ mới"), by=officer)
    assert corrected.name == "Cu đơ mới"


def test_the_officer_of_another_commune_of_today_does_not(product, said, person, area):
    stranger = person("xa-la", Role.COMMUNE_OFFICER, area=area("18073", dt.date(2025, 12, 31)))
    with pytest.raises(OutOfScope):
        correct_product(product=product, version=0, said=said(), by=stranger)


# What is written


def test_a_product_gets_the_next_code_of_its_commune_and_year(register):
    assert [register(name=f"Sản phẩm {n}").code for n in range(2)] == ["42-18502-001-2024", "42-18502-002-2024"]
    assert register(name="Khác", on=dt.date(2025, 1, 2)).code == "42-18502-001-2025"


def test_products_of_one_producer_share_it_whatever_the_letters(register):
    first, second = register(), register(name="Kẹo lạc", producer_name="tổ hợp tác  THỬ")
    assert first.producer == second.producer
    assert register(name="Mắm", producer_name="Tổ hợp tác thứ").producer != first.producer


def test_entering_is_told_in_the_trail_at_its_place_and_raises_the_counter(register):
    before = epochs.current()
    made = register()
    told = AuditEvent.objects.get(action="product.register", subject_id=str(made.pk))
    assert told.area_path == f"/42/444/{HA_LINH}/"
    assert told.data["after"]["name"] == "Cu đơ thử nghiệm"
    assert epochs.current() == before + 1


def test_a_product_set_brings_its_group(register):
    made = register(group="", product_set=ProductSet.objects.get(number=14))
    assert made.group == "drink"


# What is refused


def test_a_product_in_a_commune_that_had_ended_is_refused_with_its_last_day(said, commune_officer):
    with pytest.raises(Refused) as refused:
        register_product(said=said(on=dt.date(2025, 7, 1)), by=commune_officer)
    assert refused.value.field == "area"
    assert "30/06/2025" in refused.value.message


def test_a_product_in_a_commune_that_was_not_there_yet_is_refused(said, province_officer, area):
    successor = area("18502").changes_out.exclude(new=None).first().new
    with pytest.raises(Refused) as refused:
        register_product(said=said(area=successor), by=province_officer)
    assert (refused.value.field, "01/07/2025" in refused.value.message) == ("area", True)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"producer_name": ""}, "producer_name"),
        ({"producer_kind": "ministry"}, "producer_kind"),
        ({"group": "cars"}, "group"),
        ({"on": dt.date(2999, 1, 1)}, "on"),
        ({"code": "42/1"}, "code"),
        ({"story": "x" * 4001}, "story"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(said, commune_officer, fields, field):
    before = (Product.objects.count(), Producer.objects.count())
    with pytest.raises(Refused) as refused:
        register_product(said=said(**fields), by=commune_officer)
    assert refused.value.field == field
    assert (Product.objects.count(), Producer.objects.count()) == before


def test_a_set_of_another_group_is_refused(said, commune_officer):
    with pytest.raises(Refused) as refused:
        register_product(said=said(product_set=ProductSet.objects.get(number=14)), by=commune_officer)
    assert refused.value.field == "group"


def test_a_district_is_no_place_of_a_product(said, district_officer, area):
    with pytest.raises(Refused) as refused:
        register_product(said=said(area=area("444")), by=district_officer)
    assert refused.value.field == "area"


def test_a_code_that_is_taken_is_refused(register):
    register(code="TN-1")
    with pytest.raises(Refused) as refused:
        register(code="TN-1", name="Khác")
    assert refused.value.field == "code"


# Correcting


def test_a_correction_names_the_version_that_it_saw(product, said, commune_officer):
    correct_product(product=product, version=0, said=said(name="Cu đơ một"), by=commune_officer)
    with pytest.raises(Stale):
        correct_product(product=product, version=0, said=said(name="Cu đơ hai"), by=commune_officer)
    assert Product.objects.get(pk=product.pk).name == "Cu đơ một"


def test_a_correction_keeps_the_commune_of_recognition_and_the_code(product, said, commune_officer, area):
    moved = said(area=area("18553"), name="Cu đơ mới")
    corrected = correct_product(product=product, version=0, said=moved, by=commune_officer)
    assert (corrected.area.code, corrected.code) == (HA_LINH, product.code)
    told = AuditEvent.objects.get(action="product.correct")
    assert (told.data["before"]["name"], told.data["after"]["name"]) == ("Cu đơ thử nghiệm", "Cu đơ mới")


# Markets and revenue


def test_a_market_is_an_iso_code_in_any_letters(product, commune_officer):
    assert add_market(product=product, country="jp", year=2024, source="", by=commune_officer).country == "JP"


@pytest.mark.parametrize("country", ["XX", "Japan", "J", "", "QQ"])
def test_an_unknown_market_is_refused_at_its_field(product, commune_officer, country):
    with pytest.raises(Refused) as refused:
        add_market(product=product, country=country, year=2024, source="", by=commune_officer)
    assert refused.value.field == "country"
    assert not Export.objects.filter(product=product).exists()


def test_a_market_stands_once_a_year_and_may_be_taken_out(product, commune_officer):
    made = add_market(product=product, country="JP", year=2024, source="", by=commune_officer)
    with pytest.raises(Refused):
        add_market(product=product, country="JP", year=2024, source="", by=commune_officer)
    remove_market(export=made, by=commune_officer)
    assert AuditEvent.objects.get(action="product.market-remove").data["country"] == "JP"


def test_revenue_is_whole_dong_and_what_stood_there_is_told(product, commune_officer):
    for amount in (1_250_000_000, 1_300_000_000):
        set_revenue(product=product, year=2024, amount=amount, source="Báo cáo", by=commune_officer)
    assert Revenue.objects.get(product=product).amount == 1_300_000_000
    told = AuditEvent.objects.filter(action="product.revenue").order_by("-id").first().data
    assert (told["before"], told["after"]) == (1_250_000_000, 1_300_000_000)


@pytest.mark.parametrize(("year", "amount", "field"), [(2024, -1, "amount"), (2017, 1, "year"), (2999, 1, "year")])
def test_revenue_out_of_range_is_refused(product, commune_officer, year, amount, field):
    with pytest.raises(Refused) as refused:
        set_revenue(product=product, year=year, amount=amount, source="", by=commune_officer)
    assert refused.value.field == field


def test_the_database_itself_keeps_revenue_from_being_negative(product):
    with pytest.raises(IntegrityError), transaction.atomic():
        Revenue.objects.create(product=product, year=2024, amount=-1)


def test_another_district_writes_nothing_about_the_product(product, other_district_officer):
    said = {"product": product, "year": 2024, "source": "", "by": other_district_officer}
    with pytest.raises(OutOfScope):
        add_market(country="JP", **said)
    with pytest.raises(OutOfScope):
        set_revenue(amount=1, **said)


# Producers that stop


def test_a_producer_stops_once_with_a_reason(product, commune_officer):
    producer, day = product.producer, dt.date(2024, 6, 1)
    with pytest.raises(Refused) as refused:
        stop_producer(producer=producer, version=0, on=day, reason=" ", by=commune_officer)
    assert refused.value.field == "reason"
    stopped = stop_producer(producer=producer, version=0, on=day, reason="Giải thể", by=commune_officer)
    assert stopped.stopped_on == day
    with pytest.raises(WrongState):
        stop_producer(producer=producer, version=1, on=day, reason="Giải thể", by=commune_officer)


def test_a_district_officer_elsewhere_stops_nobody(product, person, area):
    stranger = person("huyen-ba", Role.DISTRICT_OFFICER, area=area(HUONG_SON))
    with pytest.raises(OutOfScope):
        stop_producer(producer=product.producer, version=0, on=dt.date(2024, 6, 1), reason="x", by=stranger)
