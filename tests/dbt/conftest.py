"""A build file with a hub in it, as the pipeline hands it to dbt, and dbt run over it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from pipeline.hub import store_providers
from pipeline.settings import DBT_PROJECT
from pipeline.sharing.allow_list import hub_columns
from pipeline.standards.load import load_standards
from tests.conftest import shared_folder

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
    "alarm": "la_code varchar, kind varchar, dataset varchar, table_name varchar, period varchar, "
    "message varchar, how_to_fix varchar, rows bigint, rows_before bigint",
    "forecast_setting": "as_of date",
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
        store_providers(connection, build_file.with_name("no list"))


@pytest.fixture(scope="session")
def new_hub(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Make a build file of one's own, whose hub has all its tables and no rows."""

    def make() -> Path:
        build_file = tmp_path_factory.mktemp("hub") / "common_core_build.duckdb"
        create_hub(build_file)
        return build_file

    return make


@pytest.fixture(scope="session")
def dbt_build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, str]]:
    """Run `dbt build` over a build file: gives the status of each node that ran, by its id."""
    folder = tmp_path_factory.mktemp("dbt")
    # One path for all: dbt reads the whole project again when the path of the build file changes.
    at = folder / "common_core_build.duckdb"

    def build(build_file: Path, *arguments: str) -> dict[str, str]:
        shutil.copy(build_file, at)
        target = folder / "target"
        place = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
        command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "build", *place, *arguments]
        ours = {"COMMON_CORE_BUILD": at, "DBT_TARGET_PATH": target, "DBT_LOG_PATH": folder / "logs"}
        # A process of its own, as in the pipeline: the file is free when it ends.
        subprocess.run(command, env=os.environ | {k: str(v) for k, v in ours.items()}, check=False)
        shutil.copy(at, build_file)
        found = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
        return {r["unique_id"]: r["status"] for r in found["results"]}

    return build


@pytest.fixture(scope="session")
def empty_build(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> tuple[Path, dict[str, str]]:
    """A build file made from a hub without rows, and the status of every node. Read it only.

    It takes most of a minute, so that tests running side by side share one.
    """
    place = shared_folder(tmp_path_factory, worker_id, "empty_build")
    build_file, said = place / "common_core_build.duckdb", place / "statuses.json"
    with FileLock(place / "lock"):
        if not said.exists():
            made = request.getfixturevalue("new_hub")()
            statuses = request.getfixturevalue("dbt_build")(made)
            shutil.copy(made, build_file)
            said.write_text(json.dumps(statuses), encoding="utf-8")
    return build_file, json.loads(said.read_text(encoding="utf-8"))
