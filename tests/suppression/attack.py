"""A reader who wants to know a withheld count, with all that is published and integer programming.

Every published count becomes a range, every sum an equation; the reader asks for the least and the
most that each withheld count can be. Where these are one number, the count was recovered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

WITHHELD = (1, 7)
NO_LIMIT = 100_000

Cell = tuple[object, ...]  # night, authority, count


@dataclass
class Puzzle:
    """What a reader knows: a range for each cell, and how sums of cells compare with a number."""

    ranges: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    facts: list[tuple[Mapping[Cell, int], float, float]] = field(default_factory=list)

    def adds_up(self, total: Cell, parts: Iterable[Cell]) -> None:
        """The parts make the total."""
        self.facts.append(({total: -1} | dict.fromkeys(parts, 1), 0, 0))

    def is_within(self, parts: Iterable[Cell], total: Cell) -> None:
        """The parts together are no more than the total."""
        self.facts.append(({total: -1} | dict.fromkeys(parts, 1), -np.inf, 0))

    def is_known(self, terms: Mapping[Cell, int], least: float, most: float) -> None:
        """The sum of cells, each so many times, lies between two numbers."""
        self.facts.append((terms, least, most))

    def reader(self) -> "Reader":
        """The puzzle made ready to be asked many times."""
        at = {cell: n for n, cell in enumerate(self.ranges)}
        low, high = np.array(list(self.ranges.values())).T
        entries = [
            (n, at[cell], times)
            for n, (terms, _, _) in enumerate(self.facts)
            for cell, times in terms.items()
        ]
        rows, columns, times = zip(*entries, strict=True)
        matrix = csr_matrix((times, (rows, columns)), shape=(len(self.facts), len(at)))
        least, most = ([fact[n] for fact in self.facts] for n in (1, 2))
        return Reader(at, Bounds(low, high), LinearConstraint(matrix, least, most))


@dataclass(frozen=True)
class Reader:
    """A puzzle as matrices, with the column of each cell."""

    at: Mapping[Cell, int]
    bounds: Bounds
    facts: LinearConstraint

    def recovers(self, cell: Cell, truth: int) -> bool:
        """Whether a cell can be nothing but what it is."""
        return self._extreme(cell, 1) == truth and self._extreme(cell, -1) == truth

    def _extreme(self, cell: Cell, sign: int) -> int:
        goal = np.zeros(len(self.at))
        goal[self.at[cell]] = sign
        solved = milp(goal, integrality=1, bounds=self.bounds, constraints=self.facts)
        assert solved.status == 0, solved.message  # what is published is never a contradiction
        return round(sign * solved.fun)


def range_of(published: int | None, is_total: bool) -> tuple[int, int]:
    """What a published count can have been; a total may be withheld though it is large."""
    if published is None:
        return (1, NO_LIMIT) if is_total else WITHHELD
    if published == 0:
        return (0, 0)
    return (published - 2, published + 2)
