"""Law as data, rounds and readings, attainment, recognition, plans: one concept a file."""

from criteria.models.attainment import Attainment, DirtyScope, RecomputeRun, RollUp, Verdict
from criteria.models.imports import Import
from criteria.models.law import CriteriaSet, Criterion, Indicator, Input, LeadDepartment, Threshold
from criteria.models.plans import Commendation, Target
from criteria.models.readings import Assessment, Period, Reading, Round, State
from criteria.models.recognition import Decision, DossierSubmission, Recognition, StatedDenominator

__all__ = [
    "Assessment",
    "Attainment",
    "Commendation",
    "CriteriaSet",
    "Criterion",
    "Decision",
    "DirtyScope",
    "DossierSubmission",
    "Import",
    "Indicator",
    "Input",
    "LeadDepartment",
    "Period",
    "Reading",
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
