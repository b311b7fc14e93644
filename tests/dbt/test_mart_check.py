"""What the published marts say they depend on is there: the marts, the topics, fields, checks."""

import csv

import pytest

from pipeline.forecast.tables import SCHEMA, TABLES
from pipeline.settings import DBT_PROJECT
from pipeline.standards.load import load_standards


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


LISTED, TOPICS = seed("mart_check"), seed("standard_topic")
SUPPRESSED = ("{{ suppressed(", "published_cost")


@pytest.mark.parametrize("row", TOPICS, ids=lambda r: f"{r['what']}-{r['table_name']}-{r['field']}")
def test_every_field_is_one_of_its_standard(row: dict[str, str]):
    table = load_standards()[row["table_name"]]
    assert row["dataset"] == table.dataset
    assert table.field(row["field"])


def test_every_topic_is_told_by_a_field_and_rested_on_by_a_mart():
    told, rested_on = ({(r["dataset"], r["what"]) for r in rows} for rows in (TOPICS, LISTED))
    assert told == rested_on


def test_every_mart_that_withholds_small_numbers_lists_its_checks():
    # What is only made ready in SQL, such as int_demand_shown, is published as forecast.demand.
    models = [
        f"{path.parent.name}.{path.stem.removeprefix('int_').removesuffix('_shown')}"
        for path in (DBT_PROJECT / "models" / "marts").rglob("*.sql")
        if any(word in path.read_text(encoding="utf-8") for word in SUPPRESSED)
    ]
    assert {"sufficiency.placement_measures", "cost.weekly_cost"} <= set(models)
    forecast = {
        f"{SCHEMA}.{table.name}"
        for table in TABLES
        if "withheld" in {column.name for column in table.columns}
    }
    assert {*models, *forecast} == {row["mart"] for row in LISTED}


def test_every_topic_of_the_return_is_in_all_versions_that_ask_it():
    """The standard of 2025 asks for no parts of a cost, those of 2026 for no actual one."""
    returns = {name for name, t in load_standards().items() if t.dataset == "placements"}
    missing = {
        (what, name)
        for what in {r["what"] for r in TOPICS if r["dataset"] == "placements"}
        for name in returns - {r["table_name"] for r in TOPICS if r["what"] == what}
    }
    of_2026 = returns - {"rcc_v2"}
    assert missing == {("parts of the weekly cost", "rcc_v2")} | {
        ("actual weekly cost", name) for name in of_2026
    }
