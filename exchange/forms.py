"""What a person types about a webhook: read here, decided by the action."""

from typing import Any

from django import forms

from accounts.forms import PlainForm
from criteria.paper_forms import text_field
from exchange.actions.webhooks import NAME_LENGTH, NAMELESS, URL_LENGTH
from exchange.models import Kind, Webhook


class WebhookForm(PlainForm):
    """Who is told, of what, and where."""

    name = text_field("Hệ thống nhận", NAME_LENGTH, NAMELESS, help_text="Ví dụ: Trục LGSP của Bộ")
    url = text_field("Địa chỉ nhận", URL_LENGTH, "Ghi địa chỉ nhận.", help_text="https://tên-miền/đường-dẫn")
    area = text_field(
        "Mã địa bàn", 10, help_text="Để trống là toàn tỉnh. Ví dụ 444: huyện Hương Khê và xã từng thuộc nó."
    )
    kinds = forms.MultipleChoiceField(
        label="Loại thay đổi",
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Chọn trong danh sách."},
    )
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        """What the action is given."""
        return {name: self.cleaned_data[name] for name in ("name", "url", "area", "kinds")}


class ReplayForm(PlainForm):
    """From which number on everything is told again."""

    since = forms.IntegerField(
        label="Gửi lại mọi thay đổi sau số",
        min_value=0,
        max_value=2**63 - 1,
        error_messages={"required": "Ghi số thứ tự.", "invalid": "Ghi một số nguyên.", "min_value": "Số từ 0 trở lên."},
    )


def as_typed(webhook: Webhook) -> dict[str, Any]:
    """A stored webhook as its form shows it."""
    area = webhook.area.code if webhook.area else ""
    same = {name: getattr(webhook, name) for name in ("name", "url", "kinds", "version")}
    return {**same, "area": area}
