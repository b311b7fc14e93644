"""Made-up figures for every picture: any number of areas, some withheld, some with nasty names."""

import random
from decimal import Decimal

import pandas as pd

LAS = (
    "Bath and North East Somerset",
    "Bournemouth, Christchurch and Poole",
    "Bristol, City of",
    "Cornwall",
    "Devon",
    "Dorset",
    "Gloucestershire",
    "Isles of Scilly",
    "North Somerset",
    "Plymouth",
    "Somerset",
    "South Gloucestershire",
    "Swindon",
    "Torbay",
    "Wiltshire",
)
PROFILES = (
    "High risk to self, two adults to one child",
    "High risk to others",
    "Exploited or at risk of it, often missing",
    "Learning disability with health needs",
    "Young children with few needs",
    "Older and nearly independent",
)
TYPES = ("Foster care", "Residential care", "Supported accommodation", "Other types")
NASTY = (
    "<script>alert('x')</script>",
    '"><img src=https://example.org/x onerror=alert(1)>',
    "R&D </svg></figure> --> Ltd",
    "{{ 7 * 7 }} {% raw %}",
    "Zero\x00width\u200b\u202eright to left",
    "L" * 90,
)


def areas(count: int) -> tuple[str, ...]:
    """That many areas, without the region."""
    return (LAS + NASTY)[:count]


def nulled(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The frame as the marts give it: null where withheld."""
    out = frame.copy()
    for column in columns:
        out[column] = out[column].where(~out["is_suppressed"].astype(bool))
    return out


def shares(names: tuple[str, ...]) -> pd.DataFrame:
    """Placements over 20 miles, of those with a known distance; the last area is withheld."""
    drawn = random.Random(1)
    rows = []
    for n, name in enumerate(names):
        of = drawn.randrange(40, 160)
        part = drawn.randrange(6, of // 2)
        rows.append((name, False, part, of, n == len(names) - 1 and n > 0))
    rows.append(("Region", True, sum(r[2] for r in rows), sum(r[3] for r in rows), False))
    columns = ["area", "is_region", "part", "of", "is_suppressed"]
    return nulled(pd.DataFrame(rows, columns=columns), "part", "of")


def types(names: tuple[str, ...]) -> pd.DataFrame:
    """Placements by type; supported accommodation of the second area is withheld."""
    drawn = random.Random(2)
    rows = []
    for n, name in enumerate((*names, "Region")):
        counts = [drawn.randrange(60, 90), drawn.randrange(6, 25), drawn.randrange(6, 15), 8]
        for kind, count in zip(TYPES, counts, strict=True):
            hidden = n == 1 and kind in TYPES[2:]
            rows.append((name, name == "Region", kind, count, sum(counts), hidden))
    columns = ["area", "is_region", "type", "part", "of", "is_suppressed"]
    return nulled(pd.DataFrame(rows, columns=columns), "part", "of")


def distances(names: tuple[str, ...]) -> pd.DataFrame:
    """Shares within 5 to 100 miles; the last area is withheld."""
    drawn = random.Random(3)
    rows = []
    for n, name in enumerate((*names, "Region")):
        reach = drawn.uniform(9, 25)
        for miles in (0, 2, 5, 10, 20, 30, 50, 100):
            within = 1 - 2.718 ** (-miles / reach)
            hidden = n == len(names) - 1 and n > 0
            rows.append((name, name == "Region", miles, within, 120, hidden))
    columns = ["area", "is_region", "miles", "share_within", "known", "is_suppressed"]
    return nulled(pd.DataFrame(rows, columns=columns), "share_within", "known")


def gaps(names: tuple[str, ...]) -> pd.DataFrame:
    """Gap index by area and profile; about one in eight is withheld, one pair has no searches."""
    drawn = random.Random(4)
    rows = []
    for name in names:
        for profile in PROFILES:
            index = drawn.lognormvariate(0, 0.45)
            rows.append(
                (name, profile, drawn.randrange(6, 40), index, 0.7 * index, 1.4 * index, False)
            )
    columns = ["area", "profile", "searches", "gap_index", "gap_low", "gap_high", "is_suppressed"]
    frame = pd.DataFrame(rows[1:], columns=columns)
    frame["is_suppressed"] = [n % 8 == 7 for n in range(len(frame))]
    return nulled(frame, "searches", "gap_index", "gap_low", "gap_high")


def flows() -> pd.DataFrame:
    """Recommended and actual type; two of the pairs are withheld."""
    rows = [
        ("Foster care", "Foster care", 210, False),
        ("Foster care", "Residential care", 35, False),
        ("Foster care", "Supported accommodation", 12, False),
        ("Residential care", "Residential care", 60, False),
        ("Residential care", "Foster care", None, True),
        ("Supported accommodation", "Supported accommodation", 45, False),
        ("Supported accommodation", "Residential care", None, True),
    ]
    return pd.DataFrame(rows, columns=["recommended", "actual", "searches", "is_suppressed"])


def places(names: tuple[str, ...]) -> pd.DataFrame:
    """Registered places and children who need one; the first area is withheld."""
    drawn = random.Random(5)
    rows = [(n, drawn.randrange(0, 60), drawn.randrange(6, 60), False) for n in names]
    frame = pd.DataFrame(rows, columns=["area", "places", "needed", "is_suppressed"])
    frame["is_suppressed"] = [n == 0 and len(names) > 1 for n in range(len(names))]
    return nulled(frame, "needed")


def costs(names: tuple[str, ...]) -> pd.DataFrame:
    """Weekly prices by type, sector and area; other public homes are withheld."""
    drawn = random.Random(6)
    kinds = (
        ("Foster care", "own provision", 530),
        ("Foster care", "independent agency", 1080),
        ("Residential care", "own provision", 6100),
        ("Residential care", "independent agency", 5300),
        ("Residential care", "other public", 5000),
        ("Supported accommodation", "independent agency", 1450),
    )
    rows = []
    for name in names:
        for kind, sector, price in kinds:
            middle = price * drawn.uniform(0.85, 1.2)
            hidden = sector == "other public"
            rows.append((kind, sector, name, 14, 0.85 * middle, middle, 1.2 * middle, hidden))
    columns = ["type", "sector", "area", "children", "lower", "middle", "upper", "is_suppressed"]
    return nulled(pd.DataFrame(rows, columns=columns), "children", "lower", "middle", "upper")


def premiums(count: int, names: tuple[str, ...] = ()) -> pd.DataFrame:
    """That many providers with their premium, every fifth with too few children."""
    drawn = random.Random(7)
    rows = []
    for n in range(count):
        premium, half = drawn.gauss(0, 11), drawn.uniform(3, 16)
        name = names[n] if n < len(names) else f"Harbour Lights Children's Homes {n + 1}"
        rows.append((name, 12, premium, premium - half, premium + half, n % 5 == 4))
    columns = ["provider", "children", "premium", "low", "high", "is_suppressed"]
    return nulled(pd.DataFrame(rows, columns=columns), "children", "premium", "low", "high")


def bridge() -> pd.DataFrame:
    """Spend of two periods and what drives the change, to the penny."""
    steps = ("before", "Volume", "Mix", "Price", "Length of stay", "after")
    amounts = ("14203311.45", "612004.10", "-208455.02", "1044120.77", "87310.00", "15738291.30")
    return pd.DataFrame({"step": steps, "amount_gbp": [Decimal(a) for a in amounts]})


def options() -> pd.DataFrame:
    """Options for new homes: one saves, one may, one costs, one is withheld."""
    figures = {
        "mean": [1_850_000, 120_000, -350_000, 1],
        "lower": [900_000, -210_000, -700_000, 1],
        "upper": [2_600_000, 480_000, -90_000, 1],
        "bought_first": [2_100_000, 120_000, 40_000, 1],
        "lacking_first": [-300_000, 120_000, -900_000, 1],
        "chance": [0.97, 0.58, 0.04, 1],
        "payback_years": [7, 19, None, 1],
        "break_even": [0.71, 0.88, None, 1],
    }
    names = ("Four-bed home for high risk, north", "Two-bed home",
             "Ten foster carers, specialist scheme", "Supported flats")  # fmt: skip
    frame = pd.DataFrame({"option": names, "lifetime_years": [25, 25, 10, 1]})
    return nulled(
        frame.assign(**figures, is_suppressed=[False, False, False, True]), *list(figures)
    )


def beds(names: tuple[str, ...]) -> pd.DataFrame:
    """Bought beds of each area and type; one of the first area is withheld."""
    rows = [
        {"type": kind, "area": name, "is_region": name == names[0], "bought": 8 + 3 * n + 7 * k,
         "lacking": n, "gbp_per_week": 1_000 + 4_300 * k, "median": 1e6 + 3e5 * n + 2e6 * k,
         "lower": 9e5 + 2e5 * n + 1.7e6 * k, "upper": 1.2e6 + 4e5 * n + 2.3e6 * k,
         "is_suppressed": n == 1 and k == 0}
        for n, name in enumerate(names)
        for k, kind in enumerate(("Foster care", "Residential care"))
    ]  # fmt: skip
    return nulled(
        pd.DataFrame(rows), "bought", "lacking", "gbp_per_week", "median", "lower", "upper"
    )
