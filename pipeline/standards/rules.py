"""The checks of a table, read off its standard: what each tests, how grave it is, what to say.

Check ids are `<table>.<field>.<kind>`, and `<table>.<id>` for a check across the fields of a row.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pipeline.standards.load import Field, RowCheck, StandardFault, Table, fields_read
from pipeline.warehouse import sql_name, sql_text

# Intake removes this character from every text. In front of a text that could not be read, it
# keeps that text from looking like a value: `2024-02-31` is no date, though it has the shape.
UNREADABLE = "\u2060"

READABLE_AS = {
    "id": (
        "an identifier (a spreadsheet may have rounded it, to a form such as 1.23E+05, or it is a "
        "word for none, such as #N/A or UNKNOWN)"
    ),
    "integer": "a whole number",
    "money": "an amount of money",
    "date": "a date",
    "boolean": "Yes or No",
    "postcode": "a postcode",
    "outward_postcode": "the first half of a postcode",
    "urn": "an Ofsted number",
}
LISTED = ("category", "multi_category", "code")
MEASURED = ("integer", "money", "date")


@dataclass(frozen=True)
class Check:
    """One check of one table. `fails_when` is SQL over the conformed columns, where it is SQL."""

    id: str
    kind: str  # column, missing, unwanted, type, option, exclusive, range, row
    severity: str
    fields: tuple[str, ...]
    message: str
    how_to_fix: str
    fails_when: str | None = None

    @property
    def field(self) -> str:
        return ", ".join(self.fields)


def standard_file(table: Table) -> str:
    """Where a table is declared, for messages about faults of the standard itself."""
    return f"placements/{table.name}.yml" if table.dataset == "placements" else "ssda903/tables.yml"


def bound(table: Table, field: Field, text: str, today: date) -> float | datetime:
    """A `min` or `max` as Great Expectations compares it; raises StandardFault if it is neither.

    `today` is inclusive: the day itself is still within the range.
    """
    try:
        if field.type == "date":
            day = today if text == "today" else date.fromisoformat(text)
            return datetime(day.year, day.month, day.day)
        return float(Decimal(text))
    except (ValueError, InvalidOperation):
        raise StandardFault(
            f"{standard_file(table)}, table {table.name}, field {field.name}: "
            f"the bound {text} is neither a number nor a date"
        ) from None


def _range_text(field: Field) -> str:
    low, high = field.minimum, field.maximum
    if low is None:
        return f"is above {high}"
    if high is None:
        return f"is below {low}"
    return f"is not between {low} and {high}"


def _option_text(field: Field, year: int | None) -> str:
    if field.type == "code":
        return "is not a code" + (f" of collection year {year}" if year else " of the standard")
    return "is not one of the listed options"


def _field_checks(table: Table, field: Field, year: int | None) -> list[Check]:
    text = sql_name(f"{field.name}__text")
    checks = []

    def add(kind: str, severity: str, what: str, fails_when: str | None = None) -> None:
        message = f'"{field.header}" {what}. {field.message}'
        name = f"{table.name}.{field.name}.{kind}"
        checks.append(
            Check(name, kind, severity, (field.name,), message, field.how_to_fix, fails_when)
        )

    if field.required == "always":
        add("missing", field.missing_severity, "is blank")
    if field.required == "when":
        condition = f"({field.required_when}) and {text} is null"
        add("missing", field.missing_severity, "is blank, though it is needed here", condition)
    if field.blank_when:
        condition = f"({field.blank_when}) and {text} is not null"
        add("unwanted", field.severity, "is filled in where it should be blank", condition)
    if field.type in READABLE_AS:
        add("type", field.severity, f"cannot be read as {READABLE_AS[field.type]}")
    if field.type in LISTED:
        add("option", field.severity, _option_text(field, year))
    if field.exclusive:
        name, label = sql_name(field.name), sql_text(field.exclusive)
        condition = f"has_option({name}, {label}) and {name} <> {label}"
        add("exclusive", field.severity, f"has {field.exclusive} beside other options", condition)
    if field.type in MEASURED and (field.minimum or field.maximum):
        add("range", field.range_severity, _range_text(field))
    return checks


def _row_check(table: Table, check: RowCheck) -> Check:
    return Check(
        f"{table.name}.{check.id}",
        "row",
        check.severity,
        check.fields,
        check.message,
        check.how_to_fix,
        check.fails_when,
    )


def checks_of(table: Table, year: int | None) -> list[Check]:
    """Every check of a table's fields and rows, in the order of the standard."""
    checks = [c for f in table.fields for c in _field_checks(table, f, year)]
    return checks + [_row_check(table, c) for c in table.checks]


def column_checks(table: Table, missing_columns: frozenset[str]) -> list[Check]:
    """One check of the whole file for each always required field whose column is not in it."""
    return [
        Check(
            f"{table.name}.{field.name}.column",
            "column",
            field.missing_severity,
            (field.name,),
            f'The column "{field.header}" is not in the file. {field.message}',
            f'Add a column headed "{field.header}". {field.how_to_fix}',
        )
        for field in table.fields
        if field.required == "always" and field.name in missing_columns
    ]


def _is_testable(
    check: Check, table: Table, year: int | None, missing_columns: frozenset[str]
) -> bool:
    if missing_columns.intersection(check.fields):
        return False
    if check.fails_when:
        others = fields_read(check.fails_when, table.fields) - set(check.fields)
        return not others or bool(others - missing_columns)
    if check.kind == "option":
        return bool(table.field(check.fields[0]).values_in(year))
    return True


def testable_checks(table: Table, year: int | None, missing_columns: frozenset[str]) -> list[Check]:
    """The checks that a file with these columns missing can be put to, those of columns first.

    Left out are checks whose columns are absent, and lists of codes that do not exist that year. A
    condition such as "any of these three is given" can be tested while one of them is there.
    """
    testable = [c for c in checks_of(table, year) if _is_testable(c, table, year, missing_columns)]
    return column_checks(table, missing_columns) + testable
