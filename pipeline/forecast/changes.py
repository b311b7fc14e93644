"""What a scenario changes in the cohort of an authority. `docs/scenarios.md` says it in words.

A plan gives each authority an object whose methods the cohort calls each month; without changes
each of them gives back what it was given.
"""

from dataclasses import replace
from typing import Protocol

import numpy as np

from pipeline.forecast.cohort import CHANGE, LEFT, Children, luck
from pipeline.forecast.periods import month_number
from pipeline.forecast.region import Frame
from pipeline.forecast.scenario_file import FOSTER, NEW_HOMES, Change, Scenario

# Keys of copies: above the numbers of an authority's children, below those of authorities.
COPY_SHIFT, MOST_COPIES = 28, 1024


class LaChanges(Protocol):
    """What changes in one authority. Months count from 1, the first after the origin."""

    def exits(self, month: int, factor: np.ndarray) -> None:
        """Change [draw, band, state, outcome], the factors of leaving, in place."""

    def entries(self, month: int, came: Children) -> Children:
        """Who comes instead of those who came."""

    def places(self, month: int, children: Children) -> Children:
        """Where children live at the end of the month."""


class Plan(Protocol):
    """A scenario, for all authorities."""

    def of(self, la: int, frame: Frame, draws: int, months: int) -> LaChanges:
        """What changes in an authority."""


class NoChanges:
    """The base: nothing changes."""

    def of(self, la: int, frame: Frame, draws: int, months: int) -> LaChanges:
        return self

    def exits(self, month: int, factor: np.ndarray) -> None:
        """Nothing."""

    def entries(self, month: int, came: Children) -> Children:
        return came

    def places(self, month: int, children: Children) -> Children:
        return children


def strength(change: Change, month: int) -> float:
    """How much of a change is there at the end of a month: from 0 to 1, growing evenly.

    month: 12 x year + month.
    """
    start = month_number(change.start)
    if month < start or (change.end and month > month_number(change.end)):
        return 0.0
    return min(1.0, (month - start + 1) / max(change.ramp_months, 1))


class ScenarioPlan:
    """The changes of a scenario to children; prices are none of its business.

    base: [draw, la, month, band, type], the draws without a scenario; a closed home is as many
    fewer children as it had beds; who lives in new ones is told by `new_home`. shares: children or
    beds of each change by authority.
    """

    def __init__(self, scenario: Scenario, frame: Frame, origin: int, base: np.ndarray) -> None:
        self.scenario, self.frame, self.origin, self.base = scenario, frame, origin, base
        self.shares = [shares(change, frame, base) for change in scenario.changes]

    def of(self, la: int, frame: Frame, draws: int, months: int) -> LaChanges:
        mine = [
            (number, change, self.shares[number][la])
            for number, change in enumerate(self.scenario.changes)
            if change.la_code in (None, frame.las[la])
        ]
        return _LaPlan(mine, self, la, draws, months)


def shares(change: Change, frame: Frame, base: np.ndarray) -> np.ndarray:
    """Children or beds of each authority: whole numbers, shared as children are.

    As those of `from_type`, or of a new home without it as those of its type.
    """
    if change.kind not in ("move", "close home", *NEW_HOMES):
        return np.zeros(len(frame.las), np.int64)
    number = int(change.number)
    if change.la_code is not None:
        return np.array([number if la == change.la_code else 0 for la in frame.las])
    of_type = change.from_type or change.to_type or FOSTER
    there = base[0, :, 0][:, bands(change, frame)][..., frame.types.index(of_type)]
    weights = there.sum(axis=1).astype(float)
    exact = number * weights / weights.sum() if weights.sum() else np.zeros(len(weights))
    whole = np.floor(exact).astype(np.int64)
    left = (number if weights.sum() else 0) - whole.sum()
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1
    return whole


def bands(change: Change, frame: Frame) -> np.ndarray:
    """Which bands a change is about, as booleans."""
    return np.array([change.age_band in (None, name) for name in frame.band_names])


class _LaPlan:
    def __init__(
        self,
        mine: list[tuple[int, Change, int]],
        plan: ScenarioPlan,
        la: int,
        draws: int,
        months: int,
    ) -> None:
        self.mine, self.plan, self.la, self.draws = mine, plan, la, draws
        frame = plan.frame
        self.frame = frame
        self.bands = {number: bands(change, frame) for number, change, _ in mine}
        self.moved = {number: 0 for number, *_ in mine}

    def _strength(self, change: Change, month: int) -> float:
        return strength(change, self.plan.origin + month)

    def exits(self, month: int, factor: np.ndarray) -> None:
        """Multiply the factors of leaving for whom a row of kind `exits` is about."""
        for number, change, _ in self.mine:
            if change.kind == "exits":
                more = 1 + float(change.number) / 100 * self._strength(change, month)
                states = self._states(change.from_type)
                about = np.ix_(np.flatnonzero(self.bands[number]), np.flatnonzero(states))
                factor[:, about[0], about[1], LEFT] *= max(more, 0.0)

    def entries(self, month: int, came: Children) -> Children:
        """Leave out children, or add others of the same age and state."""
        for number, change, _ in self.mine:
            if change.kind == "entries":
                more = float(change.number) / 100 * self._strength(change, month)
                about = self._about(number, change.to_type, came)
                chance = luck(came.key, month, CHANGE + number)
                if more < 0:
                    came = came.keep(~about | (chance >= -more))
                elif more > 0:
                    copies = np.where(about, int(more) + (chance < more % 1), 0)
                    came = came.join(_copies(came, copies, number))
        return came

    def places(self, month: int, children: Children) -> Children:
        """Move children, and empty closed homes."""
        for number, change, share in self.mine:
            if change.kind == "move":
                due = round(share * self._strength(change, month))
                children = self._move(number, change, month, children, due - self.moved[number])
                self.moved[number] = max(due, self.moved[number])
            elif change.kind == "close home":
                children = self._close(number, change, month, children, share)
        return children

    def _states(self, kind: str | None) -> np.ndarray:
        """Which states are of a type, as booleans; of none, all."""
        if kind is None:
            return np.ones(len(self.frame.states), dtype=bool)
        return self.frame.type_of == self.frame.types.index(kind)

    def _state(self, kind: str) -> int:
        """The state into which children of a type are moved: the one of its name."""
        return self.frame.states.index(kind)

    def _about(self, number: int, kind: str | None, children: Children) -> np.ndarray:
        in_band = self.bands[number][self.frame.band_of[children.age]]
        return in_band & self._states(kind)[children.state]

    def _chosen(
        self, number: int, month: int, children: Children, may: np.ndarray, wanted: np.ndarray
    ) -> np.ndarray:
        """Of each draw so many of those who may, by luck: rows. wanted: [draw]."""
        rows = np.flatnonzero(may)
        drawn = children.draw[rows]
        order = np.lexsort((luck(children.key[rows], month, CHANGE + number), drawn))
        rows, drawn = rows[order], drawn[order]
        first = np.searchsorted(drawn, np.arange(self.draws))
        place = np.arange(len(rows)) - first[drawn]
        return rows[place < wanted[drawn]]

    def _move(
        self, number: int, change: Change, month: int, children: Children, due: int
    ) -> Children:
        if due <= 0:
            return children
        may = self._about(number, change.from_type, children)
        wanted = np.full(self.draws, due)
        return self._to(
            children, self._chosen(number, month, children, may, wanted), change.to_type
        )

    def _close(
        self, number: int, change: Change, month: int, children: Children, beds: int
    ) -> Children:
        closed = round(beds * self._strength(change, month))
        may = self._about(number, change.from_type, children)
        base = self.plan.base[:, self.la, month][:, self.bands[number]]
        left = base[..., self.frame.types.index(change.from_type)].sum(axis=1) - closed
        there = np.bincount(children.draw[may], minlength=self.draws)
        wanted = np.maximum(there - np.maximum(left, 0), 0) if closed else np.zeros(self.draws, int)
        return self._to(
            children, self._chosen(number, month, children, may, wanted), change.to_type
        )

    def _to(self, children: Children, rows: np.ndarray, kind: str) -> Children:
        state = children.state.copy()
        of_type = self._states(kind)[state[rows]]
        state[rows] = np.where(of_type, state[rows], self._state(kind))
        return replace(children, state=state)


def _copies(came: Children, copies: np.ndarray, number: int) -> Children:
    """Other children like these, so many of each, with luck of their own."""
    rows = np.repeat(np.arange(len(copies)), copies)
    first = np.cumsum(copies) - copies
    place = np.arange(len(rows)) - first[rows]
    more = came.keep(rows)
    mark = (place + 1 + number * MOST_COPIES).astype(np.uint64) << np.uint64(COPY_SHIFT)
    return replace(more, key=more.key + mark)
