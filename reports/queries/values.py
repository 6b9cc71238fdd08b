"""Every approved value of a period as lines of CSV, a few folders at a time: memory does not grow with their number.

The database itself writes the lines of a folder: making each of them in Python would take three times as long.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Aggregate, Case, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from criteria.models import Assessment, Reading, State, Verdict
from files.tables import csv_line
from reports.queries.standpoint import Standpoint

_FOLDERS = 200  # read together; the first of them are sent while the others wait
_END = "\r\n"
_TEXT = TextField()


class _Plain(Func):
    """A number as text, without noughts at its end: SQLite keeps none."""

    output_field = TextField()
    template = "CAST(%(expressions)s AS TEXT)"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="TRIM_SCALE(%(expressions)s)::text", **context)


class _Lines(Aggregate):
    """The texts of a group as lines, in the order of the inputs."""

    output_field = TextField()
    template = "GROUP_CONCAT(%(expressions)s, char(13, 10))"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "STRING_AGG(%(expressions)s, E'\\r\\n' ORDER BY input_id)"
        return self.as_sql(compiler, connection, template=template, **context)


class _Folder(NamedTuple):
    pk: int
    province: str
    area: str
    name: str
    criteria_set: str


def approved_lines(standpoint: Standpoint) -> Iterator[str]:
    """The lines of the data set `gia-tri` in pieces: province by province, set by set, as the rounds were opened."""
    last = 0
    while folders := _folders_after(standpoint.period_id or 0, last):
        last = folders[-1].pk
        lines = dict(_lines([folder.pk for folder in folders]))
        yield "".join(_said(folder, lines[folder.pk]) for folder in folders if folder.pk in lines)


def _said(folder: _Folder, lines: str) -> str:
    """The lines of a folder, each beginning with whose it is."""
    whose = csv_line(folder[1:]).removesuffix(_END) + ","
    return whose + lines.replace(_END, _END + whose) + _END


def _folders_after(period_id: int, pk: int) -> list[_Folder]:
    rows = Assessment.objects.filter(round__period_id=period_id, pk__gt=pk).order_by("pk")
    fields = ("pk", "round__province__code", "area__code", "area__name", "round__criteria_set__slug")
    return [_Folder(*row) for row in rows.values_list(*fields)[:_FOLDERS]]


def _lines(folders: list[int]) -> QuerySet[Any]:
    """Folder → input, value, does not apply, verdict, day of approval, illustrative."""
    cells = (
        F("input__code"),
        Coalesce(_Plain("value"), Value(""), output_field=_TEXT),
        _yes(not_applicable=True),
        Case(
            *(When(verdict=each.value, then=Value(str(each.label))) for each in Verdict),
            default=Value(""),
            output_field=_TEXT,
        ),
        Coalesce(Cast(TruncDate("approved_at"), _TEXT), Value(""), output_field=_TEXT),
        _yes(is_illustrative=True),
    )
    joined = [part for cell in cells for part in (cell, Value(","))][:-1]
    rows = Reading.objects.filter(assessment_id__in=folders, state=State.APPROVED).order_by()
    return (
        rows.values("assessment_id")
        .annotate(lines=_Lines(Concat(*joined, output_field=_TEXT)))
        .values_list("assessment_id", "lines")
    )


def _yes(**condition: bool) -> Case:
    return Case(When(**condition, then=Value("có")), default=Value(""), output_field=_TEXT)
