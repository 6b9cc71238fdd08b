"""How large a generated set is: the whole country, or a small one that says little about the country."""

from dataclasses import dataclass

INDICATORS = {"commune-ntm-2021-2025": 57, "commune-advanced-2021-2025": 75}


@dataclass(frozen=True)
class Scale:
    provinces: int
    communes: int
    years: tuple[int, ...]

    @property
    def values(self) -> int:
        """Values that people answer for; the portal adds one of its own to each folder of the advanced set."""
        return self.communes * len(self.years) * sum(INDICATORS.values())


FULL, SMALL = "full", "small"
FIVE_YEARS = (2021, 2022, 2023, 2024, 2025)
NATIONAL = {FULL: Scale(63, 10_600, FIVE_YEARS), SMALL: Scale(3, 600, (2023, 2024))}
PROVINCE = {FULL: Scale(1, 171, FIVE_YEARS), SMALL: Scale(1, 60, (2023, 2024))}
