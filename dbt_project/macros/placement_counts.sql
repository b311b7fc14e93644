{# The counts of `placement_measures`, as words with blanks between: of placements that started. #}
{% macro counts_of_placements_started() -%}
    placements_started
    distance_known over_20_miles
    in_or_out_known out_of_authority
    type_known foster residential supported other_types
    preferred_type_known preferred_type_used
    suitable_type_known suitable_type_used
    sector_known own_provision independent_agency other_public
    siblings_known placed_with_siblings siblings_ambiguous
    school_known school_kept school_ambiguous
    emergency_known emergency
    registration_known registration_not_found
    rating_known good_or_outstanding
    weekly_cost_known
{%- endmacro %}

{# Of placements that ended and of children in care, which SSDA903 alone knows. #}
{% macro counts_of_care() -%}
    placements_ended entrants leavers leavers_not_reported children_at_quarter_end
{%- endmacro %}
