"""What officers type about money: contributions, promises, spending, needs. Texts are found among what they may see."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from communes.models import Area
from sponsorship import rulebook
from sponsorship.checks import Received
from sponsorship.forms.fields import CHOICE, DongField, MoneyForm, QuantityField, capital, day, text
from sponsorship.models import Contribution, Pledge
from sponsorship.queries import entering, sponsors


class Placed(MoneyForm):
    """A sponsor, a unit, a channel and what the money is for: typed as texts, found among what the person may see."""

    sponsor = text("Nhà tài trợ", 200, "Ghi tên nhà tài trợ.", offered="nha-tai-tro")
    area = text("Nơi nhận", 120, "Ghi xã, phường hoặc huyện nhận.", offered="don-vi", help_text="Tên hoặc mã đơn vị")
    channel = forms.ChoiceField(label="Kênh", choices=[], error_messages=CHOICE)
    indicator = text("Giúp chỉ tiêu", 300, offered="chi-tieu", help_text="Mã chỉ tiêu còn thiếu, như 17.1")
    purpose = text("Nội dung", 200)

    on = "received_on"

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        choices = [(each.code, each.name) for each in rulebook.rules().channels]
        self.fields["channel"].choices = [("", "Chọn kênh"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day = cleaned.get(self.on)
        if cleaned.get("sponsor"):
            self._find_sponsor(cleaned)
        if day and cleaned.get("area"):
            self._find_unit(cleaned, day)
        if day and cleaned.get("indicator"):
            self._find_indicator(cleaned, day)
        return cleaned

    def _find_sponsor(self, cleaned: dict[str, Any]) -> None:
        found = sponsors.by_name(self.user, cleaned["sponsor"])
        if len(found) == 1:
            cleaned["sponsor"] = found[0]
            return
        said = "Có nhiều nhà tài trợ cùng tên; ghi tên đầy đủ hơn ở trang nhà tài trợ."
        self.add_error("sponsor", said if found else "Chưa có nhà tài trợ này. Ghi nhà tài trợ mới trước.")

    def _find_unit(self, cleaned: dict[str, Any], day: dt.date) -> None:
        found = entering.unit_named(self.user, cleaned["area"], day)
        if len(found) == 1:
            cleaned["area"] = found[0]
            return
        said = "Có nhiều đơn vị cùng tên; ghi mã." if found else f"Ngày {day:%d/%m/%Y} bạn không ghi cho đơn vị này."
        self.add_error("area", said)

    def _find_indicator(self, cleaned: dict[str, Any], day: dt.date) -> None:
        found = entering.indicator_named(cleaned["indicator"], day)
        if found is None:
            self.add_error("indicator", "Không có chỉ tiêu mã này.")
        cleaned["indicator"] = found


class ContributionForm(Placed):
    """One contribution: money with its amount, anything else with quantity and conversion."""

    received_on = day("Ngày nhận")
    village = text("Thôn, tổ dân phố", 120, offered="thon", help_text="Khi khoản dành cho một thôn")
    kind = forms.ChoiceField(label="Loại", choices=capital(Contribution.Kind.choices), error_messages=CHOICE)
    amount = DongField(label="Số tiền (đồng)", help_text="Chỉ khi là tiền: 15.000.000")
    quantity = QuantityField(label="Số lượng", required=False, help_text="Ngày công, hiện vật, đất: 12,5")
    unit = forms.ChoiceField(label="Đơn vị tính", choices=[], required=False, error_messages=CHOICE)
    rate = DongField(label="Quy đổi một đơn vị (đồng)")
    rate_basis = text("Căn cứ quy đổi", 200, help_text="Văn bản, nghị quyết hoặc giá nêu mức quy đổi")
    receipt = text("Số biên nhận", 40, help_text="Mỗi số một lần trong năm của đơn vị")
    source = text("Chứng từ, nguồn", 300)
    pledge = forms.CharField(required=False, widget=forms.HiddenInput)

    MAIN = (
        *("received_on", "sponsor", "area", "village", "channel", "kind", "amount"),
        *("indicator", "purpose", "receipt", "source"),
    )
    IN_KIND = ("quantity", "unit", "rate", "rate_basis")

    def __init__(self, *args: Any, replaces: Contribution | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replaces = replaces
        units = dict.fromkeys(unit for of in rulebook.rules().units.values() for unit in of)
        self.fields["unit"].choices = [("", "–"), *((unit, unit) for unit in units)]  # type: ignore[attr-defined]
        self.fields["quantity"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        area, day = cleaned.get("area"), cleaned.get("received_on")
        if cleaned.get("village") and isinstance(area, Area) and day:
            self._find_village(cleaned, area, day)
        return cleaned

    def _find_village(self, cleaned: dict[str, Any], area: Area, day: dt.date) -> None:
        found = entering.villages_named(area, cleaned["village"], day)
        if len(found) == 1:
            cleaned["village"] = found[0]
            return
        said = "có nhiều thôn cùng tên này" if found else "không có thôn này trong sổ thôn"
        self.add_error("village", f"{area.name} {said}, ngày {day:%d/%m/%Y}.")

    @property
    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MAIN]

    @property
    def in_kind(self) -> list[forms.BoundField]:
        return [self[name] for name in self.IN_KIND]

    @property
    def kept(self) -> Pledge | None:
        """The pledge that the money keeps."""
        pk = str(self["pledge"].value() or "")
        return entering.open_pledge(self.user, int(pk)) if pk.isdecimal() and len(pk) < 19 else None

    @property
    def said(self) -> Received:
        """The contribution as it was read; one that replaces a cancelled entry is dated today."""
        said = {name: self.cleaned_data[name] for name in (*self.MAIN, *self.IN_KIND)}
        said |= {name: said[name] or None for name in ("indicator", "village")}
        if self.replaces:
            said |= {"replaces": self.replaces, "given_on": said["received_on"], "received_on": timezone.localdate()}
        return Received(**said, pledge=self.kept)


class PledgeForm(Placed):
    """A promise."""

    pledged_on = day("Ngày cam kết")
    amount = DongField(label="Số tiền cam kết (đồng)", missing="Ghi số tiền.", help_text="15.000.000")

    on = "pledged_on"
    field_order = ("pledged_on", "sponsor", "area", "channel", "amount", "indicator", "purpose")

    @property
    def said(self) -> dict[str, Any]:
        """The promise as it was read."""
        return {**self.cleaned_data, "indicator": self.cleaned_data["indicator"] or None}


class ReasonForm(MoneyForm):
    """Why an entry is cancelled, a pledge withdrawn, a year reopened."""

    reason = forms.CharField(label="Lý do", max_length=300, error_messages={"required": "Ghi lý do."})


class SpendForm(MoneyForm):
    """What was spent of a contribution."""

    paid_on = day("Ngày chi")
    amount = DongField(label="Số tiền chi (đồng)", missing="Ghi số tiền.")
    purpose = text("Nội dung chi", 200)
    voucher = text("Số chứng từ", 40)


class NeedForm(MoneyForm):
    """What a commune asks for."""

    amount = DongField(label="Số tiền cần (đồng)", missing="Ghi số tiền.", help_text="Viết như 2.350.000.000")
    note = text("Ghi chú", 200)
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
