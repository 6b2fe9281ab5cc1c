"""Contracts of retraining: packages that open most moves, their cost, who pays, for whom it pays, and who learns."""

import pyarrow as pa

from overstap.schema.spec import ColumnSpec, col, table

_S, _F, _I = pa.string(), pa.float64(), pa.int64()


def _ranged(name: str, en: str, nl: str, unit: str) -> list[ColumnSpec]:
    """A figure with its low and high."""
    ends = (("", "", ""), ("_low", ", low", ", laag"), ("_high", ", high", ", hoog"))
    return [col(f"{name}{end}", _F, f"{en}{low}", f"{nl}{laag}", unit) for end, low, laag in ends]


OUT_TRAINING_PACKAGES = table(
    "out_training_packages",
    "The few packages of training that open most moves of the answer, for each pair of sectors (allocated)",
    "De paar scholingspakketten die de meeste overstappen van het antwoord openen, per paar sectoren (verdeeld)",
    [
        col("sector_from", _S, "Sector left", "Sector van vertrek", key=True),
        col("sector_to", _S, "Sector entered", "Sector van aankomst", key=True),
        col("rank", _I, "Order of choice", "Volgorde van keuze", key=True),
        col("movers", _F, "People who move so", "Mensen die zo overstappen", "persons", null=False),
        col("package", _S, "Package: group of skills", "Pakket: groep vaardigheden", null=False),
        col("skills", pa.list_(_S), "Skills of it that most miss", "Vaardigheden ervan die de meesten missen"),
        col("skill_level", _I, "ISCO skill level", "ISCO-niveau", "1-4", null=False),
        col("persons", _F, "People who miss it", "Mensen die het missen", "persons", null=False),
        col("covered", _F, "People x how far it opens their move", "Mensen x hoever het hun overstap opent", "persons"),
        col("share_pct", _F, "Reached by it and those before", "Bereikt met dit en de vorige", "%"),
        col("opened", _F, "People whose move is open in full", "Mensen wier overstap geheel open is", "persons"),
        *_ranged("months", "Months a person", "Maanden per persoon", "months"),
        *_ranged("eur", "Price a person", "Prijs per persoon", "EUR"),
    ],
)

OUT_TRAINING_BILL = table(
    "out_training_bill",
    "What it costs to retrain all who move in the answer, by payer",
    "Wat het kost om allen die in het antwoord overstappen om te scholen, naar wie betaalt",
    [
        col("payer", _S, "Payer", "Wie betaalt", key=True),
        col("share", _F, "Share of the bill", "Deel van de rekening", "share", null=False),
        *_ranged("price", "Price of training", "Prijs van scholing", "EUR"),
        *_ranged("time", "Pay for hours of learning", "Loon over leeruren", "EUR"),
    ],
)

OUT_TRAINING_RETURNS = table(
    "out_training_returns",
    "For whom retraining pays, at which subsidy: what is spent, what comes back, and for which part of the people",
    "Voor wie omscholing loont, bij welke subsidie: wat het kost, wat het opbrengt, en voor welk deel van de mensen",
    [
        col("payer", _S, "Payer", "Wie betaalt", key=True),
        col("subsidy", _F, "Part that the government pays", "Deel dat de overheid betaalt", "share", key=True),
        col("persons", _F, "People whose pay is known", "Mensen wier loon bekend is", "persons", null=False),
        *_ranged("eur", "Spent", "Kosten", "EUR"),
        *_ranged("back", "Comes back", "Opbrengst", "EUR"),
        *_ranged("pays_pct", "Part of the people for whom it pays", "Deel van de mensen voor wie het loont", "%"),
    ],
)

OUT_TRAINING_POPULATION = table(
    "out_training_population",
    "Who is to retrain, by age, education and contract, from the study's own table",
    "Wie zich moet omscholen, naar leeftijd, opleiding en contract, uit de eigen tabel van de studie",
    [
        col("age", _S, "Age", "Leeftijd"),
        col("education", _S, "Education", "Opleiding"),
        col("contract", _S, "Contract", "Contract"),
        col("persons", _F, "People", "Mensen", "persons", null=False),
        col("share", _F, "Share", "Aandeel", "share"),
    ],
)

TABLES = (OUT_TRAINING_PACKAGES, OUT_TRAINING_BILL, OUT_TRAINING_RETURNS, OUT_TRAINING_POPULATION)
