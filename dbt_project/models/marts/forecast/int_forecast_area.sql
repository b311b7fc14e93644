{{ config(schema='staging', materialized='table') }}

with

authorities as (

    select * from {{ ref('local_authority') }} where is_in_region

),

covered_months as (

    select * from {{ ref('int_covered_month') }}

),

care_months as (

    select * from {{ ref('int_care_month') }}

),

spans as (

    select * from {{ ref('int_care_span') }}

),

settings as (

    select max(as_of_date) as as_of_date from {{ ref('stg_hub__forecast_setting') }}

),

-- Grain: an authority with a covered month.
covered as (

    select
        la_code,
        min(month_number) as first_month,
        max(month_number) as last_month,
        count(*) as covered_months
    from covered_months
    group by la_code

),

counted as (

    select
        care_months.la_code,
        {{ count_where('care_months.month_number = covered.last_month') }} as children,
        {{ count_where('care_months.is_type_unmapped') }} as unmapped_child_months
    from care_months
    inner join covered on care_months.la_code = covered.la_code
    group by care_months.la_code

),

-- Grain: a span and a month at whose end it goes on, if `int_care_month` leaves the child out.
left_out_months as (

    select
        spans.la_code,
        spans.child_id,
        spans.birth_month,
        unnest(
            generate_series(
                greatest(
                    {{ month_number('spans.from_date') }},
                    coalesce({{ month_number('spans.birth_month') }} + 18 * 12, 0)
                ),
                coalesce({{ month_number('spans.to_date') }} - 1, covered.last_month)
            )
        ) as month_number
    from spans
    inner join covered on spans.la_code = covered.la_code

),

-- Grain: an authority. The same in covered months.
left_out as (

    select
        left_out_months.la_code,
        count(
            distinct case when left_out_months.birth_month is null then left_out_months.child_id end
        ) as children_without_birth_month,
        count(
            distinct case
                when left_out_months.birth_month is not null then left_out_months.child_id
            end
        ) as children_of_18
    from left_out_months
    inner join covered_months
        on left_out_months.la_code = covered_months.la_code
        and left_out_months.month_number = covered_months.month_number
    group by left_out_months.la_code

),

-- Returns come on different days. The region is known up to the last month of which at least half
-- of the authorities that ever sent are covered, so that one early return does not stand for all.
-- Where their returns never met in a month so often, it is the last in which most of them did.
region_months as (

    select
        month_number,
        count(*) as authorities,
        max(count(*)) over () as most_authorities
    from covered_months
    group by month_number

),

region_month as (

    select max(month_number) as region_last_month
    from region_months
    where
        2 * authorities >= (select count(*) from covered)
        or authorities = most_authorities
        and 2 * most_authorities < (select count(*) from covered)

),

-- Grain: an authority that is covered in that month. One that has just joined cannot be forecast,
-- and the region's history is of the authorities that its forecast is of. Where none has enough
-- months, all of them are the region.
reaching as (

    select
        covered.la_code,
        covered.covered_months >= {{ var('forecast_least_months') }}
        or max(covered.covered_months) over () < {{ var('forecast_least_months') }} as is_in_sum
    from covered
    inner join covered_months on covered.la_code = covered_months.la_code
    inner join region_month on covered_months.month_number = region_month.region_last_month

),

-- Grain: an authority of the region.
final as (

    select
        authorities.la_code,
        settings.as_of_date,
        region_month.region_last_month,
        coalesce(reaching.is_in_sum, false) as is_in_region_sum,
        covered.first_month,
        covered.last_month,
        coalesce(covered.covered_months, 0) as covered_months,
        coalesce(covered.last_month - covered.first_month + 1 - covered.covered_months, 0)
            as missing_months,
        coalesce(counted.children, 0) as children,
        coalesce(counted.unmapped_child_months, 0) as unmapped_child_months,
        coalesce(left_out.children_without_birth_month, 0) as children_without_birth_month,
        coalesce(left_out.children_of_18, 0) as children_of_18
    from authorities
    cross join settings
    cross join region_month
    left join reaching on authorities.la_code = reaching.la_code
    left join covered on authorities.la_code = covered.la_code
    left join counted on authorities.la_code = counted.la_code
    left join left_out on authorities.la_code = left_out.la_code

)

select * from final
