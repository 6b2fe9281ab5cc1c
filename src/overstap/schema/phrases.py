"""Contract of phrases that ads ask and the taxonomy does not hold."""

import pyarrow as pa

from overstap.schema.market import APART_NOTE
from overstap.schema.spec import col, table

_S, _F, _I, _T = pa.string(), pa.float64(), pa.int64(), pa.list_(pa.string())

_WHEN = (("first", "first period", "eerste periode"), ("last", "last period", "laatste periode"))
DIRECTIONS = ("new", "rising", "falling", "unclear")

OUT_NEW_PHRASES = table(
    "out_new_phrases",
    "Phrases that ads ask and the taxonomy does not hold: candidates for it, for a person to judge",
    "Woorden die advertenties vragen en die niet in de taxonomie staan: kandidaten daarvoor, ter beoordeling",
    [
        col("phrase", _S, "Phrase, as it stands in an ad", "Woorden, zoals in een advertentie", key=True),
        col("language", _S, "Language of the ads", "Taal van de advertenties", key=True),
        col("direction", _S, "Direction", "Richting", null=False),
        col("first_seen", _S, "Period in which it was first seen", "Periode waarin het voor het eerst voorkomt"),
        col(
            "vacancies_n", _I, "Vacancies read that ask it", "Gelezen vacatures die het vragen", "vacancies", null=False
        ),
        col("employers_n", _I, "Employers of these", "Werkgevers daarvan", "employers", null=False),
        col("occupations", _T, "Occupations it is asked in most, ISCO-08", "Beroepen waarin vooral, ISCO-08"),
        col("sectors", _T, "Sectors it is asked in most, SBI sections", "Sectoren waarin vooral, SBI-secties"),
        *(
            column
            for when, en, nl in _WHEN
            for column in (
                col(f"{when}_period", _S, f"The {en}", f"De {nl}", null=False),
                col(f"{when}_n", _I, f"Vacancies that ask it, {en}", f"Vacatures die het vragen, {nl}", "vacancies"),
                col(
                    f"{when}_base_n",
                    _I,
                    f"Vacancies read in that language, {en}",
                    f"Gelezen vacatures in die taal, {nl}",
                    "vacancies",
                ),
                col(f"{when}_pct", _F, f"Share of these, {en}", f"Aandeel daarvan, {nl}", "%"),
                col(f"{when}_low", _F, "Lower bound", "Ondergrens", "%"),
                col(f"{when}_high", _F, "Upper bound", "Bovengrens", "%"),
            )
        ),
        col("q_value", _F, "p-value of no change, adjusted for all phrases", "p-waarde, aangepast voor alle woorden"),
        col("termhood", _F, "C-value × the square of asking", "C-waarde × het kwadraat van het vragend gebruik"),
        col("c_value", _F, "C-value: how far it stands by itself", "C-waarde: hoezeer het op zichzelf staat"),
        col(
            "keyness",
            _F,
            "G² of the parts that ask against the rest of the ads, below 0 where the rest has it more",
            "G² van de vragende delen tegen de rest van de advertenties, onder 0 waar de rest het meer heeft",
        ),
        col(
            "asking_pct",
            _F,
            "Vacancies where it is a whole phrase that asks, or enumerated with a known skill",
            "Vacatures waar het geheel een vraag is, of in een opsomming staat met een bekende vaardigheid",
            "%",
        ),
        col("nearest_skill_id", _S, "Skill nearest by meaning", "Vaardigheid die in betekenis het naast is"),
        col("nearest_label_nl", _S, "Its Dutch label", "Nederlands label daarvan"),
        col("nearest_label_en", _S, "Its English label", "Engels label daarvan"),
        col("nearest_score", _F, "Cosine of both", "Cosinus van beide", "0–1"),
        APART_NOTE,
        col("sample_pct", _F, "Employers whose ads were read", "Werkgevers van wie de advertenties zijn gelezen", "%"),
    ],
)

TABLES = (OUT_NEW_PHRASES,)
