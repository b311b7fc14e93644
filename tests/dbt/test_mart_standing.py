"""Each mart's standing fails for each thing that it rests on, and for nothing else."""

import csv
from collections.abc import Iterator

import duckdb
import pytest

from pipeline.forecast.mart_standing import AGAINST, judge_forecast
from pipeline.forecast.small_numbers import OUTSIDE
from pipeline.forecast.tables import TABLES, create_tables
from pipeline.settings import DBT_PROJECT
from tests.rendered import model

LA, OTHER = "E06000052", "E10000008"


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


MEASURES = {row["measure"]: row for row in seed("standing_measure")}
RESTS_ON = {(row["mart"], row["measure"]) for row in seed("mart_measure")}
MARTS = {mart for mart, _ in RESTS_ON}
TOPICS, OF_MART = seed("standard_topic"), seed("mart_check")
SQL = model("marts/quality/mart_standing.sql")
# What holds for every mart, and is measured by the mart itself.
OF_DATASETS = ("nothing accepted", "rows in quarantine", "failed checks", "broken checks")
OF_FORECASTS = {t.name for t in TABLES if "withheld" in {c.name for c in t.columns}}


@pytest.fixture
def good() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two authorities of which all is well, and as many rows of each mart."""
    with duckdb.connect() as connection:
        connection.execute("create schema reference")
        connection.execute("create schema quality")
        for name in ("standing_measure", "mart_measure", "standard_topic", "mart_check"):
            file = DBT_PROJECT / "seeds" / f"{name}.csv"
            connection.execute(f"create table reference.{name} as from read_csv('{file}')")
            connection.execute(f"create view {name} as from reference.{name}")
        connection.execute(
            "create table stg_hub__authority as select unnest($codes) as la_code, 'x' as la_name, "
            "true as is_synthetic",
            {"codes": [LA, OTHER]},
        )
        tables = {row["table_name"]: row["dataset"] for row in TOPICS}
        connection.execute(
            "create table submission (la_code varchar, submission_id varchar, dataset varchar, "
            "table_name varchar, status varchar, rows_read bigint, rows_kept bigint, "
            "rows_quarantined bigint)"
        )
        connection.execute(
            "create table stg_hub__check_result (la_code varchar, submission_id varchar, "
            "table_name varchar, check_id varchar, field varchar, severity varchar, "
            "outcome varchar, rows_tested bigint, rows_failed bigint, checked_at timestamp)"
        )
        for la in (LA, OTHER):
            for table, dataset in tables.items():
                connection.execute(
                    "insert into submission values (?, ?, ?, ?, 'accepted', 100, 100, 0)",
                    [la, f"{la}{table}", dataset, table],
                )
            for row in TOPICS:
                _check(connection, la, row["table_name"], row["field"], "pass", 0)
        connection.execute(
            "create table int_standing_measure "
            "(measure varchar, la_code varchar, subject varchar, value double)"
        )
        for mart in MARTS:
            schema, name = mart.split(".")
            if schema != "forecast":
                connection.execute(
                    f"create table {name} as select unnest([$a, $b, null]) as la_code, "
                    "'' as withheld",
                    {"a": LA, "b": OTHER},
                )
        create_tables(connection, "forecast")
        yield connection


def _check(connection, la: str, table: str, field: str, outcome: str, failed: int) -> None:
    connection.execute(
        "insert into stg_hub__check_result values "
        "(?, ?, ?, ?, ?, 'fix', ?, 100, ?, timestamp '2026-01-01')",
        [la, f"{la}{table}", table, f"{table}.{field}.made_up", field, outcome, failed],
    )


def standings(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Standing and reasons of each mart, of the authority in question; others are all fit."""
    connection.execute(f"create or replace table quality.mart_standing as {SQL}")
    rows = connection.execute(
        "select mart, standing, reasons from quality.mart_standing where la_code = $la", {"la": LA}
    ).fetchall()
    others = connection.execute(
        "select distinct standing from quality.mart_standing where la_code = $la", {"la": OTHER}
    ).fetchall()
    assert others == [("fit",)]
    return {mart: (standing, reasons) for mart, standing, reasons in rows}


def resting_on(measure: str) -> set[str]:
    return {mart for mart, of in RESTS_ON if of == measure}


def test_all_is_fit_where_all_is_well(good):
    found = standings(good)
    assert set(found) == MARTS
    assert set(found.values()) == {("fit", "")}
    region = good.execute(
        "select count(*), min(standing), max(standing) from quality.mart_standing "
        "where la_code is null"
    ).fetchone()
    assert region == (len(MARTS), "fit", "fit")


@pytest.mark.parametrize("measure", [m for m in MEASURES if m not in (*OF_DATASETS, AGAINST,
                                                                      "withheld")])  # fmt: skip
def test_a_share_above_its_threshold_fails_the_marts_that_rest_on_it_and_no_other(good, measure):
    subject = "placements" if measure == "months without a return" else ""
    for threshold, standing in (("use_with_care_above", "use with care"),
                                ("not_fit_above", "not fit")):  # fmt: skip
        limit = float(MEASURES[measure][threshold])
        for value, expected in ((limit, None), (limit + 0.006, standing)):
            good.execute("delete from int_standing_measure")
            good.execute("insert into int_standing_measure values (?, ?, ?, ?)",
                         [measure, LA, subject, value])  # fmt: skip
            found = standings(good)
            resting = resting_on(measure)
            if subject:
                resting &= {row["mart"] for row in OF_MART if row["dataset"] == subject}
            assert resting
            for mart, (is_so, why) in found.items():
                if mart in resting and expected:
                    assert (is_so, "%" in why) == (expected, True), mart
                elif mart not in resting:
                    assert (is_so, why) == ("fit", ""), mart
                else:
                    assert is_so != standing, mart


def test_nothing_accepted_fails_every_mart(good):
    good.execute("update submission set status = 'withdrawn' where la_code = $la", {"la": LA})
    good.execute("delete from stg_hub__check_result where la_code = $la", {"la": LA})
    found = standings(good)
    assert {standing for standing, _ in found.values()} == {"not fit"}
    assert all("nothing accepted of" in why for _, why in found.values())


def test_rows_in_quarantine_fail_every_mart(good):
    good.execute("update submission set rows_quarantined = 11 where la_code = $la", {"la": LA})
    found = standings(good)
    assert {standing for standing, _ in found.values()} == {"not fit"}
    assert all("11% of the rows of" in why for _, why in found.values())


@pytest.mark.parametrize(
    ("outcome", "failed", "standing", "words"),
    [("fail", 51, "not fit", "51% of the rows fail"), ("fail", 11, "use with care", "11% of"),
     ("error", 0, "use with care", "could not run")],
)  # fmt: skip
def test_checks_of_every_field_that_a_mart_uses_fail_it(good, outcome, failed, standing, words):
    for mart in sorted(MARTS):
        row = next(r for r in OF_MART if r["mart"] == mart)
        field = next(t for t in TOPICS
                     if (t["dataset"], t["what"]) == (row["dataset"], row["what"]))  # fmt: skip
        good.execute("delete from stg_hub__check_result where check_id like 'x.%'")
        good.execute(
            "insert into stg_hub__check_result values "
            "(?, ?, ?, 'x.made_up', ?, 'fix', ?, 100, ?, timestamp '2026-01-01')",
            [LA, f"{LA}{field['table_name']}", field["table_name"], field["field"], outcome,
             failed],
        )  # fmt: skip
        is_so, why = standings(good)[mart]
        assert (is_so, words in why) == (standing, True), mart


def test_a_rule_of_a_number_says_nothing_of_a_mart_that_uses_the_date_beside_it(good):
    """DfE's rules name all fields that they read: UPN and date of birth, say."""
    good.execute(
        "insert into stg_hub__check_result values (?, ?, 'header', '168', 'upn, dob', 'fix', "
        "'fail', 100, 90, timestamp '2026-01-01')",
        [LA, f"{LA}header"],
    )
    assert set(standings(good).values()) == {("fit", "")}


@pytest.mark.parametrize("mart", sorted(m for m in MARTS if not m.startswith("forecast.")))
def test_withheld_figures_lower_a_mart(good, mart):
    name = mart.split(".")[1]
    everything = "children: too few; children_after: too few; searches: too few; within: too few; "
    everything += "placements_started: too few; children_placed: too few"
    good.execute(f"update {name} set withheld = $w where la_code = $la",
                 {"w": everything, "la": LA})  # fmt: skip
    found = standings(good)
    assert found.pop(mart) == ("not fit", "100% of the figures are withheld")
    assert set(found.values()) == {("fit", "")}


def _add(connection, name: str, **values: object) -> None:
    """A row of a table of the forecast; what is not given is anything that may stand there."""
    columns = next(t for t in TABLES if t.name == name).columns
    anything = {"varchar": "'x'", "date": "date '2026-01-01'", "boolean": "true"}
    listed = [
        f"${c.name}::{c.sql_type} as {c.name}" if c.name in values
        else f"{'null' if c.may_be_null else anything.get(c.sql_type, '1')}::{c.sql_type} "
        f"as {c.name}"
        for c in columns
    ]  # fmt: skip
    connection.execute(f"insert into forecast.{name} by name select {', '.join(listed)}", values)


def _forecast(connection, la_standing: str = "fit", this: float = 0.05) -> None:
    """Backtest and standing of the two authorities and the region, as the forecast writes them."""
    for la in (LA, OTHER, None):
        standing = la_standing if la == LA else "fit"
        _add(connection, "standing", la_code=la, standing=standing,
             statement="So it is; and more.")  # fmt: skip
    for level in ("region", "authority"):
        for method, wape in (("this forecast", this), ("last value", 0.05)):
            for months in (3, 12, 24):
                error = wape if months == 12 else 9.0
                _add(connection, "backtest", level=level, method=method, horizon_months=months,
                     wape=error)  # fmt: skip


def judged(connection) -> dict[tuple[str, str | None], tuple[str, str]]:
    connection.execute(f"create or replace table quality.mart_standing as {SQL}")
    judge_forecast(connection, [OUTSIDE])
    rows = connection.execute("select mart, la_code, standing, reasons from quality.mart_standing")
    return {(mart, la): (standing, why) for mart, la, standing, why in rows.fetchall()}


@pytest.mark.parametrize(
    ("this", "standing"), [(0.05, "fit"), (0.055, "use with care"), (0.07, "not fit")]
)
def test_a_forecast_that_errs_more_than_the_last_value_fails(good, this, standing):
    """A year ahead, that is; what came of other times ahead does not count."""
    _forecast(good, this=this)
    found = judged(good)
    resting = resting_on(AGAINST)
    assert len(resting) > 4
    for (mart, _), (is_so, why) in found.items():
        assert is_so == (standing if mart in resting else "fit"), mart
        assert ("of what the last known value did" in why) == (
            mart in resting and standing != "fit"
        )


@pytest.mark.parametrize(
    ("own", "standing"), [("not fit", "not fit"), ("no forecast", "not fit"),
                          ("use with care", "use with care")]
)  # fmt: skip
def test_an_authority_whose_forecast_is_not_fit_has_no_mart_of_it_that_is(good, own, standing):
    _forecast(good, own)
    found = judged(good)
    for mart in resting_on(AGAINST):
        assert found[mart, LA] == (standing, "So it is, and more")
        assert found[mart, OTHER] == found[mart, None] == ("fit", "")


@pytest.mark.parametrize("name", sorted(OF_FORECASTS))
def test_withheld_figures_lower_a_mart_of_the_forecast(good, name):
    _forecast(good)
    _add(good, name, la_code=LA, withheld="children: too few")
    found = judged(good)
    assert found[f"forecast.{name}", LA] == ("not fit", "100% of the figures are withheld")
    assert {v for k, v in found.items() if k != (f"forecast.{name}", LA)} == {("fit", "")}
