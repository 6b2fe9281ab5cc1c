"""Own sentences and small ads in both languages, over all sectors: which core skills count, and as a plus or asked.

Each name that is also a common word is tried both ways; a skill that must not be found stands behind a minus.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from overstap.ads.annotate import READS, Annotator, topsector_table
from overstap.schema.core import ASKED_SECTIONS
from overstap.study import Annotation

AMBIGUOUS = [
    ("Ervaring met R en Python.", "r_language python"),
    ("Je analyseert data in R, SPSS of Stata.", "r_language"),
    ("Afdeling R & D zoekt een laborant.", "-r_language"),
    ("R. de Vries is je leidinggevende.", "-r_language"),
    ("Kennis van C en embedded Linux.", "c_language embedded_software linux"),
    ("Strong C or C++ skills.", "c_language cpp"),
    ("Rijbewijs B en C vereist, ervaring als vrachtwagenchauffeur.", "-c_language"),
    ("Bewaartemperatuur onder 7 graden C in de koelcel.", "-c_language"),
    ("Backend in Go and PostgreSQL.", "go_language postgresql"),
    ("You go the extra mile for our guests.", "-go_language"),
    ("Go get your forklift licence with us.", "-go_language"),
    ("Programming in SAS or SQL.", "sas sql"),
    ("Je werkt voor SAS, de luchtvaartmaatschappij, als steward.", "-sas"),
    ("Goede kennis van Excel en Word.", "spreadsheets word_processing"),
    ("You excel in customer service.", "-spreadsheets"),
    ("You will excel at this job if you like people.", "-spreadsheets"),
    ("Excel jij in gastvrijheid?", "-spreadsheets"),
    ("Word jij onze nieuwe collega in de bediening?", "-word_processing"),
    ("Word lid van ons team van lassers.", "-word_processing"),
    ("Word per direct verpleegkundige bij ons.", "-word_processing"),
    ("MS Word, Outlook en PowerPoint beheers je goed.", "word_processing email_calendar presentation_software"),
    ("Data pipelines with Spark and Kafka.", "spark kafka"),
    ("You spark joy in children.", "-spark"),
    ("Experience with Scala, Akka and Java.", "scala java"),
    ("La Scala zoekt een kapper.", "-scala"),
    ("Ervaring met Access en Excel.", "ms_access spreadsheets"),
    ("You have access to a company car.", "-ms_access"),
    ("Access to training and a gym.", "-ms_access"),
    ("iOS development in Swift.", "swift"),
    ("A swift response to customers is key.", "-swift"),
    ("Systems programming in Rust or C++.", "rust cpp"),
    ("Je komt tot rust in het bos.", "-rust"),
    ("Je behoudt je rust onder druk.", "-rust"),
    ("Flutter and Dart for mobile apps.", "dart_flutter"),
    ("Friday drinks with dart and pool.", "-dart_flutter"),
    ("Ruby, Rails and PostgreSQL.", "ruby"),
    ("Ruby is je directe collega in de winkel.", "-ruby"),
    ("Python, Julia or MATLAB.", "julia python matlab"),
    ("Vragen? Bel Julia van personeelszaken.", "-julia"),
    ("Prototyping in Sketch or Figma.", "prototyping_design_tools"),
    ("Je maakt een sketch voor de musical met de kinderen.", "-prototyping_design_tools"),
    ("Game development in Unity with C#.", "unity csharp"),
    ("Unity in diversity is our motto.", "-unity"),
    ("Requirements: bachelor's degree.", "-requirements_engineering"),
    ("Requirements:\n- gathering requirements", "requirements_engineering"),
    ("You meet all safety requirements and customer requirements.", "-requirements_engineering"),
    ("You comply with legal requirements and quality requirements.", "-requirements_engineering"),
    ("Ervaring met requirements en user stories.", "requirements_engineering"),
    ("We comply with the service requirements of the council.", "-requirements_engineering"),
    ("Je hebt kennis van planologie.", "urban_planning -architecture_building -spatial_insight"),
    ("Je kunt bouwtekeningen lezen.", "reading_drawings -cad -technical_drawing"),
    ("Je past de cao's toe.", "collective_agreements -labour_law"),
    ("BIG registration is required.", "professional_registration"),
    ("WE MAKE A BIG IMPACT, your degree counts.", "-professional_registration"),
    ("Je bent representatief.", "presentable_appearance"),
    ("Je trekt een representatieve steekproef.", "-presentable_appearance"),
    ("Met de trekker rijden en melken.", "tractor_driving milking -leadership"),
    ("Je gaat schilderen en behangen.", "-construction"),
    ("A degree in electrical engineering.", "electrical_engineering -electronics"),
    ("We look for motivated staff.", "-motivating_others"),
    ("You work with other data modelers on reliable data.", "-integrity"),
    ("Communication:\n- you speak Dutch", "-communication lang_dutch"),
    ("Je hebt een BIG-registratie.", "professional_registration -medicine"),
    ("Je bent in het bezit van rijbewijs CE.", "truck_driving -driving_licence_b"),
    ("Je bent in het bezit van rijbewijs B.", "driving_licence_b -truck_driving"),
    ("Je hebt kennis van NEN 3140 en NEN 1010.", "electrical_safety -iso_standards"),
    ("Je bent representatief en spreekt Nederlands.", "presentable_appearance -service_mindset"),
    ("Je werkt met een representatieve steekproef.", "-presentable_appearance"),
    ("Oracle en PL/SQL.", "oracle_database sql"),
    ("Ervaring met Salesforce.", "salesforce"),
    ("Ervaring met Teams, SharePoint en Outlook.", "collaboration_software email_calendar"),
    ("Je werkt met twee teams in de thuiszorg.", "-collaboration_software"),
    ("Teams van vijf metselaars stuur je aan.", "-collaboration_software"),
    ("Werken op kantoor of in de back office.", "-office_software"),
    ("Our office in Utrecht is close to the station.", "-office_software"),
]  # fmt: skip

SECTORS = [
    ("Het sanitair schoonmaken en de gangen dweilen.", "cleaning_sanitary -installation_technology"),
    ("Onze bakkerij bezorgt elke ochtend.", "-bread_baking -delivery_driving"),
    ("Alle kanten op; strijken wij neer; wat bezorgen we jou?", "-metalworking -laundry -delivery_driving"),
    ("Ervaring met valpreventie en motiverende gespreksvoering.", "fall_prevention motivational_interviewing"),
    ("Kennis van begrijpend lezen en rekenonderwijs.", "literacy_teaching numeracy_teaching"),
    ("Kennis van de Wmo en van het sociaal domein.", "care_law social_domain -social_work"),
    ("Je behandelt Woo-verzoeken en schrijft raadsvoorstellen.", "council_papers"),
    ("Wondzorg, medicatie uitreiken en rapporteren in het zorgdossier.", "wound_care medication_assistance care_reporting"),
    ("Je werkt met de tillift en je helpt bewoners bij het wassen.", "patient_transfers personal_care"),
    ("Je maakt de kamers schoon en kent de schoonmaakmiddelen.", "cleaning_rooms cleaning_products"),
    ("Sanitair reinigen, stofzuigen en dweilen.", "cleaning_sanitary cleaning_floors"),
    ("Orderpicken met EPT en reachtruck, laden en lossen.", "order_picking pallet_truck reach_truck loading_unloading"),
    ("Code 95 en een digitale tachograaf.", "code_95 tachograph"),
    ("You prepare customs declarations.", "customs_declarations"),
    ("Je last MIG/MAG en TIG.", "mig_mag_welding tig_welding"),
    ("Preventief onderhoud en storingen verhelpen.", "preventive_maintenance troubleshooting|corrective_maintenance"),
    ("Kozijnen plaatsen, schilderen en metselen.", "carpentry_windows painting_work masonry"),
    ("Gasten bedienen en cocktails, sociale hygiëne.", "serving_tables social_hygiene"),
    ("Je vult de vakken en draait de kassa.", "shelf_stacking cash_register"),
    ("Klassenmanagement en gedifferentieerd lesgeven.", "classroom_management differentiated_teaching"),
    ("Facturen verwerken, btw-aangifte en jaarrekeningen opstellen.", "invoicing vat_returns annual_accounts"),
    ("Verzuimbegeleiding volgens de Wet verbetering poortwachter.", "absence_management poortwachter"),
    ("Bezwaarschriften behandelen en contracten opstellen.", "objections_appeals contract_drafting"),
    ("Heggen snoeien en werken met de motorzaag.", "mowing_pruning chainsaw"),
    ("Brood bakken, uitbenen en voedselveiligheid.", "bread_baking butchery food_safety"),
    ("Surveilleren en toegangscontrole met beveiligingspas.", "surveillance_rounds access_control security_certificate"),
    ("Telefoon aannemen en vragen van klanten beantwoorden.", "inbound_calls|telephone_communication customer_questions|customer_service"),
]  # fmt: skip

VARIANTS = [
    ("BI-tooling", "business_intelligence"),
    ("ervaring met B.I. en rapportages", "business_intelligence"),
    ("C++, C# en .NET Core", "cpp csharp dotnet"),
    ("dotnet developer", "dotnet"),
    ("Node.js / NodeJS", "node_js"),
    ("Power-BI dashboards", "power_bi"),
    ("PowerBI en Power Query", "power_bi"),
    ("MS Office365", "office_software"),
    ("MS-Office pakket", "office_software"),
    ("javascript/typescript", "javascript typescript"),
    ("PL/SQL of T-SQL", "sql"),
    ("CI/CD pipelines", "ci_cd"),
    ("CICD en testen", "ci_cd"),
    ("A/B-testen", "ab_testing"),
    ("AB-testing", "ab_testing"),
    ("SAP S/4HANA", "sap"),
    ("Azure SQL", "azure sql"),
    ("Azure Data Factory", "azure etl"),
    ("Microsoft Azure Data Factory en SQL Server", "azure etl sql_server"),
    ("Microsoft Excel", "spreadsheets"),
    ("AWS Lambda en Redshift", "aws"),
    ("Google BigQuery op GCP", "bigquery google_cloud"),
    ("PySpark in Databricks", "spark databricks"),
]


PLUS_AND_NOT = [
    ("Kennis van Python is een pré.", "?python"),
    ("Ervaring met SAP is een plus.", "?sap"),
    ("Rijbewijs B is een pluspunt.", "?driving_licence_b"),
    ("Heftruckcertificaat is mooi meegenomen.", "?forklift_driving"),
    ("VCA strekt tot aanbeveling.", "?vca"),
    ("Kennis van Excel, bij voorkeur ook Power BI.", "spreadsheets ?power_bi"),
    ("Experience with Kubernetes is nice to have.", "?kubernetes"),
    ("Preferably you know Python.", "?python"),
    ("Nice to have:\n- Docker\n- Terraform", "?docker ?infrastructure_as_code"),
    ("Pré's:\n- kennis van Tableau", "?tableau"),
    ("Pluspunten:\n- ervaring met WordPress", "?wordpress_cms"),
    (
        "Je kunt goed samenwerken; Photoshop is een pre.",
        "teamwork|collaboration_skills ?image_editing",
    ),
    ("HACCP-kennis is een groot pluspunt.", "?haccp"),
    ("Geen ervaring met Excel nodig.", "-spreadsheets"),
    ("Kennis van SAP is niet nodig.", "-sap"),
    ("Ervaring met lassen is niet vereist, die leren we je.", "-welding"),
    ("No experience with Python required.", "-python"),
    ("You do not need Java.", "-java"),
    ("Geen rijbewijs B nodig.", "-driving_licence_b"),
    ("Zonder kennis van SQL kun je hier niet beginnen.", "sql"),
    ("Knowledge of Excel is not required but Word is.", "-spreadsheets"),
    ("Je hoeft geen Python te kennen.", "-python"),
    ("Ervaring in de horeca is geen vereiste.", "?hospitality_service"),
    ("Experience with Go is a plus, Java is a must.", "?go_language java"),
]

ADS = [
    (  # building
        "Timmerman\n\nWij zijn een bouwbedrijf dat ook metselwerk doet.\n\nWat ga je doen\n- timmerwerk aan nieuwbouw\n"
        "- tekeningen lezen\n\nWat vragen wij\n- VCA\n- rijbewijs B\n- een teamspeler\n\nWat bieden wij\n"
        "- een opleiding tot lasser\n- een bus van de zaak",
        "carpentry vca driving_licence_b teamwork -masonry -welding",
    ),
    (  # care
        "Verzorgende IG\n\nOver ons\nOns team werkt met dementiezorg en palliatieve zorg.\n\nJe taken:\n"
        "- wondzorg en medicatie toedienen\n- rapporteren in het ECD\n\nFunctie-eisen:\n- empathisch\n"
        "- flexibel inzetbaar\n- ervaring met ouderenzorg is een pré\n\nSolliciteren\nStuur je cv in Word.",
        "wound_care medication_administration empathy flexibility ?elderly_care -word_processing",
    ),
    (  # logistics
        "Logistiek medewerker\n\nJe gaat orders picken en laden en lossen met de heftruck.\n\nJij hebt:\n"
        "- een heftruckcertificaat\n- basiskennis van Excel\n- stressbestendigheid\n\nOns aanbod:\n"
        "- een cursus reachtruck\n- sporten met collega's",
        "order_picking loading_unloading forklift_driving spreadsheets stress_resistance -reach_truck",
    ),
    (  # retail
        "Verkoper\nWie ben jij?\n* klantvriendelijk en gastvrij\n* verkoopervaring\n* goede beheersing van het Nederlands\n"
        "Wat krijg je?\n* korting op onze kleding\n* een kassatraining",
        "customer_orientation lang_dutch -pos_systems",
    ),
    (  # office
        "Management assistant\n\nTaken\n- agendabeheer\n- notuleren\n- facturen verwerken in Exact\n\nProfiel\n"
        "- nauwkeurig, proactief en representatief\n- MS Office\n- Engels in woord en geschrift",
        "minute_taking exact accuracy proactivity office_software lang_english",
    ),
    (  # teaching
        "Leraar wiskunde\n\nJe geeft les aan de bovenbouw en begeleidt leerlingen als mentor.\n\nJij bent\n"
        "- enthousiast en geduldig\n- communicatief sterk\n\nSolliciteren?\nMeer informatie bij de directeur.",
        "teaching enthusiasm communication",
    ),
    (  # hospitality
        "Zelfstandig werkend kok\n\nJe werkzaamheden:\n- koken en mise en place\n- HACCP bewaken\n\nWij vragen:\n"
        "- ervaring als kok\n- hands-on mentaliteit\n\nWij bieden:\n- een cursus patisserie en Engels",
        "cooking haccp hands_on_mentality -lang_english",
    ),
    (  # data, bullets of SQL behind benefits
        "Data-analist\n\nWij bieden een mooi salaris en een laptop van de zaak.\n\nWat neem je mee?\n- SQL\n- Python\n"
        "- Power BI\n\nWat krijg je van ons?\n- training in Tableau",
        "sql python power_bi -tableau",
    ),
    (
        "Business analyst\n\nBenefits\n- 25 days of leave\n- a laptop\n\nSkills\n- SQL and Excel\n- stakeholder management\n\n"
        "About us\nWe build software in Scala.",
        "sql spreadsheets stakeholder_management -scala",
    ),
    (
        "Nurse\nMain duties\n- wound care and medication administration\nPerson specification\nEssential\n- good communication "
        "skills\nDesirable\n- experience of dementia care\nBenefits\n- training in phlebotomy",
        "wound_care medication_administration communication ?dementia_care -venepuncture",
    ),
    (
        "Forklift driver\nAbout the company\nOur customers use SAP.\nWhat you will do\n- drive a forklift\n- order picking\n"
        "What we ask\n- forklift licence\n- work in shifts\nHow to apply\nSend a Word document.",
        "forklift_driving order_picking -sap -word_processing",
    ),
    (
        "Teacher\nYou will be teaching English to children.\nYou have patience and enthusiasm.\nWe offer training in Excel.",
        "teaching enthusiasm -spreadsheets",
    ),
    (
        "Zorgcoördinator\nDit ga je doen:\n- zorgplannen opstellen\n- het team aansturen\nDit breng je mee:\n"
        "- hbo werk- en denkniveau\n- leidinggevende ervaring\nDit krijg je:\n- coaching\n- scholing in palliatieve zorg",
        "care_planning people_management|leadership -palliative_care",
    ),
    (
        "Elektromonteur\nFunctieomschrijving\nJe installeert zonnepanelen en legt bekabeling aan.\nProfielschets\n"
        "VCA, rijbewijs B en zelfstandig kunnen werken.\nArbeidsvoorwaarden\nOpleiding PLC en een leasebus.",
        "solar_installation vca driving_licence_b independence -plc",
    ),
]  # fmt: skip


class Reader:
    def __init__(self) -> None:
        self.annotator = Annotator(Annotation(), topsector_table("default", Path()))

    def __call__(self, text: str) -> dict[str, bool]:
        """Skills (ids without `core.`) that count in `text`, and whether each is required."""
        columns = {name: pa.array([None], pa.string()) for name in READS} | {"ad_id": pa.array(["a"])}
        rows = self.annotator(pa.record_batch({**columns, "text": pa.array([text], pa.string())}))
        found: dict[str, bool] = {}
        for m in rows.column("skills")[0].as_py():
            if m["section"] in ASKED_SECTIONS:
                name = m["skill_id"].removeprefix("core.")
                found[name] = found.get(name, False) or m["required"]
        return found


@pytest.fixture(scope="module")
def reads() -> Reader:
    return Reader()


def check(found: dict[str, bool], expected: str) -> None:
    """`skill` must be asked, `?skill` a plus, `-skill` must not count; `a|b` is either."""
    for word in expected.split():
        names = word.split("|")
        if word.startswith("-"):
            assert word[1:] not in found, found
        else:
            assert any(found.get(name.lstrip("?")) is (name[0] != "?") for name in names), (word, found)


@pytest.mark.parametrize(("text", "expected"), AMBIGUOUS)
def test_names_that_are_common_words_too(reads: Reader, text: str, expected: str) -> None:
    check(reads(text), expected)


@pytest.mark.parametrize(("text", "expected"), SECTORS)
def test_what_work_in_all_sectors_asks(reads: Reader, text: str, expected: str) -> None:
    check(reads(text), expected)


@pytest.mark.parametrize(("text", "expected"), VARIANTS)
def test_ways_to_write_a_name(reads: Reader, text: str, expected: str) -> None:
    check(reads(text), expected)


@pytest.mark.parametrize(("text", "expected"), PLUS_AND_NOT)
def test_what_is_a_plus_and_what_is_not_needed(reads: Reader, text: str, expected: str) -> None:
    check(reads(text), expected)


@pytest.mark.parametrize(("text", "expected"), ADS, ids=[text.split("\n")[0] for text, _ in ADS])
def test_small_ads_of_all_sectors(reads: Reader, text: str, expected: str) -> None:
    check(reads(text), expected)


def test_a_mention_that_asks_nothing_is_neither_required_nor_a_plus() -> None:
    text = "Over ons\nWij zijn een bedrijf dat alles in PHP bouwt.\n\nFunctie-eisen:\n- ervaring met Python\n- Scala is een pré"
    columns = {name: pa.array([None], pa.string()) for name in READS} | {"ad_id": pa.array(["a"])}
    row = Reader().annotator(pa.record_batch({**columns, "text": pa.array([text], pa.string())}))
    found = {m["skill_id"]: (m["section"], m["required"]) for m in row.column("skills")[0].as_py()}
    assert found == {
        "core.php": ("company", None),
        "core.python": ("requirements", True),
        "core.scala": ("requirements", False),
    }
