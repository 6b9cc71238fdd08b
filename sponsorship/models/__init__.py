"""Sponsorship: who sponsors whom, what was promised, received and spent, and the funding of the programme."""

from sponsorship.models.channels import Channel
from sponsorship.models.funding import Arrears, Funding
from sponsorship.models.ledger import Confirmation, Contribution, Disbursement
from sponsorship.models.pledges import Need, Pledge
from sponsorship.models.sponsors import Assignment, Sponsor
from sponsorship.models.years import YearClosing

__all__ = [
    "Arrears",
    "Assignment",
    "Channel",
    "Confirmation",
    "Contribution",
    "Disbursement",
    "Funding",
    "Need",
    "Pledge",
    "Sponsor",
    "YearClosing",
]
