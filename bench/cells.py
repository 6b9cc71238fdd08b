"""A cell of the entry grid saved as the browser saves it: one request through the whole stack."""

import datetime as dt
import json

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Appointment, User
from accounts.roles import Role
from bench.places import PROVINCE
from bench.timing import NotRun
from communes.models import Area, Level
from criteria.models import Reading

_FIELDS = ("value", "not_applicable", "verdict", "threshold_id", "flags", "origin", "note", "entered_by", "entered_at")


class Saving:
    """Drafts of one district, each to be given another value by the officer of its district."""

    def __init__(self, reading_ids: list[int]) -> None:
        self._before = list(Reading.objects.filter(pk__in=reading_ids).select_related("input"))
        self._left = iter(self._before)
        self._client = Client(raise_request_exception=False)
        self._person = _officer()
        self._client.force_login(self._person)
        with CaptureQueriesContext(connection) as captured:
            self.one()
        self.statements = len(captured)

    def one(self) -> None:
        """The next draft saved; NotRun if the portal refuses it."""
        reading = next(self._left)
        edit = {"id": reading.pk, "text": _another(reading), "version": reading.version}
        body = json.dumps({"user": self._person.pk, "cells": [edit]})
        answer = self._client.post(reverse("criteria:cells"), body, content_type="application/json")
        if answer.status_code != 200 or "refused" in answer.json()["cells"][0]:
            raise NotRun(f"the cell was not saved: {answer.status_code} {answer.content[:200]!r}")

    def put_back(self) -> None:
        """The drafts as they were."""
        Reading.objects.bulk_update(self._before, _FIELDS)


def _another(reading: Reading) -> str:
    """A value that the input takes and that is not the stored one."""
    return "0" if reading.value else "1"


def of_one_district() -> Area:
    """The district whose officer types: the province's first."""
    return Area.objects.filter(level=Level.DISTRICT, placements__parent__code=PROVINCE).order_by("pk")[0]


def _officer() -> User:
    person, is_new = User.objects.get_or_create(username="bench-desk", defaults={"display_name": "bench-desk"})
    if is_new:
        since = dt.date(2020, 1, 1)
        Appointment.objects.create(user=person, role=Role.DISTRICT_OFFICER, area=of_one_district(), valid_from=since)
    return person
