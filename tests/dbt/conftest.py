"""A build file with a hub in it, as the pipeline hands it to dbt."""

from pathlib import Path

import duckdb
import pytest

from pipeline.sharing.allow_list import hub_columns
from pipeline.standards.load import load_standards

# Beside the standards' own tables.
OTHER_TABLES = {
    "authority": "la_code varchar, la_name varchar, is_hub boolean, region_name varchar, "
    "is_synthetic boolean",
    "submission": "la_code varchar, submission_id varchar, dataset varchar, table_name varchar, "
    "standard_version varchar, period varchar, received_at timestamp, rows_read bigint, "
    "rows_kept bigint, rows_quarantined bigint, rows_superseded bigint, status varchar, "
    "reason_code varchar, stop_count bigint, fix_count bigint, warn_count bigint, "
    "info_count bigint",
    "check_result": "la_code varchar, submission_id varchar, table_name varchar, "
    "check_id varchar, severity varchar, field varchar, message varchar, rows_tested bigint, "
    "rows_failed bigint, outcome varchar, checked_at timestamp",
    "ofsted_provider": "urn varchar, provider_name varchar, provider_type varchar, "
    "sector varchar, registration_status varchar, places bigint, la_code varchar, "
    "overall_rating varchar, rating_date date",
}


def create_hub(build_file: Path) -> None:
    """Create schema `hub` with every table it may hold, all of them empty."""
    tables = OTHER_TABLES | {
        name: ", ".join(f"{c.name} {c.sql_type}" for c in hub_columns(table))
        for name, table in load_standards().items()
    }
    with duckdb.connect(str(build_file)) as connection:
        connection.execute("create schema hub")
        for name, columns in tables.items():
            connection.execute(f"create table hub.{name} ({columns})")


@pytest.fixture(scope="session")
def empty_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build file whose hub has all its tables and no rows. Tests copy it, they do not write."""
    build_file = tmp_path_factory.mktemp("hub") / "common_core_build.duckdb"
    create_hub(build_file)
    return build_file
