"""Contracts of what lies behind a change and ahead of it: parts, drift, spread, forecasts, polarisation, ICT."""

import pyarrow as pa

from overstap.schema.spec import bounded, col, table

_S, _F, _I = pa.string(), pa.float64(), pa.int64()

PARTS = ("change", "within", "isco2", "sector", "employer_type", "source", "entry", "exit")
NOTES = ("short", "gap", "few", "drift", "untested")  # why there is no forecast
APART = "apart"  # why there is no change: the periods have no source in common
UNTESTED = "not_tested"  # why nothing is said of a change: too few vacancies
DRIFTS = ("source", "board", "source_mix", "source_language", "coded", "wording")

_ITEM = (
    col("item_kind", _S, "Kind of item", "Soort item", key=True),
    col("item_id", _S, "Item", "Item", key=True),
)
_PERIODS = (
    col("first_period", _S, "First period", "Eerste periode", null=False),
    col("last_period", _S, "Last period", "Laatste periode", null=False),
)
APART_NOTE = col("note", _S, "Why there is no change", "Waarom er geen verandering is")

OUT_COMPOSITION = table(
    "out_composition",
    "Changes of shares split into what is asked and who posts",
    "Veranderingen van aandelen gesplitst in wat wordt gevraagd en wie er plaatst",
    [
        *_ITEM,
        col(
            "part",
            _S,
            "Part of the change",
            "Deel van de verandering",
            key=True,
        ),
        *_PERIODS,
        col("vacancies_n", _I, "Vacancies that it rests on", "Vacatures waarop het rust", "vacancies", null=False),
        col("employers_n", _I, "Employers of both periods", "Werkgevers van beide perioden", "employers", null=False),
        *bounded("value_pp", "Size of the part", "Omvang van het deel", "percentage points"),
        APART_NOTE,
    ],
)

OUT_FIXED_MIX = table(
    "out_fixed_mix",
    "Shares had the mix of occupations, sectors, employer types and sources not changed (chained)",
    "Aandelen bij gelijke samenstelling naar beroep, sector, soort werkgever en bron (keten)",
    [
        *_ITEM,
        col("period", _S, "Year", "Jaar", key=True),
        col("vacancies_n", _I, "Vacancies of the year", "Vacatures van het jaar", "vacancies", null=False),
        col("employers_n", _I, "Employers of the year", "Werkgevers van het jaar", "employers", null=False),
        *bounded("share_pct", "Share at a fixed mix", "Aandeel bij gelijke samenstelling", "%"),
        APART_NOTE,
    ],
)

CORE_BOARDS = table(
    "core_boards",
    "Vacancies per year, source and web site of the first ad",
    "Vacatures per jaar, bron en website van de eerste advertentie",
    [
        col("year", _S, "Year", "Jaar", key=True),
        col("source_id", _S, "Source", "Bron", key=True),
        col(
            "board", _S, "Site in the ad's address; empty where it has none", "Site in het adres; leeg zonder", key=True
        ),
        col("vacancies_n", _I, "Vacancies", "Vacatures", "vacancies", null=False),
    ],
)

OUT_DRIFT = table(
    "out_drift",
    "Changes that may lie in the feed or the wording, not in the labour market",
    "Veranderingen die in de bron of de bewoording kunnen liggen, niet in de arbeidsmarkt",
    [
        col("kind", _S, "Kind of shift", "Soort verschuiving", key=True),
        col("subject", _S, "Source, source/board, or skill", "Bron, bron/site of vaardigheid", key=True),
        col("topsector", _S, "Topsector", "Topsector", key=True),
        col("period", _S, "Year into which it moved", "Jaar waarin het verschoof", key=True),
        col("vacancies_n", _I, "Vacancies of both years", "Vacatures van beide jaren", "vacancies"),
        col("employers_n", _I, "Employers of these, where known", "Werkgevers daarvan, waar bekend", "employers"),
        col("before", _F, "Before (%)", "Ervoor (%)", "%"),
        col("after", _F, "After (%)", "Erna (%)", "%"),
        col("size", _F, "Ratio, or total variation of a mix (0–1)", "Verhouding, of totale variatie van een mix (0–1)"),
        col("size_low", _F, "Lower bound of a ratio (95 %)", "Ondergrens van een verhouding (95 %)"),
        col("size_high", _F, "Upper bound of a ratio (95 %)", "Bovengrens van een verhouding (95 %)"),
        col("units_n", _I, "Occupations heard", "Gehoorde beroepen", "occupations"),
        col("p_value", _F, "p-value of no shift", "p-waarde van geen verschuiving"),
        col("q_value", _F, "Of a wording: adjusted over all skills", "Van een bewoording: over alle vaardigheden"),
    ],
)

OUT_FORECAST = table(
    "out_forecast",
    "Shares in the quarters to come (80 % intervals), with the errors of the same forecast in the past",
    "Aandelen in de komende kwartalen (80 %-intervallen), met de fouten van dezelfde voorspelling in het verleden",
    [
        *_ITEM,
        col("period", _S, "Quarter", "Kwartaal", key=True),
        *bounded("share_pct", "Share", "Aandeel", "%"),
        col(
            "mase",
            _F,
            "Mean absolute error in the past, in usual quarterly steps, of items of these kinds, this far ahead",
            "Gemiddelde absolute fout in het verleden, in gewone kwartaalstappen, van zulke items, zo ver vooruit",
            "steps",
        ),
        col("naive_mase", _F, "The same of the last value", "Idem van de laatste waarde", "steps"),
        col("coverage_pct", _F, "Outcomes within the bounds of then", "Uitkomsten binnen de grenzen van toen", "%"),
        col("origins_n", _I, "Quarters from which it was tested", "Kwartalen van waaruit is getoetst", "quarters"),
        col(
            "note",
            _S,
            "What the figure is, or why there is none",
            "Wat het cijfer is, of waarom er geen is",
        ),
        col("reason", _S, "The flag of drift that stops it", "De melding van verschuiving die het tegenhoudt"),
        col("since", _S, "First quarter that it is fitted to", "Eerste kwartaal waarop het is gebaseerd"),
    ],
)

_SPREAD = (
    ("first", "in the first period", "in de eerste periode"),
    ("last", "in the last period", "in de laatste periode"),
)
OUT_SPREAD = table(
    "out_spread",
    "Over how many occupations and sectors a skill is spread, and how that changed",
    "Over hoeveel beroepen en sectoren een vaardigheid is verspreid, en hoe dat veranderde",
    [
        col("skill_id", _S, "Skill", "Vaardigheid", key=True),
        col("dimension", _S, "Spread over", "Gespreid over", key=True),
        *_PERIODS,
        *(
            column
            for when, en, nl in _SPREAD
            for column in bounded(f"{when}_number", f"Effective number {en}", f"Effectief aantal {nl}")
        ),
        col("asked_n", _I, "Vacancies with the skill, both periods", "Vacatures met de vaardigheid, beide perioden"),
        col(
            "movement",
            _S,
            "Movement",
            "Beweging",
            null=False,
        ),
        APART_NOTE,
    ],
)

OUT_TURNOVER = table(
    "out_turnover",
    "How much what an occupation asks changed (Deming & Noray)",
    "Hoeveel de vraag aan een beroep veranderde (Deming & Noray)",
    [
        col("isco2", _S, "Occupation, ISCO-08 two digits", "Beroep, ISCO-08 twee cijfers", key=True),
        *_PERIODS,
        col("first_n", _I, "Vacancies that ask a skill, first period", "Vacatures met een vaardigheid, eerste periode"),
        col("last_n", _I, "Vacancies that ask a skill, last period", "Vacatures met een vaardigheid, laatste periode"),
        *bounded("turnover", "Sum of absolute changes of shares, chance taken off", "Som van absolute veranderingen"),
        col("turnover_raw", _F, "The sum as published, chance included", "De som zoals gepubliceerd, met toeval"),
        APART_NOTE,
    ],
)

OUT_POLARISATION = table(
    "out_polarisation",
    "Growth of occupations against skill and routine, in vacancies and in jobs",
    "Groei van beroepen tegen niveau en routine, in vacatures en in banen",
    [
        col("what", _S, "Vacancies or jobs", "Vacatures of banen", key=True),
        col(
            "measure",
            _S,
            "Growth against",
            "Groei tegenover",
            key=True,
        ),
        *_PERIODS,
        *bounded("value", "Coefficient", "Coëfficiënt"),
        col("p_value", _F, "p-value of none", "p-waarde van geen"),
        col("occupations_n", _I, "Occupations", "Beroepen", "occupations", null=False),
        col("shape", _S, "Where growth is strongest", "Waar de groei het sterkst is", null=False),
        APART_NOTE,
    ],
)

OUT_DIGITAL_WORKFORCE = table(
    "out_digital_workforce",
    "Workers who depend on ICT for more than half of their work (allocated, see method)",
    "Werkenden die voor meer dan de helft van hun werk van ICT afhangen (toegerekend, zie methode)",
    [
        col("section", _S, "SBI section", "SBI-sectie", key=True),
        col("year", _I, "Year", "Jaar", key=True),
        col(
            "workers",
            _I,
            "Such workers, rounded to two figures",
            "Zulke werkenden, afgerond op twee cijfers",
            "persons",
        ),
        col("workers_low", _I, "With a higher line", "Met een hogere grens", "persons"),
        col("workers_high", _I, "With a lower line", "Met een lagere grens", "persons"),
        col("employed", _I, "All workers", "Alle werkenden", "persons"),
        *bounded("share_pct", "Share", "Aandeel", "%"),
        col("basis", _S, "Basis", "Grond", null=False),
    ],
)

_DIGITAL_CELL = (
    col("period", _S, "Year", "Jaar", key=True),
    col("sector", _S, "SBI section", "SBI-sectie", key=True),
    col("function_group", _S, "Function group", "Functiegroep", key=True),
)
OUT_INTENSITY = table(
    "out_intensity",
    "How many vacancies ask digital skills, and how many of them",
    "Hoeveel vacatures digitale vaardigheden vragen, en hoeveel",
    [
        *_DIGITAL_CELL,
        col("vacancies_n", _I, "Vacancies (n)", "Vacatures (n)", "vacancies", null=False),
        col("employers_n", _I, "Employers", "Werkgevers", "employers", null=False),
        col("digital_n", _I, "Vacancies that ask any", "Vacatures die er een vragen", "vacancies", null=False),
        col("skills_n", _I, "Digital skills asked", "Gevraagde digitale vaardigheden", null=False),
        *bounded("share_pct", "Vacancies that ask any", "Vacatures die er een vragen", "%"),
        *bounded("mean", "Digital skills a vacancy", "Digitale vaardigheden per vacature"),
        *bounded("depth", "Digital skills a vacancy that asks any", "Digitale vaardigheden per vacature met een"),
        col("is_reliable", pa.bool_(), "n reaches the study's minimum", "n haalt het minimum", null=False),
    ],
)

OUT_BORDERS = table(
    "out_borders",
    "How far function groups are behind ICT in digital skills, and whether that border fades",
    "Hoever functiegroepen in digitale vaardigheden achter ICT liggen, en of die grens vervaagt",
    [
        col("sector", _S, "SBI section", "SBI-sectie", key=True),
        col("function_group", _S, "The other function group", "De andere functiegroep", key=True),
        col("measure", _S, "Measure", "Maat", key=True),
        col("period", _S, "Year", "Jaar", key=True),
        col("ict_n", _I, "ICT vacancies", "ICT-vacatures", "vacancies", null=False),
        col("group_n", _I, "Vacancies of the group", "Vacatures van de groep", "vacancies", null=False),
        *bounded("gap", "ICT less the group", "ICT min de groep"),
        *bounded("change", "Change of the gap since the first year", "Verandering van de kloof sinds het eerste jaar"),
        APART_NOTE,
    ],
)

OUT_CROSS_OVER = table(
    "out_cross_over",
    "Roles of two domains, and skills of one domain asked in occupations of another: where, and where they grow",
    "Functies op twee vakgebieden, en vaardigheden van een ander vakgebied: waar, en waar het groeit",
    [
        col("kind", _S, "Kind", "Soort", key=True),
        col(
            "item_id",
            _S,
            "Domains",
            "Vakgebieden",
            key=True,
        ),
        col("isco2", _S, "Occupation, ISCO-08 two digits", "Beroep, ISCO-08 twee cijfers", key=True),
        col("sector", _S, "SBI section", "SBI-sectie", key=True),
        col("period", _S, "Year or quarter", "Jaar of kwartaal", key=True),
        col("asked_n", _I, "Vacancies with it", "Vacatures ermee", "vacancies", null=False),
        col("vacancies_n", _I, "Vacancies (n)", "Vacatures (n)", "vacancies", null=False),
        col("employers_n", _I, "Employers", "Werkgevers", "employers", null=False),
        col("share_pct", _F, "Share", "Aandeel", "%"),
        col("share_low", _F, "Lower bound", "Ondergrens", "%"),
        col("share_high", _F, "Upper bound", "Bovengrens", "%"),
        col(
            "change_pp",
            _F,
            "Change from the first to the last period",
            "Verandering eerste–laatste",
            "percentage points",
        ),
        col("change_low", _F, "Lower bound", "Ondergrens", "percentage points"),
        col("change_high", _F, "Upper bound", "Bovengrens", "percentage points"),
        col("q_value", _F, "p-value of no change, adjusted", "p-waarde van geen verandering, aangepast"),
        col("direction", _S, "Direction", "Richting"),
        col(
            "skills",
            pa.list_(_S),
            "Skills that are asked most of these",
            "Vaardigheden die hiervan het meest worden gevraagd",
        ),
        col(
            "note", _S, "What is not said of the change, and why", "Wat van de verandering niet wordt gezegd, en waarom"
        ),
        col("is_reliable", pa.bool_(), "n reaches the study's minimum", "n haalt het minimum", null=False),
    ],
)

TABLES = (
    OUT_CROSS_OVER,
    OUT_COMPOSITION,
    OUT_FIXED_MIX,
    CORE_BOARDS,
    OUT_DRIFT,
    OUT_FORECAST,
    OUT_SPREAD,
    OUT_TURNOVER,
    OUT_POLARISATION,
    OUT_DIGITAL_WORKFORCE,
    OUT_INTENSITY,
    OUT_BORDERS,
)
