"""OCOP: the rules as loaded, the register, ratings over time, councils."""

from ocop.models.councils import PARTS, CouncilMember, Entry, RatingRound, ScoreSheet
from ocop.models.ratings import CertificateReminder, Rating, RevocationRequest
from ocop.models.register import Export, Producer, Product, Revenue
from ocop.models.rules import ProductSet, RuleSet

__all__ = [
    "PARTS",
    "CertificateReminder",
    "CouncilMember",
    "Entry",
    "Export",
    "Producer",
    "Product",
    "ProductSet",
    "Rating",
    "RatingRound",
    "Revenue",
    "RevocationRequest",
    "RuleSet",
    "ScoreSheet",
]
