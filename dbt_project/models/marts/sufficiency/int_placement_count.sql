{{ config(schema='staging') }}

with

placements as (

    select
        * exclude (quarter),
        quarter as start_quarter,
        coalesce(placement_type, 'unknown') as type_label
    from {{ ref('int_placement_begun') }}

),

searches as (

    select * from {{ ref('fct_home_search') }}

),

care_episodes as (

    select * from {{ ref('int_care_episode') }}

),

children_at_quarter_end as (

    select * from {{ ref('int_child_at_quarter_end') }}

),

children as (

    select * from {{ ref('child') }}

),

coverage as (

    select * from {{ ref('coverage') }}

),

submissions as (

    select * from {{ ref('submission') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

quarter_ends as (

    select
        *,
        {{ quarter_ends_between('first_date', 'last_date') }} as quarter_end_date
    from coverage
    where dataset = 'ssda903'

),

-- Grain: an authority and quarter that its SSDA903 returns cover to the last day.
care_quarters as (

    select
        la_code,
        {{ quarter_of('quarter_end_date') }} as quarter,
        quarter_end_date
    from quarter_ends
    where quarter_end_date <= last_date

),

-- Grain: a placement that started.
started as (

    select
        placements.*,
        searches.preferred_types
        like '%' || placements.placement_type || '%' as is_of_preferred_type,
        case placements.placement_type
            when 'foster' then searches.foster_suitability
            when 'residential' then searches.residential_suitability
            when 'supported' then searches.supported_suitability
        end as suitability_of_type
    from placements
    left join searches on placements.referral_id = searches.id

),

-- Grain: an authority and a quarter that it sent a placement return of, or that SSDA903 covers.
sent_quarters as (

    select
        la_code,
        period as quarter
    from submissions
    where dataset = 'placements' and status = 'accepted'
    union
    select
        la_code,
        quarter
    from care_quarters

),

known_quarters as (

    select start_quarter as quarter from started
    union
    select quarter from sent_quarters

),

-- Grain: a quarter, from the first of which something is known to the last; none is passed over,
-- so that every year has four.
quarters as (

    select
        {{ quarter_of('quarter_end_date') }} as quarter,
        {{ quarter_number(quarter_of('quarter_end_date')) }} as quarter_number
    from (
        select {{ quarter_ends_between('min(first_day)', 'max(first_day)') }} as quarter_end_date
        from (
            select {{ period_start('quarter') }} as first_day from known_quarters
        ) as days
    ) as ends

),

-- Years are counted back from the last quarter: each quarter belongs to one.
years as (

    select
        quarter as quarter_in,
        max(quarter) over (
            partition by cast(floor((last_number - quarter_number) / 4.0) as bigint)
        ) as quarter
    from (
        select
            *,
            max(quarter_number) over () as last_number
        from quarters
    ) as numbered

),

-- Grain: a period and a quarter in it. A period is a quarter or a year, named by its last quarter.
periods as (

    select
        'quarter' as period,
        quarter,
        quarter as quarter_in
    from quarters
    union all
    select
        'year' as period,
        quarter,
        quarter_in
    from years

),

-- Grain: an authority and period that its SSDA903 returns cover whole, and a quarter in it.
care_periods as (

    select *
    from (
        select
            care_quarters.la_code,
            care_quarters.quarter_end_date,
            periods.*,
            count(*) over (
                partition by care_quarters.la_code, periods.period, periods.quarter
            ) as quarters_covered
        from care_quarters
        inner join periods on care_quarters.quarter = periods.quarter_in
    ) as found
    where quarters_covered = case when period = 'year' then 4 else 1 end

),

-- Grain: an area, period and breakdown.
counted_started as (

    select
        {{ breakdown_columns() }},
        count(distinct la_code) as authorities,
        count(*) as placements_started,
        count(distance_miles) as distance_known,
        {{ count_where('distance_miles > 20') }} as over_20_miles,
        cast(round(avg(distance_miles), 1) as double) as mean_distance_miles,
        cast(round({{ percentile('distance_miles', 0.5) }}, 1) as double)
            as median_distance_miles,
        count(is_out_of_authority) as in_or_out_known,
        {{ count_where('is_out_of_authority') }} as out_of_authority,
        count(placement_type) as type_known,
        {{ count_where("placement_type = 'foster'") }} as foster,
        {{ count_where("placement_type = 'residential'") }} as residential,
        {{ count_where("placement_type = 'supported'") }} as supported,
        {{ count_where("placement_type not in ('foster', 'residential', 'supported')") }}
            as other_types,
        count(is_of_preferred_type) as preferred_type_known,
        {{ count_where('is_of_preferred_type') }} as preferred_type_used,
        {{ count_where(
            "suitability_of_type in ('Preferred', 'Suitable but not preferred', 'Unsuitable')"
        ) }} as suitable_type_known,
        {{ count_where("suitability_of_type in ('Preferred', 'Suitable but not preferred')") }}
            as suitable_type_used,
        {{ count_where("provider_sector <> 'unknown'") }} as sector_known,
        {{ count_where("provider_sector = 'own provision'") }} as own_provision,
        {{ count_where("provider_sector = 'independent agency'") }} as independent_agency,
        {{ count_where("provider_sector = 'other public'") }} as other_public,
        {{ count_where(
            "registration_at_start in ('on the list', 'not on the list', 'no number')"
        ) }} as registration_known,
        {{ count_where("registration_at_start in ('not on the list', 'no number')") }}
            as registration_not_found,
        {{ count_where("rating_at_start <> 'Not yet inspected'") }} as rating_known,
        {{ count_where("rating_at_start in ('Good', 'Outstanding')") }} as good_or_outstanding,
        count(weekly_cost_at_start) as weekly_cost_known,
        count(distinct case when weekly_cost_at_start is not null then child_id end)
            as children_with_weekly_cost,
        {{ percentile('weekly_cost_at_start', 0.5) }} as median_weekly_cost,
        count(is_placed_with_siblings) as siblings_known,
        {{ count_where('is_placed_with_siblings') }} as placed_with_siblings,
        {{ count_where('is_placed_with_siblings is not null and sibling_split_is_ambiguous') }}
            as siblings_ambiguous,
        count(is_education_continuous) as school_known,
        {{ count_where('is_education_continuous') }} as school_kept,
        {{ count_where('education_continuity_is_ambiguous') }} as school_ambiguous,
        count(is_emergency) as emergency_known,
        {{ count_where('is_emergency') }} as emergency
    from (
        select
            started.*,
            periods.period,
            periods.quarter
        from started
        inner join periods on started.start_quarter = periods.quarter_in
    ) as started_in_period
    group by {{ breakdown_sets() }}

),

stay_order as (

    select
        *,
        row_number() over (partition by stay_id order by start_date) as first_order,
        row_number() over (partition by stay_id order by start_date desc) as last_order
    from care_episodes
    where stay_id is not null

),

-- Grain: a stay with one carer that ended in a covered period; its age band and type are those of
-- its start. Ends that nobody reported say nothing of how long homes last.
ended as (

    select
        beginnings.la_code,
        care_periods.period,
        care_periods.quarter,
        {{ age_band('beginnings.age_at_start') }} as age_band,
        coalesce(beginnings.placement_type, 'unknown') as type_label,
        {{ days_between('beginnings.stay_start_date', 'beginnings.stay_end_date') }} as nights
    from stay_order as beginnings
    inner join stay_order as endings on beginnings.stay_id = endings.stay_id
    inner join care_periods
        on beginnings.la_code = care_periods.la_code
        and {{ quarter_of('beginnings.stay_end_date') }} = care_periods.quarter_in
    where
        beginnings.first_order = 1
        and endings.last_order = 1
        and coalesce(endings.repair_rule, '') <> 'open_but_not_reported_again'

),

counted_ended as (

    select
        {{ breakdown_columns() }},
        count(*) as placements_ended,
        cast({{ percentile('nights', 0.5) }} as double) as median_nights_in_placement
    from ended
    group by {{ breakdown_sets() }}

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

-- Grain: a time that a child began to be looked after or left care; and a child looked after at a
-- quarter's end. The type is that of the first home, of the last, or of the home on the day.
care_events as (

    select
        la_code,
        'entrant' as event,
        {{ quarter_of('start_date') }} as event_quarter,
        {{ age_band('age_at_start') }} as age_band,
        coalesce(placement_type, 'unknown') as type_label,
        null as nights
    from episode_order
    where first_order = 1
    union all
    select
        la_code,
        case
            when repair_rule = 'open_but_not_reported_again' then 'leaver not reported'
            else 'leaver'
        end as event,
        {{ quarter_of('care_end_date') }} as event_quarter,
        {{ age_band(age_at_month_end('birth_month', 'care_end_date')) }} as age_band,
        coalesce(placement_type, 'unknown') as type_label,
        {{ days_between('care_start_date', 'care_end_date') }} as nights
    from episode_order
    where last_order = 1 and care_end_date is not null
    union all
    select
        la_code,
        'stock' as event,
        quarter as event_quarter,
        {{ age_band('age') }} as age_band,
        coalesce(placement_type, 'unknown') as type_label,
        null as nights
    from children_at_quarter_end

),

-- Children looked after are those on the last day of the period.
covered_events as (

    select
        care_events.*,
        care_periods.period,
        care_periods.quarter
    from care_events
    inner join care_periods
        on care_events.la_code = care_periods.la_code
        and care_events.event_quarter = care_periods.quarter_in
    where care_events.event <> 'stock' or care_periods.quarter_in = care_periods.quarter

),

counted_events as (

    select
        {{ breakdown_columns() }},
        {{ count_where("event = 'entrant'") }} as entrants,
        {{ count_where("event = 'leaver'") }} as leavers,
        {{ count_where("event = 'leaver not reported'") }} as leavers_not_reported,
        {{ count_where("event = 'stock'") }} as children_at_quarter_end,
        cast(
            {{ percentile("case when event = 'leaver' then nights end", 0.5) }} as double
        ) as median_nights_in_care_of_leavers
    from covered_events
    group by {{ breakdown_sets() }}

),

-- Grain: an area and period: in how many authorities the figures of care are known.
care_coverage as (

    select
        coalesce(la_code, 'region') as area_code,
        period,
        quarter,
        count(distinct la_code) as authorities_with_ssda903
    from care_periods
    group by grouping sets ((la_code, period, quarter), (period, quarter))

),

areas as (

    select
        coalesce(coverage.la_code, 'region') as area_code,
        max(case when authorities.is_synthetic then 1 else 0 end) = 1 as is_synthetic
    from coverage
    inner join authorities on coverage.la_code = authorities.la_code
    group by grouping sets ((coverage.la_code), ())

),

-- Grain: an area and period of which a return was sent, be there nobody in it.
sent_periods as (

    select
        coalesce(sent_quarters.la_code, 'region') as area_code,
        periods.period,
        periods.quarter
    from sent_quarters
    inner join periods on sent_quarters.quarter = periods.quarter_in
    group by grouping sets (
        (sent_quarters.la_code, periods.period, periods.quarter),
        (periods.period, periods.quarter)
    )

),

-- Grain: an area, period and breakdown with anything in it; of years the total alone.
row_keys as (

    select
        area_code,
        period,
        quarter,
        'total' as breakdown,
        'all ages' as age_group,
        'all types' as type_group
    from sent_periods
    union
    {% for counted in ['counted_started', 'counted_ended', 'counted_events'] %}
    select area_code, period, quarter, breakdown, age_group, type_group from {{ counted }}
    where period = 'quarter' or breakdown = 'total'
    {% if not loop.last %}union{% endif %}
    {% endfor %}

),

final as (

    select
        case when row_keys.area_code = 'region' then 'region' else 'authority' end as area_level,
        nullif(row_keys.area_code, 'region') as la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        row_keys.period,
        row_keys.quarter,
        row_keys.breakdown,
        row_keys.age_group as age_band,
        row_keys.type_group as placement_type,
        areas.is_synthetic,
        coalesce(counted_started.authorities, 0) as authorities,
        coalesce(care_coverage.authorities_with_ssda903, 0) as authorities_with_ssda903,
        {% for count in counts_of_placements_started().split() + counts_of_care().split() %}
        coalesce({{ count }}, 0) as {{ count }},
        {% endfor %}
        counted_started.mean_distance_miles,
        counted_started.median_distance_miles,
        coalesce(counted_started.children_with_weekly_cost, 0) as children_with_weekly_cost,
        counted_started.median_weekly_cost,
        counted_ended.median_nights_in_placement,
        counted_events.median_nights_in_care_of_leavers
    from row_keys
    inner join areas on row_keys.area_code = areas.area_code
    {% for counted in ['counted_started', 'counted_ended', 'counted_events'] %}
    left join {{ counted }}
        on row_keys.area_code = {{ counted }}.area_code
        and row_keys.period = {{ counted }}.period
        and row_keys.quarter = {{ counted }}.quarter
        and row_keys.breakdown = {{ counted }}.breakdown
        and row_keys.age_group = {{ counted }}.age_group
        and row_keys.type_group = {{ counted }}.type_group
    {% endfor %}
    left join care_coverage
        on row_keys.area_code = care_coverage.area_code
        and row_keys.period = care_coverage.period
        and row_keys.quarter = care_coverage.quarter
    left join authorities on row_keys.area_code = authorities.la_code

)

select * from final
