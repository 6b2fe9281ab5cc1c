"""New phrases and cross-over in the simulated market: skills that the taxonomy is made to lack come up by themselves."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from overstap.phrases.count import Mentions, count_phrases, texts_of
from overstap.phrases.sample import Sample, boards_of
from overstap.phrases.table import PhraseSettings, new_phrases
from overstap.reference.taxonomy import load_taxonomy
from tests.recovery.recovered import Recovered

WITHHELD = ("core.python", "core.machine_learning", "core.big_data")


@pytest.mark.xdist_group("recovery")
def test_skills_withheld_from_the_taxonomy_come_up_as_phrases_and_rise_as_the_market_does(demo: Recovered) -> None:
    store = demo.study.store
    sample = Sample.of_store(store)
    lacking = (_without(batch) for batch in store.batches("core_annotations", ["ad_id", "skills", "fact_spans"]))
    counted = count_phrases(texts_of(store, sample), sample, Mentions.of(lacking, sample), 8)
    taxonomy = load_taxonomy("core")
    of_form = taxonomy.skills["skill_id"].take(pc.max_element_wise(taxonomy.forms["skill_index"], 0))
    keep = pc.invert(pc.is_in(of_form, pa.array([*WITHHELD])))
    lean = type(taxonomy)(
        **{**vars(taxonomy), "forms": taxonomy.forms.filter(keep), "skills": _unlabelled(taxonomy.skills)}
    )
    settings = PhraseSettings("2012", "2017", 8, 0.95, 0.05)
    rows = new_phrases(counted, sample, boards_of(store, sample), lean, settings).to_pylist()
    found = {(row["phrase"].lower(), row["language"]): row for row in rows}
    for language in ("nl", "en"):
        python = found["python", language]
        assert python["direction"] != "falling" and python["last_pct"] > python["first_pct"]
        assert python["employers_n"] >= 5
    names = [row["phrase"].lower() for row in rows]
    assert {"python", "big data"} == set(names[:3])  # in so small a market machine learning has too few forms


def _without(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Annotations in which mentions of the withheld skills are of no form."""
    skills = batch.column("skills")
    flat = pc.list_flatten(skills)
    gone = pc.is_in(flat.field("skill_id"), pa.array([*WITHHELD]))
    columns = [pc.if_else(gone, "withheld", flat.field("method")), flat.field("start"), flat.field("end")]
    offsets = pc.subtract(skills.offsets, skills.offsets[0])
    lists = pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(columns, ["method", "start", "end"]))
    return pa.RecordBatch.from_arrays(
        [batch.column("ad_id"), lists, batch.column("fact_spans")], ["ad_id", "skills", "fact_spans"]
    )


def _unlabelled(skills: pa.Table) -> pa.Table:
    gone = pc.is_in(skills["skill_id"], pa.array([*WITHHELD]))
    for name in ("label_nl", "label_en"):
        at = skills.schema.get_field_index(name)
        skills = skills.set_column(at, name, pc.if_else(gone, pa.scalar(None, pa.string()), skills[name]))
    return skills


@pytest.mark.xdist_group("recovery")
def test_digital_skills_cross_over_into_other_occupations_as_the_market_has_it(demo: Recovered) -> None:
    """Digital skills outside ICT occupations grow between 2012 and 2017 in the market's own truth."""
    rows = [
        r for r in demo.study.table("out_cross_over").to_pylist() if r["kind"] == "skills" and r["item_id"] == "ict"
    ]
    whole = {r["period"]: r for r in rows if r["isco2"] == r["sector"] == "all"}
    assert whole["2017"]["change_pp"] == pytest.approx(whole["2017"]["share_pct"] - whole["2012"]["share_pct"])
    assert whole["2017"]["direction"] != "falling"
    assert not [r for r in rows if r["isco2"] in ("25", "35")]
    assert all(r["asked_n"] <= r["vacancies_n"] for r in rows)
