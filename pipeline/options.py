"""Options for new homes, for the business case: read from a small table that an analyst writes."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.intake.clean import create_macros
from pipeline.intake.headings import bare
from pipeline.intake.read import Unreadable, read_sheets
from pipeline.warehouse import workspace

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
class OptionFault:
    """What is wrong with the file, and how to mend it; `row` is the one that Excel shows."""

    row: int | None  # None: of the whole file
    column: str
    problem: str
    how_to_fix: str

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (f"row {self.row}" if self.row else "", self.column and f"“{self.column}”")
            if part
        )
        return (
            f"{where}: {self.problem} {self.how_to_fix}"
            if where
            else (f"{self.problem} {self.how_to_fix}")
        )


@dataclass(frozen=True)
class Options:
    """The rows of the file without a fault, and all faults of the others."""

    options: tuple[Option, ...]
    faults: tuple[OptionFault, ...]


@dataclass(frozen=True)
class _Column:
    """How a column is read: the SQL over its text, and what its value must be."""

    sql: str
    wanted: str
    fits: Callable[[object], bool]


def _number(low: int, high: int, what: str) -> _Column:
    wanted = f"a whole number of {what} from {low} to {high}"
    return _Column("read_integer({0})", wanted, lambda n: low <= n <= high)


def _money() -> _Column:
    return _Column("read_money({0})", "an amount in pounds, 0 or more", lambda gbp: gbp >= 0)


def _columns(areas: Collection[str]) -> dict[str, _Column]:
    return {
        "option": _Column("{0}", "a name", bool),
        "placement_type": _Column(
            "lower({0})", f"one of {', '.join(PLACEMENT_TYPES)}", lambda t: t in PLACEMENT_TYPES
        ),
        "beds": _number(1, 500, "beds"),
        "area_code": _Column(
            "upper({0})", "the ONS code of an authority of the region", lambda c: c in areas
        ),
        "capital_gbp": _money(),
        "running_cost_gbp_per_year": _money(),
        "staffing_gbp_per_year": _money(),
        "opens": _Column("read_date({0})", "a date such as 01/04/2027", lambda day: True),
        "ramp_up_months": _number(0, 120, "months"),
        "lifetime_years": _number(1, 100, "years"),
    }


COLUMNS = tuple(_columns(()))


def read_options(file: Path, areas: Collection[str]) -> Options:
    """The options of a CSV file or workbook, for the authorities of these codes.

    What its writer can get wrong comes back as faults. Without a file there are no options.
    """
    if not file.exists():
        return Options((), ())
    columns = _columns(areas)
    with workspace() as connection:
        create_macros(connection)
        try:
            sheets = read_sheets(connection, file, "options")
        except Unreadable as fault:
            return Options((), (OptionFault(None, "", fault.reason, fault.how_to_fix),))
        if not sheets:
            return Options((), (_of_file("", "The file holds nothing."),))
        relation = sheets[0].relation
        heading, *_ = connection.execute(
            f"select * exclude (row_number) from {relation} order by row_number limit 1"
        ).fetchall() or [()]
        found = {bare(h): f"c{n}" for n, h in enumerate(heading) if h}
        missing = [name for name in columns if bare(name) not in found]
        if missing:
            return Options((), tuple(_of_file(n, "The column is missing.") for n in missing))
        texts = [f"clean_text({found[bare(name)]})" for name in columns]
        values = [c.sql.format(text) for c, text in zip(columns.values(), texts, strict=True)]
        rows = connection.execute(
            f"select row_number, [{', '.join(texts)}], {', '.join(values)} from {relation} "
            f"where row_number > (select min(row_number) from {relation}) order by row_number"
        ).fetchall()
    return _judged(columns, rows)


def _of_file(column: str, problem: str) -> OptionFault:
    return OptionFault(None, column, problem, f"The columns are {', '.join(COLUMNS)}.")


def _judged(columns: Mapping[str, _Column], rows: list[tuple]) -> Options:
    options: list[Option] = []
    faults: list[OptionFault] = []
    row_of: dict[str, int] = {}
    for row, texts, *values in rows:
        if not any(texts):
            continue
        mine = [
            OptionFault(
                row, name, "The cell is blank." if text is None else "It cannot be that.",
                f"Write {column.wanted}.",
            )
            for (name, column), text, value in zip(columns.items(), texts, values, strict=True)
            if value is None or not column.fits(value)
        ]  # fmt: skip
        name = texts[0]
        if name and row_of.setdefault(name.lower(), row) != row:
            first = row_of[name.lower()]
            mine.append(
                OptionFault(row, "option", f"Row {first} has this name.", "Give it one of its own.")
            )
        faults += mine
        if not mine:
            options.append(Option(**dict(zip(columns, values, strict=True))))
    return Options(tuple(options), tuple(faults))
