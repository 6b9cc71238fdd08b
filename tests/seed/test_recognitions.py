"""The recognitions of the seed: the published rows, the published totals, and how the tiers stand in each other."""

import datetime as dt

import pytest

from communes.models import Area, Kind, Level
from criteria.models import Recognition
from criteria.queries.recognition import granted_in_year, in_force
from reports.queries.summary import summary
from reports.seed import files

pytestmark = pytest.mark.django_db

END_OF_2022, END_OF_2023, END_OF_2024 = dt.date(2022, 12, 31), dt.date(2023, 12, 31), dt.date(2024, 12, 31)
REPORT_DAY = dt.date(2024, 2, 21)


def _held(tier: str, on: dt.date, **known) -> set[str]:
    return set(in_force(tier=tier, on=on, **known).filter(level=Level.COMMUNE).values_list("code", flat=True))


def test_every_published_row_is_a_record_on_the_unit_of_its_day():
    real = Recognition.objects.filter(is_illustrative=False).select_related("area")
    published = files.rows("recognitions-hatinh.csv")
    assert real.count() == len(published) == 130
    wanted = sorted((row["code_or_name"], row["name"].removeprefix("Huyện ")) for row in published)
    assert sorted((row.area.code, row.area.short_name) for row in real) == wanted


def test_a_recognition_of_2019_stands_on_the_commune_that_then_ended():
    row = Recognition.objects.get(area__code="18436", result_year=2019)
    assert (row.area.short_name, row.area.valid_to) == ("Song Lộc", dt.date(2019, 12, 31))


def test_rows_of_one_decision_share_it():
    rows = Recognition.objects.filter(decision__number="189/QĐ-UBND")
    assert rows.count() == 7
    assert rows.values("decision_id").distinct().count() == 1
    assert rows.first().decision.issued_on == dt.date(2024, 1, 17)


def test_a_result_without_a_date_counts_from_the_end_of_its_year_and_reads_as_undated():
    rows = Recognition.objects.filter(result_year=2020, tier="model")
    assert {(row.is_dated, row.counts_from) for row in rows} == {(False, dt.date(2020, 12, 31))}


def test_a_recognition_without_a_year_is_in_totals_only():
    nghi_xuan = Recognition.objects.get(area__code="442", tier="ntm")
    assert (nghi_xuan.result_year, nghi_xuan.is_dated) == (None, False)
    assert not any("Nghi Xuân" in summary(year=year)["districts_recognised"] for year in range(2016, 2025))
    assert in_force(tier="ntm", on=END_OF_2022).filter(code="442").exists()


def test_the_sixteen_communes_of_decision_3368_are_carried_over_and_not_among_the_four():
    carried = Recognition.objects.filter(act=Recognition.Act.CARRIED_OVER)
    assert carried.count() == 16
    granted = granted_in_year(tier="ntm", year=2023).filter(area__level=Level.COMMUNE)
    names = set(granted.values_list("area__short_name", flat=True))
    assert names == {"Hương Lâm", "Hương Liên", "Hà Linh", "Điền Mỹ"}


@pytest.mark.parametrize(
    ("tier", "on", "known", "total"),
    [
        ("ntm", END_OF_2022, {"up_to_year": 2022}, 177),
        ("advanced", END_OF_2022, {"up_to_year": 2022}, 50),
        ("model", END_OF_2022, {"up_to_year": 2022}, 7),
        ("ntm", END_OF_2023, {"up_to_year": 2023, "decided_by": REPORT_DAY}, 181),
        ("advanced", END_OF_2023, {"up_to_year": 2023, "decided_by": REPORT_DAY}, 60),
        ("model", END_OF_2023, {"up_to_year": 2023, "decided_by": REPORT_DAY}, 15),
        ("advanced", END_OF_2024, {"decided_by": dt.date(2024, 7, 17)}, 65),
        ("model", END_OF_2024, {"decided_by": dt.date(2024, 7, 17)}, 17),
    ],
)
def test_communes_in_force_add_up_to_the_published_total(tier, on, known, total):
    assert len(_held(tier, on, **known)) == total


@pytest.mark.parametrize("on", [END_OF_2022, END_OF_2023, END_OF_2024])
def test_every_model_commune_is_advanced_and_every_advanced_one_is_ntm(on):
    model, advanced, ntm = (_held(tier, on, decided_by=on) for tier in ("model", "advanced", "ntm"))
    assert model < advanced < ntm


def test_districts_in_force_are_eight_of_ten_at_the_report_and_nine_with_ky_anh():
    for decided_by, total in ((REPORT_DAY, 8), (dt.date(2024, 8, 15), 9)):
        held = in_force(tier="ntm", on=END_OF_2023, up_to_year=2023, decided_by=decided_by)
        assert held.filter(kind=Kind.DISTRICT).count() == total


def test_ky_anh_counts_for_2023_once_its_decision_is_known():
    assert summary(year=2023, as_of=REPORT_DAY)["districts_recognised"] == ["Lộc Hà"]
    assert summary(year=2023)["districts_recognised"] == ["Kỳ Anh", "Lộc Hà"]


def test_one_commune_of_the_register_stands_outside_the_stated_count():
    held = summary(year=2023, as_of=REPORT_DAY)["in_force"]
    assert (held["ntm"], held["stated"], held["register"]) == (181, 181, 182)
    outside = Area.objects.as_of(END_OF_2023).filter(kind=Kind.COMMUNE).exclude(code__in=_held("ntm", END_OF_2023))
    assert not Recognition.objects.filter(area__in=outside).exists()


def test_a_model_commune_keeps_the_field_that_its_decision_names():
    fields = Recognition.objects.exclude(model_field="").values_list("area__short_name", "model_field")
    assert dict(fields) == {"Mai Phụ": "sản xuất", "Xuân Phổ": "văn hóa"}


def test_the_published_totals_are_the_ones_asserted_here():
    totals = {(row["as_of"], row["tier"]): row["cumulative"] for row in files.rows("totals-hatinh.csv")}
    assert [totals["2022-12-31", tier] for tier in ("ntm", "advanced", "model")] == ["177", "50", "7"]
    assert [totals["2023-12-31", tier] for tier in ("ntm", "advanced", "model")] == ["181", "60", "15"]
    assert [totals["2024-07-17", tier] for tier in ("advanced", "model")] == ["65", "17"]
