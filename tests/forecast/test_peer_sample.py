"""The panel of the peer's own sample is what a plain count over its files says."""

import datetime as dt
from pathlib import Path

import pytest

from tests.forecast import peer_sample
from tests.forecast.care_months import build
from tests.forecast.peer_sample import Episode, children_by_month

PANEL = ("int_care_month",)
COUNT = "select month_end, count(distinct child_id) from int_care_month group by month_end"


@pytest.fixture(scope="module")
def source() -> Path:
    found = peer_sample.folder()
    if found is None:
        pytest.skip("the sample of cs-demand-model is not here; `make bench` installs it")
    return found


@pytest.fixture(scope="module")
def files(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    peer_sample.write_as_ours(source, folder)
    return folder


def test_the_panel_of_the_episodes_as_reported_is_a_plain_count(source: Path, files: Path) -> None:
    panel = build(files, dt.date(2022, 4, 1), models=PANEL)
    counts = children_by_month(peer_sample.episodes(source))
    assert len(counts) == 60
    assert dict(panel.execute(COUNT).fetchall()) == counts


def test_the_panel_of_the_episodes_as_mended_is_a_plain_count(source: Path, files: Path) -> None:
    panel = build(files, dt.date(2022, 4, 1), is_repaired=True, models=PANEL)
    rows = panel.execute(
        "select child_id, birth_month, start_date, end_date "
        "from episode inner join child on child_id = child.id where not is_short_break"
    ).fetchall()
    counts = children_by_month(Episode(*row) for row in rows)
    assert dict(panel.execute(COUNT).fetchall()) == counts
    # Some children vanish from later returns; left open, they would be in care for ever.
    reported = children_by_month(peer_sample.episodes(source))
    assert counts[peer_sample.LAST] < reported[peer_sample.LAST]


def test_the_sample_winds_down(source: Path) -> None:
    counts = list(children_by_month(peer_sample.episodes(source)).values())
    assert counts[-1] < 0.25 * counts[0]
