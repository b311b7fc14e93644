"""A new home: who would live in it, what it costs, and what is no longer paid for them elsewhere.

The one model of new homes: scenarios, the business case and `common-core what-if` all ask it.
`docs/decisions/0029-business-case.md` says what is assumed and why.

There are two reasons to build, and a child counts for one of them alone, by where it lives:
children in beds of that type that are bought now, whom a new home takes at a price that is no
longer paid; and children who live in homes of another type though this type alone was recommended.
"""

import csv
import zlib
from dataclasses import dataclass
from functools import cache

import duckdb
import numpy as np

from pipeline.forecast.categories import SEEDS
from pipeline.forecast.nights import BOUGHT, OWN
from pipeline.forecast.periods import days_in
from pipeline.forecast.prices import PriceDraws, Prices, price_growth, price_rise
from pipeline.forecast.region import Frame

TYPES = ("foster", "residential", "supported")  # that can be built or found
DAYS_A_WEEK, YEAR = 7, 12
BOTH, BOUGHT_FIRST, LACKING_FIRST = "both alike", "bought first", "lacking first"


@dataclass(frozen=True)
class Assumption:
    """Lowest, likeliest and highest value; a future draws from the triangle over them."""

    low: float
    central: float
    high: float

    def drawn(self, draws: int, rng: np.random.Generator) -> np.ndarray:
        """A value for each draw."""
        bottom, top = min(self.low, self.high), max(self.low, self.high)
        if bottom == top:
            return np.full(draws, float(bottom))
        return rng.triangular(bottom, self.central, top, draws)


@cache
def assumptions() -> dict[str, Assumption]:
    """Those of the seed, by name."""
    with (SEEDS / "new_home_assumption.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["assumption"]: Assumption(*(float(row[end]) for end in ("low", "central", "high")))
            for row in csv.DictReader(stream)
        }


@dataclass(frozen=True)
class Luck:
    """What is assumed in each draw; shape (draws,)."""

    bought_share: np.ndarray
    lacking_share: np.ndarray
    price: np.ndarray
    cost: np.ndarray


def luck_of(market: "Market") -> Luck:
    """The same for all homes of a type in an authority, so that they differ by what they are."""
    given, draws = assumptions(), market.draws
    rng = np.random.default_rng([market.seed, 3])
    return Luck(
        *(
            given[what].drawn(draws, rng)
            for what in (
                "share of bought beds",
                "share of children who lack the type",
                "price of homes now",
                "cost of the new home",
            )
        )
    )


@dataclass(frozen=True)
class Home:
    """A home of a scenario or an option. Months are numbers, as in `periods`.

    Its cost is gbp_per_year, however full it is, or gbp_per_week for each child, in the prices of
    the month in which it opens; without either it costs what own provision of its type does.
    """

    name: str
    beds: int
    opens: int
    ramp_months: int = 0
    closes: int | None = None  # its last month
    gbp_per_year: float | None = None
    gbp_per_week: float | None = None

    def open_beds(self, months: np.ndarray) -> np.ndarray:
        """Beds that are in use on average in each of these months, filling in a straight line."""
        there = self.beds * (self._full(months + 1) - self._full(months))
        is_over = months > (self.closes if self.closes is not None else np.inf)
        return np.where((months < self.opens) | is_over, 0.0, there)

    def _full(self, months: np.ndarray) -> np.ndarray:
        """Months' worth of all its beds that it had before these months begin."""
        passed = np.maximum(months - self.opens, 0).astype(float)
        if not self.ramp_months:
            return passed
        ramp = float(self.ramp_months)
        return np.where(passed >= ramp, passed - ramp / 2, passed**2 / (2 * ramp))


@dataclass(frozen=True)
class Market:
    """Children who could live in new homes of one type in one authority, and what is paid for them.

    All of shape (draws, months), lacking and lacking_gbp with the type they live in last. The
    months are `first` and those that follow. Children are means over the month, pounds are a
    night, in prices of the month. The seed is of the authority and type.
    """

    seed: int
    first: int
    bought: np.ndarray  # children in beds of the type that are bought
    bought_gbp: np.ndarray
    lacking: np.ndarray  # children elsewhere, though the type alone was recommended
    lacking_gbp: np.ndarray  # for the homes they have
    own_gbp: np.ndarray  # in own provision of the type
    rise: np.ndarray  # prices of the type over those of the last month known

    @property
    def draws(self) -> int:
        return self.bought.shape[0]

    @property
    def months(self) -> np.ndarray:
        """The numbers of the months."""
        return self.first + np.arange(self.bought.shape[1])

    def at(self, months: np.ndarray) -> "Market":
        """The market in any months. Before the first one it is as in that.

        After the last, prices stay where they are, and children are as many as in the last twelve
        months on average, and wander from there as numbers of children in care do.
        """
        place = np.clip(months - self.first, 0, self.bought.shape[1] - 1)
        years = np.maximum(months - self.months[-1], 0) / 12
        is_after = years > 0
        walk = _walk(years, np.random.default_rng([self.seed, 4]), self.draws)

        def children(known: np.ndarray) -> np.ndarray:
            of_last = known[:, -YEAR:].mean(axis=1, keepdims=True)
            shape = (self.draws, len(months), *[1] * (known.ndim - 2))
            ahead = of_last * walk.reshape(shape)
            return np.where(is_after.reshape(1, *shape[1:]), ahead, known[:, place])

        return Market(
            self.seed,
            int(months[0]),
            children(self.bought),
            self.bought_gbp[:, place],
            children(self.lacking),
            self.lacking_gbp[:, place],
            self.own_gbp[:, place],
            self.rise[:, place],
        )


def _walk(years: np.ndarray, rng: np.random.Generator, draws: int) -> np.ndarray:
    """Factors of the number of children so many years after the forecast; (draws, months)."""
    steps = rng.standard_normal((draws, int(np.ceil(years.max(initial=0)))))
    path = np.concatenate([np.zeros((draws, 1)), steps.cumsum(axis=1)], axis=1)
    before, after = np.floor(years).astype(int), np.ceil(years).astype(int)
    part = years - before
    at = path[:, before] * (1 - part) + path[:, after] * part
    return np.exp(assumptions()["yearly change of children"].central * at)


@dataclass(frozen=True)
class Filled:
    """Children who live in a home: (draws, months), those who lacked the type by where from."""

    bought: np.ndarray
    lacking: np.ndarray

    @property
    def children(self) -> np.ndarray:
        return self.bought + self.lacking.sum(axis=2)

    def __add__(self, other: "Filled") -> "Filled":
        return Filled(self.bought + other.bought, self.lacking + other.lacking)


def filled(
    home: Home, market: Market, luck: Luck, order: str = BOTH, taken: Filled | None = None
) -> Filled:
    """Who would live in a home: no more than there are, nor than can be filled of its beds.

    Beds go to those who lack the type and to those in bought beds as they stand in number, unless
    one of them comes first. taken: who lives in other new homes of the type already.
    """
    beds = home.open_beds(market.months) * assumptions()["highest occupancy"].central
    bought = luck.bought_share[:, None] * market.bought
    lacking = luck.lacking_share[:, None, None] * market.lacking
    if taken is not None:
        bought = np.maximum(bought - taken.bought, 0)
        lacking = np.maximum(lacking - taken.lacking, 0)
    of_lacking = lacking.sum(axis=2)
    if order == BOTH:
        part = _part(np.broadcast_to(beds, bought.shape), bought + of_lacking)
        return Filled(bought * part, lacking * part[..., None])
    if order == LACKING_FIRST:
        part = _part(np.broadcast_to(beds, bought.shape), of_lacking)
        left = np.maximum(beds - of_lacking, 0)
        return Filled(bought * _part(left, bought), lacking * part[..., None])
    part = _part(np.broadcast_to(beds, bought.shape), bought)
    left = np.maximum(beds - bought, 0)
    return Filled(bought * part, lacking * _part(left, of_lacking)[..., None])


def _part(beds: np.ndarray, children: np.ndarray) -> np.ndarray:
    """Share of the children for whom there are beds."""
    return np.divide(
        np.minimum(beds, children), children, out=np.ones_like(children), where=children > 0
    )


@dataclass(frozen=True)
class Money:
    """Pounds of each month, in prices of the month; all of shape (draws, months).

    saved: for bought beds that are not bought any more. left: for the homes that children leave who
    lacked the type, by where they lived last. own: what the home costs. benefit, which is no money:
    what bought beds of the type would cost for these children beyond what their homes cost now.
    """

    saved: np.ndarray
    left: np.ndarray
    own: np.ndarray
    benefit: np.ndarray

    @property
    def cash(self) -> np.ndarray:
        """Pounds less that are paid, all in all; below nothing it costs more than it saves."""
        return self.saved + self.left.sum(axis=2) - self.own


def money(home: Home, market: Market, there: Filled, luck: Luck) -> Money:
    """What a home saves and costs in each month."""
    days = np.array([days_in(int(month)) for month in market.months])
    factor = luck.price[:, None]
    bought_gbp = market.bought_gbp * factor
    lacking_gbp = market.lacking_gbp * factor[..., None]
    lacking_nights = there.lacking * days[:, None]
    dearer = np.maximum(bought_gbp[..., None] - lacking_gbp, 0)
    return Money(
        saved=_paid(there.bought * days, bought_gbp),
        left=_paid(lacking_nights, lacking_gbp),
        own=_own_cost(home, market, there, days) * luck.cost[:, None],
        benefit=_paid(lacking_nights, dearer).sum(axis=2),
    )


def _paid(nights: np.ndarray, gbp: np.ndarray) -> np.ndarray:
    """Pounds; for nobody nothing, even where no price is known."""
    return np.where(nights == 0, 0.0, nights * gbp)


def _own_cost(home: Home, market: Market, there: Filled, days: np.ndarray) -> np.ndarray:
    months = market.months
    if home.gbp_per_year is not None:
        is_over = months > (home.closes if home.closes is not None else np.inf)
        is_open = (months >= home.opens) & ~is_over
        return np.where(is_open, home.gbp_per_year / 12, 0.0) * market.rise
    nights = there.children * days
    if home.gbp_per_week is None:
        return _paid(nights, market.own_gbp)
    at_opening = market.rise[:, np.clip(home.opens - market.first, 0, len(months) - 1)]
    return nights * home.gbp_per_week / DAYS_A_WEEK * market.rise / at_opening[:, None]


@dataclass(frozen=True)
class Now:
    """Children whom a new home is a question of, on the last day that is known.

    bought: (las, types). lacking: (las, where they live, type they lack). waiting: not in care and
    without a home, by the type that alone was recommended: (las, types). They are in no market, for
    where they would live otherwise is not known.
    known_prices: how many of the bought beds have a price; (las, types). asked, not_known: children
    with a search, and those of whom it does not tell what was recommended; (las,).
    """

    bought: np.ndarray
    lacking: np.ndarray
    waiting: np.ndarray
    known_prices: np.ndarray
    asked: np.ndarray
    not_known: np.ndarray


def read_now(connection: duckdb.DuckDBPyConnection, frame: Frame) -> Now:
    """What staging knows of these authorities."""
    las, types = len(frame.las), len(frame.types)
    given = {"las": list(frame.las), "types": list(frame.types)}
    rows = connection.execute(
        "select list_position($las, la_code) - 1, list_position($types, lives_in), "
        "list_position($types, lacks_type), is_bought, is_price_known, "
        "is_search_known, recommended_type = 'not known', count(*) "
        "from staging.int_new_home_child where list_contains($las, la_code) group by all",
        given,
    ).fetchall()
    bought, known = np.zeros((las, types)), np.zeros((las, types))
    lacking, waiting = np.zeros((las, types, types)), np.zeros((las, types))
    asked, not_known = np.zeros(las), np.zeros(las)
    for la, lives, lacks, is_bought, has_price, is_asked, is_blank, count in rows:
        if is_bought:
            bought[la, lives - 1] += count
            known[la, lives - 1] += count * has_price
        if lacks and lives:
            lacking[la, lives - 1, lacks - 1] += count
        elif lacks:
            waiting[la, lacks - 1] += count
        asked[la] += count * is_asked
        not_known[la] += count * (is_asked and is_blank)
    return Now(bought, lacking, waiting, known, asked, not_known)


@dataclass(frozen=True)
class Who:
    """Who may live in a home: children of these bands, (bands,), and if `of_type` is given, any
    child who lives in that type, whatever was recommended."""

    bands: np.ndarray
    of_type: int | None = None


def market_of(
    frame: Frame,
    now: Now,
    stocks: tuple[np.ndarray, np.ndarray],
    priced: tuple[Prices, PriceDraws, np.ndarray | None],
    la: int,
    kind: int,
    who: Who | None = None,
) -> Market:
    """The market of a type in an authority.

    stocks: of the draws without a scenario and with it, [draw, la, month, band, type]: of each type
    the share that is bought, or lacks another type, stays what it is on the last day known. That
    the number of those who lack it is one of chance goes into the draws. priced: prices, their
    draws, and rises that a scenario sets.
    """
    base, stock = (s[:, la].astype(float) for s in stocks)
    draws, months = stock.shape[0], stock.shape[1] - 1
    bands = slice(None) if who is None else who.bands
    mean = (stock[:, 1:] + stock[:, :-1])[:, :, bands].sum(axis=2) / 2  # [draw, month, type]
    at_first = base[0, 0].sum(axis=0)  # [type]
    share = np.divide(1, at_first, out=np.zeros_like(at_first), where=at_first > 0)
    bought = mean[..., kind] * share[kind] * now.bought[la, kind]
    lacking = mean * share * now.lacking[la, :, kind]
    seed = market_seed(frame.las[la], frame.types[kind])
    lacking *= _chance(now.lacking[la, :, kind].sum(), draws, seed)[:, None, None]
    if who is not None and who.of_type is not None:
        lacking = np.zeros_like(mean)
        if who.of_type != kind:
            bought = np.zeros_like(bought)
            lacking[..., who.of_type] = mean[..., who.of_type]
    prices, drawn, instead = priced
    growth = price_growth(drawn, months, instead)[:, la]  # [draw, type, month]
    mix = (prices.share * prices.per_night).sum(axis=-1)[la]
    # Of what has no price nothing is known; of `other`, with parents above all, it is next to none.
    mix = np.where(np.isnan(mix) & ~np.isin(frame.types, TYPES), 0.0, mix)
    return Market(
        seed,
        prices.origin + 1,
        bought,
        prices.per_night[la, kind, BOUGHT] * growth[:, kind],
        lacking,
        (mix[:, None] * growth).transpose(0, 2, 1),
        prices.per_night[la, kind, OWN] * growth[:, kind],
        price_rise(drawn, months, instead)[:, la, kind],
    )


def market_seed(la_code: str, placement_type: str) -> int:
    """A number of this authority and type."""
    return zlib.crc32(f"{la_code}|{placement_type}".encode())


def _chance(count: float, draws: int, seed: int) -> np.ndarray:
    """What the number could as well have been, over what it was: the fewer, the less is known."""
    shape = count + 0.5
    return np.random.default_rng([seed, 5]).gamma(shape, size=draws) / shape
