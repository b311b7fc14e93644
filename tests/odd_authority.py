"""Authorities whose files are small and odd: what an officer may drop, drawn at random.

Lives are drawn that hang together, and returns made of them; then much of it is left out, doubled
or written over with whatever a cell may hold. What comes of it need make no sense. It must stop
nothing.
"""

import datetime as dt
import random
from dataclasses import dataclass, field

from pipeline.standards.load import Field, Table, load_standards
from tests.small_region import Files

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2021, 4, 1), dt.date(2026, 3, 31)
RETURNS = ("rcc_v2", "nps_2026_04", "nps_2026_06")
POSTCODES = ("TA1 4AB", "TA2 6PJ", "EX4 3LZ", "TR1 1EB", "EX22 6FF", "ZZ9 9ZZ", "ta14ab", "TA1")
NUMBERS = ("SC900001", "2900005", "XXXXXXX", "URN 1", "0")
OFSTED = """URN,Provider name,Provider type,Sector,Registration status,Places,Local authority code,\
Overall effectiveness,Rating date
SC900001,Odd fostering,Fostering agency,Local authority,Active,,E06000066,Good,20/06/2025
2900005,Odd home,Children's home,Private,Active,4,E06000066,,
2900006,Odd home two,Children's home,Odd sector,Closed,0,,Odd rating,20/06/2035
"""

Row = dict[str, str]


@dataclass
class Placed:
    """A time in one home, as it was."""

    start: dt.date
    end: dt.date | None
    reason: str  # RNE
    ceased: str  # REC
    status: str  # LS
    place: str
    provider: str
    urn: str


@dataclass
class Life:
    """A child as its authority knows it."""

    id: str
    born: dt.date
    placed: list[Placed] = field(default_factory=list)


@dataclass(frozen=True)
class Oddity:
    """What is odd of an authority. Chances are of a cell or row, 0 to 1."""

    children: int
    years: tuple[int, ...]
    quarters: tuple[str, ...]
    standard: str
    ages: tuple[int, int]  # years of birth
    kinds: tuple[tuple[str, str], ...]  # PLACE and PLACE_PROVIDER to choose from
    written_over: float
    blank: float
    lost: float
    doubled: float
    never_ends: float
    swapped_ends: float
    has_headers: bool
    has_prices: bool
    has_homes: bool  # else every search is open
    has_searches: bool


def draw(rng: random.Random) -> Oddity:
    """Some authorities are nearly right, some have next to nothing, some are past all sense."""
    years = rng.choice([(2026,), (2025, 2026), (2024, 2025, 2026), (2024, 2026), (2022,), ()])
    quarters = rng.choice(
        [("2026Q1",), ("2025Q2", "2025Q3", "2025Q4", "2026Q1"), ("2024Q4", "2025Q4"), ()]
    )
    some, none = rng.choice([0.02, 0.1, 0.5]), 0.0
    return Oddity(
        children=rng.choice([1, 1, 2, 5, 12]),
        years=years or (() if quarters else (2026,)),
        quarters=quarters,
        standard=rng.choice(RETURNS),
        ages=rng.choice([(2008, 2024), (2008, 2024), (1990, 2009), (2024, 2030), (2008, 2008)]),
        kinds=rng.choice(
            [
                (("U6", "PR1"), ("U4", "PR4"), ("K2", "PR4"), ("A6", ""), ("P1", "PR0")),
                (("K2", "PR4"),),
                (("T4", "PR1"), ("Z1", ""), ("", "")),
            ]
        ),
        written_over=rng.choice([none, none, some]),
        blank=rng.choice([none, none, some]),
        lost=rng.choice([none, some]),
        doubled=rng.choice([none, some]),
        never_ends=rng.choice([none, none, some, 1.0]),
        swapped_ends=rng.choice([none, some]),
        has_headers=rng.random() < 0.9,
        has_prices=rng.random() < 0.7,
        has_homes=rng.random() < 0.8,
        has_searches=rng.random() < 0.9,
    )


def life(rng: random.Random, odd: Oddity, number: int) -> Life:
    """A child in care once or twice, who moves, is absent, or stays."""
    born = dt.date(rng.randint(*odd.ages), rng.randint(1, 12), rng.randint(1, 28))
    one = Life(f"C{number}", born)
    day = FIRST + rng.randrange((LAST - FIRST).days) * DAY
    for _ in range(rng.choice((1, 1, 2))):
        reason = "S"
        for left in reversed(range(rng.choice((1, 2, 4)))):
            place, provider = rng.choice(odd.kinds)
            end = day + rng.choice((0, 1, 10, 100, 700)) * DAY
            ceased = "X1" if left else rng.choice(("E4A", "E8", "E5"))
            status = rng.choice(("C2", "C2", "E1", "V4", "V2"))
            urn = rng.choice(NUMBERS[:3])
            one.placed.append(Placed(day, end, reason, ceased, status, place, provider, urn))
            day, reason = end, rng.choice("PPBLTU")
        day += rng.choice((0, 3, 200)) * DAY
    for placed in one.placed:
        if rng.random() < odd.never_ends:
            placed.end = None
        elif rng.random() < odd.swapped_ends and placed.end:
            placed.end = placed.start - rng.choice((1, 40, 900)) * DAY
    return one


def words(day: dt.date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def cell(rng: random.Random, of: Field, year: int | None) -> str:
    """Something that may stand in a cell of this field, right or not."""
    if rng.random() < 0.15:
        return rng.choice(("", "?", "n/a", "0", "-1", "99999999", "31/02/2025", "O'Brien; x", "Y"))
    match of.type:
        case "code" | "category":
            return rng.choice(of.values_in(year) or ("",))
        case "multi_category":
            values = of.values_in(year) or ("",)
            return "; ".join(rng.sample(values, rng.randint(0, min(3, len(values)))))
        case "date":
            far = rng.choice((0, 0, 0, 0, -12000, 3000))
            return words(FIRST + (far + rng.randrange((LAST - FIRST).days)) * DAY)
        case "integer":
            return str(rng.choice((0, 1, 3, 12)))
        case "money":
            return rng.choice(("0", "£700", "5250.50", "999999.99", "1"))
        case "boolean":
            return rng.choice(("Yes", "No"))
        case "postcode" | "outward_postcode":
            return rng.choice(POSTCODES)
        case "urn":
            return rng.choice(NUMBERS)
        case "id":
            return f"C{rng.randint(0, 12)}"
        case _:
            return "some text"


def table_rows(rng: random.Random, odd: Oddity, table: Table, rows: list[Row],
               year: int | None) -> list[Row]:  # fmt: skip
    """Rows by field name as an officer would send them, by heading: some lost, doubled, odd."""
    sent = []
    for row in rows:
        if rng.random() < odd.lost:
            continue
        full = {f.name: row.get(f.name, "") for f in table.fields}
        for f in table.fields:
            if f.name == table.child:
                continue
            if rng.random() < odd.written_over:
                full[f.name] = cell(rng, f, year)
            elif rng.random() < odd.blank:
                full[f.name] = ""
        sent += [full] * (1 + (rng.random() < odd.doubled))
    return [{f.header: row[f.name] for f in table.fields if not f.only_xml} for row in sent]


def episode_rows(lives: list[Life], year: int, rng: random.Random) -> list[Row]:
    first, last = dt.date(year - 1, 4, 1), dt.date(year, 3, 31)
    rows = []
    for one in lives:
        for p in one.placed:
            if p.start > last or (p.end and p.end < first and p.end >= p.start):
                continue
            end = p.end if p.end and p.end <= last else None
            rows.append(
                {
                    "child": one.id, "decom": words(p.start), "dec": words(end),
                    "rne": p.reason, "rec": p.ceased if end else "", "ls": p.status,
                    "cin": "N1", "place": p.place, "place_provider": p.provider,
                    "home_post": rng.choice(POSTCODES), "pl_post": rng.choice(POSTCODES),
                    "urn": p.urn,
                }
            )  # fmt: skip
    return rows


def return_rows(
    rng: random.Random, odd: Oddity, table: Table, lives: list[Life], quarter: str
) -> list[Row]:
    """Searches of a quarter, and the homes that they found."""
    referred, placed = table.roles["referral_date"], table.roles["placement_date"]
    first = dt.date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
    rows = []
    for one in lives:
        if odd.has_searches and rng.random() < 0.6:
            row = {f.name: cell(rng, f, None) for f in table.fields}
            start = first + rng.randrange(80) * DAY
            row[table.child] = one.id
            row[referred] = words(start - rng.choice((0, 5, 60)) * DAY)
            row[placed] = words(start) if odd.has_homes else ""
            if not odd.has_homes:
                row |= {f.name: "" for f in table.fields if f.name in (
                    "placement_type", "provider_urn", "placement_location")}  # fmt: skip
            if not odd.has_prices:
                row |= {f.name: "" for f in table.fields if f.type == "money"}
            rows.append(row)
    return rows


def odd_files(rng: random.Random) -> Files:
    """All that an odd authority drops."""
    standards = load_standards()
    odd = draw(rng)
    lives = [life(rng, odd, n) for n in range(odd.children)]
    files: dict[str, list[Row]] = {}
    for year in odd.years:
        tables = {"episodes": episode_rows(lives, year, rng)}
        if odd.has_headers:
            tables["header"] = [
                {"child": one.id, "sex": rng.choice(("M", "F", "1", "2", "")),
                 "dob": words(one.born), "ethnic": rng.choice(("WBRI", "OOTH", "")), "upn": "UN1"}
                for one in lives
            ]  # fmt: skip
        for name in rng.sample(("uasc", "reviews", "oc2", "ad1", "missing"), rng.randint(0, 2)):
            fields = standards[name].fields
            tables[name] = [
                {f.name: cell(rng, f, year) for f in fields} | {"child": one.id} for one in lives
            ]
        for name, rows in tables.items():
            files[f"{year}/{name}.csv"] = table_rows(rng, odd, standards[name], rows, year)
    table = standards[odd.standard]
    for quarter in odd.quarters:
        rows = return_rows(rng, odd, table, lives, quarter)
        files[f"{quarter}/returns.csv"] = table_rows(rng, odd, table, rows, None)
    if files and rng.random() < 0.2:  # the same once more, under another name
        path = rng.choice(list(files))
        files[path.replace(".csv", " copy.csv")] = files[path]
    return {path: rows for path, rows in files.items() if rows}
