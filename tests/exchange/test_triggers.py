"""The triggers stand after a migration, whatever it does to the tables."""

import pytest
from django.db import connection

from criteria.models import Recognition
from exchange import triggers
from exchange.models import Change, Feed
from tests.workflow.conftest import HUONG_TRACH


def test_every_source_has_its_triggers(db):
    standing = {name for name, _ in triggers._standing(connection)}
    assert set(triggers._expected()) <= standing


def test_they_are_not_put_up_again_while_nothing_of_them_changed(db):
    assert triggers.put_up() is False
    Feed.objects.update(triggers="former")
    assert triggers.put_up() is True


def test_where_one_is_missing_they_are_put_up_again(db):
    triggers.take_down()
    assert triggers.put_up() is True


def test_a_portal_that_was_filled_before_it_had_a_feed_begins_with_a_snapshot(db, problem, read):
    triggers.take_down()
    Change.objects.all().delete()
    Feed.objects.all().delete()
    triggers.put_up()
    assert problem("changes/", since=0)["status"] == 410
    assert read("changes/")["last_seq"] == read("changes/", since=1)["until"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_rebuilds_a_table_leaves_the_feed_whole(feed, area):
    """SQLite drops a table to change it, and its triggers with it; they stand again when `migrate` has ended."""
    with connection.schema_editor() as editor:
        field = Recognition._meta.get_field("round_label")
        wider = type(field)(max_length=50, blank=True)
        wider.set_attributes_from_name("round_label")
        triggers.before_migrating(using="default", plan=["something"])
        editor.alter_field(Recognition, field, wider)
    triggers.after_migrating(using="default")
    Recognition.objects.create(area=area(HUONG_TRACH), tier="x", act="granted", confidence="verified")
    assert [line[:2] for line in feed.told()] == [("recognition", "created")]
