from collections.abc import Callable, Iterator
from datetime import date

import duckdb
import pytest

from pipeline.intake.clean import conformed_sql, create_macros
from pipeline.standards.check import CheckOutcome, check_submission
from pipeline.standards.load import Table, load_standards
from pipeline.warehouse import sql_name, workspace

TODAY = date(2026, 11, 22)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with workspace() as opened:
        create_macros(opened)
        yield opened


@pytest.fixture
def conform(connection: duckdb.DuckDBPyConnection) -> Callable[..., str]:
    """Make a conformed relation of rows of texts, as an authority would send them."""

    def conform_rows(table: Table, rows: list[dict[str, str]], year: int | None = None) -> str:
        names = [f.name for f in table.fields]
        columns = ", ".join(f"{sql_name(n)} varchar" for n in names)
        connection.execute(
            "create or replace table sent (row_number bigint, file varchar, sheet varchar, "
            f"submission_id varchar, {columns})"
        )
        marks = ", ".join("?" * (4 + len(names)))
        for number, row in enumerate(rows):
            place = [row.get("row_number", number + 2), row.get("file", "sent.xlsx")]
            texts = [row.get(n) for n in names]
            connection.execute(
                f"insert into sent values ({marks})",
                [*place, row.get("sheet", "Sheet 1"), "submission-1", *texts],
            )
        connection.execute(
            f"create or replace table conformed as {conformed_sql(table, year, 'sent')}"
        )
        return "conformed"

    return conform_rows


@pytest.fixture
def check(
    connection: duckdb.DuckDBPyConnection, conform: Callable[..., str]
) -> Callable[..., CheckOutcome]:
    """Check rows of texts against a table of the standard."""

    def check_rows(
        table: Table,
        rows: list[dict[str, str]],
        year: int | None = None,
        missing_columns: frozenset[str] = frozenset(),
    ) -> CheckOutcome:
        relation = conform(table, rows, year)
        return check_submission(
            connection, relation, table, year, missing_columns, "E06000066", "submission-1", TODAY
        )

    return check_rows


@pytest.fixture
def rcc() -> Table:
    return load_standards()["rcc_v2"]


@pytest.fixture
def episodes() -> Table:
    return load_standards()["episodes"]


@pytest.fixture
def search() -> dict[str, str]:
    """A home search of the RCC spreadsheet without a fault, no home found yet."""
    return {
        "child_id": "A1",
        "search_urgency": "Planned",
        "placement_needed_by_date": "30/04/2024",
        "siblings_to_place_with": "0",
        "preferred_location": "Taunton",
        "close_to_family": "No",
        "in_school": "No",
        "other_location_flag": "No",
        "avoid_flag": "No",
        "comms_need": "No",
        "comms_specific": "None",
        "adaptation": "No",
        "cultural_need": "Not required",
        "alongside": "No preference",
        "pets": "Yes",
        "suit_foster": "Preferred",
        "suit_residential": "Unsuitable",
        "suit_supported": "Unsuitable",
        "min_ratio": "Standard ratio",
        "referral_officer": "AB",
        "referral_form_date": "09/04/2024",
    }


@pytest.fixture
def placed(search: dict[str, str]) -> dict[str, str]:
    """The same search with the home that was found, without a fault."""
    risks = {
        f"risk_{whom}": "No known risk"
        for whom in (
            "child_self_harm",
            "child_sexual_expl",
            "child_criminal_expl",
            "child_substance",
            "child_eating",
            "child_missing",
            "others_physical",
            "others_sexual",
            "others_fire",
            "others_animals",
            "others_criminal",
        )
    }
    return {
        **search,
        **risks,
        "extra_support": "No",
        "agreed_weekly_cost": "£1,000",
        "actual_weekly_cost": "1000",
        "placement_officer": "AB",
        "placement_form_date": "12/04/2024",
        "placement_location": "TA1",
        "provider_urn": "SC123456",
        "placement_type": "Foster",
    }


@pytest.fixture
def episode() -> dict[str, str]:
    """An episode of SSDA903 without a fault in any collection year from 2019."""
    return {
        "child": "A1",
        "decom": "01/05/2023",
        "rne": "S",
        "ls": "C2",
        "cin": "N1",
        "place": "U1",
        "place_provider": "PR1",
        "home_post": "TA1 4AB",
        "pl_post": "TA2 7AB",
        "urn": "SC123456",
    }
