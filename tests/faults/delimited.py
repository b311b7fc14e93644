"""CSV and text files: cut off, in odd encodings and dialects, or something else altogether."""

import gzip
import random
import sqlite3
import struct
import zlib

from tests.faults.case import HEAD, REVIEWS, ROW1, ROW2, ROW3, as_bytes, kept, stopped
from tests.faults.workbooks import reviews_workbook

PREV_PERM = "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\r\n"
PERM_PATH = "2026/prev_perm.csv"
MILLION = 1_000_000


def png(_: str) -> bytes:
    """A picture of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00\x00"))
        + chunk(b"IEND", b"")
    )


def database(mark: str) -> bytes:
    """An SQLite file with a table in it."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table reviews (child text)")
        connection.execute("insert into reviews values (?)", [mark])
        return connection.serialize()


def noise(_: str) -> bytes:
    """Random bytes without a zero among them."""
    return bytes(random.Random(7).choices(range(1, 256), k=5_000))


def wide(columns: int) -> str:
    """Reviews among other columns that no standard knows."""
    more = columns - 4
    return (
        HEAD.strip()
        + "".join(f",other {n}" for n in range(more))
        + "\r\n"
        + ROW1.strip()
        + ",x" * more
        + "\r\n"
    )


FAULTS = (
    # Nothing, or not all of it
    stopped("empty", b"", "empty", "holds nothing", read=0, short=True),
    stopped("only_spaces", "  \r\n \t \r\n", "empty", read=0),
    stopped("only_a_byte_order_mark", b"\xef\xbb\xbf", "empty", read=0),
    stopped("only_commas", ",,,\r\n,,,\r\n", "empty", read=0),
    stopped("header_only", HEAD, "no_rows", "no rows", read=0),
    stopped("header_and_blank_rows", HEAD + ",,,\r\n , ,,\r\n", "no_rows", read=0),
    kept(
        "cut_off_within_a_row",
        HEAD + ROW1 + ROW2 + "{m}3,19/02/2012,03/0",
        2,
        "stop:reviews.review.type fix:reviews.review_code.missing",
        "dd/mm/yyyy",
        quarantined=1,
        short=True,
    ),
    kept("cut_off_within_quotes", HEAD + ROW1 + '"{m}2,18/02', 1,
         "stop:reviews.review.missing fix:reviews.dob.missing fix:reviews.review_code.missing",
         quarantined=1),
    # Quotation marks
    stopped(
        "open_quote",
        HEAD + ROW1 + '"{m}2,18/02/2012,02/05/2025,PN1\r\n' + ROW3,
        "open_quote",
        "row 3",
        short=True,
    ),
    kept(
        "stray_quote_within_a_cell",
        PREV_PERM + '{m}1,17/02/2012,P1,Devon 5" county,01/05/2020\r\n',
        1,
        path=PERM_PATH,
        table="prev_perm",
    ),
    kept(
        "line_break_within_quotes",
        PREV_PERM + '{m}1,17/02/2012,P1,"Devon\r\nCounty, ""the"" one",01/05/2020\r\n',
        1,
        path=PERM_PATH,
        table="prev_perm",
    ),
    kept("single_quotes_around_cells", REVIEWS.replace("PN1", "'PN1'"), 3,
         "fix:reviews.review_code.option"),
    # Encodings
    kept("utf8_with_mark", as_bytes(REVIEWS, "utf-8-sig")),
    kept("utf8_with_two_marks", as_bytes("\ufeff\ufeff" + REVIEWS, "utf-8")),
    kept("utf16_little_end", as_bytes("\ufeff" + REVIEWS, "utf-16-le")),
    kept("utf16_big_end", as_bytes("\ufeff" + REVIEWS, "utf-16-be")),
    kept("utf16_without_mark", as_bytes(REVIEWS, "utf-16-le")),
    stopped("utf16_cut_in_a_character", lambda m: as_bytes("\ufeff" + REVIEWS, "utf-16-le")(m)[:-1],
            "not_a_csv"),
    stopped("utf32", as_bytes("\ufeff" + REVIEWS, "utf-32-le"), "not_a_csv"),
    stopped("ebcdic", as_bytes(REVIEWS, "cp037"), "not_recognised"),
    kept(
        "windows_1252",
        as_bytes(PREV_PERM + "{m}1,17/02/2012,P1,Ynys Môn £,01/05/2020\r\n", "cp1252"),
        1,
        path=PERM_PATH,
        table="prev_perm",
    ),
    kept(
        "two_encodings_in_one_file",
        lambda m: (
            as_bytes(PREV_PERM + "{m}1,17/02/2012,P1,Ynys Môn,01/05/2020\r\n", "utf-8")(m)
            + as_bytes("{m}2,17/02/2012,P1,Ynys Môn,01/05/2020\r\n", "cp1252")(m)
        ),
        2,
        path=PERM_PATH,
        table="prev_perm",
    ),
    kept("windows_1252_byte_without_meaning",
         lambda m: as_bytes(PREV_PERM + "{m}1,17/02/2012,P1,Dev", "cp1252")(m)
         + b"\x81\x8dn,01/05/2020\r\n", 1, path=PERM_PATH, table="prev_perm"),
    # Lines
    kept("carriage_returns_only", REVIEWS.replace("\r\n", "\r")),
    kept("mixed_line_ends", HEAD + ROW1.replace("\r\n", "\n") + ROW2.replace("\r\n", "\r") + ROW3),
    kept("blank_lines_between", HEAD + "\r\n" + ROW1 + "\r\n\r\n" + ROW2 + ",,,\r\n" + ROW3),
    kept("no_line_end_at_the_end", REVIEWS.strip(), path="2026/reviews.txt"),
    kept("end_of_file_sign", REVIEWS + "\x1a", 3),
    kept("a_million_blank_lines", lambda m: REVIEWS.replace("{m}", m) + "\r\n" * MILLION),
    kept("a_million_rows_of_commas", lambda m: REVIEWS.replace("{m}", m) + ",,,\r\n" * MILLION),
    # Delimiters
    kept("semicolons", REVIEWS.replace(",", ";")),
    kept("tabs", REVIEWS.replace(",", "\t"), path="2026/reviews.txt"),
    kept("bars", REVIEWS.replace(",", "|")),
    kept("sep_line_of_excel", "sep=;\r\n" + REVIEWS.replace(",", ";")),
    kept(
        "delimiter_changes",
        HEAD + ROW1 + ROW2 + ROW3.replace(",", ";"),
        2,
        "stop:reviews.review.missing fix:reviews.dob.missing fix:reviews.review_code.missing",
        quarantined=1,
    ),
    stopped("tildes", REVIEWS.replace(",", "~"), "not_recognised", "column headings"),
    stopped("columns_of_spaces", REVIEWS.replace(",", "      "), "one_column", "one cell"),
    # Headings
    kept("header_in_row_seven",
         "Reviews\r\n\r\nPrinted 1 May\r\n\r\nOf the year\r\n\r\n" + REVIEWS),
    stopped("header_in_row_seventy", "\r\n".join(f"line {n}" for n in range(69)) + "\r\n" + REVIEWS,
            "not_recognised", "near the top"),
    stopped("no_header", ROW1 + ROW2 + ROW3, "not_recognised", "column headings", read=3),
    stopped("unknown_header", "kind,born,talk,how\r\n" + ROW1, "not_recognised", read=2),
    kept("header_in_other_order_and_case",
         " review_code , Review,dob ,child\r\nPN1,01/05/2025,17/02/2012,{m}1\r\n", 1),
    kept("header_with_no_break_spaces", REVIEWS.replace("REVIEW_CODE", "\xa0REVIEW\xa0CODE\u200b")),
    kept("header_with_line_break", REVIEWS.replace("REVIEW_CODE", '"REVIEW_\r\nCODE"')),
    kept("header_repeated", HEAD + ROW1 + HEAD + ROW2, 2, "", "Row 3"),
    stopped("header_missing_a_key", HEAD.replace("REVIEW,", "") + "{m}1,17/02/2012,PN1\r\n",
            "key_column_missing", "REVIEW", read=1),
    stopped("header_missing_the_child", "DOB,REVIEW,REVIEW_CODE\r\n17/02/2012,01/05/2025,PN1\r\n",
            "key_column_missing", "CHILD", read=1),
    kept("header_missing_an_answer", "CHILD,DOB,REVIEW\r\n{m}1,17/02/2012,01/05/2025\r\n", 1,
         "fix:reviews.review_code.column"),
    stopped("header_twice_the_same",
            "CHILD,DOB,REVIEW,REVIEW,REVIEW_CODE\r\n{m}1,17/02/2012,01/05/2025,02/06/2025,PN1\r\n",
            "repeated_heading", "REVIEW", short=True),
    kept("header_twice_and_one_of_them_blank",
         "CHILD,DOB,REVIEW,REVIEW,REVIEW_CODE\r\n{m}1,17/02/2012,,02/06/2025,PN1\r\n", 1, "",
         "stands twice"),
    kept("header_of_an_answer_twice",
         "CHILD,DOB,REVIEW,REVIEW_CODE,REVIEW_CODE\r\n{m}1,17/02/2012,01/05/2025,PN1,PN2\r\n", 1,
         "", "stands twice"),
    stopped("header_twice_the_child",
            "CHILD,DOB,REVIEW,REVIEW_CODE,Child\r\n{m}1,17/02/2012,01/05/2025,PN1,{m}9\r\n",
            "repeated_heading", "CHILD"),
    kept("header_cell_blank", "CHILD,DOB,REVIEW,REVIEW_CODE,\r\n" + ROW1.strip() + ",word\r\n", 1,
         "", "outside the standard"),
    kept("thousand_columns", wide(1_000), 1, "", "outside the standard"),
    stopped("too_many_columns", wide(2_100), "too_wide", "columns"),
    kept("thousand_blank_columns", REVIEWS.replace("\r\n", "," * 996 + "\r\n")),
    # Rows
    kept("short_rows", HEAD + ROW1 + "{m}2,18/02/2012,02/05/2025\r\n", 2,
         "fix:reviews.review_code.missing"),
    kept("one_comma_too_many", HEAD + ROW1 + ROW2.strip() + ",\r\n" + ROW3.strip() + ",word\r\n",
         3, "", "outside the standard"),
    kept("totals_row", REVIEWS + "Total,,,3\r\n", 3, "", "a total"),
    kept("footer", REVIEWS + "\r\nPrinted by Canaryname on 1 May\r\n", 3,
         "stop:reviews.review.missing fix:reviews.dob.missing fix:reviews.review_code.missing",
         quarantined=1),
    stopped("two_tables_one_below_the_other",
            REVIEWS + "\r\nCHILD,DOB,MISSING,MIS_START,MIS_END\r\n{m}8,17/02/2012,M,04/05/2025,",
            "several_tables", "more than one table", read=6),
    # Something else under this name
    stopped("null_bytes_within", REVIEWS.replace("PN1", "PN\x001"), "not_a_csv", short=True),
    stopped("null_bytes_only", b"\x00" * 4096, "not_a_csv"),
    stopped("html_named_csv", "<html><table><tr><td>CHILD</td></tr></table></html>", "not_a_csv"),
    stopped("xml_named_csv", "<?xml version='1.0'?><Message><CHILD/></Message>",
            "not_an_ssda903_xml"),
    stopped("picture_named_csv", png, "not_a_csv"),
    stopped("photo_named_txt", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + noise(""), "not_a_csv",
            path="2026/reviews.txt"),
    stopped("pdf_named_csv", b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF\n", "not_a_csv"),
    kept("workbook_named_csv", reviews_workbook()),
    stopped("gzip_named_csv", lambda m: gzip.compress(REVIEWS.replace("{m}", m).encode(), mtime=0),
            "not_a_csv"),
    stopped("database_named_csv", database, "not_a_csv"),
    stopped("rich_text_named_txt", r"{\rtf1\ansi CHILD DOB REVIEW \par }", "not_a_csv",
            path="2026/reviews.txt"),
    kept("json_named_csv", '[{"CHILD": "{m}1", "REVIEW": "01/05/2025"}]', 1,
         "fix:reviews.dob.missing fix:reviews.review_code.missing"),
    stopped("noise_named_csv", noise, "not_recognised"),
    stopped("mail_named_txt", "From: Canaryname\r\nSubject: Reviews\r\n\r\nDear hub, see this.\r\n",
            "not_recognised", path="2026/reviews.txt", read=3),
    # Cells
    kept("cell_of_a_megabyte",
         lambda m: PREV_PERM + f"{m}1,17/02/2012,P1,{'Devon ' * 180_000},01/05/2020\r\n", 1,
         path=PERM_PATH, table="prev_perm"),
    stopped("cell_of_twelve_megabytes",
            lambda m: HEAD + f"{m}1,17/02/2012,{'x' * 12_000_000},PN1\r\n", "cell_too_long",
            "quotation mark"),
    kept("control_characters",
         PREV_PERM + "{m}1,17/02/2012,P1,De\x07v\x0b\x1fon\x7f,01/05/2020\r\n", 1,
         path=PERM_PATH, table="prev_perm"),
)  # fmt: skip
