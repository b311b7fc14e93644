"""What `common-core synth` does."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from pipeline.synthetic.places import english_areas
from pipeline.synthetic.plan import RegionPlan
from pipeline.synthetic.region import Made, make_region
from pipeline.synthetic.truth import TruthPlan

# Two whole years of placements, so that one can be compared with the other.
PLANTED_QUARTERS = tuple(f"{year}Q{n}" for year in (2024, 2025, 2026) for n in (1, 2, 3, 4))[1:9]
EARLIER_LISTS = (dt.date(2024, 9, 30), dt.date(2025, 3, 31))


def plan_for(
    las: int, children: int | None, seed: int, error_rate: float, truth: bool = False
) -> RegionPlan:
    """The plan of a region of the first `las` authorities of our list, South West first.

    Raises ValueError where a number makes no sense; the message says which may be given.
    """
    areas = english_areas()
    if not 1 <= las <= len(areas):
        raise ValueError(f"The number of authorities must be 1 to {len(areas)}, not {las}.")
    if children is not None and children < 1:
        raise ValueError(f"The number of children must be 1 or more, not {children}.")
    if seed < 0:
        raise ValueError(f"The seed must be 0 or more, not {seed}.")
    if not 0 <= error_rate <= 1:
        raise ValueError(f"The error rate must be between 0 and 1, not {error_rate}.")
    plan = RegionPlan(areas[:las], children, seed, error_rate)
    if not truth:
        return plan
    return replace(plan, truth=TruthPlan(), quarters=PLANTED_QUARTERS, ofsted_lists=EARLIER_LISTS)


def synthesise(
    out: Path, las: int, children: int | None, seed: int, error_rate: float, truth: bool = False
) -> Made:
    """Make a synthetic region in `out`, an empty folder or one that holds such a region.

    `children` is how many each of `las` authorities looks after on 31 March 2024, None for as many
    as it did in truth; `error_rate` the share of rows with a mistake. With `truth` what analyses
    should find is planted, and told in `truth.json`. Raises RegionFolderFault or ValueError with a
    plain message.
    """
    plan = plan_for(las, children, seed, error_rate, truth)
    command = (
        f"common-core synth --out <folder> --las {las} "
        f"{f'--children {children} ' if children else ''}--seed {seed} "
        f"--error-rate {error_rate:g}{' --truth' if truth else ''}"
    )
    return make_region(out, plan, command)
