"""Contracts of `out_` tables: the answers, each row with its n, period and interval."""

import pyarrow as pa

from overstap.schema.spec import ColumnSpec, bounded, col, table

_S, _F, _I = pa.string(), pa.float64(), pa.int64()

ALL = "all"  # the value of a dimension that is not split
UNKNOWN = "unknown"  # the value of a dimension that could not be coded
ITEM_KINDS = ("skill", "category", "category_group", "function_group", "technology", "title")
LEVEL_KINDS = ("skill", "category", "category_group", "function_group", "technology")  # titles are too many
DIRECTIONS = ("rising", "falling", "unclear")

# A cell: which vacancies are counted. Every dimension may be `all`.
CELL: tuple[ColumnSpec, ...] = (
    col("topsector", _S, "Topsector", "Topsector", key=True),
    col("function_group", _S, "Function group", "Functiegroep", key=True),
    col("language", _S, "Language", "Taal", key=True),
    col("source_id", _S, "Source", "Bron", key=True),
)
CELL_NAMES = tuple(column.name for column in CELL)
_PERIOD = (
    col("period_kind", _S, "Length of the period (year, month, all)", "Lengte van de periode", key=True),
    col("period", _S, "Period", "Periode", key=True),
)
# An item: what is asked or named; its share is taken among the vacancies of a cell.
_ITEM = (
    col("item_kind", _S, f"Kind of item ({', '.join(ITEM_KINDS)})", "Soort item", key=True),
    col("item_id", _S, "Item", "Item", key=True),
)
_BASE = (
    col("vacancies_n", _I, "Vacancies in the cell (n)", "Vacatures in de cel (n)", "vacancies", null=False),
    col("employers_n", _I, "Employers in the cell", "Werkgevers in de cel", "employers", null=False),
)


_SHARE: tuple[ColumnSpec, ...] = (
    *bounded("share_pct", "Share", "Aandeel", "%", null=False),
    col("design_effect", _F, "Design effect of employer clusters", "Design-effect van werkgeversclusters"),
)
# Null where the study's vacancies have no weights.
WEIGHTED: tuple[ColumnSpec, ...] = bounded("weighted_pct", "Weighted share", "Gewogen aandeel", "%")
WEIGHTED_NAMES = tuple(column.name for column in WEIGHTED)

CORE_DEMAND_SUMS = table(
    "core_demand_sums",
    "Sums over employers from which shares and their clustered intervals follow",
    "Sommen over werkgevers waaruit aandelen en hun geclusterde intervallen volgen",
    [
        *_PERIOD,
        *CELL,
        *_ITEM,
        col("asked_n", _I, "Vacancies with the item: sum of x", "Vacatures met het item: som van x", null=False),
        *_BASE,
        col("sum_xx", _F, "Sum over employers of x squared", "Som over werkgevers van x-kwadraat", null=False),
        col("sum_xn", _F, "Sum over employers of x times n", "Som over werkgevers van x maal n", null=False),
        col("sum_nn", _F, "Sum over employers of n squared", "Som over werkgevers van n-kwadraat", null=False),
        col("weight_x", _F, "Weight of the vacancies with the item", "Gewicht van de vacatures met het item"),
        col("weight_n", _F, "Weight of the vacancies in the cell", "Gewicht van de vacatures in de cel"),
        col("weight_g", _I, "Employers whose vacancies weigh", "Werkgevers met vacatures met gewicht", "employers"),
        col("weight_xx", _F, "Sum of x squared, weighted", "Som van x-kwadraat, gewogen"),
        col("weight_xn", _F, "Sum of x times n, weighted", "Som van x maal n, gewogen"),
        col("weight_nn", _F, "Sum of n squared, weighted", "Som van n-kwadraat, gewogen"),
        col("weight_ww", _F, "Sum of squared weights", "Som van gekwadrateerde gewichten"),
    ],
)

OUT_VOLUME = table(
    "out_volume",
    "Ads and vacancies per period",
    "Advertenties en vacatures per periode",
    [*_PERIOD, *CELL, col("ads_n", _I, "Ads", "Advertenties", "ads", null=False), *_BASE],
)

OUT_DEMAND = table(
    "out_demand",
    "Share of vacancies that ask a skill or category, belong to a function group, or bear a title",
    "Aandeel vacatures dat een vaardigheid of categorie vraagt, tot een functiegroep hoort of een titel draagt",
    [
        *_PERIOD,
        *CELL,
        *_ITEM,
        col("asked_n", _I, "Vacancies with the item", "Vacatures met het item", "vacancies", null=False),
        *_BASE,
        *_SHARE,
        *WEIGHTED,
        *bounded("corrected_pct", "Share, corrected for coding errors", "Aandeel, gecorrigeerd voor codeerfouten", "%"),
        col("is_reliable", pa.bool_(), "n reaches the study's minimum", "n haalt het minimum", null=False),
    ],
)

OUT_LEVELS = table(
    "out_levels",
    "Share of vacancies that ask an item, within every value of every dimension",
    "Aandeel vacatures dat een item vraagt, binnen elke waarde van elke dimensie",
    [
        col("dimension", _S, "Dimension", "Dimensie", key=True),
        col("level", _S, "Value of the dimension", "Waarde van de dimensie", key=True),
        *_PERIOD,
        *_ITEM,
        col("asked_n", _I, "Vacancies with the item", "Vacatures met het item", "vacancies", null=False),
        *_BASE,
        *_SHARE,
        col("rank", _I, "Rank by share among the items listed", "Rang naar aandeel onder de items", null=False),
        col("rank_low", _I, "Rank, least that is possible", "Rang, laagst mogelijke", null=False),
        col("rank_high", _I, "Rank, greatest that is possible", "Rang, hoogst mogelijke", null=False),
        *WEIGHTED,
        col("vacancies_estimated", _F, "Vacancies with the item, weighted", "Vacatures met het item, gewogen"),
        col("note", _S, "Why there is no weighted share", "Waarom er geen gewogen aandeel is"),
        col("is_reliable", pa.bool_(), "n reaches the study's minimum", "n haalt het minimum", null=False),
    ],
)

OUT_CHANGE = table(
    "out_change",
    "Items that are asked or posted more, or less, than before",
    "Items waar meer, of minder, om wordt gevraagd dan voorheen",
    [
        *CELL,
        *_ITEM,
        col("first_period", _S, "First period", "Eerste periode", null=False),
        col("last_period", _S, "Last period", "Laatste periode", null=False),
        col("first_n", _I, "Count in the first period", "Aantal in de eerste periode", "vacancies", null=False),
        col("last_n", _I, "Count in the last period", "Aantal in de laatste periode", "vacancies", null=False),
        col(
            "first_base_n",
            _I,
            "Vacancies of the cell, first period",
            "Vacatures van de cel, eerste periode",
            null=False,
        ),
        col(
            "last_base_n", _I, "Vacancies of the cell, last period", "Vacatures van de cel, laatste periode", null=False
        ),
        col("reference_growth", _F, "Growth of the reference total", "Groei van het referentietotaal", "×"),
        col("growth_factor", _F, "Normalised growth factor (Table 1)", "Genormaliseerde groeifactor (tabel 1)", "×"),
        col("growth_low", _F, "Growth factor, lower bound", "Groeifactor, ondergrens", "×"),
        col("growth_high", _F, "Growth factor, upper bound", "Groeifactor, bovengrens", "×"),
        *bounded("ratio", "Ratio of the shares, last to first", "Verhouding van de aandelen", "×"),
        *bounded("difference_pp", "Difference of the shares", "Verschil van de aandelen", "percentage points"),
        *bounded("shrunk_ratio", "Ratio, drawn to its family", "Verhouding, naar haar familie getrokken", "×"),
        col("listed_low", _F, "Ratio of a listed item, lower bound", "Verhouding indien genoemd, ondergrens", "×"),
        col("listed_high", _F, "Ratio of a listed item, upper bound", "Verhouding indien genoemd, bovengrens", "×"),
        *bounded("corrected_ratio", "Ratio, corrected for coding errors", "Verhouding, zonder codeerfouten", "×"),
        *bounded(
            "corrected_difference_pp",
            "Difference, corrected for coding errors",
            "Verschil, gecorrigeerd voor codeerfouten",
            "percentage points",
        ),
        col("p_value", _F, "p-value of no change", "p-waarde van geen verandering"),
        col("q_value", _F, "p-value after Benjamini–Hochberg", "p-waarde na Benjamini–Hochberg"),
        col("q_dependent", _F, "p-value after Benjamini–Yekutieli", "p-waarde na Benjamini–Yekutieli"),
        col("direction", _S, "Direction", "Richting", null=False),
        col("is_displayed", pa.bool_(), "Enough vacancies to list it", "Genoeg vacatures om te tonen", null=False),
    ],
)

_RATE = (
    ("precision", "Right, of what is coded", "Juist, van wat is gecodeerd"),
    ("recall", "Found, of what is asked", "Gevonden, van wat wordt gevraagd"),
    ("false", "Coded, of what is not asked", "Gecodeerd, van wat niet wordt gevraagd"),
)
OUT_AUDIT = table(
    "out_audit",
    "How often the coding errs, read off a sample by a person, and the correction of shares that follows",
    "Hoe vaak het coderen fout gaat, door een lezer bepaald op een steekproef, en de correctie die daaruit volgt",
    [
        *_ITEM,
        col("function_group", _S, "Function group", "Functiegroep", key=True),
        col("period", _S, "Period", "Periode", key=True),
        col("ads_n", _I, "Ads read", "Gelezen advertenties", "ads", null=False),
        col("coded_n", _I, "Codings judged", "Beoordeelde coderingen", null=False),
        col("asked_n", _I, "Asked, by the reader", "Gevraagd, volgens de lezer", null=False),
        col("right_n", _I, "Codings that are right", "Juiste coderingen", null=False),
        *(column for name, en, nl in _RATE for column in bounded(f"{name}_pct", en, nl, "%")),
        *bounded("correction", "Asked per coding", "Gevraagd per codering", "×"),
    ],
)

OUT_QUALITY = table(
    "out_quality",
    "What was read, set aside, masked, merged and coded, per source",
    "Wat is gelezen, terzijde gelegd, gemaskeerd, samengevoegd en gecodeerd, per bron",
    [
        col("source_id", _S, "Source", "Bron", key=True),
        col("measure", _S, "Measure", "Maat", key=True),
        col("detail", _S, "Detail", "Detail", key=True),
        col("value_n", _I, "Count", "Aantal", null=False),
        col("base_n", _I, "Out of", "Van", null=False),
    ],
)

TABLES = (CORE_DEMAND_SUMS, OUT_AUDIT, OUT_VOLUME, OUT_DEMAND, OUT_LEVELS, OUT_CHANGE, OUT_QUALITY)
