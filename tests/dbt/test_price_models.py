"""What a night without a known price is estimated from: worked by hand, the SQL run without dbt."""

import duckdb
import pandas as pd
import pytest

from tests.rendered import model

FOSTER = {"placement_type": "foster", "provider_sector": "own provision"}


def made(name: str, **tables: list[dict]) -> pd.DataFrame:
    """A model of the foundation over these tables."""
    with duckdb.connect() as connection:
        for table, rows in tables.items():
            frame = pd.DataFrame(rows)
            connection.register("rows", frame)
            connection.execute(f"create table {table} as select * from rows")
            connection.unregister("rows")
        return connection.execute(model(f"marts/foundation/{name}.sql")).df()


def start(la_code: str, log_price: float, **other: object) -> dict:
    """A price agreed as a stay began."""
    usual = {"la_code": la_code, "log_price": log_price, "years": 25.0, "log_days": 6.0}
    return FOSTER | usual | {"age_band": "5 to 9", "home_id": str(log_price)} | other


def levelled(la_code: str, price: float, urn: str | None = None, **other: str) -> dict:
    """A price that can be compared."""
    return FOSTER | {"la_code": la_code, "price": price, "provider_urn": urn} | other


def cell(la_code: str, **other: str) -> dict:
    """A placement's home, as far as levels ask for it."""
    return FOSTER | {"la_code": la_code} | other


def test_an_age_is_dear_within_an_authority_and_sector():
    """In A 10 children of 10 to 15 cost 0.2 more than 10 of 5 to 9: 0.1 off the mean each way, half
    of it with 10 more prices. B is dear and has the young alone: 10 x 0.1 over 20 and 10."""
    starts = [start("A", 6.2, age_band="10 to 15") for _ in range(10)]
    starts += [start("A", 6.0) for _ in range(10)] + [start("B", 7.0) for _ in range(10)]
    found = made("int_price_trait", int_price_start=starts).set_index("age_band")
    assert found.loc["10 to 15", "log_effect"] == pytest.approx(0.05)
    assert found.loc["5 to 9", "log_effect"] == pytest.approx(-1 / 30)


def test_long_stays_cost_less_whatever_the_year_they_began_in():
    """Of each year half the stays are longer by one and cost 0.1 less; the later year is dearer by
    0.04. 200 prices, of which the length varies by 0.25: 200 x -0.025 over 50 and 20."""
    starts = [
        start("A", 6 + 0.04 * year - 0.1 * longer, years=24.0 + year, log_days=5.0 + longer)
        for year in (0, 1)
        for longer in (0, 1)
        for _ in range(50)
    ]
    found = made("int_price_trait", int_price_start=starts).iloc[0]
    assert found["stay_slope"] == pytest.approx(-5 / 70)
    assert found["stay_centre"] == pytest.approx(5.5)
    assert found["log_effect"] == pytest.approx(0, abs=1e-12)


def test_a_price_is_drawn_to_the_region_s_the_fewer_there_are():
    """A has 100 prices about £1,000, B two about £2,000; C has none and is given the region's."""
    prices = [levelled("A", 900 + 200 * (n % 2)) for n in range(100)]
    prices += [levelled("B", 1900), levelled("B", 2100)]
    homes = [cell(la) for la in "ABC"]
    found = made("int_price_level", int_price_levelled=prices, int_placement_home=homes)
    found = found.set_index("la_code")
    a, b, c = (found.loc[la, "gbp_per_week"] for la in "ABC")
    assert 1000 <= a < 1005
    assert a < c < b < 2000
    assert found.loc["C", "weight_of_region"] == 1
    assert found["weight_of_region"].rank().to_list() == [1, 2, 3]
    assert found.loc["A", "authority_variance"] < found.loc["C", "authority_variance"]


def test_a_sector_and_a_type_without_prices_take_what_is_next():
    prices = [levelled("A", 1000) for _ in range(50)] + [
        levelled("A", 5000, placement_type="residential") for _ in range(50)
    ]
    homes = [
        cell("A"),
        cell("A", provider_sector="independent agency"),
        cell("A", placement_type="other", provider_sector="unknown"),
    ]
    found = made("int_price_level", int_price_levelled=prices, int_placement_home=homes)
    found = found.set_index("provider_sector")
    assert found.loc["own provision", "gbp_per_week"] == pytest.approx(1000)
    assert found.loc["independent agency", "gbp_per_week"] == pytest.approx(1000)
    assert found.loc["unknown", "gbp_per_week"] == pytest.approx(3000)
    errors = found["region_variance"]
    assert errors["own provision"] < errors["independent agency"] < errors["unknown"]


def test_without_any_price_there_is_no_level():
    nothing = [levelled("A", 1.0)]
    with duckdb.connect() as connection:
        for table, rows in (("int_price_levelled", nothing), ("int_placement_home", [cell("A")])):
            connection.register("rows", pd.DataFrame(rows))
            only = "where price <> 1" if table == "int_price_levelled" else ""
            connection.execute(f"create table {table} as select * from rows {only}")
            connection.unregister("rows")
        found = connection.execute(model("marts/foundation/int_price_level.sql")).df()
    assert len(found) == 1
    assert found["gbp_per_week"].isna().all()


def test_a_provider_is_dearer_the_surer_the_more_prices_it_has():
    """P and Q are 20% dear and cheap; R is as dear as P, by a single price."""
    prices = [levelled("A", 1190 + 20 * (n % 2), "P") for n in range(20)]
    prices += [levelled("A", 790 + 20 * (n % 2), "Q") for n in range(20)]
    prices += [levelled("A", 1200, "R")]
    levels = [cell("A") | {"gbp_per_week": 1000.0}]
    found = made("int_price_provider", int_price_levelled=prices, int_price_level=levels)
    found = found.set_index("provider_urn")
    assert 0.18 < found.loc["P", "effect"] < 0.2
    assert -0.2 < found.loc["Q", "effect"] < -0.18
    assert 0 < found.loc["R", "effect"] < found.loc["P", "effect"]
    assert found.loc["R", "own_spread"] > found.loc["P", "own_spread"]
