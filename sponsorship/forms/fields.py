"""Fields that every form about money shares: days, texts, whole đồng, quantities."""

from typing import Any

from django import forms

from communes.forms import DAYS
from communes.rows import Unreadable
from sponsorship import amounts


def capital(choices: Any) -> list[tuple[str, str]]:
    return [(value, f"{word[:1].upper()}{word[1:]}") for value, word in choices]


_DAY_SAID = {"required": "Ghi ngày.", "invalid": "Ngày không đọc được; viết như 21/02/2024."}
CHOICE = {"required": "Chọn trong danh sách.", "invalid_choice": "Chọn trong danh sách."}


class MoneyForm(forms.Form):
    """Messages are ours, not the browser's."""

    use_required_attribute = False

    def refuse(self, message: str, field: str) -> None:
        """Put an action's refusal at its field, or above the form."""
        self.add_error(field if field in self.fields else None, message)


def day(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"})
    hint = kwargs.pop("help_text", "ngày/tháng/năm")
    return forms.DateField(
        label=label, input_formats=DAYS, help_text=hint, error_messages=_DAY_SAID, widget=widget, **kwargs
    )


def text(label: str, longest: int, missing: str = "", **kwargs: Any) -> forms.CharField:
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
