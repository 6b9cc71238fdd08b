"""The pages of decisions: the list, the form in its two steps, what is refused, and who finds them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.actions.decisions import record_decision
from criteria.models import Decision, Recognition
from tests.papers.conftest import HA_LINH, HUONG_TRACH


def test_a_decision_is_shown_before_it_is_recorded(db, province_officer, send, typed):
    shown = send(province_officer, "criteria:decision-new", typed())
    assert shown.status_code == 200
    assert not Decision.objects.filter(number="2864/QĐ-UBND").exists()
    page = shown.content.decode()
    assert "Sẽ ghi: công nhận NTM kiểu mẫu cho 1 đơn vị" in page
    sent = send(province_officer, "criteria:decision-new", typed(shown=shown.context["shown"]))
    made = Decision.objects.get(number="2864/QĐ-UBND")
    assert (sent.status_code, sent["Location"]) == (303, reverse("criteria:decision", args=[made.pk]))
    assert made.recognitions.get().area.code == HUONG_TRACH


def test_a_form_that_changed_after_the_preview_is_shown_again(db, province_officer, send, typed):
    shown = send(province_officer, "criteria:decision-new", typed()).context["shown"]
    again = send(province_officer, "criteria:decision-new", typed(shown=shown, result_year="2023"))
    assert again.status_code == 200
    assert not Decision.objects.filter(number="2864/QĐ-UBND").exists()


def test_every_miss_and_every_unit_that_cannot_be_is_told_and_what_was_typed_stays(db, province_officer, send, typed):
    sent = send(province_officer, "criteria:decision-new", typed(units="Xã Không Có\nHà Linh\n18553"))
    page = sent.content.decode()
    assert sent.status_code == 422
    assert "“Xã Không Có”: không có đơn vị nào" in page
    assert "Xã Hà Linh chưa được công nhận bậc liền dưới" in page
    assert "Xã Không Có\nHà Linh\n18553" in page
    assert 'value="Người ký thử nghiệm"' in page


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"issued_on": "31/02/2024"}, "Ngày không đọc được"),
        ({"number": ""}, "Ghi số quyết định."),
        ({"tier": ""}, "Chọn bậc."),
        ({"tier": "vàng"}, "Chọn trong danh sách."),
        ({"result_year": "hai nghìn"}, "Năm viết bằng bốn chữ số."),
        ({"result_year": "9" * 400}, "Năm"),
        ({"signer": "a\x00b"}, "signer"),
        ({"units": ""}, "Chọn ít nhất một đơn vị."),
        ({"act": "revoked", "tier": "advanced"}, "Ghi căn cứ thu hồi."),
    ],
)
def test_bad_input_is_told_at_its_field_and_changes_nothing(db, province_officer, send, typed, said, message):
    before = Recognition.objects.count()
    sent = send(province_officer, "criteria:decision-new", typed(**said))
    assert sent.status_code == 422
    assert message in sent.content.decode()
    assert Recognition.objects.count() == before


def test_units_are_looked_up_without_losing_what_was_typed(db, province_officer, send, typed, area):
    sent = send(
        province_officer, "criteria:decision-new", typed(find="1", tim="ha linh", chosen=[area(HUONG_TRACH).pk])
    )
    page = sent.content.decode()
    assert sent.status_code == 200
    assert f'value="{area(HA_LINH).pk}"> Xã Hà Linh' in page
    assert f'value="{area(HUONG_TRACH).pk}" checked' in page
    assert 'value="2864/QĐ-UBND"' in page
    assert 'value="01/11/2024"' in page


def test_ticked_units_and_pasted_units_are_recorded_together(db, province_officer, send, typed, area):
    said = {"tier": "advanced", "units": "Hà Linh", "chosen": [area("18547").pk, "x", "9" * 30]}
    shown = send(province_officer, "criteria:decision-new", typed(**said))
    assert len(shown.context["lines"]) == 2


def test_one_more_tier_is_recorded_under_the_same_decision(db, recorded, province_officer, client_of, typed):
    client, address = client_of(province_officer), f"{reverse('criteria:decision-new')}?theo={recorded.pk}"
    assert 'name="number"' not in client.get(address).content.decode()
    said = {name: text for name, text in typed(tier="advanced", units="Hà Linh").items() if name != "number"}
    shown = client.post(address, said)
    assert shown.status_code == 200
    sent = client.post(address, {**said, "shown": shown.context["shown"]})
    assert sent["Location"] == reverse("criteria:decision", args=[recorded.pk])
    assert recorded.recognitions.count() == 2
    for pk in ("x", "0", "9" * 30):
        assert client.get(f"{reverse('criteria:decision-new')}?theo={pk}").status_code == 404


def test_the_list_is_narrowed_by_year_tier_act_and_unit(db, province_officer, recorded, client_of):
    def numbers(**query) -> list[str]:
        page = client_of(province_officer).get(reverse("criteria:decisions"), query).context["page"]
        return [line.decision.number for line in page.lines]

    assert recorded.number in numbers()
    assert numbers(nam=2024, bac="model", viec="granted", **{"don_vi": "huong trach"}) == [recorded.number]
    assert recorded.number not in numbers(bac="ntm")
    assert recorded.number not in numbers(viec="revoked")
    assert recorded.number not in numbers(nam=2023)
    assert recorded.number not in numbers(don_vi="Hà Linh")


def test_a_filter_that_cannot_be_read_is_told_and_narrows_nothing(db, province_officer, client_of):
    sent = client_of(province_officer).get(reverse("criteria:decisions"), {"nam": "x", "bac": "vàng"})
    assert sent.status_code == 422
    assert sent.context["page"].lines


def test_the_list_goes_on_from_page_to_page_without_losing_or_doubling_one(db, province_officer, client_of):
    Decision.objects.bulk_create(
        Decision(number=f"{n}/QĐ", issued_on="2024-05-01", confidence="recalled") for n in range(95)
    )
    client, after, seen = client_of(province_officer), "", []
    for _ in range(10):
        page = client.get(reverse("criteria:decisions"), {"sau": after}).context["page"]
        seen += [line.decision.pk for line in page.lines]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == Decision.objects.count()


@pytest.mark.parametrize("after", ["x", "2024-99-99.1", "2024-01-01.", "-1", "2024-01-01.9999999999999999999999"])
def test_a_place_that_names_nothing_is_the_beginning(db, province_officer, client_of, after):
    assert client_of(province_officer).get(reverse("criteria:decisions"), {"sau": after}).context["page"].lines


def test_the_pages_cost_the_same_for_one_and_for_many(db, province_officer, paper, client_of, communes_of):
    client = client_of(province_officer)

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    one = record_decision(paper=paper(), by=province_officer)
    many = record_decision(
        paper=paper(number="7/QĐ-UBND", areas=communes_of("444")[:10], tier="ntm"), by=province_officer
    )
    assert cost(reverse("criteria:decision", args=[one.pk])) == cost(reverse("criteria:decision", args=[many.pk])) <= 7
    listed = reverse("criteria:decisions")
    assert cost(f"{listed}?bac=model&nam=2024") == cost(listed) <= 9


def test_recording_and_its_steps_are_absent_for_everybody_but_the_province_office(
    db, recorded, client_of, visitor, district_officer, district_reviewer, commune_officer, department_officer
):
    new, scan = reverse("criteria:decision-new"), reverse("criteria:decision-scan", args=[recorded.pk])
    step = reverse("criteria:decision-step", args=[recorded.pk, "doi-chieu"])
    for person in (district_officer, district_reviewer, commune_officer, department_officer):
        client = client_of(person)
        assert client.get(new).status_code == 404
        assert [client.post(address).status_code for address in (step, scan)] == [404, 404]
    assert visitor.get(new).status_code == 302
    assert [visitor.post(address).status_code for address in (step, scan)] == [302, 302]


def test_the_steps_are_taken_from_the_page(db, recorded, send, province_officer, second_province_officer):
    step = "criteria:decision-step"
    assert send(province_officer, step, {}, recorded.pk, "doi-chieu").status_code == 403
    assert send(second_province_officer, step, {}, recorded.pk, "doi-chieu").status_code == 303
    assert send(province_officer, step, {"reason": ""}, recorded.pk, "de-nghi-rut").status_code == 422
    assert send(province_officer, step, {"reason": "Ghi nhầm"}, recorded.pk, "de-nghi-rut").status_code == 303
    assert send(province_officer, step, {}, recorded.pk, "rut").status_code == 403
    assert send(second_province_officer, step, {}, recorded.pk, "rut").status_code == 303
    assert send(second_province_officer, step, {}, recorded.pk, "la").status_code == 404
    recorded.refresh_from_db()
    assert recorded.is_withdrawn
