from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline import accounting
from pipeline.intake.clean import create_macros
from pipeline.standards.check import FAILURE_COLUMNS, CheckOutcome
from pipeline.warehouse import workspace
from tests.authority import La


@pytest.fixture
def la(tmp_path: Path) -> La:
    return La(tmp_path)


@pytest.fixture(scope="session")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A workspace that knows the cleaning macros; what is read into it replaces what was there."""
    with workspace() as opened:
        create_macros(opened)
        yield opened


def stop_rows_without_a_child(connection, relation, table, *_) -> CheckOutcome:
    """What the checks say of these reviews; Great Expectations is tested elsewhere."""
    found = connection.execute(
        f"select submission_id, file, sheet, row_number from {relation} where child is null"
    ).df()
    found = found.assign(check_id="reviews.child.missing", severity="stop", table_name=table.name)
    frame = pd.DataFrame(found, columns=list(FAILURE_COLUMNS))
    return CheckOutcome([], frame, {})


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks in a moment, so that many deliveries can be made."""
    monkeypatch.setattr(accounting, "check_submission", stop_rows_without_a_child)
