"""What is planted is what the files hold: worked out again from them alone."""

import csv
import datetime as dt
import json
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

import pytest
from openpyxl import load_workbook

from pipeline.standards.load import load_standards
from pipeline.standards.template import DATA_SHEET
from pipeline.synthetic.chances import age_on
from pipeline.synthetic.cli_command import plan_for
from pipeline.synthetic.places import english_areas, load_places, miles_between
from pipeline.synthetic.region import make_region
from pipeline.synthetic.sendings import populate

LAS, CHILDREN, SEED = 4, 130, 5
TYPES = ("foster", "residential", "supported")
TYPE_OF = {t[0].upper(): t for t in TYPES}  # by the first letter: `Fostering` is a name, too
FOLDERS = {"somerset": "rcc_v2", "devon": "nps_2026_04", "cornwall": "nps_2026_06"}


@dataclass(frozen=True)
class Told:
    """What one row of a placement return tells."""

    la: str
    child: str
    referred: dt.date
    placed: dt.date | None
    urn: str | None
    type: str | None
    cost: float | None
    preferred: str | None
    self_harm: str | None


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("truth")
    make_region(out, plan_for(LAS, CHILDREN, SEED, 0, truth=True))
    return out


@pytest.fixture(scope="module")
def truth(region: Path) -> dict:
    return json.loads((region / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def told(region: Path) -> list[Told]:
    """Every row of the placement returns, read from the workbooks and records."""
    rows = []
    for folder, version in FOLDERS.items():
        table = load_standards()[version]
        names = [f.name for f in table.fields]
        suit = (
            ("suit_foster", "suit_residential", "suit_supported")
            if version == "rcc_v2"
            else (
                "foster_care_suitability",
                "residential_care_suitability",
                "supported_accommodation",
            )
        )
        for path in sorted((region / "landing" / folder / "placements").glob("*/*.xlsx")):
            for cells in load_workbook(path)[DATA_SHEET].iter_rows(min_row=5, values_only=True):
                row = dict(zip(names, cells, strict=True))
                if not row[table.child]:
                    continue
                placed = row[table.roles["placement_date"]]
                wanted = [
                    t for t, name in zip(TYPES, suit, strict=True) if row[name] == "Preferred"
                ]
                rows.append(
                    Told(
                        folder,
                        row[table.child],
                        row[table.roles["referral_date"]].date(),
                        placed and placed.date(),
                        row["provider_urn"],
                        row["placement_type"] and TYPE_OF[row["placement_type"][0]],
                        row.get("agreed_weekly_cost") or row.get("cost_total_weekly"),
                        wanted[0] if wanted else None,
                        row.get("risk_child_self_harm"),
                    )
                )
    for path in sorted((region / "landing" / "dorset" / "placements").glob("*/*.jsonld")):
        for record in json.loads(path.read_text(encoding="utf-8"))["@graph"]:
            dates, found = record["qualityAssurance"], "actualPlacement" in record
            flat = {k: v for part in record.values() if isinstance(part, dict)
                    for k, v in part.items()}  # fmt: skip
            rows.append(
                Told(
                    "dorset",
                    record["childId"],
                    dt.date.fromisoformat(dates["referralDate"]),
                    dt.date.fromisoformat(dates["placementDate"]) if found else None,
                    flat.get("providerURN"),
                    TYPE_OF[flat["placementType"][0]] if found else None,
                    flat.get("totalWeeklyCost"),
                    _preferred(record["placementRecommendation"]),
                    None,
                )
            )
    return rows


@pytest.fixture(scope="module")
def born(region: Path) -> dict[str, dt.date]:
    found = {}
    for path in sorted(region.glob("landing/*/ssda903/*/header.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8", newline="")):
            found[row["CHILD"]] = day(row["DOB"])
    return found


@pytest.fixture(scope="module")
def episodes(region: Path) -> dict[str, list[dict[str, str]]]:
    """All episodes of a child, over the years."""
    found = defaultdict(list)
    for path in sorted(region.glob("landing/*/ssda903/*/episodes.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8", newline="")):
            found[row["CHILD"]].append(row)
    return found


def _preferred(views: dict[str, str]) -> str | None:
    """The type that a record prefers, by the options' labels or their names as concepts."""
    fields = ("fosterCareSuitability", "residentialCareSuitability",
              "supportedAccommodationSuitability")  # fmt: skip
    wanted = [t for t, name in zip(TYPES, fields, strict=True) if views[name] == "Preferred"]
    return wanted[0] if wanted else None


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()


def profile_of(truth: dict) -> dict[str, str]:
    return {s["child_id"]: s["profile"] for s in truth["searches"]}


def test_the_truth_tells_of_every_search_and_of_no_other(truth, told):
    said = Counter((s["child_id"], s["referral_date"]) for s in truth["searches"])
    assert said == Counter((r.child, str(r.referred)) for r in told)
    assert len(told) > 500


def test_costs_are_the_case_mix_the_premium_and_noise(truth, told, born):
    prices = truth["prices"]
    la_code = {a["la_name"].lower(): a for a in truth["authorities"]}
    dearer = {p["profile"]: p["dearer"] for p in truth["profiles"]}
    premium = {p["urn"]: p["premium"] for p in truth["providers"]}
    base = {p["urn"]: p["base_gbp_per_week"] for p in truth["providers"]}
    profiles = profile_of(truth)
    rest = defaultdict(list)
    for row in told:
        if row.cost is None:
            continue
        age = max(0, age_on(born[row.child], row.placed))
        by_age = [f for since, f in prices["dearer_by_age"].items() if age >= int(since)][-1]
        years = (row.placed - dt.date.fromisoformat(prices["prices_of"])).days / 365.25
        expected = (
            base[row.urn]
            * dearer[profiles[row.child]]
            * by_age
            * la_code[row.la]["price_factor"]
            * (1 + premium[row.urn])
            * prices["dearer_a_year"] ** years
        )
        rest[row.urn].append(math.log(row.cost / expected))
    every = [r for found in rest.values() for r in found]
    assert len(every) > 500
    noise = prices["noise"]
    assert abs(mean(every)) < 3 * noise / math.sqrt(len(every))
    assert stdev(every) == pytest.approx(noise, rel=0.08)
    many = {urn: found for urn, found in rest.items() if len(found) >= 10}
    assert len(many) >= 10
    for urn, found in many.items():
        assert abs(mean(found)) < 4 * noise / math.sqrt(len(found)), urn
    # Other premiums would not do: they are spread, and each costs what it says.
    assert stdev(math.log1p(premium[urn]) for urn in many) > 0.08


def test_premiums_cancel_out_over_providers_and_over_placements(truth, told):
    placements = Counter(row.urn for row in told if row.urn)
    groups = defaultdict(list)
    for p in truth["providers"]:
        groups[p["placement_type"], p["is_local_authority"]].append(p)
    for found in groups.values():
        logs = [math.log1p(p["premium"]) for p in found]
        assert sum(logs) == pytest.approx(0, abs=1e-9)
        weighed = [x * placements[p["urn"]] for x, p in zip(logs, found, strict=True)]
        assert sum(weighed) == pytest.approx(0, abs=1e-7)


def test_needs_are_as_common_as_was_planted(truth, born, episodes):
    """Of those who came into care at eleven or older, and so could have any of the profiles."""
    mixes = {a["la_code"]: a["needs_mix"] for a in truth["authorities"]}
    of_la = {s["child_id"]: s["la_code"] for s in truth["searches"]}
    seen: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for child, profile in profile_of(truth).items():
        came = min(day(e["DECOM"]) for e in episodes[child])
        entered = any(e["RNE"] == "S" and day(e["DECOM"]) == came for e in episodes[child])
        if not entered or age_on(born[child], came) < 11 or "abroad" in profile:
            continue
        seen[profile] += 1
        expected.update(mixes[of_la[child]])
    total = sum(seen.values())
    assert total > 60
    assert set(seen) <= set(expected)
    for profile, count in expected.items():
        spread = math.sqrt(count * (1 - count / total))
        assert abs(seen[profile] - count) < 3.5 * spread, profile


def test_a_home_that_was_recommended_and_found_is_lived_in_and_paid_for(told, episodes):
    rows = [r for r in told if r.preferred == "residential" and r.type == "residential"]
    assert len(rows) > 30
    lived = []
    for row in rows:
        assert row.cost > 3000
        lived += [
            e["PLACE"] in ("K1", "K2", "R3", "S1")
            for e in episodes[row.child]
            if e["URN"] == row.urn and abs((day(e["DECOM"]) - row.placed).days) <= 3
        ]
    assert len(lived) >= len(rows)
    assert all(lived)
    # Of those for whom one was recommended most get one; in need of others fewer do.
    wanted = [r for r in told if r.preferred == "residential"]
    assert 0.4 < len(rows) / len(wanted) < 0.85


def test_what_marks_a_profile_shows_in_the_returns(truth, told):
    profiles = profile_of(truth)
    high = defaultdict(list)
    for row in told:
        # Whose standard tells of levels, once a home is found.
        if row.la == "somerset" and row.placed:
            high[profiles[row.child]].append(row.self_harm == "High risk")
    assert mean(high["self-harm and eating"]) > 0.8
    assert mean(high["few needs"]) < 0.05


def test_the_worst_need_waits_longest_and_ends_worst(truth, told, episodes):
    worst = {s["child_id"] for s in truth["searches"] if s["is_worst"]}
    (la_code,) = {s["la_code"] for s in truth["searches"] if s["is_worst"]}
    assert la_code == truth["worst"]["la_code"]
    mine = [r for r in told if r.child in worst]
    (la,) = {r.la for r in mine}
    others = [r for r in told if r.child not in worst and r.la == la]
    assert len(mine) >= 15

    def open_share(rows):
        return mean(r.placed is None for r in rows)

    def days(rows):
        return mean((r.placed - r.referred).days for r in rows if r.placed)

    def not_preferred(rows):
        return mean(r.type != r.preferred for r in rows if r.placed)

    places = load_places(english_areas()[:LAS])
    number = {postcode: n for n, postcode in enumerate(places.postcode)}

    def far(rows):
        found = []
        for row in rows:
            if row.placed is None:
                continue
            homes = [e for e in episodes[row.child] if e["URN"] == row.urn and e["HOME_POST"]
                     and abs((day(e["DECOM"]) - row.placed).days) <= 3]  # fmt: skip
            if homes:
                ends = number[homes[0]["HOME_POST"]], number[homes[0]["PL_POST"]]
                found.append(miles_between(places, *ends) > 20)
        return mean(found)

    assert open_share(mine) > 2 * open_share(others)
    assert days(mine) > 3 * days(others)
    assert not_preferred(mine) > 0.5 > 2 * not_preferred(others)
    assert far(mine) > 0.5 > far(others)


def test_a_region_of_fifteen_has_forty_providers_with_ten_children():
    """Over the two years of placements; counted from the histories."""
    plan = plan_for(15, 150, 1, 0, truth=True)
    children = defaultdict(set)
    for people in populate(plan).people:
        for child in people:
            for placement in (p for care in child.care for p in care.placements):
                home = placement.home
                if home.provider and dt.date(2024, 4, 1) <= placement.start <= plan.last:
                    children[home.provider.urn].add(child.id)
    assert sum(len(found) >= 10 for found in children.values()) >= 40


def test_the_same_seed_plants_the_same_and_another_does_not(tmp_path):
    made = [tmp_path / name for name in ("first", "again", "other")]
    for out, seed in zip(made, (1, 1, 2), strict=True):
        make_region(out, plan_for(LAS, 12, seed, 0, truth=True))
    first, again, other = ((out / "truth.json").read_bytes() for out in made)
    assert first == again != other


def test_a_region_without_truth_tells_none(clean_region):
    assert not (clean_region / "truth.json").exists()
    assert [p.name for p in clean_region.glob("reference/ofsted_providers*")] == [
        "ofsted_providers.csv"
    ]
