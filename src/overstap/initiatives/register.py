"""Registers of initiatives, YAML or CSV, read into one list with its ties; what is doubtful is kept and told.

A fault that makes an entry unreadable (an unknown kind, a number that is none, an id used twice) is an error, all of
them at once. What a reader can live with (a place that is not found, a partner named twice, a tie to something outside
the register) is kept and remarked on. Contact data of a file are read into a table only where that is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from overstap.ads.mask import mask_text
from overstap.ads.place import bundled_places
from overstap.cells import csv_text
from overstap.errors import InputError, OverstapError, Problems, nearest
from overstap.initiatives.vocabulary import DATA, NATIONAL, known, plain, require

DEFAULT = "default"
COLUMNS: dict[str, str] = {
    "id": "short name, lower case; unique over all registers",
    "name": "name; in YAML also {nl: …, en: …}",
    "name_nl": "name in Dutch, in place of name",
    "name_en": "name in English, in place of name",
    "kind": "learning community, public-private partnership, centre, practoraat, lectoraat, TKI, field lab, pilot, …",
    "place": "town, region or province, or landelijk; not found or empty: region unknown",
    "latitude": "degrees north, where known",
    "longitude": "degrees east, where known",
    "topsectors": "topsectors; several in a list, in CSV separated by |",
    "levels": "mbo, hbo, wo, work",
    "partners": "organisations, with a type: {name: …, type: employer}; in CSV name (type)",
    "links": "ties to other initiatives: {to: id, type: funds}; in CSV type: id",
    "functions": "functions of learning: conditional, reactive, proactive",
    "phase": "idea, start, running, scaled, ended",
    "reached": "people reached, a whole number",
    "funding_eur": "euros in all",
    "goals": "goals in words",
    "indicators": "how it is judged, in words",
    "skills": "skills it teaches: id or label of a skill of the study",
    "occupations": "occupations it leads to: isco:2512 or brc:0811",
    "start": "year, month or day it began: 2017, 2017-09, 2017-09-01",
    "end": "year, month or day it ended",
    "as_of": "when this was so",
    "source": "where this is written",
    "url": "address of the source",
    "contact": "for the organiser; shown only where the study says initiatives: {contact: true}",
}
_LISTS = ("topsectors", "levels", "partners", "links", "functions", "goals", "indicators", "skills", "occupations")
_WORDS = {"topsectors": "topsector", "levels": "level", "functions": "function"}
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_OCCUPATION = re.compile(r"(isco|brc):\d{4}")
_TYPED = re.compile(r"(.+?)\s*\(([^()]+)\)")


@dataclass(frozen=True)
class Register:
    """The entries of all registers as rows of `core_initiatives`, their ties, and remarks for who keeps them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    ties: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_registers(
    names: Sequence[str], base: Path, topsectors: Iterable[str] = (), least: int = 10, *, contact: bool = False
) -> Register:
    """The register of the files `names` (`default` is the bundled one), relative to `base`.

    `topsectors` may be named beside the nine; `least` people are needed to say how many were reached; `contact`: keep
    who to turn to, which is left out otherwise. Raises `InputError`, or `Problems` with all faults.
    """
    problems: list[OverstapError] = []
    register, seen = Register(), dict[str, str]()
    own = {plain(name): name for name in topsectors}
    for name in names:
        try:
            entries = _entries(name, base)
        except InputError as error:
            problems.append(error)
            continue
        for number, entry in enumerate(entries, 1):
            try:
                _add(register, _Entry(name, number, entry, own), seen, least)
            except OverstapError as error:
                problems.append(error)
    if problems:
        raise problems[0] if len(problems) == 1 else Problems(problems)
    _tie(register)
    if not contact:
        for row in register.rows:
            row["contact"] = None
    return register


def check_entry(entry: Mapping[str, Any], name: str) -> None:
    """Raise `InputError` where an entry could not be read from a register called `name`."""
    _add(Register(), _Entry(name, 1, entry, {}), {}, 1)


def _entries(name: str, base: Path) -> list[dict[str, Any]]:
    if name == DEFAULT:
        return _bundled()
    path = base / name
    if path.suffix.lower() == ".csv":
        return _csv_entries(path)
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"There is no register {path}.", fix="overstap initiative new writes one.") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise InputError(f"{path} is not a YAML file that can be read.", why=str(error)) from error
    return _of_yaml(data, str(path))


@lru_cache(maxsize=1)
def _bundled() -> list[dict[str, Any]]:
    text = files(DATA).joinpath("data/initiatives/register.yaml").read_text(encoding="utf-8")
    return _of_yaml(yaml.safe_load(text), DEFAULT)


def _of_yaml(data: Any, name: str) -> list[dict[str, Any]]:
    """The entries of a YAML register: a list, a mapping with `initiatives`, or one entry by itself.

    What stands beside `initiatives` holds for every entry that does not say it itself.
    """
    if isinstance(data, list):
        data = {"initiatives": data}
    if not isinstance(data, dict):
        raise InputError(f"{name} holds no initiatives.", fix="Write a list below 'initiatives:'.")
    if "initiatives" not in data:
        data = {"initiatives": [data]}
    entries = data["initiatives"] or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"{name}: 'initiatives' is no list of entries.", fix="Begin each entry with '- id: …'.")
    shared = {key: value for key, value in data.items() if key != "initiatives"}
    return [shared | entry for entry in entries]


def _csv_entries(path: Path) -> list[dict[str, Any]]:
    from overstap.sources.tables import csv_rows

    needed = ("id", "kind")
    rows = csv_rows(path, needed, "Name a CSV register.", "overstap initiative template prints the columns.")
    found = []
    for number, row in enumerate(rows, 2):
        if None in row:
            raise InputError(f"{path}, row {number} has more cells than the header.", fix="Put quotes around commas.")
        cells = {str(key).strip(): (value or "").strip() for key, value in row.items()}
        found.append({key: _parted(value) if key in _LISTS else value for key, value in cells.items() if value})
    return found


def _parted(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def template() -> str:
    """The header of a CSV register, with one made-up entry."""
    names = [name for name in COLUMNS if name not in ("name_nl", "name_en", "contact")]
    row = {"id": "voorbeeld-lab", "name": "Voorbeeldlab", "kind": "field lab", "place": "Tilburg", "topsectors": "htsm",
           "levels": "mbo | hbo", "partners": "Voorbeeld BV (employer) | Voorbeeldcollege (education)",
           "links": "partner: tki-urban-energy", "functions": "reactive | proactive", "phase": "running",
           "reached": "120", "skills": "core.python", "occupations": "isco:2512", "start": "2024-09",
           "source": "example"}  # fmt: skip
    return csv_text(names, [row])


class _Entry:
    """One entry of a register, read field by field."""

    def __init__(self, file: str, number: int, cells: Mapping[str, Any], topsectors: Mapping[str, str]) -> None:
        self.file, self.cells, self.topsectors = file, cells, topsectors
        self.where = f"{file}, entry {number} ({cells.get('id', 'no id')})"
        for name in cells:
            if name not in COLUMNS:
                hint = nearest(str(name), COLUMNS) or f"Fields: {', '.join(COLUMNS)}."
                raise InputError(f"{self.where}: there is no field '{name}'.", why=hint)

    def text(self, name: str) -> str | None:
        value = self.cells.get(name)
        return None if value is None or str(value).strip() == "" else str(value).strip()

    def items(self, name: str) -> list[Any]:
        value = self.cells.get(name)
        if value is None:
            return []
        return [one for one in (value if isinstance(value, list) else _parted(str(value))) if one not in (None, "")]

    def words(self, name: str) -> list[str]:
        found = []
        for word in map(str, self.items(name)):
            own = self.topsectors.get(plain(word)) if name == "topsectors" else None
            found.append(own or require(_WORDS[name], word, self.where))
        return list(dict.fromkeys(found))

    def masked(self, name: str) -> list[str]:
        """Free text without e-mail addresses, phone numbers and names that the masks know."""
        return [mask_text(str(one))[0] for one in self.items(name)]

    def number(self, name: str, low: float, high: float = float("inf")) -> float | None:
        from overstap.reference.totals import number_of

        value = self.cells.get(name)
        if value is None or str(value).strip() == "":
            return None
        number = float(value) if isinstance(value, int | float) else number_of(f"{self.where}, {name}", str(value))
        if number is None or not low <= number <= high:
            raise InputError(f"{self.where}: {name} is '{value}'.", fix="Give a number, or leave it out where unknown.")
        return number

    def date(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None and not _DATE.fullmatch(value):
            raise InputError(f"{self.where}: {name} is '{value}'.", fix="Write 2024, 2024-09 or 2024-09-01.")
        return value

    def name(self, language: str) -> str:
        """The name in a language, or in the other where it has none."""
        given = self.cells.get("name")
        names = dict(given) if isinstance(given, dict) else {}
        other = "en" if language == "nl" else "nl"
        order = (names.get(language), self.text(f"name_{language}"), None if names else self.text("name"),
                 names.get(other), self.text(f"name_{other}"))  # fmt: skip
        for one in order:
            if one:
                return str(one)
        raise InputError(f"{self.where}: it has no name.", fix="Add 'name:'.")


def _add(register: Register, entry: _Entry, seen: dict[str, str], least: int) -> None:
    """Add the row and ties of one entry, with remarks on what is doubtful."""
    code = entry.text("id") or ""
    if not _ID.fullmatch(code):
        raise InputError(
            f"{entry.where}: the id is '{code}'.", fix="Use lower-case letters, digits, - and _, such as water-lab."
        )
    if code in seen:
        raise InputError(f"{entry.where}: the id was used before, in {seen[code]}.", fix="Give each its own id.")
    seen[code] = entry.where
    reached = entry.number("reached", 0)
    few = reached is not None and 0 < reached < least
    register.rows.append(
        {
            "initiative_id": code,
            "name_nl": entry.name("nl"),
            "name_en": entry.name("en"),
            "kind": require("kind", entry.text("kind") or "", entry.where),
            **_place(register, entry, code),
            "topsectors": entry.words("topsectors"),
            "levels": entry.words("levels"),
            "functions": entry.words("functions"),
            "phase": require("phase", phase, entry.where) if (phase := entry.text("phase")) else None,
            "reached": None if few or reached is None else int(reached),
            "is_suppressed": few,
            "funding_eur": entry.number("funding_eur", 0),
            "goals": entry.masked("goals"),
            "indicators": entry.masked("indicators"),
            "skills": [str(one) for one in entry.items("skills")],
            "occupations": _occupations(entry),
            "start": entry.date("start"),
            "end": entry.date("end"),
            "as_of": entry.date("as_of"),
            "source": ", ".join(filter(None, (entry.text("source"), entry.text("url")))) or entry.file,
            "contact": entry.text("contact"),
            "file": entry.file,
        }
    )
    register.ties.extend(_partners(register, entry, code))
    register.ties.extend(_links(entry, code))


def _place(register: Register, entry: _Entry, code: str) -> dict[str, Any]:
    """Place, province and COROP region; a place that is not found is kept, its region unknown."""
    place = entry.text("place")
    found: tuple[str | None, str | None] = (None, None)
    if place and known("place", place) == NATIONAL:
        found = (NATIONAL, None)
    elif place:
        found = bundled_places().region(place)
        if found == (None, None):
            register.remarks.append(f"{code}: the place '{place}' is not found; its region counts as unknown.")
    else:
        register.remarks.append(f"{code}: no place is given; its region counts as unknown.")
    spot = {"latitude": entry.number("latitude", -90, 90), "longitude": entry.number("longitude", -180, 180)}
    return {"place": place, "province_code": found[0], "nuts3_code": found[1], **spot}


def _occupations(entry: _Entry) -> list[str]:
    found = []
    for one in map(str, entry.items("occupations")):
        code = one.strip().lower().replace(" ", "")
        if not _OCCUPATION.fullmatch(code):
            raise InputError(
                f"{entry.where}: '{one}' is no occupation.", fix="Write isco:2512 or brc:0811, with all four digits."
            )
        found.append(code)
    return list(dict.fromkeys(found))


def _partners(register: Register, entry: _Entry, code: str) -> Iterable[dict[str, Any]]:
    named: dict[str, dict[str, Any]] = {}
    for one in entry.items("partners"):
        name, kind = _typed(entry, one)
        key = plain(name)
        if key in named:
            register.remarks.append(f"{code}: the partner '{name}' is named twice; it counts once.")
            named[key]["partner_type"] = named[key]["partner_type"] or kind
            continue
        named[key] = _tie_row(code, f"org:{key}", "partner", "organisation", name) | {"partner_type": kind}
    return named.values()


def _typed(entry: _Entry, one: Any) -> tuple[str, str | None]:
    """Name and type of a partner, from a mapping or from `name (type)`."""
    if isinstance(one, dict):
        name, kind = str(one.get("name", "")).strip(), one.get("type")
        if not name or set(one) - {"name", "type"}:
            raise InputError(f"{entry.where}: a partner is {one}.", fix="Write {name: …, type: employer}.")
        return name, require("partner_type", str(kind), entry.where) if kind else None
    match = _TYPED.fullmatch(str(one).strip())
    kind = known("partner_type", match[2]) if match else None
    return (match[1], kind) if match and kind else (str(one).strip(), None)


def _links(entry: _Entry, code: str) -> Iterable[dict[str, Any]]:
    for one in entry.items("links"):
        if isinstance(one, dict):
            to, kind = str(one.get("to", "")).strip(), str(one.get("type", "partner"))
        else:
            kind, _, to = str(one).rpartition(":")
            kind, to = kind.strip() or "partner", to.strip()
        if not to or to == code:
            raise InputError(f"{entry.where}: a link is {one}.", fix="Write {to: id-of-the-other, type: partner}.")
        yield _tie_row(code, to, require("link", kind, entry.where), "initiative", to)


def _tie_row(code: str, to: str, kind: str, to_kind: str, name: str) -> dict[str, Any]:
    return {"from_id": code, "to_id": to, "type": kind, "to_kind": to_kind, "to_name": name, "partner_type": None}


def _tie(register: Register) -> None:
    """Give ties to initiatives their names; what is not in the register is kept as an organisation. Doubles go."""
    names = {row["initiative_id"]: row["name_nl"] for row in register.rows}
    by_name = {plain(name): code for code, name in names.items()}
    kept: dict[tuple[str, str, str], dict[str, Any]] = {}
    for tie in register.ties:
        if tie["to_kind"] == "initiative":
            to = tie["to_id"] if tie["to_id"] in names else by_name.get(plain(tie["to_id"]))
            if to is None:
                register.remarks.append(f"{tie['from_id']}: '{tie['to_id']}' is not in the register; kept as a name.")
                tie |= {"to_id": f"org:{plain(tie['to_id'])}", "to_kind": "organisation"}
            else:
                tie |= {"to_id": to, "to_name": names[to]}
        key = (tie["from_id"], tie["to_id"], tie["type"])
        if key in kept:
            register.remarks.append(f"{tie['from_id']}: the tie to '{tie['to_name']}' is given twice; it counts once.")
        kept.setdefault(key, tie)
    register.ties[:] = kept.values()
