"""Alarms: what an authority's deliveries lack or have too much of.

An alarm holds counts and dates only, so that the hub may see it. It changes nothing: what was sent
is used as it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.intake.deliveries import (
    Delivery,
    day_words,
    deliveries,
    last_day,
    period_named,
    period_words,
)
from pipeline.intake.manifest import Entry
from pipeline.region import Authority, Region, Thresholds
from pipeline.standards.load import Table, load_standards

KINDS = ("late", "missing_table", "shrunk", "grown")
DATASETS = {"placements": "placement return", "ssda903": "SSDA903 return"}
NOTHING_IN_IT = ("empty", "no_rows")
# Put aside as it was meant to be: for the alarms it is not there.
NOT_MEANT = ("hidden_sheet", "ignored", "withdrawn", "beyond_retention")


@dataclass(frozen=True)
class Alarm:
    """One thing that an authority's latest deliveries make one ask. `rows` are those of a table."""

    la_code: str
    kind: str  # one of KINDS
    dataset: str
    table_name: str  # empty where it is about a whole return
    period: str
    message: str
    how_to_fix: str
    rows: int | None = None  # in the latest delivery
    rows_before: int | None = None  # in the one that it is compared with


def alarms(
    entries: Iterable[Entry], authority: Authority, region: Region, today: date
) -> list[Alarm]:
    """What is to be asked of an authority today; nothing changes it but its files and the day.

    `entries` is the authority's manifest. What was withdrawn, superseded or came twice counts as
    not there.
    """
    entries = [
        e
        for e in entries
        if e.status in ("accepted", "quarantined") and e.reason_code not in NOT_MEANT
    ]
    found = [
        *_late(entries, authority, region, today),
        *_missing_tables(entries, authority),
        *_changed_sizes(entries, authority, region.thresholds),
    ]
    return sorted(found, key=lambda a: (KINDS.index(a.kind), a.dataset, a.table_name))


def _last_due(dataset: str, days: int, today: date) -> tuple[str, date]:
    """The last period of a dataset that is past its due day, and that day."""
    year = today.year + 1
    if dataset == "ssda903":
        periods = [str(y) for y in range(year, 0, -1)]
    else:
        periods = [f"{y}Q{q}" for y in range(year, 0, -1) for q in (4, 3, 2, 1)]
    due = ((p, last_day(p) + timedelta(days=days)) for p in periods)
    return next((period, day) for period, day in due if day < today)


def _late(
    entries: list[Entry], authority: Authority, region: Region, today: date
) -> Iterator[Alarm]:
    calendar = {**region.calendar, **authority.calendar}
    for dataset, days in sorted(calendar.items()):
        period, due = _last_due(dataset, days, today)
        came = [e for e in entries if e.dataset in ("", dataset) and period_named(e) == period]
        if any(e.status == "accepted" for e in came):
            continue
        message = (
            f"The {DATASETS.get(dataset, dataset)} of {period_words(period)} was due on "
            f"{day_words(due)}, and nothing of it has been accepted."
        )
        how_to_fix = "Send it as soon as it is ready. If the day is wrong, tell the hub."
        if came:
            message += " What came of it is in quarantine."
            how_to_fix = "See in the feedback why it is in quarantine, mend it and send it again."
        yield Alarm(authority.code, "late", dataset, "", period, message, how_to_fix)


def _missing_tables(entries: list[Entry], authority: Authority) -> Iterator[Alarm]:
    """Tables of SSDA903 that the year before the latest had and the latest has not."""
    sent = [e for e in entries if e.dataset == "ssda903"]
    accepted = [e for e in sent if e.status == "accepted"]
    years = sorted({e.period for e in accepted})
    if len(years) < 2:
        return
    before, latest = years[-2:]
    present = {e.table_name for e in accepted if e.period == latest}
    since = min(e.received_at for e in accepted if e.period == latest)
    for name in sorted({e.table_name for e in accepted if e.period == before} - present):
        table = load_standards().get(name)
        if table is None or int(latest) < (table.from_year or 0):
            continue
        came = [
            e
            for e in sent
            if e.table_name == name
            and (period_named(e) == latest or (not period_named(e) and e.received_at >= since))
        ]
        is_empty = came and all(e.reason_code in NOTHING_IN_IT for e in came)
        if is_empty and came[-1].received_at.date() <= last_day(latest):
            continue  # in a year that is not over there may be nothing to report yet
        rows_before = sum(
            e.rows_read for e in accepted if (e.table_name, e.period) == (name, before)
        )
        yield _missing(table, came, authority, before, latest, rows_before)


def _missing(
    table: Table,
    came: list[Entry],
    authority: Authority,
    before: str,
    latest: str,
    rows_before: int,
) -> Alarm:
    had = f"{rows_before:,} {'row' if rows_before == 1 else 'rows'} in {before}"
    held = [e for e in came if e.reason_code not in NOTHING_IN_IT]
    if held:
        what = f"is in quarantine, so nothing of it is used. It had {had}."
        how = "See in the feedback why it is in quarantine, mend it and send it again."
    elif came:
        what = f"is empty. It had {had}."
        how = "If there was nothing to report in it, leave it; else export it again."
    else:
        what = f"is not among the tables of that year. It had {had}."
        how = "Send it. If there was nothing to report in it, leave it."
    message = f"The table {table.header_name} of SSDA903 {latest} {what}"
    rows = None if held or not came else 0
    return Alarm(
        authority.code,
        "missing_table",
        table.dataset,
        table.name,
        latest,
        message,
        how,
        rows,
        rows_before,
    )


def _changed_sizes(
    entries: list[Entry], authority: Authority, thresholds: Thresholds
) -> Iterator[Alarm]:
    accepted = [e for e in entries if e.status == "accepted"]
    latest: dict[str, str] = {}
    for entry in accepted:
        latest[entry.dataset] = max(latest.get(entry.dataset, ""), entry.period)
    for name in sorted({e.table_name for e in accepted}):
        sent = deliveries(e for e in accepted if e.table_name == name)
        if sent[-1].period == latest[sent[-1].dataset]:
            yield from _changed_size(name, sent, authority, thresholds)


def _changed_size(
    name: str, sent: list[Delivery], authority: Authority, thresholds: Thresholds
) -> Iterator[Alarm]:
    """Whether the last delivery of a table is out of proportion to the one before it."""
    last, before = sent[-1], _comparable(sent)
    if before is None or before.rows_read < thresholds.least_rows:
        return
    rows, rows_before = last.rows_read, before.rows_read
    if rows < thresholds.shrunk * rows_before:
        kind, than, how = "shrunk", "fewer", "Look whether rows are missing, and send them."
        if last.period == before.period:
            how = "If it holds corrections only, leave it; else send the whole return again."
    elif rows > thresholds.grown * rows_before and _was_over(before):
        kind, than = "grown", "more"
        how = "Look whether rows of other periods, or the same rows twice, are in it."
    else:
        return
    table = load_standards().get(name)
    what = f"The {DATASETS[last.dataset]} of {last.period}"
    if last.dataset == "ssda903":
        what = f"The table {table.header_name if table else name} of SSDA903 {last.period}"
    then = before.period
    if last.period == before.period:
        then = f"the same period, received on {day_words(before.received_at.date())}"
        what += f", received on {day_words(last.received_at.date())},"
    message = f"{what} has {rows:,} rows: many {than} than the {rows_before:,} rows of {then}."
    yield Alarm(
        authority.code, kind, last.dataset, name, last.period, message, how, rows, rows_before
    )


def _comparable(sent: list[Delivery]) -> Delivery | None:
    """What to measure the last delivery by: the fullest before it of its period or of the last one.

    A period that was not over yet has fewer rows than one that was, which is no alarm.
    """
    last = sent[-1]
    earlier = [d for d in sent[:-1] if d.period == last.period]
    if not earlier and _was_over(last):
        periods = [d.period for d in sent[:-1]]
        earlier = [d for d in sent[:-1] if d.period == periods[-1]]
    return max(earlier, key=lambda d: d.rows_read, default=None)


def _was_over(delivery: Delivery) -> bool:
    """Whether a delivery was received after the end of its period."""
    return delivery.received_at.date() > last_day(delivery.period)
