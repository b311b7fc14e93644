{{ config(schema='staging', materialized='table') }}

with

-- The same bytes received twice are one submission.
submissions as (

    select
        la_code,
        submission_id,
        max(received_at) as received_at
    from {{ ref('stg_hub__submission') }}
    group by la_code, submission_id

),

placement_types as (

    select * from {{ ref('placement_type_map') }} where source = 'placements'

),

all_versions as (

    select * from {{ ref('stg_rcc_v2__return') }}
    union all
    select * from {{ ref('stg_nps_2026_04__return') }}
    union all
    select * from {{ ref('stg_nps_2026_06__return') }}
    union all
    select * from {{ ref('stg_nps_records__return') }}

),

-- Grain: a row of the return. A home may be reported without its date at first: once the search
-- has a dated home, its dateless rows stand for the search alone.
with_placement as (

    select
        *,
        placement_date is not null
        or (
            (placement_type is not null or provider_urn is not null)
            and max(placement_date) over (partition by la_code, referral_key) is null
        ) as has_placement
    from all_versions

),

keyed as (

    select
        all_rows.*,
        placement_types.common_core_value as mapped_placement_type,
        coalesce(all_rows.standard_version like 'nps_2026_%', false)
        and all_rows.education_continuity is not null as education_continuity_is_ambiguous,
        {{ keyed_id(["'referral'", 'all_rows.la_code', 'all_rows.referral_key']) }} as referral_id,
        case
            when all_rows.has_placement then
                {{ keyed_id([
                    "'placement'",
                    'all_rows.la_code',
                    'all_rows.referral_key',
                    'all_rows.placement_date',
                ]) }}
        end as placement_id,
        case when all_rows.has_placement then 'ipa' else 'home_search' end as stage,
        submissions.received_at
    from with_placement as all_rows
    left join submissions
        on all_rows.la_code = submissions.la_code
        and all_rows.submission_id = submissions.submission_id
    left join placement_types on all_rows.placement_type = placement_types.source_code

),

final as (

    select
        *,
        {{ keyed_id(["'return'", 'referral_id', 'placement_id']) }} as return_id,
        row_number() over (
            partition by referral_id, placement_id
            order by period desc, received_at desc nulls last, submission_id desc, record_id desc
        ) = 1 as is_latest_of_placement,
        row_number() over (
            partition by referral_id
            order by
                period desc,
                received_at desc nulls last,
                submission_id desc,
                placement_date desc nulls last,
                record_id desc
        ) = 1 as is_latest_of_referral
    from keyed

)

select * from final
