{{ config(schema='staging') }}

with

months as (

    select * from {{ ref('fct_placement_month') }} where is_covered and not is_short_break

),

placements as (

    select * from {{ ref('fct_placement') }}

),

prices as (

    select * from {{ ref('placement_price') }}

),

indices as (

    select * from {{ ref('int_price_index') }}

),

searches as (

    select * from {{ ref('search_needs_profile') }}

),

profiles as (

    select * from {{ ref('dim_needs_profile') }}

),

-- Grain: a placement and month, as before. Agreed and actual cost are compared over whole months
-- of which every night has both, so that both are of the same nights. Of the estimate is kept what
-- its error depends on: how far single prices are from it, how many years its price level lies from
-- the prices that are known, and for how many years the child has been there.
described as (

    select
        months.* exclude (actual_gbp),
        coalesce(months.actual_gbp, 0) as actual_gbp,
        coalesce(months.provider_urn, 'unknown') as provider_label,
        coalesce(profiles.needs_profile, 'unknown') as needs_profile,
        months.nights_with_price = months.nights
        and months.nights_with_actual_price = months.nights as has_both_prices,
        cast(months.estimated_gbp as double) as estimate,
        prices.estimated_spread,
        prices.estimated_stay_error,
        prices.years_at_start - indices.centre_years as years_off,
        {{ years_of('months.month_start_date') }} - prices.years_at_start as years_there
    from months
    inner join placements on months.placement_id = placements.id
    inner join prices on months.placement_id = prices.placement_id
    inner join indices on months.placement_type = indices.placement_type
    -- At most one row each: a placement was found by one search, which has one profile.
    left join searches on placements.referral_id = searches.referral_id
    left join profiles on searches.needs_profile_id = profiles.needs_profile_id

),

-- Grain: a child, quarter, type of home, sector, provider and needs profile.
final as (

    select
        la_code,
        child_id,
        quarter,
        financial_year,
        placement_type,
        provider_sector,
        provider_label as provider_urn,
        needs_profile,
        sum(nights) as nights,
        sum(nights_with_price) as nights_with_price,
        cast(sum(known_gbp) as decimal(16, 2)) as known_gbp,
        cast(sum(estimated_gbp) as decimal(16, 2)) as estimated_gbp,
        cast(sum(known_gbp + estimated_gbp) as decimal(16, 2)) as total_gbp,
        sum(estimate * estimated_spread) as estimate_spread_gbp,
        sum(estimate * years_off) as estimate_years_off,
        sum(estimate * greatest(years_there, 0)) as estimate_years_there,
        sum(estimate * estimated_stay_error) as estimate_stay_gbp,
        sum(case when has_both_prices then nights else 0 end) as nights_with_both_prices,
        cast(sum(case when has_both_prices then known_gbp else 0 end) as decimal(16, 2))
            as agreed_where_both_gbp,
        cast(sum(case when has_both_prices then actual_gbp else 0 end) as decimal(16, 2))
            as actual_where_both_gbp
    from described
    group by
        la_code,
        child_id,
        quarter,
        financial_year,
        placement_type,
        provider_sector,
        provider_label,
        needs_profile

)

select * from final
