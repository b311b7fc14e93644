"""Files of odd names and kinds, in the wrong place, twice, or of another year."""

import os
from pathlib import Path

from tests.faults.case import (
    HEAD,
    HERE,
    NAME,
    REVIEWS,
    ROW1,
    End,
    Fault,
    kept,
    mark_of,
    stopped,
)
from tests.faults.values import CHILD, EPISODE, csv_of, reviewed
from tests.faults.workbooks import placements, reviews_workbook

SOCIAL_WORKERS = "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\r\n{m}1,17/02/2012,SW1,01/05/2019,,\r\n"
UASC = "CHILD,SEX,DOB,DUC\r\n{m}1,M,17/02/2012,01/05/2029\r\n"
TEXT = REVIEWS.replace("{m}", "{m}")


def nothing(name: str, act) -> Fault:
    """What is no file that was sent: nothing is received of it, nor waited for."""
    return Fault(name, {}, (), act=act)


def write_beside(folder: Path, name: str | bytes, mark: str) -> None:
    """A good file under a name that only bytes can tell."""
    place = os.fsencode(folder) + b"/2026"
    Path(os.fsdecode(place)).mkdir(parents=True, exist_ok=True)
    with open(place + b"/" + os.fsencode(name), "wb") as stream:  # noqa: PTH123  bytes
        stream.write(REVIEWS.replace("{m}", mark).encode())


def link(folder: Path, target: Path) -> None:
    (folder / "2026").mkdir(parents=True, exist_ok=True)
    (folder / HERE).symlink_to(target)


def link_to_a_secret(folder: Path) -> None:
    secret = folder.parent.parent.parent / "elsewhere.csv"
    secret.write_text(REVIEWS.replace("{m}", mark_of("link_to_a_file")))
    link(folder, secret)


def link_to_the_zone(folder: Path) -> None:
    """A link to a whole folder outside."""
    elsewhere = folder.parent.parent.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    (elsewhere / "reviews.csv").write_text(REVIEWS.replace("{m}", mark_of("link_to_a_folder")))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "2026").symlink_to(elsewhere, target_is_directory=True)


def pipe(folder: Path) -> None:
    (folder / "2026").mkdir(parents=True, exist_ok=True)
    os.mkfifo(folder / HERE)


def folder_named_like_a_file(folder: Path) -> None:
    (folder / HERE).mkdir(parents=True)


def empty_folders(folder: Path) -> None:
    (folder / "2026" / "quarter" / "one").mkdir(parents=True)


def other_names(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, ROW1)


def named(name: str, path: str, short: bool = False) -> Fault:
    """A good file with an odd name."""
    return kept(name, REVIEWS, path=path, short=short)


LONG = "/".join(["2026", *["a folder with a long name of fifty characters 00000"] * 3])

FAULTS = (
    # Names
    named("name_with_quotes", f"2026/{NAME}'s \"best\" `reviews`.csv", short=True),
    named("name_with_line_break", "2026/reviews\nof May.csv"),
    named("name_with_emoji", "2026/reviews \U0001f600 été.csv"),
    named("name_from_right_to_left", "2026/\u202ereviews\u05d0.csv"),
    named("name_with_spaces_around", "2026/  reviews .csv"),
    named("name_with_signs", "2026/reviews #1 100% [a*]?{b} & $HOME;x=y.csv"),
    named("name_like_an_option", "2026/--reviews.csv"),
    named("name_of_two_suffixes", "2026/reviews.xlsx.csv"),
    named("name_with_backslashes", "2026/up\\..\\..\\reviews.csv"),
    named("name_like_a_partition", "la_code=E1/period=2026/reviews.csv"),
    named("name_of_two_hundred_and_fifty", f"2026/{'reviews ' * 30}r.csv"),
    named("path_of_many_folders", f"{LONG}/reviews.csv"),
    named("path_deep_in_folders", "2026/" + "a/" * 60 + "reviews.csv"),
    Fault("name_that_is_no_text", {}, (End("", "reviews", 3, 3, file=r"2026/reviews\udcff.csv"),),
          short=True,
          act=lambda f: write_beside(f, "reviews\udcff.csv", mark_of("name_that_is_no_text"))),
    Fault("names_that_differ_in_case",
          {HERE: reviewed("01/05/2025"), "2026/REVIEWS.csv": reviewed("02/05/2025")},
          (End("", "reviews", 1, 1), End("", "reviews", 1, 1, file="2026/REVIEWS.csv"))),
    # Kinds that are not taken
    *(
        stopped(f"kind_{suffix}", content, "format_not_taken", "not taken",
                path=f"2026/reviews.{suffix}", short=suffix == "docx")
        for suffix, content in (
            ("docx", b"PK\x03\x04 letter"), ("pdf", b"%PDF-1.7"), ("msg", b"\xd0\xcf\x11\xe0mail"),
            ("accdb", b"\x00\x01\x00\x00Standard ACE DB"), ("rar", b"Rar!\x1a\x07"),
            ("7z", b"7z\xbc\xaf\x27\x1c"), ("lnk", b"L\x00\x00\x00link"), ("html", b"<html/>"),
            ("parquet", b"PAR1PAR1"), ("exe", b"MZ program"), ("numbers", b"PK\x03\x04 numbers"),
        )
    ),
    stopped("kind_without_suffix", REVIEWS, "format_not_taken", path="2026/reviews"),
    # No files
    Fault("link_to_a_file", {}, (End("link", read=0),), says=("link",), act=link_to_a_secret,
          short=True),
    Fault("link_to_nothing", {}, (End("link", read=0),), says=("link",),
          act=lambda f: link(f, Path("/nowhere/at/all.csv"))),
    Fault("link_to_a_folder", {}, (End("link", read=0, file="2026"),), says=("link",),
          act=link_to_the_zone),
    Fault("link_to_itself", {}, (End("link", read=0),), act=lambda f: link(f, f / HERE)),
    nothing("pipe_that_nobody_writes_to", pipe),
    nothing("folder_named_like_a_file", folder_named_like_a_file),
    nothing("empty_folders", empty_folders),
    Fault("left_by_office_programs",
          other_names("2026/~$reviews.xlsx", "2026/.~lock.reviews.csv#", "2026/Thumbs.db",
                      "2026/desktop.ini", "2026/.DS_Store", "2026/reviews.csv.part",
                      "2026/__MACOSX/._reviews.csv", "2026/x.TMP"), (), short=True),
    # Years and places
    Fault("named_for_last_year", {"2025/reviews.csv": REVIEWS},
          (End("", "reviews", 3, 3, file="2025/reviews.csv", period="2026"),),
          says=("Named 2025", "2026")),
    Fault("named_for_no_year", {"reviews.csv": REVIEWS},
          (End("", "reviews", 3, 3, file="reviews.csv", period="2026"),)),
    stopped("year_told_by_nothing", csv_of(CHILD), "period_unknown", "2026",
            path="header.csv", read=1, short=True),
    stopped("dates_without_any_that_can_be", reviewed("next week", "soon"), "period_unknown",
            path="reviews.csv", read=2),
    stopped("table_before_its_first_year", SOCIAL_WORKERS, "table_of_other_year",
            path="2020/sw_episodes.csv", read=1),
    kept("placements_among_ssda903", placements("nps_2026_06", {}), 1, path="2026/return.xlsx",
         table="nps_2026_06"),
    stopped("placements_of_every_quarter",
            placements("nps_2026_06", *({"date_entry_referral": f"02/{m:02}/2025",
                                         "date_entry_placement": f"03/{m:02}/2025"}
                                        for m in (1, 4, 7, 10))),
            "period_unknown", "quarter", path="return.xlsx", read=4),
    kept("uasc_in_a_file_of_no_name", UASC, 1, path="2026/list.csv", table="uasc"),
    Fault("the_same_file_twice", {HERE: REVIEWS, "2026/copy of reviews.csv": REVIEWS},
          (End("", "reviews", 3, 3), End("duplicate", read=0, file="2026/copy of reviews.csv")),
          says=("another name",), short=True),
    Fault("the_same_rows_as_csv_and_workbook",
          {HERE: REVIEWS, "2026/reviews.xlsx": reviews_workbook()},
          (End("", "reviews", 3, 0, 0, 3), End("", "reviews", 3, 3, 0, 0, "2026/reviews.xlsx"))),
    Fault("half_as_long_the_second_time", {HERE: REVIEWS, "2026/again.csv": HEAD + ROW1},
          (End("", "reviews", 3, 2, 0, 1), End("", "reviews", 1, 1, file="2026/again.csv"))),
    Fault("good_beside_bad",
          {HERE: REVIEWS, "2026/episodes.csv": "nothing", "2026/header.csv": csv_of(CHILD)},
          (End("", "reviews", 3, 3), End("not_recognised", file="2026/episodes.csv"),
           End("", "header", 1, 1, file="2026/header.csv")), short=True),
    Fault("episodes_of_one_year_and_header_of_another",
          {"2026/episodes.csv": csv_of(EPISODE | {"DECOM": "01/05/2023"},
                                       EPISODE | {"DECOM": "01/06/2023"}),
           "2026/header.csv": csv_of(CHILD | {"SEX": "1"})},
          (End("", "episodes", 2, 2, file="2026/episodes.csv", period="2024"),
           End("", "header", 1, 1, file="2026/header.csv", period="2024")),
          says=("Named 2026", "2024")),
    Fault("named_for_another_authority", {"2026/Devon County Council reviews.csv": REVIEWS},
          (End("", "reviews", 3, 3, file="2026/Devon County Council reviews.csv"),),
          says=("Devon",)),
)  # fmt: skip
