"""The book of a commune: who keeps it, what it refuses, what ends, what is counted."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.errors import OutOfScope, Refused, Stale, WrongState
from accounts.models import AuditEvent
from communes import book
from communes.actions import correct_row, end_row
from communes.models import ModelGarden, ModelResidentialArea, Village
from tests.papers.books import END_2024, GARDENS, RESIDENTIAL, VILLAGES, garden, village
from tests.papers.conftest import HA_LINH

# Who


def test_the_officers_of_the_commune_and_of_its_district_keep_the_book(db, write, commune_officer, district_officer):
    write(VILLAGES, village("Thôn 1"))
    write(VILLAGES, village("Thôn 2"), by=district_officer)
    assert Village.objects.count() == 2


def test_nobody_else_writes(
    db, write, province_officer, district_reviewer, other_district_officer, department_officer, administrator
):
    for person in (province_officer, district_reviewer, other_district_officer, department_officer, administrator):
        with pytest.raises(OutOfScope):
            write(VILLAGES, village(), by=person)
    assert not Village.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("commune_officer", 200),
        ("district_officer", 200),
        ("district_reviewer", 200),
        ("province_officer", 200),
        ("other_district_officer", 404),
        ("department_officer", 404),
        ("administrator", 404),
    ],
)
def test_the_rows_are_read_within_scope_only(db, request, home, book_page, who, status):
    person = request.getfixturevalue(who)
    for slug in book.KINDS:
        assert book_page(person, "book", home.pk, slug).status_code == status


def test_the_province_reads_and_finds_no_form(db, home, book_page, province_officer):
    assert "Thêm một dòng" not in book_page(province_officer, "book", home.pk, "thon").content.decode()


@pytest.mark.parametrize("who", ["province_officer", "other_district_officer"])
def test_out_of_scope_no_address_that_writes_answers(db, request, write, home, send, who):
    person, made = request.getfixturevalue(who), write(VILLAGES, village())[0]
    for view, args in (
        ("row-new", (home.pk, "thon")),
        ("rows-paste", (home.pk, "thon")),
        ("row", ("thon", made.pk)),
        ("row-end", ("thon", made.pk)),
    ):
        assert send(person, f"communes:{view}", {"name": "Thôn lạ"}, *args).status_code == 404
    assert list(Village.objects.values_list("name", flat=True)) == ["Thôn 1"]


def test_the_public_sees_counts_and_no_name_of_a_household(db, write, visitor, home):
    write(GARDENS, garden("Trần Thị Riêng Tư"))
    page = visitor.get(reverse("communes:register"), {"ngay": "31/12/2024"}).content.decode()
    assert "Trần Thị Riêng Tư" not in page
    assert "Xã Hà Linh" in page
    assert visitor.get(reverse("communes:book", args=[home.pk, "vuon-mau"])).status_code == 302


# Rows


def test_rows_are_told_in_the_trail_at_their_place(db, write):
    made = write(VILLAGES, village())[0]
    told = AuditEvent.objects.get(action="book.add", subject_id=str(made.pk))
    assert (told.area_path, told.data["after"]["households"]) == (f"/42/444/{HA_LINH}/", 120)


def test_a_name_that_stands_already_is_refused_whatever_its_letters(db, write):
    write(VILLAGES, village("Thôn Tân Hội"))
    with pytest.raises(Refused) as refused:
        write(VILLAGES, village("thôn  TÂN HỘI"))
    assert refused.value.details["faults"][0].field == "name"


def test_the_database_itself_keeps_a_village_from_standing_twice(db, write, home, commune_officer):
    twin = write(VILLAGES, village())[0]
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_one_owner_may_have_two_gardens_but_not_the_same_twice(db, write):
    write(GARDENS, garden(), garden(year=2024))
    with pytest.raises(Refused):
        write(GARDENS, garden())
    assert ModelGarden.objects.count() == 2


def test_a_garden_stands_in_a_village_of_the_book(db, write):
    write(VILLAGES, village("Thôn 1"))
    made = write(GARDENS, garden(village="thôn 1"))[0]
    assert made.village.name == "Thôn 1"
    with pytest.raises(Refused) as refused:
        write(GARDENS, garden("Khác", village="Thôn 9"))
    assert "chưa có thôn “Thôn 9”" in str(refused.value.details["faults"][0])


def test_days_outside_the_life_of_the_commune_are_refused(db, write):
    for said, kind in ((village(valid_from=dt.date(2025, 7, 1)), VILLAGES), (garden(year=2026), GARDENS)):
        with pytest.raises(Refused):
            write(kind, said)


def test_a_row_is_corrected_and_what_it_was_is_told(db, write, district_officer):
    made = write(VILLAGES, village())[0]
    correct_row(kind=VILLAGES, row=made, version=0, said=village(households=130), by=district_officer)
    told = AuditEvent.objects.get(action="book.correct").data
    assert (told["before"]["households"], told["after"]["households"]) == (120, 130)
    with pytest.raises(Stale):
        correct_row(kind=VILLAGES, row=made, version=0, said=village(households=140), by=district_officer)


def test_a_row_ends_with_a_day_and_a_reason_and_stays(db, write, home, commune_officer):
    made = write(VILLAGES, village())[0]
    end_row(kind=VILLAGES, row=made, version=0, on=dt.date(2024, 6, 30), reason="Sáp nhập thôn", by=commune_officer)
    assert book.counts_of([home.pk], dt.date(2024, 6, 30)) == {home.pk: {"thon": 1}}
    assert book.counts_of([home.pk], dt.date(2024, 7, 1)) == {}
    assert Village.objects.get().end_reason == "Sáp nhập thôn"
    with pytest.raises(WrongState):
        end_row(kind=VILLAGES, row=made, version=1, on=END_2024, reason="lần nữa", by=commune_officer)
    write(VILLAGES, village())  # the name is free again


@pytest.mark.parametrize(("on", "reason"), [(dt.date(2999, 1, 1), "x"), (dt.date(2022, 12, 31), "x"), (END_2024, " ")])
def test_an_end_that_cannot_be_is_refused(db, write, commune_officer, on, reason):
    made = write(GARDENS, garden())[0]
    with pytest.raises(Refused):
        end_row(kind=GARDENS, row=made, version=0, on=on, reason=reason, by=commune_officer)
    assert ModelGarden.objects.get().valid_to is None


def test_what_was_recognised_counts_from_its_year(db, write, home):
    write(RESIDENTIAL, {"name": "Khu dân cư Thôn 1", "village": "", "year": 2023, "decision": "12/QĐ-UBND"})
    assert ModelResidentialArea.objects.get().decision == "12/QĐ-UBND"
    assert book.counts_of([home.pk], dt.date(2022, 12, 31)) == {}
    assert book.counts_of([home.pk], dt.date(2023, 1, 1)) == {home.pk: {"khu-dan-cu": 1}}
