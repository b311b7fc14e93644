{%- set facts = [
    'unsuitable_type',
    'not_preferred_type',
    'over_20_miles',
    'out_of_authority',
    'siblings_split',
    'school_lost',
    'emergency',
    'unmet',
] -%}
{%- set counts = ['searches', 'children', 'open_searches', 'homes_found', 'days_known'] -%}
{%- set caps = {'searches': ['children'], 'homes_found': ['days_known']} -%}
{%- for fact in facts -%}
{%- do counts.extend([fact ~ '_known', fact]) -%}
{%- do caps.update({fact ~ '_known': [fact]}) -%}
{%- endfor -%}
with

counted as (

    select
        *,
        -- Rounded as far as it may be without the index changing to the eye.
        round({{ rounded_to('expected_share', 0.01) }}, 6) as rounded_expected_share,
        round({{ rounded_to('compared_share', 0.01) }}, 6) as rounded_compared_share
    from {{ ref('int_unmet_need') }}
    -- Of one quarter an authority's types or needs would mostly be withheld.
    where period_kind = 'latest' or breakdown = 'total'

),

authorities as (

    select * from {{ ref('local_authority') }}

),

profiles as (

    select * from {{ ref('dim_needs_profile') }}

),

guarded as (

    {{ suppressed(
        'counted',
        counts,
        keep=[
            'area_code', 'period_kind', 'first_quarter', 'last_quarter', 'needs_profile_id',
            'broad_needs', 'recommended_type', 'breakdown', 'is_synthetic', 'authorities',
            'median_days_to_place', 'unmet_weeks', 'rounded_expected_share',
            'rounded_compared_share', 'weeks_per_unmet',
        ],
        sums={'searches': ['open_searches', 'homes_found']},
        caps=caps,
        totals=[
            {
                'when': "area_code = 'region'",
                'within': [
                    'period_kind', 'first_quarter', 'needs_profile_id', 'broad_needs',
                    'recommended_type',
                ],
            },
            {
                'when': "recommended_type = 'all types'",
                'within': [
                    'area_code', 'period_kind', 'first_quarter', 'needs_profile_id', 'broad_needs',
                ],
            },
            {
                'when': "needs_profile_id = 'all'",
                'within': [
                    'area_code', 'period_kind', 'first_quarter', 'broad_needs', 'recommended_type',
                ],
            },
            {
                'when': "broad_needs = 'all'",
                'within': [
                    'area_code', 'period_kind', 'first_quarter', 'needs_profile_id',
                    'recommended_type',
                ],
            },
            {
                'when': "period_kind = 'latest'",
                'within': ['area_code', 'needs_profile_id', 'broad_needs', 'recommended_type'],
            },
        ],
    ) }}

),

-- Made of published counts alone, so that it tells no more than they do.
drawn as (

    select
        *,
        {{ drawn_share('unmet', 'unmet_known', 'rounded_expected_share') }} as unmet_share,
        {{ drawn_share_end('unmet', 'unmet_known', 'rounded_expected_share', -1.2816) }}
            as share_low,
        {{ drawn_share_end('unmet', 'unmet_known', 'rounded_expected_share', 1.2816) }}
            as share_high
    from guarded
    where
        unmet_known > 0
        and unmet is not null
        and unmet <= unmet_known
        and rounded_expected_share > 0
        and rounded_compared_share > 0

),

weighed as (

    select
        area_code,
        period_kind,
        needs_profile_id,
        broad_needs,
        recommended_type,
        round({{ rounded_to('unmet_share / rounded_compared_share', 0.1) }}, 6) as gap_index,
        round({{ rounded_to('share_low / rounded_compared_share', 0.1) }}, 6) as gap_low,
        round({{ rounded_to('share_high / rounded_compared_share', 0.1) }}, 6) as gap_high,
        {{ rounded_to(
            'unmet_known * (unmet_share - rounded_compared_share) * weeks_per_unmet', 10
        ) }} as excess_unmet_weeks,
        {{ rounded_to(
            'unmet_known * (share_low - rounded_compared_share) * weeks_per_unmet', 10
        ) }} as excess_unmet_weeks_at_least
    from drawn
    where period_kind = 'latest'

),

-- Grain: an area and period.
areas as (

    select
        area_code,
        period_kind,
        first_quarter,
        searches
    from guarded
    where breakdown = 'total'

),

final as (

    select
        nullif(guarded.area_code, 'region') as la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        guarded.period_kind,
        guarded.first_quarter,
        guarded.last_quarter,
        guarded.breakdown,
        nullif(guarded.needs_profile_id, 'all') as needs_profile_id,
        case
            when guarded.needs_profile_id = 'all' then 'all profiles'
            else profiles.needs_profile
        end as needs_profile,
        case when guarded.broad_needs = 'all' then 'all needs' else guarded.broad_needs end
            as broad_needs,
        guarded.recommended_type,
        guarded.is_synthetic,
        guarded.authorities,
        guarded.searches,
        {{ published_share('guarded.searches', 'areas.searches') }} as share_of_searches,
        guarded.children,
        guarded.open_searches,
        guarded.homes_found,
        guarded.days_known,
        {{ published_figure('guarded.median_days_to_place', 'guarded.days_known') }}
            as median_days_to_place,
        {%- for fact in facts %}
        guarded.{{ fact }}_known,
        guarded.{{ fact }},
        {{ published_share('guarded.' ~ fact, 'guarded.' ~ fact ~ '_known') }}
            as share_{{ fact }},
        {%- endfor %}
        10 * {{ published_figure('guarded.unmet_weeks / 10', 'guarded.searches') }} as unmet_weeks,
        weighed.gap_index,
        weighed.gap_low,
        weighed.gap_high,
        case
            when round(weighed.gap_low, 1) > 1 then 'met less often'
            when round(weighed.gap_high, 1) < 1 then 'met more often'
            when weighed.gap_index is not null then 'cannot be told apart'
        end as against_average,
        weighed.excess_unmet_weeks,
        weighed.excess_unmet_weeks_at_least,
        guarded.withheld
    from guarded
    left join weighed
        on guarded.area_code = weighed.area_code
        and guarded.period_kind = weighed.period_kind
        and guarded.needs_profile_id = weighed.needs_profile_id
        and guarded.broad_needs = weighed.broad_needs
        and guarded.recommended_type = weighed.recommended_type
    left join areas
        on guarded.area_code = areas.area_code
        and guarded.period_kind = areas.period_kind
        and guarded.first_quarter = areas.first_quarter
    left join authorities on guarded.area_code = authorities.la_code
    left join profiles on guarded.needs_profile_id = profiles.needs_profile_id

)

select * from final
