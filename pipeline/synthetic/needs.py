"""What children need wherever they live: as drawn for each, or in planted groups of like needs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.synthetic.chances import happens, pick

SEEN, SLIGHT = 0.92, 0.03  # how surely what marks a profile shows in a child, and what does not


@dataclass(frozen=True)
class Needs:
    """What a child needs wherever it lives; drawn once, so that every return says the same."""

    complexity: int  # 0 to 3
    risks_to_child: tuple[int, ...]  # self-harm, sexual, criminal, substances, eating, missing
    risks_to_others: tuple[int, ...]  # physical, sexual, fire, animals, criminal; 0 none to 2 high
    communication: bool
    adaptation: bool
    culture: bool
    restricted: bool  # deprivation of liberty


@dataclass(frozen=True)
class Profile:
    """A group of children with like needs; `share` of those old enough for it, over all areas."""

    name: str
    share: float
    from_age: int  # years, on coming into care
    dearer: float  # multiplies the weekly cost
    marks: Needs


@dataclass(frozen=True)
class Mix:
    """How common each profile is in each authority, and the one cell whose need is met worst."""

    shares: Mapping[str, Mapping[str, float]]  # by authority's code, then by profile
    worst_la: str
    worst_profile: str

    def draw(self, rng: np.random.Generator, la_code: str, years: float, uasc: bool) -> str:
        """The profile of a child that comes into care at this age."""
        if uasc:
            return SEPARATED
        fits = {n: s for n, s in self.shares[la_code].items() if PROFILES[n].from_age <= years}
        return pick(rng, fits)

    def is_worst(self, la_code: str, profile: str) -> bool:
        return (la_code, profile) == (self.worst_la, self.worst_profile)


def _marks(
    complexity: int,
    to_child: tuple[int, ...] = (0,) * 6,
    to_others: tuple[int, ...] = (0,) * 5,
    **others: bool,
) -> Needs:
    flags = dict.fromkeys(("communication", "adaptation", "culture", "restricted"), False)
    return Needs(complexity, to_child, to_others, **(flags | others))


SEPARATED = "separated from family abroad"
PROFILES = {
    p.name: p
    for p in (
        Profile("few needs", 0.42, 0, 0.95, _marks(0)),
        Profile("disability", 0.12, 0, 1.10, _marks(1, communication=True, adaptation=True)),
        Profile("self-harm and eating", 0.14, 9, 1.15, _marks(2, (2, 0, 0, 0, 2, 0))),
        Profile(
            "missing and exploited", 0.16, 9, 1.20, _marks(2, (0, 2, 2, 2, 0, 2), (0, 0, 0, 0, 1))
        ),
        Profile("harm to others", 0.12, 7, 1.30, _marks(2, (0, 0, 0, 0, 0, 0), (2, 1, 2, 2, 0))),
        Profile(
            "several high risks",
            0.04,
            11,
            1.55,
            _marks(3, (2, 2, 2, 2, 1, 2), (2, 1, 1, 0, 2), restricted=True),
        ),
        Profile(SEPARATED, 0.0, 99, 1.0, _marks(0, communication=True, culture=True)),
    )
}  # the last is of unaccompanied children, and of them alone


def needs_in_profile(rng: np.random.Generator, profile: Profile) -> Needs:
    """Needs of a child of this profile: nearly all that marks it, and hardly anything else."""
    marks = profile.marks

    def level(marked: int) -> int:
        if marked:
            return marked if happens(rng, SEEN) else marked - 1
        return int(happens(rng, SLIGHT))

    def has(marked: bool) -> bool:
        return happens(rng, SEEN if marked else SLIGHT)

    return Needs(
        complexity=marks.complexity,
        risks_to_child=tuple(map(level, marks.risks_to_child)),
        risks_to_others=tuple(map(level, marks.risks_to_others)),
        communication=has(marks.communication),
        adaptation=has(marks.adaptation),
        culture=has(marks.culture),
        restricted=marks.restricted and happens(rng, SEEN),
    )


def needs_as_drawn(rng: np.random.Generator, years: float, unaccompanied: bool) -> Needs:
    """Needs of a child, the riskier the older; `years` is its age on coming into care."""
    complexity = pick(rng, {0: 0.45, 1: 0.30, 2: 0.17, 3: 0.08})
    older = min(1.0, max(0.0, (years - 6) / 8))
    worry = complexity / 3

    def level(chance: float) -> int:
        draw = rng.random() / max(chance, 1e-9)
        return 0 if draw > 1 else (1 if draw > 0.4 else 2)

    weights_child = (0.42, 0.22, 0.32, 0.28, 0.12, 0.38)
    weights_others = (0.42, 0.12, 0.08, 0.08, 0.20)
    return Needs(
        complexity=complexity,
        risks_to_child=tuple(level(w * older * (0.4 + worry)) for w in weights_child),
        risks_to_others=tuple(level(w * older * (0.25 + worry)) for w in weights_others),
        communication=happens(rng, 0.8 if unaccompanied else 0.18 + 0.12 * complexity),
        adaptation=happens(rng, 0.04),
        culture=happens(rng, 0.6 if unaccompanied else 0.12),
        restricted=complexity == 3 and happens(rng, 0.25 * older),
    )
