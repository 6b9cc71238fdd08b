"""Law as data, rounds and readings, attainment, recognition, plans: one concept a file."""

from criteria.models.attainment import Attainment, DirtyScope, RecomputeRun, RollUp, Verdict
from criteria.models.evidence import Evidence, StoredFile
from criteria.models.imports import Import
from criteria.models.law import CriteriaSet, Criterion, Indicator, Input, LeadDepartment, Threshold
from criteria.models.plans import Commendation, Target
from criteria.models.readings import ON_THE_WAY, Assessment, Period, Reading, Round, State
from criteria.models.recognition import Decision, DossierSubmission, Recognition, StatedDenominator
from criteria.models.reminders import Reminder
from criteria.models.scans import Scan
from criteria.models.threads import Remark

__all__ = [
    "ON_THE_WAY",
    "Assessment",
    "Attainment",
    "Commendation",
    "CriteriaSet",
    "Criterion",
    "Decision",
    "DirtyScope",
    "DossierSubmission",
    "Evidence",
    "Import",
    "Indicator",
    "Input",
    "LeadDepartment",
    "Period",
    "Reading",
    "Reminder",
    "Recognition",
    "RecomputeRun",
    "Remark",
    "RollUp",
    "Round",
    "Scan",
    "State",
    "StatedDenominator",
    "StoredFile",
    "Target",
    "Threshold",
    "Verdict",
]
