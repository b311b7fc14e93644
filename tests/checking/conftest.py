"""A return to check with the command line, and what comes of it."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from pipeline import cli
from pipeline.reference import places_of, write_places
from pipeline.standards.ssda903.rule import rules_of
from pipeline.warehouse import workspace, write_parquet

DEVON = "E10000008"
Rows = list[dict[str, str]]

# What must never be printed.
CANARY_CHILD, CANARY_POSTCODE, CANARY_VALUE = "CANARY0001", "EX9 9QQ", "CANARYVALUE"
CANARIES = (CANARY_CHILD, CANARY_POSTCODE, CANARY_VALUE)


def header(child: str, **said: str) -> dict[str, str]:
    usual = {"CHILD": child, "SEX": "F", "DOB": "01/02/2012", "ETHNIC": "WBRI", "UPN": "UN1"}
    return {**usual, "MOTHER": "", "MC_DOB": "", **said}


def episode(child: str, **said: str) -> dict[str, str]:
    usual = {
        "CHILD": child, "DECOM": "01/05/2025", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "K1",
        "PLACE_PROVIDER": "PR4", "DEC": "", "REC": "", "REASON_PLACE_CHANGE": "",
        "HOME_POST": "EX1 1AA", "PL_POST": "EX2 4QD", "URN": "2500001",
    }  # fmt: skip
    return {**usual, **said}


def csv_text(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read_csv(file: Path) -> Rows:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@dataclass(frozen=True)
class Checked:
    """How a check ended."""

    code: int
    said: str
    out: Path

    def rows(self, name: str = "failures.csv") -> Rows:
        return read_csv(self.out / name)

    def codes(self) -> set[str]:
        return {row["code"] for row in self.rows()}


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Checked]:
    """`check(path, …)` runs `common-core check` with a table of a few postcodes."""
    places = places_of(tmp_path / "home" / "reference")
    with workspace() as connection:
        write_places(
            connection,
            "select * from (values ('EX1 1AA', 292000, 93000, 'E10000008'), "
            "('EX2 4QD', 292500, 92000, 'E10000008'), ('TA1 4AB', 322000, 124000, 'E06000066')) "
            "as p (postcode, easting, northing, la_code)",
            places.postcodes,
        )
        nowhere = "select 'EX1' as district, null as la_code"
        write_parquet(connection, nowhere, places.districts)
    monkeypatch.setenv("COMMON_CORE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(*arguments: str | Path, out: Path = tmp_path / "out") -> Checked:
        screen = io.StringIO()
        both = Console(file=screen, width=250)
        monkeypatch.setattr(cli, "console", both)
        monkeypatch.setattr(cli, "errors", both)
        code = cli.main(["check", *map(str, arguments), "--out", str(out)])
        said = screen.getvalue()
        assert not [c for c in CANARIES if c in said], "a value was printed"
        assert "Traceback" not in said
        return Checked(code, said, out)

    return run


@pytest.fixture
def send(tmp_path: Path) -> Callable[..., Path]:
    """`send(2026, episodes=[…], header=[…])` writes a return of CSV files; gives its folder."""

    def write(year: int = 2026, place: str = "ssda903", **tables: Rows | str) -> Path:
        folder = tmp_path / place / str(year)
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in tables.items():
            text = rows if isinstance(rows, str) else csv_text(rows)
            (folder / f"{name}.csv").write_bytes(text.encode())
        return folder

    return write


@pytest.fixture
def providers(tmp_path: Path) -> Path:
    """Ofsted's list, of two homes and an agency."""
    file = tmp_path / "ofsted.csv"
    file.write_text(
        "URN,Local authority,Placement code,Placement provider code,Deregistration date,"
        "Setting address postcode\n"
        "2500001,Devon,K1,PR4,,EX2 4QD\n"
        "2500002,Somerset,K1,PR1,,TA1 4AB\n"
        'SC000003,Devon,"U1,U2",PR4,,EX1 1AA\n'
    )
    return file


@pytest.fixture
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rules in place of over 300, for what has nothing to do with which they are."""
    few = [r for r in rules_of(2026) if r.code in ("102", "503A")]
    monkeypatch.setattr("pipeline.checking.check.rules_of", lambda year: few)
