"""What officers type on the desk pages. Values stay text here: reading them is the action's business."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Department
from criteria.models import CriteriaSet, Period
from criteria.queries.wording import NOT_APPLICABLE

REASONS = ("Thiếu minh chứng", "Số không khớp biểu", "Sai đơn vị tính", "Cần giải trình")


class CellForm(forms.Form):
    """One cell of the sheet: the text, the version typed over, what stood there; `na`: its box "does not apply"."""

    text = forms.CharField(required=False, max_length=200, strip=True)
    version = forms.IntegerField(min_value=0)
    was = forms.CharField(required=False, max_length=200)
    keep = forms.IntegerField(required=False, min_value=0)
    na = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # The box and the field speak for one value: what was changed counts, so a number typed over it wins.
        typed_over = cleaned.get("text") and cleaned.get("was") == NOT_APPLICABLE
        if cleaned.get("na") and not typed_over:
            cleaned["text"] = NOT_APPLICABLE
        return cleaned

    @property
    def is_touched(self) -> bool:
        return self.cleaned_data["text"] != self.cleaned_data["was"] or self.cleaned_data["keep"] is not None

    @property
    def over_version(self) -> int:
        """The version written over: the one chosen knowingly (`keep`), else the one read."""
        kept = self.cleaned_data["keep"]
        return self.cleaned_data["version"] if kept is None else kept


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


class OpenRoundForm(forms.Form):
    """A new round."""

    criteria_set = forms.ModelChoiceField(
        CriteriaSet.objects.filter(allows_rounds=True).order_by("level", "name"), label="Bộ tiêu chí"
    )
    period = forms.ModelChoiceField(Period.objects.order_by("-ends_on"), label="Kỳ")
    due_on = forms.DateField(label="Hạn nộp", input_formats=DAYS, help_text="ngày/tháng/năm")
    prefill_from = forms.ModelChoiceField(
        Period.objects.order_by("-ends_on"), label="Lấy sẵn giá trị từ kỳ", required=False
    )


class CloseRoundForm(forms.Form):
    """The day on which a round is closed."""

    on = forms.DateField(label="Ngày chốt", input_formats=DAYS, initial=timezone.localdate)


class ExtendRoundForm(forms.Form):
    """A later deadline, and why."""

    due_on = forms.DateField(label="Hạn mới", input_formats=DAYS)
    reason = forms.CharField(label="Lý do gia hạn", max_length=1000, strip=True)


class RemindForm(forms.Form):
    """Folders to remind, and a word to go with it."""

    note = forms.CharField(required=False, max_length=300, strip=True)

    def __init__(self, *args: Any, folders: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(pk, pk) for pk in folders]
        self.fields["folders"] = forms.TypedMultipleChoiceField(coerce=int, choices=choices)


class ReopenRoundForm(forms.Form):
    """Why a closed round is opened again."""

    reason = forms.CharField(label="Lý do mở lại", max_length=1000, strip=True)


def _said(longest: int, missing: str) -> forms.CharField:
    """A field of free words, with its refusals in ours."""
    told = {
        "required": missing,
        "max_length": f"Tối đa {longest} ký tự, hiện có %(show_value)d. Rút gọn rồi gửi.",
        "null_characters_not_allowed": "Nội dung có ký tự không nhận được. Gõ lại.",
    }
    return forms.CharField(max_length=longest, strip=True, error_messages=told)


class CommentForm(forms.Form):
    """Something said about a value; `key` names the sending, so that one sent twice is said once."""

    text = _said(2000, "Ghi nội dung rồi gửi.")
    key = forms.UUIDField(required=False)


class RemovalForm(forms.Form):
    """Why a file of evidence is taken away."""

    reason = _said(300, "Ghi lý do gỡ tệp.")
