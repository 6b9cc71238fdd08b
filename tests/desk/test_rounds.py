"""Rounds through the pages: opened, closed, reopened with a reason by the province office only."""

from django.urls import reverse

from criteria.models import Round


def test_a_round_is_closed_and_reopened_with_a_reason(office, client_of, province_officer):
    client, chosen = client_of(province_officer), office.round
    close, reopen = (reverse(f"criteria:round-{verb}", args=[chosen.pk]) for verb in ("close", "reopen"))
    assert client.post(close, {"on": "mai"}).status_code == 422
    assert client.post(close, {"on": "31/12/2024"}).status_code == 303
    assert client.post(close, {"on": "31/12/2024"}).status_code == 409
    assert not Round.objects.get(pk=chosen.pk).is_open
    assert client.post(reopen, {"reason": " "}).status_code == 422
    assert client.post(reopen, {"reason": "Sai biểu 03"}).status_code == 303
    assert Round.objects.get(pk=chosen.pk).is_open


def test_a_round_that_exists_is_refused_beside_its_field(office, client_of, province_officer):
    sent = {"criteria_set": office.round.criteria_set_id, "period": office.round.period_id, "due_on": "31/12/2024"}
    answer = client_of(province_officer).post(reverse("criteria:rounds"), sent)
    assert answer.status_code == 409
    assert "Đợt này đã được mở." in answer.content.decode()


def test_only_the_province_office_manages_rounds(office, client_of, district_officer):
    client = client_of(district_officer)
    assert client.get(reverse("criteria:rounds")).status_code == 404
    assert client.post(reverse("criteria:round-close", args=[office.round.pk]), {"on": "31/12/2024"}).status_code == 404
    assert Round.objects.get(pk=office.round.pk).is_open
