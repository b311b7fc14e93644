"""Invented children whose care breaks none of DfE's rules.

Each child has one life; the returns of two collection years are read off it, so that they agree.
Everything is drawn from a seed. Nobody here exists; only authorities and postcodes are real.
"""

import csv
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

DAY = dt.timedelta(days=1)
POSTCODES = Path(__file__).with_name("postcodes.csv")
DEVON = "E10000008"
HOME, SUPPORTED = "Children's home", "Supported accommodation"

Row = dict[str, str]
Postcode = tuple[str, str]  # and the code of its authority

FAMILY_NEEDS = ("N1", "N1", "N1", "N2", "N3", "N4", "N5", "N6", "N8")
ETHNICITIES = (
    "WBRI",
    "WBRI",
    "WBRI",
    "WBRI",
    "WOTH",
    "MWBC",
    "MWAS",
    "APKN",
    "BAFR",
    "AOTH",
    "OOTH",
)
MOVES = ("CARPL", "CLOSE", "STAND", "APPRR", "CREQB", "CHILD", "LAREQ", "PLACE", "OTHER")
WORKER_CHANGES = ("MANAGE", "LEFTRL", "ORGRST", "TSPROC", "ABSENC", "CHCHAN", "PCCHAN", "OTHERS")


def add_years(day: dt.date, years: int) -> dt.date:
    """The same day years on; the day before where it is 29 February and there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def uk(day: dt.date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


AFTER_CARE = (
    {"IN_TOUCH": "YES", "ACTIV": "F2", "ACCOM": "U1"},
    {"IN_TOUCH": "YES", "ACTIV": "G5", "ACCOM": "D1"},
    {"IN_TOUCH": "NO", "ACTIV": "0", "ACCOM": "0"},
)


def read_postcodes() -> list[Postcode]:
    with POSTCODES.open(encoding="utf-8", newline="") as file:
        return [(row["postcode"], row["la_code"]) for row in csv.DictReader(file)]


@dataclass(frozen=True)
class Provider:
    """One line of Ofsted's lists. `places` are PLACE codes, `sectors` PLACE_PROVIDER codes."""

    urn: str
    kind: str
    la_name: str
    places: tuple[str, ...]
    sectors: tuple[str, ...]
    postcode: str
    closed: dt.date | None = None


@dataclass(frozen=True)
class Home:
    """Where a child lives, in the codes of 2026; `returns` gives those of earlier years."""

    place: str
    provider: str
    urn: str
    postcode: str


@dataclass
class Episode:
    start: dt.date
    end: dt.date | None  # none where it goes on
    rne: str
    legal: str
    home: Home
    rec: str = ""
    change: str = ""  # reason for the change of placement at its end


@dataclass
class Child:
    """One life. Dates after the last return are not told."""

    id: str
    sex: str
    born: dt.date
    ethnic: str
    upn: str
    need: str
    home: str
    unaccompanied: bool = False
    first_child_born: dt.date | None = None
    episodes: list[Episode] = field(default_factory=list)
    reviews: list[tuple[dt.date, str]] = field(default_factory=list)
    missing: list[tuple[dt.date, dt.date, str]] = field(default_factory=list)
    workers: list[tuple[str, dt.date, dt.date | None, str]] = field(default_factory=list)
    liberty: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    permanence: dict[dt.date, tuple[str, str, str]] = field(default_factory=dict)  # by start
    decided: dt.date | None = None  # that it should be placed for adoption
    dropped: dt.date | None = None
    adopters: Row = field(default_factory=dict)
    health: dict[int, Row] = field(default_factory=dict)  # by year
    leaver: Row = field(default_factory=dict)

    def birthday(self, age: int) -> dt.date:
        return add_years(self.born, age)

    def age(self, day: dt.date) -> int:
        had = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (0 if had else 1)

    @property
    def left(self) -> dt.date | None:
        return self.episodes[-1].end

    @property
    def is_respite(self) -> bool:
        return self.episodes[0].legal == "V4"


class World:
    """What lives are drawn from: an authority, its postcodes, providers, and a collection year."""

    def __init__(self, year: int, seed: int, postcodes: list[Postcode] | None = None) -> None:
        self.year = year
        self.la_code = la_code = DEVON
        self.random = random.Random(f"{year} {seed}")
        self.opens, self.closes = dt.date(year - 2, 4, 1), dt.date(year, 3, 31)  # of both years
        listed = postcodes or read_postcodes()
        self.own = [p for p, la in listed if la == la_code]
        self.england = [p for p, la in listed if la.startswith("E")]
        # Not Edinburgh or Belfast: DfE asks about placements over 350 miles away.
        self.abroad = [p for p, _ in listed if p.startswith(("CF", "SA", "DG"))]
        self.away = [p for p, la in listed if la.startswith("E") and la != la_code]
        self.providers = self._providers()

    def _providers(self) -> list[Provider]:
        made: list[Provider] = []

        def add(
            kind: str, places: str, sectors: str, postcode: str, closed: dt.date | None = None
        ) -> None:
            number = len(made) + 1
            # Numbers with letters among them, so that no reader takes a whole column for numbers.
            urn = (
                f"SC{900000 + number}"
                if number % 4 == 1 or "Foster" in kind
                else str(2900000 + number)
            )
            made.append(
                Provider(
                    urn,
                    kind,
                    "Synthetic",
                    tuple(places.split()),
                    tuple(sectors.split()),
                    postcode,
                    closed,
                )
            )

        pick = self.random.choice
        fostering = "A3 A4 A5 A6 U1 U2 U3 U4 U5 U6"
        add("Fostering agency", fostering, "PR1", pick(self.own))
        for n in range(6):
            add("Fostering agency", fostering, "PR4 PR5" if n % 2 else "PR4", pick(self.england))
        for _ in range(8):
            add(HOME, "K2", "PR1", pick(self.own))
        for _ in range(30):
            add(HOME, "K2", "PR4", pick(self.england))
        for _ in range(3):
            add("Secure children's home", "K1", "PR2", pick(self.away))
            add("Residential special school", "S1", "PR4 PR5", pick(self.england))
            add("Residential family centre", "R3", "PR4", pick(self.england))
        for _ in range(5):
            add(HOME, "K2", "PR4", pick(self.england), self.opens - 900 * DAY)
        for n in range(12):
            add(
                SUPPORTED,
                "H5 K3" if self.year < 2025 else "K3",
                "PR4",
                pick(self.own),
                self.opens - DAY if n > 9 else None,
            )
        return made

    def provider(self, place: str, sector: str = "") -> Provider:
        """An open provider of this sort of placement, of a sector where one is named."""
        return self.random.choice(
            [
                p
                for p in self.providers
                if place in p.places and not p.closed and (not sector or sector in p.sectors)
            ]
        )

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """A day from `first` to `last`; `first` where that is later."""
        return first + self.random.randint(0, max(0, (last - first).days)) * DAY

    def chance(self, share: float) -> bool:
        return self.random.random() < share


# --- homes ---


def foster(world: World, child: Child, place: str = "") -> Home:
    """A foster home, mostly of the authority's own carers, in any English postcode."""
    place = place or world.random.choice(("U1", "U2", "U3", "U4", "U4", "U5", "U6", "U6", "U6"))
    sector = "PR1" if place[1] in "123" or world.chance(0.6) else "PR4"
    provider = world.provider(place, sector)
    near = world.own if world.chance(0.7) else world.england
    return Home(place, sector, provider.urn, _other(world, near, child.home))


def registered(world: World, child: Child, place: str, sector: str = "") -> Home:
    """A place at a registered provider's own address."""
    provider = world.provider(place, sector)
    while provider.postcode == child.home:
        provider = world.provider(place, sector)
    sector = sector or world.random.choice(provider.sectors)
    return Home(place, sector, provider.urn, provider.postcode)


def supported(world: World, child: Child) -> Home:
    """Supported accommodation in the authority itself."""
    home = registered(world, child, "K3", "PR4")
    # Ofsted did not register such places before.
    return Home("K3", "PR4", home.urn if world.year >= 2024 else "", home.postcode)


def abroad(world: World, child: Child) -> Home:
    """Foster carers in Wales or Scotland, whom Ofsted does not register."""
    return Home("U6", "PR4", "", world.random.choice(world.abroad))


def temporary(world: World, place: str, child: Child) -> Home:
    return Home(place, "", "", _other(world, world.own, child.home))


def unregistered(world: World, child: Child) -> Home:
    place = world.random.choice(("Z11", "Z12", "Z13", "Z14"))
    return Home(place, "", "", _other(world, world.england, child.home))


def _other(world: World, postcodes: list[str], than: str) -> str:
    found = than
    while found == than:
        found = world.random.choice(postcodes)
    return found


# --- lives ---


def _add(child: Child, start: dt.date, rne: str, legal: str, home: Home, change: str = "") -> None:
    """Begin an episode and, where the child was looked after, end the one before."""
    if rne != "S":
        before = child.episodes[-1]
        before.end, before.rec, before.change = start, "X1", change
    child.episodes.append(Episode(start, None, rne, legal, home))


def _leave(child: Child, day: dt.date, rec: str) -> None:
    child.episodes[-1].end, child.episodes[-1].rec = day, rec


def _begin(world: World, child: Child, youngest: int, oldest: int, since_years: float) -> dt.date:
    """Draw when the child was born and came into care, at an age of these years."""
    start = world.day(world.closes - int(since_years * 365) * DAY, world.closes - 3 * DAY)
    child.born = start - world.random.randint(youngest * 366, oldest * 365) * DAY
    return start


def _moves(world: World, child: Child, end: dt.date, legal: str, draw: Callable[[], Home]) -> None:
    """Changes of placement under one legal status, from the last episode's start until `end`."""
    day = child.episodes[-1].start + world.random.randint(40, 700) * DAY
    while day < end - 40 * DAY:
        before = child.episodes[-1].home
        if before.place.startswith("U") and world.chance(0.15):
            # In hospital or with other carers for some days, and back.
            place = world.random.choice(("T0", "T1", "T2", "T3", "T4"))
            back = day + world.random.randint(2, 6) * DAY
            _add(child, day, "P", legal, temporary(world, place, child))
            _add(child, back, "P", legal, before)
        else:
            home = draw()
            if home.postcode != before.postcode:
                _add(child, day, "P", legal, home, world.random.choice(MOVES))
        day = child.episodes[-1].start + world.random.randint(60, 900) * DAY


def fostered(world: World, child: Child) -> None:
    """In foster care under a care order; goes home, to kin, or stays."""
    start = _begin(world, child, 0, 14, 6)
    end = min(start + world.random.randint(30, 2600) * DAY, child.birthday(18) - DAY)
    if world.chance(0.15):  # first under police protection or an emergency order
        legal, days = world.random.choice((("L1", 2), ("L2", 9)))
        _add(child, start, "S", legal, foster(world, child))
        start += days * DAY
        if start >= world.closes:
            return
        _add(child, start, "L", "C1", child.episodes[-1].home)
    else:
        home = abroad(world, child) if world.chance(0.03) else foster(world, child)
        _add(child, start, "S", "C1", home)
    full = start + world.random.randint(120, 260) * DAY
    if full < end - 60 * DAY:
        _moves(world, child, full, "C1", lambda: foster(world, child))
        if world.chance(0.2):
            home = foster(world, child)
            while home.postcode == child.episodes[-1].home.postcode:
                home = foster(world, child)
            _add(child, full, "B", "C2", home, "OTHER")
        else:
            _add(child, full, "L", "C2", child.episodes[-1].home)
        _moves(world, child, end, "C2", lambda: foster(world, child))
    last = child.episodes[-1].home.place
    ways = ("E4A", "E4B", "E41", "E45", "E46") if last.startswith("U") else ("E4A", "E4B")
    _leave(child, end, world.random.choice(ways))


def with_parents(world: World, child: Child) -> None:
    """With its parents under a care order, after some time with carers."""
    start = _begin(world, child, 1, 13, 4)
    _add(child, start, "S", "C2", foster(world, child))
    moved = start + world.random.randint(60, 300) * DAY
    _add(child, moved, "P", "C2", Home("P1", "PR0", "", child.home), "PLACE")
    _leave(
        child, min(moved + world.random.randint(90, 1500) * DAY, child.birthday(18) - DAY), "E4A"
    )


def in_homes(world: World, child: Child) -> None:
    """A young person in children's homes, some in secure ones, schools or unregistered places."""
    start = _begin(world, child, 9, 15, 4)
    legal = world.random.choice(("C2", "V2"))
    _add(child, start, "S", legal, registered(world, child, "K2"))

    def draw() -> Home:
        kind = world.random.random()
        if kind < 0.1:
            return registered(world, child, "S1")
        if kind < 0.15:
            return unregistered(world, child)
        if kind < 0.2 and legal == "C2":
            return registered(world, child, "K1", "PR2")
        return registered(world, child, "K2")

    sixteen, adult = child.birthday(16), child.birthday(18)
    _moves(world, child, sixteen, legal, draw)
    move = sixteen + world.random.randint(1, 300) * DAY
    if world.chance(0.6) and move > child.episodes[-1].start:
        _add(child, move, "P", legal, supported(world, child), "CHILD")
    if child.episodes[-1].home.place == "K2" and world.chance(0.7):
        begun = child.episodes[-1].start + 5 * DAY
        child.liberty.append((begun, begun + 80 * DAY))
    _leave(child, adult, world.random.choice(("E5", "E6", "E7", "E8")))


def unaccompanied(world: World, child: Child) -> None:
    """A young person who came alone to seek asylum."""
    start = _begin(world, child, 14, 16, 3)
    child.unaccompanied, child.need, child.home, child.upn = True, "N8", "", "UN3"
    _add(child, start, "S", "V2", foster(world, child))
    move = max(start + 60 * DAY, child.birthday(16) + DAY)
    _add(child, move, "P", "V2", supported(world, child), "CHILD")
    _leave(child, child.birthday(18), world.random.choice(("E5", "E6", "E8")))


def sixteen_on(world: World, child: Child) -> None:
    """Came in at sixteen and lives in supported accommodation until eighteen."""
    start = _begin(world, child, 16, 17, 3)
    _add(child, start, "S", "V2", supported(world, child))
    _leave(child, child.birthday(18), world.random.choice(("E5", "E6", "E8")))


def stays_put(world: World, child: Child) -> None:
    """Fostered until eighteen, and staying with the carers after."""
    start = _begin(world, child, 12, 15, 5)
    _add(child, start, "S", "C2", foster(world, child, "U6"))
    _leave(child, child.birthday(18), "E8")


def adopted(world: World, child: Child) -> None:
    """A small child who is placed with adopters; for some the decision is reversed."""
    start = _begin(world, child, 0, 3, 4)
    _add(child, start, "S", "C1", foster(world, child, "U6"))
    child.decided = start + world.random.randint(120, 220) * DAY
    order = child.decided + world.random.randint(5, 40) * DAY
    _add(child, order, "L", "E1", child.episodes[-1].home)
    if world.chance(0.15):
        child.dropped = order + world.random.randint(90, 300) * DAY
        _add(child, child.dropped, "L", "C2", child.episodes[-1].home)
        _leave(child, child.dropped + 900 * DAY, "E4A")
        return
    moved = order + world.random.randint(60, 200) * DAY
    couple = world.random.choice(("MF", "FF", "MM", "F1"))
    child.adopters = {
        "DATE_INT": uk(child.decided),
        "DATE_MATCH": uk(moved - 14 * DAY),
        "FOSTER_CARE": "0",
        "NB_ADOPTR": "1" if couple == "F1" else "2",
        "SEX_ADOPTR": couple,
        "LS_ADOPTR": {"MF": "L11", "F1": "L0"}.get(couple, "L12"),
    }
    if world.chance(0.2):  # by its foster carers
        child.adopters["FOSTER_CARE"] = "1"
        before = child.episodes[-1].home
        _add(
            child,
            moved,
            "T",
            "E1",
            Home("A3", before.provider, before.urn, before.postcode),
            "CARPL",
        )
    else:
        home = Home("A6", "PR2", "XXXXXXX", _other(world, world.england, child.home))
        _add(child, moved, "P", "E1", home, "PLACE")
    end = moved + world.random.randint(150, 400) * DAY
    # Adopted on the last day, it would count as looked after all year and need OC2, which may not
    # stand beside AD1.
    end += DAY if (end.month, end.day) == (3, 31) else 0 * DAY
    _leave(child, end, world.random.choice(("E11", "E12")))


def short_breaks(world: World, child: Child) -> None:
    """A disabled child who goes for short breaks under one agreement."""
    start = _begin(world, child, 6, 14, 2)
    child.need, child.home = "N2", ""  # no postcodes: nobody asks how far a short break is
    _add(child, start, "S", "V4", Home("R1", "PR4", "", ""))
    _leave(child, start + world.random.randint(3, 17) * DAY, "E8")


LIVES: dict[Callable[[World, Child], None], int] = {
    fostered: 42, with_parents: 6, in_homes: 14, unaccompanied: 9, sixteen_on: 8, stays_put: 9,
    adopted: 9, short_breaks: 3,
}  # fmt: skip


def make_children(world: World, count: int) -> list[Child]:
    """Children of whom at least one of the two returns tells."""
    kinds, weights = list(LIVES), list(LIVES.values())
    children: list[Child] = []
    number = 0
    while len(children) < count:
        number += 1
        child = Child(
            id=f"SYN{number:06d}",
            sex=world.random.choice("MF"),
            born=world.opens,
            ethnic=world.random.choice(ETHNICITIES),
            upn=f"A{900000000000 + number}",
            need=world.random.choice(FAMILY_NEEDS),
            home=world.random.choice(world.own),
        )
        world.random.choices(kinds, weights)[0](world, child)
        if (child.left and child.left < world.opens) or child.episodes[0].start > world.closes:
            continue
        _around(world, child)
        children.append(child)
    return children


def _around(world: World, child: Child) -> None:
    """What goes with the episodes: reviews, social workers, times missing, health, after care."""
    start, end = child.episodes[0].start, child.left or world.closes
    _workers(world, child, start, end)
    known = ("P2", "879", uk(start - 900 * DAY)), ("P1", "WAL", f"ZZ/ZZ/{start.year - 3}")
    fits = child.age(start) > 4 and not child.unaccompanied and world.chance(0.08)
    child.permanence[start] = world.random.choice(known) if fits else ("Z1", "", "")
    if child.is_respite:
        return
    day = start + 20 * DAY
    while day < min(end, world.closes):
        code = (
            "PN0" if day < child.birthday(4) else world.random.choice(("PN1", "PN1", "PN3", "PN6"))
        )
        child.reviews.append((day, code))
        day += world.random.randint(80, 180) * DAY
    for episode in child.episodes:
        until = min(episode.end or world.closes, world.closes)
        if (
            child.age(episode.start) >= 11
            and (until - episode.start).days > 40
            and world.chance(0.2)
        ):
            gone = world.day(episode.start + 5 * DAY, until - 20 * DAY)
            kind = "M" if world.chance(0.8) else "A"
            child.missing.append((gone, gone + world.random.randint(1, 9) * DAY, kind))
    if child.sex == "F" and child.age(end) >= 15 and world.chance(0.04):
        until = min(child.episodes[0].end or end, world.closes)
        since = max(start, child.birthday(12))
        child.first_child_born = world.day(since, until) if since <= until else None
    child.leaver = world.random.choice(AFTER_CARE)


def _workers(world: World, child: Child, start: dt.date, end: dt.date) -> None:
    """Social workers one after the other; the last goes on to know the family."""
    day, reason = start, "FCONTA"
    while day < min(end, world.closes):
        until = day + world.random.randint(60, 900) * DAY
        until = None if until > min(end, world.closes) - 30 * DAY else until
        child.workers.append((f"SW{world.random.randint(100000, 100400)}", day, until, reason))
        if until is None:
            break
        day, reason = until, world.random.choice(WORKER_CHANGES)
