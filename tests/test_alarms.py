"""What makes one ask an authority: late, missing, shrunk and grown returns, and what does not."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.alarms import Alarm, alarms
from pipeline.intake.manifest import Entry
from pipeline.la_zone import check_las, receive_las
from pipeline.region import Authority, Region, Thresholds
from pipeline.settings import Settings
from pipeline.sharing.outbox import outbox
from pipeline.sharing.quality import alarm_file, read_alarms, share_alarms
from tests.authority import csv_bytes

LA = "E06000066"
TODAY = date(2026, 11, 22)
HOUR = timedelta(hours=1)
AUTHORITY = Authority(LA, "Somerset", "somerset")


def region(**calendar: int) -> Region:
    return Region("Test", True, LA, (AUTHORITY,), calendar=calendar)


def entry(
    table: str = "rcc_v2",
    period: str = "2026Q3",
    rows: int = 100,
    day: str = "2026-10-20",
    status: str = "accepted",
    reason: str = "",
    path: str = "file.csv",
    dataset: str | None = None,
) -> Entry:
    known = "placements" if table == "rcc_v2" else "ssda903"
    return Entry(
        la_code=LA,
        submission_id=f"{table}{period}{day}{rows}",
        table_name=table,
        dataset=known if dataset is None else dataset,
        period=period,
        period_source="content",
        path=path,
        sha256="x",
        size=1,
        modified_ns=1,
        received_at=datetime.fromisoformat(day),
        status=status,
        reason_code=reason,
        rows_read=rows,
    )


def raised(
    *entries: Entry, today: date = TODAY, authority: Authority = AUTHORITY, **calendar: int
) -> list[Alarm]:
    return alarms(entries, authority, region(**calendar), today)


def kinds(*entries: Entry, **more: object) -> list[tuple[str, str]]:
    return [(a.kind, a.table_name) for a in raised(*entries, **more)]


# Late


def test_a_return_is_late_from_the_day_after_it_was_due():
    due = date(2026, 10, 30)  # 30 days after 30 September
    sent = entry(period="2026Q2", day="2026-07-20")
    assert raised(sent, today=due, placements=30) == []
    (late,) = raised(sent, today=due + timedelta(days=1), placements=30)
    assert (late.kind, late.dataset, late.period) == ("late", "placements", "2026Q3")
    assert late.message == (
        "The placement return of 2026Q3 (July to September 2026) was due on 30 October 2026, and "
        "nothing of it has been accepted."
    )
    assert raised(sent, today=due + timedelta(days=9), placements=30) == [late]
    assert raised(sent, entry(), today=due + timedelta(days=9), placements=30) == []


def test_a_return_stays_late_until_the_next_one_is_due():
    """2026Q3 is not due yet, and 2026Q2 never came."""
    sent = entry(period="2026Q1", day="2026-04-20")
    (late,) = raised(sent, today=date(2026, 10, 15), placements=30)
    assert late.period == "2026Q2"


def test_a_collection_year_ends_in_march():
    (late,) = raised(today=date(2026, 7, 1), ssda903=91)
    assert late.period == "2026"
    assert "collection year 2026 (April 2025 to March 2026) was due on 30 June 2026" in late.message
    (late,) = raised(today=date(2026, 6, 30), ssda903=91)
    assert late.period == "2025"


def test_a_calendar_of_the_authority_overrides_that_of_the_region():
    patient = Authority(LA, "Somerset", "somerset", calendar={"placements": 60})
    assert kinds(authority=patient, today=date(2026, 11, 29), placements=30, ssda903=300) == [
        ("late", ""), ("late", "")
    ]  # fmt: skip
    periods = {
        a.dataset: a.period
        for a in raised(authority=patient, today=date(2026, 11, 29), placements=30, ssda903=300)
    }
    assert periods == {"placements": "2026Q2", "ssda903": "2025"}


def test_what_is_not_in_the_calendar_is_never_late():
    assert raised() == []
    assert [a.dataset for a in raised(placements=30)] == ["placements"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("superseded", ""),
        ("duplicate", "duplicate"),
        ("quarantined", "withdrawn"),
        ("quarantined", "hidden_sheet"),
    ],
)
def test_what_was_taken_back_or_came_twice_has_not_come(status: str, reason: str):
    (late,) = raised(entry(status=status, reason=reason), placements=30)
    assert "quarantine" not in late.message


@pytest.mark.parametrize(
    "held",
    [
        entry(status="quarantined", reason="every_row_stopped"),
        entry(
            table="",
            dataset="",
            period="",
            status="quarantined",
            reason="format_not_taken",
            path="placements/2026Q3/return.docx",
        ),
    ],
    ids=["recognised", "not recognised"],
)
def test_of_a_late_return_in_quarantine_it_is_said(held: Entry):
    (late,) = raised(held, placements=30)
    assert late.message.endswith("What came of it is in quarantine.")
    assert "why it is in quarantine" in late.how_to_fix
    other = entry(period="2026Q2", status="quarantined", reason="every_row_stopped")
    assert "quarantine" not in raised(other, placements=30)[0].message


# Shrunk and grown


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (100, 70, []),
        (100, 69, [("shrunk", "rcc_v2")]),
        (100, 150, []),
        (100, 151, [("grown", "rcc_v2")]),
        (20, 1, [("shrunk", "rcc_v2")]),
        (19, 1, []),  # too short to say anything
        (19, 100, []),
    ],
)
def test_a_return_is_measured_by_the_one_before(before: int, now: int, expected: list):
    last = entry(period="2026Q2", rows=before, day="2026-07-20")
    assert kinds(entry(rows=now), last) == expected


def test_the_thresholds_are_those_of_the_region():
    strict = Region("Test", True, LA, (AUTHORITY,), thresholds=Thresholds(0.95, 1.05, 2))
    for rows, expected in ((94, "shrunk"), (106, "grown")):
        last = entry(period="2026Q2", rows=100, day="2026-07-20")
        assert [a.kind for a in alarms([last, entry(rows=rows)], AUTHORITY, strict, TODAY)] == [
            expected
        ]


def test_an_alarm_gives_both_counts_and_what_they_are_of():
    last = entry(period="2026Q2", rows=1200, day="2026-07-20")
    (alarm,) = raised(last, entry(rows=30))
    assert (alarm.rows, alarm.rows_before) == (30, 1200)
    assert alarm.message == (
        "The placement return of 2026Q3 has 30 rows: many fewer than the 1,200 rows of 2026Q2."
    )
    years = [entry("episodes", y, n, f"{y}-04-20") for y, n in (("2025", 40), ("2026", 90))]
    assert raised(*years)[0].message == (
        "The table Episodes of SSDA903 2026 has 90 rows: many more than the 40 rows of 2025."
    )


def test_files_of_one_look_are_one_delivery():
    last = entry(period="2026Q2", rows=100, day="2026-07-20")
    parts = [entry(rows=n, day=f"2026-10-20 09:00:00.{n}") for n in (20, 25, 60)]
    assert kinds(last, *parts) == []
    assert kinds(last, *parts[:2]) == [("shrunk", "rcc_v2")]
    assert kinds(last, *parts[1:], replace(parts[0], received_at=parts[0].received_at + HOUR)) == [
        ("shrunk", "rcc_v2")
    ]


def test_a_short_file_for_the_same_period_may_be_a_correction():
    (alarm,) = raised(entry(rows=100), entry(rows=3, day="2026-10-25"))
    assert (alarm.kind, alarm.rows, alarm.rows_before) == ("shrunk", 3, 100)
    assert alarm.message == (
        "The placement return of 2026Q3, received on 25 October 2026, has 3 rows: many fewer than "
        "the 100 rows of the same period, received on 20 October 2026."
    )
    assert "corrections only" in alarm.how_to_fix


def test_a_correction_does_not_make_the_next_return_seem_to_grow():
    last = [
        entry(period="2026Q2", rows=100, day="2026-07-20"),
        entry(period="2026Q2", rows=25, day="2026-07-25"),
    ]
    assert kinds(*last, entry(rows=100)) == []


def test_a_period_that_is_not_over_is_not_measured_by_one_that_was():
    whole = entry("episodes", "2026", 400, "2026-04-20")
    may = entry("episodes", "2027", 60, "2026-05-20")
    november = entry("episodes", "2027", 300, "2026-11-20")
    assert kinds(whole, may) == []
    assert kinds(whole, may, november) == []  # it grows as the year goes on
    december = entry("episodes", "2027", 100, "2026-12-20")
    assert kinds(whole, may, november, december) == [("shrunk", "episodes")]


def test_only_the_latest_period_is_asked_about():
    older = [entry(period="2026Q1", rows=100), entry(period="2026Q2", rows=10, day="2026-07-20")]
    assert kinds(*older) == [("shrunk", "rcc_v2")]
    other_version = [entry("nps_2026_06", dataset="placements")]
    assert kinds(*older, *other_version) == []


@pytest.mark.parametrize("status", ["quarantined", "superseded", "duplicate"])
def test_what_is_not_in_use_is_not_measured(status: str):
    last = entry(period="2026Q2", rows=100, day="2026-07-20")
    assert kinds(last, entry(rows=10, status=status, reason="every_row_stopped")) == []


# Missing tables


def years(*latest: Entry) -> list[Entry]:
    """A collection year with two tables, and the header of the one after."""
    return [
        entry("header", "2025", 15, "2025-04-20"),
        entry("oc2", "2025", 1, "2025-04-20"),
        entry("header", "2026", 15, "2026-04-20"),
        *latest,
    ]


def test_a_table_that_was_there_is_missed():
    (alarm,) = raised(*years())
    assert (alarm.kind, alarm.dataset, alarm.table_name, alarm.period) == (
        "missing_table", "ssda903", "oc2", "2026"
    )  # fmt: skip
    assert alarm.message == (
        "The table OC2 of SSDA903 2026 is not among the tables of that year. It had 1 row in 2025."
    )
    assert (alarm.rows, alarm.rows_before) == (None, 1)
    assert raised(*years(entry("oc2", "2026", 1, "2026-05-20"))) == []
    assert raised(*years()[:2]) == []  # there is no later year that it could be missing from


def test_a_table_in_quarantine_is_not_called_missing():
    held = entry("oc2", "2026", 20, "2026-04-20", "quarantined", "every_row_stopped")
    (alarm,) = raised(*years(held))
    assert "is in quarantine" in alarm.message
    assert "why it is in quarantine" in alarm.how_to_fix


@pytest.mark.parametrize("path", ["ssda903/2026/oc2.csv", "oc2.csv"])
def test_an_empty_table_is_told_as_such(path: str):
    empty = entry("oc2", "", 0, "2026-04-20", "quarantined", "no_rows", path)
    (alarm,) = raised(*years(empty))
    assert "OC2 of SSDA903 2026 is empty" in alarm.message
    assert (alarm.rows, alarm.rows_before) == (0, 1)


def test_the_empty_table_of_another_year_does_not_count():
    empty = entry("oc2", "", 0, "2026-04-20", "quarantined", "no_rows", path="ssda903/2024/oc2.csv")
    assert "is not among" in raised(*years(empty))[0].message


def test_a_table_may_be_empty_while_its_year_goes_on():
    empty = entry("oc2", "2026", 0, "2026-03-31", "quarantined", "no_rows")
    assert raised(*years(empty)) == []


def test_a_table_that_the_year_does_not_have_is_not_missed():
    early = [
        entry("sw_episodes", "2022", 30, "2022-04-20"),
        entry("header", "2023", 15, "2023-04-20"),
    ]
    assert raised(*early) == []
    later = [
        entry("sw_episodes", "2024", 30, "2024-04-20"),
        entry("header", "2025", 15, "2025-04-20"),
    ]
    assert [a.table_name for a in raised(*later)] == ["sw_episodes"]


def test_the_gravest_kind_comes_first():
    found = kinds(
        *years(),
        entry(period="2026Q1", rows=100, day="2026-04-20"),
        entry(period="2026Q2", rows=10, day="2026-07-20"),
        placements=30,
    )
    assert found == [("late", ""), ("missing_table", "oc2"), ("shrunk", "rcc_v2")]


# In a run


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an authority that sent its reviews of two years, of which the second is short."""
    tmp_path = tmp_path_factory.mktemp("received")
    place = tmp_path / "landing" / "somerset" / "ssda903"
    for year, children in ((2025, 30), (2026, 5)):
        rows = [
            {
                "CHILD": f"CANARY{n}",
                "DOB": "01/02/2012",
                "REVIEW": f"01/05/{year - 1}",
                "REVIEW_CODE": "PN1",
            }
            for n in range(children)
        ]
        (place / str(year)).mkdir(parents=True)
        (place / str(year) / "reviews.csv").write_bytes(csv_bytes(rows))
    settings = _settings(tmp_path)
    assert not receive_las(settings, [LA]).faults
    assert not check_las(settings, [LA], today=date(2026, 10, 30)).faults
    return tmp_path


def _settings(folder: Path) -> Settings:
    return Settings(folder / "home", region(placements=30), folder / "landing", folder / "none.csv")


@pytest.fixture
def settings(received: Path, tmp_path: Path) -> Settings:
    """A copy of that home, checked on the last day before the return of 2026Q3 is late."""
    shutil.copytree(received, tmp_path, dirs_exist_ok=True)
    return _settings(tmp_path)


def test_alarms_reach_the_outbox_the_workbook_and_the_run(settings: Settings):
    done = check_las(settings, [LA], today=date(2026, 10, 31))
    assert not done.faults
    found = done.results[LA].alarms
    assert [(a.kind, a.period) for a in found] == [("late", "2026Q3"), ("shrunk", "2026")]
    assert read_alarms(outbox(settings.la_zone(LA)), LA) == found
    summary = load_workbook(settings.feedback(LA) / "feedback.xlsx")["Summary"]
    said = [cell for row in summary.iter_rows(values_only=True) for cell in row if cell]
    for alarm in found:
        assert f"{alarm.message} {alarm.how_to_fix}" in said
        assert "CANARY" not in repr(alarm)


def test_a_return_becomes_late_by_the_day_alone(settings: Settings):
    workbook = settings.feedback(LA) / "feedback.xlsx"
    assert [
        a.period for a in read_alarms(outbox(settings.la_zone(LA)), LA) if a.kind == "late"
    ] == ["2026Q2"]
    before = workbook.read_bytes()
    again = check_las(settings, [LA], today=date(2026, 10, 31))
    assert again.results[LA].tables == 0
    assert [
        a.period for a in read_alarms(outbox(settings.la_zone(LA)), LA) if a.kind == "late"
    ] == ["2026Q3"]
    assert workbook.read_bytes() != before


def test_where_nothing_changed_nothing_is_written(settings: Settings):
    check_las(settings, [LA], today=date(2026, 10, 31))
    files = [alarm_file(outbox(settings.la_zone(LA)), LA), *settings.feedback(LA).rglob("*.*")]
    before = [(f.stat().st_ino, f.read_bytes()) for f in files]
    check_las(settings, [LA], today=date(2026, 11, 30))
    assert [(f.stat().st_ino, f.read_bytes()) for f in files] == before


def test_a_lost_workbook_is_made_again(settings: Settings):
    check_las(settings, [LA], today=TODAY)
    for name in ("feedback.xlsx", "feedback.csv"):
        (settings.feedback(LA) / name).unlink()
        check_las(settings, [LA], today=TODAY)
        assert (settings.feedback(LA) / name).exists()


def test_feedback_that_somebody_has_open_stops_nothing(settings: Settings, monkeypatch):
    """Windows lets nobody replace a file that is open."""

    def held(about: object) -> None:
        raise PermissionError("feedback.xlsx")

    said: list[str] = []
    monkeypatch.setattr("pipeline.la_zone.keep_feedback", held)
    monkeypatch.setattr("pipeline.la_zone.tell", said.append)
    done = check_las(settings, [LA], today=TODAY)
    assert not done.faults
    assert read_alarms(outbox(settings.la_zone(LA)), LA) == done.results[LA].alarms
    assert "Somerset: the feedback is open in another program; close it and run again." in said


def test_alarms_that_are_over_are_gone(settings: Settings):
    found = check_las(settings, [LA], today=TODAY).results[LA].alarms
    assert found
    share_alarms(outbox(settings.la_zone(LA)), LA, [])
    assert read_alarms(outbox(settings.la_zone(LA)), LA) == []
    assert alarm_file(outbox(settings.la_zone(LA)), LA).exists()


def test_who_sent_nothing_is_late_and_has_a_workbook_that_says_so(tmp_path: Path):
    settings = Settings(
        tmp_path / "home", region(ssda903=90), tmp_path / "landing", tmp_path / "none.csv"
    )
    (found,) = check_las(settings, [LA], today=TODAY).results[LA].alarms
    assert (found.kind, found.period) == ("late", "2026")
    said = load_workbook(settings.feedback(LA) / "feedback.xlsx")["Summary"]
    assert any(found.message in str(cell.value) for row in said.iter_rows() for cell in row)


def test_the_command_line_tells_alarms(tmp_path: Path, command_line):
    shrunk = raised(entry(period="2026Q2", rows=100, day="2026-07-20"), entry(rows=30))
    share_alarms(outbox(tmp_path / "la" / LA), LA, shrunk)
    ran = command_line(tmp_path, "status")
    assert ran.code == 0
    assert "Somerset, alarm: The placement return of 2026Q3" in ran.said
