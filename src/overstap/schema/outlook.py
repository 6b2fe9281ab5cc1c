"""Contracts of the labour market ahead: openings and shortages by occupation, age, scenarios, countries."""

import pyarrow as pa

from overstap.schema.spec import ColumnSpec, bounded, col, table

_S, _F, _I, _B = pa.string(), pa.float64(), pa.int64(), pa.bool_()

_WHICH = (
    col("level", _S, "Classification (isco1, isco2, isco4, brc)", "Indeling (isco1, isco2, isco4, brc)", key=True),
    col("code", _S, "Occupation", "Beroep", key=True),
    col("region", _S, "Region; all: the country", "Regio; all: het hele land", key=True),
)
_KNOWN = (
    col("employed_basis", _S, "Employment: how it is known", "Werkenden: hoe het bekend is", null=False),
    col("outflow_basis", _S, "Outflow: how it is known", "Uitstroom: hoe het bekend is", null=False),
    col("source", _S, "Source", "Bron", null=False),
    col("inflow_source", _S, "Source of the inflow", "Bron van de instroom"),
    col("groups_n", _I, "Two-digit groups that the figures come from", "Groepen van twee cijfers erachter", null=False),
)


def _flow(name: str, en: str, nl: str) -> tuple[ColumnSpec, ...]:
    return bounded(name, en, nl, "persons")


_BALANCE = ("Inflow less openings (below 0: shortage)", "Instroom min baanopeningen (onder 0: tekort)")
_SHORT = col("short_pct", _F, "Draws with a shortage", "Trekkingen met een tekort", "%")
_ROA = col("openings_roa", _F, "Openings as ROA counts them", "Baanopeningen zoals ROA ze telt", "persons")

OUT_OUTLOOK = table(
    "out_outlook",
    "Stocks, flows, openings and shortage of each occupation in each year ahead",
    "Werkenden, stromen, baanopeningen en tekort van elk beroep in elk komend jaar",
    [
        *_WHICH,
        col("year", _I, "Year", "Jaar", key=True),
        *_flow("employed", "People who work in it", "Werkenden"),
        *_flow("expansion", "Expansion demand", "Uitbreidingsvraag"),
        *_flow("outflow", "People who leave", "Uitstroom"),
        col("retirement", _F, "Of whom retire", "Van wie met pensioen", "persons"),
        col("exits", _F, "Of whom leave for another reason", "Van wie om andere reden", "persons"),
        col("mobility", _F, "Of whom to other work, on balance", "Van wie naar ander werk, per saldo", "persons"),
        *_flow("openings", "Openings", "Baanopeningen"),
        _ROA,
        col("inflow_low", _F, "Graduates who enter, lower bound", "Instroom van school, ondergrens", "persons"),
        col("inflow_high", _F, "Graduates who enter, upper bound", "Instroom van school, bovengrens", "persons"),
        *_flow("balance", *_BALANCE),
        *_flow("balance_total", "Balance since the base year", "Saldo sinds het basisjaar"),
        _SHORT,
        *_KNOWN,
    ],
)

OUT_OUTLOOK_WINDOW = table(
    "out_outlook_window",
    "The outlook of each occupation over all years, with the classes of ROA and UWV",
    "Het vooruitzicht van elk beroep over alle jaren, met de klassen van ROA en UWV",
    [
        *_WHICH,
        col("first_year", _I, "Base year", "Basisjaar", null=False),
        col("last_year", _I, "Last year", "Laatste jaar", null=False),
        col("employed", _F, "People who work in it, base year", "Werkenden, basisjaar", "persons"),
        *bounded("growth_pct", "Growth of employment", "Groei van de werkgelegenheid", "%"),
        *_flow("expansion", "Expansion demand", "Uitbreidingsvraag"),
        *_flow("outflow", "People who leave", "Uitstroom"),
        *_flow("openings", "Openings", "Baanopeningen"),
        _ROA,
        *_flow("inflow", "Graduates who enter, middle of the bounds", "Instroom van school, midden van de grenzen"),
        *_flow("balance", *_BALANCE),
        _SHORT,
        *bounded("ita", "Inflow (and unemployed) per opening", "Instroom (en werklozen) per baanopening", "ratio"),
        col("ita_class", _S, "Class of ROA", "Typering van ROA"),
        col("with_unemployed", _B, "Short-term unemployed are counted", "Kortdurend werklozen geteld"),
        col("tension", _F, "Vacancies per short-term unemployed", "Vacatures per kortdurend werkloze", "ratio"),
        col("tension_class", _S, "Class of UWV", "Typering van UWV"),
        col("tension_source", _S, "Source of the tension", "Bron van de spanning"),
        *_KNOWN,
    ],
)

_SCENARIO = col("scenario", _S, "Scenario", "Scenario", key=True)
_OUTCOME = col("outcome", _S, "Outcome", "Uitkomst", key=True)

OUT_SCENARIOS = table(
    "out_scenarios",
    "Scenarios side by side: jobs, openings, placement and shortage over all years, beside the base",
    "Scenario's naast elkaar: banen, baanopeningen, plaatsing en tekort over alle jaren, naast de basis",
    [
        _SCENARIO,
        col("topsector", _S, "Topsector; all: the country", "Topsector; all: het hele land", key=True),
        _OUTCOME,
        col("first_year", _I, "Base year", "Basisjaar", null=False),
        col("last_year", _I, "Last year", "Laatste jaar", null=False),
        *bounded(
            "value",
            "Value; what does not add up: the median of futures",
            "Waarde; wat niet optelt: de mediaan van de toekomsten",
        ),
        col("path", _F, "On the path, without errors", "Op het pad, zonder fouten"),
        *bounded("change", "Change from the base, median", "Verschil met de basis, mediaan"),
        col("known_pct", _F, "Jobs of which this is known", "Banen waarvan dit bekend is", "%", null=False),
        col("draws_n", _I, "Futures drawn (n)", "Getrokken toekomsten (n)", null=False),
    ],
)

OUT_SCENARIO_OCCUPATIONS = table(
    "out_scenario_occupations",
    "The outlook of each occupation under each scenario; of the base it is that of out_outlook_window",
    "Het vooruitzicht van elk beroep onder elk scenario; van de basis is het dat van out_outlook_window",
    [
        _SCENARIO,
        *(column for column in OUT_OUTLOOK_WINDOW.columns if not column.name.startswith("tension")),
    ],
)

OUT_SCENARIO_LEVERS = table(
    "out_scenario_levers",
    "What each lever does by itself between its bounds, the others as the scenario has them",
    "Wat elke knop op zichzelf doet tussen zijn grenzen, de andere zoals het scenario ze heeft",
    [
        _SCENARIO,
        col("lever", _S, "Lever", "Knop", key=True),
        _OUTCOME,
        col("unit", _S, "Unit of the lever", "Eenheid van de knop", null=False),
        col("lever_low", _F, "Lever, low", "Knop, laag", null=False),
        col("lever_high", _F, "Lever, high", "Knop, hoog", null=False),
        col("value_low", _F, "Outcome with the lever low", "Uitkomst met de knop laag"),
        col("value_high", _F, "Outcome with the lever high", "Uitkomst met de knop hoog"),
    ],
)

OUT_COUNTRIES = table(
    "out_countries",
    "The mix of occupations, its growth and other indicators by country, with the rank among countries",
    "De samenstelling naar beroep, de groei en andere indicatoren per land, met de plaats in de rij",
    [
        col("country", _S, "Country (Eurostat's code)", "Land (code van Eurostat)", key=True),
        col(
            "measure",
            _S,
            "Measure: share, growth, distance (from the union's mix), indicator",
            "Maat: aandeel, groei, afstand (tot de mix van de unie), indicator",
            key=True,
        ),
        col("item_kind", _S, "Kind: isco1, isco2, group, eurostat", "Soort: isco1, isco2, groep, eurostat", key=True),
        col("item", _S, "Occupation or indicator", "Beroep of indicator", key=True),
        col("period", _S, "Period", "Periode", key=True),
        col(
            "value",
            _F,
            "Value, of the groups that have figures",
            "Waarde, van de groepen met cijfers",
        ),
        col("unit", _S, "Unit", "Eenheid", null=False),
        col(
            "rank",
            _I,
            "Rank, 1 the highest; null: a union, or groups left out",
            "Plaats, 1 de hoogste; leeg: een unie, of groepen buiten beschouwing",
        ),
        col("countries_n", _I, "Countries with a rank (n)", "Landen met een plaats (n)", null=False),
        col("left_out", _S, "Two-digit groups left out: no figure", "Groepen buiten beschouwing: geen cijfer"),
        col("basis", _S, "Survey or forecast", "Enquête of prognose", null=False),
        col("breaks", _S, "Years in which the series jumps", "Jaren waarin de reeks verspringt"),
        col("source", _S, "Source", "Bron", null=False),
    ],
)

OUT_WORKFORCE_AGE = table(
    "out_workforce_age",
    "A sector's workforce by the user's table of ages, carried forward: retirements and the productivity then asked",
    "De werkenden van een sector naar de eigen leeftijdstabel, doorgerekend: pensioen en de dan nodige productiviteit",
    [
        col("sector", _S, "Sector", "Sector", key=True),
        col("year", _I, "Year", "Jaar", key=True),
        *_flow("retired", "Retired since the start", "Met pensioen sinds het begin"),
        *bounded("retired_share_pct", "The same, of all at the start", "Idem, van allen aan het begin", "%"),
        *_flow("left", "Left otherwise since the start", "Anders vertrokken sinds het begin"),
        *_flow("stayed", "Still there, of those at the start", "Nog aanwezig, van wie er aan het begin was"),
        *_flow("entered", "Entered since the start", "Ingestroomd sinds het begin"),
        *_flow("people", "Workforce", "Werkenden"),
        *bounded(
            "productivity_pct", "Growth of productivity a year that is needed", "Nodige groei productiviteit", "%"
        ),
        col("source", _S, "Source", "Bron", null=False),
    ],
)

TABLES = (
    OUT_OUTLOOK,
    OUT_OUTLOOK_WINDOW,
    OUT_SCENARIOS,
    OUT_SCENARIO_OCCUPATIONS,
    OUT_SCENARIO_LEVERS,
    OUT_COUNTRIES,
    OUT_WORKFORCE_AGE,
)
