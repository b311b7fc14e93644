"""What was planted in a region, written down beside it."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from pipeline.synthetic.needs import PROFILES
from pipeline.synthetic.plan import RegionPlan
from pipeline.synthetic.prices import (
    DEARER_BY_AGE,
    PRICES_OF,
    TYPES,
    base_of,
    spend_of,
)
from pipeline.synthetic.providers import OWN_SECTOR, TYPE_OF_PROVIDER
from pipeline.synthetic.searches import WORST_TYPE, Search
from pipeline.synthetic.sendings import Population


def truth_text(plan: RegionPlan, population: Population, searches: Iterable[Search]) -> str:
    """All that was planted, as JSON. Its children do not exist, so that their ids may stand in it.

    A week costs base_gbp_per_week of the provider x dearer of the profile x dearer_by_age
    (from that age on) x price_factor of the authority x (1 + premium) x dearer_a_year ^ years since
    prices_of x noise (of that spread, in logarithms, around 1). The price that was agreed on the
    day a placement began holds until its end; spend counts every night at it.
    """
    truth, prices = population.truth, population.prices
    if truth is None:
        raise ValueError("Nothing was planted in this region.")
    mix = truth.mix
    told = {
        "seed": plan.seed,
        "prices": {
            "prices_of": PRICES_OF.isoformat(),
            "dearer_by_age": {str(age): factor for age, factor in DEARER_BY_AGE.items()},
            "dearer_a_year": prices.dearer_a_year,
            "noise": prices.noise,
        },
        "profiles": [
            {"profile": p.name, "dearer": p.dearer, "from_age": p.from_age}
            for p in PROFILES.values()
        ],
        "authorities": [
            {
                "la_code": area.authority.code,
                "la_name": area.authority.name,
                "standard_version": plan.version(number),
                "price_factor": prices.la_factor[area.authority.code],
                "needs_mix": mix.shares[area.authority.code],
            }
            for number, area in enumerate(plan.areas)
        ],
        "worst": {
            "la_code": mix.worst_la,
            "profile": mix.worst_profile,
            "recommended_type": TYPES[WORST_TYPE],
        },
        "providers": [
            {
                "urn": p.urn,
                "owner": p.owner,
                "placement_type": TYPE_OF_PROVIDER[p.kind],
                "is_local_authority": p.sector == OWN_SECTOR,
                "base_gbp_per_week": base_of(p),
                "premium": prices.premium[p.urn],
            }
            for p in population.providers
        ],
        "owners": [
            {"owner": owner, "placement_type": kind, "premium": premium}
            for (owner, kind), premium in prices.owner_premium.items()
        ],
        "spend": [
            asdict(spent)
            for children in population.people
            for spent in spend_of(children, plan.first, plan.last)
        ],
        "searches": [
            {
                "la_code": s.child.la_code,
                "child_id": s.child.id,
                "referral_date": s.referred.isoformat(),
                "profile": s.child.profile,
                "is_worst": mix.is_worst(s.child.la_code, s.child.profile),
            }
            for s in searches
        ],
    }
    return json.dumps(told, indent=1) + "\n"
