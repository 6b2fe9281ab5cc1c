"""Contracts of moves between occupations: what is known of each, who can go where, and where everyone could go."""

import pyarrow as pa

from overstap.schema.spec import ColumnSpec, col, table

_S, _F, _I, _B = pa.string(), pa.float64(), pa.int64(), pa.bool_()
_LIST = pa.list_(_S)

LEVELS = ("brc", "isco")
ONET = ("onet_skills", "onet_knowledge", "onet_styles", "onet_activities", "onet_zone")
COMPONENTS = ("essential", "optional", "cosine", "jaccard", "activities", "groups", "meaning", "names", *ONET)
"""Components of similarity; those of O*NET where it is installed."""
RULES_NL = {"similar": "verwant", "level": "niveau", "licence": "bevoegdheid", "outlook": "vooruitzicht", "pay": "loon"}

_FROM_TO = (
    col("from_code", _S, "Occupation left", "Beroep van vertrek", key=True),
    col("to_code", _S, "Occupation entered", "Beroep van aankomst", key=True),
)
_ASKED = (
    col("who", _S, "Who counts", "Wie telt", key=True),
    col(
        "pay",
        _S,
        "Pay that a move must keep",
        "Loon dat moet blijven",
        key=True,
    ),
)


def _known(name: str, en: str, nl: str) -> list[ColumnSpec]:
    """How a group of figures is known, and from which source."""
    return [
        col(f"{name}_basis", _S, f"{en}: how it is known", f"{nl}: hoe het bekend is"),
        col(f"{name}_source", _S, f"{en}: source", f"{nl}: bron"),
    ]


CORE_OCCUPATIONS = table(
    "core_occupations",
    "What is known of each occupation beside its skills, and how",
    "Wat van elk beroep bekend is naast zijn vaardigheden, en hoe",
    [
        col("code", _S, "Occupation, code", "Beroep, code", key=True),
        col("level", _S, "Classification", "Indeling", null=False),
        col("name_nl", _S, "Name, Dutch", "Naam, Nederlands"),
        col("name_en", _S, "Name, English", "Naam, Engels"),
        col("skill_level_min", _I, "ISCO skill level, lowest", "ISCO-niveau, laagste", "1-4"),
        col("skill_level_max", _I, "ISCO skill level, highest", "ISCO-niveau, hoogste", "1-4"),
        col("jobs", _F, "People who work in it", "Mensen die erin werken", "persons"),
        *_known("jobs", "Jobs", "Werkenden"),
        col("women", _F, "Share of women", "Aandeel vrouwen", "share"),
        *_known("women", "Women", "Vrouwen"),
        col("education_high", _F, "Share of highly educated", "Aandeel hoogopgeleid", "share"),
        *_known("education", "Education", "Opleiding"),
        col("pay_p25", _F, "Pay an hour, lower quartile", "Uurloon, onderste kwartiel", "EUR"),
        col("pay_p50", _F, "Pay an hour, median", "Uurloon, mediaan", "EUR"),
        col("pay_p75", _F, "Pay an hour, upper quartile", "Uurloon, bovenste kwartiel", "EUR"),
        *_known("pay", "Pay", "Loon"),
        col("growth", _F, "Change of employment over the window", "Verandering werkgelegenheid in de periode", "share"),
        col("growth_low", _F, "Lowest of the coarser groups", "Laagste van de grovere groepen", "share"),
        col("growth_high", _F, "Highest of the coarser groups", "Hoogste van de grovere groepen", "share"),
        *_known("growth", "Outlook", "Vooruitzicht"),
        col("expansion", _F, "Expansion demand a year", "Uitbreidingsvraag per jaar", "persons"),
        col("outflow", _F, "People who leave a year", "Mensen die vertrekken per jaar", "persons"),
        col("openings", _F, "Openings a year", "Baanopeningen per jaar", "persons"),
        *_known("openings", "Openings", "Baanopeningen"),
        col("tension", _F, "Vacancies per short-term unemployed", "Vacatures per kortdurend werkloze", "ratio"),
        col("named_shrinking", _B, "Named by the study as shrinking", "Door de studie krimpend genoemd", null=False),
        col(
            "licences",
            _LIST,
            "Licences of which most jobs ask one",
            "Bevoegdheden waarvan de meeste banen er een vragen",
        ),
        col("licences_part", _LIST, "Licences that some jobs ask", "Bevoegdheden die een deel vraagt"),
    ],
)

CORE_SIMILARITY = table(
    "core_similarity",
    "How much of what one occupation asks another gives",
    "Hoeveel van wat een beroep vraagt een ander biedt",
    [
        *_FROM_TO,
        col("similarity", _F, "Similarity", "Verwantschap", "0-1"),
        col("band", _S, "Band of similarity", "Klasse van verwantschap"),
        *(col(name, _F, f"Component: {name}", f"Deelmaat: {name}", "0-1") for name in COMPONENTS),
        col("ads", _F, "In what the study's own ads ask", "In wat de advertenties van de studie vragen", "0-1"),
        col("skill_space", _F, "In the space of the skills of its ads", "In de ruimte van hun vaardigheden", "0-1"),
    ],
)

OUT_MOVES = table(
    "out_moves",
    "Moves between occupations that are alike enough: which rules they pass, and what has to be learnt",
    "Overstappen tussen voldoende verwante beroepen: aan welke regels ze voldoen, en wat er te leren is",
    [
        *_FROM_TO,
        col("similarity", _F, "Similarity", "Verwantschap", "0-1", null=False),
        col("band", _S, "Band of similarity", "Klasse van verwantschap", null=False),
        *(
            col(f"passes_{rule}", _B, f"Passes the rule on {rule}; null: unknown", f"Voldoet: {nl}; leeg: onbekend")
            for rule, nl in RULES_NL.items()
            if rule != "similar"
        ),
        col("is_feasible", _B, "Feasible: level and licence", "Haalbaar: niveau en bevoegdheid", null=False),
        col(
            "is_desirable",
            _B,
            "Outlook and pay as well; unknown counts as no",
            "Ook vooruitzicht en loon; onbekend telt als nee",
            null=False,
        ),
        col(
            "missing_pct",
            _F,
            "Part of the essential skills that is missing; near ones count",
            "Ontbrekend deel (wat er bijna op lijkt telt mee)",
            "%",
        ),
        col("months", _F, "Months of learning", "Maanden leren", "months"),
        col("months_low", _F, "Months, low", "Maanden, laag", "months"),
        col("months_high", _F, "Months, high", "Maanden, hoog", "months"),
        col("eur", _F, "Price of learning", "Prijs van leren", "EUR"),
        col("eur_low", _F, "Price, low", "Prijs, laag", "EUR"),
        col("eur_high", _F, "Price, high", "Prijs, hoog", "EUR"),
        col("assumed_pct", _F, "Part of the months that is assumed", "Deel van de maanden dat is aangenomen", "%"),
    ],
)

OUT_PLACEMENT = table(
    "out_placement",
    "How many of those who must leave find a place, when all compete for the same openings",
    "Hoeveel van wie moet vertrekken een plek vindt, als allen om dezelfde openingen strijden",
    [
        *_ASKED,
        col("first_year", _I, "From", "Van", null=False),
        col("last_year", _I, "To", "Tot", null=False),
        col("leavers", _I, "People who must leave", "Mensen die moeten vertrekken", "persons", null=False),
        col("placed", _F, "Placed, where pay is known", "Geplaatst, waar loon bekend is", "persons", null=False),
        col("placed_pct", _F, "Share placed", "Aandeel geplaatst", "%"),
        col("placed_high", _I, "Placed, if unknown pay were kept", "Geplaatst, als onbekend loon bleef", "persons"),
        col("placed_high_pct", _F, "Share placed, upper bound", "Aandeel geplaatst, bovengrens", "%"),
    ],
)

OUT_PLACEMENT_OCCUPATIONS = table(
    "out_placement_occupations",
    "Those who must leave by occupation: how many find a place, and why others do not",
    "Wie moet vertrekken naar beroep: hoeveel een plek vinden, en waarom anderen niet",
    [
        col("code", _S, "Occupation left", "Beroep van vertrek", key=True),
        col("leavers", _I, "People who must leave", "Mensen die moeten vertrekken", "persons", null=False),
        col("placed", _F, "Placed in the answer shown", "Geplaatst in het getoonde antwoord", "persons", null=False),
        col("placed_low", _I, "Placed, fewest over all best answers", "Geplaatst, minst", "persons", null=False),
        col("placed_high", _I, "Placed, most over all best answers", "Geplaatst, meest", "persons", null=False),
        col(
            "reason",
            _S,
            "Why others are not",
            "Waarom anderen niet",
        ),
    ],
)

OUT_PLACEMENT_GROUPS = table(
    "out_placement_groups",
    "Those who must leave by sex and by the groups of the user's table: how many find a place",
    "Wie moet vertrekken naar geslacht en naar de groepen van de eigen tabel: hoeveel een plek vinden",
    [
        col(
            "kind", _S, "Kind of group: sex, age, education …", "Soort groep: geslacht, leeftijd, opleiding …", key=True
        ),
        col("group", _S, "Group", "Groep", key=True),
        col("leavers", _F, "People who must leave", "Mensen die moeten vertrekken", "persons", null=False),
        col(
            "placed",
            _F,
            "Placed, as all of their occupation",
            "Geplaatst, als allen in hun beroep",
            "persons",
            null=False,
        ),
        col("placed_pct", _F, "Share placed", "Aandeel geplaatst", "%"),
        col("known_pct", _F, "Leavers whose occupation has figures", "Vertrekkers met cijfers over hun beroep", "%"),
    ],
)

OUT_PLACEMENT_FLOWS = table(
    "out_placement_flows",
    "Who goes where in the answer with most people placed in the work most alike",
    "Wie waarheen gaat in het antwoord met de meeste mensen op het meest verwante werk",
    [
        *_FROM_TO,
        col("persons", _F, "People", "Mensen", "persons", null=False),
        col("similarity", _F, "Similarity", "Verwantschap", "0-1", null=False),
    ],
)

OUT_PLACEMENT_BOUNDS = table(
    "out_placement_bounds",
    "What easing one bound would bring, found by solving again",
    "Wat het verruimen van een grens zou opleveren, gevonden door opnieuw op te lossen",
    [
        col("bound", _S, "Bound eased", "Verruimde grens", key=True),
        col("placed", _I, "Placed", "Geplaatst", "persons", null=False),
        col("more", _I, "More than now", "Meer dan nu", "persons", null=False),
    ],
)

OUT_PLACEMENT_SURFACE = table(
    "out_placement_surface",
    "The share placed under other thresholds, rules, definitions and years",
    "Het aandeel geplaatst onder andere grenzen, regels, definities en jaren",
    [
        *_ASKED,
        col("similar", _F, "Least similarity", "Minste verwantschap", "0-1", key=True),
        col("measure", _S, "Weights: combined, or one component", "Gewichten: samen, of een deelmaat", key=True),
        col("levels", _I, "Largest step in skill level", "Grootste niveauverschil", key=True),
        col("last_year", _I, "Last year of the outlook", "Laatste jaar van het vooruitzicht", key=True),
        col("outlook", _S, "Source of the outlook", "Bron van het vooruitzicht", key=True),
        col("leavers", _I, "People who must leave", "Mensen die moeten vertrekken", "persons", null=False),
        col("placed", _I, "Placed", "Geplaatst", "persons", null=False),
        col("placed_pct", _F, "Share placed", "Aandeel geplaatst", "%"),
    ],
)

TABLES = (
    CORE_OCCUPATIONS,
    CORE_SIMILARITY,
    OUT_MOVES,
    OUT_PLACEMENT,
    OUT_PLACEMENT_OCCUPATIONS,
    OUT_PLACEMENT_GROUPS,
    OUT_PLACEMENT_FLOWS,
    OUT_PLACEMENT_BOUNDS,
    OUT_PLACEMENT_SURFACE,
)
