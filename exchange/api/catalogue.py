"""The catalogue of the data sets as JSON-LD (DCAT 3), for open-data portals that harvest it."""

import datetime as dt
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from communes.etags import ConditionalReads
from communes.filters import refusal
from communes.outlines import map_on
from exchange.formats.renderers import LinkedDataRenderer
from exchange.queries.catalogue import Dataset, Form, datasets, licence, written
from exchange.queries.status import changed_at

Node = dict[str, Any]

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "adms": "http://www.w3.org/ns/adms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_CONTINUOUS = "http://publications.europa.eu/resource/authority/frequency/CONT"
_WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"


class CatalogueView(ConditionalReads, APIView):
    """Every data set with its titles, fields, licence, coverage, sample and distributions."""

    renderer_classes = [LinkedDataRenderer, JSONRenderer]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        for name in set(request.query_params) - {"format"}:
            raise refusal(name, "Không có tham số này.", "unknown_parameter")
        return Response(catalogue(request))


def catalogue(request: Request) -> Node:
    """The catalogue, its addresses absolute."""
    said, whole = written(), request.build_absolute_uri
    common = {
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": said["publisher"]},
        "dct:license": {"@id": licence()["address"]},
        "dct:rights": _text(licence()["text"], "vi"),
        "dct:spatial": _spatial(),
        "dct:modified": _moment(changed_at()),
    }
    return {
        "@context": CONTEXT,
        "@id": whole("/api/v1/catalogue/"),
        "@type": "dcat:Catalog",
        "dct:title": _texts(said["title"]),
        "dct:description": _texts(said["about"]),
        "dct:language": ["vi", "en"],
        "foaf:homepage": {"@id": whole("/")},
        **common,
        "dcat:dataset": [_dataset(each, common, whole) for each in datasets()],
    }


def _dataset(each: Dataset, common: Node, whole: Any) -> Node:
    return {
        "@id": whole(f"/api/v1/catalogue/#{each.name}"),
        "@type": "dcat:Dataset",
        "dct:identifier": each.name,
        "dct:title": _texts(each.title),
        "dct:description": _texts(each.about),
        **common,
        "dct:accrualPeriodicity": {"@id": _CONTINUOUS},
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:startDate": _day(each.began)},
        "adms:sample": {"@id": whole(each.sample)},
        "csvw:tableSchema": {
            "csvw:column": [
                {"csvw:name": name, "csvw:datatype": kind, **({"csvw:titles": meaning} if meaning else {})}
                for name, kind, meaning in each.fields
            ]
        },
        "dcat:distribution": [_distribution(form, common, whole) for form in each.forms],
    }


def _distribution(form: Form, common: Node, whole: Any) -> Node:
    return {
        "@type": "dcat:Distribution",
        "dct:title": form.name,
        "dcat:accessURL": {"@id": whole(form.address)},
        "dcat:downloadURL": {"@id": whole(form.address)},
        "dcat:mediaType": {"@id": _MEDIA_TYPES + form.media_type},
        "dct:license": common["dct:license"],
    }


def _spatial() -> Node:
    """The province, with the box of its map where one is drawn."""
    said = written()["spatial"]
    place: Node = {"@type": "dct:Location", "rdfs:label": _text(said["name"], "vi"), "dct:identifier": said["code"]}
    drawn = map_on(timezone.localdate())
    if drawn and drawn.bounds:
        west, south, east, north = drawn.bounds
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        box = f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"
        place["dcat:bbox"] = {"@type": _WKT, "@value": box}
    return place


def _texts(said: dict[str, str]) -> list[Node]:
    return [_text(words, language) for language, words in said.items()]


def _text(words: str, language: str) -> Node:
    return {"@language": language, "@value": words.strip()}


def _moment(moment: dt.datetime | None) -> Node | None:
    return {"@type": "xsd:dateTime", "@value": moment.isoformat()} if moment else None


def _day(day: dt.date | None) -> Node | None:
    return {"@type": "xsd:date", "@value": day.isoformat()} if day else None
