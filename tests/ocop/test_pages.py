"""Pages: what the public sees, links that narrow, one figure everywhere, constant statements, refusals in place."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ocop.actions.register import add_market, set_revenue
from ocop.models import Entry, Product, Rating
from ocop.queries import listing
from ocop.queries.listing import PAGE, Filters
from ocop.queries.summaries import summary
from tests.ocop.conftest import parts

pytestmark = pytest.mark.django_db
LIST = "/ocop/"
MOST_STATEMENTS = 10


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def body(visitor):
    """`body(address, **query)`: a page as the public reads it."""

    def get(address, **query):
        response = visitor.get(address, query)
        assert response.status_code == 200
        return response.content.decode()

    return get


def page_of(product) -> str:
    return reverse("ocop:product", args=[product.code])


# The same figure everywhere


def test_the_337_products_of_the_report_are_the_same_on_every_page_and_in_the_api(body, visitor):
    assert listing.key_figures()["total"] == 337
    assert listing.page(Filters()).number == 337
    found = summary()
    assert found.sums.total == sum(line.total for line in found.lines) == 337
    assert sum(number for _, _, number in found.groups) == found.years[-1].cumulative == 337
    assert visitor.get("/api/v1/ocop/products/").json()["count"] == 337
    assert "<b>337</b> sản phẩm" in body(LIST)
    assert "<b>337</b> sản phẩm" in body("/ocop/tong-hop/")


def test_each_choice_of_a_facet_leaves_what_it_says():
    for facet in listing.page(Filters()).facets:
        names = {parameter: name for name, (parameter, _) in listing.FACETS.items()}
        for choice in facet.choices:
            assert listing.page(Filters(**{names[facet.name]: choice.value})).number == choice.number, choice
        if facet.name != "thi-truong":
            assert sum(choice.number for choice in facet.choices) == 337


def test_a_district_has_the_number_that_the_province_says():
    whole = summary()
    for line in whole.lines[:3]:
        part = summary(line.code)
        assert (part.sums.total, part.sums.by_star, part.sums.lapsed) == (line.total, line.by_star, line.lapsed)


def test_generated_products_say_that_they_are_illustrative(body):
    assert "số liệu minh hoạ" in body(LIST)
    assert "số liệu minh hoạ" in body("/ocop/tong-hop/")
    assert "số liệu minh hoạ" in body(page_of(Product.objects.get(code="MH-001")))


def test_every_product_stands_on_the_map_of_the_units_of_today():
    drawn = summary().map
    assert drawn.placed == sum(point.number for point in drawn.points) == 337
    assert [point.number for point in drawn.points] == sorted((p.number for p in drawn.points), reverse=True)


# The list


@pytest.mark.parametrize(
    ("query", "code_in", "code_out"),
    [
        ({"sao": "4"}, "THU-4", "THU-3"),
        ({"nhom": "drink"}, "THU-3", "THU-4"),
        ({"huyen": "444", "tim": "THU"}, "THU-4", "MH-001"),
        ({"nam": "2024"}, "THU-4", "THU-3"),
        ({"thi-truong": "LU"}, "THU-3", "THU-4"),
        ({"han": "con-han", "tim": "THU"}, "THU-4", "THU-3"),
        ({"han": "sap-het", "tim": "THU"}, "THU-3", "THU-4"),
        ({"chu-the": "household", "tim": "THU"}, "THU-3", "THU-4"),
        ({"tim": "dac san o dau cung dau"}, "THU-4", "THU-3"),
        ({"tim": "ĐẶC SẢN Ở ĐÂU CŨNG ĐÂU"}, "THU-4", "THU-3"),
        ({"tim": "ong lao danh ca"}, "THU-3", "THU-4"),
        ({"tim": "thu-3"}, "THU-3", "THU-4"),
    ],
)
def test_the_list_is_narrowed_by_links(body, register, certify, province_officer, query, code_in, code_out):
    first = register(code="THU-3", group="drink", producer_name="Ông lão đánh cá", producer_kind="household")
    certify(first, decided_on=dt.date(2023, 12, 20))
    add_market(product=first, country="LU", year=2024, source="", by=province_officer)
    certify(register(code="THU-4", name="Đặc sản ở đâu cũng đâu"), stars=4)
    found = body(LIST, **query)
    assert f"/ocop/san-pham/{code_in}/" in found
    assert f"/ocop/san-pham/{code_out}/" not in found


@pytest.mark.parametrize(
    "query", [{"sao": "9"}, {"han": "x"}, {"nam": "٢٠٢٤"}, {"sau": "x"}, {"thi-truong": "Japan"}, {"nhom": "'"}]
)
def test_what_has_no_meaning_in_the_address_narrows_nothing(body, query):
    assert '<b class="n">337</b> sản phẩm' in body(LIST, **query)


def test_a_list_that_finds_nothing_says_so_and_leads_back(body):
    assert "Không có sản phẩm nào khớp" in body(LIST, tim="khong co gi nhu the")


def test_pages_follow_each_other_through_all_products():
    seen, after = [], None
    while True:
        page = listing.page(Filters(), after=after)
        seen += [row.product.pk for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 337


@pytest.mark.parametrize("order", ["", "diem"])
def test_pages_in_either_order_follow_each_other_through_all_products(register, certify, order):
    for n in range(60):
        product = register(name=f"Sản phẩm {n}", code=f"XEP-{n}")
        if n % 3:
            certify(product, scores=parts(25, 20, 20 + n % 4))
    seen, after = [], None
    while True:
        page = listing.page(Filters(text="XEP-", order=order), after=after)
        seen += [row.product for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len({each.pk for each in seen}) == len(seen) == 60
    scores = [each.standing.total if each.standing else None for each in seen]
    if order:
        assert scores == sorted(scores, key=lambda score: (score is None, -(score or 0)))


def test_the_list_is_put_in_order_by_a_link_that_keeps_its_filters(body):
    found = body(LIST, sao="4")
    assert 'href="/ocop/?sao=4&amp;xep=diem"' in found
    assert 'href="/ocop/?sao=4" aria-current="true">tên' in found
    assert "xep=diem" in body(LIST, xep="diem", sao="4").split("Xuất đúng phần")[0]


def _statements(visitor, address) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", [LIST, "/ocop/tong-hop/", "/ocop/tong-hop/444/"])
def test_a_page_costs_the_same_for_one_product_and_for_many(visitor, address):
    many = _statements(visitor, address)
    kept = Product.objects.filter(area__placements__parent__code="444").values_list("pk", flat=True)[:1]
    Product.objects.exclude(pk__in=list(kept)).delete()
    assert _statements(visitor, address) == many <= MOST_STATEMENTS


def test_a_page_holds_fifty_products():
    assert len(listing.page(Filters()).rows) == PAGE == 50


# The product


def test_the_page_of_a_product_shows_its_commune_then_and_now_its_stars_and_parts(body, product, certify):
    certify(product, scores=parts(20, 20, 25), certificate_no="GCN-9")
    found = body(page_of(product))
    assert "Xã Hà Linh" in found
    assert "Nay là" in found
    assert 'aria-label="3 sao"' in found
    assert "tạm tính" in found
    assert "GCN-9" in found
    assert "<b>65</b> / 100" in found
    assert "Cách 4 sao" in found


def test_the_public_finds_no_form_and_no_revenue(body, product, commune_officer):
    set_revenue(product=product, year=2024, amount=1_234_000_000, source="", by=commune_officer)
    found = body(page_of(product))
    assert "1.234.000.000" not in found
    assert "<form" not in found.replace('<form method="post" action="/dang-xuat/">', "")


def test_the_officer_of_the_commune_finds_the_forms_and_the_revenue(client_of, product, commune_officer):
    set_revenue(product=product, year=2024, amount=1_234_000_000, source="", by=commune_officer)
    found = client_of(commune_officer).get(page_of(product)).content.decode()
    assert "1.234.000.000" in found
    assert "Ghi thị trường" in found
    assert "Ghi giấy chứng nhận" not in found


def test_an_unknown_product_is_absent(visitor):
    assert visitor.get("/ocop/san-pham/KHONG-CO/").status_code == 404


def test_names_are_shown_as_text(body, register):
    made = register(name="<script>alert(1)</script>", story="<b>đậm</b>")
    found = body(page_of(made))
    assert "<script>alert" not in found
    assert "&lt;b&gt;đậm" in found


# Writing on pages


@pytest.mark.parametrize(
    "view",
    [
        "product-edit", "market-add", "revenue-set", "producer-stop", "certificate-new", "certificate-confirm",
        "certificate-remind", "revocation-ask", "revocation-grant", "revocation-keep", "photo-set",
    ],
)  # fmt: skip
def test_out_of_scope_no_address_that_writes_answers(client_of, product, certify, other_district_officer, view):
    certify(product)
    answer = client_of(other_district_officer).post(reverse(f"ocop:{view}", args=[product.code]), {"reason": "x"})
    assert answer.status_code == 404


def test_a_product_is_entered_on_the_page_and_a_refusal_keeps_what_was_typed(client_of, commune_officer, area):
    client = client_of(commune_officer)
    typed = {
        "name": "Mật ong rừng",
        "producer_name": "Hộ ông Thử",
        "producer_kind": "household",
        "area": area("18502").pk,
        "on": "01/08/2025",
        "product_set": "",
        "group": "food",
        "traceability_code": "QR-1",
        "story": "Ong rừng",
    }
    refused = client.post("/ocop/them/", typed)
    assert refused.status_code == 422
    assert "đã kết thúc ngày 30/06/2025" in refused.content.decode()
    assert "Mật ong rừng" in refused.content.decode()
    done = client.post("/ocop/them/", {**typed, "on": "01/03/2025"})
    assert done.status_code == 303
    assert Product.objects.get(code="42-18502-001-2025").traceability_code == "QR-1"


def test_a_commune_out_of_scope_cannot_be_chosen(client_of, commune_officer, area):
    typed = {"name": "x", "producer_name": "y", "producer_kind": "group", "area": area("18553").pk, "on": "01/03/2025"}
    answer = client_of(commune_officer).post("/ocop/them/", {**typed, "group": "food"})
    assert answer.status_code == 422
    assert "Chọn trong danh sách" in answer.content.decode()


def test_an_unknown_market_is_told_at_its_field_with_what_was_typed(client_of, product, commune_officer):
    typed = {"country": "QQ", "year": "2024", "source": ""}
    answer = client_of(commune_officer).post(reverse("ocop:market-add", args=[product.code]), typed)
    found = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="m_country_error"' in found
    assert "QQ" in found


def test_a_negative_or_fractional_revenue_is_refused_in_place(client_of, product, commune_officer):
    client = client_of(commune_officer)
    for amount in ("-5", "1,5", "12.5.0x"):
        address = reverse("ocop:revenue-set", args=[product.code])
        answer = client.post(address, {"year": "2024", "amount": amount, "source": ""})
        assert answer.status_code == 422, amount
        assert 'id="r_amount_error"' in answer.content.decode()


def test_a_product_edited_meanwhile_is_told(client_of, product, commune_officer):
    typed = {
        "name": "Tên mới", "producer_name": "Tổ hợp tác thử", "producer_kind": "group", "group": "food",
        "product_set": "", "traceability_code": "", "story": "", "version": "0",
    }  # fmt: skip
    client, address = client_of(commune_officer), reverse("ocop:product-edit", args=[product.code])
    assert client.post(address, typed).status_code == 303
    stale = client.post(address, {**typed, "name": "Tên khác"})
    assert stale.status_code == 409
    assert "Người khác vừa sửa" in stale.content.decode()


# The council on pages


def test_a_council_is_held_on_pages_from_its_opening_to_the_certificate(
    client_of, product, area, province_officer, second_province_officer
):
    one, two = client_of(province_officer), client_of(second_province_officer)
    opening = {
        "area": area("42").pk, "year": "2025", "number": "1", "held_on": "20/06/2025", "decision": "",
        "members": "Trần Văn Một; Chủ tịch\nLê Thị Hai",
    }  # fmt: skip
    opened = one.post("/ocop/dot/", opening)
    assert opened.status_code == 303
    entered = one.post(opened["Location"], {"code": product.code, "kind": "first"})
    address = entered["Location"]
    entry = Entry.objects.get()
    for member in entry.round.members.all():
        sheet = {"member": member.pk, "version": "0", "part_a": "30", "part_b": "20", "part_c": "22,5", "comment": ""}
        wrong = one.post(address, {**sheet, "part_b": "26"})
        assert wrong.status_code == 422
        assert "nhiều nhất 25" in wrong.content.decode()
        assert one.post(address, sheet).status_code == 303
    entry.refresh_from_db()
    assert one.post(f"{address}ket-luan/", {"version": entry.version, "minutes": "Biên bản"}).status_code == 303
    entry.refresh_from_db()
    said = {"version": entry.version, "decision": "33/QĐ-UBND", "decided_on": "30/06/2025", "certificate_no": "GCN-1"}
    own = one.post(f"{address}duyet/", said)
    assert own.status_code == 403
    assert two.post(f"{address}duyet/", said).status_code == 303
    assert Rating.objects.get(product=product).total == 72.5
    assert "72,5" in two.get(page_of(product)).content.decode()


@pytest.mark.parametrize("who", ["commune_officer", "department_officer", "administrator"])
def test_councils_are_absent_for_who_does_not_rate(request, client_of, council, entry, who):
    client = client_of(request.getfixturevalue(who))
    for address in ("/ocop/dot/", f"/ocop/dot/{council.pk}/", f"/ocop/ho-so/{entry.pk}/"):
        assert client.get(address).status_code == 404


def test_the_council_of_the_province_is_absent_for_a_district(client_of, council, entry, district_officer):
    client = client_of(district_officer)
    assert client.get("/ocop/dot/").status_code == 200
    assert client.get(f"/ocop/dot/{council.pk}/").status_code == 404
    assert client.get(f"/ocop/ho-so/{entry.pk}/").status_code == 404


def test_the_bands_are_confirmed_by_the_province_with_a_reference(client_of, province_officer, district_officer):
    assert client_of(district_officer).post("/ocop/quy-dinh/", {"slug": "ocop-2023"}).status_code == 404
    client = client_of(province_officer)
    assert client.post("/ocop/quy-dinh/", {"slug": "ocop-2023", "reference": " "}).status_code == 422
    assert client.post("/ocop/quy-dinh/", {"slug": "ocop-2023", "reference": "Phụ lục II"}).status_code == 303
    assert "Phụ lục II" in client.get("/ocop/quy-dinh/").content.decode()
