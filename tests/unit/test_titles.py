"""Keys of job titles: what is dropped, what is kept."""

import pyarrow as pa
import pytest

from overstap.ads.titles import normalise_title, normalise_titles, place_keys, seniorities, seniority

PLACES = place_keys(
    ["Utrecht", "Amsterdam", "Holtum", "Limburg", "Den Haag", "Leiden", "Best", "Erp", "'s-Hertogenbosch"]
)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Medior .NET developer (32-40 uur) | Utrecht", ".net developer"),
        ("(sr.) verpleegkundige wijk m/v/x", "verpleegkundige wijk"),
        ("Verpleegkundige 0,8 fte", "verpleegkundige"),
        ("Per direct: Monteur gezocht!", "monteur"),
        ("Vacature: Coördinator inkoop te 's-Hertogenbosch", "coordinator inkoop"),
        ("Reachtruck Chauffeur Holtum, Limburg", "reachtruck chauffeur"),
        ("Verkoopmedewerker – Leiden (weekend/bijbaan)", "verkoopmedewerker"),
        ("Ruby on Rails Developer @ Startup", "ruby on rails developer"),
        ("Medewerker klantenservice bij Bedrijf BV te Utrecht", "medewerker klantenservice"),
        ("Node.js developer - €3.000 tot €5.000 per maand", "node.js developer"),
        ("Senior Data Engineer - vacaturenummer 2024-123", "data engineer"),
        ("C++ / C# programmeur in regio Den Haag", "c++/c# programmeur"),
        ("Cloud Platform Engineer II", "cloud platform engineer"),
        ("Data-analist", "data analist"),
        ("Vacature", ""),
    ],
)
def test_key_is_the_job_alone(title: str, key: str) -> None:
    assert normalise_title(title, PLACES) == key


@pytest.mark.parametrize("title", ["Consultant Oracle ERP", "Medewerker best practices"])
def test_words_that_are_also_towns_stay_in_the_title(title: str) -> None:
    assert normalise_title(title, PLACES) == title.lower()


def test_content_in_brackets_is_kept_where_nothing_else_is_left() -> None:
    assert normalise_title("(Verpleegkundige)", PLACES) == "verpleegkundige"


def test_spellings_of_one_title_share_one_key() -> None:
    same = ["Data Analist", "data-analist (m/v)", "Senior Data Analist | Amsterdam", "DATA ANALIST 40 uur"]
    assert {normalise_title(t, PLACES) for t in same} == {"data analist"}


def test_seniority_is_read_apart_from_the_key() -> None:
    titles = pa.array(["Sr. Java developer", "Medior/Senior tester", "Lead engineer", "Kok", None])
    assert seniorities(titles).to_pylist() == ["senior", "medior", "lead", None, None]
    assert seniority("Teamleider zorg") is None


def test_column_keeps_its_order_and_its_nulls() -> None:
    titles = pa.chunked_array([pa.array(["Kok m/v", None]), pa.array(["", "Kok", "Vacature"])])
    assert normalise_titles(titles, PLACES).to_pylist() == ["kok", None, None, "kok", None]
