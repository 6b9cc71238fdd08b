"""The province's own thresholds: entered and confirmed through the pages, with their legal reference."""

import pytest
from django.urls import reverse

from criteria.models import State, Threshold, Verdict

GOOD = {
    "value_text": "100 %",
    "valid_from": "01/01/2024",
    "valid_to": "",
    "legal_reference": "Quyết định số 36/2022/QĐ-UBND",
}


def enter(client, entry, **changes):
    """Send the form, look at what would change, and send it again."""
    url, said = reverse("criteria:threshold-new", args=[entry.pk]), {**GOOD, **changes}
    seen = client.post(url, said)
    assert seen.status_code == 200
    return client.post(url, {**said, "shown": seen.context["shown"]})


@pytest.fixture
def entry(office):
    return office.reading("2.1").input


def test_a_threshold_entered_by_the_province_settles_open_values(office, client_of, entry, province_officer):
    reading = office.put("2.1", 90, State.DRAFT)
    assert reading.verdict == Verdict.UNDETERMINED
    client = client_of(province_officer)
    assert entry.name in client.get(reverse("criteria:thresholds")).content.decode()
    answer = enter(client, entry)
    assert answer.status_code == 303
    reading.refresh_from_db()
    assert reading.verdict == Verdict.NOT_MET
    page = client.get(answer["Location"]).content.decode()
    assert "Quyết định số 36/2022/QĐ-UBND" in page
    assert str(province_officer) in page


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("value_text", "1.234"),
        ("value_text", "842"),
        ("legal_reference", " "),
        ("valid_from", "hôm qua"),
        ("valid_to", "01/01/2020"),
    ],
)
def test_a_bad_threshold_is_told_beside_its_field_and_nothing_changes(
    office, client_of, entry, province_officer, field, text
):
    before = Threshold.objects.count()
    answer = client_of(province_officer).post(reverse("criteria:threshold-new", args=[entry.pk]), {**GOOD, field: text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert f'value="{text}"' in page
    assert Threshold.objects.count() == before


def test_only_the_province_office_enters_thresholds(office, client_of, entry, district_officer):
    client = client_of(district_officer)
    assert client.get(reverse("criteria:thresholds")).status_code == 404
    assert client.post(reverse("criteria:threshold-new", args=[entry.pk]), GOOD).status_code == 404


def test_another_person_confirms_a_threshold(office, client_of, entry, province_officer, second_province_officer):
    enter(client_of(province_officer), entry)
    added = Threshold.objects.get(input=entry)
    url, sent = reverse("criteria:threshold-confirm", args=[added.pk]), {"legal_reference": GOOD["legal_reference"]}
    own = client_of(province_officer).post(url, sent)
    assert own.status_code == 403
    assert "Người nhập ngưỡng không tự đối chiếu" in own.content.decode()
    assert client_of(second_province_officer).post(url, {"legal_reference": ""}).status_code == 422
    assert client_of(second_province_officer).post(url, sent).status_code == 303
    added.refresh_from_db()
    assert (added.confirmed_by, added.confidence) == (second_province_officer, "verified")


def test_what_would_change_is_shown_first_and_nothing_is_written(office, client_of, entry, province_officer):
    reading = office.put("2.1", 90, State.APPROVED)
    before = Threshold.objects.count()
    client, url = client_of(province_officer), reverse("criteria:threshold-new", args=[entry.pk])
    page = client.post(url, GOOD).content.decode()
    assert "Nếu nhập ngưỡng này" in page
    assert reading.assessment.area.name in page
    assert "mức chưa có ngưỡng thành ≥\u00a0100%" in page
    reading.refresh_from_db()
    assert (Threshold.objects.count(), reading.verdict) == (before, Verdict.UNDETERMINED)


def test_a_field_changed_after_the_preview_is_previewed_again(office, client_of, entry, province_officer):
    client, url = client_of(province_officer), reverse("criteria:threshold-new", args=[entry.pk])
    shown = client.post(url, GOOD).context["shown"]
    again = client.post(url, {**GOOD, "value_text": "80 %", "shown": shown})
    assert again.status_code == 200
    assert again.context["shown"] != shown
    assert not Threshold.objects.filter(input=entry).exists()
