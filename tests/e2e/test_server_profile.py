"""The server profile: the compose file's commands on real PostgreSQL and Redis, and the main job through them."""

import json
import time
import urllib.request
from dataclasses import dataclass

import pytest

from tests.services.browser import assert_accessible, sign_in
from tests.services.plugin import scratch
from tests.services.portals import new_data_dir
from tests.services.servers import Server

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

COMMUNE, DISTRICT, PERIOD, SET = "18502", "444", "2024", "commune-ntm-2021-2025"
CRITERION = "17"
RECOMPUTED_WITHIN_SECONDS = 60


@dataclass
class FirstAnswers:
    """What a server says before anybody loads demo data."""

    ready: dict
    accounts: int
    deploy_check: str
    communes: int


def answer(server: Server, path: str) -> dict:
    with urllib.request.urlopen(f"{server.address}{path}") as response:
        return json.load(response)


@pytest.fixture(scope="module")
def server():
    """A server prepared and started by the compose file's commands, then given demo data by the explicit command."""
    server = Server(new_data_dir(scratch()))
    server.create_database()
    try:
        assert server.run("python manage.py collectstatic --no-input --verbosity 0").returncode == 0
        server.run_service("prepare")
        for name in ("web", "worker", "beat"):
            server.start_service(name)
        server.wait_until_ready()
        server.first = FirstAnswers(
            ready=answer(server, "/readyz"),
            accounts=server.query("SELECT count(*) FROM accounts_user")[0][0],
            # http is not sent to https here, because no TLS stands before this server.
            deploy_check=server.run("python manage.py check --deploy", SECURE_SSL_REDIRECT="true").stderr,
            communes=answer(server, "/api/v1/communes/?as_of=2024-12-31&limit=1")["count"],
        )
        seeded = server.run("python manage.py load_seed --demo-accounts")
        assert seeded.returncode == 0, seeded.stdout + seeded.stderr
        yield server
    finally:
        server.stop()
        server.drop_database()


def test_a_new_server_has_territory_and_law_but_no_account(server):
    assert server.first.ready == {"status": "ready", "reasons": []}
    assert server.first.communes == 216
    assert server.first.accounts == 0
    assert "ntm_portal.W001" in server.first.deploy_check, "it says how to make the first account"
    assert "1 issue (0 silenced)" in server.first.deploy_check


def test_the_deployment_check_fails_while_demo_accounts_exist(server):
    done = server.run("python manage.py check --deploy")
    assert done.returncode != 0
    assert "Demo accounts can sign in: huyen-huongkhe" in done.stderr


def test_preparing_again_changes_nothing(server):
    before = server.query("SELECT count(*), max(id) FROM criteria_threshold")
    server.run_service("prepare")
    assert server.query("SELECT count(*), max(id) FROM criteria_threshold") == before


def attainment(server: Server) -> dict:
    """The commune's results by criteria, as the API tells everybody."""
    (row,) = answer(server, f"/api/v1/attainment/?area={COMMUNE}&period={PERIOD}&set={SET}")["results"]
    return row


def readings_of_criterion(server: Server) -> list[tuple]:
    """(id, code, state) of the values that the walk moves."""
    return server.query(
        f"""
        SELECT reading.id, input.code, reading.state
        FROM criteria_reading reading
        JOIN criteria_input input ON input.id = reading.input_id
        JOIN criteria_indicator indicator ON indicator.id = input.indicator_id
        JOIN criteria_criterion criterion ON criterion.id = indicator.criterion_id
        JOIN criteria_criteriaset criteria_set ON criteria_set.id = criterion.criteria_set_id
        JOIN criteria_assessment assessment ON assessment.id = reading.assessment_id
        JOIN criteria_round round ON round.id = assessment.round_id
        JOIN criteria_period period ON period.id = round.period_id
        JOIN communes_area area ON area.id = assessment.area_id
        WHERE area.code = '{COMMUNE}' AND period.code = '{PERIOD}' AND criteria_set.slug = '{SET}'
          AND criterion.code = '{CRITERION}' ORDER BY reading.id
        """
    )


def row_of_commune(page) -> str:
    """What the district's page says of the commune."""
    return page.get_by_role("row").filter(has_text="Hà Linh").inner_text()


def wait_for_recompute(server: Server, *, after: int) -> None:
    """Wait until the worker has taken all that the approval marked."""
    deadline = time.monotonic() + RECOMPUTED_WITHIN_SECONDS
    while time.monotonic() < deadline:
        (left,) = server.query("SELECT count(*) FROM criteria_dirtyscope")[0]
        (last,) = server.query("SELECT max(id) FROM criteria_recomputerun WHERE finished_at IS NOT NULL")[0]
        if left == 0 and last > after:
            return
        time.sleep(0.2)
    pytest.fail("The worker did not recompute:\n" + server.log("worker").read_text()[-3000:])


def test_an_officers_figure_becomes_the_status_of_the_province(server, open_page):
    values = readings_of_criterion(server)
    first_id, first_code, _ = values[0]
    (round_id,) = server.query(
        f"SELECT round_id FROM criteria_assessment JOIN criteria_reading ON assessment_id = criteria_assessment.id "
        f"WHERE criteria_reading.id = {first_id}"
    )[0]
    before = attainment(server)
    assert CRITERION in before["undetermined"]
    last_run = server.query("SELECT coalesce(max(id), 0) FROM criteria_recomputerun")[0][0]

    def visit(page, path: str) -> None:
        assert page.goto(path).ok, path
        assert_accessible(page)

    def page_of(username: str):
        page = open_page(server.address)
        sign_in(page, username, server.demo_password)
        return page

    visitor = open_page(server.address)
    visit(visitor, "/")
    visit(visitor, "/dang-nhap/")
    visit(visitor, f"/xa/{COMMUNE}/?ky={PERIOD}")
    visit(visitor, f"/huyen/{DISTRICT}/?ky={PERIOD}")
    row_before = row_of_commune(visitor)

    commune = page_of("xa-halinh")
    visit(commune, "/viec-cua-toi/")
    visit(commune, f"/nhap-lieu/{round_id}/{COMMUNE}/")
    cell = commune.locator(f"#f-{first_id}")
    cell.fill("57,5")
    with commune.expect_response(lambda response: response.url.endswith("/nhap-lieu/o/")) as saved:
        cell.press("Tab")
    assert saved.value.ok
    # The figure lies far from the year before: it asks for a word before it is handed in.
    note = commune.locator(f"[name='{first_id}-note']")
    note.fill("Điều tra lại toàn xã")
    with commune.expect_response(lambda response: response.url.endswith("/nhap-lieu/o/")) as noted:
        note.press("Tab")
    assert noted.value.ok
    assert_accessible(commune)
    assert server.query(f"SELECT value FROM criteria_reading WHERE id = {first_id}")[0][0] == 57.5
    visit(commune, f"/nhap-lieu/{round_id}/{COMMUNE}/trinh/")
    commune.get_by_role("button", name="Nộp").click()
    commune.wait_for_load_state()
    assert_accessible(commune)

    reviewer = page_of("huyen-huongkhe-duyet")
    visit(reviewer, "/duyet/")
    reviewer.get_by_role("list", name="Hồ sơ chờ thẩm tra").get_by_role("link").filter(has_text="Hà Linh").first.click()
    reviewer.wait_for_load_state()
    assert_accessible(reviewer)
    reviewer.get_by_role("button", name="Thẩm tra").click()
    reviewer.wait_for_load_state()

    department = page_of("so-nnptnt")
    visit(department, f"/duyet/{first_id}/")
    department.get_by_role("button", name=f"giá trị của tiêu chí {CRITERION}").click()
    department.wait_for_load_state()
    assert_accessible(department)

    province = page_of("tinh")
    visit(province, f"/duyet/{first_id}/")
    province.get_by_role("button", name=f"giá trị của tiêu chí {CRITERION}").click()
    province.wait_for_load_state()
    assert_accessible(province)

    # The commune's own status is right at once, before any background work.
    assert {state for _, _, state in readings_of_criterion(server)} == {5}
    after = attainment(server)
    assert CRITERION not in after["undetermined"]
    assert after["epoch"] > before["epoch"]
    wait_for_recompute(server, after=last_run)
    visit(visitor, f"/xa/{COMMUNE}/?ky={PERIOD}")
    visit(visitor, f"/huyen/{DISTRICT}/?ky={PERIOD}")
    assert row_of_commune(visitor) != row_before
    visit(visitor, "/")


def test_without_redis_the_server_works_and_says_that_it_is_degraded(server, open_page):
    other = Server(server.folder)
    other.environment = {**server.environment, "PORT": str(other.port), "REDIS_URL": "redis://127.0.0.1:1/0"}
    other.start_service("web")
    try:
        other.wait_until_ready()
        assert answer(other, "/readyz")["status"] == "degraded"
        page = open_page(other.address)
        assert page.goto("/").ok
        sign_in(page, "tinh", server.demo_password)
        assert page.goto("/viec-cua-toi/").ok
    finally:
        other.stop()
