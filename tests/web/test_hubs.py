"""The pages on one skill, one occupation and two editions: their figures are the tables', and no page is a dead end."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator

import httpx
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from overstap.pipeline import Study
from overstap.publish.labels import Lang, Translator
from overstap.web.app import create_app

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]


def test_pairs_are_the_shares_among_the_vacancies_with_the_skill(study: Study) -> None:
    asked = study.table("core_vacancy_skills", ["vacancy_id", "skill_id"]).to_pylist()
    by: dict[str, set[str]] = {}
    for row in asked:
        by.setdefault(row["skill_id"], set()).add(row["vacancy_id"])
    n = study.table("core_vacancies", ["vacancy_id"]).num_rows
    pairs = study.table("out_skill_pairs").to_pylist()
    assert pairs
    for row in pairs[:: max(1, len(pairs) // 20)]:
        one, other = by[row["skill_id"]], by[row["other_id"]]
        assert row["both_n"] == len(one & other) >= study.spec.measures.min_display
        assert row["share_pct"] == pytest.approx(100 * len(one & other) / len(one))
        assert row["lift"] == pytest.approx(len(one & other) * n / len(one) / len(other))
        assert row["lift_low"] is None or row["lift_low"] <= row["lift"] <= row["lift_high"]


def test_occupations_add_up_to_the_vacancies_whose_occupation_is_known(study: Study) -> None:
    rows = study.table("out_occupations").filter(pc.field("period_kind") == "all").to_pylist()
    known = pc.sum(pc.is_valid(study.table("core_vacancies")["isco08"])).as_py()
    assert 0 < sum(row["asked_n"] for row in rows) <= known
    change = study.table("out_occupation_change").to_pylist()
    assert {row["item_id"] for row in change} <= {row["item_id"] for row in rows}


@pytest.mark.parametrize("view", ["skill", "occupation"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_an_index_leads_to_pages_that_answer(client: httpx.Client, view: str, lang: str) -> None:
    index = client.get(f"/{view}?lang={lang}").text
    links = [html.unescape(link) for link in re.findall(rf'href="(/{view}\?lang={lang}&amp;[^"]+)"', index)]
    assert len(links) > 5
    for link in (links[0], links[-1]):
        page = client.get(link)
        assert page.status_code == 200
        assert not re.search(r"<td[^>]*>\s*(?:None|nan)\s*<", page.text)


def test_a_skill_shows_its_share_and_a_table_says_it_too(client: httpx.Client) -> None:
    page = client.get("/skill?lang=en&item_id=core.python").text
    row = client.get("/api/out_demand.json?item_id=core.python&period=all").json()["rows"][0]
    assert f"{row['share_pct']:.1f}" in page
    assert 'id="together"' in page and 'id="years"' in page and "/trace?" in page


@pytest.fixture(scope="module")
def with_unasked(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The dashboard of the same study with a skill in its taxonomy that no ad asks."""
    folder = tmp_path_factory.mktemp("unasked") / "study"
    shutil.copytree(study.base, folder)
    copy = Study.open(folder / study.path.name)
    (part,) = copy.store.path("core_skills").glob("*.parquet")
    skills = pq.read_table(part)
    new = skills.slice(0, 1).to_pylist()[0] | {"skill_id": "core.unasked", "label_nl": "niksen", "label_en": "idling"}
    pq.write_table(pa.concat_tables([skills, pa.Table.from_pylist([new], schema=skills.schema)]), part)
    with TestClient(create_app(copy), base_url="http://localhost") as made:
        yield made


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_skill_that_nobody_asks_is_said_to_be_so_and_never_shown_as_nought(
    with_unasked: TestClient, lang: Lang
) -> None:
    none = Translator(lang)("hubs.skill.none")
    page = with_unasked.get("/skill", params={"lang": lang, "item_id": "core.unasked"})
    assert page.status_code == 200
    main = html.unescape(page.text.partition("<main")[2].partition("</main>")[0])
    assert none in main and {"nl": "Niksen", "en": "Idling"}[lang] in main
    assert "<figure" not in main and "/trace?" not in main and not re.search(r"\b0(?:[.,]0)?.?%", main)
    assert 'id="h-taught"' in main  # who teaches it is told all the same
    asked = with_unasked.get("/skill", params={"lang": lang, "item_id": "core.python"})
    assert none not in html.unescape(asked.text) and "<figure" in asked.text


@pytest.mark.parametrize(("path", "drawn"), [("/skill", False), ("/occupation", False), ("/editions", False),
                                             ("/sector", False), ("/scenarios", True)])  # fmt: skip
def test_a_page_without_a_chart_loads_no_script_that_draws(client: httpx.Client, path: str, drawn: bool) -> None:
    page = client.get(path).text
    assert ("vega.min.js" in page, "<noscript>" in page) == (drawn, drawn)


def test_unknown_skills_and_occupations_are_helped_on(client: httpx.Client) -> None:
    for address in ("/skill?item_id=core.pyton", "/occupation?occupation=9999"):
        page = client.get(address)
        assert page.status_code == 404 and "<h1>" in page.text


def test_without_an_earlier_edition_the_page_says_how_to_name_one(client: httpx.Client) -> None:
    for lang in ("nl", "en"):
        page = client.get(f"/editions?lang={lang}").text
        assert 'data-state="unnamed"' in page and "overstap compare" in page
        assert "previous:" not in page.partition("<details>")[0]  # a setting is for who runs the study


def test_quotes_are_no_answer_of_the_api(client: httpx.Client) -> None:
    assert client.get("/api/core_quotes.json").status_code == 404
