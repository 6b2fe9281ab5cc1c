"""Facts in the wordings of many trades, in Dutch and English; all sentences are made up for these tests."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from overstap.ads.facts import facts_of


def read(text: str, column: str, **fields: Any) -> Any:
    """The value of one column for one text."""
    ads = pa.RecordBatch.from_pylist([{"text": text, **fields}])
    return facts_of(ads).columns[column].to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Je hebt minimaal 3 jaar ervaring als loodgieter.", 3),
        ("Functie-eisen\n- 2 tot 4 jaar werkervaring in de thuiszorg", 2),
        ("Je brengt ten minste vijf jaar relevante werkervaring mee", 5),
        ("Ervaring: minimaal 1 jaar", 1),
        ("Ervaring als heftruckchauffeur: 1 jaar (Vereist)", 1),
        ("Minimaal één jaar ervaring op een heftruck", 1),
        ("Je hebt 1,5 jaar ervaring in de horeca", 1.5),
        ("Je bent al 2 jaar werkzaam als kraanmachinist", 2),
        ("Requirements\n- 5+ years of experience in sales", 5),
        ("At least two years' experience working in a warehouse", 2),
        ("Requirements\n- 3-5 years' experience as a chef de partie", 3),
        ("Minimum of 10 years experience leading construction projects", 10),
        ("You have 5 years of experience, of which 2 years with Python", 5),
        ("Ervaring is niet nodig, wij leren je het vak.", 0),
        ("Geen ervaring vereist", 0),
        ("No experience required, full training is given", 0),
        ("Previous experience is not essential", 0),
        ("Wij zijn een bedrijf met 25 jaar ervaring in de bouw.", None),
        ("Over ons\nWe hebben ruim 40 jaar ervaring in installatietechniek.", None),
        ("Our company has over 10 years of experience.", None),
        ("Je bent minimaal 18 jaar oud", None),
        ("Je krijgt een contract voor 1 jaar met uitzicht op verlenging", None),
        ("In de afgelopen 3 jaar is ons team sterk gegroeid", None),
        ("Functie-eisen\n- 3 jaar ervaring is een pré", None),
        ("Functie-eisen\n- bij voorkeur 2 jaar ervaring", None),
        ("Requirements\n- 2 years of experience preferred", None),
        ("Requirements\n- 2 years of experience, preferably in retail", 2),
        ("Requirements\n- 5 years work experience preferably in an office", 5),
        ("Requirements\n- Relevant work experience (appr. 5 years) in sales", 5),
        ("A degree in mathematics.4+ years of experience in teaching", 4),
        ("Een opleiding van 2 jaar tot monteur", None),
        ("Je hebt 18 maanden ervaring als kok", 1.5),
        ("Requirements\n- at least 6 months of experience in retail", 0.5),
        ("Na 18 maanden heb je veel ervaring opgedaan", None),
        ("Een stage van 5 maanden, ervaring met Excel", None),
        ("You have no experience? No problem.", 0),
        ("Heb je geen ervaring? Geen probleem!", 0),
        ("Geen ervaring met Python is een probleem", None),
        ("Wij hebben 5.000 medewerkers en 20 jaar ervaring", None),
    ],
)
def test_experience(text: str, years: float | None) -> None:
    assert read(text, "experience_years_min") == years


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Een baan voor 32 tot 40 uur per week", 32, 40),
        ("Werkweek van 36 uur", 36, 36),
        ("Dienstverband: 24-32 uur", 24, 32),
        ("We zoeken iemand voor 16 uur per week in de bediening", 16, 16),
        ("Minimaal 24 uur per week", 24, None),
        ("Je werkt maximaal 20 uur per week", None, 20),
        ("Uren: 38", 38, 38),
        ("Aantal uren per week: 28 - 36", 28, 36),
        ("Fulltime (40 uur per week)", 40, 40),
        ("Een 32- tot 36-urige werkweek", 32, 36),
        ("32/36/40 uur", 32, 40),
        ("Je bent 3 dagen (24 uur per week) beschikbaar", 24, 24),
        ("Full-time, 37.5 hours per week", 37.5, 37.5),
        ("We offer a position for 24 to 32 hours a week", 24, 32),
        ("A part-time contract of 20 hours a week", 20, 20),
        ("Oproepcontract van 0-24 uur per week", 0, 24),
        ("Onze winkel is open van 9.00 tot 18.00 uur", None, None),
        ("Je start om 7 uur en bent om 16 uur klaar", None, None),
        ("Wij reageren binnen 24 uur op je sollicitatie", None, None),
        ("Ons bedrijf draait 24 uur per dag door", None, None),
        ("Je krijgt 40 uur training per jaar", None, None),
        ("25 vakantiedagen op basis van 40 uur per week", None, None),
        ("Salaris op basis van 38 uur per week", None, None),
        ("200 verlofuren bij een 36-urige werkweek", None, None),
        ("A salary of € 3.000 based on a 40-hour working week", None, None),
        ("Shifts of 8 hours per day", None, None),
        ("Je werkt 80 uur per week", None, None),
        ("Office hours: 8-17", None, None),
        ("Oproepkracht 0 tot 20 uur", 0, 20),
        ("Salaris tot € 3.800 per maand, 32-40 uur", 32, 40),
        ("Salaris €2.800 Uren per week 36 - 40 uur Locatie Utrecht", 36, 40),
        ("Je bent bereid om 45 uur per week te werken", 45, 45),
        ("38 hours, fulltime", 38, 38),
        ("Een dienstverband voor 24, 32, 36 of 40 uur per week", 24, 40),
        ("Working for minimum 32 hours per week, with a maximum of 40", 32, 40),
        ("Amsterdam\n40 uur\nHBO", 40, 40),
        ("Een aanstelling van 0,75 fte op basis van 36 uur", 27, 27),
        ("0,6 - 0,8 fte (1 fte = 40 uur)", 24, 32),
        ("Omvang 0,5 fte, 36 uur is 1 fte", 18, 18),
        ("1 fte: 38 uur", 38, 38),
        ("Een functie van 0,8 fte", None, None),
        ("Fulltime, 1 fte", None, None),
        ("Er zijn 2 fte op basis van 36 uur per week", None, None),
        ("Full time equivalent: 0.8 fte (32 uur per week)", 32, 32),
        ("Mogelijkheid om 32-40 uur te werken", 32, 40),
        ("Een functie in een dynamische organisatie binnen de zorg voor 32 - 40 uur per week", 32, 40),
        ("Werkweken van 40, 36 of 32 uur", 32, 40),
        ("Over ons\nWij zijn een bank\nFeiten\n- 36 to 40 hours per week", 36, 40),
        ("Een aanstelling voor 32 uur per week is bespreekbaar", None, None),
        ("Een salaris van € 3.000 bruto, op basis van 40 uur per week", None, None),
        ("Je begint om 8 uur, de werkweek is lang", None, None),
    ],
)
def test_hours(text: str, least: float | None, most: float | None) -> None:
    assert (read(text, "hours_min"), read(text, "hours_max")) == (least, most)


def test_hours_come_from_the_text_then_the_title_then_the_feed() -> None:
    silent = "Leuke baan in de logistiek."
    assert read(silent, "hours_max", title="Planner (32-40 uur)", hours_text="24") == 40
    assert read(silent, "hours_max", title="Planner", hours_text="24-28") == 28
    assert read("Werkweek van 36 uur", "hours_max", title="Planner (32-40 uur)") == 36


@pytest.mark.parametrize(
    ("text", "low", "high", "period"),
    [
        ("Salaris: € 2.400 - € 3.800 bruto per maand", 2400, 3800, "month"),
        ("Een salaris van €3.200,- tot €4.500,- per maand", 3200, 4500, "month"),
        ("Een bruto maandsalaris tussen de € 2.750,50 en € 3.910,25", 2750.5, 3910.25, "month"),
        ("Je verdient € 15,50 per uur", 15.5, 15.5, "hour"),
        ("Uurloon van €14,25 tot €17,80 bruto", 14.25, 17.8, "hour"),
        ("Salaris tussen 35k en 45k euro per jaar", 35000, 45000, "year"),
        ("€45-70k salary plus equity", 45000, 70000, "year"),
        ("Salaris tot € 4.100 bruto per maand bij 40 uur", None, 4100, "month"),
        ("Een bruto salaris vanaf € 2.600 per maand", 2600, None, "month"),
        ("Wat bieden wij\n- Salaris:\n€ 2.500 - € 3.000", 2500, 3000, "month"),
        ("Brutoloon 2.300 - 2.900 euro per maand", 2300, 2900, "month"),
        ("Een bruto maandsalaris van 2.850 tot 3.650", 2850, 3650, "month"),
        ("A gross salary between €3,226 and €5,090 per month", 3226, 5090, "month"),
        ("Annual salary of EUR 60,000 to 75,000", 60000, 75000, "year"),
        ("€ 40.000 - € 50.000 per jaar bruto, exclusief bonus", 40000, 50000, "year"),
        ("Salaris van € 3.000 bruto per maand, plus een bonus van € 2.000", 3000, 3000, "month"),
        ("Salary up to £45,000 per annum", None, None, None),
        ("Salary $120k - $150k", None, None, None),
        ("Een omzet van € 5 miljoen", None, None, None),
        ("Reiskostenvergoeding van € 0,23 per kilometer", None, None, None),
        ("Een opleidingsbudget van € 1.500 per jaar", None, None, None),
        ("Je krijgt een stagevergoeding van € 500 per maand", None, None, None),
        ("Een netto salaris van € 2.300 per maand", None, None, None),
        ("€ 1.000 welkomstbonus", None, None, None),
        ("Salaris € 700 per week", None, None, None),
        ("Salaris: € 1.900 bruto per maand bij 24 uur per week", None, None, None),
        ("Salaris € 42.000 per uur", None, None, None),
        ("FWG 50: € 3.105 - € 4.560.", 3105, 4560, "month"),
        ("36 uur, € 3.200 tot € 4.400", 3200, 4400, "month"),
        ("€ 3.200 - € 4.400 bij 36 uur", 3200, 4400, "month"),
        ("Loon vanaf € 14,50", 14.5, None, "hour"),
        ("24 uur, € 3.200 tot € 4.400", None, None, None),
        ("36 uur, opleidingsbudget van € 1.500 tot € 2.500", None, None, None),
        ("40 uur, bonus € 2.000 tot € 4.000", None, None, None),
        ("36 uur. Onze projecten kosten € 3.200 tot € 9.400", None, None, None),
        ("Salaris conform cao", None, None, None),
        ("Tot €55k per jaar", None, 55000, "year"),
        ("€ 2500 p.m.", 2500, 2500, "month"),
        ("Brutosalaris: EUR 2.900 per 4 weken", 3141.67, 3141.67, "month"),
        ("Salaris: € 2.400 - € 2.600 bruto per vier weken", 2600, 2816.67, "month"),
        ("Salaris van max € 4.000,- per periode van 4 weken", None, 4333.33, "month"),
        ("Een uurloon tussen € 18,50 en € 23,- bruto", 18.5, 23, "hour"),
        ("Een uurloon van € 15 tot € 18", 15, 18, "hour"),
        ("Sign-on bonus of EUR 20k, base salary of EUR 80k per year", 80000, 80000, "year"),
        ("Een salaris tot een maximum van € 5.997,- bruto per maand", None, 5997, "month"),
        ("A gross annual salary of up to €70k a year incl holiday allowance", None, 70000, "year"),
        ("Een maximum bruto basissalaris van € 5.210,- per maand", None, 5210, "month"),
        ("A maximum gross salary of €4,100 per month", None, 4100, "month"),
        ("Minimum bruto maandsalaris € 2.900, maximum € 3.400 bruto", 2900, 3400, "month"),
        ("A maximum salary of up to €2800,- , plus a yearly bonus", None, 2800, "month"),
        ("A salary of minimum € 4.492,00 (Scale 11.0) and maximum € 6.148,00 (Scale 11.12) gross", 4492, 6148, "month"),
        ("Een stagevergoeding van € 1.100 bruto per maand", None, None, None),
    ],
)
def test_pay(text: str, low: float | None, high: float | None, period: str | None) -> None:
    assert tuple(read(text, name) for name in ("salary_min", "salary_max", "salary_period")) == (low, high, period)


def test_pay_of_the_feed_counts_where_the_text_is_silent() -> None:
    assert read("Leuke baan", "salary_max", salary_text="€ 2.500 - € 3.000 per maand") == 3000
    assert read("Leuke baan", "salary_max", salary_text="EUR 2.500 - 3.000 Bruto per Maand") == 3000
    assert read("Leuke baan", "salary_max", salary_text="40K - 45K EUR per Year") == 45_000
    assert read("Leuke baan", "salary_max", salary_text="£ 25,000 - £ 30,000 per annum") is None
    assert read("Salaris € 2.800 per maand", "salary_max", salary_text="€ 2.500 - € 3.000 per maand") == 2800


def test_a_scale_is_resolved_only_for_its_agreement_and_time() -> None:
    text = "Je salaris valt in schaal 8 van de cao Rijk."
    assert read(text, "salary_max", posted_date=date(2023, 6, 1)) == 3896
    assert read(text, "salary_period", posted_date=date(2023, 6, 1)) == "month"
    assert read(text, "salary_max", posted_date=date(2024, 6, 1)) is None
    assert read(text, "salary_max") is None
    assert read("Salaris in schaal 8 (cao universiteiten)", "salary_max", posted_date=date(2023, 6, 1)) is None
    assert read("Schaal 8", "salary_max", company="Ministerie van Financiën", posted_date=date(2023, 6, 1)) == 3896


@pytest.mark.parametrize(
    ("text", "contract"),
    [
        ("Je krijgt direct een vast contract", "permanent"),
        ("Een arbeidsovereenkomst voor onbepaalde tijd", "permanent"),
        ("This is a permanent position", "permanent"),
        ("Een jaarcontract met uitzicht op een vast dienstverband", "temporary"),
        ("Contract voor bepaalde tijd", "temporary"),
        ("Je werkt eerst op uitzendbasis", "temporary"),
        ("Een tijdelijke functie wegens zwangerschapsvervanging", "temporary"),
        ("A fixed-term contract for 12 months", "temporary"),
        ("Wij zoeken een zzp'er voor deze opdracht", "freelance"),
        ("Je ontvangt een stagevergoeding", "internship"),
        ("Je helpt onze vaste klanten", None),
        ("Een vast contract of een tijdelijk contract, dat bepaal jij", None),
        ("Deze functie is niet geschikt voor zzp'ers", None),
        ("Zzp'ers hoeven niet te reageren", None),
        ("Reacties van zzp'ers en bureaus worden niet in behandeling genomen", None),
        ("Je krijgt een vast contract, deze functie is niet geschikt voor zzp", "permanent"),
        ("Not suitable for freelancers, this is a permanent position", "permanent"),
        ("Na 6 maanden een vast contract", "temporary"),
        ("Een vast contract na een jaar", "temporary"),
        ("Onbepaalde tijd: eerst een jaar, daarna omgezet in een contract voor onbepaalde tijd", "temporary"),
        ("Een jaarcontract, bij tevredenheid volgt een vast contract", "temporary"),
        ("An employment contract for a period of 24 months", "temporary"),
        ("Een contract voor de duur van 7 maanden", "temporary"),
        ("After six months you get a permanent contract", "temporary"),
        ("Je werkt als oproepkracht in de bediening", "on_call"),
        ("Je krijgt een 0-urencontract", "on_call"),
        ("Een nulurencontract voor bepaalde tijd", "on_call"),
        ("A zero-hours contract", "on_call"),
        ("Op basis van een min-max contract", "on_call"),
        ("Bij ons geen nulurencontract maar een vast contract", "permanent"),
        ("Een vast contract of een oproepcontract", None),
        ("You take part in the on-call rota", None),
    ],
)
def test_contract(text: str, contract: str | None) -> None:
    assert read(text, "contract") == contract


def test_an_internship_in_the_title_holds() -> None:
    assert read("Leuke plek, later misschien een vast contract", "contract", title="Stagiair marketing") == "internship"
    assert read("Leuke plek", "contract", contract_text="Tijdelijk") == "temporary"
    assert read("Leuke plek", "contract", contract_text="Oproep, tijdelijk") == "on_call"
    assert read("Leuke plek", "contract", title="Oproepkracht bediening") == "on_call"
    assert read("Leuke fulltime plek", "contract", contract_text="fulltime, internship") is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Je spreekt vloeiend Nederlands en Engels", ["en", "nl"]),
        ("Goede beheersing van de Nederlandse taal in woord en geschrift", ["nl"]),
        ("Goede beheersing van de Nederlandse en Engelse taal", ["en", "nl"]),
        ("You are fluent in English and Dutch", ["en", "nl"]),
        ("Excellent written and verbal communication skills in English", ["en"]),
        ("Je spreekt Nederlands en Pools", ["nl", "pl"]),
        ("Fluent English is a must, German is a plus", ["en"]),
        ("Kennis van de Duitse taal is een pré", None),
        ("You speak Dutch or English", None),
        ("You speak English, Polish or Dutch", None),
        ("Je spreekt Nederlands, Engels of Duits", None),
        ("You speak fluent English, Dutch and German", ["de", "en", "nl"]),
        ("Je spreekt Nederlands, Engels en Duits", ["de", "en", "nl"]),
        ("Goede beheersing van de Nederlandse, Engelse en Duitse taal", ["de", "en", "nl"]),
        ("Talen: Nederlands, Engels, Duits, Frans en Pools", ["de", "en", "fr", "nl", "pl"]),
        ("Je spreekt Engels, Nederlands is geen vereiste", ["en"]),
        ("Fluent in English. German, Dutch, Spanish or French will be a plus", ["en"]),
        ("Je spreekt Nederlands. Kennis van Duits, Frans en Spaans is een pré", ["nl"]),
        ("Je spreekt Nederlands en Engels, Duits is een pré", ["en", "nl"]),
        ("Nederlands is geen vereiste, je spreekt wel Engels", ["en"]),
        ("Fluent English, Dutch not required", ["en"]),
        ("Fluent in English; Dutch language skills are a strong benefit", ["en"]),
        ("Je spreekt Engels (Nederlands is niet nodig)", ["en"]),
        ("You speak English. You do not need to speak Dutch", ["en"]),
        ("Je spreekt goed Nederlands of Engels", None),
        ("Nederlandstalig", ["nl"]),
        ("Wij leveren aan de Nederlandse markt", None),
        ("You know the Dutch market", None),
        ("No Dutch required", None),
        ("Wij bieden\n- een cursus Nederlands", None),
    ],
)
def test_languages(text: str, codes: list[str] | None) -> None:
    assert read(f"Functie-eisen\n- {text}\n", "languages_required") == codes


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Je bent in het bezit van een rijbewijs", "B"),
        ("In bezit van rijbewijs B", "B"),
        ("Je hebt een geldig B-rijbewijs en eigen vervoer", "B"),
        ("Rijbewijs BE", "BE"),
        ("Rijbewijs B/BE", "B"),
        ("Je hebt rijbewijs C en code 95", "C"),
        ("In het bezit van rijbewijs CE en chauffeurskaart", "CE"),
        ("Een geldig C/CE rijbewijs", "C"),
        ("Rijbewijs D voor de touringcar", "D"),
        ("T-rijbewijs verplicht", "T"),
        ("A full UK driving licence is essential", "B"),
        ("Valid driver's license (category C)", "C"),
        ("Rijbewijs B is een pré", None),
        ("Rijbewijs CE en code 95, ADR is een plus", "CE"),
        ("Rijbewijs B en Engels is een pré", None),
        ("B-rijbewijs, BE geniet de voorkeur", "B"),
        ("Bij voorkeur in bezit van rijbewijs B", None),
        ("Een heftruck rijbewijs", None),
        ("Een rijbewijs is niet nodig", None),
    ],
)
def test_licence(text: str, category: str | None) -> None:
    assert read(f"Functie-eisen\n- {text}\n", "driving_licence") == category


@pytest.mark.parametrize(
    ("text", "remote"),
    [
        ("Je kunt twee dagen per week thuiswerken", "hybrid"),
        ("Hybride werken is bij ons normaal", "hybrid"),
        ("Mogelijkheid om deels vanuit huis te werken", "hybrid"),
        ("Een thuiswerkvergoeding van € 2,35 per dag", "hybrid"),
        ("Je werkt volledig remote", "yes"),
        ("This is a fully remote role", "yes"),
        ("You can work from home two days a week", "hybrid"),
        ("Acme | Amsterdam | ONSITE", "no"),
        ("No remote work", "no"),
        ("Thuiswerken is niet mogelijk", "no"),
        ("Thuiswerken is in deze functie helaas niet mogelijk", "no"),
        ("You work with remote sensing data", None),
        ("Wij bouwen hybrid cloud omgevingen", None),
        ("Gezellige kantine", None),
    ],
)
def test_remote(text: str, remote: str | None) -> None:
    assert read(text, "remote") == remote


@pytest.mark.parametrize(
    ("text", "proved"),
    [
        ("Salaris: max. € 3.000 bruto per maand.", {"salary_max", "salary_period"}),
        ("Salaris vanaf € 2.500 bruto per maand.", {"salary_min", "salary_period"}),
        ("Salaris: € 2.500 - € 3.000 bruto per maand.", {"salary_min", "salary_max", "salary_period"}),
        ("Salaris: € 1.500 bruto per maand voor 24 uur.", set()),
        ("Salaris in schaal 11 van de cao Gemeenten.", set()),
    ],
)
def test_words_of_pay_prove_only_the_ends_they_say(text: str, proved: set[str]) -> None:
    spans = facts_of(pa.RecordBatch.from_pydict({"text": [text]})).spans
    assert {name for name, s in spans.items() if name.startswith("salary") and len(s.row)} == proved


def test_spans_prove_the_values_in_characters_of_the_text() -> None:
    text = "🙂 Café zoekt kok. Werkweek van 36 uur, € 2.500 - € 3.000 bruto per maand. Je hebt 2 jaar ervaring."
    facts = facts_of(pa.RecordBatch.from_pylist([{"text": ""}, {"text": text}]))
    words = {
        name: [text[a:b] for row, a, b in zip(s.row, s.start, s.end, strict=True) if row == 1]
        for name, s in facts.spans.items()
    }
    assert words["hours_min"] == ["36 uur"]
    assert words["salary_min"] == ["€ 2.500 - € 3.000"]
    assert words["experience_years_min"] == ["2 jaar"]
    assert not any((s.row == 0).any() for s in facts.spans.values())


def test_a_batch_gives_what_each_ad_gives_alone() -> None:
    ads = [
        {"text": "Uren: 32", "title": "Kok", "company": None},
        {"text": None, "title": None, "company": "Randstad"},
        {"text": "€ 14 per uur, uurloon. Rijbewijs C", "title": "Chauffeur (40 uur)", "company": "Acme"},
    ]
    together = facts_of(pa.RecordBatch.from_pylist(ads)).columns
    for i, ad in enumerate(ads):
        schema = pa.schema([(name, pa.string()) for name in ad])
        alone = facts_of(pa.RecordBatch.from_pylist([ad], schema)).columns
        assert {k: v[i].as_py() for k, v in together.items()} == {k: v[0].as_py() for k, v in alone.items()}
