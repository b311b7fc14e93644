{% set rungs = range(1, 7) %}

with

axes as (

    select * from {{ ref('needs_axis') }}

),

levels as (

    select * from {{ ref('int_needs_axis') }}

),

views as (

    select * from {{ ref('int_needs_view') }}

),

-- Grain: a search of which no risk, or not the support, is known: not known is no need, so that
-- it has a place of its own beside the ladder.
unknown as (

    select distinct referral_id
    from views
    where axis in ('risks', 'support') and value = '?'

),

-- Grain: a search whose needs are known, and a rung: what the rung sees of it, in one text.
keys as (

    select
        views.referral_id,
        views.child_id,
        views.rung,
        string_agg(views.axis || '=' || views.value, ' ' order by views.axis_order) as profile_key
    from views
    left join unknown on views.referral_id = unknown.referral_id
    where unknown.referral_id is null
    group by views.referral_id, views.child_id, views.rung

),

-- A profile needs this many children: a fixed number, or a share where there are many.
threshold as (

    select
        greatest(
            {{ var('needs_profile_least_children') }},
            ceil({{ var('needs_profile_least_share') }} * count(distinct child_id))
        ) as least_children
    from levels

),

{% for rung in rungs %}
-- Those that no rung before this one has settled.
open_{{ rung }} as (

    select keys.*
    from keys
    {% if rung > 1 %}
    inner join left_{{ rung - 1 }} on keys.referral_id = left_{{ rung - 1 }}.referral_id
    {% endif %}
    where keys.rung = {{ rung }}

),

large_{{ rung }} as (

    select profile_key
    from open_{{ rung }}
    group by profile_key
    having count(distinct child_id) >= (select max(threshold.least_children) from threshold)

),

left_{{ rung }} as (

    select open_{{ rung }}.referral_id
    from open_{{ rung }}
    left join large_{{ rung }} on open_{{ rung }}.profile_key = large_{{ rung }}.profile_key
    where large_{{ rung }}.profile_key is null

),

{% endfor %}
-- Grain: a search that shares what a rung sees of it with enough children.
settled as (

    {% for rung in rungs %}
    select
        open_{{ rung }}.referral_id,
        open_{{ rung }}.rung,
        open_{{ rung }}.profile_key
    from open_{{ rung }}
    inner join large_{{ rung }} on open_{{ rung }}.profile_key = large_{{ rung }}.profile_key
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- The middle of each profile on each axis; null where all of its searches do not know.
centres as (

    select
        settled.rung,
        settled.profile_key,
        levels.axis,
        avg(levels.share) as share
    from settled
    inner join levels on settled.referral_id = levels.referral_id
    group by settled.rung, settled.profile_key, levels.axis

),

-- Grain: a search that is left over, and a profile.
apart as (

    select
        leftovers.referral_id,
        centres.rung,
        centres.profile_key,
        sum(axes.distance_weight * {{ ordinal_distance('levels.share', 'centres.share') }})
            as distance,
        sum(axes.score_weight * centres.share) as profile_score
    from left_{{ rungs[-1] }} as leftovers
    inner join levels on leftovers.referral_id = levels.referral_id
    inner join axes on levels.axis = axes.axis
    inner join centres on levels.axis = centres.axis
    group by leftovers.referral_id, centres.rung, centres.profile_key

),

-- Where two profiles are as near, the needier one; then the key, so that there is never a tie.
apart_order as (

    select
        referral_id,
        rung,
        profile_key,
        row_number() over (
            partition by referral_id
            order by round(distance, 9) asc, round(profile_score, 9) desc, rung asc, profile_key asc
        ) as profile_order
    from apart

),

scores as (

    select
        levels.referral_id,
        levels.la_code,
        levels.child_id,
        sum(levels.questions_answered) as questions_answered,
        sum(levels.questions_carried_over) as questions_carried_over,
        round(
            100 * sum(axes.score_weight * levels.share)
            / nullif(sum(case when levels.share is not null then axes.score_weight end), 0),
            1
        ) as needs_score
    from levels
    inner join axes on levels.axis = axes.axis
    group by levels.referral_id, levels.la_code, levels.child_id

),

-- Grain: a search.
grouped as (

    select
        scores.*,
        unknown.referral_id is null as is_needs_known,
        settled.referral_id is null and apart_order.referral_id is not null as is_nearest,
        -- 0: not known, or so few children in all that there is no profile but that of all.
        coalesce(settled.rung, apart_order.rung, 0) as rung,
        case
            when unknown.referral_id is not null then 'not known'
            else coalesce(settled.profile_key, apart_order.profile_key, '')
        end as profile_key
    from scores
    left join unknown on scores.referral_id = unknown.referral_id
    left join settled on scores.referral_id = settled.referral_id
    left join apart_order
        on scores.referral_id = apart_order.referral_id
        and apart_order.profile_order = 1

),

final as (

    select
        referral_id,
        la_code,
        child_id,
        {{ keyed_id(["'needs_profile'", 'rung', 'profile_key']) }} as needs_profile_id,
        rung,
        profile_key,
        is_needs_known,
        is_nearest,
        needs_score,
        questions_answered,
        questions_carried_over
    from grouped

)

select * from final
