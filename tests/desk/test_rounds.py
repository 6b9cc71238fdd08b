"""Rounds through the pages: opened, closed, reopened with a reason by the province office only."""

from django.urls import reverse

from criteria.models import CriteriaSet, Period, Round


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
    sent = {"criteria_set": office.round.criteria_set_id, "period": office.round.period.code, "due_on": "31/12/2024"}
    answer = client_of(province_officer).post(reverse("criteria:rounds"), sent)
    assert answer.status_code == 409
    assert "Đợt này đã được mở." in answer.content.decode()


def test_only_the_province_office_manages_rounds(office, client_of, district_officer):
    client = client_of(district_officer)
    assert client.get(reverse("criteria:rounds")).status_code == 404
    assert client.post(reverse("criteria:round-close", args=[office.round.pk]), {"on": "31/12/2024"}).status_code == 404
    assert Round.objects.get(pk=office.round.pk).is_open


def test_a_round_is_opened_for_a_half_year_that_nobody_used_before(office, client_of, province_officer):
    client = client_of(province_officer)
    sent = {"criteria_set": office.round.criteria_set_id, "period": "2025-h2", "due_on": "31/12/2025"}
    assert "Sáu tháng cuối năm 2025" in client.get(reverse("criteria:rounds")).content.decode()
    assert client.post(reverse("criteria:rounds"), sent).status_code == 303
    period = Period.objects.get(code="2025-h2")
    assert (period.kind, str(period.starts_on), str(period.ends_on)) == ("half", "2025-07-01", "2025-12-31")
    for wrong in ("1899", "2025-h3", "", "x"):
        assert client.post(reverse("criteria:rounds"), {**sent, "period": wrong}).status_code == 422


def test_a_round_that_is_refused_leaves_no_period_behind(office, client_of, province_officer):
    ended = CriteriaSet.objects.filter(slug="commune-ntm-2021-2025")
    sent = {"criteria_set": ended.get().pk, "period": "2026-h1", "due_on": "31/12/2026"}
    answer = client_of(province_officer).post(reverse("criteria:rounds"), sent)
    assert "không có hiệu lực trong kỳ" in answer.content.decode()
    assert not Period.objects.filter(code="2026-h1").exists()
