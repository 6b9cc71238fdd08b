"""A commune's value taken from the register: an explicit act of a person, with the source beside it."""

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from criteria.actions.readings.entering import record
from criteria.models import Reading
from ocop.queries.links import answers, link_for


@transaction.atomic
def take_reading(*, reading_id: int, version: int, by: User) -> Reading:
    """Enter what the register says of the commune on the last day of the period; the note names the source.

    Raises as entering does (scope, closed, submitted, stale), Refused where the input is not linked.
    """
    related = ("input", "assessment__area", "assessment__round__period", "assessment__round__criteria_set")
    reading = Reading.objects.select_related(*related).filter(pk=reading_id).first()
    link = link_for(reading) if reading else None
    if reading is None or link is None:
        raise Refused("Chỉ tiêu này không lấy từ sổ OCOP.", code="not_linked")
    (found,) = answers([(link, reading.assessment.area, reading.assessment.round.period.ends_on)])
    return record(reading_id=reading_id, text=found.text, version=version, note=found.source, by=by)
