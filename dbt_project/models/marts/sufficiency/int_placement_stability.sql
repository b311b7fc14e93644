{{ config(schema='staging') }}

with

care_episodes as (

    select * from {{ ref('int_care_episode') }}

),

children as (

    select * from {{ ref('int_child_at_quarter_end') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

coverage as (

    select * from {{ ref('coverage') }} where dataset = 'ssda903'

),

quarter_ends as (

    select
        *,
        {{ quarter_ends_between('first_date', 'last_date') }} as period_end_date
    from coverage

),

-- Grain: an authority and a quarter's end whose whole year its returns cover. At least two years
-- on 31 March means since 31 March two years before, or longer. Whoever lived in a home on a
-- covered day is in the returns with the true start, so that the two and a half years are known as
-- soon as the first of their days is covered.
periods as (

    select
        la_code,
        period_end_date,
        {{ day_after(months_before('period_end_date', 12)) }} as year_start_date,
        {{ day_before(months_before(day_after('period_end_date'), 24)) }} as two_years_ago,
        {{ day_before(months_before(day_after('period_end_date'), 30)) }}
            as two_and_a_half_years_ago,
        first_date
        <= {{ day_before(months_before(day_after('period_end_date'), 30)) }} as is_length_known
    from quarter_ends
    where
        period_end_date <= last_date
        and first_date <= {{ months_before(day_after('period_end_date'), 12) }}

),

-- Grain: a stay with one carer. Of an adoption by the carer it goes on; one that begins the stay is
-- with people new to the child.
stays as (

    select
        la_code,
        child_id,
        care_id,
        stay_id,
        stay_start_date,
        stay_end_date,
        coalesce(placement_type = 'adoption', false) as begins_with_adoption
    from care_episodes
    where start_date = stay_start_date

),

-- Grain: a child looked after at the period's end.
looked_after as (

    select
        periods.*,
        children.child_id,
        children.care_id,
        children.care_start_date,
        children.stay_id,
        children.stay_start_date,
        children.placement_type,
        children.age
    from periods
    inner join children
        on periods.la_code = children.la_code
        and periods.period_end_date = children.quarter_end_date

),

-- Grain: a child looked after at the period's end: the stays of its year.
counted_stays as (

    select
        looked_after.la_code,
        looked_after.period_end_date,
        looked_after.child_id,
        count(*) as placements
    from looked_after
    inner join stays
        on looked_after.la_code = stays.la_code
        and looked_after.child_id = stays.child_id
        and looked_after.period_end_date >= stays.stay_start_date
        and looked_after.year_start_date
        <= coalesce(stays.stay_end_date, looked_after.year_start_date)
    group by looked_after.la_code, looked_after.period_end_date, looked_after.child_id

),

-- Grain: a child placed for adoption at the period's end with people new to it: the stay before,
-- for DfE takes the two together.
stays_before_adoption as (

    select
        looked_after.la_code,
        looked_after.period_end_date,
        looked_after.child_id,
        max(before.stay_start_date) as stay_start_date
    from looked_after
    inner join stays as adoptions on looked_after.stay_id = adoptions.stay_id
    inner join stays as before
        on adoptions.care_id = before.care_id
        and adoptions.stay_start_date > before.stay_start_date
    where looked_after.placement_type = 'adoption' and adoptions.begins_with_adoption
    group by looked_after.la_code, looked_after.period_end_date, looked_after.child_id

),

-- Grain: a child looked after at the period's end.
measured as (

    select
        looked_after.la_code,
        looked_after.period_end_date,
        looked_after.child_id,
        coalesce(counted_stays.placements, 0) as placements,
        looked_after.age is not null as is_age_known,
        looked_after.age < 16
        and looked_after.care_start_date <= looked_after.two_and_a_half_years_ago
            as is_long_in_care,
        coalesce(stays_before_adoption.stay_start_date, looked_after.stay_start_date)
        <= looked_after.two_years_ago as is_long_in_home
    from looked_after
    left join counted_stays
        on looked_after.la_code = counted_stays.la_code
        and looked_after.period_end_date = counted_stays.period_end_date
        and looked_after.child_id = counted_stays.child_id
    left join stays_before_adoption
        on looked_after.la_code = stays_before_adoption.la_code
        and looked_after.period_end_date = stays_before_adoption.period_end_date
        and looked_after.child_id = stays_before_adoption.child_id

),

-- Grain: an authority and period's end; one without a child has a row of noughts.
counted as (

    select
        periods.la_code,
        periods.period_end_date,
        periods.year_start_date,
        periods.is_length_known,
        authorities.is_synthetic,
        count(measured.child_id) as children,
        {{ count_where('measured.placements >= 3') }} as three_or_more_placements,
        {{ count_where('not measured.is_age_known') }} as age_not_known,
        {{ count_where('measured.is_long_in_care') }} as long_in_care,
        {{ count_where('measured.is_long_in_care and measured.is_long_in_home') }}
            as long_in_same_home
    from periods
    inner join authorities on periods.la_code = authorities.la_code
    left join measured
        on periods.la_code = measured.la_code
        and periods.period_end_date = measured.period_end_date
    group by
        periods.la_code,
        periods.period_end_date,
        periods.year_start_date,
        periods.is_length_known,
        authorities.is_synthetic

),

-- Grain: an authority and period's end; and the region (no authority) and period's end.
added_up as (

    select
        la_code,
        period_end_date,
        max(year_start_date) as year_start_date,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        count(*) as authorities,
        sum(children) as children,
        sum(three_or_more_placements) as three_or_more_placements,
        sum(age_not_known) as age_not_known,
        {{ count_where('is_length_known') }} as authorities_with_length,
        sum(case when is_length_known then long_in_care end) as long_in_care,
        sum(case when is_length_known then long_in_same_home end) as long_in_same_home
    from counted
    group by grouping sets ((la_code, period_end_date), (period_end_date))

),

final as (

    select
        case when added_up.la_code is null then 'region' else 'authority' end as area_level,
        added_up.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        added_up.year_start_date,
        added_up.period_end_date,
        {{ quarter_of('added_up.period_end_date') }} as quarter,
        extract(month from added_up.period_end_date) = 3 as is_statutory_year,
        added_up.is_synthetic,
        added_up.authorities,
        cast(added_up.children as bigint) as children,
        cast(added_up.three_or_more_placements as bigint) as three_or_more_placements,
        cast(added_up.age_not_known as bigint) as age_not_known,
        added_up.authorities_with_length,
        cast(added_up.long_in_care as bigint) as under_16_in_care_30_months,
        cast(added_up.long_in_same_home as bigint) as same_home_24_months
    from added_up
    left join authorities on added_up.la_code = authorities.la_code

)

select * from final
