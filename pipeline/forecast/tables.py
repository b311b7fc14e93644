"""The tables that the forecast publishes: names, types and descriptions, as data.

No table of schema `forecast` is made elsewhere. Publishing copies the descriptions, as it does
those of dbt's models.
"""

from dataclasses import dataclass

import duckdb

from pipeline.warehouse import sql_name, sql_text

SCHEMA = "forecast"


@dataclass(frozen=True)
class Column:
    """A column: its SQL type, what it says, with its unit, and whether it may be null."""

    name: str
    sql_type: str
    description: str
    may_be_null: bool = False


@dataclass(frozen=True)
class Table:
    """A published table; its description begins “One row per”. `key` tells its rows apart."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


_AREA = (
    Column("la_code", "varchar", "ONS code of the authority; null for the region.", True),
    Column("area_name", "varchar", "Name of the authority, or Region."),
)
_AUTHORITIES = Column(
    "authorities", "bigint", "Authorities whose children are in the row; 1 but for the region."
)
_BAND = Column(
    "age_band", "varchar", "Age band on the day, as in reference.forecast_age_band; or all."
)
_TYPE = Column(
    "placement_type",
    "varchar",
    "Type of placement as it is forecast (foster, residential, supported, other); or all.",
)
_MONTH = Column("month_end", "date", "Last day of the month, on which children are counted.")
_WITHHELD = Column(
    "withheld",
    "varchar",
    "What is not shown, each with its word: `too few`, or `withheld so that another small number "
    "stays unknown`; empty if all is shown.",
)
_SYNTHETIC = Column("is_synthetic", "boolean", "Whether any of the children are invented.")


def _middle(name: str, what: str, sql_type: str, unit: str = "") -> tuple[Column, ...]:
    """The median and the 80% interval of what is forecast; `unit` ends the names."""
    return (
        Column(f"{name}_median{unit}", sql_type, f"{what}: the median of the draws.", True),
        Column(
            f"{name}_lower_80{unit}",
            sql_type,
            f"{what}: where the 80% interval begins; 10% of the draws lie below.",
            True,
        ),
        Column(
            f"{name}_upper_80{unit}",
            sql_type,
            f"{what}: where the 80% interval ends; 10% of the draws lie above.",
            True,
        ),
    )


def _part(name: str, what: str) -> tuple[Column, ...]:
    """The mean of a part of a change, and its 80% interval."""
    mean = Column(
        f"{name}_mean_gbp",
        "decimal(16, 2)",
        f"{what}: the mean of the draws; the parts add up to the change of spend as shown.",
        True,
    )
    return (mean, *_middle(name, what, "decimal(16, 2)", "_gbp")[1:])


def _fan() -> tuple[Column, ...]:
    """Median and three intervals of children in care."""
    outer = [
        Column(
            f"{side}_{percent}",
            "bigint",
            f"Children: where the interval that holds {percent}% of the draws {verb}; null in a "
            "row of history, or if withheld.",
            True,
        )
        for side, verb, order in (
            ("lower", "begins", (95, 80, 50)),
            ("upper", "ends", (50, 80, 95)),
        )
        for percent in order
    ]
    median = Column(
        "median",
        "bigint",
        "Children: the median of the draws; null in a row of history, or if withheld.",
        True,
    )
    return (*outer[:3], median, *outer[3:])


DEMAND = Table(
    "demand",
    "One row per area (an authority, or the region where la_code is null), age band, type of "
    "placement and month: children in care on the last day of the month, as they were counted "
    "(history) or as they are forecast, with the intervals that hold 50, 80 and 95% of the draws. "
    "Draws begin at the number of the last month as it is shown, to the nearest 5.",
    ("la_code", "age_band", "placement_type", "month_end"),
    (
        *_AREA,
        _AUTHORITIES,
        _BAND,
        _TYPE,
        _MONTH,
        Column("kind", "varchar", "Whether the row is history or forecast."),
        Column(
            "children",
            "bigint",
            "Children counted, to the nearest 5; null in a row of forecast, or if withheld.",
            True,
        ),
        *_fan(),
        _WITHHELD,
        _SYNTHETIC,
    ),
)

SPEND = Table(
    "spend",
    "One row per area, type of placement and period (a quarter, or a financial year) that the "
    "forecast reaches into: nights in care times what a night costs, and the budget where an "
    "analyst gave one. What the period has of history is counted, the rest forecast; a period that "
    "ends after the forecast has no row. All types are those with a price.",
    ("la_code", "placement_type", "period_type", "period"),
    (
        *_AREA,
        _AUTHORITIES,
        _TYPE,
        Column("period_type", "varchar", "Whether the period is a quarter or a financial year."),
        Column(
            "period", "varchar", "A quarter such as 2026Q4, or a financial year such as 2026/27."
        ),
        Column(
            "months_known", "bigint", "Months of the period that are history; the rest is forecast."
        ),
        Column("nights_median", "bigint", "Nights in care: the median of the draws.", True),
        *_middle(
            "spend", "Pounds for these nights, in prices of their time", "decimal(16, 2)", "_gbp"
        ),
        Column(
            "budget_gbp",
            "decimal(16, 2)",
            "Pounds, from budget.csv; null for a quarter, and where no budget is given. Of the "
            "region the sum, where each of its authorities has one.",
            True,
        ),
        Column(
            "over_budget_probability",
            "double",
            "Share of the draws that cost more than the budget, 0 to 1; null without a budget.",
            True,
        ),
        _WITHHELD,
        _SYNTHETIC,
    ),
)

RATES = Table(
    "rates",
    "One row per area, age band, type of placement and event: how often it happened, and the rate "
    "that the forecast starts from. A rate seen on few children is drawn towards the region's.",
    ("la_code", "age_band", "placement_type", "event"),
    (
        *_AREA,
        _AUTHORITIES,
        _BAND,
        _TYPE,
        Column(
            "event",
            "varchar",
            "What may happen within a month: leaves, moves to a type (such as moves to foster), or "
            "enters.",
        ),
        Column(
            "children_months",
            "bigint",
            "What the rate is of: children in the row counted at each month-end that another "
            "follows, added up; of enters the months, as nobody is there yet. Null if withheld.",
            True,
        ),
        Column("events", "bigint", "How often it happened in these; null if withheld.", True),
        Column(
            "rate_per_month_seen",
            "double",
            "Events over children_months, both as shown; null where either is withheld, or there "
            "were none.",
            True,
        ),
        Column(
            "regional_rate_per_month",
            "double",
            "The same of all authorities of the region; null as above.",
            True,
        ),
        Column(
            "rate_used_per_month",
            "double",
            "The rate that the forecast starts from: recent months weigh more, and few children "
            "are drawn towards the region. Null if withheld.",
            True,
        ),
        _WITHHELD,
        _SYNTHETIC,
    ),
)

DRIVERS = Table(
    "drivers",
    "One row per area, type of placement and two spans of 12 months: what changes spend from the "
    "last 12 months that are known to 12 that are forecast. Volume is the number of nights, mix "
    "their types of placement, price what a night of a type costs, whoever provides it; the three "
    "add up to the change exactly, in each draw and as they are shown.",
    ("la_code", "placement_type", "before_period", "after_period"),
    (
        *_AREA,
        _AUTHORITIES,
        _TYPE,
        Column("before_period", "varchar", "The 12 months that are known: 2025-04 to 2026-03."),
        Column("after_period", "varchar", "12 months that are forecast: 2026-04 to 2027-03."),
        Column(
            "spend_before_gbp",
            "decimal(16, 2)",
            "Pounds in the earlier; a night without a price at the mean of its type and provider.",
            True,
        ),
        Column(
            "spend_after_gbp",
            "decimal(16, 2)",
            "Pounds in the later: the mean of the draws. Medians would not add up with the parts.",
            True,
        ),
        *_part("volume", "Pounds for more or fewer nights"),
        *_part("mix", "Pounds for other types of placement"),
        *_part("price", "Pounds for dearer or cheaper nights"),
        _WITHHELD,
        _SYNTHETIC,
    ),
)

BACKTEST = Table(
    "backtest",
    "One row per level, method and months ahead: how far forecasts from past days, of what was "
    "known then, were from what came.",
    ("level", "method", "horizon_months"),
    (
        Column("la_code", "varchar", "Always null: all authorities are judged together.", True),
        _AUTHORITIES,
        Column(
            "level",
            "varchar",
            "What was forecast: region, region x type, authority, authority x type, or "
            "authority x band x type.",
        ),
        Column(
            "method",
            "varchar",
            "How: this forecast, last value, drift (the line through the first month known and "
            "the last), ets (a damped trend) or constant rates.",
        ),
        Column("horizon_months", "bigint", "Months from the last one known to the one forecast."),
        Column("origins", "bigint", "Past month-ends from which it was forecast."),
        Column(
            "wape",
            "double",
            "Errors without their sign over the children counted, both added up: 0.1 is 10%.",
        ),
        Column(
            "bias",
            "double",
            "Forecast less counted over counted, all added up: 0.1 is 10% too many.",
        ),
        Column(
            "pinball_loss",
            "double",
            "Mean pinball loss of the quantiles shown, in children: the smaller, the better the "
            "intervals; null for a method without intervals.",
            True,
        ),
        *(
            Column(
                f"coverage_{percent}",
                "double",
                f"Share of counts within the {percent}% interval, 0 to 1; null for a method "
                "without intervals.",
                True,
            )
            for percent in (50, 80, 95)
        ),
        Column(
            "pit",
            "double[]",
            "Where in the draws the counts fell: share in each tenth, lowest first, 0.1 each if "
            "the draws are right; null for a method without draws.",
            True,
        ),
        _SYNTHETIC,
    ),
)

SCENARIO = Table(
    "scenario",
    "One row per scenario of scenarios.csv or option of options.csv (“Option: …”), area, type of "
    "placement and month: children in care and spend as they are forecast with it and without it. "
    "Both are drawn with the same luck, so that the difference has an interval of its own: up to 7 "
    "children as it is, of more to the nearest 5.",
    ("scenario", "la_code", "placement_type", "month_end"),
    (
        Column("scenario", "varchar", "Name of the scenario."),
        *_AREA,
        _AUTHORITIES,
        _TYPE,
        _MONTH,
        Column("base_median", "bigint", "Children without it: the median of the draws.", True),
        Column("scenario_median", "bigint", "Children with it: the median of the draws.", True),
        *_middle("difference", "Children with it less children without it", "bigint"),
        *_middle(
            "spend_difference",
            "Pounds in the month with it less pounds without it",
            "decimal(16, 2)",
            "_gbp_per_month",
        ),
        _WITHHELD,
        _SYNTHETIC,
    ),
)

STANDING = Table(
    "standing",
    "One row per area: whether its forecast can be relied on, and why not. An area without a "
    "forecast has a row, too.",
    ("la_code",),
    (
        *_AREA,
        _AUTHORITIES,
        Column("standing", "varchar", "fit, use with care, not fit or no forecast."),
        Column("statement", "varchar", "What was done with its data, and what speaks against it."),
        Column(
            "spend_statement",
            "varchar",
            "What was done about prices, and which are missing; blank if nothing is to be said.",
        ),
        Column("origin", "date", "Last day of history; null where there is none.", True),
        Column(
            "history_from", "date", "First month-end of history; null where there is none.", True
        ),
        _SYNTHETIC,
    ),
)

_OPTION = (
    Column("la_code", "varchar", "Authority that the option is in; ONS code."),
    Column("area_name", "varchar", "Name of that authority."),
    Column("option", "varchar", "The option, as the file of options names it."),
    Column("placement_type", "varchar", "Type of home: foster, residential or supported."),
)


def _mean(name: str, what: str, sql_type: str = "decimal(16, 2)") -> Column:
    return Column(name, sql_type, f"{what}: the mean of the draws.", True)


def _mean_and_range(name: str, what: str) -> tuple[Column, ...]:
    """The mean of an amount of pounds, and its 80% interval."""
    return (_mean(f"{name}_mean_gbp", what), *_middle(name, what, "decimal(16, 2)", "_gbp")[1:])


NEW_BEDS = Table(
    "new_beds",
    "One row per area and type of home that can be built or found: who a new home would be for, "
    "now and in the last twelve months that are forecast. Children in bought beds live in homes of "
    "the type that an independent agency provides; children who lack it live elsewhere though this "
    "type alone was recommended. Of a type nobody is both.",
    ("la_code", "placement_type"),
    (
        *_AREA,
        _AUTHORITIES,
        Column("placement_type", "varchar", "Type of home: foster, residential or supported."),
        Column("children_bought", "bigint", "Children in bought beds now.", True),
        Column("children_lacking", "bigint", "Children who lack the type now.", True),
        Column(
            "children_waiting",
            "bigint",
            "Children not in care whose search for this type alone has found no home. They are in "
            "no forecast: where they would live otherwise is not known.",
            True,
        ),
        *_middle("bought", "Children in bought beds then, on average", "double"),
        *_middle("lacking", "Children who lack the type then, on average", "double"),
        Column(
            "bought_gbp_per_week",
            "decimal(16, 2)",
            "Pounds that a week in a bought bed costs now, to the nearest ten; of the region the "
            "mean over its children. A bed that costs less, however full it is, saves.",
            True,
        ),
        Column(
            "left_gbp_per_week",
            "decimal(16, 2)",
            "Pounds that a week costs now in the homes of children who lack the type.",
            True,
        ),
        *_middle(
            "spend_on_bought",
            "Pounds a year for bought beds then, in prices of now",
            "decimal(16, 2)",
            "_gbp_per_year",
        ),
        Column(
            "share_of_prices_known",
            "double",
            "Share of the bought beds of which a price is known, 0 to 1; null without any.",
            True,
        ),
        Column(
            "share_of_needs_not_known",
            "double",
            "Share of the children with a search of whom it does not tell which type was "
            "recommended, 0 to 1; null without any.",
            True,
        ),
        _WITHHELD,
        _SYNTHETIC,
    ),
)

BUSINESS_CASE = Table(
    "business_case",
    "One row per option for new homes and year of its life, from year 0, the day on which it "
    "opens: what it saves and costs, in prices of the last month that is known. Saved, left, "
    "running cost, staff and capital add up to net cash. The benefit to children who lacked the "
    "type is no cash and in no sum. docs/decisions/0029-business-case.md says how and why.",
    ("option", "year"),
    (
        *_OPTION,
        Column("year", "bigint", "Year of its life; 0 is the day on which it opens."),
        Column("beds_available", "double", "Beds in use on average in the year."),
        _mean(
            "bought_replaced_mean", "Children who live in it instead of in a bought bed", "double"
        ),
        _mean("lacking_served_mean", "Children who live in it and lacked the type", "double"),
        _mean("saved_mean_gbp", "Pounds not paid for bought beds any more"),
        _mean(
            "left_mean_gbp", "Pounds not paid any more for homes of children who lacked the type"
        ),
        _mean("running_cost_mean_gbp", "Pounds for running it, without staff"),
        _mean("staffing_mean_gbp", "Pounds for its staff"),
        Column("capital_gbp", "decimal(16, 2)", "Pounds of capital, once.", True),
        *_mean_and_range("net_cash", "Pounds saved and left less all costs, in the year"),
        Column("discount_factor", "double", "What a pound then is worth on the day it opens."),
        _mean("present_value_mean_gbp", "Pounds of net cash, discounted to the day it opens"),
        _mean("present_value_so_far_mean_gbp", "Pounds of that, added up from year 0 on"),
        _mean(
            "benefit_mean_gbp",
            "Pounds that bought homes of the type would cost for children who lacked it, beyond "
            "what their homes cost now",
        ),
        _WITHHELD,
        _SYNTHETIC,
    ),
)

BUSINESS_CASE_SUMMARY = Table(
    "business_case_summary",
    "One row per option for new homes: what it is worth in cash over its life, and whom it serves. "
    "Cash and benefit are told apart. In words in `statement`, year by year in "
    "forecast.business_case, month by month, as far as the forecast goes, in forecast.scenario "
    "under the name “Option: …”: all three are one model.",
    ("option",),
    (
        *_OPTION,
        Column("beds", "bigint", "Beds that it has once all are in use.", True),
        Column("capital_gbp", "decimal(16, 2)", "Pounds of capital, once.", True),
        Column(
            "running_cost_gbp_per_year", "decimal(16, 2)", "Pounds a year, without staff.", True
        ),
        Column("staffing_gbp_per_year", "decimal(16, 2)", "Pounds a year for staff.", True),
        Column("opening_date", "date", "Day on which it opens; it stands for its month."),
        Column("ramp_up_months", "bigint", "Months until all beds are in use.", True),
        Column("lifetime_years", "bigint", "Years of its life.", True),
        Column("discount_rate", "double", "A year, above inflation: 0.035 is 3.5%."),
        Column("highest_occupancy", "double", "Share of the beds that can be filled, 0 to 1."),
        Column("costs_gbp", "decimal(16, 2)", "Pounds of all its costs, discounted.", True),
        Column(
            "own_gbp_per_week",
            "decimal(16, 2)",
            "Pounds that a week in it costs, capital among it, where it is as full as it can be.",
            True,
        ),
        Column("children_bought", "bigint", "Children of the area in bought beds now.", True),
        Column("children_lacking", "bigint", "Children of the area who lack the type now.", True),
        Column("children_waiting", "bigint", "Children who wait for it, not in care.", True),
        Column(
            "bought_gbp_per_week",
            "decimal(16, 2)",
            "Pounds that a week in a bought bed of the area costs now, to the nearest ten.",
            True,
        ),
        Column(
            "left_gbp_per_week",
            "decimal(16, 2)",
            "Pounds that a week costs now in the homes of children who lack the type.",
            True,
        ),
        _mean(
            "bought_replaced_mean",
            "Children in it over its life instead of in bought beds",
            "double",
        ),
        _mean("lacking_served_mean", "Children in it over its life who lacked the type", "double"),
        _mean("saved_mean_gbp", "Pounds not paid for bought beds, discounted"),
        _mean("left_mean_gbp", "Pounds not paid for homes of children who lacked it, discounted"),
        *_mean_and_range("npv", "Pounds of cash: saved and left less all costs, discounted"),
        _mean("npv_bought_first_mean_gbp", "The same if bought beds are replaced first. Pounds"),
        _mean("npv_lacking_first_mean_gbp", "The same if children who lack it come first. Pounds"),
        Column(
            "chance_of_saving",
            "double",
            "Share of the draws in which it saves more cash than it costs, 0 to 1.",
            True,
        ),
        *_mean_and_range(
            "benefit",
            "Pounds, discounted, that bought homes of the type would cost for children who lacked "
            "it, beyond what their homes cost now: no cash",
        ),
        Column(
            "payback_years",
            "bigint",
            "Year from which on its cash so far, discounted, stays above nothing; null: never.",
            True,
        ),
        Column(
            "break_even_occupancy",
            "double",
            "Share of its beds that would have to take the place of bought ones for no loss.",
            True,
        ),
        Column(
            "share_of_prices_known",
            "double",
            "Share of the bought beds of which a price is known, 0 to 1; null without any.",
            True,
        ),
        Column(
            "share_of_needs_not_known",
            "double",
            "Share of the children with a search of whom it does not tell which type was "
            "recommended, 0 to 1; null without any.",
            True,
        ),
        Column("statement", "varchar", "What one should know of the figures, in words."),
        _WITHHELD,
        _SYNTHETIC,
    ),
)

TABLES = (
    DEMAND,
    SPEND,
    RATES,
    DRIVERS,
    BACKTEST,
    SCENARIO,
    NEW_BEDS,
    BUSINESS_CASE,
    BUSINESS_CASE_SUMMARY,
    STANDING,
)


def create_tables(connection: duckdb.DuckDBPyConnection, schema: str = SCHEMA) -> None:
    """Make the schema with all tables anew, empty, with their descriptions as comments."""
    connection.execute(f"create schema if not exists {schema}")
    for table in TABLES:
        name = f"{schema}.{sql_name(table.name)}"
        columns = ", ".join(
            f"{sql_name(c.name)} {c.sql_type}{'' if c.may_be_null else ' not null'}"
            for c in table.columns
        )
        connection.execute(f"create or replace table {name} ({columns})")
        connection.execute(f"comment on table {name} is {sql_text(table.description)}")
        for column in table.columns:
            place = f"{name}.{sql_name(column.name)}"
            connection.execute(f"comment on column {place} is {sql_text(column.description)}")
