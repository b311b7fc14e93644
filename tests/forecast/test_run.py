"""The forecast whole, over simulated regions: what it fills, keeps together and keeps apart."""

import dataclasses
import re

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import run, trials
from pipeline.forecast.run import make_forecast
from pipeline.forecast.scenario_file import Scenario
from pipeline.forecast.standing import LEAST_MONTHS
from pipeline.forecast.tables import TABLES
from pipeline.withheld import withheld_words
from tests.forecast.histories import History, built, history
from tests.forecast.made_up import change
from tests.rendered import render

FEW_DRAWS, FEWER_DRAWS = 60, 30
NOTHING = Scenario("Nothing changes", (change("entries", 0), change("exits", 0)))
MORE = Scenario("More come", (change("entries", 50),))
FAN = ["lower_95", "lower_80", "lower_50", "median", "upper_50", "upper_80", "upper_95"]


@pytest.fixture(scope="module", autouse=True)
def _few_draws():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "DRAWS", FEW_DRAWS)
        patch.setattr(trials, "DRAWS", FEWER_DRAWS)
        yield


def tables_of(connection: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    return {t.name: connection.execute(f"from forecast.{t.name}").df() for t in TABLES}


@pytest.fixture(scope="module")
def given() -> History:
    return history()


@pytest.fixture(scope="module")
def made(given: History, _few_draws: None):
    with built(given) as connection:
        result = make_forecast(connection, [NOTHING, MORE])
        yield result, tables_of(connection), connection


def test_all_tables_are_filled_and_a_row_is_told_by_its_key(made):
    """But those of options to build, of which none is given."""
    _, tables, _ = made
    for table in TABLES:
        rows = tables[table.name]
        assert len(rows) or table.name.startswith("business_case"), table.name
        assert not rows.duplicated(list(table.key)).any(), table.name


def test_what_is_not_withheld_is_there(made):
    _, tables, _ = made
    demand = tables["demand"]
    is_forecast = demand["kind"] == "forecast"
    ahead = demand[is_forecast]
    assert (ahead["median"].isna() == (ahead["withheld"] != "")).all()
    assert demand.loc[~is_forecast, FAN].isna().all(axis=None)
    assert demand.loc[is_forecast, "children"].isna().all()
    scenario = tables["scenario"]
    named = scenario["withheld"].map(withheld_words)
    for column in ("base_median", "difference_upper_80"):
        is_named = pd.Series([column in names for names in named])
        assert (scenario[column].isna() == is_named).all()
        assert 0 < is_named.sum() < len(scenario)


def test_history_ends_where_the_forecast_begins(made):
    _, tables, _ = made
    demand = tables["demand"].fillna({"la_code": "region"})
    by_kind = demand.groupby(["la_code", "kind"])["month_end"].agg(["min", "max", "nunique"])
    for area in by_kind.index.get_level_values(0).unique():
        known, ahead = by_kind.loc[area, "history"], by_kind.loc[area, "forecast"]
        assert known["max"] < ahead["min"]
        assert ahead["nunique"] == run.MONTHS
        assert (ahead["min"] - known["max"]).days <= 31


def test_intervals_lie_within_each_other_and_in_units_of_five(made):
    _, tables, _ = made
    shown = tables["demand"].dropna(subset="median")
    fan = shown[FAN].astype(int)
    assert (np.diff(fan, axis=1) >= 0).all()
    assert (fan % 5 == 0).all(axis=None)
    assert (fan >= 0).all(axis=None)


def test_the_region_is_near_the_sum_of_its_authorities(made):
    """Each is rounded to five, and medians do not add up exactly."""
    _, tables, _ = made
    demand = tables["demand"]
    ahead = demand[demand["kind"] == "forecast"]
    cells = ["age_band", "placement_type", "month_end"]
    region = ahead[ahead["la_code"].isna()].set_index(cells)
    las = ahead[ahead["la_code"].notna()].groupby(cells)["median"].agg(["sum", "count"])
    whole = las[las["count"] == 4].join(region)
    assert len(whole) > run.MONTHS
    assert (whole["sum"] - whole["median"]).abs().max() <= 15
    assert set(whole["authorities"]) == {4}


def test_the_fan_begins_at_the_published_number(made):
    _, tables, _ = made
    demand = tables["demand"].fillna({"la_code": "region"})
    key = ["la_code", "age_band", "placement_type"]
    last = demand[demand["kind"] == "history"].sort_values("month_end").groupby(key).tail(1)
    first = demand[demand["kind"] == "forecast"].sort_values("month_end").groupby(key).head(1)
    both = last.set_index(key).join(first.set_index(key), rsuffix="_ahead")
    assert (both["children"].isna() == both["median_ahead"].isna()).all()
    shown = both.dropna(subset="children")
    assert (shown["children"] - shown["median_ahead"]).abs().max() <= 10
    assert (shown["children"] == shown["median_ahead"]).mean() > 0.6


def test_a_scenario_that_changes_nothing_is_the_base(made):
    _, tables, _ = made
    rows = tables["scenario"]
    same = rows[(rows["scenario"] == NOTHING.scenario) & ~rows["withheld"].str.contains("base")]
    assert len(same) > 100
    assert (same["base_median"] == same["scenario_median"]).all()
    assert (same.filter(like="difference").fillna(0) == 0).all(axis=None)
    more = rows[(rows["scenario"] == MORE.scenario) & rows["la_code"].isna()]
    at_last = more[(more["placement_type"] == "all")].sort_values("month_end").iloc[-1]
    assert at_last["difference_median"] > 50
    assert at_last["spend_difference_median_gbp_per_month"] > 0


def test_the_same_history_gives_the_same_tables(made, given):
    _, tables, _ = made
    shuffled = given.with_placements(given.placements.sample(frac=1, random_state=1))
    with built(shuffled) as connection:
        make_forecast(connection, [NOTHING, MORE])
        again = tables_of(connection)
    for name, rows in tables.items():
        pd.testing.assert_frame_equal(rows, again[name])


def test_no_id_of_a_child_or_placement_is_in_any_table_or_word(made, given):
    result, tables, _ = made
    said = " ".join((result.region.statement, *result.notes))
    said += " ".join(rows.to_csv(index=False).replace("\n", " ") for rows in tables.values())
    assert "Authority E99000001" in said
    ids = {part for child in given.placements["child_id"].unique() for part in child.split("-")}
    ids -= set(given.years)
    assert len(ids) > 1000
    assert not ids & set(re.findall(r"\w+", said))


def test_months_that_a_forecast_needs_are_one_number():
    assert render("{{ var('forecast_least_months') }}") == str(LEAST_MONTHS)


# The gate.


def spread(factor: float):
    """`project` with draws so many times as far from their middle, in the trials alone."""
    right = trials.project

    def patched(*args, **given):
        drawn = right(*args, **given)
        middle = np.median(drawn.stock, axis=0, keepdims=True)
        stock = np.maximum(np.rint(middle + factor * (drawn.stock - middle)), 0)
        return dataclasses.replace(drawn, stock=stock)

    return patched


@pytest.fixture(scope="module")
def judged(_few_draws: None):
    """A region with enough past quarters to be judged by."""
    with built(history(las=6, first=2021, seed=2), past_origins=8) as connection:
        yield connection


@pytest.mark.parametrize(
    ("factor", "grade", "words"),
    [
        (1.0, ("fit", "use with care"), "the 80% intervals held"),
        (0.2, ("not fit",), "it is surer than it may be, and so it is not shown"),
        (6.0, ("not fit",), "it is less sure than it could be, and so it is not shown"),
    ],
)
def test_what_is_too_sure_or_too_unsure_is_not_printed(judged, monkeypatch, factor, grade, words):
    monkeypatch.setattr(trials, "project", spread(factor))
    result = make_forecast(judged, [MORE])
    tables = tables_of(judged)
    assert result.region.grade in grade
    assert words in result.region.statement
    standing = tables["standing"]
    assert standing["standing"].isin(grade).all()
    if factor != 1.0:
        of_las = standing[standing["la_code"].notna()]["statement"]
        assert of_las.str.contains("what follows, is said of the region").all()
    assert (tables["demand"]["kind"] == "history").any()
    is_printed = factor == 1.0
    assert (tables["demand"]["kind"] == "forecast").any() == is_printed
    for name in ("spend", "drivers", "scenario"):
        assert bool(len(tables[name])) == is_printed, name
    assert (result.notes == ()) == is_printed
