"""Many values in one request: entered by their natural keys, or taken a step further by id and version."""

from collections import Counter
from decimal import Decimal
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import idempotency
from accounts.english import meaning
from accounts.errors import Refused
from criteria.actions import batches
from criteria.actions import readings as steps
from criteria.actions.batches import Line
from criteria.api.typed import TypedField
from criteria.collector import without_collector
from criteria.procedure import Step

MOST = 5000
ALL_OR_NOTHING, EACH_ROW = "all_or_nothing", "each_row"
LONGEST_NOTE, LARGEST_VERSION = 5000, 2**31 - 1
_KEY = ("area", "period", "set")
_VALUES = (str, int, float, type(None))
_MEMBERS = {*_KEY, "indicator", "input", "value", "note", "version"}
UNKNOWN_MEMBER = "Không có thành phần này."
TOO_MANY = f"Nhiều nhất {MOST} dòng một lần. Hãy chia nhỏ."
SOME_REFUSED = "Không ghi dòng nào, vì có dòng không nhận được; xem rows."
STEPS = {"submit": Step.ENTER, "verify": Step.VERIFY, "appraise": Step.APPRAISE, "approve": Step.APPROVE}


class BatchRowSerializer(serializers.Serializer):
    """One value by its natural key. Either `input`, or `indicator` where it has one input only."""

    area = serializers.CharField(help_text="Code of the unit, as it stands on the period's last day.")
    period = serializers.CharField()
    set = serializers.CharField(help_text="Slug of the criteria set.")
    indicator = serializers.CharField(required=False)
    input = serializers.CharField(required=False)
    value = TypedField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)
    version = serializers.IntegerField(
        required=False, min_value=0, max_value=LARGEST_VERSION, help_text="A row with an older one is a conflict."
    )


class BatchSerializer(serializers.Serializer):
    """Values to enter."""

    rows = BatchRowSerializer(many=True, min_length=1, max_length=MOST)  # type: ignore[call-arg]
    mode = serializers.ChoiceField([ALL_OR_NOTHING, EACH_ROW], default=ALL_OR_NOTHING)
    dry_run = serializers.BooleanField(default=False, help_text="Say what would become of each row; write nothing.")


class EnteredRowSerializer(serializers.Serializer):
    """What became of a row. A value is a number, null, or "not_applicable"."""

    row = serializers.IntegerField(help_text="Its place in `rows`, from 0.")
    pointer = serializers.CharField(help_text="JSON pointer to what the message is about.")
    status = serializers.ChoiceField(batches.STATUSES)
    code = serializers.CharField(required=False)
    message = serializers.CharField(required=False)
    message_en = serializers.CharField(required=False)
    id = serializers.IntegerField(required=False)
    old = TypedField(required=False)
    new = TypedField(required=False)
    version = serializers.IntegerField(required=False, help_text="The stored version by now.")
    mine = TypedField(required=False, help_text="Of a conflict: the value as it was sent.")
    theirs = TypedField(required=False, help_text="Of a conflict: the value that is stored.")
    warnings = serializers.ListField(child=serializers.CharField(), required=False)
    needs_note = serializers.BooleanField(required=False, help_text="It looks odd: not submitted without a note.")
    not_applicable = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Alternatives that do not apply, now that this does."
    )


class BatchAnswerSerializer(serializers.Serializer):
    """What became of all rows."""

    mode = serializers.CharField()
    dry_run = serializers.BooleanField()
    written = serializers.IntegerField(help_text="Values written, alternatives that no longer apply among them.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Rows by status.")
    rows = EnteredRowSerializer(many=True)


class SeenSerializer(serializers.Serializer):
    """A value as it was seen."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    version = serializers.IntegerField(min_value=0, max_value=LARGEST_VERSION)


class StepsSerializer(serializers.Serializer):
    """A step to take with all of these values."""

    step = serializers.ChoiceField(list(STEPS))
    readings = SeenSerializer(many=True, min_length=1, max_length=MOST)  # type: ignore[call-arg]


class StepsAnswerSerializer(serializers.Serializer):
    """What became of them."""

    step = serializers.CharField()
    moved = serializers.IntegerField()
    changed = serializers.ListField(
        child=serializers.IntegerField(), help_text="Ids of values that are not in that version any more: left alone."
    )
    own = serializers.IntegerField(help_text="Values that this person handled before: left to others.")
    stopped = serializers.CharField(help_text="Why the rest was left, where a later thousand could not be taken.")


_EXAMPLE = OpenApiExample(
    "two values of a commune",
    request_only=True,
    value={
        "mode": EACH_ROW,
        "rows": [
            {"area": "18502", "period": "2024", "set": "commune-ntm-2021-2025", "indicator": "17.9", "value": 95.5},
            {"area": "18502", "period": "2024", "set": "commune-ntm-2021-2025", "input": "17.3", "value": "Đạt",
             "note": "Biên bản 12/BB-UBND", "version": 3},
        ],
    },
)  # fmt: skip


class InBulk:
    """The actions of a viewset of values that take many at once."""

    body_limit: int | None = None

    @extend_schema(
        request=BatchSerializer,
        responses={200: BatchAnswerSerializer},
        parameters=[idempotency.PARAMETER],
        examples=[_EXAMPLE],
        filters=False,
    )
    @action(detail=False, methods=["post"], body_limit=settings.API_BATCH_BYTES, pagination_class=None)
    @without_collector()
    def batch(self, request):
        """Enter up to 5,000 values, each found by unit, period, set and input.

        In the mode `all_or_nothing` a row that cannot be taken refuses the request (422, code `rows_refused`, with
        the same `rows`); in `each_row` it is refused for itself. All faults are told at once.
        """
        rows, mode, dry_run = _asked(request.data)
        lines = [_line(row) for row in rows]
        whole = mode == ALL_OR_NOTHING
        written = batches.enter(lines=lines, whole=whole, dry_run=dry_run, by=request.user)
        counts = dict.fromkeys(batches.STATUSES, 0) | Counter(line.status for line in lines)
        told = [_told(number, line, written=not dry_run) for number, line in enumerate(lines)]
        answer = {
            "mode": mode,
            "dry_run": dry_run,
            "written": 0 if dry_run else written,
            "counts": counts,
            "rows": told,
        }
        if whole and not dry_run and any(line.is_refused for line in lines):
            raise RowsRefused(answer)
        return Response(answer)

    @extend_schema(
        request=StepsSerializer, responses=StepsAnswerSerializer, parameters=[idempotency.PARAMETER], filters=False
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def steps(self, request):
        """Submit, verify, appraise or approve up to 5,000 values, each still in the version that was seen."""
        asked = StepsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        versions = {each["id"]: each["version"] for each in asked.validated_data["readings"]}
        if len(versions) < len(asked.validated_data["readings"]):
            raise serializers.ValidationError({"readings": [batches.TWICE]})
        step = asked.validated_data["step"]
        done = steps.accept(step=STEPS[step], versions=versions, by=request.user)
        told = {"moved": done.moved, "changed": done.changed, "own": done.own, "stopped": done.stopped}
        return Response({"step": step, **told})


class RowsRefused(Refused):
    """Some rows cannot be taken, and all or nothing was asked for."""

    default_code = "rows_refused"

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(SOME_REFUSED, **answer)


def _asked(body: Any) -> tuple[list[Any], str, bool]:
    """The rows as they came, the mode and whether it is a rehearsal; ValidationError at the member."""
    faults: dict[str, list[str]] = {}
    sent = body if isinstance(body, dict) else {}
    rows, mode, dry_run = sent.get("rows"), sent.get("mode", ALL_OR_NOTHING), sent.get("dry_run", False)
    if not isinstance(rows, list) or not rows:
        faults["rows"] = ["Gửi rows: danh sách các dòng, ít nhất một dòng."]
    elif len(rows) > MOST:
        faults["rows"] = [TOO_MANY]
    if mode not in (ALL_OR_NOTHING, EACH_ROW):
        faults["mode"] = [f"Chọn {ALL_OR_NOTHING} hoặc {EACH_ROW}."]
    if not isinstance(dry_run, bool):
        faults["dry_run"] = ["Gửi true hoặc false."]
    for name in sent.keys() - {"rows", "mode", "dry_run"}:
        faults[name] = [UNKNOWN_MEMBER]
    if faults:
        raise serializers.ValidationError(faults)
    return rows or [], mode, dry_run


_typed = TypedField()


def _line(row: Any) -> Line:
    """A row as it came. Rows are many: looked at by hand, at a tenth of a serializer's time."""
    fault = _fault(row)
    sent = row if isinstance(row, dict) else {}
    if fault:
        line = Line("", "", "", "", "", "", sent.get("value"))
        line.refuse("invalid", fault[1], member=fault[0])
        return line
    value, named = sent["value"], (sent.get("indicator", ""), sent.get("input", ""))
    text = value if isinstance(value, str) else "" if value is None else _typed.to_internal_value(value)
    return Line(sent["area"], sent["period"], sent["set"], *named, text, value, sent.get("note"), sent.get("version"))


def _fault(row: Any) -> tuple[str, str] | None:
    """What is wrong with the shape of a row: the member, and the message."""
    if not isinstance(row, dict):
        return "", "Mỗi dòng là một đối tượng JSON."
    if not row.keys() <= _MEMBERS:
        return min(row.keys() - _MEMBERS), UNKNOWN_MEMBER
    if ("input" in row) == ("indicator" in row):
        return "input", "Gửi input hoặc indicator, một trong hai."
    for name in (*_KEY, "input" if "input" in row else "indicator"):
        if not isinstance(row.get(name), str):
            return name, "Gửi một chuỗi."
    if "value" not in row:
        return "value", "Trường này là bắt buộc."
    if not isinstance(row["value"], _VALUES):
        return "value", "Gửi một số, một chuỗi, true, false hoặc null."
    note, version = row.get("note", ""), row.get("version", 0)
    if not isinstance(note, str) or len(note) > LONGEST_NOTE:
        return "note", f"Gửi một chuỗi, nhiều nhất {LONGEST_NOTE} ký tự."
    if type(version) is not int or not 0 <= version <= LARGEST_VERSION:
        return "version", "Gửi version đã đọc, một số nguyên không âm."
    return None


def _told(number: int, line: Line, *, written: bool) -> dict[str, Any]:
    """A row of the answer; only members that say something."""
    at = f"#/rows/{number}"
    told: dict[str, Any] = {
        "row": number,
        "pointer": f"{at}/{line.member}" if line.member else at,
        "status": line.status,
    }
    if line.is_refused:
        told |= {"code": line.code, "message": line.message, "message_en": meaning(line.code)}
    if line.slot is not None and line.old is not None:
        moved = written and line.status in (batches.NEW, batches.CHANGED)
        told |= {"id": line.slot.pk, "old": _shown(line.old), "version": line.slot.version + moved}
        if line.new is not None:
            told["new"] = _shown(line.new)
        if line.status == batches.CONFLICT:
            told |= {"mine": line.sent, "theirs": told["old"]}
        if line.warnings:
            told |= {"warnings": list(line.warnings), "needs_note": not (line.note or line.slot.note)}
        if line.beside:
            told["not_applicable"] = list(line.beside)
    return told


def _shown(value: tuple[Decimal | None, bool]) -> float | str | None:
    number, not_applicable = value
    if not_applicable:
        return "not_applicable"
    return None if number is None else float(number)
