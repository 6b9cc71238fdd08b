"""The rule itself: what adds up, what does not, and what says nothing yet."""

from decimal import Decimal

import pytest

from criteria.rules.sums import AT_MOST, EQUAL, Amount, Sum, broken

ABSENT = Amount(None, not_applicable=True)


def amounts(total, *parts) -> dict[str, Amount]:
    """The values by code: 1 is the total, 1.1, 1.2… its parts."""
    said = {"1": total, **{f"1.{n}": part for n, part in enumerate(parts, start=1)}}
    return {code: each if isinstance(each, Amount) else Amount(each) for code, each in said.items()}


def difference(rule: str, total, *parts) -> Decimal | None:
    stated = Sum("1", tuple(f"1.{n}" for n in range(1, len(parts) + 1)), rule)
    found = broken([stated], amounts(total, *parts))
    return found[0].difference if found else None


@pytest.mark.parametrize(
    ("rule", "total", "parts", "expected"),
    [
        (EQUAL, Decimal(100), [Decimal(60), Decimal(40)], None),
        (EQUAL, Decimal(120), [Decimal(60), Decimal(40)], Decimal(20)),
        (EQUAL, Decimal(90), [Decimal(60), Decimal(40)], Decimal(10)),
        (EQUAL, Decimal("0.3"), [Decimal("0.1"), Decimal("0.2")], None),
        (AT_MOST, Decimal(100), [Decimal(60), Decimal(40)], None),
        (AT_MOST, Decimal(120), [Decimal(60), Decimal(40)], None),
        (AT_MOST, Decimal(90), [Decimal(60), Decimal(40)], Decimal(10)),
        (EQUAL, Decimal(60), [Decimal(60), ABSENT], None),
        (EQUAL, Decimal(0), [ABSENT, ABSENT], None),
        (EQUAL, None, [Decimal(60), Decimal(40)], None),
        (EQUAL, Decimal(90), [Decimal(60), None], None),
        (AT_MOST, Decimal(50), [Decimal(60), None], None),
        (EQUAL, ABSENT, [Decimal(60), Decimal(40)], None),
    ],
)
def test_a_sum_is_broken_only_when_everything_is_there_and_it_does_not_add_up(rule, total, parts, expected):
    assert difference(rule, total, *parts) == expected


def test_a_part_that_the_unit_does_not_have_says_nothing():
    assert broken([Sum("1", ("1.1", "1.9"), EQUAL)], amounts(Decimal(5), Decimal(1))) == []
