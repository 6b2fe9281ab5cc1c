"""Contracts of initiatives: the register, how it spreads and hangs together, what it serves, and what works."""

import pyarrow as pa

from overstap.schema.spec import bounded, col, table

_S, _F, _I, _B = pa.string(), pa.float64(), pa.int64(), pa.bool_()
_LIST = pa.list_(_S)

KINDS = (
    "learning_community", "public_private", "centre", "practoraat", "lectoraat", "tki", "field_lab", "pilot",
    "experiment", "programme", "other",
)  # fmt: skip
LEVELS = ("mbo", "hbo", "wo", "work")
FUNCTIONS = ("conditional", "reactive", "proactive")
"""The three functions of learning: to be able to start, to keep up, and to make innovation."""
PHASES = ("idea", "start", "running", "scaled", "ended")
PARTNER_TYPES = ("employer", "education", "research", "government", "sector", "other")
LINK_TYPES = ("partner", "funds", "research_for", "trains_for", "part_of", "continues", "shares_place")
GAPS = ("no_tki", "no_centre", "alone", "no_partners", "no_employer", "no_education", "no_research", "no_government",
        "functions")  # fmt: skip
DESIGNS = ("did", "matched", "difference", "before_after", "meta")
VERDICTS = ("better", "worse", "unclear", "described", "too_few")

_ID = col("initiative_id", _S, "Initiative", "Initiatief", key=True)

CORE_INITIATIVES = table(
    "core_initiatives",
    "The register of initiatives; what is not known is empty, and few people reached are not given",
    "Het register van initiatieven; wat niet bekend is blijft leeg, en kleine aantallen bereikte mensen ook",
    [
        _ID,
        col("name_nl", _S, "Name, Dutch", "Naam, Nederlands", null=False),
        col("name_en", _S, "Name, English", "Naam, Engels", null=False),
        col("kind", _S, "Kind", "Soort", null=False),
        col("place", _S, "Place, as given", "Plaats, zoals opgegeven"),
        col("province_code", _S, "Province", "Provincie"),
        col("nuts3_code", _S, "COROP region", "COROP-gebied"),
        col("latitude", _F, "Latitude", "Breedtegraad", "degrees"),
        col("longitude", _F, "Longitude", "Lengtegraad", "degrees"),
        col("topsectors", _LIST, "Topsectors", "Topsectoren", null=False),
        col("levels", _LIST, "Levels of education", "Onderwijsniveaus", null=False),
        col("functions", _LIST, "Functions of learning", "Functies van leren", null=False),
        col("phase", _S, "Phase", "Fase"),
        col("reached", _I, "People reached", "Bereikte mensen", "persons"),
        col("is_suppressed", _B, "Too few people to say how many", "Te weinig mensen om te noemen", null=False),
        col("funding_eur", _F, "Funding", "Financiering", "EUR"),
        col("goals", _LIST, "Goals", "Doelen", null=False),
        col("indicators", _LIST, "Indicators", "Indicatoren", null=False),
        col("skills", _LIST, "Skills that it teaches", "Vaardigheden die het leert", null=False),
        col("occupations", _LIST, "Occupations that it leads to", "Beroepen waar het toe leidt", null=False),
        col("start", _S, "Start", "Begin"),
        col("end", _S, "End", "Einde"),
        col("as_of", _S, "As known on", "Stand van"),
        col("source", _S, "Source", "Bron", null=False),
        col("contact", _S, "Contact, where the study asks for it", "Contact, als de studie daarom vraagt"),
        col("file", _S, "Register", "Register", null=False),
    ],
)

CORE_INITIATIVE_LINKS = table(
    "core_initiative_links",
    "What ties initiatives to each other and to the organisations in them",
    "Wat initiatieven bindt aan elkaar en aan de organisaties erin",
    [
        col("from_id", _S, "Initiative", "Initiatief", key=True),
        col("to_id", _S, "Initiative or organisation", "Initiatief of organisatie", key=True),
        col("type", _S, "Tie", "Band", key=True),
        col("to_kind", _S, "initiative or organisation", "initiatief of organisatie", null=False),
        col("to_name", _S, "Name", "Naam", null=False),
        col("partner_type", _S, "Kind of partner", "Soort partner"),
    ],
)

OUT_INITIATIVES = table(
    "out_initiatives",
    "Initiatives by topsector, region, kind and function of learning; one in two topsectors counts in both",
    "Initiatieven naar topsector, regio, soort en functie van leren; een in twee topsectoren telt in beide",
    [
        col("topsector", _S, "Topsector", "Topsector", key=True),
        col("province", _S, "Province", "Provincie", key=True),
        col("initiative_kind", _S, "Kind of initiative", "Soort initiatief", key=True),
        col("learning", _S, "Function of learning", "Functie van leren", key=True),
        col("initiatives_n", _I, "Initiatives", "Initiatieven", "initiatives", null=False),
        col("reached", _I, "People reached, where given", "Bereikte mensen, waar opgegeven", "persons"),
        col("reached_n", _I, "Initiatives that give it", "Initiatieven die dat opgeven", "initiatives", null=False),
        col("suppressed_n", _I, "Initiatives with too few", "Initiatieven met te weinig", "initiatives", null=False),
        col("funding_eur", _F, "Funding, where given", "Financiering, waar opgegeven", "EUR"),
        col("funding_n", _I, "Initiatives that give it", "Initiatieven die dat opgeven", "initiatives", null=False),
    ],
)

OUT_INITIATIVE_NETWORK = table(
    "out_initiative_network",
    "Initiatives in their network: ties, brokers, the way to a TKI, and what is missing",
    "Initiatieven in hun netwerk: banden, schakels, de weg naar een TKI, en wat er ontbreekt",
    [
        _ID,
        col("initiative_kind", _S, "Kind of initiative", "Soort initiatief", null=False),
        col("ties_n", _I, "Ties to initiatives", "Banden met initiatieven", "ties", null=False),
        col("partners_n", _I, "Partner organisations", "Partnerorganisaties", "organisations", null=False),
        col("shared_n", _I, "Initiatives that share a partner", "Initiatieven met dezelfde partner", null=False),
        col("component", _I, "Part of the network", "Deel van het netwerk", null=False),
        col("betweenness", _F, "Shortest ways that pass through it", "Kortste wegen erdoorheen", "share"),
        col("tki_steps", _I, "Ties to the nearest TKI", "Banden tot het dichtstbijzijnde TKI", "ties"),
        col("gaps", _LIST, "What is missing", "Wat ontbreekt", null=False),
        col("chances", _LIST, "Who it could tie to", "Met wie het zich kan verbinden", null=False),
    ],
)

OUT_INITIATIVE_SERVICE = table(
    "out_initiative_service",
    "Skills asked more and occupations that people could move to: which initiatives serve them, and which none does",
    "Vaardigheden die meer gevraagd worden en beroepen om naar over te stappen: welke initiatieven ze bedienen",
    [
        col("gap_kind", _S, "Skill or occupation", "Vaardigheid of beroep", key=True),
        col("gap_id", _S, "What is lacking", "Waar het aan ontbreekt", key=True),
        *bounded("ratio", "Growth of the share asking it", "Groei van het aandeel dat erom vraagt", "×"),
        col("vacancies_n", _I, "Vacancies in the last period", "Vacatures in de laatste periode", "vacancies"),
        col("openings", _F, "Openings a year", "Baanopeningen per jaar", "persons"),
        col("origins_n", _I, "Shrinking occupations it is open to", "Krimpende beroepen die erheen kunnen"),
        col("initiatives_n", _I, "Initiatives that serve it", "Initiatieven die het bedienen", null=False),
        col("initiatives", _LIST, "Which", "Welke", null=False),
    ],
)

OUT_EVALUATION = table(
    "out_evaluation",
    "What experiments did: estimate, interval, and how strong the evidence is",
    "Wat experimenten deden: schatting, interval, en hoe sterk het bewijs is",
    [
        col("experiment_id", _S, "Experiment", "Experiment", key=True),
        col("design", _S, "Design", "Opzet", key=True),
        col("initiative_id", _S, "Initiative", "Initiatief"),
        col("measure", _S, "What is measured", "Wat gemeten is", null=False),
        col("measured_in", _S, "Unit of what is measured", "Eenheid van wat gemeten is", null=False),
        *bounded("estimate", "Difference", "Verschil"),
        col("p_value", _F, "p-value of no effect", "p-waarde van geen effect"),
        col("is_effect", _B, "May be read as an effect", "Mag als effect gelezen worden", null=False),
        col("verdict", _S, "Outcome", "Uitkomst", null=False),
        col("maryland", _I, "Maryland scale", "Maryland-schaal", "1-5"),
        col("ladder", _S, "Rung of the Dutch ladder of evidence", "Trede van de effectladder"),
        col("treated_n", _I, "Units that took part", "Eenheden die meededen", "units"),
        col("control_n", _I, "Units compared with", "Eenheden ter vergelijking", "units"),
        col("clusters_n", _I, "Clusters", "Clusters", "clusters"),
        col("missing_n", _I, "Rows without an outcome", "Rijen zonder uitkomst", "rows"),
        col("left_out_n", _I, "Units left out", "Eenheden die niet meetellen", "units"),
        col("pretrend_p", _F, "p-value of equal trends before", "p-waarde van gelijke trends vooraf"),
        col("smallest_seen", _F, "Smallest effect that could be seen", "Kleinste effect dat te zien was"),
        col("worst_balance", _F, "Largest difference after matching", "Grootste verschil na koppelen", "SD"),
        col("studies_n", _I, "Experiments taken together", "Experimenten samengenomen", "experiments"),
        col("tau", _F, "Spread of true effects", "Spreiding van echte effecten"),
        col("i2", _F, "Part of the spread that is not chance", "Deel van de spreiding dat geen toeval is", "%"),
        col("next_low", _F, "Effect of a next one, at least", "Effect van een volgend, ten minste"),
        col("next_high", _F, "Effect of a next one, at most", "Effect van een volgend, ten hoogste"),
        col("warnings", _LIST, "Cautions", "Kanttekeningen", null=False),
    ],
)

TABLES = (
    CORE_INITIATIVES,
    CORE_INITIATIVE_LINKS,
    OUT_INITIATIVES,
    OUT_INITIATIVE_NETWORK,
    OUT_INITIATIVE_SERVICE,
    OUT_EVALUATION,
)
