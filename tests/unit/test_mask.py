"""Personal data are masked, and nothing else is. All names and numbers here are invented."""

from __future__ import annotations

import pytest

from overstap.ads.mask import mask_text

MASKED = [
    ("a@b of c.d@voorbeeld.nl, @x en e@voorbeeld.org", "a@b of [EMAIL], @x en [EMAIL]", 2),
    ("Mail naar sanne.de-wit+werk@voorbeeld.co.nl.", "Mail naar [EMAIL].", 1),
    ("o'hara@example.org; info (at) voorbeeld.nl; jan [at] voorbeeld [dot] nl", "[EMAIL]; [EMAIL]; [EMAIL]", 3),
    ("Bel 06-12345678, 06 12 34 56 78 of 0612345678", "Bel [PHONE], [PHONE] of [PHONE]", 3),
    ("T 020 - 123 45 67, (020) 123 4567, 0343-123456", "T [PHONE], [PHONE], [PHONE]", 3),
    ("+31 (0)6 12345678 / 0031612345678 / +31-20-1234567", "[PHONE] / [PHONE] / [PHONE]", 3),
    ("tel. 02 555 12 34, 0475 12 34 56 of +32 2 555 12 34", "tel. [PHONE], [PHONE] of [PHONE]", 3),
    ("Telefon 030/12345678 oder +49 30 1234567", "Telefon [PHONE] oder [PHONE]", 2),
    ("on 020 7946 0958, 07700 900123 or +44 (0)161 496 0123 ext. 55.", "on [PHONE], [PHONE] or [PHONE].", 3),
    ("call (212) 555-0142, 212-555-0142 or 1-212-555-0142", "call [PHONE], [PHONE] or [PHONE]", 3),
    ("number01632 960001Additional", "number[PHONE]Additional", 1),
    ("[EMAIL] number01632960001", "[EMAIL] number[PHONE]", 1),
    ("Alice Sample\nWard Manager\n[PHONE]", "[NAME]\nWard Manager\n[PHONE]", 1),
    ("IBAN NL91 ABNA 0417 1643 00, BSN: 123456782", "IBAN [IBAN], BSN: [BSN]", 2),
    (
        "https://www.linkedin.com/in/iemand-1a2b/ en linkedin.com/company/voorbeeld",
        "[URL] en linkedin.com/company/voorbeeld",
        1,
    ),
    (
        "Neem contact op met Sanne de Wit (teamleider) of Bodhi Vriezema.",
        "Neem contact op met [NAME] (teamleider) of [NAME].",
        2,
    ),
    (
        "Je kunt contact opnemen met Bodhi Vriezema via [EMAIL] of [PHONE]",
        "Je kunt contact opnemen met [NAME] via [EMAIL] of [PHONE]",
        1,
    ),
    ("Contactpersoon:\nJan-Willem van der Testen\nUtrecht", "Contactpersoon:\n[NAME]\nUtrecht", 1),
    ("Vragen? Bel mevrouw Testman of dhr. J.P. ten Proeve.", "Vragen? Bel [NAME] of [NAME].", 2),
    (
        "Stel je vragen aan onze recruiter Bodhi Vriezema, [EMAIL]",
        "Stel je vragen aan onze recruiter [NAME], [EMAIL]",
        1,
    ),
    ("Meer informatie bij Marieke op [PHONE]", "Meer informatie bij [NAME] op [PHONE]", 1),
    ("Met vriendelijke groet,\nWietske Testema", "Met vriendelijke groet,\n[NAME]", 1),
    ("Please contact Jane Example or Tom O'Sample on [PHONE]", "Please contact [NAME] or [NAME] on [PHONE]", 2),
    ("For an informal chat contact Dr Alice Sample, Consultant", "For an informal chat contact [NAME], Consultant", 1),
    ("Reach out to Priya Sample.", "Reach out to [NAME].", 1),
    ("Name: Gladys Sample Job title: Ward Manager", "Name: [NAME] Job title: Ward Manager", 1),
    ("NameGladys SampleJob titleWard Manager", "Name [NAME] Job titleWard Manager", 1),
    ("Alice Sample, [EMAIL]", "[NAME], [EMAIL]", 1),
    ("Wij zijn trots op wat Sanne de Wit hier bouwt.", "Wij zijn trots op wat [NAME] hier bouwt.", 1),
    ("Het werk van mevr. Testman en Dr. Proefma.", "Het werk van [NAME] en [NAME].", 2),
    ("Your supervisor will be Bodhina Vriezemski, data engineer.", "Your supervisor will be [NAME], data engineer.", 1),
    ("Zoals Vrindo van der Proefmeer zegt", "Zoals [NAME] zegt", 1),
    (
        "Je hoort van ons via Anna Proef van Testmeer Groep: bel",
        "Je hoort van ons via [NAME] van Testmeer Groep: bel",
        1,
    ),
    ("Douwe Proefstra-O'Test is er ook.", "[NAME] is er ook.", 1),
]

KEPT = [
    "bel ons op maandag of mail je CV",
    "contact met klanten en Contact with Customers",
    "bel Amsterdam of Contact Center Utrecht",
    "Neem contact op met Human Resources of de afdeling Werving & Selectie",
    "Contact Acme Solutions B.V. of Contact Shell Nederland",
    "contact met Albert Heijn, Rijkswaterstaat en Provincie Noord-Holland",
    "Email Marketing Specialist, Call Centre Agent, Mobile App Development",
    "Je hebt contact met Business Partners en Product Owners",
    "Vragen over Power Platform, Microsoft Power BI en Google Analytics",
    "Contact Data Protection Officer",
    "2012-2013, 2014 2015, 01-09-2023 tot 31-12-2024, 01-09-2023 09:00, 2020/2021",
    "€ 45.000 - 60.000 per jaar, tussen 3.500 en 5.000 euro, $120,000 - 150,000, 1.000.000 klanten, 10 000 000 users",
    "36-40 uur, 09.00 - 17.00 uur, 0-2 jaar",
    "1012 AB Amsterdam, SBI 62.01.2, ISO 27001:2013, KvK 12345678, versie 10.15.2019",
    "vacaturenummer 0123456789, ref 0201234567, Referentienummer: 0612345678, BIG 09012345601",
    "[EMAIL] [PHONE] [NAME] [URL] [IBAN] [BSN]",
    "Ervaring met Python en R. Daarnaast schrijf je SQL",
    "kantoor in Santa Clara, at James Cook Hospital, James Proef Road en Anna Proefplein 150",
    "You will report to the Savoury Category team and to the Vice President",
    "NL91ABNA0417164301 heeft een verkeerd controlegetal",
    "Contact [NAME], Head of Change Excellence on [PHONE]",
    "Contact [NAME], Specialist Speech & Language Guide on [PHONE]",
    "vacature number 0123456789",
    "volg @voorbeeld of kijk op voorbeeld.nl/contact",
]


@pytest.mark.parametrize(("text", "masked", "n"), MASKED)
def test_personal_data_are_masked_and_counted(text: str, masked: str, n: int) -> None:
    assert mask_text(text) == (masked, n)


@pytest.mark.parametrize("text", KEPT)
def test_other_words_and_numbers_stay(text: str) -> None:
    assert mask_text(text) == (text, 0)


@pytest.mark.parametrize("text", [text for text, _, _ in MASKED])
def test_masking_twice_changes_nothing(text: str) -> None:
    once, _ = mask_text(text)
    assert mask_text(once) == (once, 0)


def test_an_address_that_lost_its_sign_is_masked_and_names_of_code_are_not() -> None:
    assert mask_text("Mail naar j.de.vries voorbeeld.nl voor informatie")[0] == "Mail naar [EMAIL] voor informatie"
    kept = "Contact: ervaring met node.js example.com en asp.net core.com"
    assert mask_text(kept) == (kept, 0)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("De selectie ligt in handen van Xyzan Testman.", "De selectie ligt in handen van [NAME]."),
        ("Mail Lotte van Proef - van Testen: [EMAIL]", "Mail [NAME]: [EMAIL]"),
        ("Bel met Anna van Leiden, [PHONE].", "Bel met [NAME], [PHONE]."),
        ("Contact: Sanne Testman & Rosa Proef", "Contact: [NAME] & [NAME]"),
        ("José Núñez Bos helpt: jose.nunezbos@voorbeeld.nl", "[NAME] helpt: [EMAIL]"),
        ("Human Resources: human.resources@voorbeeld.nl", "Human Resources: [EMAIL]"),
        ("Zxan Testman, z.testman@voorbeeld.nl", "[NAME], [EMAIL]"),
        ("Zxan de Testman zit er ook: zxan.de.testman@voorbeeld.nl", "[NAME] zit er ook: [EMAIL]"),
    ],
)
def test_names_are_found_by_what_leads_to_them_and_by_addresses(text: str, masked: str) -> None:
    assert mask_text(text)[0] == masked


def test_an_address_without_letters_spells_no_name() -> None:
    assert mask_text("Mail ²-²@voorbeeld.nl") == ("Mail [EMAIL]", 1)
