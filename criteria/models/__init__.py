"""Law as data, rounds and readings, attainment, recognition, plans: one concept a file."""

from criteria.models.attainment import Attainment, DirtyScope, RecomputeRun, RollUp, Verdict
from criteria.models.law import CriteriaSet, Criterion, Indicator, Input, LeadDepartment, Threshold
from criteria.models.plans import Commendation, Target
from criteria.models.readings import Assessment, Period, Reading, Round, State
from criteria.models.recognition import Decision, DossierSubmission, Recognition, StatedDenominator
from criteria.models.reminders import Reminder

__all__ = [
    "Assessment",
    "Attainment",
    "Commendation",
    "CriteriaSet",
    "Criterion",
    "Decision",
    "DirtyScope",
    "DossierSubmission",
    "Indicator",
    "Input",
    "LeadDepartment",
    "Period",
    "Reading",
    "Reminder",
    "Recognition",
    "RecomputeRun",
    "RollUp",
    "Round",
    "State",
    "StatedDenominator",
    "Target",
    "Threshold",
    "Verdict",
]
