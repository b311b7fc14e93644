"""Nights of care and what they cost, as they are known up to a month."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

# Who provides the home, as far as prices differ by it. Living with a parent has no price.
GROUPS = ("own provision", "bought", "parents")
OWN, BOUGHT, PARENTS = range(3)


@dataclass(frozen=True)
class Nights:
    """Months first to origin, by authority, month, type and group of providers.

    nights, priced (nights whose price is known), known (pounds of these) and total (pounds of all
    nights, as `cost.spend` has them; not a number if no price is known in the region) have the
    shape (las, months, types, groups); stock, the children at month-ends, (las, months, types);
    covered, whether an authority's files speak for a month, (las, months).
    """

    las: tuple[str, ...]
    types: tuple[str, ...]
    origin: int
    nights: np.ndarray
    priced: np.ndarray
    known: np.ndarray
    total: np.ndarray
    stock: np.ndarray
    covered: np.ndarray

    @property
    def months(self) -> np.ndarray:
        """The numbers of the months."""
        return np.arange(self.covered.shape[1]) + self.origin - self.covered.shape[1] + 1


def read_nights(
    connection: duckdb.DuckDBPyConnection, las: Sequence[str], types: Sequence[str], origin: int
) -> Nights:
    """What staging knows of these authorities and types up to a month, the origin.

    A sector that is not known counts as bought, so that all nights are in one of the groups.
    """
    given = {"las": list(las), "types": list(types), "origin": origin}
    of_these = "where list_contains($las, la_code) and month_number <= $origin"
    place = (
        "list_position($las, la_code) - 1, month_number, list_position($types, forecast_type) - 1"
    )
    group = (
        f"case provider_sector when '{GROUPS[OWN]}' then {OWN} "
        f"when '{GROUPS[PARENTS]}' then {PARENTS} else {BOUGHT} end"
    )
    covered = _rows(
        connection,
        "select list_position($las, la_code) - 1, month_number "
        f"from staging.int_covered_month {of_these}",
        {name: given[name] for name in ("las", "origin")},
    )
    nights = _rows(
        connection,
        f"select {place}, {group}, nights, nights_with_price, known_gbp, total_gbp "
        f"from staging.int_care_night {of_these}",
        given,
    )
    stock = _rows(
        connection,
        f"select {place}, count(*) from staging.int_care_month {of_these} "
        "group by la_code, month_number, forecast_type",
        given,
    )
    first = int(min((row[1] for row in covered), default=origin))
    shape = (len(las), origin - first + 1, len(types))
    return Nights(
        tuple(las),
        tuple(types),
        origin,
        *(_filled((*shape, len(GROUPS)), nights[:, :4], nights[:, n], first) for n in (4, 5, 6, 7)),
        _filled(shape, stock[:, :3], stock[:, 3], first),
        _filled(shape[:2], covered, np.ones(len(covered)), first) > 0,
    )


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, given: dict[str, object]) -> np.ndarray:
    found = connection.execute(sql, given)
    return np.array(found.fetchall(), float).reshape(-1, len(found.description))


def _filled(
    shape: tuple[int, ...], places: np.ndarray, values: np.ndarray, first: int
) -> np.ndarray:
    """Values added up at their places; of a place the second number is the month's."""
    filled = np.zeros(shape)
    index = places.astype(int).T
    index[1] -= first
    np.add.at(filled, tuple(index), values)
    return filled
