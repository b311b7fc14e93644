with

reports as (

    select * from {{ ref('int_episode_repair') }}

),

rules as (

    select * from {{ ref('episode_repair_rule') }}

),

-- Grain: an authority, collection year and rule.
counted as (

    select
        la_code,
        period as collection_year,
        coalesce(repair_rule, 'none') as repair_rule,
        count(*) as reports,
        {{ count_where('is_used') }} as reports_used
    from reports
    group by la_code, period, coalesce(repair_rule, 'none')

),

final as (

    select
        counted.la_code,
        counted.collection_year,
        counted.repair_rule,
        rules.rule_order,
        rules.sees as rule_sees,
        rules.does as rule_does,
        counted.reports,
        counted.reports_used,
        counted.reports - counted.reports_used as reports_set_aside,
        {{ share(
            'counted.reports',
            'sum(counted.reports) over (partition by counted.la_code, counted.collection_year)',
        ) }} as share_of_reports
    from counted
    left join rules on counted.repair_rule = rules.code

)

select * from final
