"""The command line where nothing was run yet, or something odd was sent."""

from datetime import datetime
from pathlib import Path

import duckdb

from pipeline.intake.manifest import Entry, save_manifest


def _entry(path: str) -> Entry:
    return Entry(
        la_code="E06000066",
        submission_id="s1",
        table_name="",
        dataset="",
        period="",
        period_source="",
        path=path,
        sha256="",
        size=1,
        modified_ns=1,
        received_at=datetime(2026, 11, 22),
        status="quarantined",
        reason_code="not_recognised",
        reason="No row tells what it is.",
        rows_read=1,
        rows_quarantined=1,
    )


def test_a_file_name_is_shown_as_it_is(tmp_path, command_line):
    """Square brackets are words of the terminal's colours, and of Windows' second downloads."""
    save_manifest(tmp_path / "la" / "E06000066", [_entry("[/red] episodes[1].csv")])
    ran = command_line(tmp_path, "status", "--la", "somerset")
    assert ran.code == 0
    assert "[/red] episodes[1].csv" in ran.said


def test_before_the_first_run_there_is_nothing_to_query(tmp_path, command_line):
    ran = command_line(tmp_path, "query", "select 1")
    assert ran.code == 1
    assert "Nothing is published yet" in ran.said


def test_a_faulty_region_file_is_told_without_a_traceback(tmp_path, command_line):
    region = tmp_path / "region.yml"
    region.write_text("region: South West\n")
    ran = command_line(tmp_path / "home", "run", region=str(region))
    assert ran.code == 1
    assert "region.yml" in ran.said
    assert "Traceback" not in ran.said


def test_a_synthetic_region_is_not_made_over_other_files(tmp_path, command_line):
    (tmp_path / "mine.txt").write_text("mine")
    ran = command_line(tmp_path / "home", "synth", "--out", str(tmp_path), "--children", "5")
    assert ran.code == 1
    assert "Traceback" not in ran.said
    assert (tmp_path / "mine.txt").read_text() == "mine"


def _warehouse(home: Path, is_exact: bool, bought: float) -> None:
    """A published warehouse in which Somerset alone has a forecast: two years, always the same.

    A night costs £200 in a bought bed, £100 in own provision; nobody lacks the type.
    """
    file = home / "warehouse" / "common_core_warehouse.duckdb"
    file.parent.mkdir(parents=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema quality")
        connection.execute("create schema foundation")
        connection.execute(f"create table quality.published as select {is_exact} as is_exact")
        connection.execute(
            "create table foundation.new_bed_draw as select 'E06000066' as la_code, "
            "'foster' as placement_type, draw, "
            "last_day('2026-04-01'::date + to_months(month))::date as month_end, "
            f"{bought}::double as bought, 200.0::double as bought_gbp, [0.0::double] as lacking, "
            "[0.0::double] as lacking_gbp, 100.0::double as own_gbp, 1.0::double as rise "
            "from range(40) as draws(draw), range(24) as months(month)"
        )


def test_ten_more_foster_carers_are_answered_from_the_published_warehouse(tmp_path, command_line):
    """Nine children live there, 30.4 nights a month, at £200 a night less and £100 or so more.

    What the new home costs is drawn from 0.95 to 1.1 of it, prices of homes now from 0.9 to 1.1.
    """
    _warehouse(tmp_path, True, 100.0)
    ran = command_line(tmp_path, "what-if", "10", "foster")
    assert ran.code == 0, ran.said
    [somerset] = [line for line in ran.said.splitlines() if "Somerset" in line]
    cells = [cell.strip() for cell in somerset.replace("┃", "│").split("│")[1:-1]]
    assert cells[:4] == ["Somerset", "100.0", "0.0", "9.0"]
    saved = float(cells[4].replace(",", ""))
    assert abs(saved - 9 * 365 / 12 * 100) < 3_000
    assert cells[6] == "0"
    [devon] = [line for line in ran.said.splitlines() if "Devon" in line]
    assert "no forecast" in devon
    dear = command_line(
        tmp_path, "what-if", "10", "foster", "--la", "Somerset", "--price", "£3,000"
    )
    [line] = [line for line in dear.said.splitlines() if "│Somerset" in line]
    assert "-" in line  # £429 a night in place of £200 costs more
    assert "Devon" not in dear.said


def test_what_cannot_be_asked_is_told(tmp_path, command_line):
    ran = command_line(tmp_path, "what-if", "10", "foster")
    assert (ran.code, "Nothing is published yet" in ran.said) == (1, True)
    _warehouse(tmp_path, False, 3.0)
    few = command_line(tmp_path, "what-if", "10", "foster")
    assert "too few" in few.said
    assert "9.0" not in few.said
    for arguments, says in (
        (("0", "foster"), "from 1 to 500"),
        (("ten", "foster"), "from 1 to 500"),
        (("3", "castle"), "invalid choice"),
        (("3", "foster", "--la", "Kent"), "No such authority"),
        (("3", "foster", "--opens", "2029-01-01"), "The forecast ends in March 2028"),
        (("3", "foster", "--opens", "31/12"), "write a day such as"),
        (("3", "foster", "--price", "-5"), "write pounds a week"),
    ):
        asked = command_line(tmp_path, "what-if", *arguments)
        assert asked.code != 0
        assert says in asked.said, asked.said
        assert "Traceback" not in asked.said


def test_what_if_tells_a_damaged_warehouse_from_an_older_one(tmp_path, command_line):
    file = tmp_path / "warehouse" / "common_core_warehouse.duckdb"
    file.parent.mkdir()
    file.write_bytes(b"no database at all")
    damaged = command_line(tmp_path, "what-if", "10", "foster")
    file.unlink()
    duckdb.connect(str(file)).close()
    older = command_line(tmp_path, "what-if", "10", "foster")
    assert "cannot be read" in damaged.said
    assert "of an older make" in older.said
    for ran in (damaged, older):
        assert ran.code == 1
        assert "Traceback" not in ran.said
