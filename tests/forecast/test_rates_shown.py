"""Rates as they are published: worked by hand, on the model's own SQL."""

import duckdb
import pytest

from pipeline.withheld import TO_KEEP_ANOTHER_UNKNOWN, TOO_FEW
from tests.rendered import model

TABLES = {
    "int_care_transition": """
        ('A', '10 to 15', 'foster', 'foster', 187), ('A', '10 to 15', 'foster', 'left', 10),
        ('A', '10 to 15', 'foster', 'residential', 3), ('A', '10 to 15', 'foster', 'turned 18', 50),
        ('B', '10 to 15', 'foster', 'foster', 80), ('B', '10 to 15', 'foster', 'left', 20)
        as t (la_code, age_band, placement_type, next_type, children)""",
    "int_care_entry": """('A', '10 to 15', 'residential', 40)
        as t (la_code, age_band, placement_type, children)""",
    "int_forecast_rate_la": """
        (7, 'A', '10 to 15', 'foster', 'left', 200.0, 0.06),
        (7, 'B', '10 to 15', 'foster', 'left', 100.0, 0.12),
        (4, 'A', '10 to 15', 'foster', 'left', 900.0, 0.9)
        as t (
            origin_month, la_code, age_band, placement_type, next_type, children_months, rate_used
        )
        """,
    "int_forecast_origin": "(7, true), (4, false) as t (month_number, is_latest)",
    "forecast_type": """('foster', 'foster'), ('residential', 'residential')
        as t (placement_type, forecast_type)""",
    "forecast_age_band": "('10 to 15') as t (age_band)",
    "int_covered_month": """('A', 5), ('A', 6), ('A', 7), ('B', 6), ('B', 7)
        as t (la_code, month_number)""",
    "int_forecast_area": "('A', true), ('B', true), ('C', false) as t (la_code, is_in_region_sum)",
    "local_authority": """('A', 'Aston', true), ('B', 'Barton', true), ('C', 'Carham', true)
        as t (la_code, la_name, is_synthetic)""",
}


@pytest.fixture(scope="module")
def shown():
    with duckdb.connect() as connection:
        for name, values in TABLES.items():
            connection.execute(f"create table {name} as from (values {values})")
        rows = connection.execute(model("marts/forecast/int_rates_shown.sql")).df()
    assert not rows.duplicated(["la_code", "age_band", "placement_type", "event"]).any()
    return rows


def row(shown, la_code, kind, event):
    area = shown["la_code"].isna() if la_code is None else shown["la_code"] == la_code
    found = shown[area & (shown["placement_type"] == kind) & (shown["event"] == event)]
    return found.astype(object).where(found.notna(), None).to_dict("records")[0]


def test_leaving_is_over_who_could_leave_and_not_over_who_turned_18(shown):
    a = row(shown, "A", "foster", "leaves")
    assert (a["children_months"], a["events"], a["rate_per_month_seen"]) == (200, 10, 0.05)
    assert a["rate_used_per_month"] == pytest.approx(0.06)
    # 10 of 200 and 20 of 100 in the region.
    assert a["regional_rate_per_month"] == pytest.approx(0.1)


def test_the_regions_rate_weighs_authorities_by_their_children(shown):
    region = row(shown, None, "foster", "leaves")
    assert (region["area_name"], region["children_months"], region["events"]) == ("Region", 300, 30)
    # (200 x 0.06 + 100 x 0.12) / 300
    assert region["rate_used_per_month"] == pytest.approx(0.08)


def test_a_small_number_of_moves_is_withheld_with_its_rates(shown):
    why = {"A": TOO_FEW, None: TO_KEEP_ANOTHER_UNKNOWN}  # the region's would be A's
    for la_code in why:
        moved = row(shown, la_code, "foster", "moves to residential")
        assert moved["events"] is None
        assert moved["rate_per_month_seen"] is None
        assert moved["rate_used_per_month"] is None
        assert moved["withheld"] == f"events: {why[la_code]}"


def test_entering_is_by_month(shown):
    came = row(shown, "A", "residential", "enters")
    assert (came["children_months"], came["events"]) == (2, 40)  # three months, two with one before
    assert came["rate_per_month_seen"] == came["rate_used_per_month"] == 20


def test_authorities_out_of_the_regions_sum_have_no_row(shown):
    assert set(shown["la_code"].dropna()) == {"A", "B"}
    assert len(shown) == 3 * 2 * 3  # areas, types, events
