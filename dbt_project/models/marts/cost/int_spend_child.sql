{{ config(schema='staging') }}

with

weeks as (

    select * from {{ ref('fct_placement_week') }} where is_covered

),

placements as (

    select * from {{ ref('fct_placement') }}

),

searches as (

    select * from {{ ref('search_needs_profile') }}

),

profiles as (

    select * from {{ ref('dim_needs_profile') }}

),

-- Grain: a placement and week, as before. Agreed and actual cost are compared over whole weeks of
-- which every night has both, so that both are of the same nights.
described as (

    select
        weeks.*,
        coalesce(weeks.placement_type, 'unknown') as type_label,
        coalesce(weeks.provider_urn, 'unknown') as provider_label,
        coalesce(profiles.needs_profile, 'unknown') as needs_profile,
        weeks.nights_with_price = weeks.nights
        and weeks.nights_with_actual_price = weeks.nights as has_both_prices
    from weeks
    inner join placements on weeks.placement_id = placements.id
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
        {{ financial_year_of('quarter') }} as financial_year,
        type_label as placement_type,
        provider_sector,
        provider_label as provider_urn,
        needs_profile,
        sum(nights) as nights,
        sum(nights_with_price) as nights_with_price,
        cast(coalesce(sum(cost_gbp), 0) as decimal(16, 2)) as agreed_spend_gbp,
        sum(case when has_both_prices then nights else 0 end) as nights_with_both_prices,
        cast(sum(case when has_both_prices then cost_gbp else 0 end) as decimal(16, 2))
            as agreed_where_both_gbp,
        cast(sum(case when has_both_prices then actual_cost_gbp else 0 end) as decimal(16, 2))
            as actual_where_both_gbp
    from described
    group by
        la_code, child_id, quarter, type_label, provider_sector, provider_label, needs_profile

)

select * from final
