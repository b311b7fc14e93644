with

premiums as (

    select * from {{ ref('int_provider_premium') }}

),

prices as (

    select * from {{ ref('int_case_mix_price') }}

),

providers as (

    select * from {{ ref('provider') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- One row: the quarters that all prices are of, and whether any of their children are invented.
covered as (

    select
        min(prices.quarter) as first_quarter,
        max(prices.quarter) as last_quarter,
        max(case when authorities.is_synthetic then 1 else 0 end) = 1 as is_synthetic
    from prices
    inner join authorities on prices.la_code = authorities.la_code

),

suppressed as (

    {{ suppressed(
        'premiums',
        ['children', 'placements'],
        keep=[
            'placement_type', 'provider_urn', 'is_own_service', 'year', 'la_code', 'authorities',
            'provider_sector', 'mean_gbp_per_week', 'expected_gbp_per_week', 'premium_percent',
            'premium_low_percent', 'premium_high_percent', 'is_enough',
        ],
        totals=[{
            'when': "year = 'all years'",
            'within': ['placement_type', 'provider_urn', 'is_own_service', 'la_code'],
        }],
    ) }}

),

-- Grain: as before. A count that is withheld for what it would tell takes its figures along, for
-- they would say that it is not small.
with_finding as (

    select
        *,
        case
            when not is_enough or children is null then 'not enough: see similar_children'
            when is_own_service then 'own service: no premium'
            else 'premium'
        end as finding
    from suppressed

),

-- Nothing added to a rounded -0.2 makes it 0, not -0.
shown as (

    select
        * replace (
            case when finding = 'premium' then round(premium_percent) + 0 end
                as premium_percent,
            case when finding = 'premium' then round(premium_low_percent) + 0 end
                as premium_low_percent,
            case when finding = 'premium' then round(premium_high_percent) + 0 end
                as premium_high_percent,
            -- Eight children at least: more than a cost needs.
            case when finding not like 'not%' then {{ published_cost('mean_gbp_per_week', 8) }} end
                as mean_gbp_per_week,
            case when finding not like 'not%' then {{ published_cost('expected_gbp_per_week', 8) }}
            end as expected_gbp_per_week
        )
    from with_finding

),

final as (

    select
        shown.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        shown.authorities,
        shown.placement_type,
        shown.provider_urn,
        providers.provider_name,
        shown.provider_sector,
        shown.is_own_service,
        shown.year,
        covered.first_quarter,
        covered.last_quarter,
        coalesce(authorities.is_synthetic, covered.is_synthetic) as is_synthetic,
        shown.children,
        shown.placements,
        shown.finding,
        shown.mean_gbp_per_week,
        shown.expected_gbp_per_week,
        shown.premium_percent,
        shown.premium_low_percent,
        shown.premium_high_percent,
        case
            when shown.finding = 'own service: no premium'
                then
                    'No premium: an own service serves one authority, so what is dear about the '
                    || 'service cannot be told from what is dear about the authority. The price '
                    || 'is what the authority entered, perhaps without its overheads; the '
                    || 'expected cost is what other providers charge for children with like needs.'
            when shown.finding <> 'premium'
                then
                    'Not enough: a premium needs 10 children (to the nearest 5), with at least 5 '
                    || 'besides those of any one authority, and 4 providers of the type to '
                    || 'compare; and none is shown that would tell a small count of a year. See '
                    || 'similar_children.'
            else
                case
                    when shown.premium_low_percent <= 0 and shown.premium_high_percent >= 0
                        then 'May be no difference at all. '
                    else ''
                end
                || case
                    when shown.authorities = 1
                        then
                            'Children of one authority only: that its prices may be high or low '
                            || 'everywhere is allowed for in the interval, not taken off. '
                    else ''
                end
                || 'Agreed prices at the start, compared for needs as far as the returns tell '
                || 'them, age and quarter. Says nothing of quality, outcomes, what a price '
                || 'includes, or block contracts: ask the provider before you conclude.'
        end as caveats,
        shown.withheld
    from shown
    cross join covered
    left join authorities on shown.la_code = authorities.la_code
    left join providers on shown.provider_urn = providers.urn

)

select * from final
