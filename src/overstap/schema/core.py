"""Contracts of `core_` tables: typed, coded, one vacancy counted once."""

import pyarrow as pa

from overstap.schema.spec import ColumnSpec, col, table

_S = pa.string()
_TEXTS = pa.list_(_S)

CANDIDATES = pa.list_(pa.struct([("code", _S), ("score", pa.float32())]))
SKILLS = pa.list_(
    pa.struct(
        [
            ("skill_id", _S),
            ("esco_uri", _S),
            ("label_nl", _S),
            ("label_en", _S),
            ("category", _S),
            ("section", _S),
            ("required", pa.bool_()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("score", pa.float32()),
            ("method", _S),
        ]
    )
)
FACT_SPANS = pa.list_(pa.struct([("field", _S), ("start", pa.int32()), ("end", pa.int32())]))

SECTIONS = ("requirements", "tasks", "company", "benefits", "application", "other")
ASKED_SECTIONS = ("requirements", "tasks", "other")
FUNCTION_GROUPS = ("ict", "manager", "other")
SALARY_PERIODS = ("hour", "month", "year")
CONTRACTS = ("permanent", "temporary", "freelance", "internship", "on_call")
REMOTE = ("yes", "hybrid", "no")
FIRM_SIZES = ("1-9", "10-49", "50-249", "250+")
EDUCATION_LEVELS = ("geen", "vmbo", "mbo1", "mbo2", "mbo3", "mbo4", "mbo", "hbo", "wo", "phd")
LANGUAGES = ("nl", "en", "de", "fr", "other")

# What is coded about an ad; the annotation of an ad and the vacancy that it opens share these columns.
CODED: tuple[ColumnSpec, ...] = (
    col("title", _S, "Job title as posted", "Functietitel zoals geplaatst"),
    col("title_key", _S, "Normalised title", "Genormaliseerde titel"),
    col("language", _S, "Language (nl, en, de, fr, other)", "Taal (nl, en, de, fr, other)", null=False),
    col(
        "codable", pa.bool_(), "Title can be coded to an occupation", "Titel is te coderen naar een beroep", null=False
    ),
    col("isco08", _S, "Occupation, ISCO-08 unit group (4 digits)", "Beroep, ISCO-08 unit group (4 cijfers)"),
    col("isco08_score", pa.float32(), "Score of the occupation", "Score van het beroep", "0–1"),
    col("isco08_candidates", CANDIDATES, "Candidate occupations with score", "Kandidaat-beroepen met score"),
    col("function_group", _S, "Function group (ict, manager, other)", "Functiegroep (ict, manager, other)"),
    col("is_hybrid", pa.bool_(), "Role of two domains", "Functie op twee vakgebieden"),
    col("domains", _TEXTS, "Domains of the role", "Vakgebieden van de functie"),
    col("education_levels", _TEXTS, "Education levels asked", "Gevraagde opleidingsniveaus"),
    col("experience_years_min", pa.float32(), "Experience asked, at least", "Gevraagde ervaring, minstens", "years"),
    col("hours_min", pa.float32(), "Hours a week, at least", "Uren per week, minstens", "hours"),
    col("hours_max", pa.float32(), "Hours a week, at most", "Uren per week, hoogstens", "hours"),
    col("salary_min", pa.float64(), "Gross pay, full time, from", "Bruto loon, voltijds, vanaf", "eur"),
    col("salary_max", pa.float64(), "Gross pay, full time, to", "Bruto loon, voltijds, tot", "eur"),
    col("salary_period", _S, "Period of the pay (hour, month, year)", "Periode van het loon (hour, month, year)"),
    col(
        "contract",
        _S,
        "Contract (permanent, temporary, freelance, internship, on_call)",
        "Contract (permanent, temporary, freelance, internship, on_call)",
    ),
    col("languages_required", _TEXTS, "Languages asked, ISO 639-1", "Gevraagde talen, ISO 639-1"),
    col("driving_licence", _S, "Driving licence asked, category", "Gevraagd rijbewijs, categorie"),
    col("remote", _S, "Work from home (yes, hybrid, no)", "Thuiswerken (yes, hybrid, no)"),
    col("is_agency", pa.bool_(), "Posted by an agency", "Geplaatst door een bureau"),
    col("firm_size", _S, "People employed, size class", "Werkzame personen, grootteklasse"),
    col("sector", _S, "Sector, SBI 2008 section letter", "Sector, SBI 2008-sectieletter"),
    col("sbi_code", _S, "SBI 2008 code, as fine as known", "SBI 2008-code, zo fijn als bekend"),
    col("sector_score", pa.float32(), "Score of the sector", "Score van de sector", "0–1"),
    col("topsectors", _TEXTS, "Topsectors of the employer", "Topsectoren van de werkgever"),
    col("province_code", _S, "Province, NUTS 2 code", "Provincie, NUTS 2-code"),
    col("nuts3_code", _S, "COROP region, NUTS 3 code", "COROP-gebied, NUTS 3-code"),
)

CORE_ANNOTATIONS = table(
    "core_annotations",
    "Ads annotated: one row per ad, each code with its score, each skill with the span that proves it",
    "Geannoteerde advertenties: één rij per advertentie, elke code met score, elke vaardigheid met bewijsplaats",
    [
        col("ad_id", _S, "Ad", "Advertentie", key=True),
        *CODED,
        col(
            "skills",
            SKILLS,
            "Skills mentioned, with span, section and score",
            "Genoemde vaardigheden, met plaats, onderdeel en score",
        ),
        col("fact_spans", FACT_SPANS, "Spans that prove the facts", "Plaatsen die de feiten bewijzen"),
    ],
)

CORE_POSTINGS = table(
    "core_postings",
    "Which vacancy each ad belongs to, and why",
    "Bij welke vacature elke advertentie hoort, en waarom",
    [
        col("ad_id", _S, "Ad", "Advertentie", key=True),
        col(
            "vacancy_id",
            _S,
            "Vacancy: the id of its first ad",
            "Vacature: het id van de eerste advertentie",
            null=False,
        ),
        col(
            "rule",
            _S,
            "first, same_key (title, company, place) or same_text (MinHash)",
            "first, same_key (titel, bedrijf, plaats) of same_text (MinHash)",
            null=False,
        ),
        col("employer_key", _S, "Normalised name of the employer", "Genormaliseerde naam van de werkgever"),
        col(
            "similarity",
            pa.float32(),
            "Estimated Jaccard similarity of the texts",
            "Geschatte Jaccard-gelijkenis van de teksten",
            "0–1",
        ),
    ],
)

CORE_SKILLS = table(
    "core_skills",
    "Skills of the taxonomy in use",
    "Vaardigheden van de gebruikte taxonomie",
    [
        col("skill_id", _S, "Skill", "Vaardigheid", key=True),
        col("esco_uri", _S, "ESCO URI", "ESCO-URI"),
        col("label_nl", _S, "Dutch label, where known", "Nederlands label, waar bekend"),
        col("label_en", _S, "English label, where known", "Engels label, waar bekend"),
        col("category", _S, "Category", "Categorie", null=False),
        col(
            "category_group",
            _S,
            "Group of categories (digital, other, professional, language)",
            "Groep van categorieën",
            null=False,
        ),
    ],
)

CORE_VACANCIES = table(
    "core_vacancies",
    "Vacancies: each counted once, coded from its first ad",
    "Vacatures: elk één keer geteld, gecodeerd naar de eerste advertentie",
    [
        col("vacancy_id", _S, "Vacancy", "Vacature", key=True),
        col("source_id", _S, "Source of the first ad", "Bron van de eerste advertentie", null=False),
        col(
            "employer_id",
            _S,
            "Employer (normalised name), the cluster of the intervals",
            "Werkgever (genormaliseerde naam), het cluster van de intervallen",
            null=False,
        ),
        col("first_date", pa.date32(), "First posted", "Eerst geplaatst", null=False),
        col("last_date", pa.date32(), "Last posted", "Laatst geplaatst", null=False),
        col("postings_n", pa.int64(), "Ads of this vacancy", "Advertenties van deze vacature", "ads", null=False),
        col("year", _S, "Year of first posting", "Jaar van eerste plaatsing", null=False),
        col("month", _S, "Month of first posting", "Maand van eerste plaatsing", null=False),
        *CODED,
    ],
)

CORE_VACANCY_SKILLS = table(
    "core_vacancy_skills",
    "Skills asked per vacancy: each skill once, from the asked parts of the text only",
    "Gevraagde vaardigheden per vacature: elke vaardigheid één keer, alleen uit de vragende delen van de tekst",
    [
        col("vacancy_id", _S, "Vacancy", "Vacature", key=True),
        col("skill_id", _S, "Skill", "Vaardigheid", key=True),
        col("required", pa.bool_(), "Required (false: a plus)", "Vereist (false: een pré)", null=False),
        col("mentions_n", pa.int64(), "Mentions", "Vermeldingen", "spans", null=False),
        col("score", pa.float32(), "Highest score of the mentions", "Hoogste score van de vermeldingen", "0–1"),
    ],
)

TABLES = (CORE_ANNOTATIONS, CORE_POSTINGS, CORE_SKILLS, CORE_VACANCIES, CORE_VACANCY_SKILLS)
