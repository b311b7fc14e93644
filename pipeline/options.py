"""Options for new homes, for the business case: read from a small table that an analyst writes."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.typed_table import (
    Column,
    TableFault,
    authority,
    choice,
    date_column,
    name_column,
    pounds,
    read_table,
    whole_number,
)

PLACEMENT_TYPES = ("foster", "residential", "supported")


@dataclass(frozen=True)
class Option:
    """One way to make new homes. Money in pounds of the year in which it is written down."""

    option: str
    placement_type: str  # of PLACEMENT_TYPES
    beds: int
    area_code: str  # ONS code of an authority of the region
    capital_gbp: Decimal  # once, before it opens
    running_cost_gbp_per_year: Decimal  # without staff
    staffing_gbp_per_year: Decimal
    opens: dt.date
    ramp_up_months: int  # from its opening until it is as full as it will be
    lifetime_years: int


@dataclass(frozen=True)
class Options:
    """The rows of the file without a fault, and all faults of the others."""

    options: tuple[Option, ...]
    faults: tuple[TableFault, ...]


def _columns(areas: Collection[str]) -> dict[str, Column]:
    return {
        "option": name_column(),
        "placement_type": choice(PLACEMENT_TYPES),
        "beds": whole_number(1, 500, "beds"),
        "area_code": authority(areas),
        "capital_gbp": pounds(),
        "running_cost_gbp_per_year": pounds(),
        "staffing_gbp_per_year": pounds(),
        "opens": date_column(),
        "ramp_up_months": whole_number(0, 120, "months"),
        "lifetime_years": whole_number(1, 100, "years"),
    }


COLUMNS = tuple(_columns(()))


def read_options(file: Path, areas: Collection[str]) -> Options:
    """The options of a CSV file or workbook, for the authorities of these codes.

    What its writer can get wrong comes back as faults. Without a file there are no options.
    """
    table = read_table(file, _columns(areas))
    options: list[Option] = []
    faults = list(table.faults)
    row_of: dict[str, int] = {}
    for row in table.rows:
        mine = list(row.faults)
        name = row.texts["option"]
        if name and row_of.setdefault(name.lower(), row.number) != row.number:
            first = f"Row {row_of[name.lower()]} has this name."
            mine.append(TableFault(row.number, "option", first, "Give it one of its own."))
        faults += mine
        if not mine:
            options.append(Option(**row.values))
    return Options(tuple(options), tuple(faults))
