"""Contracts of `out_` tables: the answers, each row with its n, period and interval."""

import pyarrow as pa

from overstap.schema.spec import ColumnSpec, col, table

_S, _F, _I = pa.string(), pa.float64(), pa.int64()

ALL = "all"  # the value of a dimension that is not split

_PERIOD = (
    col(
        "period_kind",
        _S,
        "Length of the period (year, month, all)",
        "Lengte van de periode (year, month, all)",
        key=True,
    ),
    col("period", _S, "Period", "Periode", key=True),
)
_CELL: tuple[ColumnSpec, ...] = (
    col("topsector", _S, "Topsector, or all", "Topsector, of all", key=True),
    col("function_group", _S, "Function group, or all", "Functiegroep, of all", key=True),
    col("language", _S, "Language, or all", "Taal, of all", key=True),
    col("source_id", _S, "Source, or all", "Bron, of all", key=True),
)
_BASE: tuple[ColumnSpec, ...] = (
    col("vacancies_n", _I, "Vacancies in the cell (n)", "Vacatures in de cel (n)", "vacancies", null=False),
    col("employers_n", _I, "Employers in the cell", "Werkgevers in de cel", "employers", null=False),
)
_SHARE: tuple[ColumnSpec, ...] = (
    col("share_pct", _F, "Share", "Aandeel", "%"),
    col("share_low", _F, "Share, lower bound of the interval", "Aandeel, ondergrens van het interval", "%"),
    col("share_high", _F, "Share, upper bound of the interval", "Aandeel, bovengrens van het interval", "%"),
    col("design_effect", _F, "Design effect of employer clusters", "Design-effect van werkgeversclusters"),
    col(
        "is_reliable", pa.bool_(), "n reaches the study's minimum", "n haalt het minimum van het onderzoek", null=False
    ),
)

OUT_VOLUME = table(
    "out_volume",
    "Ads and vacancies per period and cell",
    "Advertenties en vacatures per periode en cel",
    [
        *_PERIOD,
        *_CELL,
        col("ads_n", _I, "Ads", "Advertenties", "ads", null=False),
        *_BASE,
    ],
)

OUT_DEMAND = table(
    "out_demand",
    "Share of vacancies that ask a skill, a category or any skill of a group",
    "Aandeel vacatures dat een vaardigheid, een categorie of een groep vraagt",
    [
        *_PERIOD,
        *_CELL,
        col("item_kind", _S, "skill, category or group", "skill, category of group", key=True),
        col("item_id", _S, "Skill, category or group", "Vaardigheid, categorie of groep", key=True),
        col("asked_n", _I, "Vacancies that ask it", "Vacatures die erom vragen", "vacancies", null=False),
        *_BASE,
        *_SHARE,
    ],
)

OUT_FUNCTION_SHARE = table(
    "out_function_share",
    "Share of each function group in the vacancies (ICT = ISCO 25 and 35; managers = 11–14)",
    "Aandeel van elke functiegroep in de vacatures (ICT = ISCO 25 en 35; managers = 11–14)",
    [
        *_PERIOD,
        *[c for c in _CELL if c.name != "function_group"],
        col("function_group", _S, "Function group", "Functiegroep", key=True),
        col("group_n", _I, "Vacancies of the function group", "Vacatures van de functiegroep", "vacancies", null=False),
        *_BASE,
        *_SHARE,
    ],
)

_CHANGE: tuple[ColumnSpec, ...] = (
    col("first_period", _S, "First period", "Eerste periode", null=False),
    col("last_period", _S, "Last period", "Laatste periode", null=False),
    col("first_n", _I, "Count in the first period", "Aantal in de eerste periode", "vacancies", null=False),
    col("last_n", _I, "Count in the last period", "Aantal in de laatste periode", "vacancies", null=False),
    col(
        "first_base_n",
        _I,
        "All vacancies of the cell in the first period",
        "Alle vacatures van de cel in de eerste periode",
        "vacancies",
        null=False,
    ),
    col(
        "last_base_n",
        _I,
        "All vacancies of the cell in the last period",
        "Alle vacatures van de cel in de laatste periode",
        "vacancies",
        null=False,
    ),
    col("reference_growth", _F, "Growth of the reference total", "Groei van het referentietotaal", "×"),
    col(
        "growth_factor",
        _F,
        "Normalised growth factor (the study's Table 1)",
        "Genormaliseerde groeifactor (tabel 1 van het onderzoek)",
        "×",
    ),
    col("growth_low", _F, "Growth factor, lower bound", "Groeifactor, ondergrens", "×"),
    col("growth_high", _F, "Growth factor, upper bound", "Groeifactor, bovengrens", "×"),
    col("ratio", _F, "Ratio of the two shares", "Verhouding van de twee aandelen", "×"),
    col("ratio_low", _F, "Ratio, lower bound", "Verhouding, ondergrens", "×"),
    col("ratio_high", _F, "Ratio, upper bound", "Verhouding, bovengrens", "×"),
    col("p_value", _F, "p-value of no change", "p-waarde van geen verandering"),
    col(
        "q_value",
        _F,
        "p-value adjusted within its family (Benjamini–Hochberg)",
        "p-waarde gecorrigeerd binnen de familie (Benjamini–Hochberg)",
    ),
    col("direction", _S, "rising, falling or unclear", "rising, falling of unclear", null=False),
    col("is_displayed", pa.bool_(), "Enough vacancies to list it", "Genoeg vacatures om te tonen", null=False),
)

OUT_SKILL_CHANGE = table(
    "out_skill_change",
    "Skills that are asked more or less than before",
    "Vaardigheden waar meer of minder om wordt gevraagd dan voorheen",
    [
        *[c for c in _CELL if c.name in ("topsector", "function_group")],
        col("item_kind", _S, "skill, category or group", "skill, category of group", key=True),
        col("item_id", _S, "Skill, category or group", "Vaardigheid, categorie of groep", key=True),
        *_CHANGE,
    ],
)

OUT_TITLE_CHANGE = table(
    "out_title_change",
    "Job titles that are posted more or less than before",
    "Functietitels die meer of minder worden geplaatst dan voorheen",
    [
        *[c for c in _CELL if c.name in ("topsector", "function_group")],
        col("title_key", _S, "Normalised title", "Genormaliseerde titel", key=True),
        *_CHANGE,
    ],
)

OUT_QUALITY = table(
    "out_quality",
    "What was read, set aside, masked, merged and coded, per source",
    "Wat is gelezen, terzijde gelegd, gemaskeerd, samengevoegd en gecodeerd, per bron",
    [
        col("source_id", _S, "Source, or all", "Bron, of all", key=True),
        col("measure", _S, "Measure", "Maat", key=True),
        col("detail", _S, "Detail", "Detail", key=True),
        col("value_n", _I, "Count", "Aantal", null=False),
        col("base_n", _I, "Out of", "Van", null=False),
    ],
)

TABLES = (OUT_VOLUME, OUT_DEMAND, OUT_FUNCTION_SHARE, OUT_SKILL_CHANGE, OUT_TITLE_CHANGE, OUT_QUALITY)
