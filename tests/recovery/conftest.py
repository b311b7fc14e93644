"""Regions of which the answers are known, made once for all tests that look for them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.reference import Postcodes, build_postcodes
from pipeline.sharing.pseudonym import Key
from pipeline.synthetic.cli_command import plan_for
from tests.conftest import KEY, SMALL_PLAN
from tests.known_region import Project, build_region

LAS, CHILDREN, ERRORS = 15, 150, 0.015
# None of the methods was tuned on these. See the decision notes 19 and 21.
SHORT = (9,)
MARTS = ("int_unmet_need", "provider_premium")


@pytest.fixture(scope="session")
def postcodes(sample_home: Path) -> Postcodes:
    """Those that the sample's run made."""
    return build_postcodes(sample_home / "reference")


@pytest.fixture(scope="session")
def region(
    project: Project, postcodes: Postcodes, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], Path]:
    """The region of a seed, with what was planted in it in schema `truth`; made once."""
    folder = tmp_path_factory.mktemp("regions")

    def of(seed: int) -> Path:
        file = folder / f"{seed}.duckdb"
        if not file.exists():
            plan = plan_for(LAS, CHILDREN, seed, ERRORS, truth=True)
            build_region(plan, project, postcodes, file, only=MARTS)
        return file

    return of


@pytest.fixture(scope="session")
def sample_region(
    sample_home: Path,
    project: Project,
    postcodes: Postcodes,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The small sample by the short way, under the key of the pipeline's run; exact, too."""
    out = tmp_path_factory.mktemp("sample") / "region.duckdb"
    build_region(SMALL_PLAN, project, postcodes, out, key=Key(KEY.encode(), "tests"))
    return out
