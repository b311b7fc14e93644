"""Searches with needs of known groups, as tables of `common_core`, in every version's own words."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

RISKS_TO_CHILD = (
    "risk_to_child_self_harm",
    "risk_to_child_eating_disorder",
    "risk_to_child_drugs_alcohol",
    "risk_to_child_sexual_exploitation",
    "risk_to_child_criminal_exploitation",
    "risk_to_child_going_missing",
)
RISKS_TO_OTHERS = (
    "risk_to_others_physical_harm",
    "risk_to_others_sexual_harm",
    "risk_to_others_fire_setting",
    "risk_to_others_harm_animals",
    "risk_to_others_criminal_exploitation",
)
NEEDS = ("intensive", "close", "supervision", "solo", "comms", "therapy", "adapted", "uasc")
FACTS = (*RISKS_TO_CHILD, *RISKS_TO_OTHERS, *NEEDS, "siblings")
VERSIONS = ("rcc_v2", "nps_2026_04", "nps_2026_06", "nps_records")
BANDS = ((0, 1), (1, 5), (5, 10), (10, 16), (16, 18))

# Groups of children with like needs: how common each is, and what marks it.
GROUPS: dict[str, tuple[float, tuple[str, ...]]] = {
    "no marked needs": (0.34, ()),
    "communication": (0.16, ("comms",)),
    "with siblings": (0.14, ("siblings",)),
    "unaccompanied": (0.10, ("uasc",)),
    "at risk of exploitation": (
        0.10,
        ("risk_to_child_criminal_exploitation", "risk_to_child_going_missing"),
    ),
    "harms themselves": (0.08, ("risk_to_child_self_harm", "therapy")),
    "harms others, close support": (0.05, ("risk_to_others_physical_harm", "close")),
    "adapted home": (0.03, ("adapted", "comms")),
}


@dataclass(frozen=True)
class Region:
    """Tables of `common_core` by name, and the group of each search, in the order of `referral`."""

    tables: dict[str, pd.DataFrame]
    groups: np.ndarray  # of str, one per search

    def load(self, connection: duckdb.DuckDBPyConnection, schema: str = "common_core") -> None:
        """Put the tables into a schema of the connection's present database, anew."""
        connection.execute(f"create schema if not exists {schema}")
        for name, table in self.tables.items():
            connection.register("rows_of_it", table)
            connection.execute(f"create or replace table {schema}.{name} as from rows_of_it")
            connection.unregister("rows_of_it")


def made_up_region(searches: int, seed: int, noise: float = 0.04, las: int = 4) -> Region:
    """A region of so many searches; the first n of a larger one are those of a smaller one.

    `noise` is the chance that a fact is not as its group has it. Each LA uses one version.
    """
    rng = np.random.default_rng(seed)
    names = list(GROUPS)
    # One row of random numbers per search, so that more searches leave the first ones as they are.
    drawn = rng.random((searches, len(FACTS) * 2 + 8))
    group = np.searchsorted(np.cumsum([share for share, _ in GROUPS.values()]), drawn[:, -1])
    group = np.minimum(group, len(names) - 1)
    marked = np.array([[fact in GROUPS[name][1] for fact in FACTS] for name in names])
    true = marked[group] ^ (drawn[:, : len(FACTS)] < noise)
    high = drawn[:, len(FACTS) : 2 * len(FACTS)] < 0.35
    fact = {name: true[:, n] for n, name in enumerate(FACTS)}
    is_high = {name: high[:, n] for n, name in enumerate(FACTS)}

    la = (drawn[:, -2] * las).astype(int)
    version = np.array(VERSIONS)[la % len(VERSIONS)]
    rcc = version == "rcc_v2"
    ids = np.array([f"r{n:07}" for n in range(searches)])
    # One child in seven has a second search.
    child = np.array([f"c{n - 1 if n % 7 == 6 else n:07}" for n in range(searches)])
    la[6::7], version[6::7], rcc[6::7] = (
        la[5::7][: len(la[6::7])],
        *(v[5::7][: len(v[6::7])] for v in (version, rcc)),
    )
    la_code = np.array([f"E{n:08}" for n in range(las)])[la]

    def said(values: np.ndarray, where: np.ndarray | bool = True) -> np.ndarray:
        return np.where(where, values.astype(object), None)

    def risk(name: str) -> np.ndarray:
        in_rcc = np.where(fact[name], np.where(is_high[name], "high", "low"), "no known")
        other = np.where(fact[name], "present", "no known")
        asked = (name != "risk_to_child_sexual_exploitation") | np.isin(
            version, ["rcc_v2", "nps_records"]
        )
        return said(np.where(rcc, in_rcc, other), asked)

    ratio = np.where(fact["intensive"], "2:1", np.where(fact["close"], "1:1", "Standard ratio"))
    supervised = fact["supervision"] | (~rcc & fact["close"])  # the ratio is not asked for there
    supports = [
        "; ".join(
            [w for w, yes in (("Additional supervision", s), ("Therapeutic support", t)) if yes]
        )
        or "NA"
        for s, t in zip(supervised, fact["therapy"], strict=True)
    ]
    band = np.digitize(drawn[:, -3], [0.04, 0.18, 0.36, 0.78])
    low, above = np.array(BANDS).T
    age = (low[band] + drawn[:, -4] * (above - low)[band]).astype(int)
    kind = np.array(["foster", "residential", "supported"])[np.digitize(drawn[:, -5], [0.68, 0.88])]
    same = {"la_code": la_code, "referral_id": ids}
    day = pd.Timestamp("2025-04-01") + pd.to_timedelta((drawn[:, -6] * 365).astype(int), unit="D")
    placement_ids = np.array([f"p{n:07}" for n in range(searches)])
    tables = {
        "child": pd.DataFrame(
            {"id": child, "la_code": la_code, "is_uasc": False, "is_in_ssda903": False}
        ).drop_duplicates("id"),
        "referral": pd.DataFrame(
            {
                "id": ids,
                "la_code": la_code,
                "child_id": child,
                "standard_version": version,
                "referral_date": day.to_period("M").to_timestamp(),
                "minimum_adult_support_ratio": said(ratio, rcc),
                "is_deprived_of_liberty": said(fact["intensive"], ~rcc),
                "child_cared_alongside_others": np.where(
                    fact["solo"], "Solo placement recommended", "No preference"
                ),
                "has_uasc_status": said(fact["uasc"]),
                "number_siblings_to_place_together": fact["siblings"].astype("int64"),
            }
        ),
        "needs": pd.DataFrame(
            {
                "id": ids,
                **same,
                "placement_id": placement_ids,
                "stage": "ipa",
                "has_comms_language_learning_req": fact["comms"],
                "specific_comms_language_req": "None",
                "adaptation_to_home": fact["adapted"],
                "additional_provision_by_home_to_child": [s != "NA" for s in supports],
                "specify_additional_provision_by_home_to_child": supports,
            }
        ),
        "risks": pd.DataFrame(
            {
                "id": ids,
                **same,
                "placement_id": placement_ids,
                "stage": "ipa",
                **{name: risk(name) for name in (*RISKS_TO_CHILD, *RISKS_TO_OTHERS)},
            }
        ),
        "placement": pd.DataFrame(
            {
                "id": placement_ids,
                **same,
                "child_id": child,
                "placement_type": kind,
                "provider_urn": np.array([f"SC{n:06}" for n in range(300)])[
                    (drawn[:, -7] * 300).astype(int)
                ],
                "provider_sector": "independent agency",
                "start_date": day,
                "age_at_start": age,
            }
        ),
        "finance": pd.DataFrame(
            {
                "placement_id": placement_ids,
                "valid_from": day,
                "agreed_weekly_cost": np.round(500 + 4000 * drawn[:, -8], 2),
            }
        ),
    }
    return Region(tables, np.array(names)[group])
