"""Nobody is in care from the 18th birthday on: no night, child or pound in any mart.

A1 is 30 and its episode was never closed; A2 came of age on 15 August 2025 and stays open; A3's
last episode began on its birthday in 2024; A4 is a child. A5 and A6 are known from the placement
return alone (and by their dates of birth): A5 came of age on 1 July 2025, A6 before its search.
"""

import datetime as dt

import pytest

from pipeline.settings import Settings
from pipeline.standards.load import load_standards
from tests.small_region import Tools, bring_to_hub, rows, small_region, stops

BORN = {"A1": "01/03/1996", "A2": "15/08/2007", "A3": "01/10/2006", "A4": "01/01/2015",
        "A5": "01/07/2007", "A6": "01/03/2006"}  # fmt: skip
URN = "SC900001"


def episode(child: str, decom: str, rne: str = "S", dec: str = "", rec: str = "") -> dict[str, str]:
    return {
        "CHILD": child, "DECOM": decom, "RNE": rne, "LS": "C2", "CIN": "N1", "PLACE": "U6",
        "PLACE_PROVIDER": "PR1", "DEC": dec, "REC": rec, "REASON_PLACE_CHANGE": "",
        "HOME_POST": "TA1 4AB", "PL_POST": "TA2 6PJ", "URN": URN,
    }  # fmt: skip


def home_found(child: str, referred: str, placed: str) -> dict[str, str]:
    given = {
        "child_id": child, "search_urgency": "Planned", "siblings_to_place_with": "0",
        "referral_form_date": referred, "placement_form_date": placed, "suit_foster": "Preferred",
        "placement_type": "Foster", "provider_urn": URN, "agreed_weekly_cost": "700",
    }  # fmt: skip
    return {f.header: given.get(f.name, "") for f in load_standards()["rcc_v2"].fields}


@pytest.fixture(scope="module")
def grown_up(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    headers = [
        {"CHILD": c, "SEX": "M", "DOB": born, "ETHNIC": "WBRI", "UPN": "UN1", "MOTHER": "",
         "MC_DOB": ""}
        for c, born in BORN.items()
    ]  # fmt: skip
    episodes = [
        episode("A1", "01/06/2008"),
        episode("A2", "01/05/2025"),
        episode("A3", "01/05/2024", dec="01/10/2024", rec="X1"),
        episode("A3", "01/10/2024", rne="P"),
        episode("A4", "01/05/2024"),
    ]
    returns = [
        home_found("A2", "25/04/2025", "01/05/2025"),
        home_found("A5", "25/04/2025", "01/05/2025"),
        home_found("A6", "25/04/2025", "01/05/2025"),
    ]
    of_2025 = [e for e in episodes if e["CHILD"] != "A2"]
    files = {
        "2025/header.csv": headers, "2025/episodes.csv": of_2025,
        "2026/header.csv": headers, "2026/episodes.csv": episodes,
        "2025Q2/returns.csv": returns, "2026Q1/returns.csv": returns,
    }  # fmt: skip
    settings = small_region(tmp_path_factory.mktemp("grown_up"), {"E06000066": files})
    bring_to_hub(settings, tools.postcodes)
    assert stops(settings, tools) == []
    return settings


def test_episodes_end_on_the_birthday_and_none_begins_on_it_or_later(grown_up: Settings):
    """A1 was 12 when its stay began, and came of age in 2014."""
    query = "select start_date, end_date, repair_rule from common_core.episode order by all"
    assert rows(grown_up, query) == [
        (dt.date(2008, 6, 1), dt.date(2014, 3, 1), "ended_at_18th_birthday"),
        (dt.date(2024, 5, 1), dt.date(2024, 10, 1), None),  # A3
        (dt.date(2024, 5, 1), None, None),  # A4
        (dt.date(2025, 5, 1), dt.date(2025, 8, 15), "ended_at_18th_birthday"),  # A2
    ]


def test_no_night_is_counted_after_the_birthday(grown_up: Settings):
    """From 1 May 2025: A2 106 nights, A5 61, A4 335 up to 31 March 2026, A6 none at all."""
    found = rows(
        grown_up,
        "select start_date, source, nights from foundation.fct_placement order by all",
    )
    assert found == [
        (dt.date(2008, 6, 1), "ssda903", 2099),
        (dt.date(2024, 5, 1), "ssda903", 153),
        (dt.date(2024, 5, 1), "ssda903", 700),
        (dt.date(2025, 5, 1), "both", 106),
        (dt.date(2025, 5, 1), "placement_return", 61),
    ]


def test_no_pound_is_spent_after_the_birthday(grown_up: Settings):
    """£100 a night for A2 until 15 August and for A5 until 1 July, at the price agreed."""
    found = rows(
        grown_up,
        "select sum(nights_with_price), sum(known_gbp), max(month_start_date) "
        "from foundation.fct_placement_month where known_gbp > 0",
    )
    assert found == [(106 + 61, 100 * (106 + 61), dt.date(2025, 8, 1))]


def test_stock_and_forecast_are_of_the_one_child(grown_up: Settings):
    day = "quarter_end_date = '2026-03-31'"
    assert rows(
        grown_up, f"select count(*), min(age) from staging.int_child_at_quarter_end where {day}"
    ) == [(1, 11)]
    assert rows(
        grown_up,
        "select children from staging.int_children_looked_after where la_code is not null "
        "and collection_year = '2026' and measure = 'looked after on 31 March' "
        "and breakdown = 'total'",
    ) == [(1,)]
    assert rows(grown_up, "select max(age_months) < 216 from staging.int_care_month") == [(True,)]


def test_a_search_for_a_grown_up_is_no_search(grown_up: Settings):
    """A6 was 19 when its home was asked for."""
    assert rows(grown_up, "select count(*) from common_core.referral") == [(3,)]
    assert rows(grown_up, "select count(*) from foundation.fct_home_search") == [(2,)]


def test_the_rows_are_kept_and_told(grown_up: Settings):
    """DfE's rule 359 tells the authority of A1, A2 and A3; the hub counts what was cut."""
    told = rows(
        grown_up,
        "select sum(rows_failed) from hub.check_result "
        "where check_id like '%359' and rows_failed > 0 group by submission_id",
    )
    assert sorted(told) == [(2,), (3,)]
    assert rows(
        grown_up,
        "select repair_rule, sum(reports_used), sum(reports_set_aside) from quality.episode_repair "
        "where repair_rule in ('begins_at_18_or_later', 'ended_at_18th_birthday') "
        "group by repair_rule order by repair_rule",
    ) == [("begins_at_18_or_later", 0, 1), ("ended_at_18th_birthday", 2, 0)]


def test_no_month_of_a_placement_is_past_a_birthday(grown_up: Settings):
    """The hub knows the months of birth: a child is in its 216th month on the birthday at most."""
    assert rows(
        grown_up,
        "select count(*) from foundation.fct_placement_month as month "
        "inner join common_core.child on month.child_id = child.id "
        "where month.nights > 0 "
        "and datediff('month', child.birth_month, month.month_start_date) > 216",
    ) == [(0,)]
