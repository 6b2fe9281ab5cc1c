"""The pages on topsectors, countries, quality and definitions, the levers of scenarios, and regions of education."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from overstap.pipeline import Study
from overstap.publish.report_data import topsectors_of
from overstap.publish.sector import ORDER

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_topsector_has_its_parts_in_order_and_leads_on(client: httpx.Client, lang: str) -> None:
    page = client.get(f"/sector?lang={lang}&topsector=energie").text
    assert re.findall(r'data-part="([a-z_]+)"', page) == [*ORDER, "conclusion"]
    more = [html.unescape(link) for link in re.findall(r'<p class="note"><a href="(/[^"]+)">(?:Meer|More)', page)]
    assert more
    for link in more:
        assert client.get(link).status_code == 200, link
    for link in set(re.findall(r'href="(/api/[^"#]+)"', page)):
        assert len(client.get(html.unescape(link)).content) > 100, link


def test_without_a_choice_every_topsector_of_the_study_is_listed(client: httpx.Client, study: Study) -> None:
    page = client.get("/sector?lang=en").text
    for code in topsectors_of(study):
        assert f"topsector={code}" in page
    wrong = client.get("/sector?lang=en&topsector=energi")
    assert wrong.status_code == 404 and "energie" in wrong.text


def test_countries_are_compared_in_what_is_chosen(client: httpx.Client) -> None:
    first, other = client.get("/countries?lang=en").text, client.get("/countries?lang=en&abroad=2").text
    assert 'data-table="countries-all"' in first and "Professionals" in other and first != other
    assert client.get("/countries?lang=en&abroad=nowhere").status_code == 404


def test_levers_show_their_result_without_script_and_stay_at_rest_without_a_choice(client: httpx.Client) -> None:
    assert 'data-state="neutral"' in client.get("/scenarios?lang=en&lever=technology_adoption:0").text
    page = client.get("/scenarios?lang=en&lever=technology_adoption:0.1&lever=technology_adoption:0.2").text
    assert 'data-table="levers"' in page and 'value="technology_adoption:0.2" selected' in page
    assert 'data-state="fewer"' in page or 'data-state="unclear"' in page
    wrong = client.get("/scenarios?lang=en&lever=technology_adoption:0.21")
    assert wrong.status_code == 404 and "technology_adoption:0.2" in wrong.text


def test_education_is_filtered_by_a_region_that_its_files_have(client: httpx.Client, study: Study) -> None:
    regions = {row["region"] for row in study.table("out_education").to_pylist()} - {"all"}
    page = client.get("/education?lang=en&topsector=chemie").text
    if not regions:
        assert 'name="region"' not in page
        return
    region = re.findall(r'<option value="([^"]+)"', page.split('name="region"')[1])[1]
    assert region in regions
    regional = client.get(f"/education?lang=en&topsector=chemie&region={region}").text
    assert f", {region}</h" in regional
    for link in re.findall(r'href="(/outlook\?[^"]*)"', regional):  # which has other regions, or none
        assert client.get(html.unescape(link)).status_code == 200
    assert client.get("/education?lang=en&topsector=chemie&region=Nowhere").status_code == 404


@pytest.mark.parametrize(
    ("path", "tables"),
    [
        ("/quality", ("accuracy", "without", "languages", "quality")),
        ("/definitions", ("thresholds", "settings", "versions")),
    ],
)
def test_quality_and_definitions_tell_all_in_tables(client: httpx.Client, path: str, tables: tuple[str, ...]) -> None:
    for lang in ("nl", "en"):
        page = client.get(f"{path}?lang={lang}").text
        for name in tables:
            assert f'data-table="{name}"' in page
