"""The dbt project as a whole: it builds from nothing, and the same from the same rows."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.gates import common_core_faults
from pipeline.region import Authority, Region
from pipeline.settings import Settings

SUBMISSION = {
    "rcc_v2": ("placements", "2025Q4"),
    "episodes": ("ssda903", "2026"),
    "header": ("ssda903", "2026"),
}
LA = "E06000066"

Rows = dict[str, list[dict[str, object]]]


def insert(build_file: Path, rows: Rows) -> None:
    with duckdb.connect(str(build_file)) as connection:
        for table, table_rows in rows.items():
            for row in table_rows:
                places = ", ".join(f"${name}" for name in row)
                connection.execute(
                    f"insert into hub.{table} ({', '.join(row)}) values ({places})", row
                )


def small_hub() -> Rows:
    """Child 1: one home in both sources. Child 2: only in SSDA903. Child 3: nothing found."""

    def shared(table: str, child: int, record: str) -> dict[str, object]:
        return {
            "la_code": LA,
            "period": SUBMISSION[table][1],
            "submission_id": f"of_{table}",
            "record_id": f"{table}_{record}",
            "child_id": f"child_{child}",
        }

    def episode(child: int, start: dt.date, reason: str, **more: object) -> dict[str, object]:
        row = shared("episodes", child, f"{child}_{start}")
        return row | {"decom": start, "rne": reason, "place": "U4", "ls": "C2"} | more

    rows: Rows = {
        "authority": [{"la_code": LA, "la_name": "Somerset", "is_hub": True, "is_synthetic": True}],
        "submission": [
            {
                "la_code": LA,
                "submission_id": f"of_{table}",
                "dataset": dataset,
                "table_name": table,
                "period": period,
                "status": "accepted",
                "rows_read": 3,
                "rows_kept": 3,
                "rows_quarantined": 0,
                "rows_superseded": 0,
            }
            for table, (dataset, period) in SUBMISSION.items()
        ],
        "header": [
            shared("header", child, str(child)) | {"sex": "F", "ethnic": "WBRI"} for child in (1, 2)
        ],
        "episodes": [
            episode(1, dt.date(2025, 10, 1), "S", dec=dt.date(2025, 11, 1), urn="SC900001"),
            episode(1, dt.date(2025, 11, 1), "L", urn="SC900001", distance_miles=21),
            episode(2, dt.date(2025, 5, 1), "S", dec=dt.date(2025, 6, 1), urn="XXXXXXX"),
            episode(2, dt.date(2025, 6, 1), "P"),
        ],
        "rcc_v2": [
            shared("rcc_v2", 1, "1")
            | {
                "referral_key": "referral_1",
                "placement_form_date": dt.date(2025, 10, 4),
                "placement_type": "Foster",
                "provider_urn": "SC900001",
                "agreed_weekly_cost": 950,
                "suit_foster": "Preferred",
                "search_urgency": "Emergency",
            },
            shared("rcc_v2", 3, "3") | {"referral_key": "referral_3", "search_urgency": "Planned"},
        ],
    }
    return rows


def common_core(build_file: Path) -> dict[str, list[tuple]]:
    """The rows of every table of `common_core`, sorted."""
    with duckdb.connect(str(build_file), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'common_core'"
        ).fetchall()
        return {
            table: connection.execute(f"select * from common_core.{table} order by all").fetchall()
            for (table,) in tables
        }


@pytest.fixture(scope="session")
def small_build(new_hub, dbt_build) -> tuple[Path, dict[str, str]]:
    """A build file made from the small hub, and the status of every node. Read it only."""
    build_file = new_hub()
    insert(build_file, small_hub())
    return build_file, dbt_build(build_file, "--exclude", "resource_type:unit_test")


def test_builds_from_an_empty_hub(empty_build):
    _, statuses = empty_build
    assert {s for s in statuses.values() if s not in ("success", "pass")} == set()
    assert {i.split(".")[0] for i in statuses} == {"model", "seed", "test", "unit_test"}


def test_schemas_are_those_of_the_contract(empty_build):
    build_file, _ = empty_build
    with duckdb.connect(str(build_file), read_only=True) as connection:
        schemas = connection.execute(
            "select distinct table_schema from information_schema.tables"
        ).fetchall()
    assert {s for (s,) in schemas} == {
        "hub",
        "staging",
        "common_core",
        "foundation",
        "sufficiency",
        "cost",
        "quality",
        "reference",
    }


def test_every_published_column_is_described_in_the_warehouse(empty_build):
    build_file, _ = empty_build
    with duckdb.connect(str(build_file), read_only=True) as connection:
        undescribed = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where not internal and schema_name not in ('hub', 'staging') and comment is null"
        ).fetchall()
    assert undescribed == []


def test_all_versions_of_the_return_end_with_the_same_columns(empty_build):
    build_file, _ = empty_build
    with duckdb.connect(str(build_file), read_only=True) as connection:
        columns = {
            version: connection.execute(f"describe staging.stg_{version}__return").fetchall()
            for version in ("rcc_v2", "nps_2026_04", "nps_2026_06", "nps_records")
        }
    names_and_types = {v: [c[:2] for c in described] for v, described in columns.items()}
    for version, found in names_and_types.items():
        assert found == names_and_types["rcc_v2"], version


def test_a_home_in_both_sources_is_one_placement(small_build):
    build_file, statuses = small_build
    assert {s for s in statuses.values() if s not in ("success", "pass")} == set()

    with duckdb.connect(str(build_file), read_only=True) as connection:
        placements = connection.execute(
            "select child_id, source, start_date, provider_urn, distance_miles, days_apart, "
            "is_emergency, referral_id is not null from common_core.placement order by start_date"
        ).fetchall()
        searches = connection.execute(
            "select child_id, has_placement from common_core.referral order by child_id"
        ).fetchall()
        region = connection.execute(
            "select placements_started, emergency_known, emergency, preferred_type_used "
            "from staging.int_placement_count "
            "where area_level = 'region' and quarter = '2025Q4' and breakdown = 'total' "
            "and period = 'quarter'"
        ).fetchall()
        published = connection.execute(
            "select placements_started, emergency, siblings_known "
            "from sufficiency.placement_measures "
            "where area_level = 'region' and quarter = '2025Q4' and breakdown = 'total' "
            "and period = 'quarter'"
        ).fetchall()
    assert placements == [
        ("child_2", "ssda903", dt.date(2025, 5, 1), None, None, None, None, False),
        ("child_2", "ssda903", dt.date(2025, 6, 1), None, None, None, None, False),
        ("child_1", "both", dt.date(2025, 10, 1), "SC900001", None, 3, True, True),
    ]
    assert searches == [("child_1", True), ("child_3", False)]
    assert region == [(1, 1, 1, 1)]
    assert published == [(None, None, 0)]


def test_every_search_and_placement_is_in_the_foundation_with_its_nights(small_build):
    build_file, _ = small_build
    with duckdb.connect(str(build_file), read_only=True) as connection:
        searches = connection.execute(
            "select child_id, is_open, placement_type, suitable_types "
            "from foundation.fct_home_search order by child_id"
        ).fetchall()
        months = connection.execute(
            "select placement.child_id, placement.start_date, placement.counted_to_basis, "
            "sum(month.nights), count(*), sum(month.known_gbp) "
            "from foundation.fct_placement as placement "
            "join foundation.fct_placement_month as month on month.placement_id = placement.id "
            "group by all order by placement.start_date"
        ).fetchall()
    assert searches == [("child_1", False, "foster", "foster"), ("child_3", True, None, None)]
    assert months == [
        # May 2025; June 2025 to March 2026. Their prices are not known.
        ("child_2", dt.date(2025, 5, 1), "end", 31, 1, 0),
        ("child_2", dt.date(2025, 6, 1), "last day covered", 304, 10, 0),
        # 182 nights at 950 a week.
        ("child_1", dt.date(2025, 10, 1), "last day covered", 182, 6, 24700),
    ]


def test_the_order_of_the_rows_does_not_matter(small_build, new_hub, dbt_build):
    build_file, _ = small_build
    hub = new_hub()
    insert(hub, {table: rows[::-1] for table, rows in small_hub().items()})
    only = ("--select", "+fqn:common_core.common_core", "--exclude")
    dbt_build(hub, *only, "resource_type:test", "resource_type:unit_test")
    assert common_core(build_file)["placement"]
    assert common_core(hub) == common_core(build_file)


def test_a_code_without_a_map_stops_the_build(new_hub, dbt_build):
    hub = new_hub()
    rows = small_hub()
    rows["episodes"][0]["place"] = "Q9"
    insert(hub, rows)
    statuses = dbt_build(hub, "--select", "+unmapped_codes", "--exclude", "resource_type:unit_test")
    assert statuses["test.common_core.unmapped_codes"] == "fail"


def test_a_new_sector_in_ofsteds_list_is_seen_but_stops_nothing(new_hub, dbt_build):
    hub = new_hub()
    rows = small_hub()
    rows["ofsted_provider"] = [{"urn": "SC900001", "sector": "Community interest"}]
    insert(hub, rows)
    statuses = dbt_build(
        hub, "--select", "+unmapped_ofsted_sectors", "--exclude", "resource_type:unit_test"
    )
    assert statuses["test.common_core.unmapped_ofsted_sectors"] == "warn"


@pytest.fixture
def settings(small_build: tuple[Path, dict[str, str]], tmp_path: Path) -> Settings:
    """Settings of a home of its own, whose build file is that of the small hub."""
    region = Region("Small", True, LA, (Authority(LA, "Somerset", "somerset"),))
    made = Settings(tmp_path, region, tmp_path / "landing", tmp_path / "providers.csv")
    made.build_file.parent.mkdir(parents=True)
    shutil.copy(small_build[0], made.build_file)
    return made


@pytest.mark.parametrize(
    ("loss", "fault"),
    [
        (
            "delete from staging.int_episode_repair where start_date = '2025-10-01'",
            "every reported episode of the hub is used or set aside",
        ),
        (
            "update staging.int_episode_repair set record_id = 'another'",
            "no reported episode is lost or stands twice",
        ),
        (
            "delete from common_core.episode where start_date = '2025-10-01'",
            "every episode in use is an episode of the Common Core",
        ),
        (
            "delete from common_core.episode where child_id = 'child_2'",
            "every child with a reported episode has one in the Common Core",
        ),
    ],
)
def test_the_gate_misses_no_episode(settings: Settings, loss: str, fault: str):
    assert common_core_faults(settings) == []
    with duckdb.connect(str(settings.build_file)) as connection:
        connection.execute(loss)
    assert any(fault in found for found in common_core_faults(settings))
