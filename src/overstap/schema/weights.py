"""Contracts of the tables by which vacancies are raised to official totals, and of a study's warnings."""

from dataclasses import replace

import pyarrow as pa

from overstap.schema.spec import ColumnSpec, col, table

_S, _F, _I, _B, _D = pa.string(), pa.float64(), pa.int64(), pa.bool_(), pa.date32()

KINDS = ("new", "open")
AGENCY = "agency"  # the sector of vacancies that an agency posts for a client whose sector is not known
# Why a vacancy or stratum has no weight of its own, or another than total / n.
NOTES = ("no_totals", "abroad", "search_terms", "not_counted", "no_total", "thin", "joined", "trimmed")

_KIND = col("kind", _S, "new (first postings) or open (live at the end of the quarter)", "new of open", key=True)
_QUARTER = col("quarter", _S, "Quarter", "Kwartaal", key=True)
_SECTOR = col(
    "sector",
    _S,
    "Sector (SBI 2008 sections)",
    "Sector (SBI 2008-secties)",
    key=True,
)
_WEIGHT = col(
    "weight", _F, "Vacancies it stands for; null: none can be given", "Vacatures waar zij voor staat", "vacancies"
)
_NOTE = col("note", _S, "Why there is no weight, or another one", "Waarom er geen gewicht is, of een ander")
_STRATUM = col("stratum", _S, "Sectors weighted together", "Sectoren die samen zijn gewogen")
_CELL: tuple[ColumnSpec, ...] = (
    _KIND,
    _QUARTER,
    col("source_id", _S, "Source", "Bron", key=True),
    _SECTOR,
    col("isco2", _S, "Occupation, ISCO-08 sub-major group", "Beroep, ISCO-08-groep van 2 cijfers", key=True),
)
_VACANCY = col("vacancy_id", _S, "Vacancy", "Vacature", key=True)
_VACANCIES = col("vacancies_n", _I, "Vacancies (n)", "Vacatures (n)", "vacancies", null=False)

CORE_TOTALS = table(
    "core_totals",
    "Official vacancies per sector and quarter, of sectors that do not overlap",
    "Officiële vacatures per sector en kwartaal, van sectoren die niet overlappen",
    [
        _QUARTER,
        _SECTOR,
        col("new_n", _F, "New vacancies in the quarter", "Nieuwe vacatures in het kwartaal", "vacancies"),
        col("open_n", _F, "Open vacancies at its end", "Openstaande vacatures aan het eind", "vacancies"),
        col("first_date", _D, "First day of the quarter", "Eerste dag van het kwartaal", null=False),
        col("last_date", _D, "Last day of the quarter", "Laatste dag van het kwartaal", null=False),
        col(
            "live_since",
            _D,
            "An ad last posted since then is live",
            "Een advertentie van sindsdien staat open",
            null=False,
        ),
    ],
)
CORE_PLACES = table(
    "core_places",
    "Ads of each source by where they are",
    "Advertenties van elke bron naar waar zij zijn",
    [
        col("source_id", _S, "Source", "Bron", key=True),
        col("ads_n", _I, "Ads", "Advertenties", "ads", null=False),
        col("home_n", _I, "With a place in the Netherlands", "Met een plaats in Nederland", "ads", null=False),
        col("abroad_n", _I, "With a place elsewhere", "Met een plaats elders", "ads", null=False),
        col("unread_n", _I, "With a place not recognised", "Met een plaats die niet herkend is", "ads", null=False),
    ],
)
CORE_STRATA = table(
    "core_strata",
    "Where each vacancy belongs for its weight: in its first quarter, and in every quarter at whose end it is live",
    "Waar elke vacature voor haar gewicht bij hoort: in haar eerste kwartaal en in elk kwartaal waarin zij openstaat",
    [
        _KIND,
        _QUARTER,
        _VACANCY,
        col("employer_id", _S, "Employer", "Werkgever", null=False),
        *(replace(column, key=False) for column in _CELL[2:]),
    ],
)
CORE_STRATA_COUNTS = table(
    "core_strata_counts",
    "Vacancies per cell of the weights, and over all sources and occupations",
    "Vacatures per cel van de gewichten, en over alle bronnen en beroepen",
    [*_CELL, _VACANCIES, col("employers_n", _I, "Employers, of a whole sector", "Werkgevers", "employers")],
)
CORE_STRATA_WEIGHTS = table(
    "core_strata_weights",
    "The weight of every vacancy of a cell",
    "Het gewicht van elke vacature van een cel",
    [*_CELL, _STRATUM, _WEIGHT, _NOTE],
)
CORE_WEIGHTS = table(
    "core_weights",
    "How many new vacancies each vacancy stands for",
    "Voor hoeveel nieuwe vacatures elke vacature staat",
    [
        _VACANCY,
        col("quarter", _S, "Quarter of first posting", "Kwartaal van eerste plaatsing", null=False),
        col("sector", _S, "SBI 2008 section; agency, unknown", "SBI 2008-sectie; agency, unknown", null=False),
        _STRATUM,
        _WEIGHT,
        _NOTE,
    ],
)
CORE_STOCK = table(
    "core_stock",
    "How many open vacancies each vacancy stands for that is live at the end of a quarter",
    "Voor hoeveel openstaande vacatures elke vacature staat die aan het eind van een kwartaal openstaat",
    [_QUARTER, _VACANCY, *CORE_WEIGHTS.columns[2:]],
)
OUT_WEIGHTS = table(
    "out_weights",
    "Weights per sector and quarter: what they rest on, what they add up to, what they cost",
    "Gewichten per sector en kwartaal: waarop zij rusten, waartoe zij optellen, wat zij kosten",
    [
        _KIND,
        _QUARTER,
        _SECTOR,
        _STRATUM,
        _VACANCIES,
        col("employers_n", _I, "Employers", "Werkgevers", "employers"),
        col("weighted_n", _I, "Vacancies with a weight", "Vacatures met een gewicht", "vacancies", null=False),
        col(
            "spread_n",
            _F,
            "Of agencies and unknown sectors, expected",
            "Van bureaus en onbekend, verwacht",
            "vacancies",
        ),
        col("total_n", _F, "Official total", "Officieel totaal", "vacancies"),
        col("weights_sum", _F, "Sum of the weights", "Som van de gewichten", "vacancies"),
        col("weight_mean", _F, "Mean weight", "Gemiddeld gewicht"),
        col("weight_max", _F, "Highest weight", "Hoogste gewicht"),
        col("trimmed_pct", _F, "Vacancies whose weight was cut", "Vacatures met afgekapt gewicht", "%"),
        col("design_effect", _F, "Design effect of the weights (Kish)", "Design-effect van de gewichten (Kish)"),
        col("effective_n", _F, "Effective n", "Effectieve n", "vacancies"),
        col("coverage_pct", _F, "Vacancies found, of the total", "Gevonden vacatures, van het totaal", "%"),
        _NOTE,
    ],
)
CORE_DAYS = table(
    "core_days",
    "Vacancies first and last posted per day, feed and sector",
    "Vacatures voor het eerst en het laatst geplaatst per dag, bron en sector",
    [
        col("source_id", _S, "Source", "Bron", key=True),
        _SECTOR,
        col("day", _D, "Day", "Dag", key=True),
        col("first_n", _I, "First posted", "Voor het eerst geplaatst", "vacancies", null=False),
        col("last_n", _I, "Last posted", "Voor het laatst geplaatst", "vacancies", null=False),
    ],
)
# What a nowcast is made of, or why there is none: see docs/method.md.
NOWCAST_NOTES = ("ads", "no_gain", "untested", "official", "few", "apart")
OUT_NOWCAST = table(
    "out_nowcast",
    "Official vacancies, and those not yet published as told from the ads (80 % intervals), with the test of that",
    "Officiële vacatures, en die nog niet gepubliceerd zijn uit de advertenties (80 %-intervallen), met de toets",
    [
        _KIND,
        _SECTOR,
        _QUARTER,
        col("official_n", _F, "Official figure", "Officieel cijfer", "vacancies"),
        col("ads_n", _I, "Vacancies found", "Gevonden vacatures", "vacancies", null=False),
        col("value_n", _F, "Nowcast", "Nowcast", "vacancies"),
        col("low_n", _F, "Nowcast, lower bound", "Nowcast, ondergrens", "vacancies"),
        col("high_n", _F, "Nowcast, upper bound", "Nowcast, bovengrens", "vacancies"),
        col("plain_n", _F, "Forecast without ads", "Voorspelling zonder advertenties", "vacancies"),
        col("error", _F, "Mean absolute error with ads", "Gemiddelde absolute fout met advertenties", "steps"),
        col(
            "plain_error",
            _F,
            "Mean absolute error without ads",
            "Gemiddelde absolute fout zonder advertenties",
            "steps",
        ),
        col("p_value", _F, "P-value of no gain from ads", "P-waarde van geen winst door advertenties"),
        col("origins_n", _I, "Quarters at which it was tested", "Kwartalen waarop is getoetst", "quarters"),
        col(
            "note", _S, "What it is made of, or why there is none", "Waarvan gemaakt, of waarom er geen is", null=False
        ),
    ],
)
CORE_CONCENTRATION = table(
    "core_concentration",
    "Vacancies of the largest employer, per source and year",
    "Vacatures van de grootste werkgever, per bron en jaar",
    [
        col("source_id", _S, "Source", "Bron", key=True),
        col("year", _S, "Year", "Jaar", key=True),
        _VACANCIES,
        col("employers_n", _I, "Employers", "Werkgevers", "employers", null=False),
        col("largest_n", _I, "Vacancies of the largest employer", "Vacatures van de grootste werkgever", null=False),
    ],
)
OUT_WARNINGS = table(
    "out_warnings",
    "What a reader must know before trusting the numbers",
    "Wat een lezer moet weten voordat hij op de cijfers vertrouwt",
    [
        col("code", _S, "Warning", "Waarschuwing", key=True),
        col("subject", _S, "What it is about", "Waar het over gaat", key=True),
        col("severity", _S, "warning or note", "waarschuwing of opmerking", null=False),
        col("n", _F, "How many, or how much", "Hoeveel", null=False),
    ],
)
TABLES = (
    CORE_TOTALS,
    CORE_PLACES,
    CORE_STRATA,
    CORE_STRATA_COUNTS,
    CORE_STRATA_WEIGHTS,
    CORE_WEIGHTS,
    CORE_STOCK,
    OUT_WEIGHTS,
    CORE_DAYS,
    OUT_NOWCAST,
    CORE_CONCENTRATION,
    OUT_WARNINGS,
)
