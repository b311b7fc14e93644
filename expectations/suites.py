"""Great Expectations suites, built in memory from the standard's files: no rule is written twice.

A suite runs on the check frame of one submission (`pipeline.standards.frame`). What concerns one
field is a native expectation; a rule across fields is one expectation on its true-or-false column.
Great Expectations takes seconds to import, so it is imported where it is used.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from pipeline.standards.load import Field, Table
from pipeline.standards.rules import UNREADABLE, Check, bound, testable_checks
from pipeline.standards.ssda903.rule import Rule

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.expectations import Expectation

DFE_RULES = "_dfe_rules"  # the end of the name of a suite of DfE's rules

# The canonical texts of the check frame.
READABLE = {
    "id": f"^[^{UNREADABLE}]",
    "integer": r"^(?:-?\d+|NA)$",
    "money": r"^-?\d+\.\d{2}$",
    "date": r"^\d{4}-\d{2}-\d{2}$",
    "boolean": "^(?:Yes|No)$",
    "postcode": r"^[A-Z]{1,2}\d[A-Z\d]?(?: \d(?:[A-Z]{2})?)?$",
    "outward_postcode": r"^[A-Z]{1,2}\d[A-Z\d]?$",
    "urn": r"^(?:(?:SC)?\d{5,8}|X{7})$",
}

_TITLES = {
    "column": "is a column of the file",
    "missing": "is filled in where it is needed",
    "unwanted": "is blank where it should be",
    "type": "can be read",
    "option": "is on the list",
    "exclusive": "does not contradict itself",
    "range": "is within its range",
}


def _several_of(options: tuple[str, ...]) -> str:
    """The regex of one or more options, joined by `; `."""
    one = "(?:" + "|".join(re.escape(o) for o in options) + ")"
    return f"^{one}(?:; {one})*$"


def _title(check: Check, table: Table) -> str:
    """What Data Docs shows: what holds where the check passes."""
    if check.kind == "row":
        return f"No row where: {check.message} ({check.severity})"
    header = table.field(check.fields[0]).header
    return f'"{header}" {_TITLES[check.kind]} ({check.severity})'


def _expectation(
    check: Check, table: Table, field: Field, year: int | None, today: date
) -> Expectation:
    import great_expectations.expectations as gxe

    about = {
        "description": _title(check, table),
        "meta": {
            "check_id": check.id,
            "severity": check.severity,
            "field": check.field,
            "message": check.message,
            "how_to_fix": check.how_to_fix,
        },
    }
    if check.kind == "column":
        return gxe.ExpectColumnToExist(column=field.name, **about)
    if check.fails_when:
        return gxe.ExpectColumnValuesToBeInSet(column=check.id, value_set=[True], **about)
    if check.kind == "missing":
        return gxe.ExpectColumnValuesToNotBeNull(column=field.name, **about)
    if check.kind == "type":
        regex = READABLE[field.type]
        return gxe.ExpectColumnValuesToMatchRegex(column=field.name, regex=regex, **about)
    if check.kind == "range":
        return gxe.ExpectColumnValuesToBeBetween(
            column=f"{field.name}__value",
            min_value=field.minimum and bound(table, field, field.minimum, today),
            max_value=field.maximum and bound(table, field, field.maximum, today),
            **about,
        )
    values = field.values_in(year)
    if field.type == "multi_category":
        regex = _several_of(values)
        return gxe.ExpectColumnValuesToMatchRegex(column=field.name, regex=regex, **about)
    return gxe.ExpectColumnValuesToBeInSet(column=field.name, value_set=list(values), **about)


def build_suite(
    table: Table,
    year: int | None,
    missing_columns: frozenset[str],
    today: date,
) -> ExpectationSuite:
    """The suite of one table for one collection year (None for placement returns).

    Leaves out what cannot be tested because its columns are absent; a required column that is
    absent is an expectation of its own. Raises StandardFault if a bound cannot be read.
    """
    import great_expectations as gx

    return gx.ExpectationSuite(
        name=table.name if year is None else f"{table.name}_{year}",
        expectations=[
            _expectation(c, table, table.field(c.fields[0]), year, today)
            for c in testable_checks(table, year, missing_columns)
        ],
    )


def build_rules_suite(table_name: str, year: int | None, rules: list[Rule]) -> ExpectationSuite:
    """The suite of DfE's rules that give rows of one table: one expectation for each rule.

    It runs on one row with a column `dfe.<code>` for each rule, the number of rows that break it:
    the rules themselves are SQL and have been run. None may break one.
    """
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx.ExpectationSuite(
        name=f"{table_name}_{year}{DFE_RULES}",
        expectations=[
            gxe.ExpectColumnMaxToBeBetween(
                column=f"dfe.{rule.code}",
                min_value=0,
                max_value=0,
                description=f"No row where: {rule.code} {rule.message} ({rule.severity})",
                meta={
                    "check_id": f"dfe.{rule.code}",
                    "severity": rule.severity,
                    "field": ", ".join(rule.fields),
                    "message": rule.message,
                    "how_to_fix": rule.how_to_fix,
                },
            )
            for rule in rules
        ],
    )
