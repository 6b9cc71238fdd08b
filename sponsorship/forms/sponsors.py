"""What officers type about sponsors and what the province assigns to them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms

from accounts.models import User
from communes.models import Village
from sponsorship.forms.fields import CHOICE, MoneyForm, capital, day, text
from sponsorship.models import Sponsor
from sponsorship.queries import entering


class SponsorForm(MoneyForm):
    """Who sponsors."""

    name = text("Tên", 200, "Ghi tên nhà tài trợ.")
    kind = forms.ChoiceField(label="Loại", choices=capital(Sponsor.Kind.choices), error_messages=CHOICE)
    is_anonymous = forms.BooleanField(label="Đề nghị không nêu tên công khai", required=False)
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    @property
    def said(self) -> dict[str, Any]:
        """The sponsor as it was read."""
        return {name: self.cleaned_data[name] for name in ("name", "kind", "is_anonymous")}

    @property
    def read_version(self) -> int:
        """The version that the person read."""
        return self.cleaned_data["version"] or 0


class AssignmentForm(MoneyForm):
    """The province assigns a sponsor to communes."""

    decision = text("Số văn bản", 60, "Ghi số văn bản giao.")
    decided_on = day("Ngày văn bản")
    year_from = forms.IntegerField(
        label="Từ năm", min_value=2000, max_value=2100, error_messages={"required": "Ghi năm.", "invalid": "Ghi năm."}
    )
    year_to = forms.IntegerField(label="Đến năm", min_value=2000, max_value=2100, required=False)
    areas = forms.CharField(
        label="Xã được đỡ đầu",
        max_length=5000,
        required=False,
        help_text="Mỗi dòng một tên hoặc mã",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    villages = forms.CharField(
        label="Thôn được đỡ đầu",
        max_length=5000,
        required=False,
        help_text="Mỗi dòng một thôn kèm xã: Thôn 3, Xã Hà Linh",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for name in ("year_from", "year_to"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day = cleaned.get("decided_on")
        for name, find in (("areas", entering.unit_named), ("villages", self._villages)):
            cleaned[name] = self._found(name, cleaned.get(name) or "", day, find) if day else []
        return cleaned

    def _found(self, field: str, text: str, on: dt.date, find: Callable[..., list[Any]]) -> list[Any]:
        """What each line names; a line that names none or several is told."""
        rows = []
        for line in filter(None, map(str.strip, text.splitlines())):
            found = find(self.user, line, on)
            if len(found) != 1:
                what = "thôn" if field == "villages" else "đơn vị"
                self.add_error(field, f"“{line[:60]}” không rõ là {what} nào ngày {on:%d/%m/%Y}.")
            rows += found
        return rows

    def _villages(self, user: User, line: str, on: dt.date) -> list[Village]:
        village, _, commune = line.rpartition(",")
        units = entering.unit_named(user, commune, on) if village else []
        return entering.villages_named(units[0], village, on) if len(units) == 1 else []
