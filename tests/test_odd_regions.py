"""Small and odd regions, of which every one is published: no extract stops the others.

What an authority sends may have no child in it, or one, or grown-ups; no price, no home, no dates
that agree. Each dbt test that blocks, each gate and the forecast must hold for all of it. Whoever
makes one of them stricter learns here which input it would stop.
"""

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.publish import publish
from pipeline.reports.region.report import write_region_report
from pipeline.settings import Settings
from pipeline.sharing.share import authority_names
from tests.odd_authority import OFSTED, odd_files
from tests.small_region import Files, Tools, bring_to_hub, small_region, stops

FEW, MANY = 6, 60  # authorities
REGIONS_OF_FEW, REGIONS_OF_MANY = 4, 200
SEED = 20261201


def pool(root: Path, tools: Tools, number: int, seed: int) -> Settings:
    """So many odd authorities in one hub, checked; regions are drawn from them."""
    codes = sorted(set(authority_names().values()))[:number]
    files: Mapping[str, Files] = {
        code: odd_files(random.Random(f"{seed} {code}")) for code in codes
    }
    settings = small_region(root, files, OFSTED)
    bring_to_hub(settings, tools.postcodes)
    return settings


def draw_region(settings: Settings, rng: random.Random) -> Settings:
    """One to four of the authorities, with Ofsted's list or without."""
    some = rng.sample(settings.region.authorities, rng.choice((1, 1, 2, 4)))
    region = replace(settings.region, authorities=tuple(some), hub=some[0].code)
    listed = settings.providers_file if rng.random() < 0.7 else settings.home / "no list.csv"
    return replace(settings, region=region, providers_file=listed)


def codes_of(settings: Settings) -> str:
    return " ".join(a.code for a in settings.region.authorities)


def test_a_few_odd_regions_are_published(tools: Tools, tmp_path: Path):
    rng = random.Random(SEED)
    settings = pool(tmp_path, tools, FEW, SEED)
    for _ in range(REGIONS_OF_FEW):
        region = draw_region(settings, rng)
        assert stops(region, tools) == [], codes_of(region)
        publish(region, "an odd region")
        assert region.warehouse.exists()


@pytest.mark.faults
def test_many_odd_regions_are_published(tools: Tools, tmp_path: Path):
    rng = random.Random(SEED + 1)
    settings = pool(tmp_path, tools, MANY, SEED + 1)
    stopped = {}
    for number in range(REGIONS_OF_MANY):
        region = draw_region(settings, rng)
        if found := stops(region, tools):
            stopped[f"{number}: {codes_of(region)}"] = found
        elif number % 10 == 0:
            publish(region, "an odd region")
            write_region_report(region)
    assert stopped == {}
