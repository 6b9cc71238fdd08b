"""What people type about sponsorship. Texts are read here column by column; rules are the actions' business."""

from sponsorship.forms.entering import ContributionForm, NeedForm, PledgeForm, ReasonForm, SpendForm
from sponsorship.forms.fields import MoneyForm
from sponsorship.forms.filtering import FilterForm
from sponsorship.forms.sponsors import AssignmentForm, SponsorForm

__all__ = [
    "AssignmentForm",
    "ContributionForm",
    "FilterForm",
    "MoneyForm",
    "NeedForm",
    "PledgeForm",
    "ReasonForm",
    "SpendForm",
    "SponsorForm",
]
