{{ config(schema='staging') }}

{% set of_stock = ['age_band', 'placement_type', 'provider', 'distance', 'area'] %}
{% set of_occasions = ['age_band', 'placement_type'] %}
{% set measures = {
    'looked after on 31 March': of_stock,
    'started in the year': of_occasions,
    'ceased in the year': of_occasions,
} %}
{% set in_words = {
    'age_band': 'age band',
    'placement_type': 'placement type',
    'provider': 'provider',
    'distance': 'distance',
    'area': 'in or out of the authority',
} %}

with

care_episodes as (

    select * from {{ ref('int_care_episode') }}

),

children_at_quarter_end as (

    select * from {{ ref('int_child_at_quarter_end') }}

),

episodes as (

    select * from {{ ref('episode') }}

),

children as (

    select * from {{ ref('child') }}

),

submissions as (

    select * from {{ ref('submission') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

provider_sectors as (

    select * from {{ ref('provider_sector_map') }} where source = 'ssda903'

),

-- Grain: an authority and collection year of which it sent a return once the year was over.
years as (

    select
        submissions.la_code,
        submissions.period as collection_year,
        submissions.period_start_date as year_start_date,
        submissions.period_end_date as year_end_date,
        max(case when authorities.is_synthetic then 1 else 0 end) = 1 as is_synthetic
    from submissions
    inner join authorities on submissions.la_code = authorities.la_code
    where
        submissions.status = 'accepted'
        and submissions.dataset = 'ssda903'
        and submissions.table_name = 'episodes'
        and coalesce(cast(submissions.received_at as date), submissions.period_end_date)
        >= submissions.period_end_date
    group by
        submissions.la_code,
        submissions.period,
        submissions.period_start_date,
        submissions.period_end_date

),

-- Grain: a child looked after on the last day of the year.
stock as (

    select
        years.la_code,
        years.collection_year,
        1 as occasion_order,
        {{ age_band('children_at_quarter_end.age') }} as age_band,
        coalesce(children_at_quarter_end.placement_type, 'unknown') as placement_type,
        coalesce(provider_sectors.common_core_value, 'unknown') as provider,
        case
            when episodes.distance_miles > 20 then 'over 20 miles'
            when episodes.distance_miles <= 20 then '20 miles or less'
            else 'not known'
        end as distance,
        case
            when episodes.is_out_of_authority then 'outside'
            when not episodes.is_out_of_authority then 'inside'
            else 'not known'
        end as area
    from years
    inner join children_at_quarter_end
        on years.la_code = children_at_quarter_end.la_code
        and years.year_end_date = children_at_quarter_end.quarter_end_date
    inner join episodes on children_at_quarter_end.home_episode_id = episodes.id
    left join provider_sectors on episodes.place_provider_code = provider_sectors.source_code

),

episode_order as (

    select
        care_episodes.*,
        children.birth_month,
        row_number() over (partition by care_episodes.care_id order by care_episodes.start_date)
            as first_order,
        row_number() over (
            partition by care_episodes.care_id order by care_episodes.start_date desc
        ) as last_order
    from care_episodes
    inner join children
        on care_episodes.la_code = children.la_code
        and care_episodes.child_id = children.id

),

-- Grain: a time that a child began to be looked after. The first of the year stands for the child.
started as (

    select
        years.la_code,
        years.collection_year,
        row_number() over (
            partition by years.la_code, years.collection_year, episode_order.child_id
            order by episode_order.start_date
        ) as occasion_order,
        {{ age_band('episode_order.age_at_start') }} as age_band,
        coalesce(episode_order.placement_type, 'unknown') as placement_type
    from years
    inner join episode_order
        on years.la_code = episode_order.la_code
        and episode_order.start_date between years.year_start_date and years.year_end_date
    where episode_order.first_order = 1

),

-- Grain: a time that a child left care, as an end that was reported or the 18th birthday has it.
-- The last of the year stands for the child.
ceased as (

    select
        years.la_code,
        years.collection_year,
        row_number() over (
            partition by years.la_code, years.collection_year, episode_order.child_id
            order by episode_order.care_end_date desc, episode_order.start_date desc
        ) as occasion_order,
        {{ age_band(age_at_month_end('episode_order.birth_month', 'episode_order.care_end_date')) }}
            as age_band,
        coalesce(episode_order.placement_type, 'unknown') as placement_type
    from years
    inner join episode_order
        on years.la_code = episode_order.la_code
        and episode_order.care_end_date between years.year_start_date and years.year_end_date
    where
        episode_order.last_order = 1
        and coalesce(episode_order.repair_rule, '') <> 'open_but_not_reported_again'

),

-- Grain: an occasion of a measure, in total and in each of its groups.
grouped as (

    {% for measure, breakdowns in measures.items() %}
    {% set occasions = ['stock', 'started', 'ceased'][loop.index0] %}
    {% if not loop.first %}union all{% endif %}
    select
        la_code,
        collection_year,
        '{{ measure }}' as measure,
        'total' as breakdown,
        'all children' as category,
        occasion_order
    from {{ occasions }}
    {% for breakdown in breakdowns %}
    union all
    select
        la_code,
        collection_year,
        '{{ measure }}' as measure,
        '{{ in_words[breakdown] }}' as breakdown,
        {{ breakdown }} as category,
        occasion_order
    from {{ occasions }}
    {% endfor %}
    {% endfor %}

),

-- Grain: an authority, year and measure, which is told even where it is of nobody; and a group.
row_keys as (

    {% for measure in measures %}
    select
        la_code,
        collection_year,
        '{{ measure }}' as measure,
        'total' as breakdown,
        'all children' as category
    from years
    union
    {% endfor %}
    select
        la_code,
        collection_year,
        measure,
        breakdown,
        category
    from grouped

),

counted as (

    select
        la_code,
        collection_year,
        measure,
        breakdown,
        category,
        count(case when occasion_order = 1 then 1 end) as children,
        count(*) as times
    from grouped
    group by la_code, collection_year, measure, breakdown, category

),

-- Grain: an authority or the region (no authority), year, measure and group.
added_up as (

    select
        row_keys.la_code,
        row_keys.collection_year,
        row_keys.measure,
        row_keys.breakdown,
        row_keys.category,
        max(years.year_end_date) as year_end_date,
        max(case when years.is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        count(*) as authorities,
        coalesce(sum(counted.children), 0) as children,
        coalesce(sum(counted.times), 0) as times
    from row_keys
    inner join years
        on row_keys.la_code = years.la_code
        and row_keys.collection_year = years.collection_year
    left join counted
        on row_keys.la_code = counted.la_code
        and row_keys.collection_year = counted.collection_year
        and row_keys.measure = counted.measure
        and row_keys.breakdown = counted.breakdown
        and row_keys.category = counted.category
    group by grouping sets (
        (
            row_keys.la_code,
            row_keys.collection_year,
            row_keys.measure,
            row_keys.breakdown,
            row_keys.category
        ),
        (row_keys.collection_year, row_keys.measure, row_keys.breakdown, row_keys.category)
    )

),

final as (

    select
        case when added_up.la_code is null then 'region' else 'authority' end as area_level,
        added_up.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        added_up.collection_year,
        added_up.year_end_date,
        added_up.measure,
        added_up.breakdown,
        added_up.category,
        added_up.is_synthetic,
        added_up.authorities,
        cast(added_up.children as bigint) as children,
        cast(added_up.times as bigint) as times
    from added_up
    left join authorities on added_up.la_code = authorities.la_code

)

select * from final
