"""What was planted in a region, written down beside it."""

import json
from collections.abc import Iterable

from pipeline.synthetic.needs import PROFILES
from pipeline.synthetic.plan import RegionPlan
from pipeline.synthetic.providers import Provider
from pipeline.synthetic.searches import Search
from pipeline.synthetic.truth import (
    BASE,
    DEARER_BY_AGE,
    OWN_SECTOR,
    PRICES_OF,
    TYPE_OF_PROVIDER,
    Truth,
)


def truth_text(
    plan: RegionPlan, truth: Truth, providers: list[Provider], searches: Iterable[Search]
) -> str:
    """All that was planted, as JSON. Its children do not exist, so that their ids may stand in it.

    A week costs base_gbp_per_week of the type x dearer of the profile x dearer_by_age (from that
    age on) x price_factor of the authority x (1 + premium) x dearer_a_year ^ years since prices_of
    x noise (of that spread, in logarithms, around 1).
    """
    mix, prices = truth.mix, truth.prices
    told = {
        "seed": plan.seed,
        "prices": {
            "prices_of": PRICES_OF.isoformat(),
            "base_gbp_per_week": BASE,
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
        "worst": {"la_code": mix.worst_la, "profile": mix.worst_profile},
        "providers": [
            {
                "urn": p.urn,
                "placement_type": TYPE_OF_PROVIDER[p.kind],
                "is_local_authority": p.sector == OWN_SECTOR,
                "premium": prices.premium[p.urn],
            }
            for p in providers
            if p.urn in prices.premium
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
