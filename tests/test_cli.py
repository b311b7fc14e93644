"""The command line where nothing was run yet, or something odd was sent."""

from datetime import datetime

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
