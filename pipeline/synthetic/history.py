"""One history per child: why it came into care, where it lived, how it left.

Everything that an authority sends is read off these histories, so that the SSDA903 and the
placement returns agree. The shape is that of England's published figures: see `README.md` of any
region made.
"""

import datetime as dt
from dataclasses import dataclass, field, replace

import numpy as np

from pipeline.synthetic.chances import age_on, birthday, days, happens, pick
from pipeline.synthetic.demand import Demand
from pipeline.synthetic.entrants import draw_entrants
from pipeline.synthetic.needs import PROFILES, Mix, Needs, needs_as_drawn, needs_in_profile
from pipeline.synthetic.places import METRES_PER_MILE, Places, miles_between, place_in, place_near
from pipeline.synthetic.providers import (
    FAMILY_CENTRE,
    FOSTERING,
    HOME,
    SCHOOL,
    SECTORS,
    SECURE,
    SUPPORTED,
    Provider,
)

DAY = dt.timedelta(days=1)
ETHNICITIES = {
    "WBRI": 0.665, "WIRI": 0.003, "WOTH": 0.032, "WIRT": 0.003, "WROM": 0.007, "MWBC": 0.032,
    "MWBA": 0.013, "MWAS": 0.016, "MOTH": 0.038, "AIND": 0.004, "APKN": 0.013, "ABAN": 0.008,
    "AOTH": 0.027, "BCRB": 0.020, "BAFR": 0.037, "BOTH": 0.017, "CHNE": 0.001, "OOTH": 0.034,
    "REFU": 0.003, "NOBT": 0.017,
}  # fmt: skip
UNACCOMPANIED_ETHNICITIES = {"BAFR": 0.38, "AOTH": 0.26, "OOTH": 0.28, "BOTH": 0.05, "WOTH": 0.03}
NEEDS = {"N1": 65, "N2": 3, "N3": 3, "N4": 8, "N5": 15, "N6": 2, "N7": 0.2, "N8": 4}

# Kinds of placement at the start of one, by age; the last row is of unaccompanied children.
KINDS = {
    "baby": {"foster": 0.63, "kin": 0.17, "parents": 0.12, "family centre": 0.16},
    "small": {"foster": 0.66, "kin": 0.19, "parents": 0.15},
    "school": {"foster": 0.62, "kin": 0.14, "parents": 0.14, "home": 0.10, "school": 0.002},
    "ten": {"foster": 0.55, "kin": 0.10, "parents": 0.12, "home": 0.24, "school": 0.005},
    "teen": {"foster": 0.45, "kin": 0.07, "parents": 0.10, "home": 0.38, "school": 0.005,
             "secure": 0.005, "other": 0.02},
    "sixteen": {"foster": 0.15, "kin": 0.04, "parents": 0.05, "home": 0.19, "supported": 0.62,
                "secure": 0.005, "other": 0.06},
    "unaccompanied": {"foster": 0.28, "supported": 0.69, "home": 0.02, "other": 0.01},
}  # fmt: skip
RISING = ("home", "supported", "other")
RISE_A_YEAR = 1.06  # how much likelier the rising kinds become each year; 1 in 2025
AGAIN = 3.0  # how much likelier a home is for a child who moves out of one
# Mean days in a placement: found in haste; of children who do not settle; and of all others.
HASTE_DAYS, UNSETTLED_DAYS = 60, 120
KIND_DAYS = {
    "foster": 2600, "kin": 3600, "parents": 1200, "home": 900, "school": 900,
    "family centre": 100, "secure": 90, "other": 60, "supported": 500,
}  # fmt: skip
HASTE = 0.30  # of the first placements
UNSETTLED = 0.15, 0.08  # of the children, and more for each step of complexity
SETTLES = 0.15  # of the placements of such a child, those that last as anybody's

# Of those who turn sixteen in care, those who move on into supported accommodation, and how many
# days after their birthday.
MOVES_ON, AFTER_SIXTEEN = 0.6, (0, 480)

# Where homes are, of 100 whose distance is known: up to 20 miles away in the authority and outside
# it, over 20 miles away in the authority and outside it. England, 31 March 2024; DfE counts
# relatives among foster carers, who are told apart here; homes are sought a little further than
# they are found, for there is not one everywhere.
WHERE = {
    "kin": (66, 20, 3, 11), "foster": (51, 28, 5, 16), "home": (26, 21, 5, 48),
    "supported": (53, 30, 4, 13), "adoption": (15, 28, 7, 50), "other": (43, 24, 5, 28),
}  # fmt: skip
WHERE_OF = {"school": "home", "family centre": "home", "secure": "home"}
NEAR, FAR = (6.0, 0.9), 30.0  # median miles and their spread up to 20; mean miles beyond 20
FURTHEST_MILES = 180
NEAREST = 5  # of the homes where one should be, those that may have a place
# Of the area and profile whose need is planted to be met worst: the share of homes far off, and
# how likely a children's home is, for hardly any is to be had.
WORST_FAR, WORST_MILES, WORST_HOME = 0.85, (24.0, 60.0), 0.25

PROVIDER_CODES = {
    "kin": {"PR1": 1.0}, "foster": {"PR1": 0.47, "PR4": 0.42, "PR5": 0.11},
    "home": {"PR1": 0.13, "PR4": 0.81, "PR5": 0.06},
    "supported": {"PR1": 0.04, "PR4": 0.87, "PR5": 0.09},
    "school": {"PR4": 0.6, "PR5": 0.4}, "secure": {"PR2": 1.0},
    "family centre": {"PR4": 0.7, "PR5": 0.3}, "parents": {"PR0": 1.0}, "adoption": {"PR2": 1.0},
    "other": {"": 1.0},  # DfE asks for none where nobody is registered
}  # fmt: skip
REGISTERED_AS = {
    "kin": FOSTERING, "foster": FOSTERING, "home": HOME, "supported": SUPPORTED,
    "school": SCHOOL, "secure": SECURE, "family centre": FAMILY_CENTRE,
}  # fmt: skip
PLACE_CODES = {
    "home": "K2", "school": "S1", "family centre": "R3", "secure": "K1",
    "parents": "P1", "supported": "SUPPORTED", "other": "OTHER",
}  # fmt: skip
RESIDENTIAL, FOSTER, SUPPORTED = 0, 1, 2  # the order of the options of placement_type
TYPE_OF_KIND = {
    "foster": FOSTER, "kin": FOSTER, "home": RESIDENTIAL, "school": RESIDENTIAL,
    "secure": RESIDENTIAL, "family centre": RESIDENTIAL, "supported": SUPPORTED,
}  # fmt: skip
REMAND = "J1"
# Times away from foster carers: how many a year, why (in hospital, on holiday, while the carers
# are on holiday, for another reason, any), and for how many days; DfE's rules allow no more.
ABSENCES_A_YEAR = 0.08
ABSENCES = {"T1": 25, "T2": 20, "T3": 35, "T4": 10, "T0": 10}
ABSENCE_DAYS = {"T1": (8, 35), "T2": (8, 20), "T3": (8, 20), "T4": (3, 7), "T0": (8, 20)}
# Disabled children on short breaks, of those looked after: one by one, or under one agreement.
SINGLE_BREAKS, AGREED_BREAKS = 0.012, 0.006
SHORT_BREAK_IN = "R1"  # of elsewhere DfE's rules ask for the URN that they forbid on a break
BREAK_DAYS, DAYS_BETWEEN_BREAKS = (2, 4), (30, 80)
LONG_TERM = {"U3": "U1", "U6": "U4"}  # the same carer, from short to long term
REASONS = {
    "CARPL": 50, "CREQB": 11, "CREQO": 5, "CHILD": 6, "LAREQ": 8, "PLACE": 5, "STAND": 2,
    "ALLEG": 1, "APPRR": 2, "CLOSE": 1, "OTHER": 9,
}  # fmt: skip
EXITS = {
    "home": {"E4A": 60, "E4B": 12, "E13": 6, "E8": 14, "E3": 3, "E16": 1, "E2": 0.4},
    "adoption": {"E11": 40, "E12": 60},
    "unaccompanied": {"E8": 55, "E3": 25, "E16": 10, "E15": 10},
    "adult with carers": {"E17": 55, "E5": 20, "E6": 12, "E7": 8, "E8": 5},
    "adult": {"E5": 50, "E6": 25, "E7": 15, "E8": 10},
}
WORKER_REASONS = {"LEFTRL": 34, "ORGRST": 8, "TSPROC": 16, "ABSENC": 8, "MANAGE": 14, "OTHERS": 8,
                  "PCCHAN": 4, "CHCHAN": 2}  # fmt: skip
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(frozen=True)
class Home:
    """Where and with whom a child lives."""

    kind: str
    code: str  # PLACE, or the name of a code that changes from year to year
    provider_code: str
    provider: Provider | None
    place: int
    miles: float


@dataclass
class Placement:
    """A child's time in one home. `end` may lie after the last return."""

    start: dt.date
    end: dt.date
    home: Home
    long_term_from: dt.date | None = None
    same_carer_as_before: bool = False
    gbp_per_week: float = 0.0  # agreed at the start; 0 where nothing is paid

    def code_on(self, day: dt.date) -> str:
        if self.long_term_from and day >= self.long_term_from:
            return LONG_TERM[self.home.code]
        return self.home.code


@dataclass
class Episode:
    """A spell of one placement under one legal status. `end` may lie after the last return."""

    start: dt.date
    end: dt.date
    reason_new: str
    legal: str
    code: str
    placement: Placement
    reason_ceased: str
    reason_place_change: str | None


@dataclass
class Care:
    """One period of care, from coming in to leaving."""

    start: dt.date
    end: dt.date
    need: str
    exit: str
    placements: list[Placement]
    episodes: list[Episode]
    reviews: list[dt.date]
    missing: list[tuple[dt.date, dt.date, str]]
    adoption_decided: dt.date | None
    adoption_dropped: dt.date | None
    is_short_break: bool = False  # V3, V4: not counted as looked after


@dataclass
class Worker:
    """A social worker's time with a child."""

    id: str
    start: dt.date
    end: dt.date
    reason: str


@dataclass
class Child:
    """A child who does not exist."""

    id: str
    la_code: str
    family: int
    sex: str  # M or F
    born: dt.date
    ethnicity: str
    unaccompanied: bool
    home: int  # a place; of an unaccompanied child only the point from which homes are sought
    upn: str
    mother_since: dt.date | None
    needs: Needs
    care: list[Care] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    profile: str = ""  # of PROFILES, where the needs were planted

    def looked_after_on(self, day: dt.date) -> Care | None:
        return next((c for c in self.care if c.start <= day < c.end and not c.is_short_break), None)

    def placement_on(self, day: dt.date) -> Placement | None:
        care = self.looked_after_on(day)
        if care is None:
            return None
        return next((p for p in care.placements if p.start <= day < p.end), None)


# Providers and their places by type, sector and, for an authority's own, the authority.
Choice = dict[tuple[str, str, str | None], tuple[list[Provider], np.ndarray]]


def choice_of(providers: list[Provider]) -> Choice:
    """The providers that a child of a given authority may be placed with."""
    fits: dict[tuple[str, str, str | None], list[Provider]] = {}
    for provider in providers:
        fits.setdefault((provider.kind, provider.sector, None), []).append(provider)
        fits.setdefault((provider.kind, provider.sector, provider.la_code), []).append(provider)
    return {key: (fit, np.array([p.place for p in fit])) for key, fit in fits.items()}


@dataclass(frozen=True)
class World:
    """What the histories of one authority are drawn from; `first` to `last` is what is returned."""

    rng: np.random.Generator
    la_code: str
    la_number: int
    geography: Places
    providers: Choice
    first: dt.date
    last: dt.date
    demand: Demand
    mix: Mix | None = None  # which needs are how common, where that is planted


def make_children(world: World) -> list[Child]:
    """The children of one authority, as many as are expected of it.

    Holds all who were looked after between `first` and `last`, and the care leavers before them.
    """
    children: list[Child] = []
    family, elder = 0, None
    opening, entrants = draw_entrants(world.rng, world.demand, world.first, world.last)
    for since, age_days, stay, unaccompanied, route in entrants.rows():
        start = opening + since * DAY
        # Those who come in within weeks of each other may be brothers and sisters.
        joins = (
            elder is not None
            and not unaccompanied
            and happens(world.rng, 0.42)
            and start - elder.care[0].start < dt.timedelta(days=120)
            and sum(c.family == family for c in children[-5:]) < 4
        )
        if joins:
            start = elder.care[0].start
        elif not unaccompanied:
            family += 1
        child = _child(world, len(children) + 1, family, start, age_days, unaccompanied)
        if unaccompanied:
            child.family = -len(children) - 1
        if joins:
            child.home = elder.home
            child.ethnicity = elder.ethnicity
        _live(world, child, start, stay, route, elder if joins else None)
        # The return tells of a young mother only while she is looked after.
        if child.mother_since and not child.looked_after_on(child.mother_since):
            child.mother_since = None
        children.append(child)
        if not unaccompanied and not joins:
            elder = child
    for legal, share in (("V3", SINGLE_BREAKS), ("V4", AGREED_BREAKS)):
        for _ in range(int(world.rng.poisson(share * world.demand.children))):
            children.append(_on_short_breaks(world, len(children) + 1, legal))
    return children


def _on_short_breaks(world: World, number: int, legal: str) -> Child:
    """A child who lives at home but for some nights, singly (V3) or by one agreement (V4)."""
    rng = world.rng
    span = (world.last - world.first).days
    start = world.first + days(rng, 0, span * 2 // 3)
    child = _child(world, number, -number, start, int(365 * (5 + 8 * rng.random())), False)
    child.mother_since = None
    until = min(start + days(rng, 200, 900), birthday(child.born, 17))
    day = start
    while day < min(until, world.last):
        end = until if legal == "V4" else day + days(rng, *BREAK_DAYS)
        ceased = "E8" if legal == "V4" else "E4A"
        home = Home("short break", SHORT_BREAK_IN, "PR4", None, child.home, 0.0)
        stay = Placement(day, end, home)
        episode = Episode(day, end, "S", legal, SHORT_BREAK_IN, stay, ceased, None)
        child.care.append(
            Care(day, end, "N2", ceased, [stay], [episode], [], [], None, None, is_short_break=True)
        )
        day = end + days(rng, *DAYS_BETWEEN_BREAKS)
    return child


def _child(
    world: World, number: int, family: int, start: dt.date, age_days: int, unaccompanied: bool
) -> Child:
    rng = world.rng
    born = start - dt.timedelta(days=age_days)
    sex = "M" if happens(rng, 0.92 if unaccompanied else 0.52) else "F"
    years = age_days / 365.25
    mother = sex == "F" and years > 10 and happens(rng, 0.025)
    profile = world.mix.draw(rng, world.la_code, years, unaccompanied) if world.mix else ""
    return Child(
        id=f"SYN{world.la_number:03d}{number:05d}",
        la_code=world.la_code,
        family=family,
        sex=sex,
        born=born,
        ethnicity=pick(rng, UNACCOMPANIED_ETHNICITIES if unaccompanied else ETHNICITIES),
        unaccompanied=unaccompanied,
        home=place_in(world.geography, rng, world.la_code),
        upn=_upn(world.la_number, number),
        mother_since=birthday(born, 16) + days(rng, 0, 500) if mother else None,
        needs=needs_in_profile(rng, PROFILES[profile])
        if profile
        else needs_as_drawn(rng, years, unaccompanied),
        profile=profile,
    )


def _upn(la_number: int, number: int) -> str:
    """A pupil number with a right check letter, of authority 000, which there is not."""
    digits = f"000{la_number:03d}{number:06d}"
    check = sum(int(d) * weight for weight, d in enumerate(digits, start=2)) % len(UPN_LETTERS)
    return UPN_LETTERS[check] + digits


def _live(
    world: World, child: Child, start: dt.date, stay: int, route: str, elder: Child | None
) -> None:
    """Fill in the child's care and social workers. Some come back after going home."""
    rng = world.rng
    adult = birthday(child.born, 18)
    end = min(start + dt.timedelta(days=stay), adult)
    if (adult - end).days < 10:
        end = adult
    child.care.append(_care(world, child, start, end, route, elder))
    if route == "home" and child.care[0].exit in ("E4A", "E4B") and happens(rng, 0.14):
        again = end + days(rng, 40, 400)
        until = min(again + days(rng, 30, 900), adult)
        if again < world.last and (until - again).days > 20:
            child.care.append(_care(world, child, again, until, "home", None))
    child.workers = _workers(world, child)


def _care(
    world: World, child: Child, start: dt.date, end: dt.date, route: str, elder: Child | None
) -> Care:
    rng = world.rng
    if route == "adoption" and (end - start).days < 450:
        route = "kin"
    if route == "adoption" and (end.month, end.day) == (3, 31):
        # DfE counts this child as looked after all year, of which its rules allow no adoption.
        end -= DAY
    decided = moved = None
    if route == "adoption":
        decided = start + days(rng, 130, 240)
        moved = max(end - days(rng, 220, 420), decided + days(rng, 40, 60))
    legal = _legal_statuses(rng, child, start, end, route, decided)
    placements = _placements(world, child, start, end, route, legal, moved, elder)
    remanded = legal[0][1] == REMAND
    exit_code = "E14" if remanded else _exit(rng, child, end, route, placements[-1])
    episodes = _episodes(rng, placements, legal, end, exit_code)
    episodes = _with_absences(world, child, episodes)
    dropped = None
    early = age_on(child.born, start) < 4 and (end - start).days > 700
    if route == "long" and early and happens(rng, 0.15):
        decided = start + days(rng, 150, 260)
        dropped = decided + days(rng, 200, 400)
    return Care(
        start=start,
        end=end,
        need="N8" if child.unaccompanied else pick(rng, NEEDS),
        exit=exit_code,
        placements=placements,
        episodes=episodes,
        reviews=_reviews(rng, start, end, world),
        missing=_missing(rng, child, episodes, world),
        adoption_decided=decided,
        adoption_dropped=dropped,
    )


def _legal_statuses(
    rng: np.random.Generator,
    child: Child,
    start: dt.date,
    end: dt.date,
    route: str,
    decided: dt.date | None,
) -> list[tuple[dt.date, str]]:
    age = age_on(child.born, start)
    interim, full = [(start, "C1")], start + days(rng, 170, 320)
    if child.unaccompanied or (route == "long" and age >= 15 and happens(rng, 0.75)):
        statuses = [(start, "V2")]
    elif decided is not None:
        statuses = [*interim, (decided + days(rng, 10, 35), "E1")]
    elif route == "home" and age >= 12 and end < birthday(child.born, 18) and happens(rng, 0.1):
        statuses = [(start, REMAND)]
    elif route == "home" and happens(rng, 0.6):
        statuses = [(start, "V2")]
    elif route == "long" and happens(rng, 0.3):
        court = start + days(rng, 30, 120)
        statuses = [(start, "V2"), (court, "C1"), (court + days(rng, 150, 260), "C2")]
    elif route == "kin" and happens(rng, 0.5):
        statuses = interim
    else:
        statuses = [*interim, (full, "C2")]
    return [statuses[0], *(s for s in statuses[1:] if (end - s[0]).days > 3)]


def _placements(
    world: World,
    child: Child,
    start: dt.date,
    end: dt.date,
    route: str,
    legal: list[tuple[dt.date, str]],
    moved: dt.date | None,
    elder: Child | None,
) -> list[Placement]:
    rng = world.rng
    placements: list[Placement] = []
    day = start
    base, more = UNSETTLED
    moves_on = birthday(child.born, 16) + days(rng, *AFTER_SIXTEEN)
    if not happens(rng, MOVES_ON):
        moves_on = dt.date.max
    unsettled = moved is None and happens(rng, base + more * child.needs.complexity)
    while day < end:
        if moved is not None and day >= moved:
            placements.append(_adoptive(world, child, day, end, placements[-1]))
            break
        status = [ls for since, ls in legal if since <= day][-1]
        shared = _elders_home(rng, elder, day) if not placements else None
        before = placements[-1].home if placements else None
        kind = "supported" if day == moves_on else None
        home = shared or _another_home(world, child, day, status, before, kind)
        last = moved or end
        until = day + _length(rng, home.kind, not placements, unsettled)
        if home.kind in ("foster", "kin", "home") and day < moves_on < until:
            until = moves_on
        if (last - until).days < 10:
            until = last
        placement = Placement(day, until, home)
        long_enough = (until - day).days > 300
        if route == "long" and home.code in LONG_TERM and long_enough and happens(rng, 0.85):
            placement.long_term_from = day + days(rng, 120, 290)
        placements.append(placement)
        day = until
    return placements


def _elders_home(rng: np.random.Generator, elder: Child | None, day: dt.date) -> Home | None:
    """The foster home that a child shares with the sibling it came in with."""
    if elder is None:
        return None
    first = elder.care[0].placements[0]
    fits = first.home.kind in ("foster", "kin") and first.start == day
    return first.home if fits and happens(rng, 0.7) else None


def _kind(world: World, child: Child, day: dt.date, legal: str, before: Home | None) -> str:
    rng = world.rng
    age = age_on(child.born, day)
    if child.unaccompanied:
        chances = dict(KINDS["unaccompanied"])
        if age < 16:
            chances.pop("supported")
    else:
        band = "baby" if age < 1 else "small" if age < 5 else "school" if age < 10 else "ten"
        band = "sixteen" if age >= 16 else "teen" if age >= 13 else band
        chances = dict(KINDS[band])
    if legal not in ("C1", "C2"):  # only a care order lets a child be placed with its parents
        chances.pop("parents", None)
    for kind in RISING:
        if kind in chances:
            chances[kind] *= RISE_A_YEAR ** max(-8, day.year - 2025)
    if "home" in chances:
        chances["home"] *= 1.8 if child.needs.complexity >= 2 else 0.75
        chances["home"] *= AGAIN if before and before.kind == "home" else 1
        if world.mix and world.mix.is_worst(child.la_code, child.profile):
            chances["home"] *= WORST_HOME
    return pick(rng, chances)


def _another_home(
    world: World,
    child: Child,
    day: dt.date,
    legal: str,
    before: Home | None,
    kind: str | None,
) -> Home:
    """A home of this kind or one that fits, and not the one that the child moves out of."""
    while True:
        home = _home(world, child, kind or _kind(world, child, day, legal, before))
        if before is None or (home.code, home.place) != (before.code, before.place):
            return home


def _length(rng: np.random.Generator, kind: str, first: bool, unsettled: bool) -> dt.timedelta:
    mean = KIND_DAYS[kind]
    if unsettled and not happens(rng, SETTLES):
        mean = min(mean, UNSETTLED_DAYS)
    elif first and kind in ("foster", "home", "supported") and happens(rng, HASTE):
        mean = HASTE_DAYS
    return dt.timedelta(days=3 + int(rng.exponential(mean)))


def _home(world: World, child: Child, kind: str) -> Home:
    """A home of this kind for this child."""
    rng, geography = world.rng, world.geography
    code = PLACE_CODES.get(kind) or _code(kind)
    provider_code = pick(rng, PROVIDER_CODES[kind])
    if kind == "parents":
        return Home(kind, code, provider_code, None, child.home, 0.0)
    miles, inside = _how_far(rng, kind)
    if world.mix and kind != "kin" and world.mix.is_worst(child.la_code, child.profile):
        miles = _far_off(rng, miles)
    registered = REGISTERED_AS.get(kind)
    provider = None
    if registered is not None:
        provider_code, provider = _provider(world, child, registered, provider_code, miles, inside)
    if provider is None or registered == FOSTERING:
        # Foster carers, adopters and unregistered homes live anywhere.
        place = place_near(geography, rng, child.home, miles, child.la_code, inside)
    else:
        place = provider.place
    apart = miles_between(geography, child.home, place)
    return Home(kind, code, provider_code, provider, place, apart)


def _how_far(rng: np.random.Generator, kind: str) -> tuple[float, bool]:
    """Miles from home, and whether within the authority."""
    weights = WHERE[WHERE_OF.get(kind, kind)]
    cell = pick(rng, dict(enumerate(weights)))
    if cell >= 2:
        return min(FURTHEST_MILES, 20 + float(rng.exponential(FAR))), cell == 2
    median, spread = NEAR
    miles = median * float(np.exp(rng.normal(0, spread)))
    return miles if miles < 20 else 20 * rng.random(), cell == 0


def _far_off(rng: np.random.Generator, miles: float) -> float:
    """Miles from home where hardly anything is to be had nearer."""
    if miles > WORST_MILES[0] or not happens(rng, WORST_FAR):
        return miles
    low, high = WORST_MILES
    return low + (high - low) * rng.random()


def _code(kind: str) -> str:
    if kind == "adoption":
        return "A6"
    return "U3" if kind == "kin" else "U6"


def _provider(
    world: World, child: Child, registered: str, provider_code: str, miles: float, inside: bool
) -> tuple[str, Provider]:
    """A provider of the right sort: an agency by chance, a home by where it should be.

    Where the region has none of that sector it is a private or voluntary one.
    """
    for code in (provider_code, "PR4", "PR5"):
        own = world.la_code if code == "PR1" else None
        key = (registered, SECTORS[code], own)
        if key in world.providers:
            break
    fit, numbers = world.providers[key]
    if registered == FOSTERING:
        return code, fit[int(world.rng.random() * len(fit))]
    geography = world.geography
    east = geography.east[numbers] - geography.east[child.home]
    north = geography.north[numbers] - geography.north[child.home]
    apart = np.hypot(east, north) / METRES_PER_MILE
    is_inside = np.array([p.la_code == child.la_code for p in fit])
    # First by the 20 miles and by the side of the border, then by how many miles.
    wrong = 2 * ((apart > 20) != (miles > 20)) + (is_inside != inside)
    there = np.flatnonzero(wrong == wrong.min())
    nearest = there[np.argsort(np.abs(apart[there] - miles), kind="stable")[:NEAREST]]
    chosen = pick(world.rng, {fit[n]: fit[n].places or 1 for n in nearest.tolist()})
    is_own = code == "PR2" and chosen.la_code == world.la_code
    return "PR1" if is_own else code, chosen


def _adoptive(
    world: World, child: Child, start: dt.date, end: dt.date, before: Placement
) -> Placement:
    """The adopters' home: sometimes that of the foster carer, else a new one."""
    if before.home.kind == "foster" and happens(world.rng, 0.12):
        home = replace(before.home, kind="adoption", code="A5", provider_code="PR2", provider=None)
        return Placement(start, end, home, same_carer_as_before=True)
    return Placement(start, end, _home(world, child, "adoption"))


def _exit(rng: np.random.Generator, child: Child, end: dt.date, route: str, last: Placement) -> str:
    if end >= birthday(child.born, 18):
        return pick(
            rng, EXITS["adult with carers" if last.home.kind in ("foster", "kin") else "adult"]
        )
    if child.unaccompanied:
        return pick(rng, EXITS["unaccompanied"])
    if route == "adoption":
        return pick(rng, EXITS["adoption"])
    if route == "kin":
        return pick(rng, {"E45" if last.home.kind == "kin" else "E47": 0.8, "E41": 0.2})
    return pick(rng, EXITS["home"])


def _episodes(
    rng: np.random.Generator,
    placements: list[Placement],
    legal: list[tuple[dt.date, str]],
    end: dt.date,
    exit_code: str,
) -> list[Episode]:
    """One episode from each change of placement, of its code or of the legal status."""
    changes: dict[dt.date, set[str]] = {}
    for before, after in zip([None, *placements], placements, strict=False):
        same = before is not None and after.same_carer_as_before
        changes.setdefault(after.start, set()).add("type" if same else "placement")
        if after.long_term_from:
            changes.setdefault(after.long_term_from, set()).add("type")
    for since, _ in legal:
        changes.setdefault(since, set()).add("legal")
    starts = sorted(changes)
    episodes = []
    for n, start in enumerate(starts):
        until = starts[n + 1] if n + 1 < len(starts) else end
        placement = next(p for p in placements if p.start <= start < p.end)
        following = changes[until] if n + 1 < len(starts) else set()
        reason = None
        if "placement" in following:
            reason = pick(rng, REASONS)
        elif "type" in following:
            reason = "CARPL"
        episodes.append(
            Episode(
                start=start,
                end=until,
                reason_new="S" if n == 0 else _reason_new(changes[start]),
                legal=[ls for since, ls in legal if since <= start][-1],
                code=placement.code_on(start),
                placement=placement,
                reason_ceased="X1" if following else exit_code,
                reason_place_change=reason,
            )
        )
    return episodes


def _with_absences(world: World, child: Child, episodes: list[Episode]) -> list[Episode]:
    """The same with some times away from foster carers, each an episode of a temporary placement.

    The child comes back to the carers it left, under the legal status it had.
    """
    rng = world.rng
    found: list[Episode] = []
    for episode in episodes:
        opens = max(episode.start, world.first) + 15 * DAY
        closes = min(episode.end, world.last) - 50 * DAY
        years = (closes - opens).days / 365.25
        fostered = episode.placement.home.kind in ("foster", "kin")
        if years <= 0 or not fostered or not happens(rng, ABSENCES_A_YEAR * years):
            found.append(episode)
            continue
        code = pick(rng, ABSENCES)
        away = opens + days(rng, 0, (closes - opens).days)
        back = away + days(rng, *ABSENCE_DAYS[code])
        place = place_near(world.geography, rng, child.home, 15 * rng.random())
        apart = miles_between(world.geography, child.home, place)
        elsewhere = Placement(away, back, Home("temporary", code, "", None, place, apart))
        found += [
            replace(episode, end=away, reason_ceased="X1", reason_place_change=None),
            Episode(away, back, "P", episode.legal, code, elsewhere, "X1", None),
            replace(episode, start=back, reason_new="P"),
        ]
    return found


def _reason_new(changed: set[str]) -> str:
    legal = "legal" in changed
    if "placement" in changed:
        return "B" if legal else "P"
    if "type" in changed:
        return "U" if legal else "T"
    return "L"


def _reviews(rng: np.random.Generator, start: dt.date, end: dt.date, world: World) -> list[dt.date]:
    """After four weeks, three months more, then each half-year: those within the returns."""
    reviews, day, gap = [], start + days(rng, 15, 28), (80, 91)
    while day < end and day <= world.last:
        if day >= world.first:
            reviews.append(day)
        day, gap = day + days(rng, *gap), (160, 183)
    return reviews


def _missing(
    rng: np.random.Generator, child: Child, episodes: list[Episode], world: World
) -> list[tuple[dt.date, dt.date, str]]:
    """Times away from the placement, each over before the episode ends."""
    chance = 0.10 + 0.10 * child.needs.complexity + 0.15 * child.needs.risks_to_child[5]
    if not happens(rng, chance):
        return []
    found = []
    for episode in episodes:
        day = max(episode.start, world.first, birthday(child.born, 11))
        while True:
            day += dt.timedelta(days=2 + int(rng.exponential(70)))
            back = day + dt.timedelta(days=int(rng.exponential(1.5)))
            if back >= min(episode.end, world.last):
                break
            found.append((day, back, "M" if happens(rng, 0.85) else "A"))
            day = back
    return found


def _workers(world: World, child: Child) -> list[Worker]:
    """The social workers one after the other, those who matter to the returns.

    A child who goes home has one, too; who comes back is given a new one, and the last goes on to
    know the family.
    """
    rng = world.rng
    workers = []
    count = max(3, round(world.demand.children) // 14)
    day, reason, last = child.care[0].start, "FCONTA", child.care[-1].end
    while day < last and day <= world.last:
        until = day + dt.timedelta(days=25 + int(rng.exponential(430)))
        back = next((c.start for c in child.care if c.start > day), None)
        if back is not None and (back - until).days < 25:
            until = back
        elif until >= last:
            until = dt.date.max
        number = int(rng.random() * count) + 1
        if until >= world.first:
            workers.append(Worker(f"SW9{world.la_number:03d}{number:03d}", day, until, reason))
        day, reason = until, pick(rng, WORKER_REASONS)
    return workers
