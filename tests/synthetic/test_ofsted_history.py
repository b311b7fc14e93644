"""Ofsted's lists of several days, as the reader of the present one reads them."""

import csv
import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.intake.clean import create_macros
from pipeline.reference import PROVIDER_COLUMNS, load_providers
from pipeline.synthetic.cli_command import plan_for
from pipeline.synthetic.region import make_region
from pipeline.warehouse import workspace

NAMES = (
    "ofsted_providers_2024-09-30.csv",
    "ofsted_providers_2025-03-31.csv",
    "ofsted_providers.csv",
)
DAYS = (dt.date(2024, 9, 30), dt.date(2025, 3, 31), dt.date(2026, 3, 31))
Listed = dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("lists")
    make_region(out, plan_for(4, 60, 2, 0, truth=True))
    return out


@pytest.fixture(scope="module")
def lists(region: Path) -> list[Listed]:
    """The providers of each list by URN, oldest list first."""
    found = []
    with workspace() as connection:
        create_macros(connection)
        for name in NAMES:
            load_providers(connection, region / "reference" / name, "listed")
            rows = connection.execute("select * from listed").fetchall()
            found.append({r[0]: dict(zip(PROVIDER_COLUMNS, r, strict=True)) for r in rows})
    return found


def test_the_lists_are_named_by_their_day(region):
    assert sorted(p.name for p in (region / "reference").glob("ofsted_providers*.csv")) == sorted(
        NAMES
    )


def test_homes_open_and_close_and_are_judged_anew_between_the_lists(lists):
    for before, after in pairwise(lists):
        assert after.keys() - before.keys()
        assert before.keys() - after.keys()
        both = before.keys() & after.keys()
        for column in ("overall_rating", "places"):
            assert any(before[u][column] != after[u][column] for u in both), column
        for column in ("provider_name", "provider_type", "sector", "la_code"):
            assert all(before[u][column] == after[u][column] for u in both), column


def test_who_closed_stays_closed(lists):
    first, second, present = (set(found) for found in lists)
    assert not (first - second) & present


def test_nobody_is_judged_after_the_day_of_the_list(lists):
    for day, listed in zip(DAYS, lists, strict=True):
        rated = [p["rating_date"] for p in listed.values() if p["rating_date"]]
        assert rated
        assert max(rated) <= day


def test_a_home_with_children_is_in_every_list(region, lists):
    used = set()
    for path in region.glob("landing/*/ssda903/*/episodes.csv"):
        used |= {e["URN"] for e in csv.DictReader(path.open(encoding="utf-8", newline=""))}
    used -= {"", "XXXXXXX"}
    assert used
    for listed in lists:
        assert used <= set(listed)
