{# What of an owner's name tells it from others: lower case, letters and digits alone, without the
   legal form at its end, what it trades as, and a leading "the". Null where the list names nobody:
   an owner that Ofsted withholds is not one owner of all such homes. #}
{% macro normal_owner(owner_name) -%}
    {%- set forms = [
        'and co', 'and company', 'limited', 'ltd', 'llp', 'lp', 'plc', 'cic', 'cio', 'inc',
        'company', 'co', 'liability', 'partnership', 'private', 'public',
        'community interest company',
    ] -%}
    {%- set nobody = [
        'na', 'nil', 'none', 'null', 'redacted', 'withheld', 'unknown', 'notknown',
        'notapplicable', 'notavailable', 'tbc', 'tba', 'individual', 'individuals',
        'individualowner', 'privateindividual', 'soletrader',
    ] -%}
    {%- set plain -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(strip_accents(lower({{ owner_name }})), '[&+]', ' and ', 'g'),
            '[''’`.]', '', 'g'
        ),
        '[^\p{L}\p{N}]+', ' ', 'g'
    )
    {%- endset -%}
    {%- set without_form -%}
    regexp_replace(
        regexp_replace(trim({{ plain }}), ' (t a|trading as) .*$', ''),
        '( ({{ forms | join('|') }}))+$',
        ''
    )
    {%- endset -%}
    case
        when regexp_matches(
            replace(trim({{ plain }}), ' ', ''),
            '^({{ nobody | join('|') }}|)$'
        )
            then null
        else replace(regexp_replace({{ without_form }}, '^the ', ''), ' ', '')
    end
{%- endmacro %}
