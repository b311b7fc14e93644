"""Whatever is dropped, corrected, renamed, removed or withdrawn, in any order: nothing is lost."""

import random
import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline import accounting
from pipeline.accounting import row_status_path
from pipeline.history import NoSuchTable, versions
from pipeline.intake.withdraw import record_withdrawal
from pipeline.sharing.pseudonym import Key
from pipeline.sharing.share import hub_file, share_la
from pipeline.warehouse import from_parquet, workspace
from tests.authority import La, few_postcodes, zip_bytes

KEY = Key(b"a key that only this test knows: of 32 bytes and more", "1")


def review(child: str, day: str = "01/05/2025", code: str = "PN1") -> dict[str, str]:
    return {"CHILD": child, "DOB": "01/02/2012", "REVIEW": day, "REVIEW_CODE": code}


class Office:
    """An officer who does this and that, never twice alike."""

    def __init__(self, la: La, seed: int) -> None:
        self.la, self.chance = la, random.Random(seed)
        self.sent: list[bytes | list[dict[str, str]]] = []

    def place(self) -> str:
        return f"2026/{self.chance.choice('abc')}.{self.chance.choice(['csv', 'csv', 'zip'])}"

    def landed(self) -> list[Path]:
        return sorted(f for f in self.la.landing.rglob("*") if f.is_file())

    def put(self, path: str, content) -> None:
        if path.endswith(".zip"):
            content = zip_bytes({"reviews.csv": content, "more/empty.csv": b""})
        self.la.drop(path, content)

    def drop(self) -> None:
        rows = [
            review(self.chance.choice(["A1", "A2", "A3", "A4", "", ""]), code=f"PN{n}")
            for n in range(self.chance.randint(1, 4))
        ]
        content = self.chance.choice([rows, rows, rows, [review("")], "nothing,known\n1,2\n"])
        self.sent.append(content)
        self.put(self.place(), content)

    def resend(self) -> None:
        if self.sent:
            self.put(self.place(), self.chance.choice(self.sent))

    def rename(self) -> None:
        if files := self.landed():
            file = self.chance.choice(files)
            shutil.move(file, file.with_name(f"{self.chance.randint(1, 3)}{file.suffix}"))

    def remove(self) -> None:
        if files := self.landed():
            self.chance.choice(files).unlink()

    def withdraw(self) -> None:
        if used := [e for e in self.la.entries() if e.has_rows]:
            record_withdrawal(self.la.zone, [self.chance.choice(used)], "why not")

    def undo(self) -> None:
        if gone := [e for e in self.la.entries() if e.reason_code == "withdrawn"]:
            record_withdrawal(self.la.zone, [self.chance.choice(gone)], "after all", undo=True)

    def act(self) -> None:
        acts = (self.drop, self.drop, self.drop, self.resend, self.rename, self.remove,
                self.withdraw, self.undo)  # fmt: skip
        self.chance.choice(acts)()


def rows_of(la: La) -> pd.DataFrame:
    """Every row of what is in use, with its place in the order received and its fate."""
    live = [e for e in la.entries() if e.has_rows]
    if not live:
        return pd.DataFrame(columns=["child", "status", "received"])
    raw = from_parquet(la.zone.glob("raw/table=reviews/*/*/rows.parquet"))
    status = from_parquet([row_status_path(la.zone, "reviews", "2026")])
    with workspace() as connection:
        found = connection.execute(
            f"select submission_id, child, review, row_number, status from {raw} as r "
            f"join {status} as s using (submission_id, sheet, row_number)"
        ).df()
    order = {e.submission_id: n for n, e in enumerate(live)}
    return found.assign(received=found["submission_id"].map(order))


def assert_the_last_good_row_is_kept(la: La) -> None:
    rows = rows_of(la)
    assert rows["received"].notna().all()
    assert len(rows) == sum(e.rows_read for e in la.entries() if e.has_rows)
    good = rows[rows["child"].notna()]
    kept = rows[rows["status"] == "kept"]
    assert sorted(kept["child"]) == sorted(good["child"].unique())
    last = good.groupby("child")["received"].max()
    assert (kept["received"] == kept["child"].map(last)).all()
    assert not rows[rows["child"].isna()]["status"].eq("kept").any()
    assert len(kept) == sum(e.rows_kept for e in la.entries())
    out = rows["status"].eq("quarantined").sum()
    assert out == sum(e.rows_quarantined for e in la.entries() if e.has_rows)


def raw_files(la: La) -> dict[Path, bytes]:
    """Every row ever taken, by submission, but for the name of the file that brought it."""
    found = {}
    with workspace() as connection:
        for file in la.zone.glob("raw/*/*/*/rows.parquet"):
            query = f"select * exclude (file) from {from_parquet([file])}"
            found[file] = connection.execute(query).fetchall()
    return found


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("seed", range(2))
def test_in_any_order_rows_add_up_and_the_last_good_one_is_kept(tmp_path, seed):
    assert_nothing_is_lost(tmp_path, seed, 6)


@pytest.mark.faults
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("seed", range(2, 40))
def test_in_any_order_and_for_long_nothing_is_lost(tmp_path, seed):
    assert_nothing_is_lost(tmp_path, seed, 12)


def assert_nothing_is_lost(tmp_path: Path, seed: int, looks: int) -> None:
    """An officer's doings with one look after every few of them; at the end all is shared."""
    la = La(tmp_path)
    office = Office(la, seed)
    before: dict[Path, bytes] = {}
    for _ in range(looks):
        for _ in range(office.chance.randint(1, 3)):
            office.act()
        entries = la.settle()
        assert_the_last_good_row_is_kept(la)
        after = raw_files(la)
        assert {f: after.get(f) for f in before} == before  # a submission never changes
        before = after
        ids = [(e.submission_id, e.table_name) for e in entries if not e.ended]
        assert len(ids) == len(set(ids))
        # A name may stand for two submissions: bytes in use, and later ones that could not be used.
        told = la.told("submission_id, table_name, check_id, sheet, row_number")
        assert len(told) == len(set(told)) == sum(e.stop_count + e.info_count for e in entries)
        # Copies of what a withdrawal took or gave back are told with the next look; then all rests.
        la.settle()
        assert la.receive().files_read == 0
        assert not accounting.waits(la.zone)
    share_la(la.code, la.zone, tmp_path / "hub", KEY, few_postcodes(tmp_path))
    shared = hub_file(tmp_path / "hub", "reviews", la.code)
    with workspace() as connection:
        query = f"select count(*) from {from_parquet([shared])}"
        rows = connection.execute(query).fetchall()[0][0] if shared.exists() else 0
    assert rows == sum(e.rows_kept for e in la.entries() if e.status == "accepted")


def test_every_version_of_a_childs_rows_can_be_seen(la):
    la.drop("2026/reviews.csv", [review("A1", code="PN1"), review("A2")])
    la.settle()
    la.drop("2026/reviews.csv", [review(" a1 ", code="PN2"), review("A1", "never")])
    la.settle()
    found = versions(la.zone, "Reviews", "a1")
    assert [(v.file, v.row_number, v.status, v.values["REVIEW_CODE"]) for v in found] == [
        ("2026/reviews.csv", 2, "superseded", "PN1"),
        ("2026/reviews.csv", 2, "kept", "PN2"),
        ("2026/reviews.csv", 3, "quarantined", "PN1"),
    ]
    assert found[0].values["CHILD"] == "A1"
    assert found[1].values["CHILD"] == " a1 "  # as it was sent
    assert versions(la.zone, "reviews", "A9") == []
    assert versions(la.zone, "episodes", "A1") == []
    with pytest.raises(NoSuchTable, match="episodes"):
        versions(la.zone, "placement", "A1")


def test_a_correction_that_moves_an_end_date_earlier_counts(la):
    def missing(end: str) -> dict[str, str]:
        return {"CHILD": "A1", "DOB": "01/02/2012", "MISSING": "M", "MIS_START": "01/05/2025",
                "MIS_END": end}  # fmt: skip

    la.drop("2026/missing.csv", [missing("30/06/2025")])
    la.settle()
    la.drop("2026/missing.csv", [missing("02/05/2025")])
    la.settle()
    fates = [(v.values["MIS_END"], v.status) for v in versions(la.zone, "missing", "A1")]
    assert fates == [("30/06/2025", "superseded"), ("02/05/2025", "kept")]


def test_the_history_is_told_to_those_who_may_see_the_zone(tmp_path, command_line):
    la = La(tmp_path, code="E10000008")
    la.drop("2026/reviews.csv", [review("A1"), review("A1", "never")])
    la.drop("2026/notes\n.csv", "a,b\n1,2\n")
    la.settle()
    told = command_line(tmp_path, "history", "--la", "devon")
    assert told.code == 0
    entry = la.entry("2026/reviews.csv")
    assert entry.submission_id in told.said
    assert "not_recognised" not in told.said
    assert "No row near the top" in told.said
    assert "notes\\n.csv" in told.said
    versions = command_line(tmp_path, "history", "--la", "devon", "--table", "reviews",
                            "--child", "a1")  # fmt: skip
    assert versions.code == 0
    assert "2026/reviews.csv, row 3" in versions.said
    assert "REVIEW=never" in versions.said
    assert "2 rows" in versions.said
    for wrong in (["--table", "reviews"], ["--table", "nothing", "--child", "A1"]):
        asked = command_line(tmp_path, "history", "--la", "devon", *wrong)
        assert asked.code == 1
        assert "Traceback" not in asked.said
