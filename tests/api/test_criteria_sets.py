"""/api/v1/criteria-sets/, indicators, periods and rounds: the law as loaded, and how far it is known."""


def test_every_set_tells_what_is_declared_listed_and_missing(read):
    sets = {row["slug"]: row for row in read("criteria-sets/")["results"]}
    ntm = sets["commune-ntm-2021-2025"]
    assert (ntm["declared_criteria"], ntm["declared_indicators"], ntm["missing_indicators"]) == (19, 57, 0)
    assert ntm["complete"]
    advanced = sets["district-advanced-2021-2025"]
    assert (advanced["declared_indicators"], advanced["listed_indicators"]) == (38, 37)
    assert advanced["missing_indicators"] == 1
    assert not advanced["complete"]
    assert {row["confidence"] for row in sets.values()} <= {"verified", "recalled", "uncertain", "placeholder"}


def test_a_set_of_2026_is_incomplete_and_opens_no_round(read):
    body = read("criteria-sets/commune-ntm-2026-2030/")
    assert (body["declared_indicators"], body["listed_indicators"]) == (47, 9)
    assert not body["complete"]
    assert not body["allows_rounds"]


def test_a_set_shows_its_criteria(read):
    criteria = read("criteria-sets/commune-ntm-2021-2025/")["criteria"]
    assert sum(criterion["role"] == "criterion" for criterion in criteria) == 19


def test_sets_are_narrowed_by_level_tier_and_date(read):
    assert {row["level"] for row in read("criteria-sets/", level="district")["results"]} == {"district"}
    assert {row["tier"] for row in read("criteria-sets/", tier="model")["results"]} == {"model"}
    in_2024 = {row["slug"] for row in read("criteria-sets/", as_of="2024-06-30")["results"]}
    assert "commune-ntm-2021-2025" in in_2024
    assert "commune-ntm-2026-2030" not in in_2024


def test_an_unknown_set_is_a_problem(problem, db):
    assert problem("criteria-sets/khong-co/")["status"] == 404
    assert problem("criteria-sets/", level="xa")["errors"][0]["parameter"] == "level"


def test_indicators_are_narrowed_by_set_criterion_and_code(read):
    rows = read("indicators/", set="commune-ntm-2021-2025", criterion="17")["results"]
    assert {row["criterion"] for row in rows} == {"17"}
    assert {row["set"] for row in rows} == {"commune-ntm-2021-2025"}
    only = read("indicators/", set="commune-ntm-2021-2025", code="17.1")["results"]
    assert [row["code"] for row in only] == ["17.1"]


def test_an_indicator_shows_its_inputs_and_thresholds_of_a_region(read):
    (income,) = read("indicators/", set="commune-ntm-2021-2025", criterion="10", region="BTB")["results"]
    thresholds = income["inputs"][0]["thresholds"]
    assert {threshold["region"] for threshold in thresholds} <= {"BTB", ""}
    assert {(t["year"], t["value"]) for t in thresholds} >= {(2021, 39.0), (2022, 42.0)}


def test_an_unknown_set_of_indicators_is_named(problem, db):
    body = problem("indicators/", set="khong-co")
    assert (body["errors"][0]["parameter"], body["errors"][0]["code"]) == ("set", "unknown")


def test_indicators_cost_the_same_for_one_and_for_many(read, django_assert_num_queries):
    for limit in (1, 500):
        with django_assert_num_queries(6):
            read("indicators/", set="commune-ntm-2021-2025", limit=limit)


def test_an_indicator_is_read_alone(read, problem):
    first = read("indicators/", limit=1)["results"][0]
    assert read(f"indicators/{first['id']}/") == first
    assert problem("indicators/999999999999999999/")["status"] == 404
    assert problem("indicators/9999999999999999999999/")["status"] == 404


def test_periods_are_listed_in_their_order(open_round_2024, read):
    codes = [row["code"] for row in read("periods/")["results"]]
    assert codes == sorted(codes)
    assert read("periods/", year=2024)["count"] == 1
    assert read("periods/2024/")["ends_on"] == "2024-12-31"


def test_rounds_are_narrowed_by_period_set_and_openness(open_round_2024, read):
    (found,) = read("rounds/", period="2024", set="commune-ntm-2021-2025", open="true")["results"]
    assert (found["id"], found["is_open"]) == (open_round_2024.pk, True)
    assert read("rounds/", period="2024", open="false")["count"] == 0
