"""All pictures of made-up figures, and all frames that they take."""

from collections.abc import Callable

import pandas as pd

from pipeline.reports.region.charts.case import beds_bought, options_in_cash
from pipeline.reports.region.charts.cost import (
    cost_by_type,
    provider_caterpillar,
    spend_bridge,
)
from pipeline.reports.region.charts.living import distance_curve, shares_by_area, type_mix
from pipeline.reports.region.charts.need import places_and_demand, type_flow, unmet_need_map
from pipeline.reports.region.charts.picture import Picture
from tests.reports.region import made_up

DRAW: dict[str, Callable[[pd.DataFrame], Picture]] = {
    "shares": lambda f: shares_by_area(f, "Far from home", "more than 20 miles from home"),
    "types": lambda f: type_mix(f, "Types of home"),
    "distances": lambda f: distance_curve(f, "Distance from home"),
    "gaps": lambda f: unmet_need_map(f, "Need that is not met"),
    "flows": lambda f: type_flow(f, "Recommended and found"),
    "places": lambda f: places_and_demand(f, "Places and children for whom one was recommended"),
    "costs": lambda f: cost_by_type(f, "Weekly price"),
    "premiums": lambda f: provider_caterpillar(f, "Providers beside each other"),
    "bridge": lambda f: spend_bridge(f, "What changed the spend", "2024/25", "2025/26"),
    "options": lambda f: options_in_cash(f, "The case for new homes", 0.035),
    "beds": lambda f: beds_bought(f, "Beds that are bought", "April 2027 to March 2028"),
}
# What is null where a row is withheld.
FIGURES = {
    "shares": ["part", "of"],
    "types": ["part", "of"],
    "distances": ["share_within", "known"],
    "gaps": ["searches", "gap_index", "gap_low", "gap_high"],
    "flows": ["searches"],
    "places": ["needed"],
    "costs": ["children", "lower", "middle", "upper"],
    "premiums": ["children", "premium", "low", "high"],
    "options": ["mean", "lower", "upper", "chance", "bought_first", "lacking_first"],
    "beds": ["bought", "lacking"],
}


def frames(names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """A frame for each picture, for these areas; their names are the providers' too."""
    return {
        "shares": made_up.shares(names),
        "types": made_up.types(names),
        "distances": made_up.distances(names),
        "gaps": made_up.gaps(names),
        "flows": made_up.flows(),
        "places": made_up.places(names),
        "costs": made_up.costs(names),
        "premiums": made_up.premiums(4 * len(names), names),
        "bridge": made_up.bridge(),
        "options": made_up.options(),
        "beds": made_up.beds(names),
    }


def every_picture(names: tuple[str, ...]) -> dict[str, Picture]:
    """Each picture, drawn."""
    return {key: DRAW[key](frame) for key, frame in frames(names).items()}
