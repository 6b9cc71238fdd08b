"""The life of a value: entered, submitted, verified, appraised, approved; returned or unlocked with a reason.

Every step locks the unit's attainment rows first, in a statement of its own, then reads what it changes.
"""

from criteria.actions.readings.accepting import Accepted, accept
from criteria.actions.readings.entering import record
from criteria.actions.readings.sending_back import NO_STEPS, return_reading, unlock
from criteria.actions.readings.several import several, whole_folder
from criteria.actions.readings.shared import CLOSED, WRONG_ROLE
from criteria.actions.readings.stepping import OWN_VALUE, appraise, approve, submit, verify, verify_readings

__all__ = [
    "CLOSED",
    "NO_STEPS",
    "OWN_VALUE",
    "WRONG_ROLE",
    "Accepted",
    "accept",
    "appraise",
    "approve",
    "record",
    "return_reading",
    "several",
    "submit",
    "unlock",
    "verify",
    "verify_readings",
    "whole_folder",
]
