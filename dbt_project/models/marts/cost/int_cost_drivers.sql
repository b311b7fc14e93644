{{ config(schema='staging') }}

with

spend as (

    select
        *,
        {{ quarter_number('quarter') }} as quarter_number
    from {{ ref('int_spend_child') }}

),

covered_months as (

    select
        la_code,
        {{ quarter_number(quarter_of('month_start_date')) }} as quarter_number
    from {{ ref('int_night_coverage') }}

),

-- Grain: an authority and quarter of which every night is known.
covered as (

    select
        la_code,
        quarter_number
    from covered_months
    group by la_code, quarter_number
    having count(*) = 3

),

senders as (

    select count(distinct la_code) as authorities from covered

),

-- The latest quarter that at least half of the authorities cover.
latest as (

    select max(quarter_number) as quarter_number
    from (
        select
            quarter_number,
            count(*) as authorities
        from covered
        group by quarter_number
    ) as counted
    where 2 * authorities >= (select senders.authorities from senders)

),

lengths as (

    select unnest([4, 2, 1]) as quarters

),

-- Financial years end with the first calendar quarter, whose number leaves 1.
candidates as (

    select distinct
        'financial years' as comparison,
        quarter_number as last_number,
        4 as quarters
    from covered
    where quarter_number % 4 = 1
    union all
    select
        'latest quarters' as comparison,
        latest.quarter_number as last_number,
        lengths.quarters
    from latest
    cross join lengths

),

-- Grain: a candidate and an authority that covers both of its periods whole.
taking_part as (

    select
        candidates.comparison,
        candidates.last_number,
        candidates.quarters,
        covered.la_code
    from candidates
    inner join covered
        on covered.quarter_number > candidates.last_number - 2 * candidates.quarters
        and candidates.last_number >= covered.quarter_number
    group by
        candidates.comparison, candidates.last_number, candidates.quarters, covered.la_code
    having count(*) = 2 * candidates.quarters

),

-- Of the latest quarters the longest periods that half of the authorities cover.
longest as (

    select max(counted.quarters) as quarters
    from (
        select
            quarters,
            count(*) as authorities
        from taking_part
        where comparison = 'latest quarters'
        group by quarters
    ) as counted
    where 2 * counted.authorities >= (select senders.authorities from senders)

),

chosen as (

    select
        taking_part.*,
        {{ keyed_id(['comparison', 'last_number']) }} as comparison_id
    from taking_part
    where
        taking_part.comparison = 'financial years'
        or (
            taking_part.quarters = (select longest.quarters from longest)
            -- Else they are two financial years.
            and not (taking_part.quarters = 4 and taking_part.last_number % 4 = 1)
        )

),

-- Grain: a comparison, authority, and row of its spend, of the period before or after: once for all
-- types of home, once for its own. Days are those of the period, so that a leap year is no longer
-- stay.
spans as (

    select
        chosen.comparison_id,
        chosen.comparison,
        chosen.last_number,
        chosen.quarters,
        {{ days_between(
            period_start(quarter_of_number('chosen.last_number - 2 * chosen.quarters + 1')),
            period_start(quarter_of_number('chosen.last_number - chosen.quarters + 1'))
        ) }} as days_before,
        {{ days_between(
            period_start(quarter_of_number('chosen.last_number - chosen.quarters + 1')),
            period_start(quarter_of_number('chosen.last_number + 1'))
        ) }} as days_after,
        unnest(['all', spend.placement_type]) as part,
        spend.*,
        spend.quarter_number > chosen.last_number - chosen.quarters as is_after
    from chosen
    inner join spend
        on chosen.la_code = spend.la_code
        and spend.quarter_number > chosen.last_number - 2 * chosen.quarters
        and chosen.last_number >= spend.quarter_number

),

-- Grain: a comparison, authority and part of its homes: all, or those of a type.
totals as (

    select
        comparison_id,
        comparison,
        last_number,
        quarters,
        la_code,
        part,
        max(days_before) as days_before,
        max(days_after) as days_after,
    {% for side, condition in {'before': 'not is_after', 'after': 'is_after'}.items() %}
    count(distinct case when {{ condition }} then child_id end) as children_{{ side }},
    cast(sum(case when {{ condition }} then nights else 0 end) as bigint) as nights_{{ side }},
    cast(
        sum(case when {{ condition }} then total_gbp else 0 end) as decimal(16, 2)
    ) as spend_{{ side }}_gbp,
    cast(
        sum(case when {{ condition }} then known_gbp else 0 end) as decimal(16, 2)
    ) as known_{{ side }}_gbp{{ ',' if not loop.last }}
    {% endfor %}
    from spans
    group by comparison_id, comparison, last_number, quarters, la_code, part
    having count(total_gbp) = count(*)

),

-- Grain: a comparison, authority, part, type of home and sector.
cells as (

    select
        comparison_id,
        la_code,
        part,
        placement_type,
        provider_sector,
    {% for side, condition in {'before': 'not is_after', 'after': 'is_after'}.items() %}
    sum(case when {{ condition }} then nights else 0 end) as nights_{{ side }},
    cast(sum(case when {{ condition }} then total_gbp else 0 end) as double)
        as spend_{{ side }}_gbp{{ ',' if not loop.last }}
    {% endfor %}
    from spans
    group by comparison_id, la_code, part, placement_type, provider_sector

),

-- What a period does not have is taken from the other: a type of home that is new has no price
-- before, and all of it is mix; where there was nobody, all is volume.
shares_and_prices as (

    select
        cells.comparison_id,
        cells.la_code,
        cells.part,
        case
            when totals.nights_before > 0 then cells.nights_before / totals.nights_before
            else cells.nights_after / totals.nights_after
        end as share_before,
        case
            when totals.nights_after > 0 then cells.nights_after / totals.nights_after
            else cells.nights_before / totals.nights_before
        end as share_after,
        case
            when cells.nights_before > 0 then cells.spend_before_gbp / cells.nights_before
            else cells.spend_after_gbp / cells.nights_after
        end as price_before,
        case
            when cells.nights_after > 0 then cells.spend_after_gbp / cells.nights_after
            else cells.spend_before_gbp / cells.nights_before
        end as price_after
    from cells
    inner join totals
        on cells.comparison_id = totals.comparison_id
        and cells.la_code = totals.la_code
        and cells.part = totals.part

),

-- Grain: as the totals: the mean price of a night, by whose mix and whose prices.
mean_prices as (

    select
        comparison_id,
        la_code,
        part,
        sum(share_before * price_before) as mix_before_price_before,
        sum(share_before * price_after) as mix_before_price_after,
        sum(share_after * price_before) as mix_after_price_before,
        sum(share_after * price_after) as mix_after_price_after
    from shares_and_prices
    group by comparison_id, la_code, part

),

factors as (

    select
        totals.*,
        mean_prices.mix_before_price_before,
        mean_prices.mix_before_price_after,
        mean_prices.mix_after_price_before,
        mean_prices.mix_after_price_after,
        cast(totals.children_before as double) * totals.days_before as volume_before,
        cast(totals.children_after as double) * totals.days_after as volume_after,
        coalesce(
            totals.nights_before / nullif(
                cast(totals.children_before as double) * totals.days_before, 0
            ),
            totals.nights_after / (cast(totals.children_after as double) * totals.days_after)
        ) as stay_before,
        coalesce(
            totals.nights_after / nullif(
                cast(totals.children_after as double) * totals.days_after, 0
            ),
            totals.nights_before / (cast(totals.children_before as double) * totals.days_before)
        ) as stay_after
    from totals
    inner join mean_prices
        on totals.comparison_id = mean_prices.comparison_id
        and totals.la_code = mean_prices.la_code
        and totals.part = mean_prices.part

),

-- Each driver has changed already, or has not: 16 states between the two periods.
states as (

    select
        volume.has_changed as volume_changed,
        mix.has_changed as mix_changed,
        price.has_changed as price_changed,
        stay.has_changed as stay_changed,
        cast(volume.has_changed as integer)
        + cast(mix.has_changed as integer)
        + cast(price.has_changed as integer)
        + cast(stay.has_changed as integer) as drivers_changed
    from (values (false), (true)) as volume (has_changed)
    cross join (values (false), (true)) as mix (has_changed)
    cross join (values (false), (true)) as price (has_changed)
    cross join (values (false), (true)) as stay (has_changed)

),

-- Grain: a comparison, authority and state: what spend would be in it.
spend_in_states as (

    select
        factors.comparison_id,
        factors.la_code,
        factors.part,
        states.*,
        case when states.volume_changed then factors.volume_after else factors.volume_before end
        * case when states.stay_changed then factors.stay_after else factors.stay_before end
        * case
            when states.mix_changed and states.price_changed then factors.mix_after_price_after
            when states.mix_changed then factors.mix_after_price_before
            when states.price_changed then factors.mix_before_price_after
            else factors.mix_before_price_before
        end as spend_gbp
    from factors
    cross join states

),

-- What a driver changes, averaged over all 24 orders in which the four may change (the Shapley
-- value): each state with it, less the same without, weighted by how many orders pass there.
drivers as (

    {% for driver in ['volume', 'mix', 'price', 'stay'] %}
    {{ 'union all' if not loop.first }}
    select
        comparison_id,
        la_code,
        part,
        '{{ driver }}' as driver,
        {{ loop.index }} as driver_order,
        sum(
            spend_gbp * case
                when {{ driver }}_changed
                    then case when drivers_changed in (1, 4) then 1 / 4.0 else 1 / 12.0 end
                when drivers_changed in (0, 3) then -1 / 4.0
                else -1 / 12.0
            end
        ) as amount_gbp
    from spend_in_states
    group by comparison_id, la_code, part
    {% endfor %}

),

to_share_out as (

    select
        drivers.*,
        totals.spend_after_gbp - totals.spend_before_gbp as whole_gbp
    from drivers
    inner join totals
        on drivers.comparison_id = totals.comparison_id
        and drivers.la_code = totals.la_code
        and drivers.part = totals.part

),

to_the_penny as (

    {{ rounded_parts('to_share_out', ['comparison_id', 'la_code', 'part'], unit='0.01') }}

),

parts as (

    select
        comparison_id,
        la_code,
        part,
    {% for driver in ['volume', 'mix', 'price', 'stay'] -%}
    max(case when driver = '{{ driver }}' then rounded_gbp end)
        as {{ driver }}_gbp{{ ',' if not loop.last }}
    {% endfor %}
    from to_the_penny
    group by comparison_id, la_code, part

),

-- Grain: a comparison and authority.
of_authorities as (

    select
        totals.*,
    {% for driver in ['volume', 'mix', 'price', 'stay'] -%}
    parts.{{ driver }}_gbp{{ ',' if not loop.last }}
    {% endfor %}
    from totals
    inner join parts
        on totals.comparison_id = parts.comparison_id
        and totals.la_code = parts.la_code
        and totals.part = parts.part

),

-- Grain: a comparison and area. The region's figures are the sums of its authorities'.
summed as (

    select
        comparison_id,
        comparison,
        last_number,
        quarters,
        la_code,
        part,
        count(*) as authorities,
        {% for column in [
            'children_before', 'children_after', 'nights_before', 'nights_after',
        ] -%}
        cast(sum({{ column }}) as bigint) as {{ column }},
        {% endfor %}
        {% for column in [
            'spend_before_gbp', 'spend_after_gbp', 'known_before_gbp', 'known_after_gbp',
            'volume_gbp', 'mix_gbp', 'price_gbp', 'stay_gbp',
        ] -%}
    cast(sum({{ column }}) as decimal(16, 2)) as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
    from of_authorities
    group by grouping sets (
        (comparison_id, comparison, last_number, quarters, part, la_code),
        (comparison_id, comparison, last_number, quarters, part)
    )

),

final as (

    select
        comparison_id,
        coalesce(la_code, 'region') as area_code,
        la_code,
        part as placement_type,
        authorities,
        comparison,
        quarters,
        {{ quarter_of_number('last_number - 2 * quarters + 1') }} as before_from,
        {{ quarter_of_number('last_number - quarters') }} as before_to,
        {{ quarter_of_number('last_number - quarters + 1') }} as after_from,
        {{ quarter_of_number('last_number') }} as after_to,
        children_before,
        children_after,
        nights_before,
        nights_after,
        spend_before_gbp,
        spend_after_gbp,
        known_before_gbp,
        known_after_gbp,
        spend_after_gbp - spend_before_gbp as change_gbp,
        volume_gbp,
        mix_gbp,
        price_gbp,
        stay_gbp as length_of_stay_gbp
    from summed

)

select * from final
