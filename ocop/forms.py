"""What officers type about products, certificates and councils. Rules are the actions' business."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.roles import Permission
from communes.models import Area, Level
from ocop.actions.certificates import PART_FIELDS, Certificate
from ocop.actions.councils import Member
from ocop.actions.register import Said
from ocop.models import Producer, Product, ProductSet, Rating
from ocop.queries.scope import area_ids
from ocop.rules.rulesets import markets

DAYS = ["%d/%m/%Y", "%Y-%m-%d"]
_SAY = {"required": "Ghi mục này.", "invalid_choice": "Chọn trong danh sách."}


def day(label: str, **more: Any) -> forms.DateField:
    """A date as people write it."""
    said = {"required": "Ghi ngày.", "invalid": "Ngày không đọc được; viết như 21/02/2024."}
    return forms.DateField(label=label, input_formats=DAYS, help_text="ngày/tháng/năm", error_messages=said, **more)


class ScoreField(forms.Field):
    """A score with a decimal comma: 68,5. Empty is None."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace(" ", "").replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,3}([.][0-9]{1,4})?", text):
            raise forms.ValidationError("Điểm không đọc được; viết như 28,5.", code="unreadable")
        return Decimal(text)


class DongField(forms.Field):
    """Whole đồng, grouped by dots or not: 1.250.000.000."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace(" ", "").removesuffix("đ")
        if not text:
            return None
        if not re.fullmatch(r"-?([0-9]{1,17}|[0-9]{1,3}([.][0-9]{3}){1,5})", text):
            raise forms.ValidationError("Số đồng không đọc được; viết như 1.250.000.000.", code="unreadable")
        return int(text.replace(".", ""))


class BaseForm(forms.Form):
    """A form that shows an action's refusal at its fields."""

    use_required_attribute = False

    @property
    def said(self) -> dict[str, Any]:
        """The arguments of the action, of a form that is valid."""
        return self.cleaned_data

    def put(self, refused: Refused) -> None:
        """The refusal at its fields, or above the form."""
        faults = refused.details.get("faults") or {refused.field: refused.message}
        for field, message in faults.items():
            self.add_error(field if field in self.fields else None, message)


class ProductForm(BaseForm):
    """A product of the register."""

    name = forms.CharField(label="Tên sản phẩm", max_length=200, error_messages=_SAY)
    producer_name = forms.CharField(label="Chủ thể", max_length=200, error_messages=_SAY)
    producer_kind = forms.ChoiceField(label="Loại hình chủ thể", choices=Producer.Kind.choices, error_messages=_SAY)
    area = forms.ModelChoiceField(label="Xã, phường, thị trấn", queryset=Area.objects.none(), error_messages=_SAY)
    on = day("Ngày vào sổ")
    product_set = forms.ModelChoiceField(
        label="Bộ sản phẩm", queryset=ProductSet.objects.all(), required=False, empty_label="Chưa chọn"
    )
    group = forms.ChoiceField(label="Nhóm", choices=[("", "Theo bộ sản phẩm"), *Product.Group.choices], required=False)
    traceability_code = forms.CharField(label="Mã truy xuất nguồn gốc", max_length=60, required=False)
    story = forms.CharField(
        label="Câu chuyện sản phẩm", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, product: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        if product:
            # The commune of recognition and the day stay as they are.
            del self.fields["area"], self.fields["on"]
            return
        mine = Area.objects.filter(pk__in=area_ids(by, Permission.KEEP_OCOP), level=Level.COMMUNE)
        field: Any = self.fields["area"]
        field.queryset = mine.order_by("valid_to", "sort_key")
        field.label_from_instance = _named

    @property
    def said(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if self.product:
            data |= {"area": self.product.area, "on": timezone.localdate(), "code": self.product.code}
        return {"said": Said(**data)}


def _named(area: Area) -> str:
    return f"{area.name} (đến {area.valid_to:%d/%m/%Y})" if area.valid_to else area.name


class MarketForm(BaseForm):
    """An export market."""

    country = forms.CharField(
        label="Thị trường",
        max_length=60,
        error_messages=_SAY,
        help_text="Mã ISO hai chữ, ví dụ JP",
        widget=forms.TextInput(attrs={"list": "thi-truong", "autocomplete": "off"}),
    )
    year = forms.IntegerField(label="Năm", error_messages={"required": "Ghi năm.", "invalid": "Ghi năm bằng số."})
    source = forms.CharField(label="Nguồn", max_length=300, required=False)

    @staticmethod
    def known() -> list[tuple[str, str]]:
        """Codes and names to choose from."""
        return sorted(markets().items(), key=lambda item: item[1])


class RevenueForm(BaseForm):
    """What the product brought in a year."""

    year = forms.IntegerField(label="Năm", error_messages={"required": "Ghi năm.", "invalid": "Ghi năm bằng số."})
    amount = DongField(label="Doanh thu (đồng)", error_messages={"required": "Ghi số đồng."})
    source = forms.CharField(label="Nguồn", max_length=300, required=False)


class StopForm(BaseForm):
    """A producer that works no more."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    on = day("Ngừng từ ngày")
    reason = forms.CharField(label="Lý do", max_length=300, error_messages={"required": "Ghi lý do ngừng."})


class CertificateForm(BaseForm):
    """A certificate from its paper."""

    stars = forms.TypedChoiceField(
        label="Hạng sao", coerce=int, choices=[(n, f"{n} sao") for n in (3, 4, 5)], error_messages=_SAY
    )
    kind = forms.ChoiceField(label="Việc", choices=Rating.Kind.choices, error_messages=_SAY)
    decided_on = day("Ngày quyết định")
    decision = forms.CharField(label="Số quyết định", max_length=60, error_messages={"required": "Ghi số quyết định."})
    certificate_no = forms.CharField(label="Số giấy chứng nhận", max_length=60, required=False)
    part_a = ScoreField(label="Điểm phần A", required=False)
    part_b = ScoreField(label="Điểm phần B", required=False)
    part_c = ScoreField(label="Điểm phần C", required=False)

    @property
    def said(self) -> dict[str, Any]:
        """A part left out is the action's to name."""
        scores = {part: score for part, name in PART_FIELDS.items() if (score := self.cleaned_data[name]) is not None}
        paper = {name: self.cleaned_data[name] for name in ("stars", "kind", "decided_on", "decision")}
        return {"certificate": Certificate(**paper, certificate_no=self.cleaned_data["certificate_no"], scores=scores)}


class ReasonForm(BaseForm):
    """Why."""

    reason = forms.CharField(label="Lý do", max_length=500, error_messages={"required": "Ghi lý do."})


class NoteForm(BaseForm):
    """A remark that may be left out."""

    note = forms.CharField(label="Ghi chú", max_length=300, required=False)


class RevokeForm(BaseForm):
    """The decision that revokes."""

    decision = forms.CharField(label="Số quyết định", max_length=60, error_messages={"required": "Ghi số quyết định."})
    decided_on = day("Ngày quyết định")


class BandsForm(BaseForm):
    """The text that the bands were compared with."""

    reference = forms.CharField(
        label="Đã đối chiếu với", max_length=300, error_messages={"required": "Ghi văn bản, điều, phụ lục."}
    )


class RoundForm(BaseForm):
    """A round with its council."""

    area = forms.ModelChoiceField(label="Hội đồng của", queryset=Area.objects.none(), error_messages=_SAY)
    year = forms.IntegerField(label="Năm", error_messages={"required": "Ghi năm.", "invalid": "Ghi năm bằng số."})
    number = forms.IntegerField(label="Đợt", error_messages={"required": "Ghi số đợt.", "invalid": "Ghi đợt bằng số."})
    held_on = day("Ngày họp")
    decision = forms.CharField(label="Quyết định lập hội đồng", max_length=60, required=False)
    members = forms.CharField(
        label="Thành viên",
        max_length=8000,
        help_text="Mỗi dòng một người: họ tên; chức vụ",
        error_messages={"required": "Ghi ít nhất một thành viên."},
        widget=forms.Textarea(attrs={"rows": 7}),
    )

    def __init__(self, *args: Any, areas: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.queryset = Area.objects.filter(pk__in=[area.pk for area in areas]).order_by("-level", "sort_key")
        field.label_from_instance = _named

    @property
    def said(self) -> dict[str, Any]:
        lines = [line.partition(";") for line in self.cleaned_data["members"].splitlines()]
        return {**self.cleaned_data, "members": [Member(name, post) for name, _, post in lines]}


class EntryForm(BaseForm):
    """A product that comes before the council."""

    code = forms.CharField(label="Mã sản phẩm", max_length=40, error_messages={"required": "Ghi mã sản phẩm."})
    kind = forms.ChoiceField(label="Việc", choices=Rating.Kind.choices, error_messages=_SAY)


class SheetForm(BaseForm):
    """The sheet of one member."""

    member = forms.IntegerField(min_value=1)
    version = forms.IntegerField(min_value=0)
    part_a = ScoreField(label="A", error_messages={"required": "Ghi điểm phần A."})
    part_b = ScoreField(label="B", error_messages={"required": "Ghi điểm phần B."})
    part_c = ScoreField(label="C", error_messages={"required": "Ghi điểm phần C."})
    comment = forms.CharField(label="Nhận xét", max_length=500, required=False)

    @property
    def said(self) -> dict[str, Any]:
        typed = self.cleaned_data
        scores = {part: typed[name] for part, name in PART_FIELDS.items()}
        return {"member_id": typed["member"], "scores": scores} | {name: typed[name] for name in ("comment", "version")}


class ConcludeForm(BaseForm):
    """The minutes."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    minutes = forms.CharField(
        label="Biên bản",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Ghi biên bản."},
    )
    absent_note = forms.CharField(
        label="Thành viên chưa chấm", max_length=300, required=False, help_text="Ai vắng và vì sao, nếu thiếu phiếu"
    )


class SettleForm(BaseForm):
    """The decision that recognises."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    decision = forms.CharField(label="Số quyết định công nhận", max_length=60, required=False)
    decided_on = day("Ngày quyết định")
    certificate_no = forms.CharField(label="Số giấy chứng nhận", max_length=60, required=False)


class SendBackForm(ReasonForm):
    """Why a result goes back."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
