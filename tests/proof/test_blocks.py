"""A pasted block and a round that closes in the middle of it: written whole, and the round closes after it."""

import json
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from criteria.actions import readings as act
from criteria.actions.rounds import close_round
from criteria.models import Reading, Round
from criteria.views import cells
from tests.proof.world import World

_A_MOMENT = 1.5  # in which the round would have closed, if nothing held it up


class _Closing(threading.Thread):
    """Another person's transaction."""

    def __init__(self, world: World, opened: Round) -> None:
        super().__init__(daemon=True)
        self.world, self.opened = world, opened

    def run(self) -> None:
        try:
            close_round(reading_round=self.opened, on=self.world.period.ends_on, by=self.world.office)
        finally:
            connection.close()


@pytest.mark.postgresql
def test_a_round_that_closes_in_the_middle_of_a_block_closes_after_it(transactional_db, monkeypatch):
    world = World(slugs=["tiny-ntm"])
    commune = world.communes[0]
    values = [world.reading("tiny-ntm", commune, code) for code in ("1.1", "1.2", "2.1")]
    record, closing = act.record, _Closing(world, world.rounds[0])

    def recorded(**asked):
        saved = record(**asked)
        if closing.ident is None:
            closing.start()
            closing.join(_A_MOMENT)
        return saved

    monkeypatch.setattr(cells.readings, "record", recorded)
    officer, client = world.officer(commune), Client()
    client.force_login(officer)
    sent = [{"id": each.pk, "text": "50", "version": each.version} for each in values]
    answer = client.post(
        reverse("criteria:cells"), json.dumps({"user": officer.pk, "cells": sent}), content_type="application/json"
    )
    closing.join()
    assert ["refused" in cell for cell in answer.json()["cells"]] == [False, False, False]
    assert not Round.objects.get(pk=world.rounds[0].pk).is_open
    assert set(Reading.objects.filter(pk__in=[each.pk for each in values]).values_list("value", flat=True)) == {50}
