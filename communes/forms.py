"""What officers type about the book of a commune. Texts stay texts: communes.rows reads them, column by column."""

from typing import Any

from django import forms

from communes import rows
from communes.book import Kind

DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


class RowForm(forms.Form):
    """One row of a kind: a field for each of its columns."""

    use_required_attribute = False
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.said: dict[str, Any] = {}
        for column in kind.columns:
            self.fields[column.field] = forms.CharField(
                label=column.heading, help_text=column.hint, max_length=1000, required=False
            )
            self.fields[column.field].required = column.is_required

    def clean(self) -> dict[str, Any]:
        """`said` is the row as it was read."""
        cleaned = super().clean() or {}
        for column in self.kind.columns:
            # What is missing is told in the column's own words.
            self.errors.pop(column.field, None)
        texts = {column.field: str(self.data.get(column.field, ""))[:1000] for column in self.kind.columns}
        self.said, faults = rows.read_row(texts, self.kind.columns)
        self.put(faults)
        return cleaned

    def put(self, faults: list[rows.Fault]) -> None:
        """Faults at their fields."""
        for fault in faults:
            field = fault.field if fault.field in self.fields else None
            self.add_error(field, fault.message[:1].upper() + fault.message[1:])


class PasteForm(forms.Form):
    """A table pasted from a spreadsheet."""

    use_required_attribute = False
    table = forms.CharField(
        label="Bảng dán từ Excel",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off"}),
        error_messages={"required": "Dán ít nhất một dòng.", "max_length": "Bảng quá dài; dán từng phần."},
    )


class EndForm(forms.Form):
    """The day with which a row ends, and why."""

    use_required_attribute = False
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    on = forms.DateField(
        label="Ngày cuối",
        input_formats=DAYS,
        help_text="ngày/tháng/năm",
        error_messages={"required": "Ghi ngày.", "invalid": "Ngày không đọc được; viết như 21/02/2024."},
    )
    reason = forms.CharField(label="Lý do kết thúc", max_length=300, error_messages={"required": "Ghi lý do kết thúc."})


class DayForm(forms.Form):
    """The day that counts stand on."""

    ngay = forms.DateField(
        label="Ngày", input_formats=DAYS, error_messages={"invalid": "Ngày không đọc được; viết như 31/12/2024."}
    )
