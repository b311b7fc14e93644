"""The rates that SQL makes equal the same formulas written out in plain Python.

Events and child-months are weighted by age, drawn towards wider groups, and compared with what the
region's rates would have made of each authority's children.
"""

from collections import defaultdict

import duckdb
import pytest

from tests.forecast.made_up_care import BANDS, built, made_up

HALF_LIFE, PRIOR, LONG = 60, 100, 24
STATES = ("foster", "residential", "supported", "adoption", "parents", "other")
NEXT = (*STATES, "left")
BAND_OF = {age: next(name for end, name in BANDS if age < end) for age in range(18)}
Step = tuple[str, int, int, str, int, str, int]  # la, month, age, type, duration, next, children


@pytest.fixture(scope="module")
def panel() -> duckdb.DuckDBPyConnection:
    return built(made_up(2, children=300), None)


@pytest.fixture(scope="module")
def steps(panel: duckdb.DuckDBPyConnection) -> list[Step]:
    return panel.execute(
        "select la_code, month_number, age_years, placement_type, duration_band, next_type, "
        "children from int_care_transition where next_type <> 'turned 18' and is_duration_known"
    ).fetchall()


@pytest.fixture(scope="module")
def covered(panel: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
    return panel.execute(
        "select la_code, month_number, day(month_end) from int_covered_month"
    ).fetchall()


@pytest.fixture(scope="module")
def origins(panel: duckdb.DuckDBPyConnection) -> list[int]:
    return [
        row[0]
        for row in panel.execute(
            "select month_number from int_forecast_origin order by 1"
        ).fetchall()
    ]


def by_key(panel: duckdb.DuckDBPyConnection, query: str, keys: int) -> dict[tuple, tuple]:
    rows = panel.execute(query).fetchall()
    found = {row[:keys]: row[keys:] for row in rows}
    assert len(found) == len(rows)
    return found


class Rates:
    """Rates of the region as of an origin, and what they rest on."""

    def __init__(self, steps: list[Step], origin: int) -> None:
        self.at_risk: dict = defaultdict(float)  # by age, type, duration
        self.events: dict = defaultdict(float)  # and next type
        for _, month, age, kind, duration, after, children in steps:
            if month < origin:
                weight = children * 0.5 ** ((origin - month) / HALF_LIFE)
                self.at_risk[age, kind, duration] += weight
                self.events[age, kind, duration, after] += weight

    def cells(self, age: int, duration: int | None) -> list[tuple[int, int]]:
        ages = [a for a in range(18) if BAND_OF[a] == BAND_OF[age]]
        return [(a, d) for a in ages for d in (range(6) if duration is None else (duration,))]

    def sums(self, age: int, kind: str, duration: int | None, after: str) -> tuple[float, float]:
        cells = self.cells(age, duration)
        return (
            sum(self.events[a, kind, d, after] for a, d in cells),
            sum(self.at_risk[a, kind, d] for a, d in cells),
        )

    def of_band(self, age: int, kind: str, after: str) -> float:
        events, at_risk = self.sums(age, kind, None, after)
        return events / at_risk if at_risk else 0

    def of(self, age: int, kind: str, duration: int, after: str) -> float:
        events, at_risk = self.sums(age, kind, duration, after)
        wider = (events + PRIOR * self.of_band(age, kind, after)) / (at_risk + PRIOR)
        mine = self.at_risk[age, kind, duration]
        return (self.events[age, kind, duration, after] + PRIOR * wider) / (mine + PRIOR)


@pytest.fixture(scope="module")
def rates(steps: list[Step], origins: list[int]) -> dict[int, dict]:
    """By origin: the rate of each age, type, duration and next type."""
    made = {}
    for origin in origins:
        region = Rates(steps, origin)
        made[origin] = {
            (age, kind, duration, after): region.of(age, kind, duration, after)
            for age in range(18)
            for kind in STATES
            for duration in range(6)
            for after in NEXT
            if after != kind
        }
    return made


def test_who_came_before_the_first_file_counts_once_long_in_care(
    panel: duckdb.DuckDBPyConnection, covered: list[tuple[str, int, int]]
):
    there = {(la, month) for la, month, _ in covered}
    told = panel.execute(
        "select la_code, month_number, months_in_care, is_duration_known from int_care_month"
    ).fetchall()
    assert {known for *_, known in told} == {False, True}
    for la, month, passed, known in told:
        assert known == ((la, month - passed) in there or passed >= LONG)


def test_origins_go_back_by_quarters_as_far_as_there_is_history(
    origins: list[int], covered: list[tuple[str, int, int]]
):
    months = sorted({month for la, month, _ in covered if la != "C"})  # C has not sent the end
    last = 12 * 2026 + 3
    assert months[-1] == last
    assert origins == [m for m in range(last - 36, last + 1, 3) if sum(n < m for n in months) >= 24]
    assert len(origins) > 4


def test_rates_are_those_of_the_formulas(
    panel: duckdb.DuckDBPyConnection, steps: list[Step], rates: dict[int, dict]
):
    found = by_key(
        panel,
        "select origin_month, age_years, placement_type, duration_band, next_type, "
        "children_months, events, rate, age_band from int_forecast_rate",
        5,
    )
    assert len(found) == len(rates) * 18 * 6 * 6 * 6
    for origin, plain in rates.items():
        region = Rates(steps, origin)
        for (age, kind, duration, after), rate in plain.items():
            at_risk, events, told, band = found[origin, age, kind, duration, after]
            assert told == pytest.approx(rate, abs=1e-12)
            assert at_risk == pytest.approx(region.at_risk[age, kind, duration])
            assert events == pytest.approx(region.events[age, kind, duration, after])
            assert band == BAND_OF[age]
            assert 0 <= rate <= 1
    assert max(rates[max(rates)].values()) > 0.02


def prior(pairs: list[tuple[float, float]]) -> float:
    squares = sum(e * e for _, e in pairs)
    spread = sum((o - e) ** 2 - e for o, e in pairs) / squares if squares else 0
    return min(max(1 / max(spread, 1e-9), 10), 2000)


def test_rates_of_authorities_are_those_of_the_formulas(
    panel: duckdb.DuckDBPyConnection,
    steps: list[Step],
    covered: list[tuple[str, int, int]],
    rates: dict[int, dict],
):
    found = by_key(
        panel,
        "select origin_month, la_code, age_band, placement_type, next_type, children_months, "
        "events, expected, prior_events, la_factor, rate_seen, regional_rate, rate_used "
        "from int_forecast_rate_la",
        5,
    )
    priors = set()
    compared = 0
    for origin, rate in rates.items():
        region = Rates(steps, origin)
        las = sorted({la for la, month, _ in covered if month < origin})
        at_risk, observed, expected = defaultdict(float), defaultdict(float), defaultdict(float)
        for la, month, age, kind, duration, after, children in steps:
            if month >= origin:
                continue
            weight = children * 0.5 ** ((origin - month) / HALF_LIFE)
            band = BAND_OF[age]
            at_risk[la, band, kind] += weight
            observed[la, band, kind, after] += weight
            for other in NEXT:
                if other != kind:
                    expected[la, band, kind, other] += weight * rate[age, kind, duration, other]
        cells = [(b, k, n) for _, b in BANDS for k in STATES for n in NEXT if n != k]
        moves = {
            la: (
                sum(observed[la, *c] for c in cells if c[2] != "left"),
                sum(expected[la, *c] for c in cells if c[2] != "left"),
            )
            for la in las
        }
        add = prior(list(moves.values()))
        priors.add(add)
        move_factor = {la: (o + add) / (e + add) for la, (o, e) in moves.items()}
        for after in NEXT:
            mine = [c for c in cells if c[2] == after]
            first = {la: 1 if after == "left" else move_factor[la] for la in las}
            sums = {
                la: (sum(observed[la, *c] for c in mine),
                     first[la] * sum(expected[la, *c] for c in mine))
                for la in las
            }  # fmt: skip
            add = prior(list(sums.values()))
            priors.add(add)
            factor = {la: first[la] * (o + add) / (e + add) for la, (o, e) in sums.items()}
            add = prior(
                [(observed[la, *c], expected[la, *c] * factor[la]) for la in las for c in mine]
            )
            priors.add(add)
            for la in las:
                for band, kind, _ in mine:
                    months, seen = at_risk[la, band, kind], observed[la, band, kind, after]
                    wanted = expected[la, band, kind, after]
                    age = next(a for a, b in BAND_OF.items() if b == band)
                    regional = wanted / months if months else region.of_band(age, kind, after)
                    wanted *= factor[la]
                    plain = (
                        months, seen, wanted, add, factor[la], seen / months if months else None,
                        regional,
                        min(1, regional * factor[la] * (seen + add) / (wanted + add)),
                    )  # fmt: skip
                    told = found[origin, la, band, kind, after]
                    assert told == pytest.approx(plain, abs=1e-9)
                    compared += 1
    assert compared == len(found)
    assert [p for p in priors if 10 < p < 2000]


def test_what_was_expected_of_each_month(
    panel: duckdb.DuckDBPyConnection,
    steps: list[Step],
    covered: list[tuple[str, int, int]],
    rates: dict[int, dict],
):
    of_region = by_key(
        panel,
        "select origin_month, month_number, placement_type, next_type, events, expected "
        "from int_forecast_month",
        4,
    )
    of_la = by_key(
        panel,
        "select origin_month, la_code, month_number, events, comparable_events, expected, entries "
        "from int_forecast_month_la",
        3,
    )
    entries: dict = defaultdict(int)
    for la, month, children in panel.execute(
        "select la_code, month_number, children from int_care_entry"
    ).fetchall():
        entries[la, month] += children
    left = by_key(
        panel,
        "select la_code, month_number, sum(children)::int from int_care_transition "
        "where next_type = 'left' group by all",
        2,
    )
    there = {(la, month) for la, month, _ in covered}
    for origin, rate in rates.items():
        region: dict = defaultdict(lambda: [0, 0.0])
        exits: dict = defaultdict(lambda: [0, 0.0])
        for la, month, age, kind, duration, after, children in steps:
            if month >= origin:
                continue
            for other in NEXT:
                if other != kind:
                    cell = region[month, kind, other]
                    cell[0] += children if other == after else 0
                    cell[1] += children * rate[age, kind, duration, other]
            exits[la, month][0] += children if after == "left" else 0
            exits[la, month][1] += children * rate[age, kind, duration, "left"]
        told = {key[1:]: value for key, value in of_region.items() if key[0] == origin}
        assert told.keys() == region.keys()
        assert all(told[key] == pytest.approx(tuple(cell)) for key, cell in region.items())
        told = {key[1:]: value for key, value in of_la.items() if key[0] == origin}
        assert told.keys() == {(la, month) for la, month in there if month <= origin}
        for (la, month), (events, comparable, expected, came) in told.items():
            if month < origin and (la, month + 1) in there:
                assert (events,) == left.get((la, month), (0,))
                assert (comparable, expected) == pytest.approx(tuple(exits[la, month]))
            else:
                assert (events, comparable, expected) == (None, None, None)
            assert came == (entries[la, month] if (la, month - 1) in there else None)


def test_entries_and_how_much_they_come_together(
    panel: duckdb.DuckDBPyConnection, covered: list[tuple[str, int, int]], origins: list[int]
):
    found = by_key(
        panel,
        "select origin_month, la_code, age_years, placement_type, children from int_forecast_entry",
        4,
    )
    spread = by_key(panel, "select origin_month, variance_to_mean from int_entry_spread", 1)
    came = panel.execute(
        "select la_code, month_number, age_years, placement_type, children from int_care_entry"
    ).fetchall()
    days = panel.execute(
        "select la_code, 12 * year(start_date) + month(start_date), children from int_entry_day"
    ).fetchall()
    plain: dict = defaultdict(float)
    for origin in origins:
        for la, month, age, kind, children in came:
            if month <= origin:
                plain[origin, la, age, kind] += children * 0.5 ** ((origin - month) / HALF_LIFE)
        variation, total = 0.0, 0
        for la in "ABC":
            mine = [n for of, month, n in days if of == la and month <= origin]
            length = sum(d for of, month, d in covered if of == la and month <= origin)
            if mine:
                variation += sum(n * n for n in mine) - sum(mine) ** 2 / length
                total += sum(mine)
        assert spread[(origin,)] == pytest.approx((min(max(variation / total, 1), 5),))
    assert {key: value[0] for key, value in found.items()} == pytest.approx(dict(plain))
