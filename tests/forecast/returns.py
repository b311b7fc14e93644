"""Simulated episodes as the files of yearly SSDA903 returns: header and episodes."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

# A code for each type and sector (DfE's guide to the SSDA903 return); any of its kind would do.
PLACE = {
    "foster": ("U4", "U5"),
    "residential": ("K2", "K2"),
    "supported": ("H5", "H5"),
    "adoption": ("A3", "A3"),
    "parents": ("P1", "P1"),
    "other": ("Z1", "Z1"),
}
COLUMNS = {
    "header": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
    "episodes": ("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC",
                 "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
}  # fmt: skip
SECTOR = {"own provision": "PR1", "independent agency": "PR4"}
WITHOUT_PROVIDER = ("adoption", "parents", "other")


def write(episodes: pd.DataFrame, folder: Path, first: dt.date, last: dt.date) -> int:
    """Write `YEAR-header.csv` and `YEAR-episodes.csv` of the years that these days lie in.

    Each year has the episodes that were open on any of its days, as they were known at its end, or
    on `last`. Returns how many rows of episodes the files have.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = _coded(episodes)
    written = 0
    for year in range(_collection_year(first), _collection_year(last) + 1):
        begins = pd.Timestamp(year - 1, 4, 1)
        ends = min(pd.Timestamp(year, 3, 31), pd.Timestamp(last))
        written += _write_year(rows, folder, year, (begins, ends))
    return written


def _write_year(
    coded: pd.DataFrame, folder: Path, year: int, days: tuple[pd.Timestamp, pd.Timestamp]
) -> int:
    begins, ends = days
    of_year = coded[(coded.start_date <= ends) & ~(coded.end_date < begins)]
    known = of_year.end_date.where(of_year.end_date <= ends)
    is_known = known.notna()
    episodes = pd.DataFrame(
        {
            "CHILD": of_year.child_id,
            "DECOM": of_year.start_date.dt.strftime("%d/%m/%Y"),
            "RNE": of_year.RNE,
            "LS": "C2",
            "CIN": "N1",
            "PLACE": of_year.PLACE,
            "PLACE_PROVIDER": of_year.PLACE_PROVIDER,
            "DEC": known.dt.strftime("%d/%m/%Y"),
            "REC": of_year.REC.where(is_known, ""),
            "REASON_PLACE_CHANGE": np.where(is_known & (of_year.REC == "X1"), "PLACE", ""),
            "HOME_POST": "",
            "PL_POST": "",
            "URN": "",
        }
    )
    children = of_year.drop_duplicates("child_id")
    header = pd.DataFrame(
        {
            "CHILD": children.child_id,
            "SEX": 1,
            "DOB": children.birth_date.dt.strftime("%d/%m/%Y"),
            "ETHNIC": "WBRI",
            "UPN": "UN1",
            "MOTHER": "",
            "MC_DOB": "",
        }
    )
    for table, rows in (("header", header), ("episodes", episodes)):
        rows.to_csv(folder / f"{year}-{table}.csv", index=False, columns=list(COLUMNS[table]))
    return len(episodes)


def _coded(episodes: pd.DataFrame) -> pd.DataFrame:
    rows = episodes.sort_values(["child_id", "start_date"]).reset_index(drop=True)
    is_first = rows.child_id != rows.child_id.shift()
    is_last = rows.child_id != rows.child_id.shift(-1)
    is_own = rows.provider_sector == "own provision"
    own, agency = (rows.placement_type.map({t: c[n] for t, c in PLACE.items()}) for n in (0, 1))
    provider = rows.provider_sector.map(SECTOR)
    return rows.assign(
        RNE=np.where(is_first, "S", "P"),
        REC=np.where(is_last, "E8", "X1"),
        PLACE=own.where(is_own, agency),
        PLACE_PROVIDER=provider.where(~rows.placement_type.isin(WITHOUT_PROVIDER), ""),
    )


def _collection_year(day: dt.date) -> int:
    """1 April to 31 March, named by its end."""
    return day.year + (day.month >= 4)
