"""Agreements: what an authority may share with the hub today, and why not the rest.

Every agreement stands for itself: a dataset is shared as long as one agreement that holds today is
for a purpose that needs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.region import DATASETS, Agreement, Authority, Region

HOW_TO_FIX = "Add the agreement, or the one that renews it, to region.yml: its comments say how."


@dataclass(frozen=True)
class Shareable:
    """The datasets that may be shared, each with the last day on which it may.

    `refused` says why one that the region wants may not be; what no purpose needs is in neither.
    """

    until: Mapping[str, date]
    refused: Mapping[str, str]

    @property
    def datasets(self) -> frozenset[str]:
        """The datasets that may be shared today."""
        return frozenset(self.until)

    def why_not(self, dataset: str) -> str:
        """Why a dataset may not be shared."""
        return self.refused.get(dataset, "no purpose in region.yml needs it")

    @property
    def words(self) -> str:
        """All refusals in one sentence; empty where there are none."""
        said: dict[str, list[str]] = {}
        for dataset, why in self.refused.items():
            said.setdefault(why, []).append(dataset)
        return "; ".join(f"{' and '.join(datasets)}: {why}" for why, datasets in said.items())


def last_day(agreement: Agreement) -> date:
    """The last day on which an agreement holds; before it was signed, if it was withdrawn then."""
    if agreement.withdrawn is None or agreement.withdrawn > agreement.until:
        return agreement.until
    return date.fromordinal(agreement.withdrawn.toordinal() - 1)


def holds(agreement: Agreement, today: date) -> bool:
    """Whether an agreement holds on a day: its first and its last day are days of it."""
    return agreement.signed <= today <= last_day(agreement)


def shareable(region: Region, authority: Authority, today: date) -> Shareable:
    """What an authority may share on a day."""
    until: dict[str, date] = {}
    refused: dict[str, str] = {}
    for dataset in DATASETS:
        purposes = [p for p, needs in region.purposes.items() if dataset in needs]
        mine = [a for a in authority.agreements if a.purpose in purposes]
        holding = [last_day(a) for a in mine if holds(a, today)]
        if holding:
            until[dataset] = max(holding)
        elif purposes or not region.purposes:
            refused[dataset] = _why_not(purposes, mine, today)
    return Shareable(until, refused)


def _why_not(purposes: list[str], agreements: list[Agreement], today: date) -> str:
    if not purposes:
        return "region.yml names no purpose"
    past = [a for a in agreements if a.signed <= today]
    if not agreements:
        return f"no agreement for {' or '.join(purposes)}"
    if not past:
        first = min(agreements, key=lambda a: a.signed)
        return f"the agreement for {first.purpose} begins on {first.signed}"
    last = max(past, key=last_day)
    if last.withdrawn is not None and last.withdrawn <= last.until:
        return f"the agreement for {last.purpose} was withdrawn on {last.withdrawn}"
    return f"the agreement for {last.purpose} ended on {last.until}"
