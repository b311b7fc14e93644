from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.intake.clean import create_macros
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
