"""The engine's SQL says the same as plain Python, on both databases, however it is sent."""

import itertools
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria import masks, statements
from criteria.models import CriteriaSet, Input
from criteria.resolving import verdict_sql
from criteria.rules import verdicts
from criteria.statements import Ids, run

pytestmark = pytest.mark.django_db

VALUES = [None, Decimal(0), Decimal("59.9999"), Decimal(60), Decimal("60.0001"), Decimal("-1.5")]
VERDICT = f"SELECT {verdict_sql('v', 'n', 'o', 'h')} FROM (SELECT %s AS v, %s AS n, %s AS o, %s AS h) AS q"


def _as_the_column(value: Decimal | None) -> str:
    return "CAST(NULL AS decimal(16, 4))" if value is None else f"CAST({value} AS decimal(16, 4))"


@pytest.mark.parametrize("operator", Input.Operator.values)
def test_the_verdict_in_sql_is_the_verdict_of_the_rules(operator):
    for value, level, not_applicable in itertools.product(VALUES, VALUES, (False, True)):
        parts = (_as_the_column(value), str(not_applicable).upper(), f"'{operator}'", _as_the_column(level))
        with connection.cursor() as cursor:
            cursor.execute(VERDICT % parts)
            (found,) = cursor.fetchone()
        expected = verdicts.resolve(value, not_applicable, operator, level)
        assert found == int(expected), (value, not_applicable, operator, level)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 62)))
def test_bits_are_counted_as_python_counts_them(bits):
    mask = sum(1 << bit for bit in bits)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {masks._count('m')} FROM (SELECT CAST({mask} AS bigint) AS m) AS q".replace("%%", "%"))
        assert cursor.fetchone()[0] == len(bits)


def test_a_union_of_bits_is_known_to_both_databases():
    rows = "SELECT 5 AS bits UNION ALL SELECT 6 UNION ALL SELECT NULL"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT BIT_OR(bits), BIT_OR(bits) FILTER (WHERE bits > 7) FROM ({rows}) AS q")
        assert cursor.fetchone() == (7, None)


def test_ids_name_any_number_of_rows():
    all_of_them = sorted(CriteriaSet.objects.values_list("pk", flat=True))

    def found(ids: Ids) -> list[int]:
        return [pk for (pk,) in run("SELECT id FROM criteria_criteriaset WHERE id {ids} ORDER BY id", ids)[1]]

    assert found(Ids.every()) == all_of_them
    assert found(Ids.of(all_of_them[:3])) == all_of_them[:3]
    assert found(Ids.of([])) == []
    assert found(Ids.between(all_of_them[0], all_of_them[2])) == all_of_them[1:3]


STATEMENT = "SELECT id FROM criteria_criteriaset WHERE id {ids} AND slug = %(slug)s AND 'statement' <> '%% of a test'"


def _slug_of(pk: int, slug: str) -> bool:
    return bool(run(STATEMENT, Ids.of([pk]), slug=slug)[1])


@pytest.mark.postgresql
def test_a_statement_is_planned_once_for_a_connection_also_when_its_transaction_is_undone():
    pk, slug = CriteriaSet.objects.values_list("pk", "slug").first()
    with CaptureQueriesContext(connection) as queries:
        with transaction.atomic():
            assert _slug_of(pk, slug)
            transaction.set_rollback(True)
        assert not _slug_of(pk, "no-such-set")
    assert [query["sql"].split()[0] for query in queries].count("PREPARE") == 1


@pytest.mark.postgresql
def test_a_connection_keeps_the_plan_that_it_made():
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)


@pytest.mark.postgresql
def test_statements_that_travel_together_see_what_the_ones_before_did():
    pk = CriteriaSet.objects.values_list("pk", flat=True).first()
    name = statements.call("UPDATE criteria_criteriaset SET name = %(name)s WHERE id {ids}", Ids.of([pk]), name="Mới")
    read = statements.call("SELECT name FROM criteria_criteriaset WHERE id {ids}", Ids.of([pk]))
    assert statements.together(name, read)[1] == [("Mới",)]
