"""The SSDA903 return of one authority and collection year, read off the children's histories."""

import datetime as dt

import numpy as np

from pipeline.synthetic.chances import age_on, birthday, happens, pick
from pipeline.synthetic.history import Care, Child, Episode
from pipeline.synthetic.places import Places

Row = dict[str, str]

SEX_CODES_UNTIL_2024 = {"M": "1", "F": "2"}
UNREGISTERED_CODES = ("Z11", "Z12", "Z13", "Z14")  # Z1 until 2025
ADOPTER_SEXES = {"MF": 80, "FF": 8, "MM": 8, "F1": 4}
STATUS_OF_ADOPTERS = {"MF": "L11", "FF": "L12", "MM": "L12", "F1": "L0"}
ACTIVITIES = {"F1": 8, "F2": 24, "F4": 4, "F5": 16, "P2": 6, "P5": 4, "G4": 9, "G5": 22, "G6": 7}
ACCOMMODATION = {"B1": 10, "C1": 5, "D1": 18, "E1": 8, "R1": 4, "U1": 40, "V1": 3, "X2": 4,
                 "Y2": 4, "Z1": 4}  # fmt: skip
# DfE's own numbers: Devon, Cornwall, Somerset, Dorset; Wales, not known.
ARRANGED_BY = {"878": 25, "908": 20, "933": 25, "838": 15, "WAL": 5, "999": 10}
ADULT_HOMES = ("Z1",)  # not at seventeen
THIRTEEN_WEEKS = 91
NO_CARE_LEAVER = ("E2", "E3", "E11", "E12", "E15")  # died, another LA's, adopted, was an adult


def return_of(
    children: list[Child], year: int, places: Places, rng: np.random.Generator
) -> dict[str, list[Row]]:
    """The rows of each table of collection `year` (it ends on 31 March `year`), by field name."""
    opens, closes = dt.date(year - 1, 4, 1), dt.date(year, 3, 31)
    tables: dict[str, list[Row]] = {
        name: []
        for name in (
            "header", "episodes", "reviews", "uasc", "oc2", "oc3", "ad1", "placed_adoption",
            "prev_perm", "missing", "sw_episodes",
        )
    }  # fmt: skip
    for child in children:
        care = [c for c in child.care if c.start <= closes and c.end >= opens]
        leaver = None if care else _care_leaver(child, opens, closes, rng)
        if not care and leaver is None:
            continue
        on_breaks = bool(care) and care[-1].is_short_break
        tables["header"].append(_header(child, year, closes, bool(care) and not on_breaks))
        if leaver is not None:
            tables["oc3"].append(leaver)
        if child.unaccompanied and care:
            tables["uasc"].append(_uasc(child, year, care[-1], closes))
        for spell in care:
            tables["episodes"] += [
                _episode(child, e, spell, year, closes, places)
                for e in spell.episodes
                if e.start <= closes and e.end >= opens
            ]
            tables["reviews"] += _reviews(child, spell, opens, closes, rng)
            tables["missing"] += _missing(child, spell, opens, closes)
            tables["placed_adoption"] += _placed_adoption(child, spell, opens, closes, rng)
            tables["ad1"] += _adopted(child, spell, opens, closes, rng)
        if care and opens <= care[-1].start:
            tables["prev_perm"].append(_previous(child, rng))
        if on_breaks:
            continue
        if care and care[-1].start <= opens and care[-1].end >= closes:
            tables["oc2"].append(_health(child, opens, closes, rng))
        if care and year >= 2024:
            tables["sw_episodes"] += _workers(child, opens, closes)
    return tables


def uk(day: dt.date | None) -> str:
    """dd/mm/yyyy, as the return wants it."""
    return "" if day is None else f"{day.day:02d}/{day.month:02d}/{day.year}"


def _within(day: dt.date, opens: dt.date, closes: dt.date) -> bool:
    return opens <= day <= closes


def _who(child: Child) -> Row:
    return {"child": child.id, "dob": uk(child.born)}


def _sex(child: Child, year: int) -> str:
    return SEX_CODES_UNTIL_2024[child.sex] if year <= 2024 else child.sex


def _header(child: Child, year: int, closes: dt.date, in_care: bool) -> Row:
    mother = ""
    since = child.mother_since if child.mother_since and child.mother_since <= closes else None
    if in_care and child.sex == "F":
        mother = "1" if since else "0"
    of_school_age = age_on(child.born, closes) >= 5
    return {
        **_who(child),
        "sex": _sex(child, year),
        "ethnic": child.ethnicity,
        "upn": child.upn if of_school_age and not child.unaccompanied else _no_upn(child, closes),
        "mother": mother,
        "mc_dob": uk(since) if mother == "1" else "",
    }


def _no_upn(child: Child, closes: dt.date) -> str:
    """Why there is no pupil number: not of school age, or educated outside England before."""
    return "UN1" if age_on(child.born, closes) < 5 else "UN2"


def _uasc(child: Child, year: int, care: Care, closes: dt.date) -> Row:
    """Until when the status holds: the 18th birthday, unless the child left care before."""
    ceased = care.end if care.end <= closes else birthday(child.born, 18)
    return {**_who(child), "sex": _sex(child, year), "duc": uk(ceased)}


def _episode(
    child: Child, episode: Episode, care: Care, year: int, closes: dt.date, places: Places
) -> Row:
    ended = episode.end <= closes
    home = episode.placement.home
    postcode = places.postcode[home.place]
    urn = home.provider.urn if home.provider else ""
    told = not care.is_short_break  # of short breaks DfE asks for no place
    if home.kind == "adoption":
        urn = "XXXXXXX"  # placed by a regional adoption agency
    return {
        "child": child.id,
        "decom": uk(episode.start),
        "rne": episode.reason_new,
        "ls": episode.legal,
        "cin": care.need,
        "place": _place(episode, year),
        "place_provider": home.provider_code,
        "dec": uk(episode.end) if ended else "",
        "rec": episode.reason_ceased if ended else "",
        "reason_place_change": (episode.reason_place_change or "") if ended else "",
        "home_post": places.postcode[child.home] if told and not child.unaccompanied else "",
        "pl_post": postcode if told else "",
        "urn": urn,
    }


def _place(episode: Episode, year: int) -> str:
    """The code of the year: some codes were replaced in 2025 and 2026."""
    match episode.code:
        case "SUPPORTED":
            return "H5" if year <= 2024 else "K3"
        case "OTHER":
            if year <= 2025:
                return "Z1"
            # The day stands in for a draw, so that a home keeps its code from year to year.
            day = episode.placement.start.toordinal()
            return UNREGISTERED_CODES[day % len(UNREGISTERED_CODES)]
        case code:
            return code


def _reviews(
    child: Child, care: Care, opens: dt.date, closes: dt.date, rng: np.random.Generator
) -> list[Row]:
    spoke = {"PN1": 62, "PN2": 5, "PN3": 2, "PN4": 1, "PN5": 8, "PN6": 14, "PN7": 8}
    return [
        {
            **_who(child),
            "review": uk(day),
            "review_code": "PN0" if age_on(child.born, day) < 4 else pick(rng, spoke),
        }
        for day in care.reviews
        if _within(day, opens, closes)
    ]


def _missing(child: Child, care: Care, opens: dt.date, closes: dt.date) -> list[Row]:
    return [
        {
            **_who(child),
            "missing": kind,
            "mis_start": uk(start),
            "mis_end": uk(end) if end <= closes else "",
        }
        for start, end, kind in care.missing
        if start <= closes and end >= opens
    ]


def _placed_adoption(
    child: Child, care: Care, opens: dt.date, closes: dt.date, rng: np.random.Generator
) -> list[Row]:
    decided, dropped = care.adoption_decided, care.adoption_dropped
    if decided is None or decided > closes or (dropped is not None and dropped < opens):
        return []
    ceased = dropped is not None and dropped <= closes
    return [
        {
            **_who(child),
            "date_placed": uk(decided),
            "date_placed_ceased": uk(dropped) if ceased else "",
            "reason_placed_ceased": (
                pick(rng, {"RD1": 50, "RD2": 10, "RD3": 10, "RD4": 30}) if ceased else ""
            ),
        }
    ]


def _adopted(
    child: Child, care: Care, opens: dt.date, closes: dt.date, rng: np.random.Generator
) -> list[Row]:
    last = care.placements[-1]
    if care.exit not in ("E11", "E12") or not _within(care.end, opens, closes):
        return []
    sexes = pick(rng, ADOPTER_SEXES)
    matched = max(last.start - dt.timedelta(days=14), care.adoption_decided)
    return [
        {
            **_who(child),
            "date_int": uk(care.adoption_decided),
            "date_match": uk(matched),
            "foster_care": "1" if last.same_carer_as_before else "0",
            "nb_adoptr": "1" if sexes == "F1" else "2",
            "sex_adoptr": sexes,
            "ls_adoptr": STATUS_OF_ADOPTERS[sexes],
        }
    ]


def _previous(child: Child, rng: np.random.Generator) -> Row:
    """Whether the child had a permanent home before it first came into care; most had none."""
    start = child.care[0].start
    before = {"Z1": 92, "P1": 2, "P2": 4, "P3": 2} if age_on(child.born, start) >= 3 else {}
    code = pick(rng, before) if before and not child.unaccompanied else "Z1"
    known = code != "Z1"
    return {
        **_who(child),
        "prev_perm": code,
        "la_perm": pick(rng, ARRANGED_BY) if known else "",
        "date_perm": uk(child.born + (start - child.born) // 2) if known else "",
    }


def _health(child: Child, opens: dt.date, closes: dt.date, rng: np.random.Generator) -> Row:
    """The health return of a child looked after for the whole year."""
    age = age_on(child.born, closes)
    asked = age >= 4 and birthday(child.born, 17) >= opens
    scored = asked and happens(rng, 0.78)
    worry = child.needs.complexity
    misuse = age >= 11 and happens(rng, 0.02 + 0.04 * child.needs.risks_to_child[3])
    received = misuse and happens(rng, 0.5)

    def yes(chance: float) -> str:
        return "1" if happens(rng, chance) else "0"

    return {
        **_who(child),
        "sdq_score": str(min(40, max(0, round(rng.normal(11 + 4 * worry, 5))))) if scored else "",
        "sdq_reason": pick(rng, {"SDQ2": 30, "SDQ3": 15, "SDQ4": 25, "SDQ5": 30})
        if asked and not scored
        else "",
        "convicted": yes(0.02 + 0.02 * worry) if age >= 10 else "",
        "health_check": yes(0.88) if age < 5 else "",
        "immunisations": yes(0.82),
        "teeth_check": yes(0.79),
        "health_assessment": yes(0.89),
        "substance_misuse": "1" if misuse else "0",
        "intervention_received": ("1" if received else "0") if misuse else "",
        "intervention_offered": yes(0.8) if misuse and not received else "",
    }


def _care_leaver(
    child: Child, opens: dt.date, closes: dt.date, rng: np.random.Generator
) -> Row | None:
    """A young person who left care at sixteen or later and turned 17 to 21 in the year.

    Of those alone who were looked after for thirteen weeks from the age of fourteen on, and are
    not adopted or somebody else's to look after.
    """
    last = child.care[-1]
    if last.is_short_break:
        return None
    fourteen = birthday(child.born, 14)
    days = sum((c.end - max(c.start, fourteen)).days for c in child.care if c.end > fourteen)
    if last.end >= opens or last.end <= birthday(child.born, 16) or days < THIRTEEN_WEEKS:
        return None
    if last.exit in NO_CARE_LEAVER:
        return None
    turned = age_on(child.born, closes)
    if not 17 <= turned <= 21 or not _within(birthday(child.born, turned), opens, closes):
        return None
    touch = pick(rng, {"YES": 90, "NO": 6, "REFU": 2, "NREQ": 2})
    known = touch == "YES"
    homes = {k: v for k, v in ACCOMMODATION.items() if turned > 17 or k not in ADULT_HOMES}
    return {
        **_who(child),
        "in_touch": touch,
        "activ": pick(rng, ACTIVITIES) if known else "0",
        "accom": pick(rng, homes) if known else "0",
    }


def _workers(child: Child, opens: dt.date, closes: dt.date) -> list[Row]:
    return [
        {
            **_who(child),
            "sw_id": worker.id,
            "sw_decom": uk(worker.start),
            "sw_dec": uk(worker.end) if worker.end <= closes else "",
            "sw_reason": worker.reason,
        }
        for worker in child.workers
        if worker.start <= closes and worker.end >= opens
    ]
