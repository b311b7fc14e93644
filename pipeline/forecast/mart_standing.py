"""What the forecast's own tables say of how far they can be relied on, put into `mart_standing`.

The mart is built before them, from what their figures rest on. What it cannot know is put in here,
by the same thresholds (`reference.standing_measure`): how past forecasts did against the last known
value, what is withheld, and that an area has no forecast or one that is not fit.
"""

from collections.abc import Iterable

import duckdb

from pipeline.forecast.small_numbers import Edition
from pipeline.forecast.standing import CARE, NO_FORECAST, NOT_FIT
from pipeline.forecast.tables import TABLES
from pipeline.warehouse import sql_text

AGAINST, WITHHELD = "forecast against the last value", "withheld"
YEAR = 12  # months ahead: the longest that is judged


def judge_forecast(connection: duckdb.DuckDBPyConnection, editions: Iterable[Edition]) -> None:
    """Lower the standing of the marts of `forecast` where what was forecast gives reason to."""
    for edition in editions:
        quality = edition.schema.replace("forecast", "quality")
        connection.execute(f"create or replace temp table judged as {_reasons_sql(edition.schema)}")
        connection.execute(
            f"""
            update {quality}.mart_standing as mart
            set
                standing = case
                    when mart.standing = {sql_text(NOT_FIT)} or judged.weight = 2
                        then {sql_text(NOT_FIT)}
                    else {sql_text(CARE)}
                end,
                reasons = case
                    when mart.reasons = '' then judged.reasons
                    when mart.standing = {sql_text(NOT_FIT)} and judged.weight < 2
                        then mart.reasons || '; ' || judged.reasons
                    else judged.reasons || '; ' || mart.reasons
                end
            from judged
            where mart.mart = judged.mart and mart.la_code is not distinct from judged.la_code
            """
        )
        connection.execute("drop table judged")


def _reasons_sql(schema: str) -> str:
    """Grain: a mart and an area: its gravest reasons first. 2 is not fit, 1 is with care."""
    withheld = " union all ".join(
        f"select 'forecast.{t.name}' as mart, la_code, '{WITHHELD}' as measure, "
        "count(case when withheld <> '' then 1 end) / count(*)::double as value "
        f"from {schema}.{t.name} group by la_code"
        for t in TABLES
        if {"la_code", "withheld"} <= {column.name for column in t.columns}
    )
    return f"""
        with
        -- The longest time ahead, up to a year, that could be judged of each level.
        of_level as (
            select level, wape, method, horizon_months
            from {schema}.backtest
            where horizon_months <= {YEAR}
            qualify horizon_months = max(horizon_months) over (partition by level)
        ),
        ratio as (
            select this.level, this.wape / nullif(last_value.wape, 0) as value
            from of_level as this
            inner join of_level as last_value on this.level = last_value.level
            where this.method = 'this forecast' and last_value.method = 'last value'
        ),
        areas as (select la_code, standing, statement from {schema}.standing),
        measured as (
            select mart_measure.mart, areas.la_code, mart_measure.measure, ratio.value
            from reference.mart_measure as mart_measure
            cross join areas
            inner join ratio
                on ratio.level = case when areas.la_code is null then 'region' else 'authority' end
            where mart_measure.measure = '{AGAINST}'
            union all
            select withheld.* from ({withheld}) as withheld
            inner join reference.mart_measure as mart_measure using (mart, measure)
        ),
        reasons as (
            select
                measured.mart,
                measured.la_code,
                case when measured.value > thresholds.not_fit_above then 2 else 1 end as weight,
                replace(
                    thresholds.reason,
                    '{{number}}',
                    round(100 * measured.value)::bigint::varchar || '%'
                ) as reason
            from measured
            inner join reference.standing_measure as thresholds using (measure)
            where measured.value > thresholds.use_with_care_above
            union all
            select
                mart_measure.mart,
                areas.la_code,
                case when areas.standing = {sql_text(CARE)} then 1 else 2 end as weight,
                rtrim(replace(areas.statement, ';', ','), '.') as reason
            from reference.mart_measure as mart_measure
            cross join areas
            where
                mart_measure.measure = '{AGAINST}'
                and areas.standing in (
                    {sql_text(CARE)}, {sql_text(NOT_FIT)}, {sql_text(NO_FORECAST)}
                )
        )
        select
            mart,
            la_code,
            max(weight) as weight,
            string_agg(reason, '; ' order by weight desc, reason) as reasons
        from reasons
        group by mart, la_code
    """
