"""Rating by a council: sheets within the parts, the mean, minutes, two people, certificates and proposals."""

import datetime as dt
from decimal import Decimal as D

import pytest

from accounts.errors import NotAllowed, OutOfScope, Refused, Stale, WrongState
from accounts.models import AuditEvent
from ocop.actions.councils import Member, conclude, enter_product, open_round, score, send_back, settle
from ocop.models import Entry, Product, Rating, ScoreSheet
from ocop.queries import councils as queries
from tests.ocop.conftest import HUONG_KHE, PROVINCE, parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def scored(province_officer):
    """`scored(entry, *scores)`: a sheet of each member in turn."""

    def write(entry, *given, by=None):
        for member, each in zip(entry.round.members.all(), given, strict=False):
            score(
                entry=entry,
                member_id=member.pk,
                scores=parts(*each),
                comment="",
                version=0,
                by=by or province_officer,
            )
        return Entry.objects.get(pk=entry.pk)

    return write


@pytest.fixture
def concluded(scored, province_officer):
    """`concluded(entry, *scores)`: the mean, with minutes."""

    def write(entry, *given, by=None):
        found = scored(entry, *given, by=by)
        return conclude(
            entry=found,
            version=found.version,
            minutes="Biên bản",
            absent_note="Vắng có phép",
            by=by or province_officer,
        )

    return write


def settled(entry, by, **said):
    usual = {"decision": "33/QĐ-UBND", "decided_on": dt.date(2025, 6, 30), "certificate_no": ""}
    return settle(entry=entry, version=entry.version, by=by, **{**usual, **said})


# The minutes


def test_the_minutes_tell_members_scores_and_results(client_of, entry, concluded, province_officer, council):
    concluded(entry, (30, 20, 25), (32, 20, 25))
    found = client_of(province_officer).get(f"/ocop/dot/{council.pk}/bien-ban/").content.decode()
    assert "Trần Văn Một, Chủ tịch" in found
    assert 'Trần Văn Một: <b class="n">75</b> (30 + 20 + 25)' in found
    assert "Phan Ba: không có phiếu" in found
    assert "Chưa chấm: Vắng có phép" in found
    assert "Còn 1 sản phẩm chưa duyệt xong" in found
    assert "<b>4 sao</b>" in found


def test_the_minutes_cost_the_same_for_one_product_and_for_many(
    council, register, scored, province_officer, django_assert_max_num_queries
):
    for n in range(6):
        product = register(name=f"Sản phẩm {n}")
        made = enter_product(round=council, code=product.code, kind="first", by=province_officer)
        scored(made, (30, 20, 25), (32, 20, 25))
    with django_assert_max_num_queries(10):
        assert len(queries.minutes(province_officer, council.pk).lines) == 6


def test_others_do_not_read_the_minutes(client_of, council, district_officer, visitor):
    address = f"/ocop/dot/{council.pk}/bien-ban/"
    assert client_of(district_officer).get(address).status_code == 404
    assert visitor.get(address).status_code == 302


# The round


def test_a_round_stands_under_the_rules_of_the_day_its_council_sits(council, district_council):
    assert (council.rule_set, district_council.rule_set) == ("ocop-2023", "ocop-2023")


@pytest.mark.parametrize("who", ["commune_officer", "other_district_officer", "department_officer"])
def test_nobody_else_opens_a_round_of_the_district(request, area, who):
    with pytest.raises(OutOfScope):
        _open(area(HUONG_KHE), request.getfixturevalue(who))


def _open(place, by, **fields):
    usual = {"year": 2024, "number": 1, "held_on": dt.date(2024, 5, 20), "members": [Member("Một")], "decision": ""}
    return open_round(area=place, by=by, **{**usual, **fields})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"members": []}, "members"),
        ({"members": [Member("Một"), Member("MỘT")]}, "members"),
        ({"held_on": dt.date(2025, 7, 1), "year": 2025}, "held_on"),
        ({"held_on": dt.date(2999, 7, 1)}, "held_on"),
        ({"held_on": dt.date(2018, 7, 1), "year": 2018}, "held_on"),
        ({"number": 0}, "number"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_at_its_field(area, district_officer, fields, field):
    with pytest.raises(Refused) as refused:
        _open(area(HUONG_KHE), district_officer, **fields)
    assert refused.value.field == field


def test_a_round_has_its_number_once_a_year(district_council, area, district_officer):
    with pytest.raises(Refused) as refused:
        _open(area(HUONG_KHE), district_officer)
    assert refused.value.field == "number"


# Products before it


def test_a_product_comes_once_before_a_council(entry, council, product, province_officer):
    with pytest.raises(Refused) as refused:
        enter_product(round=council, code=product.code, kind="first", by=province_officer)
    assert refused.value.field == "code"


def test_a_district_rates_its_own_products_only(district_council, register, area, district_officer, province_officer):
    elsewhere = register(area=area("18073"), by=province_officer, name="Nơi khác")
    with pytest.raises(Refused) as refused:
        enter_product(round=district_council, code=elsewhere.code, kind="first", by=district_officer)
    assert refused.value.field == "code"


def test_what_the_product_holds_says_which_rating_is_due(council, product, certify, province_officer):
    with pytest.raises(Refused):
        enter_product(round=council, code=product.code, kind="upgrade", by=province_officer)
    certify(product)
    with pytest.raises(Refused) as refused:
        enter_product(round=council, code=product.code, kind="first", by=province_officer)
    assert refused.value.field == "kind"
    assert enter_product(round=council, code=product.code, kind="upgrade", by=province_officer).kind == "upgrade"


# Sheets


def test_a_part_past_its_most_is_refused_at_that_part_and_nothing_is_written(entry, province_officer):
    member = entry.round.members.first()
    with pytest.raises(Refused) as refused:
        score(
            entry=entry, member_id=member.pk, scores=parts(40, "25.01", 36), comment="", version=0, by=province_officer
        )
    assert set(refused.value.details["faults"]) == {"part_b", "part_c"}
    assert not ScoreSheet.objects.exists()


def test_a_sheet_is_corrected_over_the_version_that_was_seen(entry, scored, province_officer):
    scored(entry, (30, 20, 20))
    member = entry.round.members.first()
    said = {"entry": entry, "member_id": member.pk, "scores": parts(31, 20, 20), "comment": "", "by": province_officer}
    with pytest.raises(Stale):
        score(version=0, **said)
    score(version=1, **said)
    assert ScoreSheet.objects.get().part_a == 31
    assert AuditEvent.objects.filter(action="council.score").count() == 2


def test_a_member_of_another_council_gives_no_sheet(entry, district_council, province_officer):
    stranger = district_council.members.get()
    with pytest.raises(OutOfScope):
        score(entry=entry, member_id=stranger.pk, scores=parts(1, 1, 1), comment="", version=0, by=province_officer)


# Concluding


def test_the_mean_of_the_sheets_gives_the_stars_and_they_are_provisional(entry, concluded):
    found = concluded(entry, (30, 20, 20), (31, 21, 20), (32, 20, 21))
    assert (found.part_a, found.part_b, found.part_c) == (D("31"), D("20.33"), D("20.33"))
    assert (found.total, found.stars, found.is_provisional) == (D("71.66"), 4, True)


def test_without_a_sheet_without_minutes_or_with_members_unaccounted_for_nothing_is_concluded(
    entry, scored, province_officer
):
    def refusal(version, minutes="Biên bản", absent=""):
        with pytest.raises(Refused) as refused:
            conclude(entry=entry, version=version, minutes=minutes, absent_note=absent, by=province_officer)
        return refused.value.field

    assert refusal(0) == "minutes"
    version = scored(entry, (30, 20, 20)).version
    assert refusal(version) == "absent_note"
    assert refusal(version, minutes=" ", absent="Hai người đi họp") == "minutes"


def test_a_concluded_result_takes_no_further_sheet_until_it_is_sent_back(
    entry, concluded, scored, province_officer, second_province_officer
):
    found = concluded(entry, (30, 20, 20))
    with pytest.raises(WrongState):
        scored(entry, (31, 20, 20))
    back = send_back(entry=found, version=found.version, reason="Xem lại phần B", by=second_province_officer)
    assert (back.state, back.total, back.sheets.count()) == ("scoring", None, 1)


# Settling


def test_who_concluded_does_not_settle(entry, concluded, province_officer, second_province_officer):
    found = concluded(entry, (30, 20, 20))
    with pytest.raises(NotAllowed):
        settled(found, province_officer)
    with pytest.raises(Stale):
        settle(
            entry=found, version=0, decision="1", decided_on=dt.date(2025, 6, 30), certificate_no="",
            by=second_province_officer,
        )  # fmt: skip
    done = settled(found, second_province_officer, certificate_no="GCN-7")
    assert (done.state, done.rating.certificate_no, done.rating.stars) == ("recognised", "GCN-7", 4)
    assert Product.objects.get(pk=entry.product_id).standing == done.rating
    assert (done.rating.total, done.rating.issuer, done.rating.is_provisional) == (70, "province", True)


def test_three_stars_of_a_district_are_its_own_and_four_are_proposed_to_the_province(
    district_council, register, concluded, district_officer, second_district_officer
):
    results = {}
    for name, given in (("Ba sao", (20, 20, 20)), ("Bốn sao", (30, 20, 25))):
        entry = enter_product(round=district_council, code=register(name=name).code, kind="first", by=district_officer)
        found = concluded(entry, given, by=district_officer)
        results[name] = settled(found, second_district_officer, decided_on=dt.date(2024, 6, 1))
    assert (results["Ba sao"].state, results["Ba sao"].rating.status) == ("recognised", "recognised")
    assert (results["Bốn sao"].state, results["Bốn sao"].rating.status) == ("proposed", "proposed")
    assert results["Bốn sao"].product.standing is None


def test_an_upgrade_that_is_proposed_ends_as_a_certificate_of_the_province(
    district_council, council, product, certify, concluded, district_officer, second_district_officer,
    province_officer, second_province_officer,
):  # fmt: skip
    certify(product, decided_on=dt.date(2024, 2, 1))
    below = enter_product(round=district_council, code=product.code, kind="upgrade", by=district_officer)
    settled(concluded(below, (30, 20, 25), by=district_officer), second_district_officer)
    assert Rating.objects.get(product=product, status="proposed").stars == 4
    above = enter_product(round=council, code=product.code, kind="upgrade", by=province_officer)
    settled(concluded(above, (30, 20, 25)), second_province_officer)
    assert Product.objects.get(pk=product.pk).standing.stars == 4


def test_an_upgrade_that_reaches_no_more_stars_leaves_the_certificate(
    council, product, certify, concluded, province_officer, second_province_officer
):
    held = certify(product, decided_on=dt.date(2024, 2, 1))
    entry = enter_product(round=council, code=product.code, kind="upgrade", by=province_officer)
    done = settled(concluded(entry, (20, 20, 28)), second_province_officer)
    assert (done.state, done.rating) == ("refused", None)
    assert Product.objects.get(pk=product.pk).standing == held


def test_below_three_stars_nothing_is_certified(entry, concluded, second_province_officer):
    done = settled(concluded(entry, (10, 10, 10)), second_province_officer)
    assert (done.state, done.stars, done.rating) == ("refused", 2, None)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"decision": ""}, "decision"),
        ({"decided_on": dt.date(2025, 6, 19)}, "decided_on"),
        ({"decided_on": dt.date(2025, 7, 6)}, "decided_on"),
    ],
)
def test_a_certificate_needs_a_decision_after_the_council_under_the_same_rules(
    entry, concluded, second_province_officer, changed, field
):
    found = concluded(entry, (30, 20, 20))
    with pytest.raises(Refused) as refused:
        settled(found, second_province_officer, **changed)
    assert refused.value.field == field
    assert Entry.objects.get(pk=entry.pk).state == "concluded"


def test_five_stars_are_proposed_to_the_centre(entry, concluded, second_province_officer):
    done = settled(concluded(entry, (40, 25, 30)), second_province_officer)
    assert (done.state, done.rating.status, done.rating.stars) == ("proposed", "proposed", 5)


def test_a_rating_again_at_the_end_of_a_certificate_follows_it(
    area, product, certify, concluded, province_officer, second_province_officer
):
    certify(product, decided_on=dt.date(2022, 2, 1))
    round_2025 = _open(area(PROVINCE), province_officer, year=2025, number=2, held_on=dt.date(2025, 8, 1))
    entry = enter_product(round=round_2025, code=product.code, kind="again", by=province_officer)
    done = settled(concluded(entry, (20, 20, 20)), second_province_officer, decided_on=dt.date(2025, 8, 20))
    assert (done.rating.kind, done.rating.expires_on) == ("again", dt.date(2028, 8, 20))
