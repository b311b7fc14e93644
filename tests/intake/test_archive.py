"""Archives are unpacked within hard bounds; what cannot be taken says why, the rest is taken."""

import io
import shutil
import stat
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pipeline.intake import archive as archives
from pipeline.intake.archive import Member, is_archive, unpack
from pipeline.intake.read import Unreadable

ROWS = b"CHILD,DOB\nA1,01/02/2012\n"


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


@pytest.fixture
def members(tmp_path):
    """The members of an archive with what was unpacked, or why not."""

    def unpack_bytes(content: bytes) -> dict[str, bytes | str]:
        path = tmp_path / "return.zip"
        path.write_bytes(content)
        into = tmp_path / "into"
        shutil.rmtree(into, ignore_errors=True)
        found = unpack(path, into)
        for member in found:
            assert (member.path is None) != (member.stop is None)
            assert member.path is None or member.path.parent == into
        assert {m.path for m in found if m.path} == set(into.iterdir())
        assert not [p for p in tmp_path.rglob("*") if p.is_symlink()]
        assert len({m.name for m in found}) == len(found)
        return {m.name: m.path.read_bytes() if m.path else m.stop.code for m in found}

    return unpack_bytes


@pytest.fixture
def refusal(members):
    """The code for which an archive is refused as a whole."""

    def refuse(content: bytes) -> str:
        with pytest.raises(Unreadable) as caught:
            members(content)
        assert caught.value.reason.endswith(".")
        assert caught.value.how_to_fix.endswith(".")
        return caught.value.code

    return refuse


def test_members_are_unpacked_under_names_of_our_own(tmp_path):
    path = tmp_path / "return.zip"
    path.write_bytes(zipped(("2026/Zoë episodes.CSV", ROWS), ("2026/", b""), ("header", b"x")))
    first, second = unpack(path, tmp_path / "into")
    assert first == Member("2026/Zoë episodes.CSV", tmp_path / "into" / "00001.csv", None)
    assert second == Member("header", tmp_path / "into" / "00002", None)
    assert first.path.read_bytes() == ROWS


def test_the_end_of_a_name_is_kept_only_if_it_is_one(members, tmp_path):
    members(zipped(("b.a/c", b"2"), ("c. csv", b"3"), ("d.ä", b"4")))
    assert {p.suffix for p in (tmp_path / "into").iterdir()} == {""}


def test_what_programs_leave_behind_is_ignored(members):
    junk = ("__MACOSX/._a.csv", "x/.DS_Store", "Thumbs.db", "~$a.xlsx", "desktop.ini", "a.tmp")
    assert members(zipped(("a.csv", ROWS), *((j, b"x") for j in junk))) == {"a.csv": ROWS}


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "x/../../a.csv",
        "/etc/a.csv",
        "C:/a.csv",
        "c:a.csv",
        "..\\a.csv",
        "\\\\host\\s\\a",
    ],
)
def test_a_path_that_leads_out_of_the_folder_is_not_taken(members, name):
    found = members(zipped((name, ROWS), ("good.csv", ROWS)))
    assert found == {name.replace("\\", "/"): "archive_unsafe_path", "good.csv": ROWS}


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_not_taken(members, mode):
    special = zipfile.ZipInfo("link.csv")
    special.create_system = 3
    special.external_attr = (mode | 0o777) << 16
    found = members(zipped((special, b"/etc/passwd"), ("good.csv", ROWS)))
    assert found == {"link.csv": "archive_unsafe_path", "good.csv": ROWS}


def test_folders_joined_by_backslashes_are_folders(members):
    assert members(zipped(("2026\\episodes.csv", ROWS))) == {"2026/episodes.csv": ROWS}


def test_names_in_utf_8_that_do_not_say_so(members):
    content = zipped(("Zoé.csv", ROWS))
    # Clear the flag that says so, in the entry and in the list.
    for at, mark in ((6, b"PK\x03\x04"), (8, b"PK\x01\x02")):
        start = content.index(mark) + at
        content = content[:start] + b"\x00\x00" + content[start + 2 :]
    assert members(content) == {"Zoé.csv": ROWS}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_of_one_name_the_second_is_told(members):
    found = members(zipped(("a.csv", ROWS), ("a.csv", b"other"), ("b.csv", ROWS)))
    assert found == {"a.csv": ROWS, "a.csv (2)": "archive_same_name", "b.csv": ROWS}


def test_an_encrypted_member_is_told_and_the_others_are_taken(members):
    content = zipped(("secret.csv", ROWS), ("good.csv", ROWS))
    for at, mark in ((6, b"PK\x03\x04"), (8, b"PK\x01\x02")):
        start = content.index(mark) + at
        content = content[:start] + b"\x01" + content[start + 1 :]
    assert members(content) == {"secret.csv": "archive_encrypted", "good.csv": ROWS}


def test_an_archive_in_an_archive_is_unpacked_but_none_deeper(members):
    inner = zipped(("episodes.csv", ROWS), ("deeper.zip", zipped(("x.csv", ROWS))))
    found = members(zipped(("inner.zip", inner), ("named.csv", zipped(("y.csv", ROWS)))))
    assert found == {
        "inner.zip/episodes.csv": ROWS,
        "inner.zip/deeper.zip": "archive_nested",
        "named.csv/y.csv": ROWS,
    }


def test_a_broken_or_empty_archive_inside_does_not_keep_the_others_out(members):
    inner = zipped(("x.csv", ROWS * 100))
    found = members(zipped(("empty.zip", zipped()), ("cut.zip", inner[:-30]), ("a.csv", ROWS)))
    assert found.pop("cut.zip") == inner[:-30]  # no archive: its reader will say so
    assert found == {"empty.zip": "archive_empty", "a.csv": ROWS}


def test_an_archive_is_known_by_its_content_and_a_broken_one_by_its_name(tmp_path):
    book = io.BytesIO()
    Workbook().save(book)
    for name, content, is_one in (
        ("return.xlsx", zipped(("a.csv", ROWS)), True),
        ("return.zip", zipped(("a.csv", ROWS))[:40], True),
        ("return.xlsx", book.getvalue(), False),
        ("return.csv", ROWS, False),
    ):
        (tmp_path / name).write_bytes(content)
        assert is_archive(tmp_path / name) == is_one


def test_what_is_no_archive_is_the_one_member_of_what_is_named_so(members):
    book = io.BytesIO()
    Workbook().save(book)
    assert members(zipped(("return.xlsx", book.getvalue()))) == {"return.xlsx": book.getvalue()}
    assert members(book.getvalue()) == {"return.xlsx": book.getvalue()}
    assert members(ROWS) == {"return.csv": ROWS}


def test_a_damaged_member_is_told_and_the_others_are_taken(members):
    content = bytearray(zipped(("bad.csv", ROWS), ("good.csv", ROWS)))
    content[content.index(b"bad.csv") + 9] ^= 0xFF
    assert members(bytes(content)) == {"bad.csv": "archive_damaged", "good.csv": ROWS}


def test_an_archive_that_was_cut_off_is_refused(refusal):
    whole = zipped(("a.csv", ROWS * 50), ("b.csv", ROWS * 60))
    for cut in range(4, len(whole) - 1, 7):
        assert refusal(whole[:cut]) == "archive_damaged"
    assert refusal(b"%PDF-1.7") == "archive_damaged"


@pytest.mark.parametrize("junk", [[], [("folder/", b"")], [("__MACOSX/x", b"1")]])
def test_an_archive_of_nothing(refusal, junk):
    assert refusal(zipped(*junk)) == "archive_empty"


def test_too_many_files_or_bytes_are_refused(refusal, monkeypatch):
    content = zipped(*((f"{n}.csv", ROWS) for n in range(11)))
    with monkeypatch.context() as patched:
        patched.setattr(archives, "MOST_MEMBERS", 10)
        assert refusal(content) == "archive_too_large"
    with monkeypatch.context() as patched:
        patched.setattr(archives, "LARGEST_TOTAL", 11 * len(ROWS) - 1)
        assert refusal(content) == "archive_too_large"
    with monkeypatch.context() as patched:
        patched.setattr(archives, "LARGEST_MEMBER", len(ROWS) - 1)
        assert refusal(content) == "archive_too_large"
    with monkeypatch.context() as patched:
        patched.setattr(archives, "MOST_NAMES", 10)
        assert refusal(content) == "archive_too_large"


def test_archives_inside_share_the_bounds_of_the_outer_one(refusal, monkeypatch):
    inner = zipped(("a.csv", ROWS), ("b.csv", ROWS))
    content = zipped(("1.zip", inner), ("2.zip", inner))
    monkeypatch.setattr(archives, "MOST_MEMBERS", 5)
    assert refusal(content) == "archive_too_large"


def test_a_bomb_is_refused_fast(refusal):
    start = time.perf_counter()
    assert refusal(zipped(("zeros.csv", bytes(50_000_000)))) == "archive_bomb"
    assert time.perf_counter() - start < 5


def overlapping(files: int) -> bytes:
    """An archive whose many entries all unpack the same bytes."""
    content = bytes(1_000_000)
    packed = zlib.compress(content, wbits=-15)
    crc = zlib.crc32(content)
    fixed = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0, crc, len(packed), len(content), 1, 0)
    local = b"PK\x03\x04" + fixed + b"a" + packed
    listed = b"".join(
        b"PK\x01\x02" + struct.pack("<H", 20)
        + struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0, crc, len(packed), len(content), 5, 0)
        + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + f"{n:05}".encode()
        for n in range(files)
    )  # fmt: skip
    end = struct.pack("<HHHHLLH", 0, 0, files, files, len(listed), len(local), 0)
    return local + listed + b"PK\x05\x06" + end


def test_a_bomb_of_overlapping_entries_is_refused_fast(refusal):
    start = time.perf_counter()
    assert refusal(overlapping(900)) == "archive_bomb"
    assert time.perf_counter() - start < 5


def test_a_bomb_of_archives_in_archives_is_refused_fast(members):
    content = zipped(("0", bytes(1_000_000)))
    for _ in range(3):
        content = zipped(*((f"{n}.zip", content) for n in range(5)))
    start = time.perf_counter()
    assert set(members(content).values()) == {"archive_nested"}
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(("claimed", "found"), [(10, "archive_damaged"), (9_000_000, ROWS * 1_000)])
def test_the_size_that_an_entry_claims_is_not_trusted(members, claimed, found):
    content = zipped(("a.csv", ROWS * 1_000))
    for at, mark in ((22, b"PK\x03\x04"), (24, b"PK\x01\x02")):
        start = content.index(mark) + at
        content = content[:start] + struct.pack("<L", claimed) + content[start + 4 :]
    assert members(content) == {"a.csv": found}


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_any_bytes_give_members_or_a_reason(tmp_path, data):
    whole = bytearray(zipped(("a.csv", ROWS * 9), ("b/c.csv", ROWS)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "sent.zip"
    path.write_bytes(whole)
    into = tmp_path / str(len(list(tmp_path.iterdir())))
    try:
        found = unpack(path, into)
    except Unreadable:
        return
    assert found
    assert all(m.path is None or Path(m.path).parent == into for m in found)
