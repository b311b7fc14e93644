"""Made-up scenarios and budgets, in the shape that the forecast reads."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from pipeline.forecast import budget_file, scenario_file
from pipeline.synthetic.history import DAY, TYPE_OF_KIND, Child
from pipeline.synthetic.prices import TYPES

WEEKS_A_YEAR = 365.25 / 7
ABOVE_LAST_YEAR = 1.03  # a budget is what was spent, and a little more
TO_THE_NEAREST = 10_000  # pounds


def scenarios_text(codes: Sequence[str], last: dt.date) -> str:
    """Scenarios as CSV for authorities of these codes; they begin half a year after `last`.

    One of each sort that people ask for.
    """
    start = _months_after(last + DAY, 6).isoformat()
    by_column = [
        {"scenario": "Move 10 from residential to foster", "kind": "move",
         "from_type": "residential", "to_type": "foster", "number": 10},
        {"scenario": "Open a home with 6 beds", "kind": "open home", "la": codes[0],
         "to_type": "supported",
         "number": 6, "ramp_months": 6, "price_gbp_per_week": 1500},
        {"scenario": "Entries 10% lower", "kind": "entries", "number": -10, "ramp_months": 12},
        {"scenario": "Inflation 5% residential", "kind": "inflation",
         "from_type": "residential", "number": 5},
        {"scenario": "In-house fostering 75%", "kind": "in-house share", "to_type": "foster",
         "number": 75, "ramp_months": 12},
    ]  # fmt: skip
    rows = [{"start": start} | row for row in by_column]
    columns = scenario_file.COLUMNS
    return _csv(columns, ([row.get(column, "") for column in columns] for row in rows))


def yearly_gbp(children: Sequence[Child], day: dt.date) -> dict[str, float]:
    """Pounds a year by type for the children in care on a day, at the price of each home.

    Homes without a price (with parents, for adoption, not registered) cost nothing here.
    """
    yearly = dict.fromkeys(TYPES, 0.0)
    for child in children:
        placement = child.placement_on(day)
        if placement is None or placement.home.kind not in TYPE_OF_KIND:
            continue
        kind = TYPES[TYPE_OF_KIND[placement.home.kind]]
        yearly[kind] += placement.gbp_per_week * WEEKS_A_YEAR
    return yearly


def budget_text(yearly: Mapping[str, Mapping[str, float]], last: dt.date) -> str:
    """Budgets as CSV for the financial year after `last`, from `yearly_gbp` by authority.

    Of the first authority by type as well.
    """
    following = (last + DAY).year
    year = f"{following}/{(following + 1) % 100:02}"
    rows: list[tuple[object, ...]] = []
    for number, (code, by_type) in enumerate(yearly.items()):
        rows.append((code, year, "", _budgeted(sum(by_type.values()))))
        if number == 0:
            rows += [(code, year, kind, _budgeted(gbp)) for kind, gbp in by_type.items()]
    return _csv(budget_file.COLUMNS, rows)


def _budgeted(yearly_gbp: float) -> int:
    return round(ABOVE_LAST_YEAR * yearly_gbp / TO_THE_NEAREST) * TO_THE_NEAREST


def _months_after(day: dt.date, months: int) -> dt.date:
    """The first of the month that is so many months after the one of a day."""
    number = 12 * day.year + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in (columns, *rows))
