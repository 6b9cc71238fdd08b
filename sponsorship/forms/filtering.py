"""The filter of the ledger."""

from typing import Any

from django import forms

from sponsorship import rulebook
from sponsorship.forms.fields import capital
from sponsorship.models import Contribution, Sponsor
from sponsorship.queries import entering, ledger


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
        label="Loại", required=False, choices=[("", "Mọi loại"), *capital(Contribution.Kind.choices)]
    )
    nguon = forms.ChoiceField(
        label="Nguồn", required=False, choices=[("", "Mọi nguồn"), *capital(Sponsor.Kind.choices)]
    )
    huyen = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    xa = forms.IntegerField(required=False, min_value=1, max_value=10**15, widget=forms.HiddenInput)
    nha = forms.IntegerField(required=False, min_value=1, max_value=10**15, widget=forms.HiddenInput)
    tc = forms.CharField(required=False, max_length=14, widget=forms.HiddenInput)
    tinh_trang = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *ledger.STATES.items()])
    thon = forms.TypedChoiceField(label="Thôn", required=False, coerce=int, empty_value=None)
    tim = forms.CharField(label="Xã, nhà tài trợ, nội dung", required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nam"].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        unit = str(self.data.get("xa", ""))
        villages = entering.villages_of(int(unit)) if unit.isdecimal() and len(unit) < 16 else []
        if villages:
            offered = [(village.pk, village.name) for village in villages]
            self.fields["thon"].choices = [("", "Mọi thôn"), *offered]  # type: ignore[attr-defined]
        else:
            del self.fields["thon"]

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
            village=said.get("thon"),
            sponsor=said["nha"],
            criterion=said["tc"],
            state=said["tinh_trang"],
            text=said["tim"],
        )
