-- Words that DfE's rules share. Everything here runs on DuckDB 1.4.3 without extensions.

-- A date n years on; from 29 February to 28 February where there is none.
create or replace macro add_years(d, n) as (d + to_years(n))::date;

-- A date n months on; the last day of the month where the day does not exist.
create or replace macro add_months(d, n) as (d + to_months(n))::date;

-- Dates as the return writes them, dd/mm/yyyy; anything else is no date, a year of 0025 neither.
create or replace macro ssda903_date(t) as (
    case
        when regexp_full_match(t, '\d{1,2}/\d{1,2}/(1[789]|2[01])\d{2}')
            then try_strptime(t, '%d/%m/%Y')::date
    end
);

-- Such a date where the day, the month or the year may be unknown (ZZ, ZZZZ): one it could be.
create or replace macro ssda903_partly_known_date(t) as (
    ssda903_date(
        regexp_replace(
            regexp_replace(regexp_replace(t, '^ZZ/', '01/'), '/ZZ/', '/01/'), '/ZZZZ$', '/2000'
        )
    )
);
