"""What officers type on the desk pages. Values stay text here: reading them is the action's business."""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Department
from criteria.models import CriteriaSet, Period
from criteria.procedure import Step
from criteria.queries import trail
from criteria.queries.at_once import AT_MOST
from criteria.queries.rounds import openable_periods
from criteria.queries.wording import NOT_APPLICABLE

NOTE = 1000
REASONS = ("Thiếu minh chứng", "Số không khớp biểu", "Sai đơn vị tính", "Cần giải trình")


class CellForm(forms.Form):
    """One cell of the sheet: the text, the version typed over, what stood there; `na`: its box "does not apply"."""

    text = forms.CharField(required=False, max_length=200, strip=True)
    version = forms.IntegerField(min_value=0)
    was = forms.CharField(required=False, max_length=200)
    keep = forms.IntegerField(required=False, min_value=0)
    na = forms.BooleanField(required=False)
    note = forms.CharField(required=False, max_length=NOTE, strip=True)
    noted = forms.CharField(required=False, max_length=NOTE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # The box and the field speak for one value: what was changed counts, so a number typed over it wins.
        typed_over = cleaned.get("text") and cleaned.get("was") == NOT_APPLICABLE
        if cleaned.get("na") and not typed_over:
            cleaned["text"] = NOT_APPLICABLE
        return cleaned

    @property
    def is_touched(self) -> bool:
        said = self.cleaned_data
        return said["text"] != said["was"] or said["keep"] is not None or said["note"] != said["noted"]

    @property
    def new_note(self) -> str | None:
        """The note, if its field was on the page and was changed."""
        said = self.cleaned_data
        return said["note"] if said["note"] != said["noted"] else None

    @property
    def over_version(self) -> int:
        """The version written over: the one chosen knowingly (`keep`), else the one read."""
        kept = self.cleaned_data["keep"]
        return self.cleaned_data["version"] if kept is None else kept


class EditForm(forms.Form):
    """One edit sent by the page's script: the value, what was typed, the version typed over; a note if there is one."""

    id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    text = forms.CharField(required=False, max_length=200, strip=True)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    note = forms.CharField(required=False, max_length=NOTE, strip=True)

    def clean_note(self) -> str:
        """Half a character (a lone surrogate) comes through JSON and cannot be stored."""
        note = str(self.cleaned_data["note"])
        if not note.isascii() and any("\ud800" <= char <= "\udfff" for char in note):
            raise forms.ValidationError("Ghi chú có ký tự không đọc được. Xoá ký tự lạ rồi lưu lại.")
        return note

    @property
    def note_or_none(self) -> str | None:
        """None leaves the stored note as it is."""
        return self.cleaned_data["note"] if "note" in self.data else None


class ReasonForm(forms.Form):
    """A reason for sending a value back or for unlocking it: a stock one, own words, or both."""

    stock = forms.ChoiceField(choices=[(reason, reason) for reason in REASONS], required=False)
    reason = forms.CharField(required=False, max_length=1000, strip=True)
    version = forms.IntegerField(min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [part for part in (cleaned.get("stock"), cleaned.get("reason")) if part]
        if not given:
            self.add_error("reason", "Cần ghi lý do, để người nhập biết phải sửa gì.")
        cleaned["full_reason"] = ": ".join(given)
        return cleaned


class ReadingIdsForm(forms.Form):
    """The values that one press of a button moves, each with the version that was on screen: 17:3 17:4."""

    chosen = forms.RegexField(regex=r"^\d+:\d+( \d+:\d+)*$", max_length=4000)
    then = forms.IntegerField(required=False, min_value=1)

    @property
    def versions(self) -> dict[int, int]:
        pairs = (pair.split(":") for pair in self.cleaned_data["chosen"].split())
        return {int(pk): int(version) for pk, version in pairs}


class WhyForm(forms.Form):
    """Values that stay as they are on purpose, each in the version that was on screen, and why.

    `said`: what the form is about, as its messages put it.
    """

    note = forms.CharField(max_length=300, strip=True)

    def __init__(self, data: QueryDict, *, said: str, example: str) -> None:
        super().__init__(data)
        self.chosen, self.said = data.getlist("chosen"), said
        self.fields["note"].error_messages["required"] = f"Ghi lý do {said}, ví dụ: {example}."

    def clean(self) -> dict[str, Any]:
        if not self.chosen or not all(re.fullmatch(r"\d{1,15}:\d{1,9}", pair, re.ASCII) for pair in self.chosen):
            self.add_error("note", f"Chọn ít nhất một giá trị {self.said}.")
        return self.cleaned_data

    @property
    def versions(self) -> dict[int, int]:
        pairs = (pair.split(":") for pair in self.chosen)
        return {int(pk): int(version) for pk, version in pairs}


class AcceptForm(forms.Form):
    """Very many values, each in the version that was on screen: 17:3 17:4."""

    buoc = forms.ChoiceField(choices=[(step.value, step.value) for step in (Step.VERIFY, Step.APPRAISE, Step.APPROVE)])
    chosen = forms.RegexField(regex=r"^\d{1,15}:\d{1,9}( \d{1,15}:\d{1,9})*\Z", max_length=27 * AT_MOST)

    @property
    def step(self) -> Step:
        return Step(self.cleaned_data["buoc"])

    @property
    def versions(self) -> dict[int, int]:
        pairs = (pair.split(":") for pair in self.cleaned_data["chosen"].split())
        return {int(pk): int(version) for pk, version in pairs}


DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


class ThresholdForm(forms.Form):
    """A level that the province sets itself. The level stays text here: the action reads it."""

    value_text = forms.CharField(label="Mức phải đạt", max_length=40)
    valid_from = forms.DateField(label="Có hiệu lực từ ngày", input_formats=DAYS, help_text="ngày/tháng/năm")
    valid_to = forms.DateField(label="Đến ngày", input_formats=DAYS, required=False, help_text="ngày/tháng/năm")
    legal_reference = forms.CharField(
        label="Căn cứ", max_length=300, help_text="Số, ngày, cơ quan ban hành văn bản quy định mức này"
    )


class ConfirmThresholdForm(forms.Form):
    """The text that a level was compared with."""

    legal_reference = forms.CharField(label="Căn cứ", max_length=300)


class AssignDepartmentForm(forms.Form):
    """A department for a criterion, from a day on."""

    department = forms.ModelChoiceField(
        Department.objects.order_by("name"), label="Sở, ngành phụ trách", empty_label="Chọn sở, ngành"
    )
    valid_from = forms.DateField(label="Từ ngày", input_formats=DAYS, help_text="ngày/tháng/năm")


def _periods_to_open() -> list[tuple[str, str]]:
    return [(code, str(period)) for code, period in openable_periods().items()]


def _period(code: str) -> Period:
    return openable_periods()[code]


class OpenRoundForm(forms.Form):
    """A new round."""

    criteria_set = forms.ModelChoiceField(
        CriteriaSet.objects.filter(allows_rounds=True).order_by("level", "name"), label="Bộ tiêu chí"
    )
    period = forms.TypedChoiceField(label="Kỳ", choices=_periods_to_open, coerce=_period)
    due_on = forms.DateField(label="Hạn nộp", input_formats=DAYS, help_text="ngày/tháng/năm")
    prefill_from = forms.ModelChoiceField(
        Period.objects.order_by("-ends_on"), label="Lấy sẵn giá trị từ kỳ", required=False
    )


class CloseRoundForm(forms.Form):
    """The day on which a round is closed."""

    on = forms.DateField(
        label="Ngày chốt",
        input_formats=DAYS,
        initial=timezone.localdate,
        help_text="ngày/tháng/năm",
        widget=forms.DateInput(format=DAYS[0]),
    )


class ExtendRoundForm(forms.Form):
    """A later deadline, and why."""

    due_on = forms.DateField(label="Hạn mới", input_formats=DAYS, help_text="ngày/tháng/năm")
    reason = forms.CharField(label="Lý do gia hạn", max_length=1000, strip=True)


class ExtendUnitForm(forms.Form):
    """A deadline of its own for one unit, and why; without a day the exception is taken back."""

    unit = forms.CharField(max_length=10, label="Đơn vị")
    due_on = forms.DateField(
        label="Hạn riêng", input_formats=DAYS, required=False, help_text="ngày/tháng/năm; để trống là bỏ hạn riêng"
    )
    reason = forms.CharField(label="Lý do", max_length=1000, strip=True)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = forms.ChoiceField(label="Đơn vị", choices=[("", "Chọn đơn vị"), *units])


class RemindForm(forms.Form):
    """Folders to remind, and a word to go with it."""

    note = forms.CharField(required=False, max_length=300, strip=True)

    def __init__(self, *args: Any, folders: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(pk, pk) for pk in folders]
        self.fields["folders"] = forms.TypedMultipleChoiceField(coerce=int, choices=choices)


class TrailForm(forms.Form):
    """A filter of the audit trail."""

    nguoi = forms.CharField(label="Người làm", required=False, max_length=150, strip=True)
    don_vi = forms.CharField(label="Đơn vị", required=False, max_length=120, strip=True)
    ma = forms.CharField(label="Mã chỉ tiêu", required=False, max_length=20, strip=True)
    viec = forms.ChoiceField(label="Việc", required=False, choices=[("", "Mọi việc"), *trail.ACTS.items()])
    tu = forms.DateField(label="Từ ngày", required=False, input_formats=DAYS)
    den = forms.DateField(label="Đến ngày", required=False, input_formats=DAYS)

    def add_prefix(self, field_name: str) -> str:
        """In addresses words are joined by hyphens."""
        return super().add_prefix(field_name).replace("_", "-")

    @property
    def chosen(self) -> trail.Filter:
        said = self.cleaned_data
        return trail.Filter(said["nguoi"], said["don_vi"], said["ma"], said["viec"], said["tu"], said["den"])


class ReopenRoundForm(forms.Form):
    """Why a closed round is opened again."""

    reason = forms.CharField(label="Lý do mở lại", max_length=1000, strip=True)
