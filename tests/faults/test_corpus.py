"""The corpus of bad input beside good files: every case ends as expected, and nothing else suffers.

The short form is one case or more of each family, through the steps of the LA zone; the long form
is the whole corpus through the command line, with what it publishes.
"""

import contextlib
import csv
import io
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from pipeline.intake.manifest import Entry, load_manifest
from pipeline.la_zone import check_las, receive_las, share_las
from pipeline.reference import Postcodes, write_places
from pipeline.region import Agreement, Authority, Region
from pipeline.settings import SAMPLE, Settings
from pipeline.sharing.share import hub_file
from pipeline.standards.load import load_standards
from pipeline.warehouse import from_parquet, workspace, write_parquet
from tests.faults.case import BIRTHS, FOLDER, MARK, NAME, POSTCODE, REVIEWS, Fault
from tests.faults.corpus import FAULTS, Outcome, differences, drop, outcome_of, table_of
from tests.faults.values import CHILD, EPISODE, csv_of

SOMERSET, DEVON, DORSET = "E06000066", "E10000008", "E06000059"
LAS = {SOMERSET: "somerset", DEVON: "devon", DORSET: "dorset"}
PURPOSES = {"sufficiency": ("placements", "ssda903")}
AGREED = (Agreement("sufficiency", date(2025, 4, 1), date(2099, 12, 31)),)
KEY = "a key that only the tests of bad input know"
SHORT = tuple(f for f in FAULTS if f.short)
# What programs leave behind in a folder is not received.
LEFT_BEHIND = re.compile(
    r"(^|/)(~\$|\.|Thumbs|desktop\.ini|__MACOSX|manifest\.ya?ml$)|\.(TMP|part)$"
)
# Of programs and programmers; an officer has no use for them.
OUR_WORDS = re.compile(
    r"Traceback|\w(Error|Exception)\b|\b(None|NaN|null|pandas|DataFrame|DuckDB|fastexcel|calamine|"
    r"lxml|zipfile|openpyxl|regex|parser|token|byte offset|codec|stream|boolean|varchar|errno)\b|"
    r"0x[0-9a-f]|[<>{}\\]"
)


@dataclass(frozen=True)
class Run:
    """A home after one run over three LAs, the first of which dropped the corpus."""

    home: Path
    landing: Path
    faults: tuple[Fault, ...]
    said: str  # on the terminal
    failed: dict[str, str] = field(default_factory=dict)  # LAs that a step failed for

    def zone(self, code: str) -> Path:
        return self.home / "la" / code

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.zone(SOMERSET))

    def entries(self) -> list[Entry]:
        return [e for code in LAS for e in load_manifest(self.zone(code))]


def write_good_files(folder: Path, mark: str) -> None:
    """A small delivery without a fault."""
    delivery = folder / "ssda903" / "2026"
    delivery.mkdir(parents=True)
    for name, text in (
        ("header.csv", csv_of(CHILD)),
        ("episodes.csv", csv_of(EPISODE)),
        ("reviews.csv", REVIEWS),
    ):
        (delivery / name).write_text(text.replace("{m}", mark), encoding="utf-8")


def region_text() -> str:
    lines = [
        "region: Region of the corpus\nsynthetic: true\nhub: E06000066\n"
        "purposes: {sufficiency: [placements, ssda903]}\nauthorities:\n"
    ] + [
        f"  - {{code: {code}, name: {folder.title()}, folder: {folder}, agreements: "
        "[{purpose: sufficiency, signed: 2025-04-01, until: 2099-12-31}]}\n"
        for code, folder in LAS.items()
    ]
    return "".join(lines)


def few_postcodes(folder: Path) -> Postcodes:
    """A directory of one postcode and one district."""
    made = Postcodes(folder / "postcodes.parquet", folder / "districts.parquet")
    with workspace() as connection:
        write_places(
            connection,
            f"select '{POSTCODE}' as postcode, 300000 as easting, 120000 as northing, "
            f"'{SOMERSET}' as la_code",
            made.postcodes,
        )
        write_parquet(connection, f"select 'TA1' as district, '{SOMERSET}' as la_code",
                      made.districts)  # fmt: skip
    return made


def settings_of(home: Path, landing: Path) -> Settings:
    las = tuple(Authority(c, f.title(), f, agreements=AGREED) for c, f in LAS.items())
    return Settings(
        home, Region("Region of the corpus", True, SOMERSET, las, PURPOSES), landing, home / "none"
    )


def run_the_short_form(folder: Path) -> Run:
    """The steps of the LA zone over the short form."""
    landing, home = folder / "landing", folder / "home"
    drop(SHORT, landing / "somerset")
    for name in LAS.values():
        write_good_files(landing / name, f"{MARK}{name}")
    settings = settings_of(home, landing)
    said = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as environment,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        environment.setenv("COMMON_CORE_KEY", KEY)
        # One LA after the other: to start processes costs more than the little work here.
        environment.setattr(os, "cpu_count", lambda: 1)
        failed = receive_las(settings, list(LAS)).faults
        failed |= check_las(settings, list(LAS)).faults
        failed |= share_las(settings, list(LAS), few_postcodes(folder)).faults
    return Run(home, landing, SHORT, said.getvalue(), failed)


def run_the_long_form(folder: Path, command_line) -> Run:
    """The whole corpus, good files of the sample beside it, and the command line."""
    landing, home = folder / "landing", folder / "home"
    for name in LAS.values():
        for part in ("ssda903/2026", "placements/2026Q1"):
            shutil.copytree(SAMPLE / "landing" / name / part, landing / name / part)
    drop(FAULTS, landing / "somerset")
    region = folder / "region.yml"
    region.write_text(region_text())
    ran = command_line(home, "run", region=str(region), landing=str(landing), key=KEY,
                       providers=str(SAMPLE / "reference" / "ofsted_providers.csv"))  # fmt: skip
    assert ran.code == 0, ran.said
    return Run(home, landing, FAULTS, ran.said)


@pytest.fixture(scope="module", params=["short", pytest.param("long", marks=pytest.mark.faults)])
def run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, command_line
) -> Run:
    """The corpus after one run. Read it only."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "short":
        return run_the_short_form(folder)
    return run_the_long_form(folder, command_line)


def test_there_are_at_least_150_cases_each_with_a_name_of_its_own():
    assert len(FAULTS) >= 150
    assert len({f.name for f in FAULTS}) == len(FAULTS)
    assert len({f.mark for f in FAULTS}) == len(FAULTS)


def test_every_case_ends_as_expected(run: Run):
    outcome = run.outcome
    table = run.home.parent / "corpus.md"  # for whoever wants to read the messages
    table.write_text(table_of(run.faults, outcome), encoding="utf-8")
    wrong = {f.name: found for f in run.faults if (found := differences(f, outcome))}
    assert not wrong, "\n".join(f"{name}: {'; '.join(found)}" for name, found in wrong.items())


def test_no_step_failed_and_no_error_was_withheld(run: Run):
    assert run.failed == {}
    assert "Traceback" not in run.said
    assert "failed" not in run.said
    assert list(run.home.glob("la/*/faults/*")) == []


def test_every_file_that_was_sent_is_in_the_manifest(run: Run):
    folder = run.landing / "somerset"
    sent = {
        name
        for fault in run.faults
        for name in (f"{fault.folder}/{file}" for file in fault.files)
        if not LEFT_BEHIND.search(name)
    }
    assert len(sent) >= len(run.faults) * 0.9
    assert sent <= {e.path for e in run.outcome.entries}
    assert all((folder / name).is_file() for name in sent)  # and none was moved or deleted


def test_the_rows_add_up(run: Run):
    for entry in run.entries():
        parts = (entry.rows_kept, entry.rows_quarantined, entry.rows_superseded)
        assert min(parts) >= 0, entry.file
        assert entry.rows_read == sum(parts), entry.file


def hub_rows(home: Path, table: str, code: str) -> int:
    path = hub_file(home / "hub", table, code)
    if not path.exists():
        return 0
    with workspace() as connection:
        return connection.execute(f"select count(*) from {from_parquet([path])}").fetchall()[0][0]


def test_the_kept_rows_of_all_las_are_in_the_hub_and_no_others(run: Run):
    tables = {e.table_name for e in run.entries() if e.status == "accepted"}
    assert len(tables) >= 4
    for code in LAS:
        for table in tables:
            entries = [e for e in load_manifest(run.zone(code)) if e.table_name == table]
            # The hub has one row for a key, whichever year's file tells of it.
            assert hub_rows(run.home, table, code) == sum(e.rows_kept for e in entries), table


def test_good_files_beside_the_bad_ones_are_kept(run: Run):
    for code in LAS:
        good = [e for e in load_manifest(run.zone(code)) if not e.path.startswith(f"{FOLDER}/")]
        assert len(good) >= 3
        assert {e.status for e in good} == {"accepted"}
        assert all(e.rows_kept > 0.9 * e.rows_read for e in good), code
        assert all(e.stop_count == e.rows_quarantined for e in good), code


def messages(outcome: Outcome) -> Iterable[tuple[str, str]]:
    for entry in outcome.entries:
        if entry.status != "accepted":
            yield entry.reason, entry.file
            yield entry.how_to_fix, entry.file
        if entry.note:
            yield entry.note, entry.file
    for found in outcome.found:
        if found.severity != "info":
            if not found.check_id.startswith("dfe."):  # whose words are DfE's
                yield found.message, found.check_id
            yield found.how_to_fix, found.check_id


def test_messages_are_sentences_that_an_officer_understands(run: Run):
    poor = {
        (about, text)
        for text, about in messages(run.outcome)
        if not (text.endswith(".") and 10 < len(text) < 300) or OUR_WORDS.search(text)
    }
    assert not poor, "\n".join(f"{about}: {text}" for about, text in sorted(poor))


def test_messages_hold_nothing_of_the_files(run: Run):
    telling = re.compile("|".join((MARK, NAME, POSTCODE, *BIRTHS, "990017")), re.IGNORECASE)
    leaky = {(about, text) for text, about in messages(run.outcome) if telling.search(text)}
    assert leaky == set()


def test_nothing_of_the_bad_files_leaves_the_la_zone(run: Run):
    days = [f"{b[6:]}-{b[3:5]}-{b[:2]}" for b in BIRTHS]
    bare = POSTCODE.replace(" ", "")
    words = (MARK, NAME, FOLDER, POSTCODE, bare, *BIRTHS, *days, "990017", "root:x:0")
    telling = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    assert not telling.search(run.said), telling.search(run.said)
    searched = 0
    with workspace() as connection:
        for file in run.home.rglob("*"):
            if not file.is_file():
                continue
            parts = file.relative_to(run.home).parts
            in_the_zone = parts[0] == "la" or (parts[0] == "reports" and parts[1] in LAS)
            if in_the_zone or parts[0] == "reference":
                continue
            searched += 1
            text = (
                str(connection.execute(f"from {from_parquet([file])}").fetchall())
                if file.suffix == ".parquet"
                else file.read_bytes().decode("utf-8", errors="ignore")
            )
            assert not telling.search(file.as_posix()), file
            found = telling.search(text)
            assert not found, (file, found)
    assert searched > 10
    assert (run.home / "hub").is_dir()


def test_no_foreign_file_was_read_or_written(run: Run):
    """Links, entities and paths out of an archive lead nowhere."""
    assert list(run.landing.parent.rglob("escaped.csv")) == []
    assert not Path("/tmp/escaped.csv").exists()  # noqa: S108  where a case wants to write
    zone = run.zone(SOMERSET)
    for file in zone.rglob("*"):
        assert not file.is_symlink(), file
        if file.is_file() and file.suffix != ".parquet" and "quarantine" not in file.parts:
            assert b"root:x:0" not in file.read_bytes(), file
    with workspace() as connection:
        for file in (f for f in zone.rglob("*.parquet") if "quarantine" not in f.parts):
            rows = connection.execute(f"from {from_parquet([file])}").fetchall()
            assert "root:x:0" not in str(rows), file


def test_cells_that_look_like_formulas_are_inert_in_the_feedback(run: Run):
    files = [*run.home.glob(f"la/{SOMERSET}/feedback.csv"),
             *run.home.glob(f"reports/{SOMERSET}/feedback.csv")]  # fmt: skip
    assert files
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            cells = {cell for row in csv.reader(stream) for cell in row}
        assert not [c for c in cells if re.match(r"[=+@\t\r-]", c)]


def test_the_standards_are_those_that_the_corpus_uses():
    tables = {e.table for f in FAULTS for e in f.ends if e.table}
    assert tables <= load_standards().keys()
    assert {"nps_2026_04", "nps_2026_06", "nps_records", "rcc_v2", "episodes", "header"} <= tables
