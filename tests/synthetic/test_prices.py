"""What is paid for every night, worked by hand; and what is planted by home and by owner."""

import csv
import datetime as dt
import json
import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from pipeline.synthetic.cli_command import plan_for
from pipeline.synthetic.history import Care, Child, Home, Placement
from pipeline.synthetic.needs import needs_as_drawn
from pipeline.synthetic.prices import Spent, spend_of
from pipeline.synthetic.region import make_region

FIRST, LAST = dt.date(2024, 4, 1), dt.date(2026, 3, 31)


def child_of(*placements: Placement) -> Child:
    needs = needs_as_drawn(np.random.default_rng(1), 10, unaccompanied=False)
    start, end = placements[0].start, placements[-1].end
    care = Care(start, end, "N1", "E4A", list(placements), [], [], [], None, None)
    return Child("SYN1", "E06000066", 1, "F", dt.date(2012, 1, 1), "WBRI", False, 0, "", None,
                 needs, [care])  # fmt: skip


def home(kind: str, provider_code: str) -> Home:
    return Home(kind, "U6", provider_code, None, 0, 1.0)


def test_every_night_counts_at_its_placement_s_price_within_its_financial_year():
    first = Placement(dt.date(2024, 3, 1), dt.date(2024, 4, 11), home("foster", "PR1"),
                      gbp_per_week=700.0)  # fmt: skip
    with_parents = Placement(first.end, dt.date(2026, 3, 25), home("parents", "PR0"))
    last = Placement(with_parents.end, dt.date(2026, 5, 1), home("home", "PR4"),
                     gbp_per_week=7000.0)  # fmt: skip
    assert spend_of([child_of(first, with_parents, last)], FIRST, LAST) == [
        # The nights of 1 to 10 April, at 100 pounds; those in March are before the returns.
        Spent("E06000066", "2024/25", "foster", "own provision", 10, 1000.0),
        # The nights of 25 to 31 March, at 1,000 pounds; those in April come after the returns.
        Spent("E06000066", "2025/26", "residential", "independent agency", 7, 7000.0),
    ]


def test_a_whole_year_has_all_its_nights():
    whole = Placement(dt.date(2020, 1, 1), dt.date(2030, 1, 1), home("foster", "PR4"),
                      gbp_per_week=7.0)  # fmt: skip
    found = spend_of([child_of(whole)], dt.date(2023, 4, 1), LAST)
    assert [(s.financial_year, s.nights, s.gbp) for s in found] == [
        ("2023/24", 366, 366.0),
        ("2024/25", 365, 365.0),
        ("2025/26", 365, 365.0),
    ]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("owners")
    make_region(out, plan_for(2, 120, 3, 0, truth=True))
    return out


@pytest.fixture(scope="module")
def told(region: Path) -> dict:
    return json.loads((region / "truth.json").read_text(encoding="utf-8"))


def test_the_list_says_who_owns_each_provider(region, told):
    with (region / "reference/ofsted_providers.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    owner = {p["URN"]: p["Organisation which owns the provider"] for p in listed}
    assert all(owner.values())
    assert {p["owner"] for p in told["providers"] if p["is_local_authority"]} == {
        "Somerset",
        "Devon",
    }
    homes = defaultdict(set)
    for p in listed:
        if p["Provider type"] == "Children's home" and p["Sector"] == "Private":
            homes[p["Organisation which owns the provider"]].add(p["URN"])
    assert max(map(len, homes.values())) >= 3
    assert {p["urn"]: p["owner"] for p in told["providers"]}.items() <= owner.items()


def test_an_owner_s_premium_is_the_mean_of_its_homes_by_placements(told):
    """Or of homes that nobody was placed in, which say nothing: those are left out here."""
    of_owner = defaultdict(list)
    for p in told["providers"]:
        of_owner[p["owner"], p["placement_type"]].append(math.log1p(p["premium"]))
    logs = {(o["owner"], o["placement_type"]): math.log1p(o["premium"]) for o in told["owners"]}
    assert logs.keys() == of_owner.keys()
    for key, homes in of_owner.items():
        assert min(homes) - 1e-9 <= logs[key] <= max(homes) + 1e-9
    assert any(max(homes) - min(homes) > 0.05 for homes in of_owner.values() if len(homes) > 1)


def test_spend_is_told_by_authority_year_type_and_sector(told):
    rows = [(s["la_code"], s["financial_year"], s["placement_type"], s["provider_sector"])
            for s in told["spend"]]  # fmt: skip
    assert len(rows) == len(set(rows))
    assert {r[1] for r in rows} == {"2023/24", "2024/25", "2025/26"}
    assert {r[2] for r in rows} == {"foster", "residential", "supported"}
    assert all(s["nights"] > 0 and s["gbp"] > 0 for s in told["spend"])
