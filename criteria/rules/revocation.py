"""When a recognised unit has to be considered for revocation: the limbs that a rulebook lists.

Decision 18/2022/QĐ-TTg: from 30% to under 50% of the criteria not met, one of the named ones among them; from 50%
not met; for districts also from 30% of the communes revoked. The figures are the rulebook's.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any


def limbs_met(
    any_of: Iterable[dict[str, Any]],
    *,
    failing: Collection[str],
    total: int,
    communes_revoked: Decimal | None = None,
) -> list[dict[str, Any]]:
    """The limbs that hold. `failing` are codes of criteria not met out of `total` (undetermined ones do not count);
    `communes_revoked` is the percentage of a district's communes whose recognition was revoked, if known."""
    shares = {
        "criteria": Decimal(len(failing)) * 100 / total if total else None,
        "communes_revoked": communes_revoked,
    }
    return [limb for limb in any_of if _holds(limb, shares.get(limb["of"]), failing)]


def _holds(limb: dict[str, Any], share: Decimal | None, failing: Collection[str]) -> bool:
    if share is None or share < limb.get("share_from", 0):
        return False
    if "share_below" in limb and share >= limb["share_below"]:
        return False
    named = limb.get("including_one_of")
    return not named or bool(set(named) & set(failing))
