"""Invented providers, shaped like Ofsted's list: who runs homes, where, and how dear they are."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.synthetic.chances import days, happens, pick
from pipeline.synthetic.places import Area, Places, place_in

FOSTERING = "Fostering agency"
HOME = "Children's home"
SECURE = "Secure children's home"
SUPPORTED = "Supported accommodation"
SCHOOL = "Residential special school"
FAMILY_CENTRE = "Residential family centre"

# PLACE and PLACE_PROVIDER as Ofsted's list has them; supported accommodation was H5 until 2024.
LISTED_PLACES = {
    FOSTERING: "U1, U2, U3, U4, U5, U6", HOME: "K2", SECURE: "K1", SUPPORTED: "H5, K3",
    SCHOOL: "S1", FAMILY_CENTRE: "R3",
}  # fmt: skip
LISTED_SECTORS = {"Local authority": "PR1, PR2", "Private": "PR4", "Voluntary": "PR5"}
OWN_SECTOR = "Local authority"
TYPE_OF_PROVIDER = {
    FOSTERING: "foster", HOME: "residential", SCHOOL: "residential", SECURE: "residential",
    FAMILY_CENTRE: "residential", SUPPORTED: "supported",
}  # fmt: skip
# How many of such providers one owner has, and how likely.
OWNERS = {
    (HOME,): {1: 30, 2: 18, 3: 14, 4: 12, 6: 12, 9: 9, 14: 5},
    (FOSTERING,): {1: 65, 2: 25, 3: 10},
    (SUPPORTED, SCHOOL, FAMILY_CENTRE): {1: 55, 2: 25, 4: 20},
}
SECTORS = {"PR1": "Local authority", "PR2": "Local authority", "PR4": "Private", "PR5": "Voluntary"}
HOME_PLACES = {1: 12, 2: 20, 3: 28, 4: 22, 5: 10, 6: 8}  # beds of children's homes
RATINGS = {"Outstanding": 13, "Good": 68, "Requires improvement to be good": 16, "Inadequate": 3}
# Ofsted gives no such numbers out: a URN that begins so is invented.
FIRST_AGENCY_URN = 900001
FIRST_HOME_URN = 2900001


@dataclass(frozen=True)
class Provider:
    """One registered provider, and who owns it."""

    urn: str
    name: str
    kind: str
    sector: str
    la_code: str
    place: int
    places: int | None
    status: str
    rating: str
    rated: dt.date | None
    owner: str


def make_providers(
    rng: np.random.Generator,
    areas: tuple[Area, ...],
    geography: Places,
    children: Sequence[float],
    rated_before: dt.date,
) -> list[Provider]:
    """Providers for a region whose authorities look after so many `children` at any one time."""
    providers: list[Provider] = []

    def add(kind: str, sector: str, area: Area) -> None:
        number = len(providers)
        agency = kind == FOSTERING
        urn = f"SC{FIRST_AGENCY_URN + number}" if agency else str(FIRST_HOME_URN + number)
        # Ofsted registers supported accommodation since 2023 and had inspected little of it.
        rated = not happens(rng, 0.7 if kind == SUPPORTED else 0.05)
        providers.append(
            Provider(
                urn=urn,
                name=f"Synthetic {kind.lower()} {number + 1:03d}",
                kind=kind,
                sector=sector,
                la_code=area.authority.code,
                place=place_in(geography, rng, area.authority.code),
                places=None if agency else _places(rng, kind),
                status="Suspended" if happens(rng, 0.01) else "Active",
                rating=pick(rng, RATINGS) if rated else "Not yet inspected",
                rated=rated_before - days(rng, 20, 900) if rated else None,
                owner=area.authority.name if sector == OWN_SECTOR else "",
            )
        )

    def private_or_voluntary(private: float) -> str:
        return "Private" if happens(rng, private) else "Voluntary"

    for area, stock in zip(areas, children, strict=True):

        def count(least: int, share: float, stock: float = stock) -> range:
            return range(max(least, round(stock * share)))

        add(FOSTERING, "Local authority", area)
        for _ in count(2, 0.006):
            add(HOME, "Local authority", area)
        for _ in count(1, 0.012):
            add(FOSTERING, private_or_voluntary(0.8), area)
        for _ in count(4, 0.045):
            add(HOME, private_or_voluntary(0.9), area)
        add(SUPPORTED, "Local authority", area)
        for _ in count(2, 0.016):
            add(SUPPORTED, private_or_voluntary(0.8), area)
        add(SCHOOL, private_or_voluntary(0.6), area)
        add(FAMILY_CENTRE, private_or_voluntary(0.7), area)
    for area in areas[:: max(1, len(areas) // 4)]:
        add(SECURE, "Local authority", area)
    return _owned(rng, providers)


def _owned(rng: np.random.Generator, providers: list[Provider]) -> list[Provider]:
    """The same, those that no authority owns under owners: few have many homes, many have one."""
    order = rng.permutation(len(providers))
    owner_of: dict[str, str] = {}
    number = 0
    for kinds, sizes in OWNERS.items():
        owned = [providers[n] for n in order if not providers[n].owner]
        owned = [p for p in owned if p.kind in kinds]
        for sector in ("Private", "Voluntary"):
            left = [p for p in owned if p.sector == sector]
            while left:
                number += 1
                size = pick(rng, sizes)
                name = f"Synthetic care group {number:03d} Limited"
                owner_of |= {p.urn: name for p in left[:size]}
                left = left[size:]
    return [replace(p, owner=p.owner or owner_of[p.urn]) for p in providers]


def _places(rng: np.random.Generator, kind: str) -> int:
    if kind == HOME:
        return pick(rng, HOME_PLACES)
    low, high = {SUPPORTED: (3, 12), SCHOOL: (8, 40), SECURE: (8, 24), FAMILY_CENTRE: (4, 12)}[kind]
    return low + int(rng.random() * (high - low + 1))
