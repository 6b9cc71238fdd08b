"""Territory, and the book that officers keep of what stands in a commune."""

from communes.models.book import ModelGarden, ModelResidentialArea, Village
from communes.models.territory import (
    LEVEL_OF_KIND,
    Area,
    AreaChange,
    AreaQuerySet,
    Classification,
    Confidence,
    Epoch,
    Kind,
    Level,
    Placement,
    valid_on,
)

__all__ = [
    "LEVEL_OF_KIND",
    "Area",
    "AreaChange",
    "AreaQuerySet",
    "Classification",
    "Confidence",
    "Epoch",
    "Kind",
    "Level",
    "ModelGarden",
    "ModelResidentialArea",
    "Placement",
    "Village",
    "valid_on",
]
