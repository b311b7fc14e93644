with

searches as (

    select * from {{ ref('search_needs_profile') }}

),

profiles as (

    select * from {{ ref('dim_needs_profile') }}

),

referrals as (

    select * from {{ ref('referral') }} where coalesce(age_at_referral, 0) < 18

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: a search.
joined as (

    select
        searches.*,
        authorities.is_synthetic,
        {{ quarter_of('referrals.referral_date') }} as quarter
    from searches
    inner join referrals on searches.referral_id = referrals.id
    inner join authorities on searches.la_code = authorities.la_code

),

-- Grain: an authority, and the region (no authority), in which there are searches.
areas as (

    select
        la_code,
        count(distinct la_code) as authorities,
        min(quarter) as first_quarter,
        max(quarter) as last_quarter,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic
    from joined
    group by grouping sets ((la_code), ())
    having count(*) > 0

),

-- Grain: an area and profile with searches, and all profiles together.
counts as (

    select
        la_code,
        coalesce(needs_profile_id, 'all') as needs_profile_id,
        count(*) as searches,
        count(distinct la_code || child_id) as children,
        avg(case when is_needs_known then needs_score end) as mean_needs_score
    from joined
    group by grouping sets ((la_code, needs_profile_id), (needs_profile_id), (la_code), ())
    having count(*) > 0

),

profile_rows as (

    select
        needs_profile_id,
        needs_profile,
        marked_by,
        left_open
    from profiles
    union all
    select
        'all' as needs_profile_id,
        'All profiles' as needs_profile,
        null as marked_by,
        null as left_open

),

-- Grain: an area and profile, whether or not it has searches.
counted as (

    select
        areas.*,
        profile_rows.needs_profile_id,
        profile_rows.needs_profile,
        profile_rows.marked_by,
        profile_rows.left_open,
        coalesce(counts.searches, 0) as searches,
        coalesce(counts.children, 0) as children,
        counts.mean_needs_score
    from areas
    cross join profile_rows
    left join counts
        on areas.la_code is not distinct from counts.la_code
        and profile_rows.needs_profile_id = counts.needs_profile_id

),

suppressed as (

    {{ suppressed(
        'counted',
        ['searches', 'children'],
        keep=[
            'la_code', 'needs_profile_id', 'needs_profile', 'marked_by', 'left_open',
            'first_quarter', 'last_quarter', 'authorities', 'is_synthetic', 'mean_needs_score',
        ],
        totals=[
            {'when': 'la_code is null', 'within': ['needs_profile_id']},
            {
                'when': "needs_profile_id = 'all'",
                'within': ['la_code'],
                'but': ['children'],
            },
        ],
    ) }}

),

with_total as (

    select
        *,
        max(case when needs_profile_id = 'all' then searches end) over (partition by la_code)
            as searches_of_area
    from suppressed

),

final as (

    select
        with_total.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        with_total.needs_profile_id,
        with_total.needs_profile,
        with_total.marked_by,
        with_total.left_open,
        with_total.first_quarter,
        with_total.last_quarter,
        with_total.authorities,
        with_total.is_synthetic,
        with_total.searches,
        with_total.children,
        with_total.searches_of_area,
        {{ published_share('with_total.searches', 'with_total.searches_of_area') }}
            as share_of_searches,
        {{ published_figure('with_total.mean_needs_score', 'with_total.children') }}
            as mean_needs_score,
        with_total.withheld
    from with_total
    left join authorities on with_total.la_code = authorities.la_code

)

select * from final
