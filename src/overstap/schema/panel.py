"""Contracts of panels: what experts ranked and rated, how far they agree, and how that lies beside demand."""

import pyarrow as pa

from overstap.schema.spec import bounded, col, table

_S, _F, _I, _B = pa.string(), pa.float64(), pa.int64(), pa.bool_()

MOMENTS = ("before", "after", "all")  # a list may be ranked for the time before and after a date
CONSENSUS = ("agree", "disagree", "none", "few")
NEXT = ("agreed", "stable", "again", "few")  # what a statement's outcome asks of a next round
QUADRANTS = ("expected_seen", "expected_unseen", "unexpected_seen", "neither", "unknown")
BASES = ("panel", "published")
STRENGTHS = ("chance", "very_weak", "weak", "moderate", "strong", "very_strong")

_SESSION = col("session", _S, "Session", "Sessie", key=True)
_ROUND = col("round", _I, "Round", "Ronde", key=True)
_LIST = (
    _SESSION,
    col("list", _S, "List that is ranked", "Lijst die is gerangschikt", key=True),
    col("moment", _S, "Before or after the date asked", "Voor of na de gevraagde datum", key=True),
    _ROUND,
)
_RATER = col("rater", _S, "Expert, by a number without meaning", "Expert, met een nietszeggend nummer", key=True)
_ROLE = col("role", _S, "Role of the expert", "Rol van de expert")
_ITEM = col("item", _S, "Item", "Onderwerp", key=True)
_BASIS = col(
    "basis", _S, "Answers of a panel, or as published", "Antwoorden van een panel, of gepubliceerd", null=False
)
_N = col("raters_n", _I, "Experts (n)", "Experts (n)", "persons")
_NOTE = col("note", _S, "Why there is no figure", "Waarom er geen cijfer is")
_GROUP = col("function_group", _S, "Function group; all: not split", "Functiegroep; all: niet gesplitst", key=True)
_MATCHED = (
    col("item_kind", _S, "Kind of item in the ads", "Soort item in de advertenties"),
    col("item_id", _S, "Item in the ads; empty: none", "Item in de advertenties; leeg: geen"),
)
_SOURCE = col("source", _S, "Source", "Bron", null=False)
_SCALE = (
    col("scale_low", _I, "Lowest answer of the scale", "Laagste antwoord van de schaal", null=False),
    col("scale_high", _I, "Highest answer of the scale", "Hoogste antwoord van de schaal", null=False),
)

CORE_RANKINGS = table(
    "core_rankings",
    "What each expert ranked: ties have equal ranks, a gap has none",
    "Wat elke expert rangschikte: gelijke plaatsen blijven gelijk, een lege plaats blijft leeg",
    [
        *_LIST,
        _RATER,
        _ROLE,
        _ITEM,
        col("rank", _F, "Rank, 1 the highest; empty: left out", "Plaats, 1 de hoogste; leeg: overgeslagen"),
        col(
            "unranked",
            _S,
            "What left out means: below all that were ranked, or unknown",
            "Wat overgeslagen betekent: below (onder alle andere) of unknown",
            null=False,
        ),
    ],
)

CORE_RATINGS = table(
    "core_ratings",
    "How each expert rated statements, and skills by importance and mastery, on a scale",
    "Hoe elke expert stellingen, en vaardigheden naar belang en beheersing, waardeerde op een schaal",
    [
        _SESSION,
        _ROUND,
        _RATER,
        _ROLE,
        _ITEM,
        _GROUP,
        col("aspect", _S, "Agreement, importance or mastery", "Instemming, belang of beheersing", key=True),
        col("value", _F, "Answer", "Antwoord"),
        *_SCALE,
    ],
)

CORE_PANEL_ITEMS = table(
    "core_panel_items",
    "Items and statements of the panels, and what they are called in the ads",
    "Onderwerpen en stellingen van de panels, en hoe ze in de advertenties heten",
    [
        col("kind", _S, "Item or statement", "Onderwerp of stelling", key=True),
        _ITEM,
        col("label_nl", _S, "Dutch label", "Nederlandse naam", null=False),
        col("label_en", _S, "English label", "Engelse naam", null=False),
        *_MATCHED,
        col("theme", _S, "Theme", "Thema"),
        col("evidence_nl", _S, "What a statement rests on, in Dutch", "Waar een stelling op rust, in het Nederlands"),
        col("evidence_en", _S, "What a statement rests on, in English", "Waar een stelling op rust, in het Engels"),
    ],
)

CORE_CLAIMS = table(
    "core_claims",
    "What the literature says of an item: claim, direction, size and source",
    "Wat de literatuur over een onderwerp zegt: bewering, richting, omvang en bron",
    [
        col("claim_id", _S, "Claim", "Bewering", key=True),
        col("item", _S, "Item that it is about", "Onderwerp waarover het gaat", null=False),
        col("claim_nl", _S, "Claim in Dutch", "Bewering in het Nederlands", null=False),
        col("claim_en", _S, "Claim in English", "Bewering in het Engels", null=False),
        col("direction", _S, "Direction: up, down, open", "Richting: up, down, open", null=False),
        col("size", _F, "Size", "Omvang"),
        col("unit", _S, "Unit of the size", "Eenheid van de omvang"),
        col("period", _S, "Period", "Periode"),
        _SOURCE,
        col("where", _S, "Where it is quoted", "Waar het is aangehaald"),
    ],
)

OUT_PANEL_RANKING = table(
    "out_panel_ranking",
    "The order of a panel by three methods, with intervals; published orders beside them",
    "De volgorde van een panel volgens drie methoden, met intervallen; gepubliceerde volgordes ernaast",
    [
        *_LIST,
        _ITEM,
        _BASIS,
        _N,
        col("ranked_n", _I, "Experts who ranked this item", "Experts die dit onderwerp een plaats gaven", "persons"),
        col("rank", _I, "Rank by mean rank (Borda)", "Plaats naar gemiddelde plaats (Borda)"),
        col("rank_low", _I, "Rank, best of the interval", "Plaats, beste van het interval"),
        col("rank_high", _I, "Rank, worst of the interval", "Plaats, slechtste van het interval"),
        *bounded("mean_rank", "Mean rank", "Gemiddelde plaats"),
        col(
            "borda_pct",
            _F,
            "Borda score: part of the others that it beats",
            "Borda-score: deel van de andere dat het verslaat",
            "%",
        ),
        col(
            "kemeny_rank",
            _I,
            "Rank in the order nearest to all (Kemeny)",
            "Plaats in de volgorde die allen het naast is (Kemeny)",
        ),
        *bounded(
            "worth_pct", "Chance of a first place (Plackett–Luce)", "Kans op de eerste plaats (Plackett–Luce)", "%"
        ),
        *bounded("shift", "Mean rank after less before, same experts", "Gemiddelde plaats na min voor, zelfde experts"),
        col(
            "direction",
            _S,
            "As published: rises or falls after the date",
            "Zoals gepubliceerd: stijgt of daalt na de datum",
        ),
        _SOURCE,
    ],
)

OUT_PANEL_AGREEMENT = table(
    "out_panel_agreement",
    "How far the experts of a list agree",
    "In hoeverre de experts van een lijst het eens zijn",
    [
        *_LIST,
        _BASIS,
        _N,
        col("items_n", _I, "Items", "Onderwerpen", "items"),
        col("w", _F, "Kendall's W, corrected for ties", "Kendalls W, gecorrigeerd voor gelijke plaatsen"),
        col("p_value", _F, "p-value of no agreement (permutations)", "p-waarde van geen overeenstemming (permutaties)"),
        *bounded("spearman", "Mean Spearman between two experts", "Gemiddelde Spearman tussen twee experts"),
        col("strength", _S, "In words (after Schmidt)", "In woorden (naar Schmidt)"),
        col("is_unique", _B, "One order is nearest to all", "Eén volgorde is allen het naast"),
        _NOTE,
        _SOURCE,
    ],
)

OUT_PANEL_STATEMENTS = table(
    "out_panel_statements",
    "Statements: how many agree, whether that is consensus, and whether answers still move",
    "Stellingen: hoeveel experts instemmen, of dat consensus is, en of antwoorden nog bewegen",
    [
        _SESSION,
        _ROUND,
        _ITEM,
        _N,
        col("median", _F, "Median", "Mediaan"),
        col("quartile_low", _F, "First quartile", "Eerste kwartiel"),
        col("quartile_high", _F, "Third quartile", "Derde kwartiel"),
        col("iqr", _F, "Interquartile range", "Interkwartielafstand"),
        *_SCALE,
        col("counts", pa.list_(_I), "Answers by value of the scale", "Antwoorden per waarde van de schaal"),
        *bounded("agree_pct", "Agree", "Eens", "%"),
        *bounded("disagree_pct", "Disagree", "Oneens", "%"),
        col(
            "consensus",
            _S,
            "Consensus at the study's threshold",
            "Consensus bij de drempel van het onderzoek",
            null=False,
        ),
        col("consensus_70", _S, "The same at 70 %", "Idem bij 70 %", null=False),
        col("consensus_80", _S, "The same at 80 %", "Idem bij 80 %", null=False),
        col(
            "both_n",
            _I,
            "Experts who also answered the round before",
            "Experts die ook de vorige ronde antwoordden",
            "persons",
        ),
        col("same_pct", _F, "Of whom gave the same answer", "Van wie hetzelfde antwoord gaf", "%"),
        *bounded("kappa", "Weighted kappa with the round before", "Gewogen kappa met de vorige ronde"),
        col(
            "next_round",
            _S,
            "Needs a next round: agreed, stable, again, few",
            "Nog een ronde nodig: agreed, stable, again, few",
            null=False,
        ),
    ],
)

OUT_PANEL_GAP = table(
    "out_panel_gap",
    "Gaps between what is needed and what is mastered, per skill and function group",
    "Kloof tussen wat nodig is en wat wordt beheerst, per vaardigheid en functiegroep",
    [
        _SESSION,
        _ROUND,
        _ITEM,
        _GROUP,
        _BASIS,
        _N,
        col("importance", _F, "Mean importance (demand)", "Gemiddeld belang (vraag)"),
        col("mastery", _F, "Mean mastery (supply)", "Gemiddelde beheersing (aanbod)"),
        *bounded("difference", "Importance less mastery", "Belang min beheersing"),
        *bounded("gap", "Gap score: the difference times importance", "Kloofscore: het verschil maal belang"),
        col("rank", _I, "Rank by gap score within the function group", "Plaats naar kloofscore binnen de functiegroep"),
        col(
            "told",
            _S,
            "As published: who sees a middle to large gap",
            "Zoals gepubliceerd: wie een midden tot grote kloof ziet",
        ),
        _SOURCE,
    ],
)

OUT_PANEL_DATA = table(
    "out_panel_data",
    "What experts expect beside what ads ask: level, growth, and one of four quadrants",
    "Wat experts verwachten naast wat advertenties vragen: niveau, groei, en een van vier kwadranten",
    [
        *_LIST,
        _ITEM,
        col("demand", _S, "Demand from ads or as published", "Vraag uit advertenties of zoals gepubliceerd", key=True),
        _BASIS,
        *_MATCHED,
        col("expert_rank", _I, "Rank of the experts", "Plaats bij de experts"),
        col("items_n", _I, "Items that they ranked", "Onderwerpen die zij rangschikten", "items"),
        col("is_expected", _B, "Expected by the experts", "Verwacht door de experts"),
        *bounded("share_pct", "Share of vacancies", "Aandeel in de vacatures", "%"),
        col("asked_n", _I, "Vacancies that ask it", "Vacatures die het vragen", "vacancies"),
        col("vacancies_n", _I, "Vacancies (n)", "Vacatures (n)", "vacancies"),
        col("level_rank", _I, "Rank by share among the items", "Plaats naar aandeel onder de onderwerpen"),
        col(
            "above_n",
            _I,
            "Categories of skills that are asked more",
            "Categorieën vaardigheden die meer worden gevraagd",
        ),
        col("categories_n", _I, "Categories compared with", "Categorieën waarmee is vergeleken"),
        col("level", _S, "Level: high, low, unclear", "Niveau: high, low, unclear"),
        *bounded("ratio", "Share, last to first period", "Aandeel, laatste tot eerste periode", "×"),
        col("growth_rank", _I, "Rank by growth among the items", "Plaats naar groei onder de onderwerpen"),
        col("direction", _S, "Direction", "Richting"),
        col("is_seen", _B, "Seen in demand: high level, or rising", "Te zien in de vraag: hoog niveau, of stijgend"),
        col("quadrant", _S, "Quadrant", "Kwadrant", null=False),
        col("claims_n", _I, "Claims of the literature", "Beweringen in de literatuur", null=False),
        col("source", _S, "Source of the demand", "Bron van de vraag", null=False),
    ],
)

OUT_PANEL_FIT = table(
    "out_panel_fit",
    "Whether what experts rank high is also asked, or growing, more",
    "Of wat experts hoog plaatsen ook meer wordt gevraagd, of meer groeit",
    [
        *_LIST,
        col("against", _S, "Level or growth of demand", "Niveau of groei van de vraag", key=True),
        col("items_n", _I, "Items with both", "Onderwerpen met beide", "items", null=False),
        *bounded("tau_b", "Kendall's tau-b", "Kendalls tau-b"),
        col("p_value", _F, "p-value of no relation", "p-waarde van geen verband"),
        _NOTE,
    ],
)

TABLES = (
    CORE_RANKINGS,
    CORE_RATINGS,
    CORE_PANEL_ITEMS,
    CORE_CLAIMS,
    OUT_PANEL_RANKING,
    OUT_PANEL_AGREEMENT,
    OUT_PANEL_STATEMENTS,
    OUT_PANEL_GAP,
    OUT_PANEL_DATA,
    OUT_PANEL_FIT,
)
