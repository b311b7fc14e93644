"""The blend: totals come to lie between the cohort's and a series', by tilting flows alone."""

import numpy as np
import pytest

from pipeline.forecast.blend import AUTHORITY, REGION, tilt
from pipeline.forecast.project import Tilt, project
from tests.forecast.made_up import MONTHS, ORIGIN, children, frame, rates

OF = frame()
RESIDENTIAL = OF.types.index("residential")
DRAWS = 200


def drawn(now, given, tilted=None):
    return project(OF, given, now, ORIGIN, MONTHS, DRAWS, 1, tilted=tilted)


def flat(made, months: int = 30) -> np.ndarray:
    """[la, month, band, type]: as it is at the origin, all the time before."""
    return np.repeat(made.stock[0, :, :1].astype(float), months, axis=1)


def test_totals_come_nearer_to_histories_that_stay_and_children_are_conserved():
    """Cohorts that would grow by a half; their history says that nothing changes."""
    now = children(OF, 1, 150)
    given = rates(OF, entries=12.0, leave=0.02)
    plain = drawn(now, given)
    found = tilt(OF, given, now, ORIGIN, flat(plain), MONTHS, 1)
    made = drawn(now, given, found)
    was, ends, came = (
        stock.sum(axis=(2, 3)).mean(axis=0)
        for stock in (plain.stock[:, :, 0], plain.stock[:, :, -1], made.stock[:, :, -1])
    )
    assert (ends > 1.15 * was).all()
    wanted = (ends.sum() ** (1 - REGION)) * (was.sum() ** REGION)
    share = ends ** (1 - AUTHORITY) * was**AUTHORITY
    np.testing.assert_allclose(came, share * wanted / share.sum(), rtol=0.05)
    assert (found.coming < 1).all()
    assert (found.leaving > 1).all()
    total = made.stock.sum(axis=(3, 4))
    assert (total[:, :, 1:] == total[:, :, :-1] + made.entries - made.leavers).all()
    assert made.stock.min() >= 0


def test_a_type_that_has_grown_goes_on_to_grow():
    now = children(OF, 1, 150)
    given = rates(OF, entries=5.0)
    plain = drawn(now, given)
    history = np.repeat(
        plain.stock[:, :, -1].mean(axis=0)[:, None], 60, axis=1
    )  # where the cohort goes to, for five years: a series that does not pull
    steady = tilt(OF, given, now, ORIGIN, history, MONTHS, 1)
    growing = history.copy()
    growing[..., RESIDENTIAL] *= np.linspace(0.5, 1, 60)[None, :, None]
    found = tilt(OF, given, now, ORIGIN, growing, MONTHS, 1)
    types = [drawn(now, given, t).stock[:, :, -1].mean(axis=0).sum(axis=1) for t in (steady, found)]
    assert types[1][:, RESIDENTIAL].sum() > 1.01 * types[0][:, RESIDENTIAL].sum()
    assert found.into[:, RESIDENTIAL].mean() > 1.02 * steady.into[:, RESIDENTIAL].mean()


def test_no_tilt_is_no_change():
    now = children(OF, 1, 40)
    plain = project(OF, rates(OF), now, ORIGIN, 4, 5, 1)
    same = project(OF, rates(OF), now, ORIGIN, 4, 5, 1, tilted=Tilt.none(OF, 4))
    assert (plain.stock == same.stock).all()


@pytest.mark.parametrize("months", [1, 2, 13])
@pytest.mark.parametrize("size", [0, 3])
@pytest.mark.parametrize("entries", [0.0, 0.5])
def test_little_history_and_few_children_are_no_fault(months, size, entries):
    now = children(OF, 1, size)
    given = rates(OF, entries=entries)
    history = np.zeros((len(OF.las), months, len(OF.bands), len(OF.types)))
    history[..., 0, 0] = size
    found = tilt(OF, given, now, ORIGIN, history, MONTHS, 1)
    for factors in (found.coming, found.leaving, found.into):
        assert np.isfinite(factors).all()
        assert (factors >= 0.5).all()
        assert (factors <= 2).all()
    assert drawn(now, given, found).stock.min() >= 0


def test_a_calm_draw_tells_the_mean_of_many():
    now = children(OF, 1, 300)
    given = rates(OF, entries=10.0)
    calm = project(OF, given, now, ORIGIN, MONTHS, 20, 1, calm=True)
    means = [m.stock[:, :, -1].sum(axis=(2, 3)).mean(axis=0) for m in (calm, drawn(now, given))]
    np.testing.assert_allclose(means[0], means[1], rtol=0.05)
