"""Contract of the statements of the study of 2019 beside what a study's own ads give."""

import pyarrow as pa

from overstap.schema.spec import col, table

AGREES, DIFFERS, CANNOT_TELL, NOT_COMPUTED = VERDICTS = ("agrees", "differs", "cannot_tell", "not_computed")
BASES = ("input", "recovered", "observed")

_S, _I = pa.string(), pa.int64()

OUT_REPRODUCTION = table(
    "out_reproduction",
    "Statements of the study of 2019 beside what these ads give (setting reproduce)",
    "Uitspraken van de studie van 2019 naast wat deze advertenties geven (instelling reproduce)",
    [
        col("statement_id", _S, "Statement", "Uitspraak", key=True),
        col("number", _I, "Place in the list", "Plaats in de lijst", null=False),
        col("chapter", _S, "Chapter", "Hoofdstuk", null=False),
        col("statement_en", _S, "Statement in English", "Uitspraak in het Engels", null=False),
        col("statement_nl", _S, "Statement in Dutch", "Uitspraak in het Nederlands", null=False),
        col("published", _S, "Published", "Gepubliceerd"),
        col("published_interval", _S, "What the published value may be", "Wat het gepubliceerde cijfer kan zijn"),
        col("ours", _S, "Here", "Hier"),
        col("interval", _S, "Interval of ours, or sets of ranks", "Interval van hier, of mogelijke rangen"),
        col("unit", _S, "Unit of ours: %, × or pp (percentage points)", "Eenheid van hier: %, × of pp (procentpunten)"),
        col("period", _S, "Years that ours is of", "Jaren waarover hier gaat"),
        col("n", _I, "n (vacancies, occupations or rows)", "n (vacatures, beroepen of rijen)"),
        col("verdict", _S, "agrees, differs, cannot_tell or not_computed", "Oordeel", null=False),
        col("basis", _S, "input, recovered or observed", "Invoer, teruggevonden of waargenomen"),
        col("note", _S, "Reason behind the verdict", "Reden van het oordeel"),
        col("why_en", _S, "Why input or recovered, in English", "Waarom invoer of teruggevonden, Engels"),
        col("why_nl", _S, "Why input or recovered, in Dutch", "Waarom invoer of teruggevonden, Nederlands"),
        col("where", _S, "Found in", "Vindplaats", null=False),
    ],
)

TABLES = (OUT_REPRODUCTION,)
