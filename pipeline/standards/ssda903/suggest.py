"""Suggest what an episode's URN or postcode tells of the placement, from Ofsted's lists.

Nothing here changes what was sent. A suggestion is `certain` where only one answer is possible and
nothing else in the row speaks against the URN: the cell is blank, or URN and postcode agree and it
alone does not. In any other case the URN may be what is wrong, and the suggestion is `possible`.
"""

import duckdb

SUGGESTED = "suggested"  # table_name, data_row, child, field, sent, options, certainty, why
OR = " or "  # between the options of one suggestion

# A child lives at the address of the home; of the others the list has the agency's address.
AT_THE_HOME = "['K1', 'K2', 'K3', 'R3', 'S1']"
# Placements without a provider, or without a URN.
NO_PROVIDER = "('T0', 'T1', 'T2', 'T3', 'T4', 'Z1')"

_SQL = f"""
with
stay as (
    select
        episodes.*,
        replace(pl_post, ' ', '') as at_postcode,
        metadata.la_code as own_la_code
    from episodes
    cross join metadata
    where coalesce(ls not in ('V3', 'V4'), true) and coalesce(place not in {NO_PROVIDER}, true)
),

-- Of several entries of a URN the open one or the one closed last; it may be used for what any of
-- them says.
entry as (
    select * from provider
    qualify row_number() over (
        partition by urn order by
            reg_end desc nulls first, postcode asc nulls last, la_name asc nulls last, source asc
    ) = 1
),

said as (
    select
        urn,
        list(distinct postcode) filter (postcode is not null) as postcodes,
        list_sort(list_distinct(flatten(list(string_split(place_codes, ','))))) as place_codes,
        list_sort(list_distinct(flatten(list(string_split(provider_codes, ','))))) as provider_codes
    from provider
    group by urn
),

home as (
    select
        entry.* replace (said.place_codes as place_codes, said.provider_codes as provider_codes),
        said.postcodes
    from entry
    inner join said on entry.urn = said.urn
),

-- Own provision is in the authority, that of another authority is not.
listed_stay as (
    select
        stay.*,
        home.postcode as listed_postcode,
        home.la_code as listed_la_code,
        home.place_codes as place_options,
        len(home.postcodes) = 1 as has_one_address,
        list_filter(
            home.provider_codes,
            lambda code: coalesce(
                not (code = 'PR1' and home.la_code <> stay.own_la_code)
                and not (code = 'PR2' and home.la_code = stay.own_la_code),
                true
            )
        ) as provider_options,
        coalesce(list_contains(home.postcodes, stay.at_postcode), false) as agrees,
        coalesce(home.reg_end <= stay.decom, false) as had_closed,
        list_has_any(home.place_codes, {AT_THE_HOME})
        and coalesce(
            list_contains({AT_THE_HOME}, stay.place),
            list_has_all({AT_THE_HOME}, home.place_codes)
        ) as is_at_the_home
    from stay
    inner join home on stay.urn = home.urn
),

told_by_urn as (
    select
        *,
        is_at_the_home and pl_post is not null and not agrees as is_elsewhere,
        coalesce(not list_contains(place_options, place), false) as is_another_place,
        coalesce(not list_contains(provider_options, place_provider), false)
            as is_another_provider
    from listed_stay
),

told_by_postcode as (
    select
        stay.data_row,
        list_sort(list(distinct provider.urn)) as urns,
        any_value(string_split(provider.place_codes, ',')) as place_options,
        any_value(string_split(provider.provider_codes, ',')) as provider_options
    from stay
    inner join provider on stay.at_postcode = provider.postcode
    where
        (stay.urn is null or stay.urn not in (select urn from provider))
        and coalesce(list_contains({AT_THE_HOME}, stay.place), true)
        and coalesce(
            list_contains(string_split(provider.place_codes, ','), stay.place), stay.place is null
        )
        and coalesce(provider.reg_end > stay.decom, true)
    group by stay.data_row
),

postcode_of_urn as (
    select
        data_row,
        child,
        'PL_POST' as field,
        pl_post as sent,
        [regexp_replace(listed_postcode, '^(.+)(...)$', '\\1 \\2')] as options,
        pl_post is null and has_one_address
        and not (had_closed or is_another_place or is_another_provider) as is_certain,
        'the postcode of this URN in Ofsted''s list' as why
    from told_by_urn
    where is_at_the_home and listed_postcode is not null and not agrees
),

authority_of_urn as (
    select
        data_row,
        child,
        'PL_LA' as field,
        pl_la as sent,
        [listed_la_code] as options,
        pl_post is null and has_one_address
        and not (had_closed or is_another_place or is_another_provider) as is_certain,
        'the authority of this URN''s postcode; DfE works it out from PL_POST, so nothing is to '
        || 'be entered' as why
    from told_by_urn
    where is_at_the_home and listed_la_code is not null and pl_la is null
),

provider_of_urn as (
    select
        data_row,
        child,
        'PLACE_PROVIDER' as field,
        place_provider as sent,
        provider_options as options,
        len(provider_options) = 1 and (place_provider is null or agrees)
        and not (had_closed or is_elsewhere or is_another_place) as is_certain,
        'what this URN may be in Ofsted''s list' as why
    from told_by_urn
    where len(provider_options) > 0 and (place_provider is null or is_another_provider)
),

place_of_urn as (
    select
        data_row,
        child,
        'PLACE' as field,
        place as sent,
        place_options as options,
        len(place_options) = 1 and (place is null or agrees)
        and not (had_closed or is_elsewhere or is_another_provider) as is_certain,
        'what this URN is registered for in Ofsted''s list' as why
    from told_by_urn
    where len(place_options) > 0 and (place is null or is_another_place)
),

urn_of_postcode as (
    select
        stay.data_row,
        stay.child,
        'URN' as field,
        stay.urn as sent,
        told_by_postcode.urns as options,
        len(told_by_postcode.urns) = 1 and stay.urn is null and stay.place is not null
            as is_certain,
        'open homes for this type of placement with this postcode in Ofsted''s list' as why
    from stay
    inner join told_by_postcode on stay.data_row = told_by_postcode.data_row
),

provider_of_postcode as (
    select
        stay.data_row,
        stay.child,
        'PLACE_PROVIDER' as field,
        stay.place_provider as sent,
        told_by_postcode.provider_options as options,
        false as is_certain,
        'what the only home with this postcode may be in Ofsted''s list' as why
    from stay
    inner join told_by_postcode on stay.data_row = told_by_postcode.data_row
    where
        len(told_by_postcode.urns) = 1
        and len(told_by_postcode.provider_options) > 0
        and stay.place_provider is null
),

place_of_postcode as (
    select
        stay.data_row,
        stay.child,
        'PLACE' as field,
        stay.place as sent,
        told_by_postcode.place_options as options,
        false as is_certain,
        'what the only home with this postcode is registered for in Ofsted''s list' as why
    from stay
    inner join told_by_postcode on stay.data_row = told_by_postcode.data_row
    where
        len(told_by_postcode.urns) = 1
        and len(told_by_postcode.place_options) > 0
        and stay.place is null
),

every as (
    select * from postcode_of_urn
    union all
    select * from authority_of_urn
    union all
    select * from provider_of_urn
    union all
    select * from place_of_urn
    union all
    select * from urn_of_postcode
    union all
    select * from provider_of_postcode
    union all
    select * from place_of_postcode
)

select
    'Episodes' as table_name,
    data_row,
    child,
    field,
    sent,
    options,
    if(is_certain, 'certain', 'possible') as certainty,
    why
from every
"""


def suggest(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Make SUGGESTED, one row for each cell; gives how many are certain and possible.

    The session must hold Ofsted's lists; without postcodes there is nothing about authorities.
    """
    connection.execute(f"create or replace temp table {SUGGESTED} as {_SQL}")
    return dict(
        connection.execute(
            f"select certainty, count(*) from {SUGGESTED} group by certainty"
        ).fetchall()
    )
