"""The explanation tree: from the province down to one value, for people and over the API."""

import pytest
from django.utils import timezone

from criteria.models import Evidence, Reading, State, StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_evidence(lacking, person):
    """The failing value with a file and somebody who entered it."""
    author = person("nguoi-nhap-so-lieu")
    now = timezone.now()
    Reading.objects.filter(pk=lacking.pk).update(entered_by=author, entered_at=now)
    file = StoredFile.objects.create(
        key="k" * 20, kind="pdf", size=2048, sha256="0" * 64, stored_by=author, stored_at=now
    )
    Evidence.objects.create(
        reading=lacking, file=file, name="Bien-ban.pdf", sent_sha256="0" * 64, added_by=author, added_at=now
    )
    return author


def test_the_path_leads_from_the_province_to_the_value_one_address_each(read, failing, lacking, address_of):
    area, indicator = failing.assessment.area, lacking.input.indicator
    province = read("/vi-sao/?ky=2023")
    district = next(link for link in province.links if link.startswith("/vi-sao/4") and "bac" not in link)
    assert read(district).text
    unit = read(f"/vi-sao/{area.code}/?ky=2023")
    criterion = f"/vi-sao/{area.code}/{indicator.criterion.code}/?ky=2023&bac=ntm"
    assert criterion in unit.links
    assert f"{address_of}?ky=2023&bac=ntm" in read(criterion).links
    leaf = read(f"{address_of}?ky=2023")
    assert {"/vi-sao/?ky=2023", f"/vi-sao/{area.code}/?ky=2023&bac=ntm", criterion} <= set(leaf.links)


def test_why_not_comes_first(read, failing):
    text = read(f"/vi-sao/{failing.assessment.area.code}/?ky=2023").text
    assert text.index("Vì sao chưa đạt") < text.index("Đã đạt:")


def test_a_value_says_number_threshold_article_and_who(read, lacking, address_of):
    text = read(f"{address_of}?ky=2023").text
    assert "mức đạt chuẩn" in text
    assert lacking.threshold.legal_reference in text
    assert "thiếu" in text or "vượt" in text
    assert "Diễn biến" in text


def test_a_condition_of_the_province_lists_the_districts_that_are_missing_first(read):
    page = read("/vi-sao/42/1/?ky=2023&bac=completed")
    assert "10 đơn vị được tính, 2 chưa được công nhận" in page.text
    first = next(link for link in page.links if link.startswith("/vi-sao/44") and link != "/vi-sao/42/")
    assert first.startswith("/vi-sao/444/")


def test_a_share_is_read_with_one_decimal_and_a_set_without_criteria_counts_none(read):
    text = read("/vi-sao/?ky=2023").text
    assert "66,7%" in text
    assert "66,6667" not in text
    assert "0 /0" not in text


def test_evidence_and_persons_are_for_who_may_see_them(
    read, client_of, province_officer, other_district_officer, with_evidence, address_of, lacking
):
    address = f"{address_of}?ky=2023"
    public = read(address).text
    assert "Bien-ban.pdf" not in public
    assert with_evidence.display_name not in public
    mine = read(address, client_of(province_officer)).text
    assert "Bien-ban.pdf" in mine
    assert with_evidence.display_name in mine


def test_the_api_gives_the_same_tree(visitor, failing, lacking):
    area, indicator = failing.assessment.area, lacking.input.indicator
    body = visitor.get(f"/api/v1/explanations/{area.code}/", {"period": "2023"}).json()
    assert body["verdict"] == "not_met"
    assert body["criteria"][0]["verdict"] == "not_met"
    assert body["criteria_met"] == failing.criteria_met
    asked = {"period": "2023", "criterion": indicator.criterion.code, "indicator": indicator.code}
    one = visitor.get(f"/api/v1/explanations/{area.code}/", asked).json()
    values = one["criteria"][0]["indicators"][0]["values"]
    mine = next(value for value in values if value["input"] == lacking.input.code)
    assert mine["value"] == float(lacking.value)
    assert mine["threshold"] == float(lacking.threshold.value)
    assert mine["legal_reference"] == lacking.threshold.legal_reference
    assert visitor.get(one["page"]).status_code == 200


def test_the_api_keeps_evidence_and_persons_within_scope(visitor, client_of, province_officer, with_evidence, lacking):
    indicator = lacking.input.indicator
    address = f"/api/v1/explanations/{lacking.assessment.area.code}/"
    asked = {"period": "2023", "criterion": indicator.criterion.code, "indicator": indicator.code}
    public = visitor.get(address, asked).content.decode()
    assert "Bien-ban.pdf" not in public
    assert with_evidence.display_name not in public
    mine = client_of(province_officer).get(address, asked).content.decode()
    assert "Bien-ban.pdf" in mine
    assert with_evidence.display_name in mine


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"period": "1999"}, 400),
        ({"nam": "2023"}, 400),
        ({"indicator": "17.1"}, 400),
        ({"as_of": "21/02/2024"}, 400),
        ({"as_of": "2199-01-01"}, 400),
        ({"period": "2023", "criterion": "99"}, 404),
    ],
)
def test_the_api_says_what_it_cannot_answer(visitor, query, status):
    assert visitor.get("/api/v1/explanations/18502/", query).status_code == status


@pytest.mark.parametrize("address", ["/vi-sao/99999/", "/vi-sao/18502/99/?ky=2023", "/vi-sao/18502/17/99.9/?ky=2023"])
def test_a_node_that_is_not_there_is_not_found(visitor, address):
    assert visitor.get(address).status_code == 404


def test_without_districts_the_province_opens_straight_into_its_communes(read, round_2025):
    page = read("/vi-sao/?ky=2025")
    below = [link for link in page.links if link.startswith("/vi-sao/") and link.endswith("/?ky=2025")]
    assert len(set(below)) >= 60
    unit = read(f"/vi-sao/{round_2025.failing_code}/?ky=2025")
    assert "Vì sao chưa đạt" in unit.text
    assert not any("/huyen/" in link for link in unit.links)


def test_values_on_their_way_stay_within_scope(read, client_of, district_officer):
    value = Reading.objects.get(
        assessment__area__code="18502",
        assessment__round__period__code="2024",
        assessment__round__criteria_set__tier="ntm",
        input__code="17.1",
    )
    Reading.objects.filter(pk=value.pk).update(value="71.77", state=State.SUBMITTED)
    address = "/vi-sao/18502/17/17.1/?ky=2024"
    assert "71,77%" not in read(address).text
    assert "71,77%" in read(address, client_of(district_officer)).text


def test_a_node_costs_the_same_for_many_and_for_few(cost, address_of):
    assert cost("/vi-sao/437/?ky=2023") == cost("/vi-sao/449/?ky=2023") <= 20
    assert cost("/vi-sao/18502/?ky=2023") == cost("/vi-sao/18508/?ky=2023") <= 20
    assert cost(f"{address_of}?ky=2023") <= 30
