"""What is computed in the LA zone from exact values, before these are degraded: SQL fragments.

Ages in completed years; distances in miles to one decimal, straight lines on the national grid;
the authority in which a home lies; the day on which a child left care by growing up.
"""

import duckdb

from pipeline.reference import Postcodes, miles_sql
from pipeline.standards.load import Table
from pipeline.warehouse import from_parquet, sql_text

# Postcodes without a place on the national grid: the Channel Islands and the Isle of Man, in ONS's
# codes for "no authority of ours", and the forces' post, which may be anywhere.
_BEYOND_THE_DIRECTORY = """
    select 'JE' || n as district, 'L99999999' as la_code from range(1, 6) as jersey (n)
    union all select 'GY' || n, 'L99999999' from range(1, 11) as guernsey (n)
    union all select 'IM' || n, 'M99999999' from range(1, 10) as man (n)
    union all select 'BF1', null
"""


def create_place_macros(
    connection: duckdb.DuckDBPyConnection, postcodes: Postcodes, authority_names: dict[str, str]
) -> None:
    """Make known the tables `place` and `district`, and the macros for areas.

    `authority_names` maps a name in lower case to its code. `postcode_district` gives `TA1` for
    a whole postcode, a sector or a district; without a space `TA14` is the district of that name
    where there is one, and else the sector (`GL71` is in GL7). `sector_district` is for a field
    that asks for sectors and gives `GL71` as its example: there `TA14` is in TA1. `area_code` turns
    a free-text place into the code of an authority or a district, or into null: the text itself
    stays behind.
    """
    connection.execute(
        f"create or replace temp view place as select * from {from_parquet([postcodes.postcodes])}"
    )
    connection.execute(
        "create or replace temp table district as "
        f"select * from {from_parquet([postcodes.districts])}"
    )
    connection.execute(f"insert into district {_BEYOND_THE_DIRECTORY}")
    connection.execute(
        "set variable districts = (select map_from_entries(list((district, district))) "
        "from district)"
    )
    connection.execute(
        "set variable district_las = (select map_from_entries(list((district, la_code))) "
        "from district where la_code is not null)"
    )
    names = ", ".join(f"({sql_text(n)}, {sql_text(c)})" for n, c in authority_names.items())
    connection.execute(
        "set variable la_names = (select map_from_entries(list((name, code))) "
        f"from (values {names}) as named (name, code))"
    )
    connection.execute(
        """
        create or replace temp macro postcode_district(p) as case
            when p like '% %' then split_part(p, ' ', 1)
            else coalesce(
                getvariable('districts')[p], getvariable('districts')[left(p, length(p) - 1)]
            )
        end;
        create or replace temp macro sector_district(p) as coalesce(
            case
                when regexp_full_match(p, '[A-Z]{1,2}\\d\\d')
                    then getvariable('districts')[left(p, length(p) - 1)]
            end,
            postcode_district(p)
        );
        create or replace temp macro area_code(t) as coalesce(
            getvariable('la_names')[lower(t)],
            getvariable('districts')[regexp_extract(upper(t), '^[A-Z]{1,2}\\d[A-Z\\d]?\\b')],
            postcode_district(read_outward(t))
        );
        create or replace temp macro full_years(born, moment) as case
            when moment >= born then
                (year(moment) - year(born))::integer
                - ((month(moment), day(moment)) < (month(born), day(born)))::integer
        end;
        -- In England a child born on 29 February comes of age on 1 March.
        create or replace temp macro birthday_18(born) as (
            (born + interval 18 years)::date
            + (day(born) <> day(born + interval 18 years))::integer
        );
        """
    )


def derived_sql(table: Table, relation: str, la_code: str) -> str:
    """`relation` with the derived columns of its table.

    Needs `birth (child, dob)` and `known_until (dataset, submission_id, period, day)`. Neither
    loses nor multiplies rows: a child has one birth date, a postcode one place, a submission's
    period one last day of which it knows.

    `turned_18_date` is the 18th birthday, told only where the row goes on past it: begins on it or
    later, ends after it, or is open on it. A right return has it as the end (DEC). The birthday of
    a child who left before it, or has not reached it yet, stays in the LA zone.
    """
    if table.name == "episodes":
        return f"""
            select
                rows.*,
                full_years(birth.dob, rows.decom) as age_at_start,
                case
                    when
                        birthday_18(birth.dob) <= rows.decom
                        or birthday_18(birth.dob) < rows.dec
                        or (rows.dec is null and birthday_18(birth.dob) <= known_until.day)
                        then birthday_18(birth.dob)
                end as turned_18_date,
                {miles_sql("home", "placed")}::decimal(7, 1) as distance_miles,
                placed.la_code as placement_la_code,
                placed.la_code <> {sql_text(la_code)} as is_out_of_authority,
            from {relation} as rows
            left join birth on birth.child = rows.child
            left join known_until
                on known_until.dataset = 'ssda903'
                and known_until.submission_id = rows.submission_id
                and known_until.period = rows.period
            left join place as home on home.postcode = rows.home_post
            left join place as placed on placed.postcode = rows.pl_post
        """
    if table.dataset == "placements":
        referred, placed = table.roles["referral_date"], table.roles["placement_date"]
        district = (
            "postcode_district(rows.placement_location)"
            if table.field("placement_location").type == "outward_postcode"
            else "area_code(rows.placement_location)"
        )
        return f"""
            select
                located.*,
                placement_la_code <> {sql_text(la_code)} as is_out_of_authority,
            from (
                select
                    rows.*,
                    full_years(birth.dob, rows.{referred}) as age_at_referral,
                    (rows.{placed} - rows.{referred})::integer as days_referral_to_placement,
                    case
                        when
                            birthday_18(birth.dob) <= rows.{placed}
                            or birthday_18(birth.dob) <= last_known.day
                            then birthday_18(birth.dob)
                    end as turned_18_date,
                    case
                        when {district} in (select code from authority_code) then {district}
                        else getvariable('district_las')[{district}]
                    end as placement_la_code,
                    pseudonym(
                        'referral', concat_ws('|', rows.{table.child}, rows.{referred}::varchar)
                    ) as referral_key,
                from {relation} as rows
                left join birth on birth.child = rows.{table.child}
                -- A return gives no end: its homes go on for as long as any return is known of.
                cross join (
                    select max(day) as day from known_until where dataset = 'placements'
                ) as last_known
            ) as located
        """
    return f"select * from {relation}"
