"""Forms of sign-in and people: they read what was typed; the actions decide."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts import tokens
from accounts.errors import Refused
from accounts.models import Department, User
from accounts.queries import areas_named, people_named
from accounts.roles import AttachedTo, Role, Verb
from accounts.scope import attached_to

LONGEST_PASSWORD = 128


class PlainForm(forms.Form):
    """A form whose messages are ours, not the browser's."""

    use_required_attribute = False

    def refuse(self, fault: Refused) -> None:
        """Put an action's refusal at its field, or above the form."""
        self.add_error(fault.field if fault.field in self.fields else None, fault.message)


def _password(label: str, missing: str, *, autocomplete: str, help_text: str = "") -> forms.CharField:
    # What was typed stays as it is: a password may begin or end with a space.
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": missing, "max_length": f"Mật khẩu dài nhất {LONGEST_PASSWORD} ký tự."},
    )


def _date(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Nhập ngày.", "invalid": "Ngày không đọc được; viết như 01/01/2024."},
        **kwargs,
    )


class SignInForm(PlainForm):
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Nhập tên đăng nhập."},
    )
    password = _password("Mật khẩu", "Nhập mật khẩu.", autocomplete="current-password")


class PasswordForm(PlainForm):
    old = _password("Mật khẩu hiện tại", "Nhập mật khẩu hiện tại.", autocomplete="current-password")
    new = _password(
        "Mật khẩu mới",
        "Nhập mật khẩu mới.",
        autocomplete="new-password",
        help_text="Từ 12 đến 128 ký tự. Một câu dài dễ nhớ tốt hơn một từ khó gõ.",
    )
    repeated = _password("Nhập lại mật khẩu mới", "Nhập lại mật khẩu mới.", autocomplete="new-password")

    def clean_repeated(self) -> str:
        if self.cleaned_data.get("new") not in (None, self.cleaned_data["repeated"]):
            raise forms.ValidationError("Hai lần nhập mật khẩu mới không giống nhau.")
        return self.cleaned_data["repeated"]


class PersonForm(PlainForm):
    username = forms.CharField(
        label="Tên đăng nhập",
        help_text="Chữ thường không dấu, chữ số, dấu chấm, gạch dưới hoặc gạch nối; từ 3 đến 60 ký tự.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Nhập tên đăng nhập."},
    )
    display_name = forms.CharField(
        label="Họ tên hoặc chức danh",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Nhập họ tên hoặc chức danh."},
    )


class AppointmentForm(PlainForm):
    """A role and its place. `unit` is typed; when several units match, `area` offers them to choose from.

    A valid form has `area` and `department` ready for `accounts.actions.appoint`.
    """

    role = forms.ChoiceField(label="Vai trò", choices=Role.choices)
    unit = forms.CharField(
        label="Đơn vị",
        required=False,
        max_length=120,
        help_text="Tên hoặc mã, ví dụ Hà Linh hoặc 18502. Vai trò cấp tỉnh có thể để trống.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    area = forms.ChoiceField(label="Chọn đơn vị", required=False)
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label="Sở, ngành",
        required=False,
        empty_label="–",
        help_text="Chỉ dùng cho chuyên viên sở, ngành.",
        error_messages={"invalid_choice": "Sở, ngành này không có trong danh sách."},
    )
    valid_from = _date("Từ ngày")
    valid_to = _date("Đến hết ngày", required=False, help_text="Không bắt buộc: để trống là chưa định ngày kết thúc.")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()
        self.candidates = self._candidates()
        offered = self.candidates if len(self.candidates) > 1 else []
        choice = cast(forms.ChoiceField, self.fields["area"])
        choice.choices = [("", "–"), *((str(area.pk), _named(area)) for area in offered)]
        choice.error_messages["invalid_choice"] = "Chọn một đơn vị trong danh sách."
        self.offers_areas = bool(offered)

    def _candidates(self) -> list[models.Model]:
        role, typed = self.data.get("role", ""), self.data.get("unit", "").strip()
        if role not in Role.values:
            return []
        if attached_to(Role(role)) is AttachedTo.PROVINCE:
            typed = typed or settings.PROVINCE_CODE
        return areas_named(typed, role=role)

    def clean(self) -> dict[str, Any]:
        """`area` for a role of an area, `department` for a role of a department, never both."""
        cleaned = self.cleaned_data
        needed = attached_to(Role(cleaned["role"])) if cleaned.get("role") else AttachedTo.NOTHING
        of_area = needed not in (AttachedTo.DEPARTMENT, AttachedTo.NOTHING)
        # What was filled in for another role before is not meant now.
        cleaned["area"] = self._the_area(cleaned.get("area") or "") if of_area else None
        cleaned["department"] = cleaned.get("department") if needed is AttachedTo.DEPARTMENT else None
        return cleaned

    def _the_area(self, chosen: str) -> models.Model | None:
        if not self.candidates:
            self.add_error("unit", "Không tìm thấy đơn vị thuộc cấp của vai trò này. Gõ tên hoặc mã.")
        elif len(self.candidates) == 1:
            return self.candidates[0]
        elif "area" not in self.errors:
            matching = next((area for area in self.candidates if str(area.pk) == chosen), None)
            if matching is None:
                self.add_error("area", "Nhiều đơn vị khớp với tên đã gõ: chọn một.")
            return matching
        return None


class TokenForm(PlainForm):
    """A token to give: for what, where, how long and from where. A valid form has `terms` ready for `tokens.issue`."""

    name = forms.CharField(
        label="Dùng cho việc gì",
        max_length=80,
        help_text="Ví dụ: bảng Power BI của Sở.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Ghi mã này dùng cho việc gì.", "max_length": "Tên dài nhất 80 ký tự."},
    )
    verbs = forms.MultipleChoiceField(
        label="Được làm gì",
        choices=Verb.choices,
        required=False,
        initial=[Verb.READ],
        help_text="Không chọn gì: chỉ đọc số liệu công khai. Mã không bao giờ làm được nhiều hơn chính bạn.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Không có lựa chọn này."},
    )
    unit = forms.CharField(
        label="Chỉ trong đơn vị",
        required=False,
        max_length=120,
        help_text="Tên hoặc mã; gồm cả các đơn vị trực thuộc. Để trống: mọi nơi bạn được phân công.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    area = forms.ChoiceField(label="Chọn đơn vị", required=False)
    days = forms.IntegerField(
        label="Thời hạn (ngày)",
        initial=tokens.DAYS,
        help_text=f"Từ 1 đến {tokens.MOST_DAYS} ngày.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Ghi số ngày.", "invalid": "Ghi một số nguyên, ví dụ 90."},
    )
    networks = forms.CharField(
        label="Chỉ từ các mạng",
        required=False,
        max_length=1500,
        help_text="Mỗi dòng một địa chỉ hoặc mạng, ví dụ 203.0.113.7 hoặc 10.1.0.0/16. Để trống: từ mọi nơi.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    password = _password("Mật khẩu của bạn", "Nhập mật khẩu của bạn.", autocomplete="current-password")

    def __init__(self, data: Any = None, *, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.terms: dict[str, Any] = {}
        self.candidates = tokens.areas_for(user, self.data.get("unit", ""))
        self.offers_areas = len(self.candidates) > 1
        choice = cast(forms.ChoiceField, self.fields["area"])
        offered = self.candidates if self.offers_areas else []
        choice.choices = [("", "–"), *((str(each.pk), _named(each)) for each in offered)]
        choice.error_messages["invalid_choice"] = "Chọn một đơn vị trong danh sách."

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        matching = [each for each in self.candidates if str(each.pk) == cleaned.get("area")]
        found = self.candidates if len(self.candidates) == 1 else matching
        if not cleaned.get("unit"):
            found = []
        elif not self.candidates:
            self.add_error("unit", "Không tìm thấy đơn vị này trong phạm vi phân công của bạn. Gõ tên hoặc mã.")
        elif not found and "area" not in self.errors:
            self.add_error("area", "Nhiều đơn vị khớp với tên đã gõ: chọn một.")
        self.terms = {
            **{name: cleaned.get(name) for name in ("name", "verbs", "days")},
            "area": found[0] if found else None,
            "networks": (cleaned.get("networks") or "").replace(",", " ").split(),
        }
        return cleaned

    def refuse(self, fault: Refused) -> None:
        """What is wrong with the unit is said where it was typed."""
        if fault.field == "area" and not self.offers_areas:
            fault.field = "unit"
        super().refuse(fault)


class EndForm(PlainForm):
    on = _date("Ngày cuối giữ vai trò", help_text="Chọn hôm qua để thôi ngay.")


class RecipientForm(PlainForm):
    """Somebody to take over, typed; when several match, `person` offers them. Valid with `recipient` set."""

    to = forms.CharField(
        label="Người nhận",
        max_length=150,
        help_text="Tên đăng nhập hoặc họ tên.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Nhập tên đăng nhập hoặc họ tên người nhận."},
    )
    person = forms.ChoiceField(label="Chọn người nhận", required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.candidates = people_named(self.data.get("to", ""))
        self.recipient: User | None = None
        offered = self.candidates if len(self.candidates) > 1 else []
        choice = cast(forms.ChoiceField, self.fields["person"])
        choice.choices = [("", "–"), *((str(each.pk), f"{each} ({each.username})") for each in offered)]
        choice.error_messages["invalid_choice"] = "Chọn một người trong danh sách."
        self.offers_people = bool(offered)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        matching = [each for each in self.candidates if str(each.pk) == cleaned.get("person")]
        found = self.candidates if len(self.candidates) == 1 else matching
        if found:
            self.recipient = found[0]
        elif not self.candidates and "to" not in self.errors:
            self.add_error("to", "Không tìm thấy người này. Gõ tên đăng nhập hoặc họ tên.")
        elif self.candidates and "person" not in self.errors:
            self.add_error("person", "Nhiều người khớp với tên đã gõ: chọn một.")
        return cleaned


class HandOverForm(RecipientForm):
    on = _date("Người nhận giữ vai trò từ ngày", help_text="Người đang giữ thôi từ hết ngày hôm trước.")


class DelegationForm(RecipientForm):
    valid_from = _date("Từ ngày")
    valid_to = _date("Đến hết ngày")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()


def _named(area: Any) -> str:
    return f"{area.name} ({area.code}){_dates(area.valid_from, area.valid_to)}"


def _dates(start: dt.date | None, end: dt.date | None) -> str:
    since = f" từ {start:%d/%m/%Y}" if start else ""
    until = f" đến {end:%d/%m/%Y}" if end else ""
    return f",{since}{until}" if since or until else ""
