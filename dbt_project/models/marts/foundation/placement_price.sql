with

homes as (

    select * from {{ ref('int_placement_home') }}

),

spans as (

    select * from {{ ref('int_price_span') }}

),

levels as (

    select * from {{ ref('int_price_level') }}

),

indices as (

    select * from {{ ref('int_price_index') }}

),

traits as (

    select * from {{ ref('int_price_trait') }}

),

providers as (

    select * from {{ ref('int_price_provider') }}

),

span_order as (

    select
        *,
        row_number() over (partition by home_id order by from_date desc) as last_order
    from spans

),

-- Grain: a stay with one carer whose price is known.
known as (

    select
        home_id,
        max(case when last_order = 1 then agreed_weekly_cost end) as gbp_per_week,
        max(case when last_order = 1 then actual_weekly_cost end) as actual_gbp_per_week,
        max(case when last_order = 1 then valid_from end) as priced_from_date
    from span_order
    group by home_id

),

-- Grain: a placement with a price of its own.
own as (

    select
        priced_placement_id,
        min_by(agreed_weekly_cost, valid_from) as first_agreed_gbp_per_week,
        max_by(agreed_weekly_cost, valid_from) as agreed_gbp_per_week
    from spans
    group by priced_placement_id

),

-- Nobody is paid for a child at home or placed for adoption, also with a carer who was paid before.
described as (

    select
        homes.*,
        case
            when own.priced_placement_id is not null then 'agreed'
            when
                homes.placement_type in ('adoption', 'parents')
                or homes.provider_sector = 'parents'
                then 'nothing is paid'
            when known.home_id is not null then 'same carer'
            else 'estimated'
        end as price_basis,
        own.first_agreed_gbp_per_week,
        own.agreed_gbp_per_week,
        known.gbp_per_week as known_gbp_per_week,
        known.actual_gbp_per_week,
        known.priced_from_date
    from homes
    left join known on homes.home_id = known.home_id
    left join own on homes.placement_id = own.priced_placement_id

),

-- Grain: a placement.
final as (

    select
        described.placement_id,
        described.la_code,
        described.child_id,
        described.home_id,
        described.placement_type,
        described.provider_sector,
        described.provider_urn,
        described.is_absence,
        described.price_basis,
        described.price_basis <> 'estimated' as is_price_known,
        described.first_agreed_gbp_per_week,
        described.agreed_gbp_per_week,
        case
            when described.price_basis = 'nothing is paid' then 0
            else described.known_gbp_per_week
        end as gbp_per_week,
        case
            when described.price_basis in ('agreed', 'same carer')
                then described.actual_gbp_per_week
        end as actual_gbp_per_week,
        described.priced_from_date,
        {{ years_of('described.home_start_date') }} as years_at_start,
        cast(
            levels.gbp_per_week * (1 + coalesce(providers.effect, 0)) * exp(
                coalesce(
                    traits.log_effect
                    + traits.stay_slope * (described.log_days - traits.stay_centre),
                    0
                )
                + indices.rise_a_year
                * ({{ years_of('described.home_start_date') }} - indices.centre_years)
            ) as decimal(12, 2)
        ) as estimated_gbp_per_week,
        coalesce(providers.own_spread, levels.own_spread) as estimated_spread,
        coalesce(traits.stay_slope_error * (described.log_days - traits.stay_centre), 0)
            as estimated_stay_error
    from described
    inner join levels
        on described.la_code = levels.la_code
        and described.placement_type = levels.placement_type
        and described.provider_sector = levels.provider_sector
    inner join indices on described.placement_type = indices.placement_type
    left join traits
        on described.placement_type = traits.placement_type
        and described.age_band = traits.age_band
    left join providers
        on described.placement_type = providers.placement_type
        and described.provider_urn = providers.provider_urn

)

select * from final
