"""Regions of which the answers are known: what is planted, so that analyses can be held to it.

Three things are planted: how much dearer or cheaper each provider is than the case mix explains,
how common each profile of needs is in each authority, and one area and profile whose need is met
worst. `truth.json` of a region made so tells all of them.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.synthetic.needs import PROFILES, SEPARATED, Mix, Profile
from pipeline.synthetic.prices import Prices


@dataclass(frozen=True)
class TruthPlan:
    """How much of what to plant, beside prices."""

    evenness: float = 40.0  # of needs between the authorities; the greater, the more alike
    worst_share: float = 0.25  # how common the worst profile is in the worst area


@dataclass(frozen=True)
class Truth:
    """All that was planted in a region."""

    mix: Mix
    prices: Prices


def plant_mix(plan: TruthPlan, codes: list[str], rng: np.random.Generator) -> Mix:
    """How common each profile is in each authority, and where which need is met worst."""
    drawn = [p for p in PROFILES.values() if p.name != SEPARATED]
    even = np.array([p.share for p in drawn]) * plan.evenness
    shares = {
        code: dict(zip((p.name for p in drawn), map(float, rng.dirichlet(even)), strict=True))
        for code in codes
    }
    candidates = [p for p in drawn if _can_be_worst(p)]
    la = codes[int(rng.integers(len(codes)))]
    worst = candidates[int(rng.integers(len(candidates)))].name
    rest = sum(share for name, share in shares[la].items() if name != worst)
    shares[la] = {
        name: plan.worst_share if name == worst else share * (1 - plan.worst_share) / rest
        for name, share in shares[la].items()
    }
    return Mix(shares, la, worst)


def _can_be_worst(profile: Profile) -> bool:
    """A profile that is common enough to be seen, and told apart from the average."""
    return profile.from_age > 0 and profile.share > 0.1
