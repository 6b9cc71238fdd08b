"""Takes the province's own outlines in: the map is drawn from them from the next page on."""

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import audit
from communes import drawing, epochs, outlines
from communes.models import Area, Level

_NAMED = 10


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError("a day as 2025-07-01") from wrong


class Command(BaseCommand):
    help = "Load outlines of the units at commune level from a GeoJSON file (WGS 84), all or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="FeatureCollection of Polygon and MultiPolygon")
        parser.add_argument("--field", default="code", help="property that holds the code of the unit")
        parser.add_argument("--valid-from", type=_day, required=True, help="first day that the outlines are right for")
        parser.add_argument("--valid-to", type=_day, help="last day; left out while they are right")
        parser.add_argument("--source", required=True, help="who made them, as the page is to say")
        parser.add_argument("--licence", required=True, help="under which licence, as the page is to say")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = self._drawn(options)
        except drawing.WrongOutlines as wrong:
            raise CommandError(f"{options['file']}: {wrong}; nothing was changed") from wrong
        target = outlines.own_folder() / f"communes-{options['valid_from']}.json"
        with transaction.atomic():
            province = Area.objects.as_of(options["valid_from"]).get(code=settings.PROVINCE_CODE)
            said = {"units": len(content["areas"]), "source": content["source"], "licence": content["licence"]}
            audit.record(by=None, action="outlines.load", subject=province, area_path=f"/{province.code}/", data=said)
            epochs.bump()
            outlines.keep(target, content)
        if options["verbosity"]:
            size = target.stat().st_size / 1000
            self.stdout.write(f"outlines: {len(content['areas'])} units, {size:.1f} kB, {target}")

    def _drawn(self, options: dict[str, Any]) -> dict[str, Any]:
        file: Path = options["file"]
        try:
            if file.stat().st_size > drawing.LARGEST:
                raise drawing.WrongOutlines(f"larger than {drawing.LARGEST // 1_000_000} MB")
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as wrong:
            raise drawing.WrongOutlines(f"cannot be read ({wrong})") from wrong
        rings = drawing.read(text, field=options["field"])
        _require_every_unit(set(rings), options["valid_from"])
        first, last = options["valid_from"], options["valid_to"]
        told = {"valid_from": str(first), "valid_to": str(last) if last else None}
        return {**drawing.drawn(rings), **told, "source": options["source"], "licence": options["licence"]}


def _require_every_unit(codes: set[str], on: dt.date) -> None:
    """Exactly the units of that day: a map with a hole, or with a unit that had ended, misleads."""
    units = set(Area.objects.as_of(on).filter(level=Level.COMMUNE).values_list("code", flat=True))
    for words, found in (("missing", units - codes), ("not a unit of that day", codes - units)):
        if found:
            more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
            raise drawing.WrongOutlines(f"{words}: {', '.join(sorted(found)[:_NAMED])}{more}")
