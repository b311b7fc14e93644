"""How fast large files are received, and whether within 2 GB: `make bench`.

Makes a file of each kind in a temporary folder, receives it in a process of its own as a run would,
and reads it with a plain peer for comparison. Exits with 1 where the bound on memory is broken or a
file is not accepted.
"""

import io
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CEILING_MB = 2_000
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
NOTE = "moved, as planned"  # a comma makes quotation marks needed
PIECE = 20_000  # rows made at once
WORKBOOK_ROWS = 50_000


def _episode(number: int) -> list[str]:
    pick = random.Random(number)  # noqa: S311  nothing secret
    date = f"{pick.randint(1, 28):02}/{pick.randint(1, 12):02}"
    ended = [f"{date}/2026", "X1", "PLACE"] if number % 3 else ["", "", ""]
    codes = [pick.choice("SLPTBU"), pick.choice(["C2", "V2"]), f"N{pick.randint(1, 8)}", "U1"]
    posts = [f"TA{pick.randint(1, 24)} 4AB", f"EX{pick.randint(1, 39)} 2CD"]
    urn = f"SC{pick.randint(100_000, 999_999)}"
    return [f"{number:08}", f"{date}/2025", *codes, "PR1", *ended, *posts, urn]


def _write_csv(
    path: Path, size: int, line: Callable[[list[str]], str], encoding: str, heading: str = EPISODES
) -> int:
    """Write episodes until the file has `size` bytes; gives the number of rows."""
    piece = [_episode(n) for n in range(PIECE)]
    rows = 0
    with path.open("w", encoding=encoding, newline="") as stream:
        stream.write(heading + "\r\n")
        while path.stat().st_size < size:
            stream.write("".join(line([f"{rows + n:08}", *r[1:]]) for n, r in enumerate(piece)))
            stream.flush()
            rows += PIECE
    return rows


def plain_csv(path: Path) -> int:
    return _write_csv(path, 200_000_000, lambda r: ",".join(r) + "\r\n", "utf-8")


def quoted_csv(path: Path) -> int:
    def line(row: list[str]) -> str:
        return ",".join(f'"{c}"' for c in [*row, NOTE]) + "\r\n"

    return _write_csv(path, 200_000_000, line, "utf-8", EPISODES + ",NOTE")


def utf_16_csv(path: Path) -> int:
    return _write_csv(path, 200_000_000, lambda r: ",".join(r) + "\r\n", "utf-16")


def ragged_csv(path: Path) -> int:
    def line(row: list[str]) -> str:
        return ",".join(row) + ("," if int(row[0]) % 7 else "") + "\r\n"

    return _write_csv(path, 200_000_000, line, "utf-8")


def xml(path: Path) -> int:
    """Children with a header, three reviews and two episodes each."""
    names = EPISODES.replace("PLACE,", "PL,", 1).split(",")[1:]
    records = []
    for n in range(PIECE // 10):
        episodes = "".join(
            "<EPISODE>"
            + "".join(f"<{k}>{v}</{k}>" for k, v in zip(names, _episode(n + m)[1:], strict=True))
            + "</EPISODE>"
            for m in (0, 1)
        )
        reviews = "".join(
            f"<AREVIEW><REVIEW>0{m}/11/2025</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>"
            for m in (1, 2, 3)
        )
        records.append(
            "<SEX>M</SEX><DOB>01/02/2012</DOB><ETHNIC>WBRI</ETHNIC><UPN>UN1</UPN><UASC>0</UASC>"
            f"{reviews}</HEADER>{episodes}</CHILD>\n"
        )
    children = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("<?xml version='1.0' encoding='utf-8'?>\n<EXPSSDA903>")
        while path.stat().st_size < 100_000_000:
            stream.write(
                "".join(
                    f"<CHILD><HEADER><CHILDID>{children + n:08}</CHILDID>{r}"
                    for n, r in enumerate(records)
                )
            )
            stream.flush()
            children += len(records)
        stream.write("</EXPSSDA903>")
    return children * 6  # a header, three reviews, two episodes


def workbook(path: Path) -> int:
    """A placement return of 50,000 rows in all the columns of its standard."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    from pipeline.standards.load import load_standards

    table = load_standards()["rcc_v2"]
    book = Workbook()
    book.active.append([f.header for f in table.fields])
    empty = io.BytesIO()
    book.save(empty)
    kinds = {"date": 45_900, "integer": 3, "money": 4512.5}
    values = [kinds.get(f.type, f.name) for f in table.fields]
    letters = [get_column_letter(n) for n in range(1, len(values) + 1)]

    def row(number: int) -> str:
        cells = "".join(
            f'<c r="{a}{number}"><v>{v}</v></c>'
            if not isinstance(v, str)
            else f'<c r="{a}{number}" t="inlineStr"><is><t>{v} {number % 97}</t></is></c>'
            for a, v in zip(letters, values, strict=True)
        )
        return f'<row r="{number}">{cells}</row>'

    with zipfile.ZipFile(empty) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                rows = "".join(row(n) for n in range(2, WORKBOOK_ROWS + 2)).encode()
                content = content.replace(b"</sheetData>", rows + b"</sheetData>")
            made.writestr(name, content)
    return WORKBOOK_ROWS


def _peer_csv(path: Path) -> None:
    import pandas as pd

    with path.open("rb") as stream:
        is_utf_16 = stream.read(2) == b"\xff\xfe"
    pd.read_csv(
        path, dtype=str, encoding="utf-16" if is_utf_16 else "utf-8", names=range(15), header=None
    )


def _peer_xml(path: Path) -> None:
    from lxml import etree

    etree.parse(str(path))


def _peer_workbook(path: Path) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(path, read_only=True).active
    sheet.reset_dimensions()  # the file tells one row, as some programs do
    rows = sum(1 for _ in sheet.iter_rows(values_only=True))
    if rows < WORKBOOK_ROWS:
        raise RuntimeError(f"the peer read {rows} rows only")


@dataclass(frozen=True)
class Case:
    """A file to make and to receive; the peer reads it only, and keeps nothing."""

    name: str
    path: str  # below the landing folder
    make: Callable[[Path], int]
    peer: Callable[[Path], None]
    peer_name: str


CASES = (
    Case("CSV", "2026/episodes.csv", plain_csv, _peer_csv, "pandas"),
    Case("CSV, quoted", "2026/episodes.csv", quoted_csv, _peer_csv, "pandas"),
    Case("CSV, ragged", "2026/episodes.csv", ragged_csv, _peer_csv, "pandas"),
    Case("CSV, UTF-16", "2026/episodes.csv", utf_16_csv, _peer_csv, "pandas"),
    Case("XML", "2026/return.xml", xml, _peer_xml, "lxml whole"),
    Case("workbook", "2025Q3/return.xlsx", workbook, _peer_workbook, "openpyxl"),
)


def _received(case: Case, home: Path) -> int:
    """Receive the file; gives the number of rows accepted."""
    from pipeline.intake.receive import receive

    entries = receive("E06000066", home / "landing", home / "la").entries
    return sum(e.rows_read for e in entries if e.status == "accepted")


def measure(name: str, what: str, home: Path) -> None:
    """In a process of its own: print rows, seconds and the peak of memory in MB."""
    import resource

    case = next(c for c in CASES if c.name == name)
    start = time.perf_counter()
    rows = 0
    if what == "peer":
        case.peer(home / "landing" / case.path)
    else:
        rows = _received(case, home)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(rows, seconds, peak / (1e6 if sys.platform == "darwin" else 1e3))


def _measured(case: Case, what: str, home: Path) -> tuple[int, float, float]:
    command = [sys.executable, __file__, case.name, what, str(home)]
    output = subprocess.run(command, capture_output=True, check=True, text=True).stdout  # noqa: S603
    rows, seconds, peak = output.split()
    return int(rows), float(seconds), float(peak)


def main() -> int:
    """Measure all cases, or those named in the arguments; gives the exit code."""
    wanted = sys.argv[1:]
    print(
        f"{'':12} {'MB':>5} {'rows':>10} {'rows/s':>9} {'MB/s':>6} {'peak MB':>8}  against a peer"
    )
    is_fine = True
    for case in (c for c in CASES if not wanted or c.name in wanted):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            path = home / "landing" / case.path
            path.parent.mkdir(parents=True)
            made = case.make(path)
            size = path.stat().st_size / 1e6
            _, peer_seconds, peer_peak = _measured(case, "peer", home)
            rows, seconds, peak = _measured(case, "receive", home)
        fault = "" if rows == made else f" ONLY {rows:,} ROWS ACCEPTED"
        fault += " MORE THAN 2 GB" if peak > CEILING_MB else ""
        is_fine = is_fine and not fault
        print(
            f"{case.name:12} {size:5.0f} {made:10,} {rows / seconds:9,.0f} {size / seconds:6.1f} "
            f"{peak:8,.0f}  {seconds / peer_seconds:.1f} times the time, {peak / peer_peak:.1f} "
            f"times the memory of {case.peer_name}{fault}",
            flush=True,
        )
    return 0 if is_fine else 1


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[2] in ("peer", "receive"):
        measure(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        sys.exit(main())
