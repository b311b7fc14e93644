"""The SSDA903 returns of invented children: clean, or with mistakes in some cells.

A return is its tables' rows by DfE's headings; `write` makes the files that a council would send.
"""

import csv
import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from pipeline.standards.load import Field
from pipeline.standards.ssda903.tables import DERIVED, ssda903_tables
from tests.conformance.lives import (
    DAY,
    HOME,
    SUPPORTED,
    Child,
    Episode,
    Postcode,
    Provider,
    Row,
    World,
    make_children,
    uk,
)

Return = dict[str, list[Row]]  # the rows of each of DfE's tables, by heading


@dataclass(frozen=True)
class Returns:
    """The returns of a collection year and the one before, and Ofsted's providers."""

    year: int
    la_code: str
    this: Return
    last: Return
    providers: list[Provider]


def clean_returns(
    count: int, year: int, seed: int, postcodes: list[Postcode] | None = None
) -> Returns:
    """Returns of `count` children that fail none of DfE's rules."""
    world = World(year, seed, postcodes)
    children = make_children(world, count)
    this, last = return_of(world, children, year), return_of(world, children, year - 1)
    return Returns(year, world.la_code, this, last, world.providers)


def return_of(world: World, children: list[Child], year: int) -> Return:
    """Each table's rows as text in the codes of the year."""
    opens, closes = dt.date(year - 1, 4, 1), dt.date(year, 3, 31)
    tables = {n: t for n, t in ssda903_tables().items() if t.from_year <= year}
    made: Return = {name: [] for name in tables}
    for child in children:
        episodes = [
            e for e in child.episodes if e.start <= closes and (e.end is None or e.end >= opens)
        ]
        is_leaver = not episodes and _is_leaver(child, opens, closes)
        if not episodes and not is_leaver:
            continue
        sex = child.sex if year >= 2025 else {"M": "1", "F": "2"}[child.sex]
        who = {"CHILD": child.id, "DOB": uk(child.born)}
        made["Header"].append(_header(child, sex, opens, closes, bool(episodes)))
        if is_leaver:
            made["OC3"].append(who | child.leaver)
            continue
        made["Episodes"] += [_episode(child, e, year, closes) for e in episodes]
        made["Reviews"] += [
            who | {"REVIEW": uk(day), "REVIEW_CODE": code}
            for day, code in child.reviews
            if opens <= day <= closes
        ]
        if child.unaccompanied:
            # Told ahead: the status ends with childhood.
            made["UASC"].append(who | {"SEX": sex, "DUC": uk(child.birthday(18))})
        if episodes[-1].rec in ("E11", "E12") and episodes[-1].end <= closes:
            made["AD1"].append(who | child.adopters)
        elif _is_continuous(episodes, opens, closes):
            made["OC2"].append(who | _health(world, child, opens, closes))
        made["PlacedAdoption"] += _placed(child, who, opens, closes)
        made["PrevPerm"] += [
            who | {"PREV_PERM": code, "LA_PERM": la, "DATE_PERM": day}
            for start, (code, la, day) in child.permanence.items()
            if opens <= start <= closes
        ]
        made["Missing"] += [
            who
            | {"MISSING": kind, "MIS_START": uk(start), "MIS_END": uk(end) if end <= closes else ""}
            for start, end, kind in child.missing
            if start <= closes and end >= opens
        ]
        if "SWEpisodes" in made:
            made["SWEpisodes"] += [
                who | _worker(worker, start, end if end and end <= closes else None, reason)
                for worker, start, end, reason in child.workers
                if start <= closes and (end is None or end >= opens)
            ]
        if "DoLo" in made:
            made["DoLo"] += [
                who | {"DOLO_START": uk(start), "DOLO_END": uk(end) if end <= closes else ""}
                for start, end in child.liberty
                if start <= closes and end >= opens
            ]
    return made


def _worker(worker: str, start: dt.date, end: dt.date | None, reason: str) -> Row:
    return {"SW_ID": worker, "SW_DECOM": uk(start), "SW_DEC": uk(end), "SW_REASON": reason}


def _is_leaver(child: Child, opens: dt.date, closes: dt.date) -> bool:
    """Left care at eighteen in the year before, after months in it, and turned nineteen in this."""
    left = child.left
    return (
        left == child.birthday(18)
        and left < opens <= child.birthday(19) <= closes
        and (left - child.episodes[-1].start).days > 100
        and not child.first_child_born
    )


def _header(child: Child, sex: str, opens: dt.date, closes: dt.date, is_in_care: bool) -> Row:
    since = (
        child.first_child_born
        if child.first_child_born and child.first_child_born <= closes
        else None
    )
    tells = child.sex == "F" and is_in_care and not child.is_respite
    at_school = child.birthday(4) <= dt.date(opens.year - 1, 8, 31)
    return {
        "CHILD": child.id,
        "SEX": sex,
        "DOB": uk(child.born),
        "ETHNIC": child.ethnic,
        "UPN": child.upn if at_school else "UN1",
        "MOTHER": ("1" if since else "0") if tells else "",
        "MC_DOB": uk(since) if tells else "",
    }


def _episode(child: Child, episode: Episode, year: int, closes: dt.date) -> Row:
    ended = episode.end is not None and episode.end <= closes
    home = episode.home
    place = home.place
    if place == "K3" and year < 2025:
        place = "H5"
    elif place.startswith("Z1") and year < 2026:
        place = "Z1"
    return {
        "CHILD": child.id,
        "DECOM": uk(episode.start),
        "RNE": episode.rne,
        "LS": episode.legal,
        "CIN": child.need,
        "PLACE": place,
        "PLACE_PROVIDER": home.provider,
        "DEC": uk(episode.end) if ended else "",
        "REC": episode.rec if ended else "",
        "REASON_PLACE_CHANGE": episode.change if ended else "",
        "HOME_POST": child.home,
        "PL_POST": home.postcode,
        "URN": home.urn,
    }


def _is_continuous(episodes: list[Episode], opens: dt.date, closes: dt.date) -> bool:
    last = episodes[-1].end
    return (
        episodes[0].start <= opens
        and (last is None or last >= closes)
        and all(e.legal != "V4" for e in episodes)
    )


def _placed(child: Child, who: Row, opens: dt.date, closes: dt.date) -> list[Row]:
    if not child.decided or child.decided > closes or (child.dropped and child.dropped < opens):
        return []
    ceased = child.dropped is not None and child.dropped <= closes
    return [
        who | {
            "DATE_PLACED": uk(child.decided),
            "DATE_PLACED_CEASED": uk(child.dropped) if ceased else "",
            "REASON_PLACED_CEASED": "RD4" if ceased else "",
        }
    ]  # fmt: skip


def _health(world: World, child: Child, opens: dt.date, closes: dt.date) -> Row:
    """The health of a child who was looked after all year; which items, by age."""
    flag = lambda share: "1" if world.chance(share) else "0"  # noqa: E731
    scored = child.birthday(4) <= closes and child.birthday(17) >= opens
    score = scored and world.chance(0.8)
    misuse = child.age(closes) >= 10 and world.chance(0.05)
    received = misuse and world.chance(0.5)
    return {
        "SDQ_SCORE": str(world.random.randint(0, 40)) if score else "",
        "SDQ_REASON": world.random.choice(("SDQ2", "SDQ4", "SDQ5")) if scored and not score else "",
        "CONVICTED": flag(0.03) if child.age(closes) >= 10 else "",
        "HEALTH_CHECK": flag(0.9) if child.age(closes) < 5 else "",
        "IMMUNISATIONS": flag(0.85),
        "TEETH_CHECK": flag(0.8),
        "HEALTH_ASSESSMENT": flag(0.9),
        "SUBSTANCE_MISUSE": "1" if misuse else "0",
        "INTERVENTION_RECEIVED": ("1" if received else "0") if misuse else "",
        "INTERVENTION_OFFERED": "1" if misuse and not received else "",
    }


# --- mistakes ---

CLOSED = ("2900055", "2900056")  # children's homes, as `lives` numbers them
SHIFTS = (-13000, -7000, -4000, -365, -60, -7, -1, 1, 2, 7, 30, 365, 4000)  # days
UNREADABLE = ("2025-06-01", "31/02/2025", "01/13/2024", "1/6/25", "not known", "45000")
UNKNOWN_CODES = ("ZZ", "9", "x", "c1")
OTHER_VALUES = {
    "UPN": ("UN1", "UN2", "UN4", "UN9", "A123", "H801200001001"),
    "URN": ("XXXXXXX", "SC12", "9999999", *CLOSED),
    "SDQ_SCORE": ("0", "40", "41", "-1", "AB"),
    "NB_ADOPTR": ("1", "2", "3"),
    "LA_PERM": ("879", "WAL", "123", "NUK"),
    "DATE_PERM": ("ZZ/06/2010", "ZZ/ZZ/2030", "01/01/2012", "2012"),
    "SW_ID": ("SW1", "AB123456", "XX12345"),
    "HOME_POST": ("ZZ1 1ZZ", "EX4", "CF10 1EP", "EH1 1YZ", "BT1 5GS"),
    "PL_POST": ("ZZ1 1ZZ", "EX4", "CF10 1EP", "EH1 1YZ", "BT1 5GS"),
}
FEW = 500  # rows
ONCE_A_CHILD = ("Header", "UASC")


@dataclass(frozen=True)
class Mistakes:
    """What goes wrong. Where `is_readable`, the peer's rules can run: every date is one, each child
    of Header and UASC stands there once, and CHILD and DECOM of an episode are always filled."""

    share: float = 0.01  # of cells
    share_if_few: float | None = None  # in a table of fewer than FEW rows, where that differs
    is_readable: bool = False
    rows: int = 4  # of each table that stand there twice, and that are missing


def with_mistakes(clean: Returns, seed: int, mistakes: Mistakes) -> Returns:
    """The same returns with mistakes, which hang on the seed alone."""
    draw = random.Random(f"{clean.year} {seed} {mistakes.share}")
    this = _spoilt(clean.this, clean.year, draw, mistakes)
    last = _spoilt(clean.last, clean.year - 1, draw, mistakes)
    return Returns(clean.year, clean.la_code, this, last, clean.providers)


def _spoilt(made: Return, year: int, draw: random.Random, mistakes: Mistakes) -> Return:
    children = [row["CHILD"] for row in made["Header"]]
    dates: dict[str, list[str]] = {}
    for name, rows in made.items():
        for row in rows:
            own = [row[f.header] for f in _sent(name) if f.type == "date"]
            dates.setdefault(row["CHILD"], []).extend(filter(None, own))
    spoilt: Return = {}
    for name, rows in made.items():
        few = mistakes.share if mistakes.share_if_few is None else mistakes.share_if_few
        share = few if len(rows) < FEW else mistakes.share
        new = [
            row | {
                f.header: _mistake(f, row, year, draw, mistakes, children, dates[row["CHILD"]])
                for f in _sent(name)
                if draw.random() < share
                and not (mistakes.is_readable and f.header == "CHILD")
            }
            for row in rows
        ]  # fmt: skip
        times = min(mistakes.rows, len(new) // 10)
        for _ in range(times):
            new.pop(draw.randrange(len(new)))
            if not (mistakes.is_readable and name in ONCE_A_CHILD):
                new.insert(draw.randrange(len(new)), dict(draw.choice(new)))
        spoilt[name] = new
    return spoilt


def _mistake(
    field: Field,
    row: Row,
    year: int,
    draw: random.Random,
    mistakes: Mistakes,
    children: list[str],
    dates: list[str],
) -> str:
    """Something else than what the cell says: often blank, else of the field's kind."""
    said = row[field.header]
    kind = draw.random()
    if said and kind < 0.25 and not (mistakes.is_readable and field.header == "DECOM"):
        return ""
    if field.header == "CHILD":
        return draw.choice(children)
    if field.type == "date":
        if kind < 0.4 and not mistakes.is_readable:
            return draw.choice(UNREADABLE)
        if kind < 0.6 or not said:
            return draw.choice(dates)
        day = dt.datetime.strptime(said, "%d/%m/%Y").date()
        return uk(day + draw.choice(SHIFTS) * DAY)
    if field.type == "code":
        return draw.choice(UNKNOWN_CODES if kind < 0.4 else field.values_in(year))
    return draw.choice(OTHER_VALUES[field.header])


# --- files ---


def _sent(table_name: str) -> list[Field]:
    """The columns that a CSV file has."""
    table = ssda903_tables()[table_name]
    return [f for f in table.fields if f.name not in DERIVED.get(table.name, {})]


def write(returns: Returns, folder: Path, lists: str = "") -> None:
    """Write `this/` and `last/` with a CSV file for each table, and Ofsted's lists.

    `lists` is `one` (a workbook of providers and of supported accommodation) or `two` (children's
    homes, and social care providers); if neither is named, what councils got in that year.
    """
    for part, made in (("this", returns.this), ("last", returns.last)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for name, rows in made.items():
            headings = [f.header for f in _sent(name)]
            with (folder / part / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, headings)
                writer.writeheader()
                writer.writerows(rows)
    if (lists or ("one" if returns.year >= 2025 else "two")) == "one":
        _write_one_list(returns.providers, folder / "providers.xlsx")
    else:
        _write_two_lists(returns.providers, folder / "homes.xlsx", folder / "providers.xlsx")


def _write_one_list(providers: list[Provider], file: Path) -> None:
    book = openpyxl.Workbook()
    sheet, supported = book.active, book.create_sheet("SA Providers")
    sheet.title = "Providers"
    sheet.append(
        ["Provider type", "URN", "Local authority", "Placement code", "Placement provider code",
         "Deregistration date", "Setting address postcode"]
    )  # fmt: skip
    supported.append(["URN", "Provider local authority", "Closed date", "Setting address postcode"])
    for p in providers:
        if p.kind == SUPPORTED:
            supported.append([p.urn, p.la_name, p.closed, p.postcode])
        else:
            sheet.append(
                [p.kind, p.urn, p.la_name, ",".join(p.places), "/".join(p.sectors), p.closed,
                 p.postcode]
            )  # fmt: skip
    book.save(file)


def _write_two_lists(providers: list[Provider], homes_file: Path, others_file: Path) -> None:
    homes, others = openpyxl.Workbook(), openpyxl.Workbook()
    homes.active.title = "Provider information"
    homes.active.append(
        ["URN", "Local Authority", "Provider Code", "Provider Placement Code", "Closed Date",
         "Setting Postcode"]
    )  # fmt: skip
    current, closed = others.active, others.create_sheet("Providers closed")
    current.title = "Current providers"
    headings = ["URN", "Local authority", "Placement code", "Placement provider code"]
    current.append([*headings, "Setting postcode"])
    closed.append([*headings, "Deregistration date", "Setting postcode"])
    for p in providers:
        says = [p.urn, p.la_name, ",".join(p.places)]
        if p.kind == HOME:
            homes.active.append([*says, "/".join(p.sectors), p.closed, p.postcode])
        elif p.closed:
            closed.append([*says, ",".join(p.sectors), p.closed, p.postcode])
        else:
            current.append([*says, ",".join(p.sectors), p.postcode])
    homes.save(homes_file)
    others.save(others_file)
