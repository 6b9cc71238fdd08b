"""/api/v1/attainment/{unit}/{period}/explain/: why, as a tree that another system can walk."""

import pytest

AT = "attainment/18553/2024/explain/"


@pytest.fixture
def tree(read):
    return lambda **asked: read(AT, **asked)


def values(body):
    return [value for row in body["criteria"] for each in row.get("indicators", []) for value in each["values"]]


def test_what_fails_comes_first_with_what_it_needs_and_has(folder, fill, tree):
    fill(except_for={"17.9": 10})
    first = tree()["criteria"][0]
    assert (first["code"], first["verdict"]) == ("17", "not_met")
    value = first["indicators"][0]["values"][0]
    assert (value["rule"], value["has"], value["verdict"]) == ("17.9", 10, "not_met")
    assert value["gap"] == value["needs"]["value"] - 10
    assert value["needs"]["operator"] == ">="
    assert value["legal_ref"]


def test_only_what_fails_is_told_when_nothing_else_is_asked_for(folder, fill, tree):
    fill(except_for={"17.9": 10})
    body = tree(only="failing")
    assert [row["code"] for row in body["criteria"]] == ["17"]
    assert {value["rule"] for value in values(body)} == {"17.9"}


def test_depth_cuts_the_tree(folder, fill, tree):
    fill()
    assert all("indicators" not in row for row in tree(depth=1)["criteria"])
    assert all("values" not in each for row in tree(depth=2)["criteria"] for each in row["indicators"])


def test_a_result_says_what_it_stands_on(folder, fill, tree, read):
    fill()
    body = tree(depth=1)
    (row,) = read("attainment/", area="18553", period="2024", set="commune-ntm-2021-2025")["results"]
    told = ("period", "territory_on", "set", "set_version", "legal_basis", "status", "epoch", "computed_at")
    assert {name: body[name] for name in told} == {name: row[name] for name in told}
    assert body["input_watermark"] == row["input_watermark"]
    assert body["status"] == "provisional"
    assert len(body["criteria"]) >= body["criteria_total"]


def test_a_value_on_its_way_is_not_told_to_a_visitor(folder, fill, reading, tree):
    fill()
    reading("17.9").__class__.objects.filter(pk=reading("17.9").pk).update(state=2)
    (value,) = [value for value in values(tree()) if value["rule"] == "17.9"]
    assert (value["has"], value["state"], value["source_value_id"]) == (None, None, None)


def test_the_tree_agrees_with_the_one_that_people_read(folder, fill, tree, read):
    fill(except_for={"17.9": 10})
    ours = {row["code"]: row["verdict"] for row in tree(depth=1)["criteria"] if row["role"] == "criterion"}
    page = read("explanations/18553/", period="2024")
    assert ours == {row["code"]: row["verdict"] for row in page["criteria"] if row["role"] == "criterion"}
    needs = {value["rule"]: value["needs"]["text"] for value in values(tree())}
    rows = [value for row in page["criteria"] for each in row["indicators"] for value in each["values"]]
    assert needs == {value["input"]: value["requirement"] for value in rows}


@pytest.mark.parametrize("asked", [{"only": "everything"}, {"depth": 4}, {"depth": "x"}, {"colour": "red"}])
def test_a_parameter_that_is_not_understood_is_named(folder, problem, asked):
    assert [error["parameter"] for error in problem(AT, **asked)["errors"]] == list(asked)


@pytest.mark.parametrize("address", ["attainment/99999/2024/explain/", "attainment/18553/1999/explain/"])
def test_an_unknown_unit_or_period_is_absent(folder, problem, address):
    assert problem(address)["status"] == 404


def test_a_commune_is_explained_in_five_statements_however_much_is_known(
    folder, fill, tree, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5):  # counter, results, tree, levels of open values, counter
        tree()
    fill()
    with django_assert_max_num_queries(5):
        tree()
