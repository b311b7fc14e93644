{{ config(schema='staging') }}

{% set of_risks = [
    'risk_to_child_sexual_exploitation',
    'risk_to_child_self_harm',
    'risk_to_child_criminal_exploitation',
    'risk_to_child_drugs_alcohol',
    'risk_to_child_eating_disorder',
    'risk_to_child_going_missing',
    'risk_to_others_physical_harm',
    'risk_to_others_sexual_harm',
    'risk_to_others_fire_setting',
    'risk_to_others_harm_animals',
    'risk_to_others_criminal_exploitation',
] %}
{% set of_needs = [
    'has_additional_supervision',
    'has_comms_language_learning_req',
    'needs_sign_language',
    'has_therapeutic_support',
    'adaptation_to_home',
] %}
{% set of_referrals = [
    'minimum_adult_support_ratio',
    'is_deprived_of_liberty',
    'is_solo_placement',
    'is_unaccompanied',
    'number_siblings_to_place_together',
] %}

with

questions as (

    select * from {{ ref('needs_question') }}

),

scales as (

    select * from {{ ref('needs_scale') }}

),

placements as (

    select * from {{ ref('placement') }}

),

children as (

    select * from {{ ref('child') }}

),

referrals as (

    select * from {{ ref('referral') }}

),

needs as (

    select
        *,
        -- No supports at all is told by NA, or by No to whether there are any.
        case
            when not additional_provision_by_home_to_child then ''
            else specify_additional_provision_by_home_to_child
        end as supports
    from {{ ref('needs') }}

),

need_answers as (

    select
        referral_id,
        placement_id,
        stage,
        id,
        has_comms_language_learning_req,
        specific_comms_language_req like '%BSL%'
        or specific_comms_language_req like '%Makaton%' as needs_sign_language,
        adaptation_to_home,
        supports like '%Additional supervision%' as has_additional_supervision,
        supports like '%Therapeutic support%' as has_therapeutic_support
    from needs

),

risks as (

    select * from {{ ref('risks') }}

),

-- SSDA903 says who is unaccompanied where the return does not ask; without either nobody knows.
referral_answers as (

    select
        referrals.id as referral_id,
        referrals.minimum_adult_support_ratio,
        referrals.is_deprived_of_liberty,
        referrals.child_cared_alongside_others = 'Solo placement recommended' as is_solo_placement,
        case
            when children.is_uasc then true
            else coalesce(
                referrals.has_uasc_status, case when children.is_in_ssda903 then false end
            )
        end as is_unaccompanied,
        referrals.number_siblings_to_place_together
    from referrals
    left join children
        on referrals.la_code = children.la_code
        and referrals.child_id = children.id

),

-- Grain: a report of a search and a question that it answers.
answers as (

    {% for question in of_needs %}
    select
        referral_id,
        placement_id,
        stage,
        id,
        '{{ question }}' as question,
        cast({{ question }} as varchar) as answer
    from need_answers
    where {{ question }} is not null
    union all
    {% endfor %}
    {% for question in of_risks %}
    select
        referral_id,
        placement_id,
        stage,
        id,
        '{{ question }}' as question,
        {{ question }} as answer
    from risks
    where {{ question }} is not null
    union all
    {% endfor %}
    {% for question in of_referrals %}
    select
        referral_id,
        cast(null as varchar) as placement_id,
        'referral' as stage,
        referral_id as id,
        '{{ question }}' as question,
        cast({{ question }} as varchar) as answer
    from referral_answers
    where {{ question }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Of several reports the one with a home comes first, then the latest home, then the id; an answer
-- that says something comes before one that says "not known".
ordered as (

    select
        answers.referral_id,
        answers.question,
        answers.answer,
        questions.axis,
        scales.answer is not null as is_mapped,
        scales.points,
        scales.level,
        row_number() over (
            partition by answers.referral_id, answers.question
            order by
                case when scales.points is null then 1 else 0 end asc,
                case when answers.stage = 'ipa' then 0 else 1 end asc,
                placements.start_date desc nulls last,
                answers.id asc
        ) as answer_order
    from answers
    inner join questions on answers.question = questions.question
    left join scales
        on questions.scale = scales.scale
        and answers.answer = scales.answer
    left join placements on answers.placement_id = placements.id

),

-- Grain: a search and a question that it answers itself.
own as (

    select
        ordered.referral_id,
        referrals.la_code,
        referrals.child_id,
        referrals.referral_date,
        ordered.question,
        ordered.axis,
        ordered.answer,
        ordered.is_mapped,
        ordered.points,
        ordered.level
    from ordered
    inner join referrals on ordered.referral_id = referrals.id
    where ordered.answer_order = 1

),

-- Grain: a search and a question about the child that it does not answer, though another search of
-- the child does: the nearest in time, at most two years away; of two as near the earlier.
carried_order as (

    select
        referrals.id as referral_id,
        known.question,
        known.axis,
        known.answer,
        known.is_mapped,
        known.points,
        known.level,
        row_number() over (
            partition by referrals.id, known.question
            order by
                abs({{ days_between('known.referral_date', 'referrals.referral_date') }}) asc,
                known.referral_date asc,
                known.referral_id asc
        ) as carried_order
    from referrals
    inner join own as known
        on referrals.la_code = known.la_code
        and referrals.child_id = known.child_id
        and referrals.id <> known.referral_id
        and known.points is not null
        and abs({{ days_between('known.referral_date', 'referrals.referral_date') }})
        <= {{ var('needs_carried_over_days') }}
    inner join questions
        on known.question = questions.question
        and questions.is_carried_over
    left join own
        on referrals.id = own.referral_id
        and known.question = own.question
        and own.points is not null
    where own.referral_id is null

),

carried as (

    select * from carried_order where carried_order = 1

),

-- Grain: a search and a question that it answers, or that another search of the child does.
final as (

    select
        own.referral_id,
        own.question,
        own.axis,
        own.answer,
        own.is_mapped,
        own.points,
        own.level,
        false as is_carried_over
    from own
    left join carried
        on own.referral_id = carried.referral_id
        and own.question = carried.question
    where carried.referral_id is null
    union all
    select
        referral_id,
        question,
        axis,
        answer,
        is_mapped,
        points,
        level,
        true as is_carried_over
    from carried

)

select * from final
