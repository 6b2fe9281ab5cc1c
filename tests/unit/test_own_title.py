"""The title that an ad repeats is no evidence that a skill is asked."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from overstap.ads.annotate import READS, Annotator, topsector_table
from overstap.study import Annotation


def skills_of(title: str, text: str) -> set[str]:
    columns = {name: pa.array([None], pa.string()) for name in READS}
    columns |= {"ad_id": pa.array(["1"]), "title": pa.array([title]), "text": pa.array([text], pa.large_string())}
    batch = pa.RecordBatch.from_pydict({name: columns[name] for name in READS})
    found = Annotator(Annotation(), topsector_table("default", Path()))(batch)
    return {m["skill_id"] for m in found["skills"].to_pylist()[0]}


def test_the_own_title_counts_for_nothing_and_the_skill_itself_does() -> None:
    again = "Als Data Analist (m/v) ga je aan de slag. Wat vragen wij:\n- ervaring met SQL"
    assert skills_of("Data-analist (m/v)", again) == {"core.sql"}
    assert "core.data_analysis" in skills_of("Data-analist (m/v)", again + "\n- ervaring met data-analyse")


def test_a_title_that_is_the_name_of_a_tool_is_asked() -> None:
    assert "core.sap" in skills_of("SAP", "Wat vragen wij:\n- ruime ervaring met SAP")


def test_another_title_in_the_text_still_counts() -> None:
    assert "core.java" in skills_of("Teamleider", "Wat vragen wij:\n- je was eerder Java developer")
