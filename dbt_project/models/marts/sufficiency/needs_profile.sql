with

searches as (

    select * from {{ ref('search_needs_profile') }}

),

profiles as (

    select * from {{ ref('dim_needs_profile') }}

),

referrals as (

    select * from {{ ref('referral') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- What the whole table speaks of: one row.
covered as (

    select
        count(*) as searches,
        count(distinct searches.la_code) as authorities,
        min({{ quarter_of('referrals.referral_date') }}) as first_quarter,
        max({{ quarter_of('referrals.referral_date') }}) as last_quarter,
        max(case when authorities.is_synthetic then 1 else 0 end) = 1 as is_synthetic
    from searches
    inner join referrals on searches.referral_id = referrals.id
    inner join authorities on searches.la_code = authorities.la_code

),

-- Regional counts go out in fives; a profile of fewer than 10 children is that of all searches,
-- where there are so few that nothing can be said.
final as (

    select
        profiles.needs_profile_id,
        profiles.needs_profile,
        profiles.marked_by,
        profiles.left_open,
        covered.first_quarter,
        covered.last_quarter,
        covered.authorities,
        covered.is_synthetic,
        profiles.children < 10 as is_suppressed,
        case when profiles.children >= 10 then {{ to_nearest_five('profiles.searches') }} end
            as searches,
        case when profiles.children >= 10 then {{ to_nearest_five('profiles.children') }} end
            as children,
        case when profiles.children >= 10 then {{ to_nearest_five('covered.searches') }} end
            as searches_of_region,
        case
            when profiles.children >= 10
                then {{ share(
                    to_nearest_five('profiles.searches'), to_nearest_five('covered.searches')
                ) }}
        end as share_of_searches,
        case when profiles.children >= 10 then round(profiles.mean_needs_score) end
            as mean_needs_score
    from profiles
    cross join covered

)

select * from final
