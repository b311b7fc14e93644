"""The blend: chosen where it was better, reached by tilting what comes and moves."""

import numpy as np
import pytest

from pipeline.forecast.backtest import THIS, Score
from pipeline.forecast.blend import BLEND, HORIZON, LEVEL, is_better, tilt
from pipeline.forecast.project import project
from tests.forecast.made_up import MONTHS, ORIGIN, children, frame, rates

OF = frame()
RESIDENTIAL = OF.types.index("residential")


def score(method, wape, origins=8, level=LEVEL, horizon=HORIZON):
    return Score(level, method, horizon, origins, 100, wape, 0.0, 1.0)


@pytest.mark.parametrize(
    ("blend", "origins", "chosen"), [(0.019, 8, True), (0.0199, 8, False), (0.01, 5, False)]
)
def test_it_is_chosen_where_it_was_clearly_better_often_enough(blend, origins, chosen):
    found = [score(THIS, 0.02, origins), score(BLEND, blend, origins)]
    found.append(score(BLEND, 0.001, level="region"))
    assert is_better(found) is chosen


def test_without_a_backtest_there_is_no_blend():
    assert not is_better([])


def test_the_regions_types_come_to_lie_half_way_and_children_are_conserved():
    now = children(OF, 1, 150)
    given = rates(OF, entries=10.0)
    plain = project(OF, given, now, ORIGIN, MONTHS, 200, 1)
    later = slice(MONTHS // 2, None)
    cohort = plain.stock[:, :, later].sum(axis=(1, 3)).mean(axis=(0, 1))
    flat = cohort.copy()
    flat[RESIDENTIAL] *= 1.3
    series = np.repeat(flat[:, None], 30, axis=1)  # a smoothing of this goes on as it is
    found = tilt(OF, given, now, ORIGIN, series, MONTHS, 1)
    made = project(OF, given, now, ORIGIN, MONTHS, 200, 1, tilted=found)
    reached = made.stock[:, :, later].sum(axis=(1, 3)).mean(axis=(0, 1))
    np.testing.assert_allclose(reached, (cohort + flat) / 2, rtol=0.03)
    assert found[RESIDENTIAL] > 0.05
    total = made.stock.sum(axis=(3, 4))
    assert (total[:, :, 1:] == total[:, :, :-1] + made.entries - made.leavers).all()


def test_no_tilt_is_no_change():
    now = children(OF, 1, 40)
    plain = project(OF, rates(OF), now, ORIGIN, 4, 5, 1)
    same = project(OF, rates(OF), now, ORIGIN, 4, 5, 1, tilted=np.zeros(len(OF.types)))
    assert (plain.stock == same.stock).all()
