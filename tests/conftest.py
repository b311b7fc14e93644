"""The pipeline as a user runs it: the command line, in a process and a home of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from pipeline.reference import build_postcodes
from pipeline.settings import PROJECT
from pipeline.synthetic.cli_command import plan_for
from pipeline.synthetic.region import make_region
from tests.known_region import Project, compile_project, compile_tests
from tests.small_region import Tools

SHARED = PROJECT.parent / "shared"
WAREHOUSE = Path("warehouse") / "common_core_warehouse.duckdb"
# The sample's authorities and forms, at a size that a run takes in a minute.
SMALL_PLAN = plan_for(las=4, children=120, seed=7, error_rate=0.015)
KEY = "a key for regions in which nobody exists"
# What dbt keeps of the project, good for a home at one path.
READ_BY_DBT = ("dbt/manifest.json", "dbt/manifest.made_from", "dbt/partial_parse.msgpack")


@dataclass(frozen=True)
class Ran:
    """How a run of the command line ended."""

    code: int
    said: str  # standard output and error


def common_core(home: Path, *arguments: str, **environment: str) -> Ran:
    """Run `common-core` on a home; environment names without their COMMON_CORE_."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("COMMON_CORE_", "DAGSTER_"))}
    ours = {f"COMMON_CORE_{k.upper()}": v for k, v in environment.items()}
    ended = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        cwd=PROJECT,
        env=clean | ours | {"COMMON_CORE_HOME": str(home), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(ended.returncode, ended.stdout)


def inputs(landing: Path, providers: Path) -> dict[str, str]:
    """What a run reads, as environment for `common_core`."""
    return {
        "landing": str(landing),
        "providers": str(providers),
        "key": KEY,
        "key_version": "tests",
    }


@dataclass(frozen=True)
class Home:
    """A home with its landing folder and the key it was made with."""

    path: Path
    landing: Path
    providers: Path

    @property
    def warehouse(self) -> Path:
        return self.path / WAREHOUSE

    def run(self, *arguments: str, **environment: str) -> Ran:
        """Run the pipeline, or another command, on this home."""
        return common_core(
            self.path,
            *(arguments or ("run",)),
            **(inputs(self.landing, self.providers) | environment),
        )

    def query(self, sql: str) -> list[tuple]:
        """Rows of the published warehouse."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def command_line() -> Callable[..., Ran]:
    """`command_line(home, *arguments, key=…)` runs `common-core` on a home."""
    return common_core


def shared_folder(factory: pytest.TempPathFactory, worker_id: str, name: str) -> Path:
    """A folder that tests running side by side share; take the lock in it before anything else."""
    base = factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / name
    place.mkdir(exist_ok=True)
    return place


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """The dbt project as tables, for regions of which the answers are known."""
    place = shared_folder(tmp_path_factory, worker_id, "project")
    with FileLock(place / "lock"):
        return compile_project(place)


@pytest.fixture(scope="session")
def tools(project: Project, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Tools:
    """What small regions of given files are made with."""
    place = shared_folder(tmp_path_factory, worker_id, "project")
    with FileLock(place / "lock"):
        return Tools(project, compile_tests(place), build_postcodes(place / "reference"))


@pytest.fixture(scope="session")
def small_region(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The files of SMALL_PLAN: landing folders, reference, planted mistakes. Read them only."""
    place = shared_folder(tmp_path_factory, worker_id, "small")
    with FileLock(place / "lock"):
        if not (place / "made").exists():
            make_region(place / "region", SMALL_PLAN)
            (place / "made").touch()
    return place / "region"


@pytest.fixture(scope="session")
def sample_run(
    small_region: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> tuple[Path, Ran]:
    """The first run on a small sample: the home, and how it ended.

    It takes a minute or two, so that tests running side by side share one.
    """
    place = shared_folder(tmp_path_factory, worker_id, "sample")
    home, said = place / "home", place / "ran.json"
    given = inputs(small_region / "landing", providers_of(small_region))
    with FileLock(place / "lock"):
        if not said.exists():
            said.write_text(json.dumps(asdict(common_core(home, "run", **given))))
    return home, Ran(**json.loads(said.read_text()))


def providers_of(region: Path) -> Path:
    return region / "reference" / "ofsted_providers.csv"


@pytest.fixture(scope="session")
def sample_home(sample_run: tuple[Path, Ran]) -> Path:
    """A home with the published warehouse of a small sample. Read it only."""
    home, ran = sample_run
    assert ran.code == 0, ran.said
    return home


def empty_home(factory: pytest.TempPathFactory) -> Path:
    """An empty home, at one path for all tests of a process: the one before it is gone.

    In a home at another path dbt reads the whole project again, for ten seconds.
    """
    place = factory.getbasetemp() / "own"
    home = place / "home"
    known = {f: (home / f).read_bytes() for f in READ_BY_DBT if (home / f).exists()}
    shutil.rmtree(place, ignore_errors=True)
    (home / "dbt").mkdir(parents=True)
    for name, content in known.items():
        (home / name).write_bytes(content)
    return home


@pytest.fixture
def own_home(
    sample_home: Path, small_region: Path, tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """A copy of the small sample's home and landing folder, to break things in."""
    home = empty_home(tmp_path_factory)
    landing = home.with_name("landing")
    other_place = shutil.ignore_patterns("dbt")
    shutil.copytree(sample_home, home, dirs_exist_ok=True, ignore=other_place)
    shutil.copytree(small_region / "landing", landing)  # keeps the dates, so that nothing looks new
    return Home(home, landing, providers_of(small_region))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The developers' folder of official material; without it a test skips, saying so."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED.name}/ is not beside the project: its official files are not tested")
    return SHARED


@pytest.fixture(scope="session")
def fetch(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Download a package without its dependencies and unpack it; skips, saying so, if offline."""

    def get(requirement: str) -> Path:
        folder = tmp_path_factory.mktemp("fetched")
        got = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile",
             "--target", str(folder), requirement],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        if got.returncode:
            pytest.skip(f"{requirement} could not be fetched: what needs it is not tested")
        return folder

    return get
