"""Commendations of a year: many at once or none, corrected, and removed with a reason."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.errors import OutOfScope, Refused, Stale
from accounts.models import AuditEvent
from criteria.actions.commendations import add_commendations, correct_commendation, remove_commendation
from criteria.models import Commendation

NAMES = ["Xã Hà Linh", "Xã Hương Trạch", "Nguyễn Văn Thử"]


@pytest.fixture
def added(db, province_officer):
    return add_commendations(year=2024, recipient="collective", names=NAMES, by=province_officer)


def test_many_names_are_entered_at_once_each_with_its_event(added):
    assert [row.name for row in Commendation.objects.filter(year=2024).order_by("pk")] == NAMES
    assert AuditEvent.objects.filter(action="commendation.add").count() == 3


def test_every_line_that_is_wrong_is_named_and_none_is_entered(added, province_officer):
    names = ["Xã Hà Linh", "Tên mới", "tên mới", "x" * 201]
    with pytest.raises(Refused) as refused:
        add_commendations(year=2024, recipient="collective", names=names, by=province_officer)
    assert [fault.split(":")[0] for fault in refused.value.details["faults"]] == ["Dòng 1", "Dòng 3", "Dòng 4"]
    assert Commendation.objects.filter(year=2024).count() == 3


def test_one_is_corrected_and_what_it_was_is_told(added, province_officer):
    row = correct_commendation(
        commendation=added[0], version=0, name="Xã Hà Linh, Hương Khê", recipient="collective",
        awarded_on=dt.date(2025, 2, 1), by=province_officer,
    )  # fmt: skip
    told = AuditEvent.objects.get(action="commendation.correct").data
    assert (told["before"]["name"], told["after"]["name"]) == ("Xã Hà Linh", row.name)
    assert told["after"]["awarded_on"] == "2025-02-01"


def test_who_read_an_older_version_overwrites_nothing(added, province_officer, second_province_officer):
    said = {"commendation": added[0], "version": 0, "recipient": "collective"}
    correct_commendation(**said, name="Một", by=province_officer)
    with pytest.raises(Stale):
        correct_commendation(**said, name="Hai", by=second_province_officer)
    with pytest.raises(Stale):
        remove_commendation(commendation=added[0], version=0, reason="trùng", by=second_province_officer)
    assert Commendation.objects.get(pk=added[0].pk).name == "Một"


def test_one_is_removed_with_a_reason_and_the_trail_keeps_it_whole(added, province_officer):
    with pytest.raises(Refused):
        remove_commendation(commendation=added[0], version=0, reason=" ", by=province_officer)
    remove_commendation(commendation=added[0], version=0, reason="Ghi trùng", by=province_officer)
    told = AuditEvent.objects.get(action="commendation.remove")
    assert (told.reason, told.data["before"]["name"]) == ("Ghi trùng", "Xã Hà Linh")
    assert not Commendation.objects.filter(pk=added[0].pk).exists()


def test_nobody_but_the_province_office_finds_them(added, district_officer, commune_officer, client_of, visitor):
    addresses = [
        reverse("criteria:merit-years"),
        reverse("criteria:commendations", args=[2024]),
        reverse("criteria:commendation", args=[added[0].pk]),
    ]
    for person in (district_officer, commune_officer):
        assert [client_of(person).get(address).status_code for address in addresses] == [404] * 3
        with pytest.raises(OutOfScope):
            add_commendations(year=2024, recipient="collective", names=["x"], by=person)
    assert {visitor.get(address).status_code for address in addresses} == {302}


def test_names_are_pasted_on_the_page(db, province_officer, send):
    said = {"recipient": "individual", "names": "Nguyễn Văn A\n\nTrần Thị B\r\n", "awarded_on": "21/02/2024"}
    assert send(province_officer, "criteria:commendations", said, 2023).status_code == 303
    rows = Commendation.objects.filter(year=2023, name__in=["Nguyễn Văn A", "Trần Thị B"])
    assert rows.count() == 2


@pytest.mark.parametrize(
    ("said", "year", "message"),
    [
        ({"names": ""}, 2024, "Ghi ít nhất một tên."),
        ({"names": "A", "recipient": "cây"}, 2024, "Chọn trong danh sách."),
        ({"names": "A", "awarded_on": "xx"}, 2024, "Ngày không đọc được"),
        ({"names": "A", "awarded_on": "21/02/2999"}, 2024, "Ngày trao không được sau hôm nay."),
        ({"names": "A"}, 2999, "Năm từ 2000 đến năm nay."),
        ({"names": "A\nA"}, 2024, "Dòng 2: A đã có"),
    ],
)
def test_bad_input_is_told_and_what_was_typed_stays(db, province_officer, send, said, year, message):
    before = Commendation.objects.count()
    sent = send(province_officer, "criteria:commendations", {"recipient": "individual", **said}, year)
    assert sent.status_code == 422
    assert message in sent.content.decode()
    assert Commendation.objects.count() == before


def test_a_correction_and_a_removal_are_made_from_the_page(added, province_officer, send):
    row = added[0]
    fixed = {"name": "Xã Hà Linh mới", "recipient": "collective", "version": "0"}
    assert send(province_officer, "criteria:commendation", fixed, row.pk).status_code == 303
    assert send(province_officer, "criteria:commendation", fixed, row.pk).status_code == 409
    assert send(province_officer, "criteria:commendation-remove", {"version": "1"}, row.pk).status_code == 422
    gone = {"version": "1", "reason": "Ghi trùng"}
    assert send(province_officer, "criteria:commendation-remove", gone, row.pk).status_code == 303
    assert send(province_officer, "criteria:commendation-remove", gone, row.pk).status_code == 404


def test_the_list_goes_on_from_page_to_page_at_one_cost(db, province_officer, client_of):
    names = [f"Người thứ {n}" for n in range(230)]
    add_commendations(year=2022, recipient="individual", names=names, by=province_officer)
    client, address = client_of(province_officer), reverse("criteria:commendations", args=[2022])
    client.get(address)
    seen, after, costs = [], "", set()
    while True:
        with CaptureQueriesContext(connection) as statements:
            page = client.get(address, {"sau": after}).context["page"]
        costs.add(len(statements))
        seen += [row.name for row in page.rows]
        after = page.after
        if not after:
            break
    assert seen == names
    assert len(costs) == 1
