"""What `common-core synth` does."""

from pathlib import Path

from pipeline.synthetic.places import english_areas
from pipeline.synthetic.plan import RegionPlan
from pipeline.synthetic.region import Made, make_region


def plan_for(las: int, children: int, seed: int, error_rate: float) -> RegionPlan:
    """The plan of a region of the first `las` authorities of our list, South West first.

    Raises ValueError where a number makes no sense; the message says which may be given.
    """
    areas = english_areas()
    if not 1 <= las <= len(areas):
        raise ValueError(f"The number of authorities must be 1 to {len(areas)}, not {las}.")
    if children < 1:
        raise ValueError(f"The number of children must be 1 or more, not {children}.")
    if seed < 0:
        raise ValueError(f"The seed must be 0 or more, not {seed}.")
    if not 0 <= error_rate <= 1:
        raise ValueError(f"The error rate must be between 0 and 1, not {error_rate}.")
    return RegionPlan(areas[:las], children, seed, error_rate)


def synthesise(out: Path, las: int, children: int, seed: int, error_rate: float) -> Made:
    """Make a synthetic region in `out`, an empty folder or one that holds such a region.

    `children` is how many each of `las` authorities looks after at any one time, `error_rate` the
    share of rows with a mistake. Raises RegionFolderFault or ValueError with a plain message.
    """
    plan = plan_for(las, children, seed, error_rate)
    command = (
        f"common-core synth --out <folder> --las {las} --children {children} --seed {seed} "
        f"--error-rate {error_rate:g}"
    )
    return make_region(out, plan, command)
