{# Codes that a map does not know: the left joins keep their rows, so they must be looked for. #}
{% set coded = [
    ('int_placement_return', 'placement_type', 'placement_type_map', "source = 'placements'"),
    ('int_episode_run', 'place_code', 'placement_type_map', "source = 'ssda903'"),
    ('int_episode_run', 'place_provider_code', 'provider_sector_map', "source = 'ssda903'"),
    ('stg_ssda903__header', 'sex_code', 'sex_map', 'source_code is not null'),
    ('stg_ssda903__header', 'ethnicity_code', 'ethnicity_map', 'source_code is not null'),
    ('int_placement_return', 'location_to_avoid_answer', 'answer_map', "field = 'location_to_avoid'"),
] %}
{% for question in [
    'planned_or_emergency_placement',
    'placement_needed_urgency',
    'child_in_school_currently',
    'comms_language_learning_req',
    'cultural_needs',
    'child_cared_alongside_others',
    'child_live_with_pets',
    'minimum_adult_support_ratio',
    'uasc_status',
] %}
{% do coded.append(
    ('int_placement_return', question, 'answer_map', "field = '" ~ question ~ "'")
) %}
{% endfor %}
{% for type_of_home in ['foster_care', 'residential_care', 'supported_home'] %}
{% do coded.append(
    ('int_placement_return', type_of_home ~ '_suitability', 'suitability_map', 'source_code is not null')
) %}
{% endfor %}
{% for risk in [
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
{% do coded.append(('int_placement_return', risk, 'risk_map', 'source_code is not null')) %}
{% endfor %}

{% for model, field, map, of_map in coded %}
select
    '{{ model }}.{{ field }}' as unmapped_field,
    {{ field }} as unmapped_code,
    count(*) as row_count
from {{ ref(model) }}
where
    {{ field }} is not null
    and {{ field }} not in (
        select known.source_code from {{ ref(map) }} as known where known.{{ of_map }}
    )
group by {{ field }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
