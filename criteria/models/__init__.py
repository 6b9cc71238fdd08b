"""Law as data, rounds and readings, attainment, recognition, plans: one concept a file."""

from criteria.models.attainment import Attainment, DirtyScope, RecomputeRun, RollUp, Verdict
from criteria.models.evidence import Evidence, StoredFile
from criteria.models.law import CriteriaSet, Criterion, Indicator, Input, LeadDepartment, Threshold
from criteria.models.plans import Commendation, Target
from criteria.models.readings import Assessment, Period, Reading, Round, State
from criteria.models.recognition import Decision, DossierSubmission, Recognition, StatedDenominator
from criteria.models.reminders import Reminder
from criteria.models.threads import Comment, Thread

__all__ = [
    "Assessment",
    "Attainment",
    "Comment",
    "Commendation",
    "CriteriaSet",
    "Criterion",
    "Decision",
    "DirtyScope",
    "DossierSubmission",
    "Evidence",
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
    "StoredFile",
    "Target",
    "Thread",
    "Threshold",
    "Verdict",
]
