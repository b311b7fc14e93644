"""England's own figures, to hold invented regions and forecasts against.

`england.csv`, beside this: children looked after on 31 March of 2010 to 2024 and children who
started in the year to 31 March of 2018 to 2024, one row per local authority (DfE's code of three
digits), blank where not published. Source: Department for Education, "Children looked after in
England including adoptions", releases 2010 to 2024. Contains public sector information licensed
under the Open Government Licence v3.0.
"""

from pathlib import Path

import numpy as np
import pandas as pd

FIGURES = Path(__file__).with_name("england.csv")
# Variance over mean of the children who start by chance in a year: siblings come together.
DISPERSION = 1.5
LEAST_STARTS = 30  # a year; the logarithm of fewer is mostly chance


def in_care() -> np.ndarray:
    """[authorities, years 2010 to 2024] children on 31 March, of those that have every year."""
    return _whole("in_care_")


def started() -> np.ndarray:
    """[authorities, years 2018 to 2024] children who started, of those that have every year."""
    starts = _whole("started_")
    return starts[starts.min(axis=1) >= LEAST_STARTS]


def lag_variances(counts: np.ndarray, dispersion: float = DISPERSION) -> np.ndarray:
    """Variance of changes of the logarithm, 1 year apart, 2, ..., beyond the noise of counting.

    counts: [series, years]. What all share in a year is taken off first.
    """
    logs = np.log(counts)
    logs = logs - logs.mean(axis=0)
    noise = dispersion / counts
    return np.array(
        [
            ((logs[:, lag:] - logs[:, :-lag]) ** 2 - noise[:, lag:] - noise[:, :-lag]).mean()
            for lag in range(1, counts.shape[1])
        ]
    )


def growth(counts: np.ndarray) -> np.ndarray:
    """[series, years - 1] changes of the logarithm, without what all share in a year."""
    changes = np.diff(np.log(counts), axis=1)
    return changes - changes.mean(axis=0)


def reverting(counts: np.ndarray) -> float:
    """Correlation of the growth of a year with that of the year before."""
    changes = growth(counts)
    return float(np.corrcoef(changes[:, :-1].ravel(), changes[:, 1:].ravel())[0, 1])


def _whole(prefix: str) -> np.ndarray:
    table = pd.read_csv(FIGURES)
    found = table[[name for name in table.columns if name.startswith(prefix)]].to_numpy(float)
    return found[(found > 0).all(axis=1)]
