"""Home searches of one authority and quarter: what was needed, what was found, what it costs."""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from pipeline.synthetic.chances import age_on, days, happens, pick
from pipeline.synthetic.history import (
    FOSTER,
    RESIDENTIAL,
    SUPPORTED,
    TYPE_OF_KIND,
    Child,
    Home,
    Placement,
)
from pipeline.synthetic.needs import Needs
from pipeline.synthetic.places import Places, place_near
from pipeline.synthetic.truth import Truth

PREFERRED, SUITABLE, UNSUITABLE, UNSPECIFIED = range(4)  # the order of the options of suitability
SOLO, WITH_OTHERS, WITH_OLDER, WITH_YOUNGER, NO_PREFERENCE = range(5)
ESOL, BSL, MAKATON, OTHER_LANGUAGE, NO_LANGUAGE = range(5)
SUPERVISION, THERAPY, RESPITE, TAXIS = range(4)

OFFICERS = ("ZZ", "ZY", "ZX", "ZQ")
UNFOUND_SHARE = 0.15  # searches that found nothing, for each one that found a home
HOME_FROM_AGE = 8  # years, from which on a children's home may be recommended
# Of the homes found of each type, those of which it was the preferred one.
PREFERRED_FOUND = {FOSTER: 0.96, RESIDENTIAL: 0.82, SUPPORTED: 0.85}
# Where the need is planted to be met worst: of the children whose needs these are the share who
# wait in vain each quarter, the days that the others wait, the type of home that they should have
# and mostly do not get, and the share of them for whom it is recommended.
WORST_UNFOUND, WORST_WAIT = 0.2, (30, 110)
WORST_TYPE, WORST_WANTED = RESIDENTIAL, 0.85


@dataclass(frozen=True)
class Cost:
    """Pounds a week; the parts are None where only the total is known."""

    agreed: float
    actual: float
    core: float | None
    support: float | None
    education: float | None
    other: float | None


@dataclass(frozen=True)
class Found:
    """The home that a search found. Numbers of options are those of the standards' lists."""

    date: dt.date
    cost_date: dt.date
    type: int
    home: Home
    postcode: str
    cost: Cost
    siblings_together: int
    preferred_location: bool
    why_elsewhere: int  # of non_preferred_location_reason; its last option is Not applicable
    education_disrupted: bool
    source: int


@dataclass(frozen=True)
class Search:
    """One search for a home, known by child and referral date."""

    child: Child
    referred: dt.date
    needed_by: dt.date
    emergency: bool
    siblings: int | None  # None if the child has none in care
    local: bool
    why_not_local: int
    family_postcode: str | None
    close_to_family: bool
    school_age: bool
    in_school: bool
    school_postcode: str | None
    keep_school: bool
    visits: int | None  # how often, of other_location_freq
    avoids: bool
    languages: tuple[int, ...]
    alongside: int
    pets: int  # 0 yes, 1 no, 2 not known
    support: tuple[int, ...]
    suitability: tuple[int, int, int]  # foster, residential, supported
    ratio: int
    assessed: int
    officers: tuple[str, str, str]
    found: Found | None

    @property
    def needs(self) -> Needs:
        return self.child.needs


def searches_of(
    children: list[Child],
    families: dict[int, list[Child]],
    quarter: tuple[dt.date, dt.date],
    places: Places,
    rng: np.random.Generator,
    truth: Truth | None = None,
) -> list[Search]:
    """The searches behind the placements that began in the quarter, and some that found nothing.

    By date; with `truth` they end as was planted.
    """
    opens, closes = quarter
    found = [
        _search(child, families, placement, quarter, places, rng, truth)
        for child in children
        for care in child.care
        for placement in care.placements
        if opens <= placement.start <= closes and placement.home.kind in TYPE_OF_KIND
    ]
    there = [c for c in children if c.looked_after_on(opens) and c.looked_after_on(closes)]
    count = max(1, round(UNFOUND_SHARE * len(found)))
    chosen = [there[number] for number in rng.permutation(len(there))[:count]]
    if truth:
        chosen += [c for c in there if c not in chosen and _waits_in_vain(c, truth, rng)]
    found += [_search(c, families, None, quarter, places, rng, truth) for c in chosen]
    return sorted(found, key=lambda s: (s.referred, s.child.id))


def _is_worst(child: Child, truth: Truth | None) -> bool:
    return truth is not None and truth.mix.is_worst(child.la_code, child.profile)


def _waits_in_vain(child: Child, truth: Truth, rng: np.random.Generator) -> bool:
    return _is_worst(child, truth) and happens(rng, WORST_UNFOUND)


def _search(
    child: Child,
    families: dict[int, list[Child]],
    placement: Placement | None,
    quarter: tuple[dt.date, dt.date],
    places: Places,
    rng: np.random.Generator,
    truth: Truth | None,
) -> Search:
    """The search for one placement; with None one that found nothing in the quarter."""
    opens, closes = quarter
    needs = child.needs
    start = placement.start if placement else opens + days(rng, 14, 80)
    emergency = happens(rng, 0.35)
    worst = _is_worst(child, truth)
    wait = WORST_WAIT if worst else (0, 3) if emergency else (4, 35)
    referred = start - days(rng, *wait)
    if placement is None:
        referred = max(referred, opens)
    # The return's date is the episode's, but for a slip of a day or two in some rows.
    dated = start if happens(rng, 0.85) else start + days(rng, -2, 2)
    dated = max(min(dated, closes), opens, referred)
    age = age_on(child.born, start)
    school_age = 4 <= age < 17
    in_school = school_age and happens(rng, 0.9 - 0.08 * needs.complexity)
    keep = in_school and happens(rng, 0.7)
    school = place_near(places, rng, child.home, 2.5) if in_school else None
    together, siblings = _siblings(child, families, placement, start, rng)
    type_found = TYPE_OF_KIND[placement.home.kind] if placement else None
    animals = needs.risks_to_others[3] > 0
    solo = siblings in (None, 0) and needs.complexity >= 2 and happens(rng, 0.5)
    local = happens(rng, 0.87)
    known_home = not child.unaccompanied and happens(rng, 0.95)
    support = tuple(
        option
        for option, chance in (
            (SUPERVISION, 0.08 + 0.14 * needs.complexity),
            (THERAPY, 0.05 + 0.13 * needs.complexity),
            (RESPITE, 0.04),
            (TAXIS, 0.25 if keep else 0.0),
        )
        if happens(rng, chance)
    )
    search = Search(
        child=child,
        referred=referred,
        needed_by=referred + (days(rng, 0, 4) if emergency else days(rng, 6, 40)),
        emergency=emergency,
        siblings=siblings,
        local=local,
        why_not_local=pick(rng, {0: 60, 1: 5, 2: 15, 3: 20}),
        family_postcode=places.postcode[child.home] if known_home else None,
        close_to_family=known_home and happens(rng, 0.75),
        school_age=school_age,
        in_school=in_school,
        school_postcode=places.postcode[school] if school is not None else None,
        keep_school=keep,
        visits=pick(rng, {0: 5, 1: 20, 2: 40, 3: 15, 4: 15, 5: 5}) if happens(rng, 0.2) else None,
        avoids=happens(rng, 0.12),
        languages=_languages(needs, child.unaccompanied, rng),
        alongside=SOLO if solo else pick(rng, {1: 35, 2: 8, 3: 7, 4: 50}),
        pets=1 if animals else pick(rng, {0: 60, 1: 12, 2: 28}),
        support=support,
        suitability=_suitability(type_found, age, needs, rng, worst),
        ratio=_ratio(needs, type_found, rng),
        assessed=pick(rng, {0: 15, 1: 10, 2: 15, 3: 60}),
        officers=tuple(OFFICERS[int(rng.random() * len(OFFICERS))] for _ in range(3)),
        found=None,
    )
    if placement is None:
        return search
    return _with(search, placement, dated, together, places, rng)


def _with(
    search: Search,
    placement: Placement,
    dated: dt.date,
    together: int,
    places: Places,
    rng: np.random.Generator,
) -> Search:
    home = placement.home
    preferred = happens(rng, 0.9 if home.miles < 20 else 0.2)
    disrupted = search.in_school and home.miles > 8 and happens(rng, 0.6)
    found = Found(
        date=dated,
        cost_date=dated + days(rng, 0, 20),
        type=TYPE_OF_KIND[home.kind],
        home=home,
        postcode=places.postcode[home.place],
        cost=_cost(search, placement, rng),
        siblings_together=together,
        preferred_location=preferred,
        why_elsewhere=6 if preferred else pick(rng, {0: 8, 1: 15, 2: 52, 3: 20, 5: 5}),
        education_disrupted=disrupted,
        source=pick(rng, {0: 15, 1: 15, 2: 25, 3: 40, 4: 5}),
    )
    return replace(search, found=found)


def _siblings(
    child: Child,
    families: dict[int, list[Child]],
    placement: Placement | None,
    day: dt.date,
    rng: np.random.Generator,
) -> tuple[int, int | None]:
    """How many siblings in care live in the same home, and how many should."""
    others = [c for c in families[child.family] if c.id != child.id and c.looked_after_on(day)]
    if not others:
        return 0, None
    together = 0
    if placement is not None:
        homes = [c.placement_on(day) for c in others]
        together = sum(p is not None and p.home.place == placement.home.place for p in homes)
    if together == 0 and happens(rng, 0.2):
        return 0, 0
    return together, len(others)


def _languages(needs: Needs, unaccompanied: bool, rng: np.random.Generator) -> tuple[int, ...]:
    if not needs.communication:
        return (NO_LANGUAGE,)
    if unaccompanied:
        return (ESOL,)
    first = pick(rng, {ESOL: 20, BSL: 10, MAKATON: 30, OTHER_LANGUAGE: 40})
    return (BSL, MAKATON) if first == BSL and happens(rng, 0.4) else (first,)


def _suitability(
    found: int | None, age: int, needs: Needs, rng: np.random.Generator, worst: bool
) -> tuple[int, int, int]:
    """Foster, residential, supported: one preferred, and mostly the type that is then found."""
    home_fits = age >= HOME_FROM_AGE
    if worst and home_fits and happens(rng, WORST_WANTED):
        wanted = WORST_TYPE
    elif found is None:
        wanted = pick(
            rng,
            {FOSTER: 0.6, RESIDENTIAL: 0.4 * home_fits, SUPPORTED: 0.35 if age >= 16 else 0.0},
        )
    elif happens(rng, PREFERRED_FOUND[found]):
        wanted = found
    elif found == FOSTER and home_fits:
        wanted = RESIDENTIAL
    else:
        wanted = FOSTER

    def view(kind: int) -> int:
        if kind == wanted:
            return PREFERRED
        if kind == SUPPORTED and age < 16:
            return UNSUITABLE
        if kind == RESIDENTIAL and not home_fits:
            return UNSUITABLE
        unsuitable = 10 if kind == found else 35
        return pick(rng, {SUITABLE: 40 + 5 * needs.complexity, UNSUITABLE: unsuitable,
                          UNSPECIFIED: 20})  # fmt: skip

    return view(FOSTER), view(RESIDENTIAL), view(SUPPORTED)


def _ratio(needs: Needs, found: int | None, rng: np.random.Generator) -> int:
    """Of 1:1, 2:1, >2:1, Standard ratio, Not specified, Not applicable."""
    if needs.complexity == 3:
        return pick(rng, {0: 45, 1: 30, 2: 5, 3: 20})
    if found == FOSTER:
        return pick(rng, {3: 50, 4: 25, 5: 25})
    return pick(rng, {0: 15 + 15 * needs.complexity, 3: 60, 4: 15})


def _cost(search: Search, placement: Placement, rng: np.random.Generator) -> Cost:
    agreed, home = placement.gbp_per_week, placement.home
    actual = agreed if happens(rng, 0.7) else round(agreed * (1 + rng.normal(0.02, 0.04)), 2)
    if home.provider_code == "PR1" or happens(rng, 0.3):
        return Cost(agreed, actual, None, None, None, None)
    support = float(round(agreed * (0.04 * len(search.support))))
    education = float(round(agreed * 0.25)) if home.kind == "school" else 0.0
    other = float(round(agreed * 0.02)) if happens(rng, 0.2) else 0.0
    core = round(agreed - support - education - other, 2)
    return Cost(agreed, actual, core, support, education, other)
