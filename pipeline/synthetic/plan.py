"""What region to make: which authorities, how many children, which returns."""

import datetime as dt
from dataclasses import dataclass, field

from pipeline.synthetic.places import Area
from pipeline.synthetic.prices import PricePlan
from pipeline.synthetic.truth import TruthPlan

VERSIONS = ("rcc_v2", "nps_2026_04", "nps_2026_06", "nps_records")
YEARS = (2024, 2025, 2026)
QUARTERS = ("2025Q2", "2025Q3", "2025Q4", "2026Q1")


@dataclass(frozen=True)
class RegionPlan:
    """What to make. `children` is how many each authority looks after; None: its real number."""

    areas: tuple[Area, ...]
    children: int | None
    seed: int
    error_rate: float  # share of rows with a mistake, 0 to 1
    versions: tuple[str, ...] = VERSIONS  # the first authority sends the first, and so on
    years: tuple[int, ...] = YEARS  # collection years
    quarters: tuple[str, ...] = QUARTERS  # calendar quarters
    prices: PricePlan = field(default_factory=PricePlan)
    truth: TruthPlan | None = None  # what to plant in it; None: nothing is told of it
    ofsted_lists: tuple[dt.date, ...] = ()  # days of Ofsted's lists before the present one

    def version(self, number: int) -> str:
        return self.versions[number % len(self.versions)]

    @property
    def first(self) -> dt.date:
        """The first day of the first SSDA903 return."""
        return dt.date(min(self.years) - 1, 4, 1)

    @property
    def last(self) -> dt.date:
        """The last day of the last SSDA903 return."""
        return dt.date(max(self.years), 3, 31)


def days_of(quarter: str) -> tuple[dt.date, dt.date]:
    """First and last day of a calendar quarter such as 2025Q4."""
    year, number = int(quarter[:4]), int(quarter[5])
    first = dt.date(year, 3 * number - 2, 1)
    following = dt.date(year + number // 4, 3 * number % 12 + 1, 1)
    return first, following - dt.timedelta(days=1)
