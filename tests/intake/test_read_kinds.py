"""What a file is goes by its content, whatever it is named."""

import io
import struct
import zipfile

import pytest
from openpyxl import Workbook

from pipeline.intake.read import READERS, Unreadable, read_sheets

LINES = "CHILD,DOB\nA1,01/02/2012\n"
ROWS = [("CHILD", "DOB"), ("A1", "01/02/2012")]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
HTML = "<html><table><tr><td>CHILD</td></tr></table></html>"
XML = "<EXPSSDA903><CHILD><HEADER><SEX>M</SEX></HEADER></CHILD></EXPSSDA903>"


def workbook() -> bytes:
    book, written = Workbook(), io.BytesIO()
    for row in ROWS:
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def open_document(rows: str = "", mime: str = "application/vnd.oasis.opendocument.spreadsheet"):
    """A spreadsheet as LibreOffice packs it, with only what is needed."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = rows or "".join(
        f"<table:table-row>{''.join(cell.format(c) for c in row)}</table:table-row>" for row in ROWS
    )
    names = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Data">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", mime, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return written.getvalue()


def zipped(name: str, content: bytes | str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr(name, content)
    return written.getvalue()


def compound(*streams: str) -> bytes:
    """The container of old office files, with streams of these names and nothing in them."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<LLLLLLLLL", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header[80:] = b"\xff" * 432
    fat = struct.pack("<LL", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    names = ("Root Entry", *streams)
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\x00")
        + struct.pack("<HBB", 2 * len(name) + 2, 5 if name == "Root Entry" else 2, 1)
        + b"\xff" * 12 + bytes(36) + struct.pack("<LQ", 0xFFFFFFFE, 0)
        for name in names
    )  # fmt: skip
    return bytes(header) + fat + entries.ljust(512, b"\x00")


@pytest.fixture
def read(tmp_path, connection):
    def read_file(content: bytes | str, name: str) -> dict[str, list[tuple]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return {
            s.name: [row[1:] for row in connection.execute(f"from {s.relation}").fetchall()]
            for s in read_sheets(connection, path, "sheet")
        }

    return read_file


@pytest.mark.parametrize("suffix", READERS)
def test_what_can_be_read_is_read_under_every_name(read, suffix):
    assert read(workbook(), f"sent{suffix}") == {"Sheet": ROWS}
    assert read(open_document(), f"sent{suffix}") == {"Data": ROWS}
    assert read(LINES, f"sent{suffix}") == {"": ROWS}
    assert read(LINES.replace(",", "\t").encode("utf-16"), f"sent{suffix}") == {"": ROWS}
    assert read('[{"CHILD": "A1", "DOB": "01/02/2012"}]', f"sent{suffix}") == {"": ROWS}
    assert read(XML, f"sent{suffix}")["Header"][-1][1] in ("M", "SEX")


WORDS = {
    "web page": HTML,
    "web page ": "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'><html/>",
    "web page  ": "<!-- x --><style>a</style>".replace("<style>", "<style >"),
    "PDF": b"%PDF-1.7\n\x00",
    "picture": PNG,
    "picture ": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "document": zipped("[Content_Types].xml", "<Types/>"),
    "document ": "{\\rtf1\\ansi CHILD}",
    "document  ": compound("WordDocument"),
    "document   ": open_document(mime="application/vnd.oasis.opendocument.text"),
    "ZIP archive": zipped("episodes.csv", LINES),
}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("sent.csv", "not_a_csv"),
        ("sent.txt", "not_a_csv"),
        ("sent.xls", "not_a_workbook"),
        ("sent.xlsx", "not_a_workbook"),
        ("sent.xml", "not_an_ssda903_xml"),
        ("sent.json", "broken_json"),
    ],
)
@pytest.mark.parametrize("word", WORDS)
def test_what_cannot_be_read_is_called_by_its_name(read, name, code, word):
    with pytest.raises(Unreadable) as caught:
        read(WORDS[word], name)
    assert caught.value.code == code
    assert f"It seems to be a {word.strip()}" in caught.value.reason
    assert "CHILD" not in caught.value.reason


@pytest.mark.parametrize("name", ["sent.xlsx", "sent.xls", "sent.csv"])
def test_a_workbook_with_a_password_says_so(read, name):
    with pytest.raises(Unreadable) as caught:
        read(compound("EncryptionInfo", "EncryptedPackage"), name)
    assert caught.value.code == "password_protected"


VERSION_8 = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)  # the first record of an old workbook
VERSION_5 = b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(4)
WRITE_PROTECT, FILE_PASS, OTHER = b"\x86\x00\x00\x00", b"\x2f\x00\x36\x00", b"\xe1\x00\x02\x00"


@pytest.mark.parametrize(
    ("records", "code"),
    [
        (VERSION_8 + FILE_PASS, "password_protected"),
        (VERSION_8 + WRITE_PROTECT + FILE_PASS, "password_protected"),
        (VERSION_5 + FILE_PASS, "password_protected"),
        (VERSION_8 + OTHER + FILE_PASS, "unreadable_workbook"),
        (VERSION_8 + WRITE_PROTECT, "unreadable_workbook"),
    ],
)
def test_an_old_workbook_with_a_password_says_so(read, records, code):
    with pytest.raises(Unreadable) as caught:
        read(compound("Workbook") + records.ljust(4_096, b"\x00"), "sent.xls")
    assert caught.value.code == code


def test_a_spreadsheet_in_the_form_of_xml_is_to_be_saved_as_xlsx(read):
    book = "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet/></Workbook>"
    for name in ("sent.xls", "sent.xml", "sent.csv"):
        with pytest.raises(Unreadable) as caught:
            read(f"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>{book}", name)
        assert "save it as .xlsx" in caught.value.how_to_fix


def test_a_kind_that_is_not_taken_names_all_that_are(read):
    with pytest.raises(Unreadable) as caught:
        read(LINES, "sent.docx")
    assert all(suffix in caught.value.how_to_fix for suffix in (*READERS, ".zip"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (compound("Workbook"), "unreadable_workbook"),
        (b"", "unreadable_workbook"),
        ("Dear hub, here it comes.", "not_a_workbook"),
        ("Dear hub,\nhere\n", "not_a_workbook"),
    ],
)
def test_what_is_named_as_a_workbook_and_is_none(read, content, code):
    for name in ("sent.xls", "sent.xlsx", "sent.ods"):
        with pytest.raises(Unreadable) as caught:
            read(content, name)
        assert caught.value.code == code


def test_a_blank_file_is_empty_whatever_its_name(read):
    for name in ("sent.csv", "sent.xml", "sent.json"):
        assert read(" \r\n", name) == {}
