"""Scenarios, the what-ifs of the forecast: read from a small table that an analyst writes."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from pipeline.forecast.categories import age_bands, forecast_types
from pipeline.typed_table import (
    Column,
    Row,
    TableFault,
    authority,
    choice,
    date_column,
    name_column,
    or_all,
    pounds,
    read_table,
    whole_number,
)

MOST_CHILDREN = 5_000
MOST_MONTHS = 120
MOST_CHANGES = 100  # of one scenario
ROWS_NAMED = 5  # of a scenario, where a fault says which rows it has

# Excel keeps 10% as 0.1: below one, a per cent is known for one by its sign alone.
_NUMBER = r"case when regexp_full_match({0}, '[+-]?\d{{1,9}}(\.\d{{1,15}})?( ?%)?') " \
    r"then regexp_replace({0}, '^[+]|[ ]?%$', '', 'g')::decimal(18, 4) end"  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One row of a scenario: what is changed, where, for whom and when. `docs/scenarios.md`."""

    kind: str  # of KINDS, which says what `number` counts
    la_code: str | None  # None: all authorities of the region
    age_band: str | None  # None: all
    from_type: str | None
    to_type: str | None
    number: Decimal  # children, beds, per cent, or per cent a year
    start: dt.date
    end: dt.date | None  # the last day on which it holds; None: for ever
    ramp_months: int  # from the start until it is there in full; 0: at once
    price_gbp_per_week: Decimal | None
    row: int = field(compare=False, repr=False)  # as Excel shows it


@dataclass(frozen=True)
class Scenario:
    """One what-if: all its changes together, in the order of the file."""

    scenario: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Scenarios:
    """The scenarios without a fault, and all faults of the others."""

    scenarios: tuple[Scenario, ...]
    faults: tuple[TableFault, ...]


@dataclass(frozen=True)
class Kind:
    """What a kind of change must say, may say, and by which number it says how much."""

    counts: str  # what the number counts; ends a sentence that begins with “Write”
    low: int
    high: int
    is_percent: bool
    needs: tuple[str, ...]  # columns that must be filled beside those of EVERY_KIND
    may_have: tuple[str, ...]  # all others must be blank
    sets: str = ""  # the column of what it sets to a value, which no other row may set as well


FOSTER, OTHER = "foster", "other"
NEW_HOMES = ("open home", "foster carers")  # kinds of change that `new_home` is asked about
EVERY_KIND = ("scenario", "kind", "number", "start")
KINDS: Mapping[str, Kind] = {
    "move": Kind(
        "how many children move, a whole number",
        1, MOST_CHILDREN, False, ("from_type", "to_type"), ("la", "age_band", "ramp_months"),
    ),
    "open home": Kind(
        "how many beds the home has, a whole number",
        1, 500, False, ("to_type",),
        ("la", "age_band", "from_type", "end", "ramp_months", "price_gbp_per_week"),
    ),
    "foster carers": Kind(
        "how many children can live with the new carers, a whole number",
        1, 500, False, (), ("la", "age_band", "end", "ramp_months", "price_gbp_per_week"),
    ),
    "close home": Kind(
        "how many beds the home had, a whole number",
        1, 500, False, ("from_type", "to_type"), ("la", "age_band", "ramp_months"),
    ),
    "entries": Kind(
        "per cent more, or fewer with a minus: -10 for a tenth fewer",
        -100, 1_000, True, (), ("la", "age_band", "to_type", "end", "ramp_months"),
    ),
    "exits": Kind(
        "per cent more, or fewer with a minus: 10 for a tenth more",
        -100, 1_000, True, (), ("la", "age_band", "from_type", "end", "ramp_months"),
    ),
    "inflation": Kind(
        "per cent a year: 5 for 5% a year",
        -50, 100, True, (), ("la", "from_type", "end"), sets="from_type",
    ),
    "in-house share": Kind(
        "the share that is reached, in per cent: 60 for 60%",
        0, 100, True, ("to_type",), ("la", "end", "ramp_months"), sets="to_type",
    ),
}  # fmt: skip


def _columns(areas: Collection[str]) -> dict[str, Column]:
    bands = or_all(choice([name for name, *_ in age_bands()]))
    types = or_all(choice(forecast_types()))
    end = "the last day on which it holds, or nothing: for ever"
    above_nothing = "an amount in pounds, more than 0"
    return {
        "scenario": name_column(),
        "kind": choice(KINDS),
        "la": or_all(authority(areas)),
        # Excel would make 1-4 a date of it, in CSV it stays as it is.
        "age_band": replace(bands, sql=r"regexp_replace(lower({0}), '\s*-\s*', ' to ')"),
        "from_type": types,
        "to_type": types,
        "number": Column(_NUMBER, "a number such as 10 or -10", lambda number: True),
        "start": date_column(),
        "end": replace(date_column(), wanted=end, may_be_blank=True),
        "ramp_months": replace(whole_number(0, MOST_MONTHS, "months"), may_be_blank=True),
        "price_gbp_per_week": replace(
            pounds(), wanted=above_nothing, fits=lambda gbp: gbp > 0, may_be_blank=True
        ),
    }


COLUMNS = tuple(_columns(()))


def read_scenarios(file: Path, areas: Collection[str]) -> Scenarios:
    """The scenarios of a CSV file or workbook, for the authorities of these codes.

    Rows of one name make one scenario, of which a row with a fault takes all others out. What its
    writer can get wrong comes back as faults. Without a file there are no scenarios.
    """
    columns = _columns(areas)
    table = read_table(file, columns)
    faults = list(table.faults)
    rows_of: dict[str, list[Row]] = {}
    for row in table.rows:
        if name := row.values["scenario"]:
            rows_of.setdefault(str(name).lower(), []).append(row)
        else:
            faults += [*row.faults, *_of_kind(row, columns)]
    scenarios: list[Scenario] = []
    for rows in rows_of.values():
        mine = [fault for row in rows for fault in (*row.faults, *_of_kind(row, columns))]
        if len(rows) > MOST_CHANGES:
            problem = f"The scenario has more than {MOST_CHANGES} rows."
            mine.append(TableFault(rows[0].number, "scenario", problem, "Make several of it."))
        if not mine:
            changes = tuple(map(_change, rows))
            mine += _of_pairs(changes)
        if mine:
            faults += [*mine, _left_out(rows, mine)]
        else:
            scenarios.append(Scenario(str(rows[0].values["scenario"]), changes))
    return Scenarios(tuple(scenarios), tuple(faults))


def _change(row: Row) -> Change:
    values = dict(row.values)
    del values["scenario"]
    values["la_code"] = values.pop("la")
    values["ramp_months"] = values["ramp_months"] or 0
    return Change(**values, row=row.number)


def _of_kind(row: Row, columns: Mapping[str, Column]) -> Iterator[TableFault]:
    """What is wrong with a row of its kind, beside what each cell must be."""
    name = row.values["kind"]
    kind = KINDS.get(str(name))
    if kind is None:
        return
    for column in COLUMNS:
        if column in kind.needs and row.texts[column] is None:
            wanted = columns[column].wanted.removesuffix(", or nothing for all")
            yield TableFault(row.number, column, "The cell is blank.", f"Write {wanted}.")
        if column not in (*EVERY_KIND, *kind.needs, *kind.may_have) and row.texts[column]:
            problem = f"It says nothing of the kind “{name}”."
            yield TableFault(row.number, column, problem, "Clear the cell.")
    if not _fits(kind, row):
        wanted = f"Write {kind.counts}, from {kind.low:,} to {kind.high:,}."
        if kind.is_percent:
            wanted += " With a figure below 1 write the % sign, too: Excel keeps 50% as 0.5."
        yield TableFault(row.number, "number", "It cannot be that.", wanted)
    start, end = row.values["start"], row.values["end"]
    if start and end and end < start:
        yield TableFault(row.number, "end", "It is before the start.", "Write a later date.")
    yield from _of_types(str(name), row)


def _fits(kind: Kind, row: Row) -> bool:
    """Whether the number is one that the kind can have; one that cannot be read is told of."""
    number, text = row.values["number"], row.texts["number"]
    if not isinstance(number, Decimal) or text is None:
        return True
    is_signed = text.endswith("%")
    if kind.is_percent:
        is_plain = is_signed or abs(number) >= 1 or number == 0
    else:
        is_plain = not is_signed and number == number.to_integral_value()
    return is_plain and kind.low <= number <= kind.high


def _of_types(name: str, row: Row) -> Iterator[TableFault]:
    from_type, to_type = row.values["from_type"], row.values["to_type"]
    if name == "open home" and to_type == OTHER:
        problem = "It is no type that one can build."
        yield TableFault(row.number, "to_type", problem, "Write foster, residential or supported.")
    if name not in ("move", "open home", "close home") or not from_type or from_type != to_type:
        return
    if name != "open home":
        problem = "It is the type that the children come from: nothing would change."
        yield TableFault(row.number, "to_type", problem, "Write another type.")


def _of_pairs(changes: Sequence[Change]) -> Iterator[TableFault]:
    """Rows of a scenario that say the same as one above, or set one thing to another value."""
    for number, change in enumerate(changes):
        above = changes[:number]
        if same := next((other for other in above if other == change), None):
            problem = f"Row {same.row} says the same."
            yield TableFault(change.row, "kind", problem, "Take one of them out.")
        elif rival := next((other for other in above if _overlap(other, change)), None):
            problem = f"Row {rival.row} sets this for the same place, type and days."
            how = "Take one of them out, or let one end before the other starts."
            yield TableFault(change.row, "kind", problem, how)


def _overlap(first: Change, second: Change) -> bool:
    sets = KINDS[first.kind].sets
    if not sets or first.kind != second.kind:
        return False
    pairs = (
        (first.la_code, second.la_code),
        (getattr(first, sets), getattr(second, sets)),
    )
    ends = first.end or dt.date.max, second.end or dt.date.max
    return (
        all(one == other or None in (one, other) for one, other in pairs)
        and first.start <= ends[1]
        and second.start <= ends[0]
    )


def _left_out(rows: Sequence[Row], faults: Sequence[TableFault]) -> TableFault:
    """That a scenario is not used; by its rows, for a file that is none may hold anything."""
    numbers = [row.number for row in rows]
    at_fault = sorted({fault.row for fault in faults if fault.row})
    return TableFault(
        None,
        "scenario",
        f"All of the scenario in {_listed(numbers)} is left out, for the fault in "
        f"{_listed(at_fault)}.",
        "Mend it; the other scenarios are used.",
    )


def _listed(numbers: Sequence[int]) -> str:
    """Rows as words: `row 3`, `rows 3, 4` or, of many, `rows 3, 4, 5, 6, 7 and 12 more`."""
    shown = ", ".join(map(str, numbers[:ROWS_NAMED]))
    more = len(numbers) - ROWS_NAMED
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{f' and {more} more' if more > 0 else ''}"
