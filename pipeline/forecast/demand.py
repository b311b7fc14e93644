"""Rows of `forecast.demand`: history as it may be shown, and the fan of the draws."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from pipeline.forecast.periods import month_end
from pipeline.forecast.project import Draws
from pipeline.forecast.region import Frame
from pipeline.forecast.small_numbers import NO_WORDS, OUTSIDE, Edition, Words, why_no_children
from pipeline.withheld import withheld_text, withheld_words

ALL = "all"
FAN = {
    "lower_95": 0.025, "lower_80": 0.1, "lower_50": 0.25, "median": 0.5,
    "upper_50": 0.75, "upper_80": 0.9, "upper_95": 0.975,
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An area of the forecast: an authority, or the region, and which axes of the arrays it is."""

    la_code: str | None
    area_name: str
    las: tuple[int, ...]
    is_synthetic: bool

    @property
    def row(self) -> dict[str, object]:
        """The columns that every table has."""
        return {
            "la_code": self.la_code,
            "area_name": self.area_name,
            "is_synthetic": self.is_synthetic,
        }


@dataclass(frozen=True)
class Series:
    """Children of a place, band and type; `published` is their number at the origin as shown."""

    place: Place
    age_band: str
    placement_type: str
    published: int | None

    @property
    def shown(self) -> bool:
        """Whether anything of it may be shown."""
        return self.published is not None


Shown = Mapping[tuple[str | None, str, str], int | None]


def read_shown(
    connection: duckdb.DuckDBPyConnection, origin: int, edition: Edition = OUTSIDE
) -> tuple[Shown, Words]:
    """By area, band and type: children at the origin as they are published, none if withheld.

    And of those that are, why. What is withheld then is withheld for all the months to come, for
    the first of them is all but the number itself.
    """
    rows = connection.execute(
        "select la_code, age_band, forecast_type, children, withheld "
        f"from {edition.shown}.int_demand_shown where month_number = $origin",
        {"origin": origin},
    ).fetchall()
    shown = {(la, band, kind): children for la, band, kind, children, _ in rows}
    words = {tuple(key): withheld_words(text)["children"] for *key, _, text in rows if text}
    return shown, words


def why_of(series: Series, words: Words) -> str:
    """Why a series is withheld."""
    return why_no_children(words, series.place.la_code, series.age_band, series.placement_type)


def all_series(frame: Frame, places: Sequence[Place], shown: Shown) -> Iterator[Series]:
    """Totals first, then by type, by band, and by both."""
    for place in places:
        for band in (ALL, *frame.band_names):
            for kind in (ALL, *frame.types):
                yield Series(place, band, kind, shown.get((place.la_code, band, kind)))


def of_series(frame: Frame, stock: np.ndarray, series: Series) -> np.ndarray:
    """Children of a series, from [draw, la, month, band, type]: [draw, month]."""
    found = stock[:, list(series.place.las)].sum(axis=1)
    if series.age_band != ALL:
        found = found[:, :, [frame.band_names.index(series.age_band)]]
    if series.placement_type != ALL:
        found = found[..., [frame.types.index(series.placement_type)]]
    return found.sum(axis=(2, 3))


def as_shown(series: Series, stock: np.ndarray) -> np.ndarray:
    """Children to come, from the published number on: it, and by how much each draw changes.

    Many rounded figures of one series tell what it was rounded from, and a total less its parts
    then tells a part that is withheld. So nothing is made of the exact number but its change.
    stock: [draw, month], the origin first; gives the months after it.
    """
    return np.maximum(series.published + stock[:, 1:] - stock[:, :1], 0)


def to_unit(values: np.ndarray, unit: int = OUTSIDE.children) -> np.ndarray:
    """To the nearest unit."""
    return (unit * np.floor(values / unit + 0.5)).astype(np.int64)


def history_rows(
    connection: duckdb.DuckDBPyConnection, las: Sequence[str], edition: Edition = OUTSIDE
) -> pd.DataFrame:
    """What was counted up to the region's last month, of the region and of these authorities."""
    rows = connection.execute(
        "select la_code, area_name, authorities, age_band, forecast_type as placement_type, "
        "month_end, 'history' as kind, children, withheld, is_synthetic "
        f"from {edition.shown}.int_demand_shown where month_number <= "
        "(select max(region_last_month) from staging.int_forecast_area) order by all"
    ).df()
    return rows[rows["la_code"].isna() | rows["la_code"].isin(las)]


def forecast_rows(
    draws: Draws,
    places: Sequence[Place],
    shown: Shown,
    words: Words = NO_WORDS,
    edition: Edition = OUTSIDE,
) -> pd.DataFrame:
    """The fan of each series that may be shown; of the others rows that say they are withheld."""
    rows = []
    months = draws.stock.shape[2] - 1
    ends = [month_end(draws.origin + month) for month in range(1, months + 1)]
    for series in all_series(draws.frame, places, shown):
        about = series.place.row | {
            "authorities": len(series.place.las),
            "age_band": series.age_band,
            "placement_type": series.placement_type,
            "kind": "forecast",
            "withheld": "" if series.shown else withheld_text(FAN, why_of(series, words)),
        }
        if not series.shown:
            rows += [about | {"month_end": end} for end in ends]
            continue
        stock = as_shown(series, of_series(draws.frame, draws.stock, series))
        fan = to_unit(np.quantile(stock, list(FAN.values()), axis=0), edition.children)
        rows += [
            about | {"month_end": end} | dict(zip(FAN, fan[:, month].tolist(), strict=True))
            for month, end in enumerate(ends)
        ]
    return pd.DataFrame(rows)
