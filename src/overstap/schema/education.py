"""Contracts of education: who studies and finishes what, with which success, and where those who finish go."""

import pyarrow as pa

from overstap.schema.spec import ColumnSpec, bounded, col, table

_S, _F, _I, _B = pa.string(), pa.float64(), pa.int64(), pa.bool_()

STATES = ("diploma", "dropout", "switch", "enrolled")
DESTINATION_OTHER = ("study", "outside", "unknown")
"""Destinations that are no occupation: goes on studying, works elsewhere or not at all, and not known."""

_FIELD = col("isced_f", _S, "Field of education, ISCED-F 2013", "Studierichting, ISCED-F 2013")
_LEVEL = col("level", _S, "Level of education", "Opleidingsniveau")
_REGION = col("region", _S, "Region of the school", "Regio van de school")
_SEX = col("sex", _S, "Sex", "Geslacht")
_YEAR = col("year", _I, "Year", "Jaar", null=False)


def _keyed(*columns: ColumnSpec) -> list[ColumnSpec]:
    """The columns as part of a key: `all` for a total and `unknown` for what is not known."""
    return [col(c.name, c.type, c.label_en, c.label_nl, c.unit, key=True) for c in columns]


def _persons(name: str, en: str, nl: str, unit: str = "persons", type_: pa.DataType = _F) -> list[ColumnSpec]:
    return [
        col(f"{name}_low", type_, f"{en}, at least", f"{nl}, ten minste", unit),
        col(f"{name}_high", type_, f"{en}, at most", f"{nl}, ten hoogste", unit),
    ]


CORE_EDUCATION = table(
    "core_education",
    "Students and graduates as open files give them; suppressed cells as bounds",
    "Studenten en gediplomeerden uit open bestanden; afgeschermde cellen als grenzen",
    [
        col("kind", _S, "Intake, enrolment or graduates", "Instroom, ingeschreven of gediplomeerd", null=False),
        _YEAR,
        col("programme", _S, "Programme, code", "Opleiding, code"),
        col("programme_name", _S, "Programme", "Opleiding"),
        _FIELD,
        _LEVEL,
        col("form", _S, "Form of study", "Opleidingsvorm"),
        col("institution", _S, "Institution", "Instelling"),
        col("place", _S, "Municipality", "Gemeente"),
        _REGION,
        _SEX,
        col("low", _I, "Persons, at least", "Personen, ten minste", "persons"),
        col("high", _I, "Persons, at most", "Personen, ten hoogste", "persons"),
    ],
)

CORE_COHORTS = table(
    "core_cohorts",
    "Students by year of entry and years since: how many were there, finished, dropped out or switched",
    "Studenten naar jaar van instroom en jaren sindsdien: hoeveel er waren, slaagden, uitvielen of overstapten",
    [
        col("programme", _S, "Programme, code", "Opleiding, code"),
        _FIELD,
        _LEVEL,
        _SEX,
        _REGION,
        col("numerus_fixus", _B, "Admits a fixed number", "Numerus fixus"),
        col("cohort", _S, "Year of entry", "Jaar van instroom", null=False),
        col("year", _I, "Year since entry, from 1", "Jaar sinds instroom, vanaf 1", null=False),
        *(
            column
            for name, en, nl in (
                ("at_risk", "At risk", "Nog ingeschreven"),
                ("diploma", "Diploma", "Diploma"),
                ("dropout", "Drop-out", "Uitval"),
                ("switch", "Switched", "Overgestapt"),
            )
            for column in _persons(name, en, nl, type_=_I)
        ),
    ],
)

CORE_GRADUATES = table(
    "core_graduates",
    "Graduates by programme, region and year",
    "Gediplomeerden naar opleiding, regio en jaar",
    [
        col("programme", _S, "Programme, code", "Opleiding, code"),
        _FIELD,
        _LEVEL,
        _REGION,
        _YEAR,
        *_persons("graduates", "Graduates", "Gediplomeerden"),
    ],
)

CORE_INFLOW = table(
    "core_inflow",
    "Graduates a year by the occupation that their programme leads to, as the matrix divides them",
    "Gediplomeerden per jaar naar het beroep waar hun opleiding toe leidt, zoals de matrix hen verdeelt",
    [
        col("isco08", _S, "ISCO-08 group, or study, outside, unknown", "ISCO-08, of study, outside, unknown", key=True),
        *_keyed(_REGION),
        col("year", _I, "Year", "Jaar", key=True),
        *_persons("inflow", "Inflow", "Instroom"),
    ],
)

OUT_EDUCATION = table(
    "out_education",
    "Stocks of students and graduates: numbers, share of all, change since the first year; no success is claimed",
    "Aantallen studenten en gediplomeerden: omvang, aandeel, verandering sinds het eerste jaar; geen studiesucces",
    [
        *_keyed(col("kind", _S, "Intake, enrolment or graduates", "Instroom, ingeschreven of gediplomeerd")),
        *_keyed(_FIELD, _LEVEL, _REGION, _SEX),
        col("year", _I, "Year", "Jaar", key=True),
        *_persons("persons", "Persons", "Personen"),
        *_persons("share", "Share of all fields", "Aandeel van alle richtingen", "%"),
        *_persons("change", "Change since the first year", "Verandering sinds het eerste jaar", "%"),
    ],
)

OUT_EDUCATION_SUCCESS = table(
    "out_education_success",
    "Chance to have finished, dropped out or switched some years after entry, from cohorts, with its interval",
    "Kans om na een aantal jaren geslaagd, uitgevallen of overgestapt te zijn, uit cohorten, met interval",
    [
        col("sector", _S, "Sector, its fields together; all: every field", "Sector, alle richtingen samen", key=True),
        col("split", _S, "Split by", "Uitgesplitst naar", key=True),
        col("value", _S, "Value", "Waarde", key=True),
        *_keyed(_FIELD),
        col("state", _S, "State", "Toestand", key=True),
        col("after", _I, "Years since entry", "Jaren sinds instroom", "years", key=True),
        col("students", _F, "Students at entry", "Studenten bij instroom", "persons"),
        *bounded("chance_pct", "Chance", "Kans", "%"),
        col("is_suppressed", _B, "Hidden, as too few students", "Afgeschermd wegens te weinig studenten", null=False),
    ],
)

OUT_EDUCATION_DESTINATIONS = table(
    "out_education_destinations",
    "Where those who finish go, by field and level, as observed or as the matrix divides them",
    "Waar gediplomeerden heen gaan, naar richting en niveau, waargenomen of zoals de matrix hen verdeelt",
    [
        *_keyed(_FIELD, _LEVEL),
        col("year", _I, "Year", "Jaar", key=True),
        col("destination", _S, "Destination: an ISCO-08 group, study, outside or unknown", "Bestemming", key=True),
        *_persons("persons", "Persons", "Personen"),
        *_persons("share", "Share", "Aandeel", "%"),
        col("basis", _S, "How it is known: observed, published or matrix", "Hoe het bekend is", null=False),
    ],
)

OUT_EDUCATION_FLOW = table(
    "out_education_flow",
    "One sector: who works in its occupations, openings a year, graduates who come in, and what that leaves short",
    "Eén sector: wie er werkt, baanopeningen per jaar, gediplomeerden die instromen en wat er dan tekortkomt",
    [
        col("sector", _S, "Sector", "Sector", key=True),
        col("isco08", _S, "Occupation, ISCO-08 unit group; all: together", "Beroep, ISCO-08; all: samen", key=True),
        col("jobs", _F, "People who work in it", "Werkenden", "persons"),
        col("women", _F, "Share of women", "Aandeel vrouwen", "share"),
        col("expansion", _F, "Expansion demand a year", "Uitbreidingsvraag per jaar", "persons"),
        col("outflow", _F, "People who leave a year", "Vertrek per jaar", "persons"),
        col("openings", _F, "Openings a year", "Baanopeningen per jaar", "persons"),
        *_persons("inflow", "Graduates a year", "Gediplomeerden per jaar"),
        *_persons("shortage", "Openings that graduates do not fill", "Openingen die gediplomeerden niet vullen"),
        col("first_year", _I, "First year of the graduates averaged", "Eerste jaar van de gediplomeerden"),
        col("last_year", _I, "Last year of the graduates averaged", "Laatste jaar van de gediplomeerden"),
        col("levels", pa.list_(_S), "Levels of which graduates are given", "Niveaus waarvan er gegevens zijn"),
        col("basis", _S, "How openings are known", "Hoe de openingen bekend zijn"),
    ],
)

OUT_EDUCATION_AGES = table(
    "out_education_ages",
    "Ages of those who work in a sector, where the study gives them",
    "Leeftijden van wie in een sector werkt, waar de studie die geeft",
    [
        col("sector", _S, "Sector", "Sector", key=True),
        col("age", _S, "Age", "Leeftijd", key=True),
        *_persons("persons", "Persons", "Personen"),
        *_persons("share", "Share", "Aandeel", "%"),
    ],
)

_TEXT = [
    col("file", _S, "File", "Bestand", key=True),
    col("programme", _S, "Programme", "Opleiding", key=True),
]

OUT_CURRICULUM = table(
    "out_curriculum",
    "What texts of programmes teach of what vacancies ask where they lead: covered, partly, missing, or extra",
    "Wat teksten van opleidingen leren van wat vacatures vragen waar zij toe leiden: gedekt, deels, missend of extra",
    [
        *_TEXT,
        col("verdict", _S, "Covered, partly, missing or extra", "Gedekt, deels, ontbrekend of extra", key=True),
        col("skill_id", _S, "Skill", "Vaardigheid", key=True),
        col("category_group", _S, "Group of skills", "Groep vaardigheden"),
        *bounded("share_pct", "Share of vacancies", "Aandeel van vacatures", "%"),
        col("asked_n", _I, "Vacancies that ask it", "Vacatures die het vragen", "vacancies"),
        col("growth", _F, "Growth: last share over first", "Groei: laatste aandeel gedeeld door eerste", "×"),
        col("weight", _F, "Weight: share times growth", "Gewicht: aandeel maal groei"),
        col("sentence", _S, "Sentence of the programme", "Zin van de opleiding"),
        col("start", _I, "First character of the sentence", "Eerste teken van de zin"),
        col("end", _I, "Character after the sentence", "Teken na de zin"),
        col("ads", pa.list_(_S), "Vacancies that ask it, the last", "Vacatures die het vragen, de laatste"),
    ],
)

OUT_CURRICULUM_PARTS = table(
    "out_curriculum_parts",
    "Part of what vacancies ask that a programme covers, covers partly or misses, by weight, with its interval",
    "Deel van wat vacatures vragen dat een opleiding dekt, deels dekt of mist, naar gewicht, met interval",
    [
        *_TEXT,
        col("part", _S, "All, digital, soft or other skills", "Alle, digitale, zachte of andere", key=True),
        col("verdict", _S, "Covered, partly or missing", "Gedekt, deels of ontbrekend", key=True),
        *bounded("part_pct", "Part of what is asked", "Deel van wat wordt gevraagd", "%"),
        col("skills_n", _I, "Skills that are asked", "Vaardigheden die worden gevraagd"),
        col("vacancies_n", _I, "Vacancies of the occupations", "Vacatures van de beroepen", "vacancies"),
        col("isco08", pa.list_(_S), "Occupations, ISCO-08; none: all", "Beroepen, ISCO-08; geen: alle"),
        col("isco08_n", pa.list_(_I), "Vacancies of each occupation", "Vacatures van elk beroep", "vacancies"),
        col("basis", _S, "How the occupations are known", "Hoe de beroepen bekend zijn", null=False),
        col("first_year", _S, "First year of growth", "Eerste jaar van de groei"),
        col("last_year", _S, "Last year of growth", "Laatste jaar van de groei"),
    ],
)

TABLES = (
    OUT_CURRICULUM,
    OUT_CURRICULUM_PARTS,
    CORE_EDUCATION,
    CORE_COHORTS,
    CORE_GRADUATES,
    CORE_INFLOW,
    OUT_EDUCATION,
    OUT_EDUCATION_SUCCESS,
    OUT_EDUCATION_DESTINATIONS,
    OUT_EDUCATION_FLOW,
    OUT_EDUCATION_AGES,
)
