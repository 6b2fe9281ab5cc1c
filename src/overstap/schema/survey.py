"""Contracts of surveys: the questions and columns read, who answered, the answers, and what follows from them."""

import pyarrow as pa

from overstap.schema.spec import bounded, col, table

_S, _F, _I, _B = pa.string(), pa.float64(), pa.int64(), pa.bool_()
_LIST = pa.list_(pa.string())

FLAGS = ("incomplete", "duplicate", "straight_lining", "test")
"""Why an answer may not count: too few answers, one person or address twice, one answer all down, a preview."""
MEASURES = ("share", "top", "mean", "gap", "first", "mean_rank", "coded")
"""Share that chose an option, share on the two highest steps of a scale, mean of a scale or number, importance less
mastery, share that ranked it first, mean rank, and share of open answers coded to a skill or occupation."""

_QUESTION = col("question_code", _S, "Question, code", "Vraag, code", key=True)
_ITEM = col(
    "item", _S, "Item of an array, empty where there is none", "Onderdeel van een vraag, leeg waar er geen is", key=True
)
_HIDDEN = col("is_suppressed", _B, "Hidden, as too few answered", "Afgeschermd wegens te weinig antwoorden", null=False)
_ANSWERED = (
    col("n", _I, "Respondents who answered", "Respondenten die antwoordden", "persons"),
    col("n_effective", _F, "n as weights leave it (Kish)", "n na weging (Kish)", "persons"),
)

CORE_QUESTIONS = table(
    "core_questions",
    "Questions of the survey, and every column that holds none with the reason",
    "Vragen van de enquête, en elke kolom die er geen bevat met de reden",
    [
        _QUESTION,
        _ITEM,
        col(
            "part", _S, "Answer itself, own words, or comment", "Antwoord zelf, eigen woorden of toelichting", key=True
        ),
        col("source", _S, "File", "Bestand", key=True),
        col("position", _I, "Column in the file, from 1", "Kolom in het bestand, vanaf 1", null=False),
        col("heading", _S, "Heading as received", "Kop zoals ontvangen", null=False),
        col("kind", _S, "Kind of question", "Soort vraag"),
        col("theme", _S, "Theme of the study", "Thema van de studie"),
        col("use", _S, "What it is used for", "Waarvoor het dient"),
        col("pair", _S, "What importance and mastery have in common", "Wat belang en beheersing gemeen hebben"),
        col("text_nl", _S, "Question, Dutch", "Vraag, Nederlands"),
        col("text_en", _S, "Question, English", "Vraag, Engels"),
        col("item_nl", _S, "Item, Dutch", "Onderdeel, Nederlands"),
        col("item_en", _S, "Item, English", "Onderdeel, Engels"),
        col(
            "options",
            _LIST,
            "Answers: codes from low to high where they are ordered",
            "Antwoorden: codes, van laag naar hoog waar er een volgorde is",
        ),
        col("options_nl", _LIST, "Answers in Dutch", "Antwoorden in het Nederlands"),
        col("options_en", _LIST, "Answers in English", "Antwoorden in het Engels"),
        col(
            "is_understood",
            _B,
            "Read as a question, or known as a fact of the export",
            "Gelezen als vraag, of bekend als gegeven van de export",
            null=False,
        ),
        col(
            "reason",
            _S,
            "What became of the column where it is no question",
            "Wat er met de kolom gebeurde als het geen vraag is",
        ),
        col("answered_n", _I, "Respondents with an answer", "Respondenten met een antwoord", "persons", null=False),
    ],
)

CORE_RESPONDENTS = table(
    "core_respondents",
    "Respondents: group, weight, and what is wrong with their answers; no name or address is kept",
    "Respondenten: groep, gewicht en wat er aan hun antwoorden schort; naam en adres worden niet bewaard",
    [
        col(
            "respondent_id", _S, "Respondent, number within the file", "Respondent, volgnummer in het bestand", key=True
        ),
        col("source", _S, "File", "Bestand", null=False),
        col("role", _S, "Role", "Functie"),
        col("sector", _S, "Sector", "Sector"),
        col("size", _S, "Size of the firm", "Bedrijfsomvang"),
        col("language", _S, "Language of the answers", "Taal van de antwoorden"),
        col(
            "answered_share",
            _F,
            "Part of the questions put to all that was answered",
            "Deel van de vragen aan allen dat beantwoord is",
            "share",
        ),
        col("flags", _LIST, "What is wrong with the answers", "Wat er aan de antwoorden schort", null=False),
        col("is_counted", _B, "Counts in the results", "Telt mee in de uitkomsten", null=False),
        col(
            "weight",
            _F,
            "Weight; null where the respondent does not count",
            "Gewicht; leeg waar de respondent niet telt",
        ),
    ],
)

CORE_ANSWERS = table(
    "core_answers",
    "Answers, one row each; open text is masked",
    "Antwoorden, één rij per stuk; open tekst is gemaskeerd",
    [
        col("respondent_id", _S, "Respondent", "Respondent", key=True),
        _QUESTION,
        _ITEM,
        col(
            "part", _S, "Answer itself, own words, or comment", "Antwoord zelf, eigen woorden of toelichting", key=True
        ),
        col(
            "value",
            _F,
            "Number, place on the scale, rank, or 1 and 0 for chosen or not",
            "Getal, plaats op de schaal, rang, of 1 en 0 voor gekozen of niet",
        ),
        col("option", _S, "Option, code", "Antwoord, code"),
        col("text", _S, "Open answer, masked", "Open antwoord, gemaskeerd"),
        col("skills", _LIST, "Skills that the open answer names", "Vaardigheden die het open antwoord noemt"),
        col(
            "isco08",
            _S,
            "Occupation that the open answer names, ISCO-08",
            "Beroep dat het open antwoord noemt, ISCO-08",
        ),
    ],
)

CORE_EVIDENCE = table(
    "core_evidence",
    "Interviews and expert meetings as coded evidence; no names",
    "Interviews en expertmeetings als gecodeerd bewijs; zonder namen",
    [
        col("evidence_id", _S, "Evidence", "Bewijs", key=True),
        col("kind", _S, "interview, meeting or document", "interview, bijeenkomst of document", null=False),
        col("session", _S, "Session", "Bijeenkomst", null=False),
        col("date", pa.date32(), "Date", "Datum"),
        col("role", _S, "Role of who said it", "Functie van wie het zei", null=False),
        col("sector", _S, "Sector", "Sector"),
        col("theme", _S, "Theme of the study", "Thema van de studie", null=False),
        col(
            "claim", _S, "Claim, in the words of the researcher", "Bewering, in woorden van de onderzoeker", null=False
        ),
        col("direction", _S, "Direction of the change", "Richting van de verandering"),
        col(
            "subject",
            _S,
            "Technology, skill or occupation that it is about",
            "Technologie, vaardigheid of beroep waar het over gaat",
        ),
        col("quote", _S, "Quote, masked", "Citaat, gemaskeerd"),
        col("language", _S, "Language of the quote", "Taal van het citaat"),
        col("source", _S, "File", "Bestand", null=False),
    ],
)

OUT_SURVEY = table(
    "out_survey",
    "Results of the survey by question, item and group, weighted, each with n and interval",
    "Uitkomsten van de enquête naar vraag, onderdeel en groep, gewogen, elk met n en interval",
    [
        _QUESTION,
        _ITEM,
        col("measure", _S, "Measure", "Maat", key=True),
        col("option", _S, "Option, where the measure is a share", "Antwoord, waar de maat een aandeel is", key=True),
        col(
            "group_kind",
            _S,
            "Groups compared: role, sector or size; all: everyone",
            "Vergeleken groepen: functie, sector of omvang; all: iedereen",
            key=True,
        ),
        col("group_name", _S, "Group", "Groep", key=True),
        col("theme", _S, "Theme of the study", "Thema van de studie"),
        *bounded(
            "value",
            "Value: % for shares, points for means and gaps",
            "Waarde: % bij aandelen, punten bij gemiddelden en verschillen",
        ),
        *_ANSWERED,
        col("difference", _F, "Difference from all others", "Verschil met alle anderen"),
        col("p_value", _F, "p-value of the difference", "p-waarde van het verschil"),
        col(
            "q_value",
            _F,
            "p-value adjusted for the many tests of this split",
            "p-waarde, gecorrigeerd voor de vele toetsen van deze uitsplitsing",
        ),
        col(
            "differs",
            _B,
            "Differs, at the false-discovery rate of the study",
            "Verschilt, bij de fout-positieve fractie van de studie",
        ),
        _HIDDEN,
    ],
)

OUT_ADOPTION = table(
    "out_adoption",
    "Adoption of technologies and what hinders it, by sector and firm size, and how far small firms lag",
    "Adoptie van technologieën en wat die belemmert, naar sector en omvang, en hoe ver het mkb achterloopt",
    [
        col(
            "measure",
            _S,
            "Measure",
            "Maat",
            key=True,
        ),
        col("item", _S, "Technology or obstacle", "Technologie of belemmering", key=True),
        col("sector", _S, "Sector", "Sector", key=True),
        col("size", _S, "Size of the firm", "Bedrijfsomvang", key=True),
        *bounded("value", "Value: %, or percentage points of lag", "Waarde: %, of procentpunten achterstand"),
        *_ANSWERED,
        col("p_value", _F, "p-value of the lag", "p-waarde van de achterstand"),
        col(
            "q_value", _F, "p-value of the lag, adjusted over technologies", "p-waarde, gecorrigeerd over technologieën"
        ),
        _HIDDEN,
    ],
)

OUT_SURVEY_QUALITY = table(
    "out_survey_quality",
    "How the survey was read: columns, respondents, flags, weights",
    "Hoe de enquête gelezen is: kolommen, respondenten, opmerkingen, gewichten",
    [
        col("source", _S, "File; all: together", "Bestand; all: samen", key=True),
        col("measure", _S, "Measure", "Maat", key=True),
        col("detail", _S, "Detail", "Detail", key=True),
        col("value", _F, "Value", "Waarde"),
    ],
)

TABLES = (
    CORE_QUESTIONS,
    CORE_RESPONDENTS,
    CORE_ANSWERS,
    CORE_EVIDENCE,
    OUT_SURVEY,
    OUT_ADOPTION,
    OUT_SURVEY_QUALITY,
)
