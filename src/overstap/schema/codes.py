"""Contracts of the coded vacancies: every dimension of a vacancy as a small integer, ordered by employer."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from overstap.schema.spec import ColumnSpec, col, table

_S, _I = pa.string(), pa.int32()
CODE_LIST = pa.list_(_I)


@dataclass(frozen=True)
class Dimension:
    """What vacancies are split by or asked about. `many`: a vacancy may have several values, else exactly one.

    Of a dimension that can be unknown, `unknown` is a value of its own; of one that cannot (`total`), such as the
    skills that are asked, no value means that there is none.
    """

    name: str
    label_en: str
    label_nl: str
    many: bool = False
    total: bool = False


PERIODS = (
    Dimension("year", "Year of first posting", "Jaar van eerste plaatsing", total=True),
    Dimension("quarter", "Quarter of first posting", "Kwartaal van eerste plaatsing", total=True),
    Dimension("month", "Month of first posting", "Maand van eerste plaatsing", total=True),
)
PERIOD_NAMES = tuple(d.name for d in PERIODS)
TRAITS = (
    Dimension("topsector", "Topsector; none where the sector is in none", "Topsector; none buiten elke", many=True),
    Dimension("function_group", "Function group", "Functiegroep"),
    Dimension("language", "Language of the ad", "Taal van de advertentie", total=True),
    Dimension("source", "Source of the first ad", "Bron van de eerste advertentie", total=True),
    Dimension("isco1", "Occupation, ISCO-08 major group", "Beroep, ISCO-08 1 cijfer"),
    Dimension("isco2", "Occupation, ISCO-08 sub-major group", "Beroep, ISCO-08 2 cijfers"),
    Dimension("isco3", "Occupation, ISCO-08 minor group", "Beroep, ISCO-08 3 cijfers"),
    Dimension("isco4", "Occupation, ISCO-08 unit group", "Beroep, ISCO-08 4 cijfers"),
    Dimension("brc", "Occupation, BRC 2014 group", "Beroep, BRC 2014-beroepsgroep"),
    Dimension("skill_level", "Occupation, ISCO-08 skill level", "Beroep, ISCO-08-vaardigheidsniveau"),
    Dimension(
        "routine", "Routine of the occupation, third of all jobs", "Routine van het beroep, derde deel van de banen"
    ),
    Dimension(
        "automation", "Exposure of the occupation to automation", "Blootstelling van het beroep aan automatisering"
    ),
    Dimension("sector", "Sector, SBI 2008 section", "Sector, SBI 2008-sectie"),
    Dimension("sbi2", "Sector, SBI 2008 division", "Sector, SBI 2008-afdeling"),
    Dimension("province", "Province, NUTS 2", "Provincie, NUTS 2"),
    Dimension("education", "Education levels asked", "Gevraagde opleidingsniveaus", many=True),
    Dimension("experience", "Experience asked, years", "Gevraagde ervaring, jaren"),
    Dimension("contract", "Contract", "Contract"),
    Dimension("hours", "Hours a week", "Uren per week"),
    Dimension("pay", "Gross full-time pay a month", "Bruto voltijdloon per maand"),
    Dimension("remote", "Work from home", "Thuiswerken"),
    Dimension("firm_size", "People employed", "Werkzame personen"),
    Dimension("employer_type", "Employer or agency", "Werkgever of bureau"),
    Dimension("required_language", "Languages asked", "Gevraagde talen", many=True),
)
ASKED = (
    Dimension("skill", "Skill asked", "Gevraagde vaardigheid", many=True, total=True),
    Dimension("category", "Category of skills asked", "Categorie van gevraagde vaardigheden", many=True, total=True),
    Dimension("category_group", "Group of their categories", "Groep van hun categorieën", many=True, total=True),
    Dimension("technology", "Technology asked", "Gevraagde technologie", many=True, total=True),
    Dimension("title", "Title, where it is frequent", "Titel, waar die vaak voorkomt", many=True, total=True),
)
DIMENSIONS = {d.name: d for d in (*PERIODS, *TRAITS, *ASKED)}

CORE_LEVELS = table(
    "core_levels",
    "What the codes of core_codes mean",
    "Wat de codes van core_codes betekenen",
    [
        col("dimension", _S, "Dimension", "Dimensie", key=True),
        col("code", _I, "Code, from 0", "Code, vanaf 0", key=True),
        col("value", _S, "Value", "Waarde", null=False),
    ],
)


def _codes(dimension: Dimension) -> ColumnSpec:
    type_ = CODE_LIST if dimension.many else _I
    return col(dimension.name, type_, dimension.label_en, dimension.label_nl, null=False)


CORE_CODES = table(
    "core_codes",
    "Vacancies with every dimension as a code of core_levels, those of one employer together",
    "Vacatures met elke dimensie als code van core_levels, die van één werkgever bij elkaar",
    [
        col("vacancy_id", _S, "Vacancy", "Vacature", key=True),
        col("employer_code", _I, "Employer, numbered from 0", "Werkgever, genummerd vanaf 0", null=False),
        col("weight", pa.float64(), "Weight", "Gewicht", null=False),
        *(_codes(dimension) for dimension in DIMENSIONS.values()),
    ],
)

TABLES = (CORE_LEVELS, CORE_CODES)
