"""Believable mistakes, planted one to a row, and harmless mess, which no check may count.

Each mistake says which check should find it and how severe the standard says that is, so that the
tests can compare what was planted with what the pipeline finds. No child id is kept.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipeline.standards.load import Field, Table
from pipeline.synthetic.placements import Row
from pipeline.synthetic.ssda903 import uk

HARMLESS = "none"
NON_BREAKING, ZERO_WIDTH = "\u00a0", "\u200b"
IMPOSSIBLE = "31/02/2025"
# The share of mistakes of each severity, as far as a table has a check of it.
SEVERITIES = ("fix", "stop", "fix", "warn", "fix", "warn")
MESS_FOR_EACH_MISTAKE = 4


@dataclass(frozen=True)
class Planted:
    """One check that a row should fail; of harmless mess the severity is `none`."""

    field: str
    kind: str
    severity: str


@dataclass(frozen=True)
class PlantedRow:
    """Where: the number of the row in its table, from 0, and what was done to it."""

    row: int
    planted: tuple[Planted, ...]


Mistake = Callable[[Table, Row, np.random.Generator], tuple[Planted, ...]]


def plant(
    table: Table, rows: list[Row], rate: float, rng: np.random.Generator, whole: bool = False
) -> list[PlantedRow]:
    """Change some rows in place and say what was done; a rate of 0 changes nothing.

    `rate` is the share of rows with a mistake; with `whole` there is at least one. Some rows more
    get harmless mess. No row gets both, so that each failure has one cause.
    """
    if rate <= 0 or not rows:
        return []
    wrong = rng.binomial(len(rows), min(rate, 1.0))
    wrong = max(wrong, 1) if whole else wrong
    messy = min(len(rows) - wrong, rng.binomial(len(rows), min(rate * MESS_FOR_EACH_MISTAKE, 0.5)))
    chosen = [int(n) for n in rng.permutation(len(rows))[: wrong + messy]]
    turn = int(rng.random() * len(SEVERITIES))
    planted = []
    for n, row in enumerate(chosen[:wrong]):
        severity = SEVERITIES[(turn + n) % len(SEVERITIES)]
        planted.append(PlantedRow(row, _mistake(table, rows[row], severity, rng)))
    for row in chosen[wrong:]:
        planted.append(PlantedRow(row, _mess(table, rows[row], rng)))
    return sorted((p for p in planted if p.planted), key=lambda p: p.row)


def _mistake(
    table: Table, row: Row, severity: str, rng: np.random.Generator
) -> tuple[Planted, ...]:
    """Make the first mistake of this severity that the row allows, else one to fix."""
    for mistakes in (MISTAKES[severity], MISTAKES["fix"]):
        for number in rng.permutation(len(mistakes)):
            done = mistakes[number](table, row, rng)
            if done:
                return done
    return ()


def _mess(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    for number in rng.permutation(len(MESS)):
        done = MESS[number](table, row, rng)
        if done:
            return done
    return ()


def messy_header(header: str, rng: np.random.Generator) -> str:
    """The same header as people retype it."""
    forms = (header + " ", header.lower(), header + NON_BREAKING + " ", " " + header)
    return forms[int(rng.random() * len(forms))]


def _fields(table: Table, row: Row, *types: str) -> list[Field]:
    """The fields of these types that the row fills in."""
    return [f for f in table.fields if f.type in types and row.get(f.name) not in (None, "")]


def _any(fields: list[Field], rng: np.random.Generator) -> Field | None:
    return fields[int(rng.random() * len(fields))] if fields else None


def _check(table: Table, check: str, field: str) -> tuple[Planted, ...]:
    severity = next(c.severity for c in table.checks if c.id == check)
    return (Planted(field, check, severity),)


def _has_check(table: Table, check: str) -> bool:
    return any(c.id == check for c in table.checks)


# --- stop: the row cannot be used ---


def _no_child(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = table.field(table.child)
    row[field.name] = None
    return (Planted(field.name, "missing", field.missing_severity),)


def _unreadable_key(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = _key_date(table)
    if field is None:
        return ()
    row[field.name] = IMPOSSIBLE
    return (Planted(field.name, "type", field.severity),)


def _blank_key(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = _key_date(table)
    if field is None:
        return ()
    row[field.name] = None
    return (Planted(field.name, "missing", field.missing_severity),)


def _key_date(table: Table) -> Field | None:
    keys = (table.field(name) for name in table.key_required)
    return next((f for f in keys if f.type == "date"), None)


# --- fix: the row breaks the standard ---


def _no_option(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = _any(_fields(table, row, "category", "multi_category", "code"), rng)
    if field is None:
        return ()
    wrong = "Q9" if field.type == "code" else "Perhaps"
    row[field.name] = [wrong] if isinstance(row[field.name], list) else wrong
    return (Planted(field.name, "option", field.severity), *_half_an_end(table, field))


def _bad_date(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    dates = [f for f in _fields(table, row, "date") if f.name not in table.key_required]
    field = _any([f for f in dates if f.severity == "fix"], rng)
    if field is None:
        return ()
    row[field.name] = IMPOSSIBLE
    return (Planted(field.name, "type", field.severity), *_half_an_end(table, field))


def _half_an_end(table: Table, field: Field) -> tuple[Planted, ...]:
    """An end date or a reason that cannot be read leaves the other alone."""
    if field.name not in ("dec", "rec") or not _has_check(table, "ended_without_reason"):
        return ()
    return _check(table, "ended_without_reason", "rec")


def _missing(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    asked = _fields(table, row, "category", "boolean", "code", "date")
    field = _any([f for f in asked if f.required == "always" and f.missing_severity == "fix"], rng)
    if field is None:
        return ()
    row[field.name] = None
    return (Planted(field.name, "missing", field.missing_severity),)


def _unwanted(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    """An answer to a question that the row's other answers rule out."""
    if row.get("is_preferred_location_local") in ("Yes", True):
        field, answer = table.field("out_of_la_reason"), "Court order"
    elif row.get("in_school") == "No":
        field, answer = table.field("keep_school"), "Yes"
    elif row.get("other_location_flag") == "No":
        field, answer = table.field("other_location_freq"), "weekly"
    else:
        return ()
    row[field.name] = answer
    return (Planted(field.name, "unwanted", field.severity),)


def _negative_cost(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    if row.get("agreed_weekly_cost"):
        # The actual cost then differs from the agreed by more than a quarter, too.
        row["agreed_weekly_cost"] = -row["agreed_weekly_cost"]
        field = table.field("agreed_weekly_cost")
        return (
            Planted(field.name, "range", field.range_severity),
            *_check(table, "cost_changed_much", "agreed_weekly_cost"),
        )
    names = ("cost_other_weekly", "other_weekly_cost")
    field = next((f for f in table.fields if f.name in names), None)
    parts = ("cost_core_weekly", "core_weekly_cost")
    if field is None or any(row.get(part) is not None for part in parts):
        return ()
    row[field.name] = -50.0
    return (Planted(field.name, "range", field.range_severity),)


def _none_and_more(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = next((f for f in _fields(table, row, "multi_category") if f.exclusive), None)
    if field is None:
        return ()
    others = [o for o in field.options if o not in (field.exclusive, "Other")]
    both = [field.exclusive, others[int(rng.random() * len(others))]]
    row[field.name] = both if isinstance(row[field.name], list) else ", ".join(both)
    planted = (Planted(field.name, "exclusive", field.severity),)
    if _has_check(table, "named_without_need") and row.get("comms_need") == "No":
        planted += _check(table, "named_without_need", field.name)
    return planted


def _ends_first(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    pairs = {"decom": "dec", "mis_start": "mis_end", "sw_decom": "sw_dec"}
    start = next((name for name in pairs if row.get(name)), None)
    if start is None or not row.get(pairs[start]) or not _has_check(table, "ends_before_it_begins"):
        return ()
    began = dt.datetime.strptime(row[start], "%d/%m/%Y").date()
    row[pairs[start]] = uk(began - dt.timedelta(days=6))
    return _check(table, "ends_before_it_begins", pairs[start])


def _no_reason(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    if not row.get("rec"):
        return ()
    row["rec"] = None
    return _check(table, "ended_without_reason", "rec")


def _impossible_score(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    if not row.get("sdq_score"):
        return ()
    row["sdq_score"] = "55"
    return (Planted("sdq_score", "range", table.field("sdq_score").range_severity),)


# --- warn: the row is unlikely ---


def _no_number(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = next((f for f in _fields(table, row, "urn") if f.severity == "warn"), None)
    if field is None:
        return ()
    row[field.name] = "see notes"
    return (Planted(field.name, "type", field.severity),)


def _maybe_unregistered(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    homes = ("Residential", "Supported Accommodation")
    if not _has_check(table, "possibly_unregistered") or row.get("placement_type") not in homes:
        return ()
    row["provider_urn"] = None
    field = table.field("provider_urn")
    return (
        Planted(field.name, "missing", field.missing_severity),
        *_check(table, "possibly_unregistered", field.name),
    )


def _wrong_sum(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    names = ("cost_core_weekly", "core_weekly_cost")
    core = next((name for name in names if row.get(name) is not None), None)
    if core is None:
        return ()
    row[core] += 250.0
    return _check(table, "parts_do_not_add_up", core)


def _preferred_twice(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    if not _has_check(table, "preferred_twice"):
        return ()
    check = next(c for c in table.checks if c.id == "preferred_twice")
    for name in check.fields[:2]:
        row[name] = "Preferred"
    return _check(table, "preferred_twice", check.fields[0])


def _cost_changed(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    if not row.get("agreed_weekly_cost"):
        return ()
    row["actual_weekly_cost"] = round(row["agreed_weekly_cost"] * 1.6, 2)
    return _check(table, "cost_changed_much", "actual_weekly_cost")


def _unlikely_date(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = next((f for f in _fields(table, row, "date") if f.severity == "warn"), None)
    if field is None:
        return ()
    row[field.name] = IMPOSSIBLE
    return (Planted(field.name, "type", field.severity),)


MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "stop": (_no_child, _unreadable_key, _blank_key),
    "fix": (
        _no_option, _bad_date, _missing, _unwanted, _negative_cost, _none_and_more, _ends_first,
        _no_reason, _impossible_score,
    ),
    "warn": (
        _no_number, _maybe_unregistered, _wrong_sum, _preferred_twice, _cost_changed,
        _unlikely_date,
    ),
}  # fmt: skip


# --- harmless mess: to be tidied, not counted ---


def _mess_text(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = _any([f for f in _fields(table, row, *TEXTS) if isinstance(row[f.name], str)], rng)
    if field is None:
        return ()
    forms = {
        "non-breaking space": row[field.name] + NON_BREAKING,
        "zero-width space": ZERO_WIDTH + row[field.name],
        "trailing space": row[field.name] + "  ",
    }
    kind = tuple(forms)[int(rng.random() * len(forms))]
    row[field.name] = forms[kind]
    return (Planted(field.name, kind, HARMLESS),)


TEXTS = ("id", "category", "code", "urn", "postcode", "outward_postcode", "boolean")


def _mess_quotes(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = _any(
        [f for f in _fields(table, row, "category", "text") if "'" in str(row[f.name])], rng
    )
    if field is None:
        return ()
    row[field.name] = row[field.name].replace("'", "\u2019")
    return (Planted(field.name, "curly quote", HARMLESS),)


def _mess_money(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = _any([f for f in _fields(table, row, "money") if row[f.name] >= 1000], rng)
    if field is None:
        return ()
    row[field.name] = f"£{row[field.name]:,.2f}"
    return (Planted(field.name, "pound sign and commas", HARMLESS),)


def _mess_days(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    names = ("when_placement_is_needed_by", "needed_by")
    name = next((n for n in names if row.get(n) == "< 5 days"), None)
    if name is None:
        return ()
    row[name] = "< 5days"
    return (Planted(name, "option spelt otherwise", HARMLESS),)


def _mess_case(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    fields = _fields(table, row, "category", "boolean")
    field = _any([f for f in fields if isinstance(row[f.name], str)], rng)
    if field is None:
        return ()
    row[field.name] = row[field.name].lower()
    return (Planted(field.name, "lower case", HARMLESS),)


def _mess_yes(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = _any([f for f in _fields(table, row, "boolean") if row[f.name] == "Yes"], rng)
    if field is None:
        return ()
    row[field.name] = "Y"
    return (Planted(field.name, "Y for Yes", HARMLESS),)


def _mess_ratio(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    """Excel reads 1:1 as one minute past one."""
    if row.get("min_ratio") not in ("1:1", "2:1"):
        return ()
    row["min_ratio"] = dt.time(int(row["min_ratio"][0]), 1)
    return (Planted("min_ratio", "Excel time", HARMLESS),)


def _mess_number(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    """An id of digits only that Excel holds as a number; a CSV file has no such thing."""
    urn = row.get("provider_urn")
    if not (isinstance(urn, str) and urn.isdigit()):
        return ()
    row["provider_urn"] = float(urn)
    return (Planted("provider_urn", "id as a number", HARMLESS),)


def _mess_date(table: Table, row: Row, rng: np.random.Generator) -> tuple[Planted, ...]:
    field = _any(_fields(table, row, "date"), rng)
    if field is None or table.name == "nps_records":
        return ()
    value = row[field.name]
    day = value if isinstance(value, dt.date) else dt.datetime.strptime(value, "%d/%m/%Y").date()
    if day.year < 2000:
        return ()
    row[field.name] = f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year % 100:02d}"
    return (Planted(field.name, "date as 30-Mar-24", HARMLESS),)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MESS: tuple[Mistake, ...] = (
    _mess_text, _mess_quotes, _mess_money, _mess_days, _mess_case, _mess_yes, _mess_ratio,
    _mess_number, _mess_date,
)  # fmt: skip
