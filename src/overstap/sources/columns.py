"""Which column of a feed holds which field of an ad."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from overstap.errors import InputError, nearest
from overstap.study import AD_FIELDS, AdSource

LONGEST_NAME = 60
"""Characters of a name of a column; what is longer is no name."""
# Names recognised without a mapping, in order of preference, compared in lower case with `_` for any other sign.
_NAMES = {
    "ad_id": "ad_id job_id jobid vacature_id vacatureid vacancy_id posting_id advertentie_id id uid guid "
    "identifier vacaturenummer vacature_nummer job_number req_id reference referentie ref",
    "title": "title job_title jobtitle functietitel vacaturetitel titel functienaam header position_name "
    "positionname position job_name functie beroepstitel vacature",
    "text": "text full_text fulltext description job_description jobdescription vacaturetekst advertentietekst "
    "ad_text vacature_tekst functieomschrijving functie_omschrijving vacatureomschrijving omschrijving "
    "beschrijving tekst body content inhoud",
    "date": "date date_posted dateposted posted_date posting_date posted_at postedat post_date plaatsingsdatum "
    "datum_plaatsing datum publicatiedatum publication_date published_at published date_published created "
    "created_at date_created date_first_seen first_seen eerste_datum month maand",
    "company": "company company_name companyname organization_name organisation_name organization organisation "
    "organisatie organisatienaam employer employer_name bedrijf bedrijfsnaam werkgever werkgever_naam "
    "hiring_organization",
    "place": "place location location_name city town plaats plaatsnaam locatie standplaats werkplaats gemeente "
    "vestigingsplaats work_location job_location address municipality",
    "sector": "sector sector_text industry branche bedrijfstak company_industry organization_industry "
    "organisation_industry sector_naam",
    "sbi_code": "sbi_code sbi sbicode sbi_2008 sbi2008 organization_sbi organization_sbi_code nace nace_code",
    "salary": "salary salaris salary_text salary_estimate loon pay wage compensation salarisindicatie",
    "contract": "contract contract_type contracttype contract_text dienstverband employment_type employmenttype "
    "job_type jobtype contractvorm soort_contract",
    "education": "education education_level education_text opleiding opleidingsniveau opleidingseis opleiding_niveau",
    "hours": "hours hours_text uren hours_per_week uren_per_week working_hours working_hours_type werkuren "
    "arbeidsduur",
    "occupation": "occupation occupation_text profession beroep beroepsnaam job_function functiegroep category "
    "categorie",
    "url": "url source_url job_url vacature_url link web_address href",
}  # fmt: skip
ALIASES: dict[str, tuple[str, ...]] = {field: tuple(words.split()) for field, words in _NAMES.items()}
_JOIN = {"text": "\n\n", "hours": "-", "ad_id": "-"}
_NOT_NAME = re.compile(r"[\W_]+")
_UNKNOWN = frozenset({"", "na", "n/a", "nan", "null", "<na>", "-1", "-", "--"})
_LONGEST_UNKNOWN = max(map(len, _UNKNOWN))
_DEEPEST = 50
Mapped = dict[str, tuple[str, ...]]


def plain_name(name: str) -> str:
    """A column name in lower case with `_` for every run of other signs."""
    return _NOT_NAME.sub("_", name.strip().lower()).strip("_")


def recognise(names: Iterable[str], aliases: Mapping[str, Iterable[str]] = ALIASES) -> dict[str, str]:
    """Field of an ad → column, for the columns in `names` whose name is obvious."""
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain_name(name), name)
    found: dict[str, str] = {}
    for field, options in aliases.items():
        column = next((by_plain[option] for option in options if option in by_plain), None)
        if column is not None:
            found[field] = column
    return found


def _shown(names: Iterable[str]) -> list[str]:
    """The names of the columns for a message; none where one is as long as no name is: a feed without a header has its
    first ad there, which no message may quote."""
    known = list(names)
    return [] if any(len(name) > LONGEST_NAME for name in known) else known


def missing_columns(source: AdSource, names: Iterable[str], file: str) -> list[InputError]:
    """One error for each column that the mapping of the source names and the file does not have."""
    known = list(names)
    problems = []
    for field, value in source.columns.items():
        for column in [value] if isinstance(value, str) else value:
            if column not in known:
                problems.append(_missing(source, field, column, _shown(known), file))
    return problems


def _missing(source: AdSource, field: str, column: str, known: list[str], file: str) -> InputError:
    lowered = {name.lower(): name for name in known}
    guess = lowered.get(column.lower()) or recognise(known).get(field)
    hint = nearest(column, known) or (f"Did you mean '{guess}'?" if guess else "")
    best = hint.removeprefix("Did you mean '").removesuffix("'?") if hint else "…"
    return InputError(
        f"Source '{source.id}': {file} has no column '{column}' for the field '{field}'.",
        why=f"Its columns are: {_listed(known)}.",
        fix=f"{hint} Set in the study file: columns: {{{field}: {best}}}".strip(),
    )


def no_text_column(source: AdSource, names: Iterable[str], file: str) -> InputError:
    """The error where no column can be the text of the ad."""
    known = _shown(names)
    taken = set(recognise(known).values())
    free = [name for name in known if name not in taken]  # a date, an address or a title is no text
    say = f"Say which it is in the study file: columns: {{text: {free[-1] if free else '…'}}}"
    if not known:
        say = f"Put the names of the columns on the first line. {say}"
    elif not free:
        say = f"{say}; without texts, overstap code-title codes the titles alone."
    return InputError(
        f"Source '{source.id}': {file} has no column that is recognised as the text of the ad.",
        why=f"Its columns are: {_listed(known)}.",
        fix=say,
    )


def no_date_column(source: AdSource, names: Iterable[str], file: str) -> InputError:
    """The error where a study needs dates and no column can be the date of posting."""
    known = _shown(names)
    return InputError(
        f"Source '{source.id}': {file} has no column that is recognised as the date of posting.",
        why=f"A study counts ads per period. Its columns are: {_listed(known)}.",
        fix="Say which it is in the study file: columns: {date: …}; overstap annotate reads a feed without dates.",
    )


def resolve(
    source: AdSource,
    names: Iterable[str],
    file: str,
    *,
    need_date: bool,
    defaults: Mapping[str, tuple[str, ...]] | None = None,
) -> Mapped:
    """Field of an ad → the columns that hold it: the mapping of the study file, else `defaults`, else obvious names.

    Raises InputError for the first column that is missing and where text (or, with `need_date`, date) cannot be found.
    """
    known = list(names)
    for problem in missing_columns(source, known, file):
        raise problem
    mapped: Mapped = {field: (column,) for field, column in recognise(known).items()}
    mapped.update(defaults or {})
    for field, value in source.columns.items():
        mapped[field] = (value,) if isinstance(value, str) else tuple(value)
    if "text" not in mapped:
        raise no_text_column(source, known, file)
    if need_date and "date" not in mapped:
        raise no_date_column(source, known, file)
    return {field: mapped[field] for field in AD_FIELDS if field in mapped}


def _listed(known: list[str]) -> str:
    if not known:
        return "not shown, as the first line seems to hold an ad and no names"
    return ", ".join(known[:30]) + (" …" if len(known) > 30 else "")


def join(field: str, values: list[Any]) -> Any:
    """One value of several columns: the first that is filled for a date, else the filled ones joined."""
    filled = [v for v in values if v is not None and v != ""]
    if len(filled) <= 1 or field in ("date", "sbi_code", "url"):
        return filled[0] if filled else None
    words = [as_text(v) or "" for v in filled]
    return _JOIN.get(field, ", ").join(dict.fromkeys(w for w in words if w))


def as_text(value: Any, depth: int = 0) -> str | None:
    """A value of a feed as text: lists joined by commas, of objects the label or the leaves; None where unknown, and
    below `_DEEPEST` levels of nesting."""
    if value is None or depth > _DEEPEST:
        return None
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, float):
        text = "" if value != value else str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    elif isinstance(value, Mapping):
        label = next((value[k] for k in ("label", "name", "@value") if value.get(k)), None)
        text = as_text(label, depth + 1) or ", ".join(
            filter(None, (as_text(v, depth + 1) for k, v in value.items() if not k.startswith("@")))
        )
    elif isinstance(value, list | tuple):
        text = ", ".join(dict.fromkeys(filter(None, (as_text(v, depth + 1) for v in value))))
    else:
        text = str(value)
    text = text.strip()
    return None if len(text) <= _LONGEST_UNKNOWN and text.lower() in _UNKNOWN else text


def dig(record: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; a key that itself holds dots wins; None where there is nothing."""
    if path in record:
        return record[path]
    value: Any = record
    parts = path.split(".")
    for i, part in enumerate(parts):
        if isinstance(value, list):
            rest = ".".join(parts[i:])
            found = [dig(v, rest) for v in value if isinstance(v, Mapping)]
            return found[0] if len(found) == 1 else [v for v in found if v is not None] or None
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def paths(record: Mapping[str, Any], depth: int = 3) -> list[str]:
    """All names under which `dig` finds something in a record, parents before their parts."""
    names: list[str] = []
    for key, value in record.items():
        names.append(str(key))
        inner = value[0] if isinstance(value, list) and value else value
        if depth > 1 and isinstance(inner, Mapping):
            names += [f"{key}.{name}" for name in paths(inner, depth - 1)]
    return names
