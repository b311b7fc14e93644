with

returns as (

    select * from {{ ref('int_placement_return') }}

),

home_search_forms as (

    select
        la_code,
        referral_id,
        cast(null as varchar) as placement_id,
        'home_search' as stage,
        has_referral_officer as has_name_officer_form_filled,
        referral_date as form_filled,
        'month' as form_filled_precision
    from returns
    where is_latest_of_referral

),

ipa_forms as (

    select
        la_code,
        referral_id,
        placement_id,
        'ipa' as stage,
        has_placement_officer as has_name_officer_form_filled,
        placement_date as form_filled,
        'day' as form_filled_precision
    from returns
    where is_latest_of_placement and has_placement

),

cost_forms as (

    select
        la_code,
        referral_id,
        placement_id,
        'cost' as stage,
        has_cost_officer as has_name_officer_form_filled,
        cost_date as form_filled,
        'month' as form_filled_precision
    from returns
    where is_latest_of_placement and has_placement and cost_date is not null

),

forms as (

    select * from home_search_forms
    union all
    select * from ipa_forms
    union all
    select * from cost_forms

),

-- Grain: a referral and stage, and the home it is about.
final as (

    select
        {{ keyed_id(["'form'", 'referral_id', 'placement_id', 'stage']) }} as id,
        la_code,
        referral_id,
        placement_id,
        stage,
        cast(null as varchar) as name_officer_form_filled,
        has_name_officer_form_filled,
        form_filled,
        form_filled_precision
    from forms

)

select * from final
