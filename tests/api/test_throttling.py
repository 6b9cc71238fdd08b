"""How many requests the API takes, and what it says about it."""

import threading
import time

import pytest
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from redis import RedisError

from accounts import throttling, tokens
from ntm_portal.env import rate
from tests.api.conftest import as_problem

READ = "/api/v1/periods/"


@pytest.fixture(autouse=True)
def limits(settings, monkeypatch):
    """Few requests are enough to reach the limits; the clock stands, so that no window ends meanwhile."""
    settings.RATE_LIMITS = {
        "visitors": "3/60",
        "reads": "5/60",
        "writes": "2/60",
        "exports": "1/60",
        "guesses": "50/3600",
    }
    monkeypatch.setattr(throttling.time, "time", lambda: 1_800_000_010.0)
    monkeypatch.setattr(throttling._Store, "away_until", 0.0)
    for name in ("limits", "limits-here"):
        caches[name].clear()
    yield
    for name in ("limits", "limits-here"):
        caches[name].clear()


def times(how_many, client, address=READ, **extra):
    return [client.get(address, **extra).status_code for _ in range(how_many)]


def with_token(secret, **extra):
    return Client(headers={"authorization": f"Token {secret}"}, **extra)


def test_a_visitor_is_told_the_limit_and_what_is_left(db):
    response = Client().get(READ)
    assert response["RateLimit-Policy"] == '"visitors";q=3;w=60'
    assert response["RateLimit"] == '"visitors";r=2;t=50'


def test_beyond_the_limit_the_answer_is_a_problem_that_says_when(db):
    client = Client()
    assert times(4, client) == [200, 200, 200, 429]
    refused = client.get(READ)
    assert as_problem(refused, 429)["type"].endswith("throttled")
    assert refused["Retry-After"] == "50"
    assert refused["RateLimit"] == '"visitors";r=0;t=50'


def test_an_answer_of_304_counts_too(db):
    client = Client()
    tag = client.get(READ)["ETag"]
    held = [client.get(READ, headers={"if-none-match": tag}).status_code for _ in range(3)]
    assert held == [304, 304, 429]


def test_one_address_does_not_use_up_anothers(db):
    assert times(4, Client(REMOTE_ADDR="198.51.100.1"))[-1] == 429
    assert times(1, Client(REMOTE_ADDR="198.51.100.2")) == [200]


def test_the_addresses_of_one_ipv6_network_count_together(db):
    for number in range(3):
        assert Client(REMOTE_ADDR=f"2001:db8:1:1::{number + 1}").get(READ).status_code == 200
    assert Client(REMOTE_ADDR="2001:db8:1:1:ffff::9").get(READ).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:1:2::1").get(READ).status_code == 200


def test_a_client_cannot_write_itself_another_address(db, settings):
    settings.PROXY_COUNT = 1
    client = Client(REMOTE_ADDR="10.0.0.1")
    answers = [
        client.get(READ, headers={"x-forwarded-for": f"192.0.2.{number}, 198.51.100.7"}).status_code
        for number in range(4)
    ]
    assert answers == [200, 200, 200, 429]


def test_each_token_has_a_bucket_of_its_own(person):
    somebody = person("hai-ma")
    first, second = (with_token(tokens.issue(by=somebody)[0]) for _ in range(2))
    assert times(6, first) == [200] * 5 + [429]
    assert second.get(READ)["RateLimit"] == '"reads";r=4;t=50'


def test_a_session_counts_by_person(person, client_of):
    somebody = person("hai-phien")
    assert times(3, client_of(somebody)) == [200] * 3
    assert times(3, client_of(somebody)) == [200, 200, 429]


def test_writes_have_a_bucket_of_their_own(person):
    client = with_token(tokens.issue(by=person("ghi-nhieu"))[0])
    answers = [client.patch("/api/v1/readings/1/", {}, content_type="application/json") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert answers[0]["RateLimit-Policy"] == '"writes";q=2;w=60'
    assert client.get(READ).status_code == 200


def test_tables_to_take_home_have_a_bucket_of_their_own():
    class Request:
        method = "GET"

        class accepted_renderer:
            format = "csv"

    assert throttling._bucket(Request(), object()) == "exports"


@pytest.mark.parametrize("text", ["many", "10", "0/60", "10/0", "-1/60", "10/60/2"])
def test_a_limit_that_is_none_stops_the_start(monkeypatch, text):
    monkeypatch.setenv("RATE_READS", text)
    with pytest.raises(ImproperlyConfigured, match="RATE_READS"):
        rate("RATE_READS", "300/60")


def test_pages_are_not_counted(db, visitor):
    assert times(6, visitor, "/bo-tieu-chi/") == [200] * 6


def test_without_limits_nothing_is_counted_or_said(db, settings):
    settings.RATE_LIMITS = {}
    response = Client().get(READ)
    assert "RateLimit" not in response


class Gone:
    """A store that does not answer."""

    def __init__(self):
        self.asked = 0

    def incr(self, *args):
        self.asked += 1
        raise RedisError("gone")

    get = add = incr


@pytest.fixture
def gone(monkeypatch):
    store, real = Gone(), throttling.caches
    monkeypatch.setattr(throttling, "caches", {"limits": store, "limits-here": real["limits-here"]})
    return store


def test_while_the_store_is_away_reads_pass_and_it_is_not_asked_at_each(db, gone):
    assert times(10, Client()) == [200] * 10
    assert gone.asked == 1


def test_while_the_store_is_away_writes_and_guesses_are_counted_here(person, gone):
    client = with_token(tokens.issue(by=person("ghi-khi-mat"))[0])
    answers = [client.patch("/api/v1/readings/1/", {}, content_type="application/json").status_code for _ in range(3)]
    assert answers == [400, 400, 429]
    wrong = times(51, with_token("ntm_sai"))
    assert (wrong.count(401), wrong[-1]) == (50, 429)


def test_of_ten_thousand_wrong_guesses_a_hundred_at_most_get_through_in_an_hour(db):
    """50 by the clock's hour: two of those touch any 60 minutes. Counted where the authentication counts."""
    through = 0
    for hour in (1, 2):
        throttling.time.time = lambda hour=hour: 1_800_000_000.0 - 1_800_000_000 % 3600 + hour * 3600
        for number in range(5_000):
            found = throttling._counted(throttling.GUESSES, "198.51.100.1")
            through += not found.is_over
            assert found.used == number + 1
    assert through == 100


def test_wrong_guesses_lock_out_nobody_else(person):
    secret, _ = tokens.issue(by=person("nguoi-that"))
    here, elsewhere = {"REMOTE_ADDR": "198.51.100.1"}, {"REMOTE_ADDR": "198.51.100.2"}
    assert with_token(secret, **here).get(READ).status_code == 200
    stranger, _ = tokens.issue(by=person("nguoi-la"))
    wrong = times(60, with_token("ntm_sai", **here))
    assert (wrong.count(401), wrong.count(429)) == (50, 10)
    # A token known at this address goes on; one that was never seen here is a guess like any other.
    assert with_token(secret, **here).get(READ).status_code == 200
    assert with_token(stranger, **here).get(READ).status_code == 429
    assert with_token(stranger, **elsewhere).get(READ).status_code == 200
    assert Client(**here).get(READ).status_code == 200


def test_a_wrong_password_of_the_api_is_a_guess(person, settings):
    settings.RATE_LIMITS = {"guesses": "2/3600"}
    body = {"password": "sai"}
    answers = [
        Client().post("/api/v1/auth/token/", {**body, "username": f"ai-{number}"}, content_type="application/json")
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    as_problem(answers[-1], 429)


def test_counting_is_atomic():
    """Many threads count the same bucket: none is lost."""
    together = [
        threading.Thread(target=lambda: [throttling._counted("reads", "x") for _ in range(50)]) for _ in range(8)
    ]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert throttling._counted("reads", "x").used == 401


def test_an_evicted_counter_begins_again():
    assert throttling._counted("reads", "y").used == 1
    caches["limits"].clear()
    assert throttling._counted("reads", "y").used == 1


def test_the_store_of_a_server_counts_across_connections(settings):
    """On real Redis, as a server has it."""
    from django.core.cache.backends.redis import RedisCache

    from tests.services.plugin import redis_address

    stores = [RedisCache(redis_address(), {}) for _ in range(2)]
    key = f"limit.test.{time.monotonic_ns()}"
    assert [throttling._atomically(stores[number % 2], key, 60, 1) for number in range(4)] == [1, 2, 3, 4]
    assert throttling._atomically(stores[0], key, 60, 0) == 4
