"""Placements of made-up episodes, as far as what their nights cost is made from them."""

import duckdb


def make_placements(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables `placement`, `fct_placement` and `coverage`, of `episode`, `submission` and `sector`.

    `sector` has who provides each placement. Without a table `finance` no price is known.
    """
    connection.execute(
        """
        create table coverage as
        select
            la_code,
            'ssda903' as dataset,
            min(period_start_date) as first_date,
            max(least(period_end_date, received_at::date)) as last_date
        from submission
        where status = 'accepted' and table_name = 'episodes'
        group by la_code;

        create table placement as
        select
            episode.placement_id as id,
            episode.la_code,
            episode.child_id,
            arg_min(episode.placement_type, episode.start_date) as placement_type,
            any_value(coalesce(sector.provider_sector, 'unknown')) as provider_sector,
            null::varchar as provider_urn,
            min(episode.start_date) as start_date,
            nullif(max(coalesce(episode.end_date, date '9999-12-31')), date '9999-12-31')
                as end_date,
            min(episode.age_at_start) as age_at_start,
            bool_or(episode.is_short_break) as is_short_break
        from episode
        left join sector on episode.placement_id = sector.placement_id
        group by episode.placement_id, episode.la_code, episode.child_id;

        create table fct_placement as
        select
            placement.*,
            'ssda903' as source,
            greatest(
                start_date, least(coalesce(end_date, last_date + 1), last_date + 1)
            )::date as counted_to_date,
            date_diff('day', start_date, counted_to_date) as nights
        from placement
        inner join coverage on placement.la_code = coverage.la_code;

        create table if not exists finance (
            placement_id varchar, valid_from date, agreed_weekly_cost decimal(12, 2),
            actual_weekly_cost decimal(12, 2)
        )
        """
    )
