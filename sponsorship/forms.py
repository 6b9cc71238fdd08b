"""What officers type about sponsorship. Texts are read here column by column; rules are the actions' business."""

import datetime as dt
from typing import Any

from django import forms

from accounts.models import User
from communes.forms import DAYS
from communes.rows import Unreadable
from sponsorship import amounts, rulebook
from sponsorship.checks import Received
from sponsorship.models import Contribution, Pledge, Sponsor
from sponsorship.queries import entering, ledger, sponsors


def _capital(choices: Any) -> list[tuple[str, str]]:
    return [(value, f"{word[:1].upper()}{word[1:]}") for value, word in choices]


_DAY = {"required": "Ghi ngày.", "invalid": "Ngày không đọc được; viết như 21/02/2024."}
_CHOICE = {"required": "Chọn trong danh sách.", "invalid_choice": "Chọn trong danh sách."}


class MoneyForm(forms.Form):
    """Messages are ours, not the browser's."""

    use_required_attribute = False

    def refuse(self, message: str, field: str) -> None:
        """Put an action's refusal at its field, or above the form."""
        self.add_error(field if field in self.fields else None, message)


def _day(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"})
    hint = kwargs.pop("help_text", "ngày/tháng/năm")
    return forms.DateField(
        label=label, input_formats=DAYS, help_text=hint, error_messages=_DAY, widget=widget, **kwargs
    )


def _text(label: str, longest: int, missing: str = "", **kwargs: Any) -> forms.CharField:
    said = {"required": missing, "max_length": f"Dài quá {longest} ký tự."}
    offered = kwargs.pop("offered", "")
    field = forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=said, **kwargs)
    field.widget.attrs["autocomplete"] = "off"
    if offered:
        field.widget.attrs["list"] = offered
    return field


class DongField(forms.CharField):
    """An amount of whole đồng, as people type it."""

    def __init__(self, *, label: str, missing: str = "", **kwargs: Any) -> None:
        """Without `missing` the action says when it is needed, so the field does not call itself optional either."""
        said = {"required": missing, "max_length": amounts.TOO_LARGE}
        super().__init__(label=label, max_length=40, error_messages=said, **kwargs)
        self.is_asked = bool(missing)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "class": "n"}

    def validate(self, value: Any) -> None:
        if self.is_asked:
            super().validate(value)

    def clean(self, value: Any) -> Any:
        try:
            return amounts.dong(super().clean(value))
        except Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable


class QuantityField(forms.CharField):
    """A quantity with two decimals at most."""

    def clean(self, value: Any) -> Any:
        try:
            return amounts.quantity(super().clean(value))
        except Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable


class Placed(MoneyForm):
    """A sponsor, a unit, a channel and what the money is for: typed as texts, found among what the person may see."""

    sponsor = _text("Nhà tài trợ", 200, "Ghi tên nhà tài trợ.", offered="nha-tai-tro")
    area = _text("Nơi nhận", 120, "Ghi xã, phường hoặc huyện nhận.", offered="don-vi", help_text="Tên hoặc mã đơn vị")
    channel = forms.ChoiceField(label="Kênh", choices=[], error_messages=_CHOICE)
    indicator = _text("Giúp chỉ tiêu", 300, offered="chi-tieu", help_text="Mã chỉ tiêu còn thiếu, như 17.1")
    purpose = _text("Nội dung", 200)

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

    received_on = _day("Ngày nhận")
    kind = forms.ChoiceField(label="Loại", choices=_capital(Contribution.Kind.choices), error_messages=_CHOICE)
    amount = DongField(label="Số tiền (đồng)", help_text="Chỉ khi là tiền: 15.000.000")
    quantity = QuantityField(label="Số lượng", required=False, help_text="Ngày công, hiện vật, đất: 12,5")
    unit = forms.ChoiceField(label="Đơn vị tính", choices=[], required=False, error_messages=_CHOICE)
    rate = DongField(label="Quy đổi một đơn vị (đồng)")
    rate_basis = _text("Căn cứ quy đổi", 200, help_text="Văn bản, nghị quyết hoặc giá nêu mức quy đổi")
    receipt = _text("Số biên nhận", 40, help_text="Mỗi số một lần trong năm của đơn vị")
    source = _text("Chứng từ, nguồn", 300)
    pledge = forms.CharField(required=False, widget=forms.HiddenInput)

    MAIN = ("received_on", "sponsor", "area", "channel", "kind", "amount", "indicator", "purpose", "receipt", "source")
    IN_KIND = ("quantity", "unit", "rate", "rate_basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = dict.fromkeys(unit for of in rulebook.rules().units.values() for unit in of)
        self.fields["unit"].choices = [("", "–"), *((unit, unit) for unit in units)]  # type: ignore[attr-defined]
        self.fields["quantity"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

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
        """The contribution as it was read."""
        cleaned = {name: self.cleaned_data[name] for name in (*self.MAIN, *self.IN_KIND)}
        return Received(**{**cleaned, "indicator": cleaned["indicator"] or None}, pledge=self.kept)


class PledgeForm(Placed):
    """A promise."""

    pledged_on = _day("Ngày cam kết")
    amount = DongField(label="Số tiền cam kết (đồng)", missing="Ghi số tiền.", help_text="15.000.000")

    on = "pledged_on"
    field_order = ("pledged_on", "sponsor", "area", "channel", "amount", "indicator", "purpose")


class SponsorForm(MoneyForm):
    """Who sponsors."""

    name = _text("Tên", 200, "Ghi tên nhà tài trợ.")
    kind = forms.ChoiceField(label="Loại", choices=_capital(Sponsor.Kind.choices), error_messages=_CHOICE)
    is_anonymous = forms.BooleanField(label="Đề nghị không nêu tên công khai", required=False)
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class AssignmentForm(MoneyForm):
    """The province assigns a sponsor to communes."""

    decision = _text("Số văn bản", 60, "Ghi số văn bản giao.")
    decided_on = _day("Ngày văn bản")
    year_from = forms.IntegerField(
        label="Từ năm", min_value=2000, max_value=2100, error_messages={"required": "Ghi năm.", "invalid": "Ghi năm."}
    )
    year_to = forms.IntegerField(label="Đến năm", min_value=2000, max_value=2100, required=False)
    areas = forms.CharField(
        label="Xã được đỡ đầu",
        max_length=5000,
        help_text="Mỗi dòng một tên hoặc mã",
        error_messages={"required": "Ghi ít nhất một xã."},
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for name in ("year_from", "year_to"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("areas") and cleaned.get("decided_on"):
            cleaned["areas"] = self._units(cleaned["areas"], cleaned["decided_on"])
        return cleaned

    def _units(self, text: str, on: dt.date) -> list[Any]:
        units = []
        for line in filter(None, map(str.strip, text.splitlines())):
            found = entering.unit_named(self.user, line, on)
            if len(found) != 1:
                self.add_error("areas", f"“{line[:60]}” không rõ là đơn vị nào ngày {on:%d/%m/%Y}.")
            units += found
        return units


class ReasonForm(MoneyForm):
    """Why an entry is cancelled, a pledge withdrawn, a year reopened."""

    reason = forms.CharField(label="Lý do", max_length=300, error_messages={"required": "Ghi lý do."})


class SpendForm(MoneyForm):
    """What was spent of a contribution."""

    paid_on = _day("Ngày chi")
    amount = DongField(label="Số tiền chi (đồng)", missing="Ghi số tiền.")
    purpose = _text("Nội dung chi", 200)
    voucher = _text("Số chứng từ", 40)


class NeedForm(MoneyForm):
    """What a commune asks for."""

    amount = DongField(label="Số tiền cần (đồng)", missing="Ghi số tiền.", help_text="Viết như 2.350.000.000")
    note = _text("Ghi chú", 200)
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class FilterForm(forms.Form):
    """The filter of the ledger; addresses are Vietnamese."""

    use_required_attribute = False
    nam = forms.IntegerField(label="Năm", required=False, min_value=1900, max_value=2200)
    kenh = forms.ChoiceField(
        label="Kênh",
        required=False,
        choices=[("", "Mọi kênh"), *((each.code, each.short) for each in rulebook.rules().channels)],
    )
    loai = forms.ChoiceField(
        label="Loại", required=False, choices=[("", "Mọi loại"), *_capital(Contribution.Kind.choices)]
    )
    nguon = forms.ChoiceField(
        label="Nguồn", required=False, choices=[("", "Mọi nguồn"), *_capital(Sponsor.Kind.choices)]
    )
    huyen = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    xa = forms.IntegerField(required=False, min_value=1, max_value=10**15, widget=forms.HiddenInput)
    nha = forms.IntegerField(required=False, min_value=1, max_value=10**15, widget=forms.HiddenInput)
    tc = forms.CharField(required=False, max_length=14, widget=forms.HiddenInput)
    tinh_trang = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *ledger.STATES.items()])
    tim = forms.CharField(label="Xã hoặc nhà tài trợ", required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nam"].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    @property
    def chosen(self) -> ledger.Filter:
        said = self.cleaned_data
        return ledger.Filter(
            year=said["nam"],
            channel=said["kenh"],
            kind=said["loai"],
            source=said["nguon"],
            district=said["huyen"],
            area=said["xa"],
            sponsor=said["nha"],
            criterion=said["tc"],
            state=said["tinh_trang"],
            text=said["tim"],
        )
