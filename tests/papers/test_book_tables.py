"""Tables pasted into the book of a commune: every fault with its line, numbers as they are written here."""

from decimal import Decimal

import pytest

from communes import rows
from communes.models import Village
from tests.papers.books import VILLAGES, village

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
