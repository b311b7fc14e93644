{% set risks = [
    'risk_to_child_sexual_exploitation',
    'risk_to_child_self_harm',
    'risk_to_child_criminal_exploitation',
    'risk_to_child_drugs_alcohol',
    'risk_to_child_eating_disorder',
    'risk_to_child_going_missing',
    'risk_to_others_physical_harm',
    'risk_to_others_sexual_harm',
    'risk_to_others_fire_setting',
    'risk_to_others_harm_animals',
    'risk_to_others_criminal_exploitation',
] %}

with

returns as (

    select * from {{ ref('int_placement_return') }} where is_latest_of_placement

),

levels as (

    select * from {{ ref('risk_map') }}

),

-- Grain: a search, or a home that it found.
final as (

    select
        {{ keyed_id(["'risks'", 'returns.return_id']) }} as id,
        returns.la_code,
        returns.referral_id,
        returns.placement_id,
        returns.stage,
        {% for risk in risks %}
        of_{{ risk }}.common_core_value as {{ risk }},
        of_{{ risk }}.is_present as has_{{ risk }},
        {% endfor %}
        cast(null as varchar) as risk_to_child_specify,
        returns.has_risk_to_child_specify,
        cast(null as varchar) as risk_to_others_specify,
        returns.has_risk_to_others_specify
    from returns
    {% for risk in risks %}
    left join levels as of_{{ risk }} on returns.{{ risk }} = of_{{ risk }}.source_code
    {% endfor %}

)

select * from final
