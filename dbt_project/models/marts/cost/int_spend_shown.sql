{{ config(schema='staging') }}

{% set row_key = [
    'area_code', 'period_type', 'period', 'breakdown', 'placement_type', 'provider_sector',
    'provider_urn', 'needs_profile',
] %}

with

spend as (

    select * from {{ ref('int_spend_row_child') }}

),

-- Grain: an area, period, row of a breakdown, and child: the rows that are published. They make a
-- tree: the year's total is made up of types of home, these of sectors, these of providers; beside
-- that, of needs profiles, and of quarters. `siblings` are the rows that add up to one other row.
rows_by_child as (

    select
        *,
        {{ keyed_id(row_key) }} as row_id,
        {{ keyed_id([
            'area_code',
            'financial_year',
            "case when period_type = 'quarter' then 'quarter' else breakdown end",
            "case when breakdown in ('type and sector', 'provider') then placement_type end",
            "case when breakdown = 'provider' then provider_sector end",
        ]) }} as siblings
    from spend
    where period_type = 'financial year' or breakdown = 'total'

),

-- Grain: as before, once for each figure that the child is in.
measured as (

    select
        *,
        'nights' as figure
    from rows_by_child
    union all
    select
        *,
        'known spend' as figure
    from rows_by_child
    where nights_with_price > 0

),

-- Grain: a figure, row and authority.
by_authority as (

    select
        figure,
        siblings,
        row_id,
        la_code,
        financial_year,
        {{ row_key | join(',\n        ') }},
        count(*) as children
    from measured
    group by figure, siblings, row_id, la_code, financial_year, {{ row_key | join(', ') }}

),

-- Grain: a figure and row. `safe_children`: of an authority all; of the region those that are not
-- of the authority that has most of them, for it knows its own.
sized as (

    select
        figure,
        siblings,
        row_id,
        financial_year,
        {{ row_key | join(',\n        ') }},
        sum(children) as children,
        case
            when area_code = 'region' then sum(children) - max(children) else sum(children)
        end as safe_children,
        case
            when area_code = 'region' then sum(case when children < 5 then children else 0 end)
            else 0
        end as children_in_withheld
    from by_authority
    group by figure, siblings, row_id, financial_year, {{ row_key | join(', ') }}

),

judged as (

    select
        *,
        safe_children < 5 or children_in_withheld between 1 and 4 as is_small
    from sized

),

-- The small ones first, then the others from the fewest children on.
ordered as (

    select
        *,
        row_number() over (
            partition by figure, siblings order by is_small desc, children asc, row_id asc
        ) as row_order,
        sum(case when is_small then 1 else 0 end) over (partition by figure, siblings)
            as small_rows,
        count(*) over (partition by figure, siblings) as all_rows
    from judged

),

-- Grain: a figure, group of rows, authority and child: the first row that the child is in.
firsts as (

    select
        measured.figure,
        measured.siblings,
        measured.area_code,
        measured.la_code,
        measured.child_id,
        min(ordered.row_order) as first_order
    from measured
    inner join ordered
        on measured.figure = ordered.figure
        and measured.siblings = ordered.siblings
        and measured.row_id = ordered.row_id
    group by
        measured.figure, measured.siblings, measured.area_code, measured.la_code, measured.child_id

),

new_children as (

    select
        figure,
        siblings,
        area_code,
        la_code,
        first_order,
        count(*) as children
    from firsts
    group by figure, siblings, area_code, la_code, first_order

),

-- Grain: a figure, group of rows, place in its order and authority: its children up to there.
reached_by_authority as (

    select
        ordered.figure,
        ordered.siblings,
        ordered.row_order,
        ordered.small_rows,
        new_children.area_code,
        sum(new_children.children) as children
    from ordered
    inner join new_children
        on ordered.figure = new_children.figure
        and ordered.siblings = new_children.siblings
        and ordered.row_order >= new_children.first_order
    group by
        ordered.figure,
        ordered.siblings,
        ordered.row_order,
        ordered.small_rows,
        new_children.area_code,
        new_children.la_code

),

reached as (

    select
        figure,
        siblings,
        row_order,
        small_rows,
        case
            when area_code = 'region' then sum(children) - max(children) else sum(children)
        end as safe_children
    from reached_by_authority
    group by figure, siblings, row_order, small_rows, area_code

),

-- Grain: a figure and group of rows: how many of them to withhold so that what they have together,
-- which a reader can work out, is of five children as well.
withheld_to as (

    select
        figure,
        siblings,
        min(row_order) as last_withheld
    from reached
    where row_order >= small_rows and safe_children >= 5
    group by figure, siblings

),

withheld as (

    select
        ordered.*,
        ordered.small_rows > 0
        and ordered.row_order <= coalesce(withheld_to.last_withheld, ordered.all_rows)
            as is_withheld
    from ordered
    left join withheld_to
        on ordered.figure = withheld_to.figure
        and ordered.siblings = withheld_to.siblings

),

-- Whether a row above is withheld: what is below it is withheld too.
with_rows_above as (

    select
        *,
        bool_or(is_withheld and breakdown = 'total' and period_type = 'financial year')
            over (partition by figure, area_code, financial_year) as is_total_withheld,
        bool_or(is_withheld and breakdown = 'placement type')
            over (partition by figure, area_code, financial_year, placement_type)
            as is_type_withheld,
        bool_or(is_withheld and breakdown = 'type and sector')
            over (partition by figure, area_code, financial_year, placement_type, provider_sector)
            as is_sector_withheld
    from withheld

),

final as (

    select
        row_id,
        {{ row_key | join(',\n        ') }},
        figure,
        {{ is_withheld(
            'is_withheld or is_total_withheld or is_type_withheld or is_sector_withheld'
        ) }} = false as is_shown
    from with_rows_above

)

select * from final
