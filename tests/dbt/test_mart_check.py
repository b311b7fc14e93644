"""What the published marts say they depend on is there: the marts, the fields, their checks."""

import csv

import pytest

from pipeline.settings import DBT_PROJECT
from pipeline.standards.load import load_standards

with (DBT_PROJECT / "seeds" / "mart_check.csv").open(encoding="utf-8", newline="") as stream:
    LISTED = list(csv.DictReader(stream))
SUPPRESSED = ("{{ suppressed(", "published_cost")


@pytest.mark.parametrize("row", LISTED, ids=lambda r: f"{r['mart']}-{r['table_name']}-{r['field']}")
def test_every_field_is_one_of_its_standard(row: dict[str, str]):
    table = load_standards()[row["table_name"]]
    assert row["dataset"] == table.dataset
    assert table.field(row["field"])


def test_every_mart_that_withholds_small_numbers_lists_its_checks():
    models = [
        f"{path.parent.name}.{path.stem}"
        for path in (DBT_PROJECT / "models" / "marts").rglob("*.sql")
        if any(word in path.read_text(encoding="utf-8") for word in SUPPRESSED)
    ]
    assert {"sufficiency.placement_measures", "cost.weekly_cost"} <= set(models)
    assert set(models) == {row["mart"] for row in LISTED}


def test_every_mart_lists_all_versions_of_the_return():
    returns = {name for name, t in load_standards().items() if t.dataset == "placements"}
    for mart in {row["mart"] for row in LISTED}:
        assert returns <= {row["table_name"] for row in LISTED if row["mart"] == mart}
