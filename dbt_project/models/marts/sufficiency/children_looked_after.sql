with

counted as (

    select * from {{ ref('int_children_looked_after') }}

),

suppressed as (

    {{ suppressed(
        'counted',
        ['children', 'times'],
        keep=[
            'area_level', 'la_code', 'area_name', 'collection_year', 'year_end_date', 'measure',
            'breakdown', 'category', 'is_synthetic', 'authorities',
        ],
        totals=[
            {
                'when': 'la_code is null',
                'within': ['collection_year', 'measure', 'breakdown', 'category'],
            },
            {
                'when': "breakdown = 'total'",
                'below': "breakdown = 'age band'",
                'within': ['la_code', 'collection_year', 'measure'],
            },
            {
                'when': "breakdown = 'total'",
                'below': "breakdown = 'placement type'",
                'within': ['la_code', 'collection_year', 'measure'],
            },
            {
                'when': "breakdown = 'total'",
                'below': "breakdown = 'provider'",
                'within': ['la_code', 'collection_year', 'measure'],
            },
            {
                'when': "breakdown = 'total'",
                'below': "breakdown = 'distance'",
                'within': ['la_code', 'collection_year', 'measure'],
            },
            {
                'when': "breakdown = 'total'",
                'below': "breakdown = 'in or out of the authority'",
                'within': ['la_code', 'collection_year', 'measure'],
            },
        ],
    ) }}

),

with_whole as (

    select
        *,
        max(case when breakdown = 'total' then children end) over (
            partition by la_code, collection_year, measure
        ) as children_of_measure
    from suppressed

),

final as (

    select
        area_level,
        la_code,
        area_name,
        collection_year,
        year_end_date,
        measure,
        breakdown,
        category,
        is_synthetic,
        authorities,
        children,
        {{ published_share('children', 'children_of_measure') }} as share_of_children,
        times,
        withheld
    from with_whole

)

select * from final
