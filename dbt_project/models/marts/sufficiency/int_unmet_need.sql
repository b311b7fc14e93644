{{ config(schema='staging') }}

with

searches as (

    select * from {{ ref('int_search_period') }}

),

-- Grain: an authority and period kind: whether its returns tell of searches that found nothing.
returns as (

    select
        la_code,
        period_kind,
        max(case when is_open then 1 else 0 end) = 1 as tells_of_open
    from searches
    group by la_code, period_kind

),

-- Grain: a search and period, and the share unmet that it is compared with, over the latest
-- quarters alone: of all searches of authorities whose returns tell the same; where needs are
-- compared, of those whose needs are known. A form that asks for needs once a home is found says
-- nothing of open searches: compared with all, no known need would ever be met badly.
compared as (

    select
        searches.*,
        avg(case when searches.is_unmet then 1 when not searches.is_unmet then 0 end) over (
            partition by searches.period_kind, returns.tells_of_open
        ) as compared_share,
        case
            when searches.is_needs_known
                then
                    avg(case when searches.is_unmet then 1 when not searches.is_unmet then 0 end)
                        over (
                            partition by
                                searches.period_kind, returns.tells_of_open, searches.is_needs_known
                        )
        end as compared_share_of_known
    from searches
    inner join returns
        on searches.la_code = returns.la_code
        and searches.period_kind = returns.period_kind

),

-- Grain: a recommended type: how much oftener such searches go unmet than all, drawn towards as
-- often by five searches that are unmet as expected.
like_this_type as (

    select
        recommended_type,
        (5 + {{ count_where('is_unmet') }}) / (5 + sum(compared_share)) as times_expected
    from compared
    where period_kind = 'latest' and is_unmet is not null
    group by recommended_type

),

-- Grain: a needs profile and recommended type, likewise.
like_these_needs as (

    select
        needs_profile_id,
        recommended_type,
        (5 + {{ count_where('is_unmet') }}) / (5 + sum(compared_share_of_known)) as times_expected
    from compared
    where period_kind = 'latest' and is_unmet is not null and is_needs_known
    group by needs_profile_id, recommended_type

),

-- One row: how long an unmet search lasts on average.
lasting as (

    select avg(unmet_weeks) as weeks_per_unmet
    from compared
    where period_kind = 'latest' and is_unmet

),

expected as (

    select
        compared.*,
        case when compared.is_unmet is not null then compared.compared_share end as share_compared,
        case when compared.is_unmet is not null then compared.compared_share_of_known end
            as share_compared_of_known,
        case
            when compared.is_unmet is not null
                then least(0.95, compared.compared_share * like_this_type.times_expected)
        end as share_expected,
        case
            when compared.is_unmet is not null
                then
                    least(0.95, compared.compared_share_of_known * like_these_needs.times_expected)
        end as share_expected_of_known
    from compared
    left join like_this_type on compared.recommended_type = like_this_type.recommended_type
    left join like_these_needs
        on compared.needs_profile_id = like_these_needs.needs_profile_id
        and compared.recommended_type = like_these_needs.recommended_type

),

-- Grain: an area, period, needs profile or all, and recommended type or all.
counted as (

    select
        coalesce(la_code, 'region') as area_code,
        period_kind,
        first_quarter,
        last_quarter,
        case when grouping(needs_profile_id) = 0 then needs_profile_id else 'all' end
            as needs_profile_id,
        case when grouping(recommended_type) = 0 then recommended_type else 'all types' end
            as recommended_type,
        case when grouping(broad_needs) = 0 then broad_needs else 'all' end as broad_needs,
        case
            when grouping(broad_needs) = 0 then 'broad needs'
            when grouping(needs_profile_id) = 0 and grouping(recommended_type) = 0
                then 'needs profile and recommended type'
            when grouping(needs_profile_id) = 0 then 'needs profile'
            when grouping(recommended_type) = 0 then 'recommended type'
            else 'total'
        end as breakdown,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        count(distinct la_code) as authorities,
        count(*) as searches,
        count(distinct child_id) as children,
        {{ count_where('is_open') }} as open_searches,
        {{ count_where('not is_open') }} as homes_found,
        count(days_to_place) as days_known,
        {{ percentile('days_to_place', 0.5) }} as median_days_to_place,
        {%- for fact in [
            'unsuitable_type',
            'not_preferred_type',
            'over_20_miles',
            'out_of_authority',
            'siblings_split',
            'school_lost',
            'emergency',
            'unmet',
        ] %}
        count(is_{{ fact }}) as {{ fact }}_known,
        {{ count_where('is_' ~ fact) }} as {{ fact }},
        {%- endfor %}
        count(unmet_weeks) as unmet_weeks_known,
        coalesce(sum(unmet_weeks), 0) as unmet_weeks,
        {{ count_where('is_needs_known') }} as needs_known,
        -- Null, so that there is no index and no rank, of searches whose needs, or whose one
        -- recommended type, are not known.
        case
            when grouping(recommended_type) = 0 and recommended_type = 'no single type' then null
            when grouping(needs_profile_id) + grouping(broad_needs) < 2
                then avg(share_compared_of_known)
            else avg(share_compared)
        end as compared_share,
        case
            when grouping(needs_profile_id) + grouping(broad_needs) < 2
                then avg(share_expected_of_known)
            else avg(share_expected)
        end as expected_share
    from expected
    group by grouping sets (
        (la_code, period_kind, first_quarter, last_quarter),
        (la_code, period_kind, first_quarter, last_quarter, broad_needs),
        (la_code, period_kind, first_quarter, last_quarter, needs_profile_id),
        (la_code, period_kind, first_quarter, last_quarter, recommended_type),
        (la_code, period_kind, first_quarter, last_quarter, needs_profile_id, recommended_type),
        (period_kind, first_quarter, last_quarter),
        (period_kind, first_quarter, last_quarter, broad_needs),
        (period_kind, first_quarter, last_quarter, needs_profile_id),
        (period_kind, first_quarter, last_quarter, recommended_type),
        (period_kind, first_quarter, last_quarter, needs_profile_id, recommended_type)
    )

),

-- The index stands on the latest quarters together; a single quarter is too short for it.
drawn as (

    select
        counted.*,
        lasting.weeks_per_unmet,
        {{ drawn_share('counted.unmet', 'counted.unmet_known', 'counted.expected_share') }}
            as unmet_share,
        {{ drawn_share_end(
            'counted.unmet', 'counted.unmet_known', 'counted.expected_share', -1.2816
        ) }} as share_low,
        {{ drawn_share_end(
            'counted.unmet', 'counted.unmet_known', 'counted.expected_share', 1.2816
        ) }} as share_high
    from counted
    cross join lasting
    where
        counted.period_kind = 'latest'
        and counted.expected_share > 0
        and counted.compared_share > 0

),

weighed as (

    select
        *,
        unmet_share / compared_share as gap_index,
        share_low / compared_share as gap_low,
        share_high / compared_share as gap_high,
        unmet_known * (unmet_share - compared_share) * weeks_per_unmet as excess_unmet_weeks,
        unmet_known * (share_low - compared_share) * weeks_per_unmet
            as excess_unmet_weeks_at_least
    from drawn

),

final as (

    select
        counted.*,
        weighed.unmet_share,
        weighed.gap_index,
        weighed.gap_low,
        weighed.gap_high,
        weighed.excess_unmet_weeks,
        weighed.excess_unmet_weeks_at_least,
        weighed.weeks_per_unmet,
        -- Of authorities among themselves, and of the region's rows, within each breakdown.
        case
            when weighed.gap_index is not null
                then
                    row_number() over (
                        partition by
                            counted.breakdown,
                            counted.area_code = 'region',
                            weighed.gap_index is null
                        order by
                            round(weighed.excess_unmet_weeks_at_least, 6) desc,
                            counted.area_code asc,
                            counted.needs_profile_id asc,
                            counted.broad_needs asc,
                            counted.recommended_type asc
                    )
        end as gap_rank
    from counted
    left join weighed
        on counted.area_code = weighed.area_code
        and counted.period_kind = weighed.period_kind
        and counted.needs_profile_id = weighed.needs_profile_id
        and counted.recommended_type = weighed.recommended_type
        and counted.broad_needs = weighed.broad_needs

)

select * from final
