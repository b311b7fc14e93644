{{ config(schema='staging') }}

{# Each is of an authority in `counted`, and of the region by its sums. #}
{% set sums = {
    'prices not known': 'of_prices',
    'needs not known': 'of_needs',
    'placements without a match': 'of_matches',
    'months without a return': 'of_months',
} %}
{% set months = 12 %}

with

region_authorities as (

    select * from {{ ref('stg_hub__authority') }}

),

submissions as (

    select * from {{ ref('submission') }}

),

coverage as (

    select * from {{ ref('coverage') }}

),

nights as (

    select * from {{ ref('fct_placement_month') }}

),

needs as (

    select * from {{ ref('int_needs_axis') }}

),

matches as (

    select * from {{ ref('placement_match') }}

),

-- Grain: an authority with nights: the last month that its files tell whole.
last_months as (

    select
        la_code,
        max(month_start_date) as month_start_date
    from nights
    where is_covered
    group by la_code

),

-- Grain: an authority, and the last 12 months that it tells or the 12 before. Homes for which
-- nothing is paid say nothing of what is known of prices.
of_years as (

    select
        nights.la_code,
        nights.month_start_date <= last_months.month_start_date - interval '{{ months }} months'
            as is_before,
        sum(nights.nights - nights.nights_with_price) as part,
        sum(nights.nights) as whole
    from nights
    inner join last_months on nights.la_code = last_months.la_code
    where
        nights.is_covered
        and nights.placement_type not in ('adoption', 'parents')
        and nights.month_start_date
        > last_months.month_start_date - interval '{{ 2 * months }} months'
    group by
        nights.la_code,
        nights.month_start_date <= last_months.month_start_date - interval '{{ months }} months'

),

of_prices as (

    select
        la_code,
        '' as subject,
        part,
        whole
    from of_years
    where not is_before

),

-- Grain: an authority or the region (null), of those with nights in both years.
of_changes as (

    select
        this_year.la_code,
        round(abs(
            sum(this_year.part) / sum(this_year.whole)
            - sum(year_before.part) / sum(year_before.whole)
        ), 6) as value
    from of_years as this_year
    inner join of_years as year_before
        on this_year.la_code = year_before.la_code
        and not this_year.is_before
        and year_before.is_before
    group by grouping sets ((this_year.la_code), ())
    having sum(this_year.whole) > 0 and sum(year_before.whole) > 0

),

-- Grain: a search.
searches as (

    select
        referral_id,
        la_code,
        max(share) is null as is_not_known
    from needs
    where is_risk
    group by referral_id, la_code

),

of_needs as (

    select
        la_code,
        '' as subject,
        {{ count_where('is_not_known') }} as part,
        count(*) as whole
    from searches
    group by la_code

),

of_matches as (

    select
        la_code,
        '' as subject,
        sum(return_unmatched) as part,
        sum(return_placements) as whole
    from matches
    group by la_code

),

-- Grain: a dataset and one of the 12 months up to the last that any authority's files reach.
last_year as (

    select
        dataset,
        unnest(generate_series(
            date_trunc('month', max(last_date)) - interval '{{ months - 1 }} months',
            date_trunc('month', max(last_date)),
            interval '1 month'
        )) as month_start_date
    from coverage
    group by dataset

),

-- Grain: an authority, a dataset and one of these months that an accepted file tells of.
told as (

    select distinct
        submissions.la_code,
        submissions.dataset,
        last_year.month_start_date
    from submissions
    inner join last_year
        on submissions.dataset = last_year.dataset
        and submissions.period_start_date <= last_year.month_start_date
        and least(
            submissions.period_end_date,
            coalesce(cast(submissions.received_at as date), submissions.period_end_date)
        ) >= last_year.month_start_date
    where
        submissions.status = 'accepted'
        and (submissions.dataset = 'placements' or submissions.table_name = 'episodes')

),

-- Grain: an authority and a dataset of which something was accepted of it.
of_months as (

    select
        coverage.la_code,
        coverage.dataset as subject,
        {{ count_where('told.la_code is null') }} as part,
        count(*) as whole
    from coverage
    inner join last_year on coverage.dataset = last_year.dataset
    left join told
        on coverage.la_code = told.la_code
        and coverage.dataset = told.dataset
        and last_year.month_start_date = told.month_start_date
    group by coverage.la_code, coverage.dataset

),

counted as (

    {% for measure, relation in sums.items() %}
    select
        '{{ measure }}' as measure,
        la_code,
        subject,
        part,
        whole
    from {{ relation }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Grain: an authority or the region (null), a measure and what of it.
final as (

    select
        counted.measure,
        counted.la_code,
        counted.subject,
        round(sum(counted.part) / cast(sum(counted.whole) as double), 6) as value
    from counted
    inner join region_authorities on counted.la_code = region_authorities.la_code
    group by
        grouping sets (
            (counted.measure, counted.subject, counted.la_code),
            (counted.measure, counted.subject)
        )
    having sum(counted.whole) > 0
    union all
    select
        'change in prices known' as measure,
        la_code,
        '' as subject,
        value
    from of_changes

)

select * from final
