"""The people of a region, and what each authority sends of them, as rows by field name."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.standards.load import Table, load_standards
from pipeline.synthetic.demand import demand_of
from pipeline.synthetic.entrants import entrant_years
from pipeline.synthetic.history import Child, World, choice_of, make_children
from pipeline.synthetic.mistakes import PlantedRow, messy_header, plant
from pipeline.synthetic.ofsted_history import OfstedList, lists_over_time
from pipeline.synthetic.placements import Row, rows_of
from pipeline.synthetic.places import Places, load_places
from pipeline.synthetic.plan import RegionPlan, days_of
from pipeline.synthetic.prices import Prices, placements_of, plant_prices, price_placements
from pipeline.synthetic.providers import Provider, make_providers
from pipeline.synthetic.searches import Search, searches_of
from pipeline.synthetic.ssda903 import return_of
from pipeline.synthetic.truth import Truth, plant_mix

# Streams of random numbers, each for a purpose of its own: one does not move the others.
HISTORIES, RETURNS, SEARCHES, SLIPS, COSTS, DEMAND = range(6)  # of an authority
PROVIDERS, MIX, PRICES, LISTS = ((0,), (0, 1), (0, 2), (0, 3))  # of the region


@dataclass(frozen=True)
class Population:
    """Everyone in a region, authority by authority in the order of the plan."""

    places: Places
    providers: list[Provider]
    lists: list[OfstedList]  # oldest first; the last is the present one
    prices: Prices
    truth: Truth | None
    people: list[list[Child]]


@dataclass(frozen=True)
class Sending:
    """The rows of one table and period. Mistakes are in the rows, and listed in `marks`."""

    table: Table
    period: str  # a collection year or a quarter
    number: int  # among the authority's sendings of the table
    rows: list[Row]
    marks: list[PlantedRow]
    headers: dict[str, str]  # those that were retyped
    searches: list[Search]  # one for each row, of a placement return


def populate(plan: RegionPlan) -> Population:
    """Who lives in the region, and with whom they may be placed; the same for the same plan."""
    places = load_places(plan.areas)
    codes = [area.authority.code for area in plan.areas]
    demands = [
        demand_of(
            area, plan.children, entrant_years(plan.last),
            np.random.default_rng([plan.seed, number + 1, DEMAND]),
        )
        for number, area in enumerate(plan.areas)
    ]  # fmt: skip
    providers = make_providers(
        np.random.default_rng([plan.seed, *PROVIDERS]),
        plan.areas,
        places,
        [demand.children for demand in demands],
        plan.last,
    )
    mix = None
    if plan.truth:
        mix = plant_mix(plan.truth, codes, np.random.default_rng([plan.seed, *MIX]))
    rng = np.random.default_rng([plan.seed, *LISTS])
    lists = lists_over_time(providers, (*plan.ofsted_lists, plan.last), rng)
    choice = choice_of(providers)
    people = [
        make_children(
            World(
                np.random.default_rng([plan.seed, number + 1, HISTORIES]),
                code, number + 1, places, choice, plan.first, plan.last, demands[number], mix,
            )
        )
        for number, code in enumerate(codes)
    ]  # fmt: skip
    # Premiums are planted in the light of who was placed where.
    first, last = days_of(min(plan.quarters))[0], days_of(max(plan.quarters))[1]
    counts = placements_of(people, first, last)
    rng = np.random.default_rng([plan.seed, *PRICES])
    prices = plant_prices(plan.prices, codes, providers, counts, rng)
    for number, children in enumerate(people):
        rng = np.random.default_rng([plan.seed, number + 1, COSTS])
        price_placements(children, prices, rng)
    truth = Truth(mix, prices) if mix else None
    return Population(places, providers, lists, prices, truth, people)


def sendings(
    plan: RegionPlan, number: int, children: list[Child], population: Population
) -> Iterator[Sending]:
    """All that the authority of this number sends: its SSDA903 returns, then its placements."""
    # Mistakes are drawn apart from the children: another rate, the same children.
    slips = np.random.default_rng([plan.seed, number + 1, SLIPS])
    yield from _returns(plan, number, children, population, slips)
    yield from _placements(plan, number, children, population, slips)


def _returns(
    plan: RegionPlan,
    number: int,
    children: list[Child],
    population: Population,
    slips: np.random.Generator,
) -> Iterator[Sending]:
    """The tables of each collection year."""
    standards = load_standards()
    rng = np.random.default_rng([plan.seed, number + 1, RETURNS])
    for turn, year in enumerate(plan.years):
        for name, rows in return_of(children, year, population.places, rng).items():
            if not rows:
                continue
            table = standards[name]
            marks = plant(table, rows, plan.error_rate, slips)
            yield Sending(table, str(year), turn, rows, marks, _headers(table, plan, slips), [])


def _placements(
    plan: RegionPlan,
    number: int,
    children: list[Child],
    population: Population,
    slips: np.random.Generator,
) -> Iterator[Sending]:
    """The placement return of each quarter, in the authority's version of the standard."""
    table = load_standards()[plan.version(number)]
    rng = np.random.default_rng([plan.seed, number + 1, SEARCHES])
    families: dict[int, list[Child]] = {}
    for child in children:
        families.setdefault(child.family, []).append(child)
    for turn, quarter in enumerate(plan.quarters):
        searches = searches_of(
            children, families, days_of(quarter), population.places, rng, population.truth
        )  # fmt: skip
        rows = rows_of(table, searches, rng)
        if not rows:
            continue
        marks = plant(table, rows, plan.error_rate, slips, whole=True)
        headers = {} if table.name == "nps_records" else _headers(table, plan, slips)
        yield Sending(table, quarter, turn, rows, marks, headers, searches)


def _headers(table: Table, plan: RegionPlan, slips: np.random.Generator) -> dict[str, str]:
    """In some files a few headers were retyped; which ones."""
    if plan.error_rate <= 0 or slips.random() > 0.25:
        return {}
    names = [f.name for f in table.fields]
    chosen = slips.permutation(len(names))[:3]
    return {names[n]: messy_header(table.field(names[n]).header, slips) for n in chosen}
