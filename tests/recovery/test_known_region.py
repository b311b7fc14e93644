"""The short way to a region's marts gives what the whole pipeline gives."""

from pathlib import Path

import duckdb
import pytest

from pipeline.reference import Postcodes
from pipeline.settings import load_settings
from pipeline.sharing.pseudonym import Key
from pipeline.synthetic.cli_command import plan_for
from tests.conftest import WAREHOUSE
from tests.known_region import Project, build_region

# How the sample was made: tests/synthetic/test_region.py holds the sample to it.
SAMPLE_PLAN = plan_for(las=4, children=120, seed=7, error_rate=0.015)
# Which submission a row came from, and what was received when, is only known where files are.
OF_SUBMISSIONS = {"submission_id", "received_at", "region_name"}
COMPARED = ("common_core", "foundation", "sufficiency", "cost")


@pytest.fixture(scope="module")
def quick(sample_home: Path, project: Project, postcodes: Postcodes, tmp_path_factory) -> Path:
    """The sample's region by the short way, under the key of the pipeline's run."""
    key = Key((sample_home / "throw_away_key").read_text(encoding="ascii").encode(), "sample")
    out = tmp_path_factory.mktemp("quick") / "region.duckdb"
    build_region(SAMPLE_PLAN, project, postcodes, out, key=key)
    return out


def compared_tables(file: Path) -> dict[str, list[str]]:
    """The tables to compare, with their columns in order."""
    found: dict[str, list[str]] = {}
    with duckdb.connect(str(file), read_only=True) as connection:
        for schema, table, column in connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where not internal and table_name <> 'submission' order by all"
        ).fetchall():
            if schema in COMPARED and column not in OF_SUBMISSIONS:
                found.setdefault(f"{schema}.{table}", []).append(column)
    return found


def test_every_row_is_that_of_the_whole_pipeline(quick: Path, sample_home: Path):
    published = sample_home / WAREHOUSE
    tables = compared_tables(published)
    assert tables == compared_tables(quick)
    assert len(tables) > 12
    differing = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published}' as published (read_only)")
        connection.execute(f"attach '{quick}' as quick (read_only)")
        for table, columns in tables.items():
            listed = ", ".join(columns)
            one, other = (f"select {listed} from {db}.{table}" for db in ("published", "quick"))
            counts = connection.execute(
                f"select (select count(*) from ({one})), (select count(*) from ({other})), "
                f"(select count(*) from ({one} except all {other}))"
            ).fetchall()[0]
            if counts[0] != counts[1] or counts[2]:
                differing[table] = counts
            assert counts[0] > 0, table
    assert differing == {}


def test_the_authorities_of_the_plan_are_those_of_the_sample():
    codes = [area.authority.code for area in SAMPLE_PLAN.areas]
    assert codes == [a.code for a in load_settings().region.authorities]
