"""Training offers from a user's catalogue, matched with the skills that someone lacks.

A catalogue is a CSV, a file of schema.org Courses (JSON-LD), or an export of study programmes (RIO, CROHO). The title
and text of each offer are read with the extractor of job ads; what they name is compared with what is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from overstap.errors import InputError, nearest
from overstap.moves.start import mentions, skill_groups
from overstap.sources.tables import fold, lines_of, text_of

Floats = npt.NDArray[np.float64]
COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("title", "titel", "naam", "name", "opleidingsnaam", "naam_opleiding", "eigennaam", "opleiding"),
    "text": ("text", "description", "omschrijving", "beschrijving", "inhoud", "onderdeel", "subonderdeel"),
    "provider": ("provider", "aanbieder", "instelling", "instellingsnaam", "onderwijsaanbieder", "organisatie"),
    "level": ("level", "niveau", "opleidingsniveau", "soort_ho", "graad"),
    "months": ("months", "duration", "maanden", "duur", "studieduur", "duur_maanden", "studielast"),
    "price": ("price", "eur", "prijs", "kosten", "price_eur", "prijs_eur"),
    "url": ("url", "link", "website", "webadres"),
    "region": ("region", "regio", "provincie", "plaats", "vestigingsplaats"),
}
"""Fields of an offer and the column names by which they are known, in lower case; the first is ours."""
_CREDITS_A_MONTH = 5.0  # a study year of 60 credits in twelve months
_HOURS_A_MONTH = 140.0  # a study year of 1,680 hours in twelve months (Dutch law on higher education)
_ISO = re.compile(
    r"^P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(\d+(?:\.\d+)?)H)?.*)?$"
)
_UNITS = {
    "year": 12.0, "month": 1.0, "week": 1 / 4.345, "day": 1 / 21.0, "credit": 1 / _CREDITS_A_MONTH,
    "hour": 1 / _HOURS_A_MONTH,
}  # fmt: skip
_DURATION = re.compile(
    r"(\d+(?:[.,]\d+)?)[\s-]*(?:(?P<year>ja[ar]|year)|(?P<month>maand|month)|(?P<week>we[ek])|(?P<day>dag|day)"
    r"|(?P<credit>ec(?:ts)?\b|studiepunt|credit)|(?P<hour>uur|uren|hour))"
)
"""A number with its unit; the names of the groups are those of `_UNITS`."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A training offer; months and price (euro) None where the catalogue does not tell. `skills` (ESCO URIs) are what
    it names, with the words that name each; `part` (0–1) of what is missing that it teaches, and the `words` that
    prove it, are filled by `match`."""

    title: str
    text: str = ""
    provider: str = ""
    level: str = ""
    months: float | None = None
    price: float | None = None
    url: str = ""
    region: str = ""
    skills: tuple[tuple[str, str], ...] = ()
    part: float = 0.0
    words: tuple[str, ...] = ()


def read_catalogue(path: Path, home: Path | None = None) -> list[Offer]:
    """The offers of a catalogue with the skills that they name; raises as `read_offers`."""
    offers = read_offers(path)
    named = mentions([f"{offer.title}\n{offer.text}" for offer in offers], home)
    return [replace(offer, skills=tuple(found)) for offer, found in zip(offers, named, strict=True)]


def read_offers(path: Path) -> list[Offer]:
    """The offers of a catalogue as they stand there; the ending of the file tells its form.

    Raises `InputError` where the file cannot be read, has no titles, or a number in it is none (row and column named).
    """
    jsonld = path.suffix.lower() in (".json", ".jsonld")
    offers = list(_of_json(path) if jsonld else _of_csv(path))
    if not offers:
        raise InputError(
            f"{path} holds no training offers.", fix="Give a CSV with title and text, or schema.org Courses."
        )
    return offers


def match(offers: Sequence[Offer], lacking: Mapping[str, float], unit: str) -> list[Offer]:
    """Offers that teach something of what is missing, those that teach most first.

    `lacking`: features of the profile (skills, or groups where `unit` is "groups") with their part of what the goal
    asks. A skill that an offer names counts whole where features are skills; of a group it counts as the group itself
    once, whatever the number of its skills that are named.
    """
    total = sum(lacking.values())
    found = []
    for offer in offers:
        taught: dict[str, str] = {}
        for uri, words in offer.skills:
            feature = skill_groups().get(uri, "") if unit == "groups" else uri
            if feature in lacking:
                taught.setdefault(feature, words)
        if taught and total > 0:
            part = sum(lacking[feature] for feature in taught) / total
            best = sorted(taught, key=lambda feature: (-lacking[feature], feature))
            proof = tuple(dict.fromkeys(taught[feature] for feature in best))
            found.append(replace(offer, part=part, words=proof))
    return sorted(found, key=lambda offer: (-offer.part, offer.title))


def _of_csv(path: Path) -> Iterator[Offer]:
    header, rows = lines_of(path)
    columns = _columns(header, path)
    for line, cells in rows:
        given = {field: [cells[at] for at in places if at < len(cells)] for field, places in columns.items()}
        title = next((value for value in given["title"] if value), "")
        if title:
            single = {field: next((v for v in values if v), "") for field, values in given.items()}
            body = " ".join(value for value in given.get("text", []) if value)
            yield Offer(
                title=title,
                text=body,
                months=_months(single.get("months", ""), f"{path.name}, row {line}, months"),
                price=_number(single.get("price", ""), f"{path.name}, row {line}, price"),
                provider=single.get("provider", ""),
                level=single.get("level", ""),
                url=single.get("url", ""),
                region=single.get("region", ""),
            )


def _columns(names: Sequence[str], path: Path) -> dict[str, list[int]]:
    """The places of the columns of each field."""
    known = {form: field for field, forms in COLUMNS.items() for form in forms}
    found: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        key = fold(name)
        field = known.get(key) or known.get(key.removesuffix("_eur").removesuffix("_months"))
        if field:
            found.setdefault(field, []).append(at)
    if "title" not in found:
        hint = next((h for name in names if (h := nearest(name.lower(), COLUMNS["title"]))), "")
        raise InputError(
            f"{path.name} has no column of titles; it has {', '.join(names)}.",
            why=hint,
            fix="Call it 'title'. Others: text, provider, level, months, price, url, region.",
        )
    return found


def _of_json(path: Path) -> Iterator[Offer]:
    try:
        read = json.loads(text_of(path))
    except ValueError as error:
        raise InputError(f"{path} is not JSON.", why=str(error), fix="Give JSON-LD with schema.org Courses.") from error
    for course in _courses(read):
        title = _text(course.get("name"))
        if title:
            runs = _list(course.get("hasCourseInstance"))
            first: Mapping[str, Any] = next((run for run in runs if isinstance(run, dict)), {})
            price = next(
                (o.get("price") for o in _list(course.get("offers") or first.get("offers")) if isinstance(o, dict)),
                None,
            )
            yield Offer(
                title=title,
                text=" ".join(
                    _text(course.get(key)) for key in ("description", "teaches", "about", "syllabusSections")
                ),
                provider=_text(course.get("provider")),
                level=_text(course.get("educationalLevel")),
                months=_months(
                    _text(course.get("timeRequired") or first.get("courseWorkload")), f"{path.name}: {title}"
                ),
                price=_price(price, f"{path.name}: {title}, price"),
                url=_text(course.get("url")),
                region=_text(first.get("location")),
            )


def _courses(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every Course in a JSON-LD document, however deep."""
    if isinstance(node, list):
        for one in node:
            yield from _courses(one)
    elif isinstance(node, dict):
        kinds = [str(kind).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in _list(node.get("@type"))]
        if "Course" in kinds:
            yield node
        else:
            for value in node.values():
                yield from _courses(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    """The text of a JSON-LD value: itself, its name, or those of a list."""
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value") or value.get("address") or value.get("addressRegion"))
    return ", ".join(filter(None, map(_text, value))) if isinstance(value, list) else str(value or "").strip()


def _months(text: str, where: str) -> float | None:
    """Months of a duration: a number of months, "2 jaar", "60 EC", "1680 uur", or ISO 8601 (P1Y6M, PT40H).

    The first number with a unit counts ("niveau 4, 3 jaar"); one without is taken as months.
    """
    if not text:
        return None
    if iso := _ISO.match(text.upper()):
        years, months, weeks, days, hours = (float(part or 0) for part in iso.groups())
        return 12 * years + months + weeks / 4.345 + days / 30.4 + hours / _HOURS_A_MONTH or None
    said = text.casefold()
    if found := _DURATION.search(said):
        return float(found[1].replace(",", ".")) * next(months for unit, months in _UNITS.items() if found[unit])
    number = re.search(r"\d+(?:[.,]\d+)?", said)
    if number is None:
        raise InputError(f"{where}: '{text}' is no duration.", fix="Give months as a number, say 6.")
    return float(number[0].replace(",", "."))


def _price(value: Any, where: str) -> float | None:
    """A price in JSON: a number as it is (0: free), or a text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return _number(str(value or ""), where)


def _number(text: str, where: str) -> float | None:
    """A price as Dutch or English write it: 1.250,00 or 1,250.00."""
    plain = re.sub(r"[€\s]|eur(?:o)?", "", text.casefold()).replace(",-", "")
    if not plain:
        return None
    if "," in plain and plain.rfind(",") > plain.rfind("."):
        plain = plain.replace(".", "").replace(",", ".") if not re.search(r",\d{3}$", plain) else plain.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    try:
        return float(plain.replace(",", ""))
    except ValueError:
        raise InputError(f"{where}: '{text}' is no price.", fix="Give euro as a number, say 450.") from None
