"""What a rulebook says against itself and against the others: sheets of 100, bands without a gap, days that follow."""

import datetime as dt
from collections.abc import Iterator

from criteria.rules.documents import Document, Fault


def one(document: Document) -> Iterator[Fault]:
    """Faults of one rule set."""
    data = document.data
    most = sum(part["most"] for part in data["parts"])
    if most != 100:
        yield document.fault(("parts",), f"the parts give {most} points together, not 100")
    codes = [part["code"] for part in data["parts"]]
    if len(set(codes)) != len(codes):
        yield document.fault(("parts",), "a part is named twice")
    yield from _bands(document)
    limits = {part["code"]: part["most"] for part in data["parts"]}
    for n, said in enumerate(data["minimums"]["known"]):
        if said["part"] not in limits:
            yield document.fault(("minimums", "known", n), f"there is no part {said['part']}")
        elif said["least"] > limits[said["part"]]:
            yield document.fault(("minimums", "known", n), f"part {said['part']} gives {limits[said['part']]} at most")
    yield from _recognisers(document)


def _bands(document: Document) -> Iterator[Fault]:
    reached = 0
    for n, band in enumerate(document.data["bands"]["stars"]):
        place = ("bands", "stars", n)
        if band["star"] != n + 1:
            yield document.fault(place, f"star {n + 1} comes here")
        if band["from"] != reached:
            yield document.fault(place, f"the band begins at {band['from']}, the one before ends at {reached}")
        if band["to"] <= band["from"]:
            yield document.fault(place, "the band ends before it begins")
        reached = band["to"]
    if reached != 100:
        yield document.fault(("bands", "stars"), f"the bands end at {reached}, not at 100")


def _recognisers(document: Document) -> Iterator[Fault]:
    certifiable = {band["star"] for band in document.data["bands"]["stars"] if band["certifiable"]}
    named = {said["star"] for said in document.data["recognised_by"]}
    for star in sorted(certifiable - named):
        yield document.fault(("recognised_by",), f"nobody recognises star {star}")
    for star in sorted(named - certifiable):
        yield document.fault(("recognised_by",), f"star {star} is never certified")


def together(law: list[Document]) -> Iterator[Fault]:
    """Rule sets whose names repeat or whose days overlap or leave a gap."""
    ordered = sorted(law, key=lambda document: str(document.data["effective_from"]))
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.data["slug"] == after.data["slug"]:
            yield after.fault(("slug",), f"{after.data['slug']} is in {before.path.name} too")
        until, start = before.data["effective_to"], dt.date.fromisoformat(after.data["effective_from"])
        if until is None or dt.date.fromisoformat(until) != start - dt.timedelta(days=1):
            yield after.fault(("effective_from",), f"{before.data['slug']} does not end the day before {start}")
