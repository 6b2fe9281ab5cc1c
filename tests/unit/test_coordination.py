"""What a sentence takes back: lists that begin with a denial, and the roles of colleagues."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from overstap.ads.annotate import READS, Annotator, topsector_table
from overstap.study import Annotation


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(Annotation(), topsector_table("default", Path()))


def asked(annotator: Annotator, sentence: str) -> set[str]:
    columns = {name: pa.array([None], pa.string()) for name in READS}
    text = f"Requirements:\n- {sentence}"
    columns |= {"ad_id": pa.array(["1"]), "title": pa.array(["x"]), "text": pa.array([text], pa.large_string())}
    found = annotator(pa.RecordBatch.from_pydict({name: columns[name] for name in READS}))
    return {m["skill_id"].removeprefix("core.") for m in found["skills"].to_pylist()[0]}


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("Geen kennis van Python of Java nodig.", set()),
        ("Geen Python of Java.", set()),
        ("Wij gebruiken geen Python, Java en SQL.", set()),
        ("Je hoeft geen ervaring te hebben met Python, Java of SQL.", set()),
        ("Noch Python noch Java is vereist, SQL wel.", {"sql"}),
        ("Ervaring met SQL, geen Python of Java.", {"sql"}),
        ("Geen Python, geen Java, wel SQL.", {"sql"}),
        ("Geen ervaring met Python, wel met Java.", {"java"}),
        ("Geen ervaring met Python of Java, wel met SQL.", {"sql"}),
        ("Geen kennis van Python vereist, Java en SQL wel.", {"java", "sql"}),
        ("You do not need Python, and Java is a must.", {"java"}),
        ("Niet alleen Python maar ook Java.", {"python", "java"}),
        ("No Python or Java required.", set()),
        ("No Python, Java, or SQL experience necessary.", set()),
        ("You do not need to know Python, Java or SQL.", set()),
        ("You need neither Python nor Java, but SQL is a must.", {"sql"}),
        ("No experience with Python, but Java is required.", {"java"}),
        ("No prior Python or Java experience is needed, but we expect SQL.", {"sql"}),
        ("Without Python or Java we cannot hire you.", {"python", "java"}),
        ("We do not use Python, Java or SQL but we do use Docker.", {"docker"}),
    ],
)
def test_a_denial_holds_for_the_whole_list_and_no_further(annotator: Annotator, sentence: str, left: set[str]) -> None:
    assert asked(annotator, sentence) & {"python", "java", "sql", "docker"} == left


@pytest.mark.parametrize(
    ("sentence", "skills"),
    [
        ("Je werkt samen met de Data Analyst en Product Owner.", set()),
        ("Je rapporteert aan de projectmanager.", set()),
        ("Samen met de Java-ontwikkelaars bouw je dashboards in Tableau.", {"tableau"}),
        ("Ons team bestaat uit data scientists, Java developers en een scrum master.", set()),
        ("Je schakelt met de data-analist maar bent zelf data engineer.", {"data_engineering"}),
        ("You will work closely with data scientists, Java developers and product owners.", set()),
        ("Working alongside data analysts, you write Python.", {"python"}),
        ("Je bent een ervaren data engineer.", {"data_engineering"}),
        ("Experience as a data engineer working with SQL.", {"data_engineering", "sql"}),
        ("Experience working with Python and SQL.", {"python", "sql"}),
    ],
)
def test_the_role_of_a_colleague_is_not_asked(annotator: Annotator, sentence: str, skills: set[str]) -> None:
    roles = {"data_analysis", "data_science", "data_engineering", "project_management", "scrum", "agile", "java"}
    assert asked(annotator, sentence) & (roles | {"python", "sql", "tableau"}) == skills
