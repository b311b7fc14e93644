"""Budgets, beside which forecast spend is put: read from a small table that an analyst writes."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pipeline.forecast.categories import forecast_types
from pipeline.typed_table import (
    Column,
    TableFault,
    authority,
    choice,
    or_all,
    pounds,
    read_table,
)

# 2026/27, 2026-27 or 2026/2027, if the second year follows the first.
_YEARS = "{{0}}, '^(20[0-9][0-9]) ?[/-] ?(20)?([0-9][0-9])$', {group}"
_FIRST, _SECOND = (f"regexp_extract({_YEARS.format(group=group)})" for group in (1, 3))
_FINANCIAL_YEAR = (
    f"case when (try_cast({_FIRST} as integer) + 1) % 100 = try_cast({_SECOND} as integer) "
    f"then concat({_FIRST}, '/', {_SECOND}) end"
)


@dataclass(frozen=True)
class BudgetLine:
    """What an authority may spend on homes in a financial year, of one type or of all."""

    la_code: str
    financial_year: str  # 2026/27 is 1 April 2026 to 31 March 2027
    placement_type: str | None  # None: all
    budget_gbp: Decimal
    row: int = field(compare=False, repr=False)  # as Excel shows it


@dataclass(frozen=True)
class Budget:
    """The lines of the file without a fault, and all faults of the others."""

    lines: tuple[BudgetLine, ...]
    faults: tuple[TableFault, ...]


def _columns(areas: Collection[str]) -> dict[str, Column]:
    return {
        "la": authority(areas),
        "financial_year": Column(
            _FINANCIAL_YEAR, "a financial year such as 2026/27", lambda text: True
        ),
        "placement_type": or_all(choice(forecast_types())),
        "budget_gbp": pounds(),
    }


COLUMNS = tuple(_columns(()))


def read_budget(file: Path, areas: Collection[str]) -> Budget:
    """The budget of a CSV file or workbook, for the authorities of these codes.

    What its writer can get wrong comes back as faults. Without a file there is no budget.
    """
    table = read_table(file, _columns(areas))
    lines: list[BudgetLine] = []
    faults = list(table.faults)
    row_of: dict[tuple[object, ...], int] = {}
    for row in table.rows:
        mine = list(row.faults)
        key = tuple(row.values[name] for name in ("la", "financial_year", "placement_type"))
        if not mine and row_of.setdefault(key, row.number) != row.number:
            problem = f"Row {row_of[key]} is of the same authority, year and type."
            mine.append(TableFault(row.number, "la", problem, "Keep one of them."))
        faults += mine
        if not mine:
            values = dict(row.values)
            lines.append(BudgetLine(la_code=values.pop("la"), **values, row=row.number))
    return Budget(tuple(lines), tuple(faults))
