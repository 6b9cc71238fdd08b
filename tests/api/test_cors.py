"""Other sites' pages read what any visitor may; nothing that a cookie or a token opens."""

from django.test import Client

from accounts import tokens

READ = "/api/v1/communes/"
ELSEWHERE = {"origin": "https://bang.example.vn"}


def test_any_site_reads_what_is_public(api):
    response = api.get(READ, headers=ELSEWHERE)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert {"ETag", "RateLimit", "Retry-After", "Link"} <= set(response["Access-Control-Expose-Headers"].split(", "))


def test_it_says_so_without_being_asked_because_answers_are_kept_by_caches(api):
    assert api.get(READ)["Access-Control-Allow-Origin"] == "*"


def test_an_answer_of_304_and_a_problem_may_be_read_too(api):
    tag = api.get(READ)["ETag"]
    for response in (api.get(READ, headers={"if-none-match": tag}), api.get("/api/v1/nothing/")):
        assert response["Access-Control-Allow-Origin"] == "*"


def test_the_open_data_may_be_read_from_any_site(db, visitor):
    assert visitor.get("/du-lieu-mo/")["Access-Control-Allow-Origin"] == "*"


def test_pages_may_not(db, visitor):
    assert "Access-Control-Allow-Origin" not in visitor.get("/bo-tieu-chi/", headers=ELSEWHERE)


def test_nothing_that_a_cookie_opens(signed_in):
    assert "Access-Control-Allow-Origin" not in signed_in.get(READ, headers=ELSEWHERE)


def test_nothing_that_a_token_opens(somebody):
    secret, _ = tokens.issue(by=somebody)
    response = Client().get(READ, headers={**ELSEWHERE, "authorization": f"Token {secret}"})
    assert "Access-Control-Allow-Origin" not in response


def test_a_browser_that_asks_first_may_read_and_not_write(api, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = api.options(READ, headers={**ELSEWHERE, "access-control-request-method": "PATCH"})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "authorization" not in response["Access-Control-Allow-Headers"].lower()
    assert int(response["Access-Control-Max-Age"]) > 0


def test_no_write_may_be_read_from_another_site(api):
    response = api.post("/api/v1/auth/token/", {}, content_type="application/json", headers=ELSEWHERE)
    assert "Access-Control-Allow-Origin" not in response
