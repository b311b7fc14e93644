with

headers as (

    select * from {{ ref('stg_ssda903__header') }}

),

ssda903_children as (

    select * from {{ ref('int_ssda903_child') }}

),

uasc as (

    select * from {{ ref('stg_ssda903__uasc') }}

),

returns as (

    select * from {{ ref('int_placement_return') }}

),

sexes as (

    select * from {{ ref('sex_map') }}

),

ethnicities as (

    select * from {{ ref('ethnicity_map') }}

),

answers as (

    select * from {{ ref('answer_map') }} where field = 'uasc_status'

),

-- A child is known as soon as one source names it.
children as (

    select la_code, child_id from ssda903_children
    union
    select la_code, child_id from returns

),

header_reports as (

    select
        *,
        row_number() over (
            partition by la_code, child_id order by period desc, submission_id desc, record_id desc
        ) as report_order
    from headers

),

latest_headers as (

    select * from header_reports where report_order = 1

),

uasc_children as (

    select distinct la_code, child_id from uasc

),

return_children as (

    select
        returns.la_code,
        returns.child_id,
        max(case when returns.has_local_identifier then 1 else 0 end) = 1 as has_local_identifier,
        max(case when answers.is_yes then 1 else 0 end) = 1 as is_uasc
    from returns
    left join answers on returns.uasc_status = answers.source_code
    group by returns.la_code, returns.child_id

),

-- Grain: a child of an authority.
final as (

    select
        children.child_id as id,
        cast(null as varchar) as local_identifier,
        coalesce(return_children.has_local_identifier, false) as has_local_identifier,
        children.la_code,
        coalesce(latest_headers.birth_month, ssda903_children.birth_month) as birth_month,
        latest_headers.sex_code,
        sexes.common_core_value as sex,
        latest_headers.ethnicity_code,
        ethnicities.common_core_value as ethnicity,
        ethnicities.ethnic_group,
        uasc_children.child_id is not null or coalesce(return_children.is_uasc, false) as is_uasc,
        latest_headers.child_id is not null as is_in_ssda903,
        return_children.child_id is not null as is_in_placement_return
    from children
    left join latest_headers
        on children.la_code = latest_headers.la_code
        and children.child_id = latest_headers.child_id
    left join ssda903_children
        on children.la_code = ssda903_children.la_code
        and children.child_id = ssda903_children.child_id
    left join uasc_children
        on children.la_code = uasc_children.la_code
        and children.child_id = uasc_children.child_id
    left join return_children
        on children.la_code = return_children.la_code
        and children.child_id = return_children.child_id
    left join sexes on latest_headers.sex_code = sexes.source_code
    left join ethnicities on latest_headers.ethnicity_code = ethnicities.source_code

)

select * from final
