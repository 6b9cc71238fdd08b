"""Products as officers register them, certificates, and a council of the province."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal as D

import pytest

from accounts.roles import Role
from ocop.actions.certificates import Certificate, record_certificate
from ocop.actions.councils import Member, enter_product, open_round
from ocop.actions.register import Said, register_product
from ocop.models import Product, Rating

HA_LINH, HUONG_TRACH, HUONG_KHE, HUONG_SON, PROVINCE = "18502", "18553", "444", "439", "42"
DAY = dt.date(2024, 3, 1)


@pytest.fixture
def said(area) -> Callable[..., Said]:
    """`said(**fields)`: a product of Hà Linh as an officer states it."""

    def make(**fields) -> Said:
        usual = {
            "name": "Cu đơ thử nghiệm",
            "producer_name": "Tổ hợp tác thử",
            "producer_kind": "group",
            "area": area(HA_LINH),
            "on": DAY,
            "group": "food",
        }
        return Said(**{**usual, **fields})

    return make


@pytest.fixture
def register(said, commune_officer) -> Callable[..., Product]:
    """`register(**fields)`: a product in the register, entered by the officer of Hà Linh."""

    def make(*, by=None, **fields) -> Product:
        return register_product(said=said(**fields), by=by or commune_officer)

    return make


@pytest.fixture
def product(register) -> Product:
    return register()


@pytest.fixture
def certify(province_officer) -> Callable[..., Rating]:
    """`certify(product, **fields)`: a certificate of three stars of 5 December 2024."""

    def make(product, *, by=None, **fields) -> Rating:
        usual = {"stars": 3, "kind": "first", "decided_on": dt.date(2024, 12, 5), "decision": "12/QĐ-UBND"}
        paper = Certificate(**{**usual, **fields})
        return record_certificate(product=product, certificate=paper, by=by or province_officer)

    return make


@pytest.fixture
def second_district_officer(person, area):
    return person("huyen-hai", Role.DISTRICT_OFFICER, area=area(HUONG_KHE))


@pytest.fixture
def council(area, province_officer):
    """A round of the province, held in June 2025 by three members."""
    members = [Member("Trần Văn Một", "Chủ tịch"), Member("Lê Thị Hai"), Member("Phan Ba")]
    return open_round(
        area=area(PROVINCE),
        year=2025,
        number=1,
        held_on=dt.date(2025, 6, 20),
        members=members,
        decision="01/QĐ-UBND",
        by=province_officer,
    )


@pytest.fixture
def district_council(area, district_officer):
    """A round of Hương Khê, held in May 2024 by one member."""
    return open_round(
        area=area(HUONG_KHE),
        year=2024,
        number=1,
        held_on=dt.date(2024, 5, 20),
        members=[Member("Trần Văn Một")],
        decision="02/QĐ-UBND",
        by=district_officer,
    )


@pytest.fixture
def entry(council, product, province_officer):
    return enter_product(round=council, code=product.code, kind="first", by=province_officer)


def parts(a, b, c) -> dict[str, D]:
    """Scores of the three parts."""
    return {"A": D(str(a)), "B": D(str(b)), "C": D(str(c))}
