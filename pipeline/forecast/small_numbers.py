"""What of spend small numbers allow to be shown. `docs/decisions/0024-what-a-forecast-may-show.md`.

Rounding does not hide a child whose home costs more than the unit that is rounded to. So the rules
are those of `cost.spend`: whatever a reader adds and takes away, it is of enough children.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from pipeline.withheld import TO_KEEP_ANOTHER_UNKNOWN, TOO_FEW

LEAST = 8  # children of which a number is shown at all: macro rounded_count of the dbt project
NOTHING = 1e-8
PARTNERS = 3  # authorities whose types are withheld for another's
# By area, age band and type: why the children at the origin are withheld, where they are.
Words = Mapping[tuple[str | None, str, str], str]
NO_WORDS: Words = MappingProxyType({})


@dataclass(frozen=True)
class Edition:
    """For whom tables are made: in which schemas of the build, and to which units they are rounded.

    `docs/decisions/0032-inside-and-outside.md`; for outside as macros rounded_count and spend_unit.
    """

    schema: str
    shown: str  # schema of the models that say what may be shown
    is_exact: bool = False
    children: int = 5
    nights: int = 100
    authority_gbp: int = 10_000
    region_gbp: int = 100_000
    month_gbp: int = 1_000  # a month's difference that a scenario makes

    def gbp(self, is_region: bool) -> int:
        """The unit of spend."""
        return self.region_gbp if is_region else self.authority_gbp


OUTSIDE = Edition("forecast", "staging")
INSIDE = Edition("inside_forecast", "inside_staging", True, 1, 1, 1, 1, 1)


def why_no_children(words: Words, la: str | None, band: str, kind: str) -> str:
    """The word of a series that is withheld, as its history has it."""
    return words.get((la, band, kind), TOO_FEW)


def why_no_pounds(words: Words, la: str | None, kind: str) -> str:
    """The word of spend that is withheld: it follows from what is published of the children."""
    few = words.get((la, "all", kind)) == TOO_FEW
    return TOO_FEW if few else TO_KEEP_ANOTHER_UNKNOWN


def spend_shown(children: np.ndarray, may: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Of which areas and types spend may be shown; shape (las + 1, types + 1), the totals last.

    children: in care at the origin, (las, types); a period has at least these. may: whether the
    area has a forecast and the number of its children is shown, (las + 1, types + 1). counts: types
    that the total of all adds up, (types,).
    """
    las, types = children.shape
    shown = np.zeros((las + 1, types + 1), bool)
    for la in range(las):
        is_printed = bool(may[la].any())
        shown[la, :types] = may[la, :types]
        shown[la, types] = is_printed and _enough(children[la, counts].sum())
        shown[la] = _with_room(shown[la], children[la], counts)
    if las == 1:
        shown[1] = shown[0] & may[1].any()  # the region is this authority
        return shown
    shown[las] = _of_region(shown[:las], children, may[las], counts)
    # Rows of authorities and of the region cross, and each authority knows its own besides. Where
    # that tells anything, other authorities' types are withheld as well, so that nobody can tell
    # whose they are; if that does not help, the region's, the smallest first and the total last.
    tried = shown.copy()
    for _ in range(PARTNERS + 1):
        if not _anything_told(tried, children, counts):
            return tried
        _withhold_another(tried, children, counts)
        tried[las] = _of_region(tried[:las], children, may[las], counts)
    by_size = sorted(np.flatnonzero(counts), key=lambda kind: children[:, kind].sum())
    for kind in (*by_size, types):
        if not _anything_told(shown, children, counts):
            break
        shown[las, kind] = False
    return shown


def _of_region(
    shown: np.ndarray, children: np.ndarray, may: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """The region's row beside those of its authorities, before what crosses is looked at."""
    result = np.zeros(len(may), bool)
    by_la = np.column_stack([children, children[:, counts].sum(axis=1)])
    for kind, there in enumerate(by_la.T):
        # The authority that has most of them knows its own.
        result[kind] = (
            bool(may.any() if kind == len(counts) else may[kind])
            and (there.sum() == 0 or _enough(there.sum() - there.max()))
            and _enough(there[~shown[:, kind]].sum())
        )
    return _with_room(result, children.sum(axis=0), counts)


def _withhold_another(shown: np.ndarray, children: np.ndarray, counts: np.ndarray) -> None:
    """Withhold the types that some authority has withheld of one more, the smallest that has them.

    In place. Of that authority they can be told together, and are enough.
    """
    of_las = shown[:-1, :-1]
    kinds = ((~of_las & (children > 0)).any(axis=0)) & counts
    whole = np.flatnonzero((of_las | ~kinds).all(axis=1) & (children[:, kinds] > 0).any(axis=1))
    if len(whole):
        of_las[whole[np.argmin(children[whole].sum(axis=1))], kinds] = False


def _anything_told(shown: np.ndarray, children: np.ndarray, counts: np.ndarray) -> bool:
    """Whether what is shown, as if nothing were rounded, tells of fewer children than it may."""
    there = children[:, counts]
    secrets = _few(there, shown[:-1, :-1][:, counts])
    if not len(secrets):
        return False
    las = len(there)
    of_region = _sums(shown, counts, [las])
    everything = np.vstack([_sums(shown, counts, range(las + 1)), _known(there == 0)])
    if _told(everything, secrets).any():
        return True
    for la in range(las):
        own = np.zeros(there.shape, bool)
        own[la] = True
        of_others = secrets[~((secrets > 0) & own.ravel()).any(axis=1)]
        known = np.vstack([of_region, _known(own | (there == 0))])
        if len(of_others) and _told(known, of_others).any():
            return True
    return False


def _few(children: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Sums that may not be told, as 0 or 1 for each authority and type: [sum, cell].

    Up to three cells of an authority or of a type that have few children together, and all of them
    that are withheld.
    """
    sums = []
    for number, line in enumerate((*children, *children.T)):
        is_type = number >= len(children)
        index = number - len(children) if is_type else number
        some = np.flatnonzero((line > 0) & (line < LEAST))
        groups = [g for size in (1, 2, 3) for g in itertools.combinations(some, size)]
        groups.append(tuple(np.flatnonzero(~shown.T[index] if is_type else ~shown[index])))
        for group in groups:
            if 0 < line[list(group)].sum() < LEAST:
                mask = np.zeros(children.shape)
                (mask[:, index] if is_type else mask[index])[list(group)] = 1
                sums.append(mask.ravel())
    return np.array(sums).reshape(-1, children.size)


def _sums(shown: np.ndarray, counts: np.ndarray, areas: Iterable[int]) -> np.ndarray:
    """What the rows of these areas add up of authorities and types: [row, cell]."""
    las, types = len(shown) - 1, len(counts)
    rows = []
    for area in areas:
        for kind in np.flatnonzero(shown[area] & np.append(counts, True)):
            cells = np.zeros((las, types))
            cells[slice(None) if area == las else area, counts if kind == types else kind] = 1
            rows.append(cells[:, counts].ravel())
    return np.array(rows).reshape(-1, las * int(counts.sum()))


def _known(cells: np.ndarray) -> np.ndarray:
    """Cells that are known, each a sum of its own."""
    return np.eye(cells.size)[cells.ravel()]


def _told(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Which of the wanted sums are made of known ones by adding and taking away."""
    _, sizes, space = np.linalg.svd(known, full_matrices=False)
    space = space[sizes > NOTHING]
    return np.abs(wanted - wanted @ space.T @ space).max(axis=1) < NOTHING


def _enough(children: int) -> bool:
    """Nobody, or enough of them."""
    return children == 0 or children >= LEAST


def _with_room(shown: np.ndarray, children: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The row of an area, with more types withheld until those that are can be told together.

    shown: (types + 1,). Without the total nothing of what it adds up is shown.
    """
    result = shown.copy()
    if not shown[-1]:
        result[:-1] &= ~counts
        return result
    while not _enough(children[counts & ~result[:-1]].sum()):
        others = np.flatnonzero(counts & result[:-1] & (children > 0))
        result[others[np.argmin(children[others])]] = False
    return result
