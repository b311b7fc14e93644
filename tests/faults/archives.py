"""ZIP archives: bombs, escapes, locks and cuts, and good files among bad ones."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterable

from tests.faults.case import HEAD, REVIEWS, ROW1, Content, End, Fault, content_of, stopped
from tests.faults.values import CHILD, csv_of
from tests.faults.workbooks import ZIP_TIME, file, reviews_workbook, zipped

ZIP = "2026/return.zip"
ZEROS = b"0" * 1024


def archive(*members: tuple[str, Content], change: Callable | None = None) -> Callable:
    """An archive of members in their order, which may have one name twice."""

    def make(mark: str) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zipfile warns of a name that comes twice
            for name, content in members:
                info = zipfile.ZipInfo("x", ZIP_TIME)
                info.filename = name  # as it is: ZipInfo would mend it
                info.compress_type = zipfile.ZIP_DEFLATED
                if change:
                    change(info)
                made.writestr(info, content_of(content, mark))
        return written.getvalue()

    return make


def within(name: str, inner: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """An archive in an archive."""
    return lambda mark: zipped({name: inner(mark)})


def many(count: int) -> Iterable[tuple[str, Content]]:
    return ((f"part{n}.csv", "x") for n in range(count))


def bomb(mark: str) -> bytes:
    """A hundred megabytes of zeros in a hundred kilobytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        info = zipfile.ZipInfo("reviews.csv", ZIP_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        with made.open(info, "w") as stream:
            for _ in range(100):
                stream.write(ZEROS * 1024)
    return written.getvalue()


def lying(mark: str) -> bytes:
    """A member that says to be of ten bytes and is of ten megabytes."""
    size = 10 * 1024 * 1024
    good = zipped({"reviews.csv": b"0" * size})
    return good.replace(struct.pack("<I", size), struct.pack("<I", 10))


def overlapping(mark: str) -> bytes:
    """Two hundred names in the list of contents for the bytes of one member."""
    good = zipped({"reviews.csv": content_of(REVIEWS, mark)})
    at = good.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", good, at + 16)[0]
    entry, count = good[start:at], 200
    entries = b"".join(entry.replace(b"reviews.csv", f"review{n:03}.c".encode()[:11])
                       for n in range(count))  # fmt: skip
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)
    return good[:start] + entries + end


def encrypted(mark: str) -> bytes:
    """An archive whose members say that they need a password."""
    good = bytearray(zipped({"reviews.csv": content_of(REVIEWS, mark)}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        good[good.index(sign) + at] |= 1
    return bytes(good)


def of_unknown_method(mark: str) -> bytes:
    """An archive packed by a method that does not exist."""
    good = bytearray(zipped({"reviews.csv": content_of(REVIEWS, mark)}))
    for sign, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", good, good.index(sign) + at, 77)
    return bytes(good)


def with_wrong_sum(mark: str) -> bytes:
    """A member whose bytes changed on the way."""
    good = io.BytesIO()
    with zipfile.ZipFile(good, "w", zipfile.ZIP_STORED) as made:
        made.writestr(zipfile.ZipInfo("reviews.csv", ZIP_TIME), content_of(REVIEWS, mark))
        made.writestr(zipfile.ZipInfo("header.csv", ZIP_TIME), content_of(csv_of(CHILD), mark))
    return good.getvalue().replace(b"01/05/2025", b"02/05/2025")


def as_link(info: zipfile.ZipInfo) -> None:
    info.create_system, info.external_attr = 3, 0o120777 << 16


def member(name: str = "reviews.csv", code: str = "", **counts: int | str) -> End:
    """How a member of the archive must end."""
    table = "" if code else "reviews"
    kept = {} if code else {"read": 3, "kept": 3}
    return End(**({"code": code, "table": table, "file": f"{ZIP}/{name}"} | kept | counts))


def unpacked(name: str, content: Content, *ends: End, says: tuple[str, ...] = (),
             short: bool = False) -> Fault:  # fmt: skip
    """An archive whose members are taken or stopped one by one."""
    return Fault(name, {ZIP: content}, ends, says=says, short=short)


GOOD = ("reviews.csv", REVIEWS)
HEADER = ("header.csv", csv_of(CHILD))
HEADER_KEPT = End("", "header", 1, 1, file=f"{ZIP}/header.csv")


def beside(name: str, bad: tuple[str, Content], code: str, *says: str, short: bool = False,
           change: Callable | None = None) -> Fault:  # fmt: skip
    """A good member beside one that is stopped."""
    end = End(code, file=f"{ZIP}/{bad[0]}".replace("\\", "/"))
    return unpacked(name, archive(HEADER, bad, change=change), HEADER_KEPT, end, says=says,
                    short=short)  # fmt: skip


FAULTS = (
    # Not to be opened
    stopped("zip_of_no_bytes", b"", "archive_damaged", path=ZIP),
    stopped("zip_cut_off", lambda m: archive(GOOD)(m)[:-60], "archive_damaged", "cut off",
            path=ZIP, short=True),
    stopped("zip_of_noise", b"PK\x03\x04noise" * 50, "archive_damaged", path=ZIP),
    stopped("rar_named_zip", b"Rar!\x1a\x07\x01\x00" + b"x" * 90, "archive_damaged", path=ZIP),
    stopped("zip_without_members", archive(), "archive_empty", path=ZIP, short=True),
    # Bombs
    stopped("zip_bomb", bomb, "archive_bomb", path=ZIP, short=True),
    stopped("zip_of_too_many_members", lambda m: archive(*many(5_000))(m), "archive_too_large",
            path=ZIP),
    unpacked("zip_in_zip_in_zip_and_so_on",
             lambda m: within("a.zip", within("b.zip", within("c.zip", within("d.zip",
                       archive(GOOD)))))(m), member("a.zip/b.zip", "archive_nested")),
    unpacked("zip_with_a_false_size", lying, member(code="archive_damaged")),
    stopped("zip_of_overlapping_members", overlapping, "archive_bomb", path=ZIP),
    # Locks and other methods
    unpacked("zip_with_password", encrypted, member(code="archive_encrypted"), says=("password",),
             short=True),
    unpacked("zip_of_unknown_method", of_unknown_method, member(code="archive_damaged")),
    unpacked("zip_with_wrong_sum", with_wrong_sum, member(code="archive_damaged"), HEADER_KEPT),
    # Escapes
    beside("zip_that_climbs", ("../../escaped.csv", REVIEWS), "archive_unsafe_path", short=True),
    beside("zip_from_the_root", ("/tmp/escaped.csv", REVIEWS), "archive_unsafe_path"),  # noqa: S108
    beside("zip_from_a_drive", ("C:\\Windows\\escaped.csv", REVIEWS), "archive_unsafe_path"),
    beside("zip_that_climbs_backwards", ("..\\..\\escaped.csv", REVIEWS), "archive_unsafe_path"),
    beside("zip_that_climbs_from_within", ("a/b/../../../escaped.csv", REVIEWS),
           "archive_unsafe_path"),
    unpacked("zip_with_a_line_break_in_a_name", archive(("rev\niews.csv", REVIEWS)), member()),
    unpacked("zip_with_a_link", archive(("reviews.csv", "/etc/passwd"), change=as_link),
             member(code="archive_unsafe_path"), short=True),
    # Members
    unpacked("zip_of_good_files", archive(GOOD, HEADER), member(), HEADER_KEPT),
    unpacked("zip_in_folders", archive(("2026/ssda903/reviews.csv", REVIEWS)),
             member("2026/ssda903/reviews.csv")),
    unpacked("zip_with_junk_of_a_mac", archive(GOOD, ("__MACOSX/._reviews.csv", b"\x00\x05"),
             (".DS_Store", b"\x00"), ("Thumbs.db", b"\x00")), member()),
    unpacked("zip_in_zip", within("inner.zip", archive(GOOD)), member("inner.zip/reviews.csv")),
    unpacked("zip_with_a_workbook", archive(("reviews.xlsx", reviews_workbook())),
             member("reviews.xlsx")),
    unpacked("zip_with_a_locked_workbook",
             archive(HEADER, ("reviews.xlsx", file("with_password.xlsx"))), HEADER_KEPT,
             member("reviews.xlsx", "password_protected")),
    beside("zip_with_a_letter", ("letter.docx", b"PK\x03\x04"), "format_not_taken"),
    beside("zip_with_an_empty_member", ("reviews.csv", b""), "empty"),
    beside("zip_with_a_broken_member", ("reviews.csv", b"PK\x00\x00"), "not_a_csv"),
    beside("zip_with_a_member_of_no_kind", ("README", "Read me first."), "format_not_taken"),
    unpacked("zip_with_a_name_twice", archive(GOOD, ("reviews.csv", HEAD + ROW1)),
             member(), member("reviews.csv (2)", "archive_same_name")),
    unpacked("zip_with_the_same_bytes_twice", archive(GOOD, ("copy.csv", REVIEWS)),
             member(), member("copy.csv", "duplicate", read=0)),
    unpacked("zip_of_two_years", archive(("2025/header.csv", csv_of(CHILD | {"SEX": "F"})),
             ("2026/header.csv", csv_of(CHILD))),
             End("", "header", 1, 1, file=f"{ZIP}/2025/header.csv"),
             End("", "header", 1, 1, file=f"{ZIP}/2026/header.csv")),
    unpacked("zip_with_names_in_cp437", archive(("r\u00e9views.csv", REVIEWS)),
             member("r\u00e9views.csv")),
)  # fmt: skip
