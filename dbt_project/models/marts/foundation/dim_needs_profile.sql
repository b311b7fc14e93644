with

searches as (

    select * from {{ ref('search_needs_profile') }}

),

views as (

    select * from {{ ref('int_needs_view') }}

),

phrases as (

    select * from {{ ref('needs_phrase') }}

),

rungs as (

    select * from {{ ref('needs_rung') }}

),

axes as (

    select * from {{ ref('needs_axis') }}

),

-- Grain: a profile, an axis that its rung looks at, and what all that share it are like on it.
marks as (

    select distinct
        searches.needs_profile_id,
        views.axis,
        views.view,
        views.value
    from searches
    inner join views
        on searches.referral_id = views.referral_id
        and searches.rung = views.rung
    where not searches.is_nearest

),

worded as (

    select
        marks.needs_profile_id,
        axes.axis_order,
        axes.axis_name,
        marks.view,
        marks.value,
        phrases.phrase
    from marks
    inner join axes on marks.axis = axes.axis
    left join phrases
        on marks.axis = phrases.axis
        and marks.view = phrases.view
        and marks.value = phrases.value

),

named as (

    select
        needs_profile_id,
        coalesce(string_agg(phrase, ', ' order by axis_order), 'no marked needs') as marked,
        string_agg(
            axis_name || ': '
            || coalesce(phrase, case when value = '?' then 'not known' else 'not marked' end),
            '; ' order by axis_order
        ) as marked_by
    from worded
    group by needs_profile_id

),

counted as (

    select
        needs_profile_id,
        rung,
        profile_key,
        is_needs_known,
        count(*) as searches,
        count(distinct child_id) as children,
        {{ count_where('is_nearest') }} as nearest_searches,
        round(avg(case when is_needs_known then needs_score end), 1) as mean_needs_score
    from searches
    group by needs_profile_id, rung, profile_key, is_needs_known

),

-- Grain: a profile.
final as (

    select
        counted.needs_profile_id,
        case
            when not counted.is_needs_known then 'Needs not known'
            when counted.rung = 0 then 'All searches (too few children to group)'
            else
                upper(left(named.marked, 1)) || substr(named.marked, 2)
                || coalesce(' (' || rungs.name_ending || ')', '')
        end as needs_profile,
        named.marked_by,
        rungs.left_open,
        counted.rung,
        counted.profile_key,
        counted.is_needs_known,
        counted.searches,
        counted.children,
        counted.nearest_searches,
        counted.mean_needs_score
    from counted
    left join named on counted.needs_profile_id = named.needs_profile_id
    left join rungs on counted.rung = rungs.rung

)

select * from final
