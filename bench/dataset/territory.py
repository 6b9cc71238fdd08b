"""Generated units: provinces in the seven regions, districts, communes."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.places import PROVINCE
from bench.scales import Scale
from communes.models import Area, Classification, Kind, Level, Placement

REGIONS = ("BTB", "TDMNPB", "DBSH", "DHNTB", "TN", "DNB", "DBSCL")
COMMUNES_IN_A_DISTRICT = 16
_BATCH = 2000


@dataclass(frozen=True)
class Province:
    area: Area
    region: str
    communes: tuple[Area, ...]


def generate(scale: Scale) -> list[Province]:
    """Create the units; the province that the portal serves is always among them."""
    codes = _codes(scale.provinces)
    shares = [scale.communes // len(codes) + (n < scale.communes % len(codes)) for n in range(len(codes))]
    made = [_province(code, number, share) for number, (code, share) in enumerate(zip(codes, shares, strict=True))]
    Classification.objects.bulk_create(_regions(made), batch_size=_BATCH)
    return made


def _codes(count: int) -> list[str]:
    others = (f"{number:02}" for number in range(1, 100) if f"{number:02}" != PROVINCE)
    return sorted([PROVINCE, *(next(others) for _ in range(count - 1))])


def _province(code: str, number: int, communes: int) -> Province:
    province = _area(code, Kind.PROVINCE, Level.PROVINCE)
    province.save()
    districts = _stored(
        _area(f"{code}{n:02}", Kind.DISTRICT, Level.DISTRICT)
        for n in range(1, 1 + -(-communes // COMMUNES_IN_A_DISTRICT))
    )
    units = _stored(_area(f"{code}{n:03}", Kind.COMMUNE, Level.COMMUNE) for n in range(communes))
    Placement.objects.bulk_create(_placements(province, districts, units), batch_size=_BATCH)
    return Province(province, REGIONS[number % len(REGIONS)], tuple(units))


def _stored(areas: Iterator[Area]) -> list[Area]:
    return Area.objects.bulk_create(list(areas), batch_size=_BATCH)


def _placements(province: Area, districts: list[Area], units: list[Area]) -> Iterator[Placement]:
    path = f"/{province.code}/"
    yield Placement(area=province, parent=None, path=path)
    for district in districts:
        yield Placement(area=district, parent=province, path=f"{path}{district.code}/")
    for number, unit in enumerate(units):
        above = districts[number // COMMUNES_IN_A_DISTRICT]
        yield Placement(area=unit, parent=above, path=f"{path}{above.code}/{unit.code}/")


def _area(code: str, kind: Kind, level: Level) -> Area:
    name = f"{kind.label} {code}"
    return Area(
        code=code, name=name, short_name=code, level=level, kind=kind, search_key=name.lower(), sort_key=name.lower()
    )


def _regions(provinces: list[Province]) -> Iterator[Classification]:
    for province in provinces:
        for unit in province.communes:
            yield Classification(area=unit, scheme=Classification.Scheme.REGION, value=province.region)
