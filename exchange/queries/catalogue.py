"""The data sets of the API: what they hold, their fields and forms, where a sample is (exchange/catalogue.yaml)."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from django.db.models import Min
from django.urls import resolve, reverse

from communes.models import AreaChange
from criteria.models import CriteriaSet, Period, Recognition, Round
from exchange.formats.columns import fields_of
from reports.queries import opendata

_FILE = Path(__file__).resolve().parent.parent / "catalogue.yaml"
_SAMPLE_ROWS = 5


@dataclass(frozen=True)
class Form:
    """A way to take a data set away: where, and of which media type."""

    name: str
    media_type: str
    address: str


@dataclass(frozen=True)
class Dataset:
    """`title` and `about` by language; addresses are paths. `began`: the first day that the rows speak of."""

    name: str
    title: dict[str, str]
    about: dict[str, str]
    fields: list[tuple[str, str, str]]
    forms: list[Form]
    sample: str
    sample_table: str
    began: dt.date | None


@cache
def written() -> dict[str, Any]:
    """The file."""
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def licence() -> dict[str, str]:
    """As the open data page says: a proposal."""
    return opendata.catalogue()["licence"]


def datasets() -> list[Dataset]:
    """Every data set, in the order of the file: four statements."""
    began = _began()
    return [_dataset(name, said, began) for name, said in written()["datasets"].items()]


def _dataset(name: str, said: dict[str, Any], began: dict[str, dt.date | None]) -> Dataset:
    address = f"{reverse('api:catalogue').removesuffix('catalogue/')}{said['resource']}/"
    serializer, renderers = _view(address)
    sample = {**said.get("parameters", {}), "limit": _SAMPLE_ROWS}
    table = urlencode({**sample, "format": "csv"})
    forms = [Form(each.format.upper(), each.media_type, f"{address}?format={each.format}") for each in renderers]
    return Dataset(
        name=name,
        title=said["title"],
        about=said["about"],
        fields=fields_of(serializer),
        forms=[*forms, *_open(said.get("open"))],
        sample=f"{address}?{urlencode(sample)}",
        sample_table=f"{address}?{table}",
        began=began[said["covers"]],
    )


@cache
def _view(address: str) -> tuple[Any, list[Any]]:
    """The serializer of a list's rows, and the forms that the list has."""
    found = resolve(address).func
    view = found.cls(**found.initkwargs)  # type: ignore[attr-defined]
    view.action = "list"
    forms = [each for each in view.get_renderers() if not hasattr(each, "serves") or each.serves(view)]
    return view.get_serializer_class()(), forms


def _open(name: str | None) -> list[Form]:
    """The same figures among the open data, with Vietnamese columns."""
    if name is None:
        return []
    return [Form("CSV, cột tiếng Việt", "text/csv", reverse("reports:dataset", args=[name]))]


def _began() -> dict[str, dt.date | None]:
    """From which day on each kind of data set speaks."""
    periods = Period.objects.filter(pk__in=Round.objects.values("period"))
    return {
        "territory": AreaChange.objects.aggregate(day=Min("effective_on"))["day"],
        "law": CriteriaSet.objects.aggregate(day=Min("effective_from"))["day"],
        "periods": periods.aggregate(day=Min("starts_on"))["day"],
        "decisions": Recognition.objects.aggregate(day=Min("counts_from"))["day"],
    }
