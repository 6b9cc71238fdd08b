"""What the province office types about its papers: decisions, the plan of a year, commendations."""

from typing import Any, cast

from django import forms

from criteria.forms import DAYS
from criteria.models import Commendation, Decision, Recognition
from criteria.queries import decisions

_DAY = {"required": "Ghi ngày.", "invalid": "Ngày không đọc được; viết như 21/02/2024."}
_YEAR = {
    "required": "Ghi năm.",
    "invalid": "Năm viết bằng bốn chữ số.",
    "min_value": "Năm từ 2000.",
    "max_value": "Năm đến 2100.",
}


class PaperForm(forms.Form):
    """Messages are ours, not the browser's; a field with a fault is marked for readers of the screen."""

    use_required_attribute = False

    def refuse(self, message: str, field: str) -> None:
        """Put an action's refusal at its field, or above the form."""
        self.add_error(field if field in self.fields else None, message)


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """A day typed the Vietnamese way, with our own messages."""
    hint = kwargs.pop("help_text", "ngày/tháng/năm")
    return forms.DateField(label=label, input_formats=DAYS, help_text=hint, error_messages=_DAY, **kwargs)


def text_field(label: str, longest: int, missing: str = "", **kwargs: Any) -> forms.CharField:
    """A line of text; `missing` is what an empty one is told, without it the field may stay empty."""
    messages = {"required": missing, "max_length": f"Dài quá {longest} ký tự."}
    return forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=messages, **kwargs)


def _choice(label: str, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    messages = {"required": "Chọn trong danh sách.", "invalid_choice": "Chọn trong danh sách."}
    return forms.ChoiceField(label=label, choices=choices, error_messages=messages, **kwargs)


def _lines(label: str, rows: int, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})
    return forms.CharField(label=label, max_length=60_000, required=False, widget=widget, **kwargs)


class DecisionForm(PaperForm):
    """A decision as its paper says it; the units are pasted or chosen beside it."""

    number = text_field("Số quyết định", 60, "Ghi số quyết định.", help_text="Như trên văn bản: 3368/QĐ-UBND")
    issued_on = day_field("Ngày ban hành")
    issuer = text_field("Cơ quan ban hành", 200, "Ghi cơ quan ban hành.")
    signer = text_field("Người ký", 120, "Ghi người ký.")
    title = text_field("Trích yếu", 300)
    act = _choice("Việc", Recognition.Act.choices)
    tier = forms.ChoiceField(label="Bậc")
    result_year = forms.IntegerField(
        label="Kết quả của năm", min_value=2000, max_value=2100, error_messages=_YEAR, localize=False
    )
    ground = forms.ChoiceField(
        label="Trường hợp thu hồi", required=False, help_text="Chỉ khi thu hồi: theo điều kiện ghi trong bộ tiêu chí"
    )
    other_ground = text_field(
        "Căn cứ thu hồi khác", 500, help_text="Chỉ khi bộ tiêu chí của bậc không ghi điều kiện thu hồi"
    )
    units = _lines("Đơn vị", 6, help_text="Dán danh sách: mỗi dòng một tên hoặc mã")

    OF_THE_PAPER = ("number", "issued_on", "issuer", "signer", "title")

    def __init__(self, *args: Any, onto: Decision | None = None, **kwargs: Any) -> None:
        """`onto`: one more part of a recorded decision, which has its number, day and people already."""
        super().__init__(*args, **kwargs)
        for name in self.OF_THE_PAPER if onto else ():
            del self.fields[name]
        self._choices("tier", [("", "Chọn bậc"), *decisions.tiers()])
        limbs: dict[str, list[tuple[str, str]]] = {}
        for text, of in decisions.limbs():
            limbs.setdefault(of, []).append((text, text))
        self._choices("ground", [("", "–"), *limbs.items()])
        self.fields["result_year"].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = choices
        field.error_messages |= {"required": "Chọn bậc.", "invalid_choice": "Chọn trong danh sách."}

    @property
    def of_the_paper(self) -> list[forms.BoundField]:
        """What stands beside the units."""
        return [field for field in self if field.name != "units"]

    @property
    def ground_said(self) -> str:
        return self.cleaned_data["ground"] or self.cleaned_data["other_ground"]


class ReasonForm(PaperForm):
    """Why a row is taken out or withdrawn."""

    reason = forms.CharField(label="Lý do", max_length=1000, error_messages={"required": "Ghi lý do."})


class TargetForm(PaperForm):
    """One measure of the plan of a year. The level stays text: it is read the Vietnamese way."""

    name = text_field("Mục tiêu", 200, "Ghi tên mục tiêu.")
    value_text = text_field("Mức", 40, "Ghi mức của mục tiêu.", help_text="Viết như 95,5")
    unit = text_field("Đơn vị tính", 30, "Ghi đơn vị tính.", help_text="%, xã, huyện, sản phẩm…")
    is_minimum = forms.BooleanField(label="Là mức tối thiểu", required=False)
    units = _lines("Đơn vị nêu tên", 3, help_text="Mỗi dòng một tên hoặc mã")
    source = text_field("Văn bản giao", 1000, "Ghi văn bản giao: số, cơ quan.")
    decided_on = day_field("Ngày văn bản")
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    measure = forms.SlugField(max_length=40, required=False, widget=forms.HiddenInput)


class YearForm(PaperForm):
    """A year to open."""

    year = forms.IntegerField(label="Năm", min_value=2000, max_value=2100, error_messages=_YEAR, localize=False)


class CommendationForm(PaperForm):
    """One commendation as it should read."""

    name = text_field("Tên", 200, "Ghi tên.")
    recipient = _choice("Đối tượng", Commendation.Recipient.choices)
    awarded_on = day_field("Ngày trao", required=False)
    at_conference = forms.BooleanField(label="Trao tại điểm cầu tỉnh", required=False)
    source = text_field("Văn bản", 300, help_text="Số, ngày quyết định khen thưởng")
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class CommendationsForm(PaperForm):
    """Many commendations at once: one name a line."""

    recipient = _choice("Đối tượng", Commendation.Recipient.choices)
    names = _lines("Tên", 6, help_text="Mỗi dòng một tên; dán từ Excel được")
    awarded_on = day_field("Ngày trao", required=False)
    at_conference = forms.BooleanField(label="Trao tại điểm cầu tỉnh", required=False)
    source = text_field("Văn bản", 300, help_text="Số, ngày quyết định khen thưởng")


class DecisionFilterForm(PaperForm):
    """Which decisions are looked at; act, year and district are chosen by links and kept beside the rest."""

    nam = forms.IntegerField(
        required=False, min_value=2000, max_value=2100, error_messages=_YEAR, localize=False, widget=forms.HiddenInput
    )
    bac = forms.ChoiceField(label="Bậc", required=False)
    viec = _choice("Việc", [("", "Mọi việc"), *Recognition.Act.choices], required=False, widget=forms.HiddenInput)
    don_vi = forms.CharField(label="Đơn vị", required=False, max_length=120)
    huyen = forms.RegexField(
        r"^\d{1,10}$", required=False, widget=forms.HiddenInput, error_messages={"invalid": "Không có huyện như vậy."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["bac"])
        field.choices = [("", "Mọi bậc"), *decisions.tiers()]
        field.error_messages["invalid_choice"] = "Chọn trong danh sách."

    @property
    def chosen(self) -> decisions.Filter:
        said = self.cleaned_data
        return decisions.Filter(
            year=said["nam"], tier=said["bac"], act=said["viec"], unit=said["don_vi"], district=said["huyen"]
        )
