"""Contracts of what the pages of one skill, of one occupation and of two editions show beside the other tables."""

import pyarrow as pa

from overstap.schema.out import CELL_NAMES, OUT_CHANGE, OUT_DEMAND, OUT_LEVELS
from overstap.schema.spec import bounded, col, table

_S, _F, _I = pa.string(), pa.float64(), pa.int64()

_NOT_OF_OCCUPATIONS = (*CELL_NAMES, "corrected")
_RELIABLE = next(column for column in OUT_LEVELS.columns if column.name == "is_reliable")
_SHARED = tuple(
    column
    for column in OUT_DEMAND.columns
    if column.name in ("vacancies_n", "employers_n") or column.name.startswith("share_")
)

OUT_SKILL_PAIRS = table(
    "out_skill_pairs",
    "Skills that are asked together: the share of the vacancies with one that ask the other, against that of all",
    "Vaardigheden die samen worden gevraagd: aandeel van de vacatures met de ene dat de andere vraagt, naast alle",
    [
        col("skill_id", _S, "Skill", "Vaardigheid", key=True),
        col("other_id", _S, "Other skill", "Andere vaardigheid", key=True),
        col("both_n", _I, "Vacancies that ask both", "Vacatures die beide vragen", "vacancies", null=False),
        *_SHARED,
        col("overall_pct", _F, "Share of all vacancies", "Aandeel van alle vacatures", "%", null=False),
        *bounded("lift", "Times as often as in all vacancies", "Maal zo vaak als in alle vacatures", "×"),
        _RELIABLE,
    ],
)

OUT_OCCUPATIONS = table(
    "out_occupations",
    "Share of vacancies for each occupation, over the whole period and in each year",
    "Aandeel vacatures voor elk beroep, over de hele periode en in elk jaar",
    [c for c in OUT_DEMAND.columns if not c.name.startswith(_NOT_OF_OCCUPATIONS)],
)

OUT_OCCUPATION_CHANGE = table(
    "out_occupation_change",
    "Occupations that are asked more, or less, than before",
    "Beroepen waar meer, of minder, om wordt gevraagd dan voorheen",
    [c for c in OUT_CHANGE.columns if not c.name.startswith(_NOT_OF_OCCUPATIONS)],
)

OUT_OCCUPATION_TITLES = table(
    "out_occupation_titles",
    "Titles under which employers look for an occupation",
    "Functietitels waaronder werkgevers een beroep zoeken",
    [
        col("occupation", _S, "Occupation", "Beroep", key=True),
        col("title", _S, "Title", "Titel", key=True),
        col("asked_n", _I, "Vacancies with the title", "Vacatures met de titel", "vacancies", null=False),
        *_SHARED,
        _RELIABLE,
    ],
)

CORE_QUOTES = table(
    "core_quotes",
    "A few masked passages of ads of each occupation, with the words that show a skill",
    "Enkele gemaskeerde passages uit advertenties voor elk beroep, met de woorden die een vaardigheid aantonen",
    [
        col("isco08", _S, "ISCO-08 unit group", "ISCO-08-beroep", key=True),
        col("place", _I, "Which ad", "Hoeveelste advertentie", key=True),
        col(
            "start", _I, "First character of the words in the text", "Eerste teken van de woorden in de tekst", key=True
        ),
        col("ad_id", _S, "Ad", "Advertentie", null=False),
        col("title", _S, "Title", "Titel"),
        col("before", _S, "Text before", "Tekst ervoor", null=False),
        col("words", _S, "Words", "Woorden", null=False),
        col("after", _S, "Text after", "Tekst erna", null=False),
    ],
)

OUT_EDITIONS = table(
    "out_editions",
    "Shares of the same years in the edition before and in this one, and why they differ",
    "Aandelen van dezelfde jaren in de vorige editie en in deze, en waarom ze verschillen",
    [
        col("item_kind", _S, "Kind of item", "Soort item", key=True),
        col("item_id", _S, "Item", "Item", key=True),
        col("year", _S, "Year", "Jaar", key=True),
        *bounded("old_pct", "Share before", "Aandeel eerst", "%"),
        *bounded("new_pct", "Share now", "Aandeel nu", "%"),
        col("difference_pct", _F, "Difference", "Verschil", "percentage points"),
        col("by_coding_pct", _F, "By coding", "Door de codering", "percentage points"),
        col("by_vacancies_pct", _F, "By other vacancies", "Door andere vacatures", "percentage points"),
        col("old_n", _I, "Vacancies before", "Vacatures eerst", "vacancies", null=False),
        col("new_n", _I, "Vacancies now", "Vacatures nu", "vacancies", null=False),
        col("both_n", _I, "Vacancies of both editions", "Vacatures in beide edities", "vacancies", null=False),
    ],
)

OUT_EDITION_YEARS = table(
    "out_edition_years",
    "Vacancies of each year in the edition before, in this one, and in both",
    "Vacatures per jaar in de vorige editie, in deze en in beide",
    [
        col("year", _S, "Year", "Jaar", key=True),
        col("old_n", _I, "Vacancies before", "Vacatures eerst", "vacancies", null=False),
        col("new_n", _I, "Vacancies now", "Vacatures nu", "vacancies", null=False),
        col("both_n", _I, "Vacancies of both editions", "Vacatures in beide edities", "vacancies", null=False),
    ],
)

OUT_EDITION_FACTS = table(
    "out_edition_facts",
    "What was set up otherwise in the edition before: settings, sources, version",
    "Wat in de vorige editie anders was ingesteld: instellingen, bronnen, versie",
    [
        col("fact", _S, "Fact (study, version, setting, source)", "Feit (study, version, setting, source)", key=True),
        col("subject", _S, "Subject", "Onderwerp", key=True),
        col("before", _S, "Before", "Eerst"),
        col("now", _S, "Now", "Nu"),
    ],
)

TABLES = (
    CORE_QUOTES,
    OUT_SKILL_PAIRS,
    OUT_OCCUPATIONS,
    OUT_OCCUPATION_CHANGE,
    OUT_OCCUPATION_TITLES,
    OUT_EDITIONS,
    OUT_EDITION_YEARS,
    OUT_EDITION_FACTS,
)
