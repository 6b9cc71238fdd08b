"""What the forms about money begin with and offer while one types."""

from typing import Any

from accounts.desk import DeskRequest
from sponsorship.queries import entering


def offered(request: DeskRequest) -> dict[str, Any]:
    """What the fields of names offer while one types."""
    on = entering.day_of(request.user)
    return {
        "sponsors": entering.sponsors(request.user),
        "units": entering.units(request.user, on),
        "villages": entering.villages(request.user, on),
        "indicators": entering.indicators(on),
    }


def placed(request: DeskRequest) -> dict[str, str]:
    """A sponsor, a unit and an indicator that a link filled in."""
    said = {"sponsor": "nha", "area": "don-vi", "indicator": "chi-tieu"}
    return {field: request.GET.get(name, "")[:200] for field, name in said.items()}
