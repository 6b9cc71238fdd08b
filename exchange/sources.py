"""Which rows of which tables are public, and what they are called in the feed: read by the triggers only.

`{row}` stands for the row as it was or as it is now. The conditions repeat, in SQL, what the lists of the API say of
visitors; tests/exchange/test_mirror.py holds the two against each other.
"""

from dataclasses import dataclass

from criteria.models import State
from exchange.models import Kind


@dataclass(frozen=True)
class Source:
    """Rows of a table that are in the feed themselves."""

    table: str
    kind: Kind
    public: str = ""  # empty: every row
    pk: str = "id"
    key: str = ""  # empty: the row's id
    area: str = "{row}.area_id"


@dataclass(frozen=True)
class Follower:
    """Public rows that are shown with a part of another row: when `table` is written, these are updated."""

    table: str
    kind: Kind
    rows: str  # FROM … WHERE …, the followers as x
    on: tuple[str, ...] = ("update",)
    key: str = "CAST(x.id AS varchar(40))"
    area: str = "x.area_id"


_UNIT_OF_FOLDER = "(SELECT f.area_id FROM criteria_assessment f WHERE f.id = {row}.assessment_id)"
_LEVELS = "{row}.level IN ('commune', 'district', 'province')"
_CODE_OF_PRODUCT = "(SELECT p.code FROM ocop_product p WHERE p.id = {row}.product_id)"
_AREA_OF_PRODUCT = "(SELECT p.area_id FROM ocop_product p WHERE p.id = {row}.product_id)"
_ALWAYS = ("insert", "update", "delete")

SOURCES = (
    Source("criteria_reading", Kind.READING, public=f"{{row}}.state = {State.APPROVED:d}", area=_UNIT_OF_FOLDER),
    Source("criteria_attainment", Kind.ATTAINMENT, pk="assessment_id", area=_UNIT_OF_FOLDER),
    Source("criteria_rollup", Kind.ROLL_UP),
    Source("criteria_recognition", Kind.RECOGNITION, public="{row}.withdrawn_at IS NULL"),
    Source("communes_area", Kind.UNIT, public=_LEVELS, key="{row}.code", area="{row}.id"),
    Source(
        "communes_areachange",
        Kind.UNIT_CHANGE,
        key="(SELECT u.code FROM communes_area u WHERE u.id = {row}.old_id)",
        area="{row}.old_id",
    ),
    Source("criteria_round", Kind.ROUND, area="{row}.province_id"),
    Source("criteria_threshold", Kind.THRESHOLD, area="{row}.province_id"),
    Source("ocop_product", Kind.PRODUCT, key="{row}.code"),
    Source("ocop_rating", Kind.CERTIFICATE, key=_CODE_OF_PRODUCT, area=_AREA_OF_PRODUCT),
    Source("sponsorship_contribution", Kind.CONTRIBUTION),
    Source(
        "sponsorship_disbursement",
        Kind.DISBURSEMENT,
        area="(SELECT c.area_id FROM sponsorship_contribution c WHERE c.id = {row}.contribution_id)",
    ),
    # A document of a closed period stands for good; nobody's draft of one is anybody else's business.
    Source("reports_document", Kind.DOCUMENT, public="({row}.made_at IS NOT NULL AND {row}.is_official)"),
)

FOLLOWERS = (
    Follower(
        "criteria_decision",
        Kind.RECOGNITION,
        "criteria_recognition x WHERE x.decision_id = {row}.id AND x.withdrawn_at IS NULL",
    ),
    # Where a unit stands.
    Follower(
        "communes_placement",
        Kind.UNIT,
        "communes_area x WHERE x.id = {row}.area_id AND " + _LEVELS.replace("{row}", "x"),
        on=_ALWAYS,
        key="x.code",
        area="x.id",
    ),
    Follower("ocop_rating", Kind.PRODUCT, "ocop_product x WHERE x.id = {row}.product_id", on=_ALWAYS, key="x.code"),
    Follower("ocop_export", Kind.PRODUCT, "ocop_product x WHERE x.id = {row}.product_id", on=_ALWAYS, key="x.code"),
    Follower("ocop_producer", Kind.PRODUCT, "ocop_product x WHERE x.producer_id = {row}.id", key="x.code"),
    Follower("sponsorship_sponsor", Kind.CONTRIBUTION, "sponsorship_contribution x WHERE x.sponsor_id = {row}.id"),
    # What was spent of it.
    Follower(
        "sponsorship_disbursement",
        Kind.CONTRIBUTION,
        "sponsorship_contribution x WHERE x.id = {row}.contribution_id",
        on=("insert",),
    ),
)
