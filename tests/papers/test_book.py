"""The book of a commune: who keeps it, what it refuses, what ends, what is counted, what the public sees."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.errors import OutOfScope, Refused, Stale, WrongState
from accounts.models import AuditEvent
from communes import book, rows
from communes.actions import add_rows, correct_row, end_row
from communes.models import ModelGarden, ModelResidentialArea, Village
from tests.papers.conftest import HA_LINH

VILLAGES, RESIDENTIAL, GARDENS = (book.KINDS[slug] for slug in ("thon", "khu-dan-cu", "vuon-mau"))
END_2024 = dt.date(2024, 12, 31)


def village(name: str = "Thôn 1", **said) -> dict[str, object]:
    return {"name": name, "households": 120, "population": 480, "valid_from": None, **said}


def garden(name: str = "Nguyễn Văn Thử", **said) -> dict[str, object]:
    return {"name": name, "village": "", "year": 2023, "area_m2": Decimal("1250.5"), **said}


@pytest.fixture
def home(area):
    return area(HA_LINH)


@pytest.fixture
def write(home, commune_officer):
    """`write(kind, *rows)`: rows in the book of Hà Linh, written by its officer."""

    def add(kind, *said, by=None):
        return add_rows(kind=kind, commune=home, rows=list(said), by=by or commune_officer)

    return add


@pytest.fixture
def open_page(client_of):
    def get(user, name: str, *args, **query):
        return client_of(user).get(reverse(f"communes:{name}", args=args), query)

    return get


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
def test_the_rows_are_read_within_scope_only(db, request, home, open_page, who, status):
    person = request.getfixturevalue(who)
    for slug in book.KINDS:
        assert open_page(person, "book", home.pk, slug).status_code == status


def test_the_province_reads_and_finds_no_form(db, home, open_page, province_officer):
    assert "Thêm một dòng" not in open_page(province_officer, "book", home.pk, "thon").content.decode()


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


# Pasted tables

TABLE = "Tên thôn\tSố hộ\tSố khẩu\tTừ ngày\nThôn 1\t1.120\t4 480\t\nThôn 2\t95\t\t01/01/2020\n"


def test_a_pasted_table_is_shown_and_written_when_sent_again(db, home, commune_officer, send):
    said = {"table": TABLE}
    shown = send(commune_officer, "communes:rows-paste", said, home.pk, "thon")
    assert (shown.status_code, len(shown.context["preview"]), Village.objects.count()) == (200, 2, 0)
    again = send(commune_officer, "communes:rows-paste", {**said, "shown": shown.context["shown"]}, home.pk, "thon")
    assert again.status_code == 303
    assert list(Village.objects.order_by("pk").values_list("name", "households", "population")) == [
        ("Thôn 1", 1120, 4480),
        ("Thôn 2", 95, None),
    ]


def test_every_fault_of_a_table_is_told_with_its_line_and_nothing_is_written(db, write, home, commune_officer, send):
    write(VILLAGES, village("Thôn 3"))
    table = "Thôn 1\tnhiều\t10\n\t5\t5\t30/02/2024\nThôn 3\t1\t1\nThôn 4\t1\t1\nThôn 4\t2\t2\nThôn 5\t1\t1\t\tthừa"
    sent = send(commune_officer, "communes:rows-paste", {"table": table}, home.pk, "thon")
    told = [str(fault) for fault in sent.context["faults"]]
    assert sent.status_code == 422
    assert [line.split(",")[0].split(":")[0] for line in told] == [
        "Dòng 1", "Dòng 2", "Dòng 2", "Dòng 3", "Dòng 5", "Dòng 6",
    ]  # fmt: skip
    assert table.splitlines()[0] in sent.content.decode()
    assert Village.objects.count() == 1


def test_a_table_that_changed_after_the_preview_is_shown_again(db, home, commune_officer, send):
    said = {"table": TABLE}
    shown = send(commune_officer, "communes:rows-paste", said, home.pk, "thon").context["shown"]
    changed = {"table": TABLE + "Thôn 3", "shown": shown}
    again = send(commune_officer, "communes:rows-paste", changed, home.pk, "thon")
    assert (again.status_code, Village.objects.count()) == (200, 0)


@pytest.mark.parametrize(
    "table",
    ["", "   \n\t\n", "x" * 200_001, "\n".join(f"Thôn {n}" for n in range(rows.MOST + 1)), "Thôn\x00 1", "=1+1\t=2"],
)
def test_tables_that_are_no_tables_are_told(db, home, commune_officer, send, table):
    sent = send(commune_officer, "communes:rows-paste", {"table": table}, home.pk, "thon")
    assert sent.status_code == 422
    assert not Village.objects.exists()


@pytest.mark.parametrize(
    ("text", "number"), [("1234", 1234), ("1.234", 1234), ("1 234 567", 1_234_567), ("", None), ("0", 0)]
)
def test_whole_numbers_are_read_the_vietnamese_way(text, number):
    if number is not None and number > 1_000_000:
        with pytest.raises(rows.Unreadable):
            rows.count(text)
    else:
        assert rows.count(text) == number


@pytest.mark.parametrize("text", ["1,5", "12.34", "-1", "1e3", "١٢", "1.23.456", "9" * 20])
def test_what_is_no_whole_number_is_unreadable(text):
    with pytest.raises(rows.Unreadable):
        rows.count(text)


@pytest.mark.parametrize(("text", "number"), [("1250,5", "1250.5"), ("1.250,5", "1250.5"), ("300", "300")])
def test_areas_are_read_with_a_decimal_comma(text, number):
    assert rows.square_metres(text) == Decimal(number)


# Pages


def test_a_row_is_added_corrected_and_ended_from_the_pages(db, home, commune_officer, send):
    said = {"name": "Thôn 1", "households": "12 0", "population": "480", "valid_from": ""}
    refused = send(commune_officer, "communes:row-new", said, home.pk, "thon")
    assert refused.status_code == 422
    assert 'value="12 0"' in refused.content.decode()
    said["households"] = "120"
    assert send(commune_officer, "communes:row-new", said, home.pk, "thon").status_code == 303
    made = Village.objects.get()
    assert (
        send(commune_officer, "communes:row", {**said, "name": "Thôn Một", "version": 0}, "thon", made.pk).status_code
        == 303
    )
    assert send(commune_officer, "communes:row", {**said, "version": 0}, "thon", made.pk).status_code == 409
    assert send(commune_officer, "communes:row", said, "thon", made.pk).status_code == 409
    end = {"version": 1, "on": "30/06/2024", "reason": ""}
    assert send(commune_officer, "communes:row-end", end, "thon", made.pk).status_code == 422
    assert send(commune_officer, "communes:row-end", {**end, "reason": "Sáp nhập"}, "thon", made.pk).status_code == 303
    made.refresh_from_db()
    assert (made.name, made.valid_to) == ("Thôn Một", dt.date(2024, 6, 30))


def test_what_cannot_be_found_is_absent(db, home, commune_officer, open_page, area):
    assert open_page(commune_officer, "book", home.pk, "cay-da").status_code == 404
    assert open_page(commune_officer, "book", 999_999, "thon").status_code == 404
    assert open_page(commune_officer, "book", area("444").pk, "thon").status_code == 404
    assert open_page(commune_officer, "row", "thon", 999_999).status_code == 404


def test_rows_stand_in_vietnamese_order_and_go_on_from_page_to_page(db, write, home, commune_officer, open_page):
    names = [f"Thôn {letter}{number}" for letter in "DĐEÊ" for number in range(60)]
    write(VILLAGES, *[village(name) for name in reversed(names)])
    seen, after, costs = [], "", set()
    while after is not None:
        with CaptureQueriesContext(connection) as statements:
            page = open_page(commune_officer, "book", home.pk, "thon", sau=after).context["page"]
        costs.add(len(statements) - bool(after))  # a later page looks up where it begins
        seen += [row.name for row in page.rows]
        after = page.after
    assert seen == names
    assert len(costs) == 1


def test_the_counts_cost_the_same_whatever_stands_in_the_books(db, write, visitor):
    address = f"{reverse('communes:register')}?ngay=31/12/2024"

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert visitor.get(address).status_code == 200
        return len(seen)

    none = cost()
    write(VILLAGES, *[village(f"Thôn {n}") for n in range(30)])
    write(GARDENS, *[garden(f"Hộ {n}") for n in range(30)])
    assert cost() == none <= 5


def test_checking_many_rows_costs_no_more_than_one(db, home, commune_officer, write):
    costs = []
    for number in (1, 300):
        said = [village(f"Thôn {number}-{n}") for n in range(number)]
        with CaptureQueriesContext(connection) as seen:
            add_rows(kind=VILLAGES, commune=home, rows=said, by=commune_officer)
        costs.append(len(seen))
    assert costs[1] - costs[0] <= 6  # inserted in batches, of some seventy rows on SQLite


def test_counts_are_summed_by_district_and_for_the_province(db, write, visitor):
    write(VILLAGES, village("Thôn 1"), village("Thôn 2"))
    page = visitor.get(reverse("communes:register"), {"ngay": "31/12/2024"}).context["page"]
    group = next(group for group in page.groups if group.name == "Huyện Hương Khê")
    assert group.sums == [2, 0, 0]
    assert page.sums == [2, 0, 0]


@pytest.mark.parametrize("day", ["31/02/2024", "hôm qua", ""])
def test_a_day_that_cannot_be_read_is_told(db, visitor, day):
    assert visitor.get(reverse("communes:register"), {"ngay": day}).status_code == 422


def test_an_officer_of_a_unit_that_has_ended_begins_on_its_last_day(db, commune_officer, open_page):
    assert open_page(commune_officer, "register").context["page"].on == dt.date(2025, 6, 30)


def test_a_merged_commune_leads_to_the_books_of_its_parts(db, province_officer, open_page, area, write):
    merged = area(HA_LINH).changes_out.exclude(new=None).first().new
    page = open_page(province_officer, "book", merged.pk, "thon")
    assert area(HA_LINH) in page.context["page"].before
