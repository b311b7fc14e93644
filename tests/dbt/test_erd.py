"""Every entity and column of the Common Core ERD is in the warehouse, under its published name."""

from pathlib import Path

import duckdb
import pytest
import yaml

ERD = yaml.safe_load((Path(__file__).parent.parent / "erd.yml").read_text(encoding="utf-8"))


def columns(build_file: Path, entity: str) -> dict[str, str]:
    """The columns of an entity in `common_core` and their types."""
    with duckdb.connect(str(build_file), read_only=True) as connection:
        found = connection.execute(
            "select column_name, data_type from duckdb_columns() "
            "where schema_name = 'common_core' and table_name = $entity",
            {"entity": entity},
        ).fetchall()
    return dict(found)


@pytest.mark.parametrize("entity", ERD)
def test_entity_has_every_published_column(empty_build, entity):
    missing = set(ERD[entity]["columns"]) - set(columns(empty_build[0], entity))
    assert missing == set()


@pytest.mark.parametrize("entity", [e for e in ERD if "has_options" in ERD[e]])
def test_options_have_the_erds_boolean_beside_them(empty_build, entity):
    found = columns(empty_build[0], entity)
    for name in ERD[entity]["has_options"]:
        assert found[name] != "BOOLEAN", name
        assert found[f"has_{name}"] == "BOOLEAN", name


@pytest.mark.parametrize("entity", [e for e in ERD if "stays_in_the_la" in ERD[e]])
def test_what_stays_in_the_la_has_a_boolean_beside_it(empty_build, entity):
    found = columns(empty_build[0], entity)
    for name in ERD[entity]["stays_in_the_la"]:
        assert found[f"has_{name}"] == "BOOLEAN", name
