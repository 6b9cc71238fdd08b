"""P15, P16 and their like: the API's lists and trees beside the least that could carry the same rows.

Every request goes through the portal's middleware by Django's test client; bodies kept for visitors are put away except
where they are what is measured.
"""

from collections.abc import Callable
from functools import partial
from statistics import median

from django.conf import settings
from django.core.cache import caches
from django.test import Client

from bench.approvals import SET, YEAR
from bench.country import Form, rounds_of
from bench.measure import Figure, against, ms, spread
from bench.timing import NotRun
from communes.models import Area

ASKED = f"period={YEAR}&set={SET}"
LIST = f"/api/v1/attainment/?{ASKED}&limit=1000"
# Milliseconds that other portals took for the like on their own rows (docs/api/README.md): a word beside, not a goal.
PEERS = {
    "list": "NetBox 438–709, NocoDB 28",
    "four fields": "NetBox 96–131",
    "brief": "NetBox 83–131",
    "list of 50": "NetBox 73–102, NocoDB 7",
    "of a district": "NetBox 136–199",
    "text": "NetBox 74–95",
    "object": "NetBox 44–71, NocoDB 5",
}


class Lists:
    """The results of one period and set, in every form in which they are read."""

    def __init__(self) -> None:
        settings.ROOT_URLCONF = "bench.urls"
        self.client = Client(raise_request_exception=False)
        self.rows = len(self.get(LIST)["results"])

    def get(self, address: str) -> dict:
        """The answer, which must be one."""
        answer = self.client.get(address)
        if answer.status_code != 200:
            raise NotRun(f"{address} answers {answer.status_code}")
        return answer.json()

    def drawn(self, address: str) -> Form:
        """A read that draws its body anew."""
        return caches["answers"].clear, self.asked(address)

    def asked(self, address: str) -> Callable[[], None]:
        """A read, whatever is kept."""

        def read() -> None:
            if self.client.get(address).status_code != 200:
                raise NotRun(address)

        return read

    def of_communes(self, rounds: int) -> dict[str, Figure]:
        """P15 and P16: the list, the same rows by a cursor, and by a plain ModelSerializer; other forms as notes."""
        district = Area.objects.filter(level="district").order_by("code").first()
        unit = self.get(f"/api/v1/attainment/?{ASKED}&limit=1")["results"][0]
        forms = {
            "list": LIST,
            "four fields": f"{LIST}&fields=assessment,area,criteria_met,verdict&count=none",
            "brief": f"{LIST}&brief=true&count=none",
            "list of 50": f"/api/v1/attainment/?{ASKED}&limit=50",
            "of a district": f"{LIST}&district={district.code if district else ''}",
            "text": f"/api/v1/attainment/?{ASKED}&limit=50&q={unit['area']['name'][-4:]}",
            "object": f"/api/v1/attainment/{unit['assessment']}/",
            "raw": f"/bench/attainment?{ASKED}",
            "plain": f"/bench/attainment-plain?{ASKED}",
        }
        times = rounds_of({name: self.drawn(address) for name, address in forms.items()}, rounds)
        others: dict[str, object] = {f"{name} ms": ms(median(times[name])) for name in PEERS}
        notes = {"rows": self.rows, "least and most ms": spread(times["list"]), **others, "peers ms": PEERS}
        return {
            "P15": against(times["list"], times["raw"], **notes),
            "P15-ms": Figure(value=ms(median(times["list"])), rounds=rounds, notes={"rows": self.rows}),
            "P16": against(times["plain"], times["list"]),
        }

    def kept(self, rounds: int) -> dict[str, Figure]:
        """P15-kept: the same list given again as it was drawn, beside an empty view."""
        self.client = Client(headers={"accept-encoding": "gzip"}, raise_request_exception=False)
        forms: dict[str, Form] = {"kept": (None, self.asked(LIST)), "hello": (None, self.asked("/bench/hello"))}
        times = rounds_of(forms, 4 * rounds)
        self.client = Client(raise_request_exception=False)
        return {"P15-kept": against(times["kept"], times["hello"])}

    def pages(self, rounds: int) -> dict[str, Figure]:
        """P-pages: the last page of a list beside the first, by name; walked once to get there."""
        first = f"/api/v1/attainment/?{ASKED}&limit=100&count=none&ordering=name"
        last, at, walked = first, self.get(first), 1
        while at["next"]:
            last, walked = at["next"].partition("testserver")[2], walked + 1
            at = self.get(last)
        forms = {"first": self.drawn(first), "last": self.drawn(_full(last, at))}
        times = rounds_of(forms, 4 * rounds)
        notes = {"pages": walked, "rows of the last": len(at["results"])}
        return {"P-pages": against(times["last"], times["first"], **notes)}

    def why(self, rounds: int) -> dict[str, Figure]:
        """P-why: why a commune does not attain its set, the whole tree and only what fails."""
        found = self.get(f"/api/v1/attainment/?{ASKED}&verdict=not_met&limit=1&fields=area")["results"]
        if not found:
            raise NotRun("no commune fails")
        address = f"/api/v1/attainment/{found[0]['area']['code']}/{YEAR}/explain/"
        ask: Callable[[str], Form] = lambda more: self.drawn(address + more)  # noqa: E731
        times = rounds_of({"whole": ask(""), "failing": ask("?only=failing")}, 4 * rounds)
        note: dict[str, object] = {"only what fails ms": ms(median(times["failing"]))}
        return {"P-why": Figure(value=ms(median(times["whole"])), rounds=4 * rounds, notes=note)}

    def measures(self, rounds: int) -> dict[tuple[str, ...], Callable[[], dict[str, Figure]]]:
        """The ids that each measure gives."""
        return {
            ("P15", "P15-ms", "P16"): partial(self.of_communes, rounds),
            ("P15-kept",): partial(self.kept, rounds),
            ("P-pages",): partial(self.pages, rounds),
            ("P-why",): partial(self.why, rounds),
        }


def _full(address: str, page: dict) -> str:
    """A last page of as many rows as the first: the one before it, if it is short."""
    before = page["previous"] if len(page["results"]) < 100 else None
    return before.partition("testserver")[2] if before else address
