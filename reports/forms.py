"""What a person types for an official document: its head and its foot. The text itself is made from the figures."""

from typing import Any

from django import forms

from accounts.text import one_line
from criteria.paper_forms import PaperForm, day_field, text_field

_LINES = 12


class DocumentForm(PaperForm):
    """Head and foot by Decree 30/2020. What is not known yet stays empty, to be filled in by hand."""

    superior = text_field("Cơ quan chủ quản", 120)
    issuer = text_field("Cơ quan ban hành", 120, "Ghi cơ quan ban hành.")
    number = text_field("Số", 10, help_text="Để trống nếu văn thư cấp số sau.")
    place = text_field("Nơi ban hành", 60, "Ghi nơi ban hành.")
    signed_on = day_field("Ngày ký", required=False)
    authority = text_field("Chức vụ người ký", 120)
    signer = text_field("Họ tên người ký", 120)
    recipients = forms.CharField(
        label="Nơi nhận",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một nơi; dòng cuối là nơi lưu.",
        error_messages={"max_length": "Dài quá 1.000 ký tự."},
    )

    def head(self) -> dict[str, Any]:
        """What is frozen of it."""
        said = self.cleaned_data
        day = said.pop("signed_on")
        lines = [one_line(line) for line in said.pop("recipients").splitlines()[:_LINES] if line.strip()]
        typed = {name: one_line(words) for name, words in said.items()}
        return {**typed, "date": _day(day), "recipients": lines}


def _day(day: Any) -> str:
    """Days under ten and the first two months take a nought (Decree 30, Annex I)."""
    if day is None:
        return "ngày … tháng … năm …"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
