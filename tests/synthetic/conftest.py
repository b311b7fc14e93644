import csv
from pathlib import Path

import pytest

from pipeline.synthetic.cli_command import plan_for
from pipeline.synthetic.region import make_region

Table = list[dict[str, str]]


@pytest.fixture(scope="session")
def clean_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four authorities with 250 children each and not one mistake."""
    out = tmp_path_factory.mktemp("clean")
    make_region(out, plan_for(las=4, children=250, seed=11, error_rate=0))
    return out


def read_csv(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def returns(clean_region: Path) -> dict[tuple[str, int], dict[str, Table]]:
    """The SSDA903 tables of the clean region by folder and collection year."""
    found: dict[tuple[str, int], dict[str, Table]] = {}
    for path in sorted((clean_region / "landing").glob("*/ssda903/*/*.csv")):
        key = (path.parts[-4], int(path.parts[-2]))
        found.setdefault(key, {})[path.stem] = read_csv(path)
    return found
