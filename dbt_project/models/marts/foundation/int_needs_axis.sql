{{ config(schema='staging') }}

with

referrals as (

    select * from {{ ref('referral') }}

),

axes as (

    select * from {{ ref('needs_axis') }} where combine <> 'kinds'

),

questions as (

    select
        questions.question,
        questions.axis,
        max(scales.points) as most_points
    from {{ ref('needs_question') }} as questions
    inner join {{ ref('needs_scale') }} as scales on questions.scale = scales.scale
    group by questions.question, questions.axis

),

answers as (

    select * from {{ ref('int_needs_answer') }} where points is not null

),

-- What a full set of answers could give, asked by this version or not.
possible as (

    select
        axis,
        sum(most_points) as most_points
    from questions
    group by axis

),

answered as (

    select
        answers.referral_id,
        answers.axis,
        count(*) as questions_answered,
        {{ count_where('answers.is_carried_over') }} as questions_carried_over,
        sum(answers.points) as points,
        sum(questions.most_points) as most_points,
        max(answers.level) as highest_level,
        {{ count_where('answers.level > 0') }} as marked
    from answers
    inner join questions on answers.question = questions.question
    group by answers.referral_id, answers.axis

),

-- A question that is not asked, or not answered, counts as the others of its axis do: the points
-- are scaled up, so that no child looks less needy for it. Grain: a search and an axis.
final as (

    select
        referrals.id as referral_id,
        referrals.la_code,
        referrals.child_id,
        axes.axis,
        axes.is_risk,
        coalesce(answered.questions_answered, 0) as questions_answered,
        coalesce(answered.questions_carried_over, 0) as questions_carried_over,
        -- Not `least`: where nothing is known it would give the other number.
        case
            when answered.axis is not null then
                least(
                    1,
                    answered.points * possible.most_points
                    / answered.most_points / axes.full_points
                )
        end as share,
        case
            when answered.axis is null then axes.unknown_level
            when axes.combine = 'count' then least(answered.marked, 2)
            else answered.highest_level
        end as level
    from referrals
    cross join axes
    inner join possible on axes.axis = possible.axis
    left join answered
        on referrals.id = answered.referral_id
        and axes.axis = answered.axis

)

select * from final
