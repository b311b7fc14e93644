with

matches as (

    select * from {{ ref('int_placement_match') }}

),

-- A placement known from both sources counts on both sides, each in the quarter it says itself.
both_sides as (

    select
        la_code,
        coalesce({{ quarter_of('return_start_date') }}, return_period) as quarter,
        'placement_return' as side,
        source,
        match_basis
    from matches
    where return_placement_id is not null
    union all
    select
        la_code,
        {{ quarter_of('ssda903_start_date') }} as quarter,
        'ssda903' as side,
        source,
        match_basis
    from matches
    where ssda903_placement_id is not null

),

-- Grain: an authority and quarter.
counted as (

    select
        la_code,
        quarter,
        {{ count_where("side = 'placement_return'") }} as return_placements,
        {{ count_where("side = 'placement_return' and source = 'both'") }} as return_matched,
        {{ count_where("side = 'placement_return' and source <> 'both'") }} as return_unmatched,
        {{ count_where("side = 'placement_return' and match_basis = 'provider and date'") }}
            as matched_on_provider,
        {{ count_where("side = 'placement_return' and match_basis = 'type and date'") }}
            as matched_on_type,
        {{ count_where("side = 'ssda903'") }} as ssda903_placements,
        {{ count_where("side = 'ssda903' and source = 'both'") }} as ssda903_matched,
        {{ count_where("side = 'ssda903' and source <> 'both'") }} as ssda903_unmatched
    from both_sides
    group by la_code, quarter

),

final as (

    select
        la_code,
        quarter,
        return_placements,
        return_matched,
        {{ share('return_matched', 'return_placements') }} as share_return_matched,
        return_unmatched,
        matched_on_provider,
        matched_on_type,
        ssda903_placements,
        ssda903_matched,
        {{ share('ssda903_matched', 'ssda903_placements') }} as share_ssda903_matched,
        ssda903_unmatched
    from counted

)

select * from final
