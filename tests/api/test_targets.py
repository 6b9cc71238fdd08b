"""/api/v1/targets/: the plan of a year."""

import pytest

from criteria.models import Target


@pytest.fixture
def target(db, area):
    made = Target.objects.create(
        area=area("42"),
        year=2031,
        measure="thu-nghiem",
        name="Xã thử",
        value=20,
        unit="xã",
        is_minimum=True,
        decided_on="2024-02-21",
    )
    made.areas.set([area("444"), area("440")])
    return made


def test_a_target_names_its_measure_value_and_units(target, read):
    (row,) = read("targets/", year=2031)["results"]
    assert (row["measure"], row["value"], row["unit"], row["is_minimum"]) == ("thu-nghiem", 20, "xã", True)
    assert {unit["code"] for unit in row["areas"]} == {"440", "444"}
    assert read(f"targets/{target.pk}/") == row


def test_targets_are_narrowed(target, read):
    assert read("targets/", year=2031, area="42")["count"] == 1
    assert read("targets/", year=2031, area="444")["count"] == 0
    assert read("targets/", measure="thu-nghiem")["count"] == 1
    assert read("targets/", year=2031, as_of="2024-02-20")["count"] == 0
    assert read("targets/", year=2031, as_of="2024-02-21")["count"] == 1


def test_targets_cost_the_same_for_one_and_for_many(target, area, read, django_assert_num_queries):
    for number in range(2):
        with django_assert_num_queries(5):
            read("targets/", year=2031)
        Target.objects.create(area=area("42"), year=2031, measure=f"them-{number}", name="Thêm", value=1, unit="xã")
