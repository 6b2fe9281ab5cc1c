"""Simulated markets as coded tables, without a word of text: what the estimators see when coding is perfect.

Each market becomes a block of topsectors (`<market>:<topsector>` and `<market>:all`) of one set of tables, so that the
study's own pass sums all markets at once. Employers, the clusters of the intervals, belong to one market each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.analysis.change import ChangeSettings, measure_change
from overstap.analysis.demand import add_shares
from overstap.analysis.demand_sums import demand_sums
from overstap.schema import table_spec
from overstap.simulate import MarketSpec, truth_asked
from overstap.simulate.market_table import TOPSECTORS
from overstap.simulate.rates import rates_table
from tests.coded import codes_of

SETTINGS = ChangeSettings(confidence=0.95, min_display=20, fdr=0.05, reference="cell")


def _filled(name: str, known: dict[str, pa.Array], rows: int) -> pa.Table:
    schema = table_spec(name).schema
    return pa.table({f.name: known.get(f.name, pa.nulls(rows, f.type)) for f in schema}).cast(
        pa.schema([f.with_nullable(True) for f in schema])
    )


def _market(spec: MarketSpec, concepts: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    asked = truth_asked(spec, concepts)
    n, label = asked.num_rows, f"{spec.seed}"
    ids = pc.binary_join_element_wise(label, asked["vacancy_id"], ":")
    cells = [[f"{label}:all", f"{label}:{t}"] if t else [f"{label}:all"] for t in asked["topsector"].to_pylist()]
    vacancies = {
        "vacancy_id": ids,
        "source_id": pa.repeat("truth", n),
        "employer_id": pc.binary_join_element_wise(label, asked["employer"].cast(pa.string()), ":"),
        "year": asked["year"].cast(pa.string()),
        "language": pa.repeat("nl", n),
        "function_group": asked["function_group"],
        "topsectors": pa.array(cells),
    }
    pairs = [(ids.filter(asked[c]), c) for c in (*concepts, "digital")]
    skills = {
        "vacancy_id": pa.chunked_array([chunk for found, _ in pairs for chunk in found.chunks], pa.string()),
        "skill_id": pa.concat_arrays([pa.repeat(c, len(found)) for found, c in pairs]),
    }
    return _filled("core_vacancies", vacancies, n), _filled("core_vacancy_skills", skills, len(skills["skill_id"]))


def market_sums(specs: Sequence[MarketSpec], concepts: Sequence[str]) -> pa.Table:
    """Rows of `core_demand_sums` for all markets, function group, language and source not split."""
    parts = [_market(spec, concepts) for spec in specs]
    names = pa.array([*concepts, "digital"])
    skills = _filled("core_skills", {"skill_id": names, "category": names, "category_group": names}, len(names))
    vacancies, asked = (pa.concat_tables(tables) for tables in zip(*parts, strict=True))
    whole = demand_sums(codes_of(vacancies, asked, skills, min_title=20)).cast(table_spec("core_demand_sums").schema)
    keep = pc.is_in(whole["item_kind"], pa.array(["skill", "function_group"]))
    for name, value in (("function_group", "all"), ("language", "all"), ("source_id", "all")):
        keep = pc.and_(keep, pc.equal(whole[name], value))
    return whole.filter(pc.and_(keep, pc.not_equal(whole["topsector"], "all")))


def shares(sums: pa.Table) -> pa.Table:
    """Rows of `out_demand`."""
    return pa.Table.from_batches([add_shares(b, confidence=0.95, min_n=30) for b in sums.to_batches()])


def changes(sums: pa.Table) -> pa.Table:
    """Rows of `out_change`, first year against last."""
    return measure_change(sums, SETTINGS)


def latent_shares(spec: MarketSpec) -> dict[tuple[str, str, str], float]:
    """Latent chance by (topsector, period, item): each year and `all`, items the concepts, `digital` and the function
    groups."""
    out: dict[tuple[str, str, str], float] = {}
    table = rates_table(spec)
    of_all = table.filter(pc.and_(pc.equal(table["function_group"], "all"), pc.not_equal(table["grain"], "category")))
    totals: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for r in of_all.select(["topsector", "year", "concept", "probability", "weight"]).to_pylist():
        out[r["topsector"], str(r["year"]), r["concept"]] = r["probability"]
        totals.setdefault((r["topsector"], r["concept"]), []).append((r["weight"], r["probability"]))
    for (top, item), parts in totals.items():
        w, p = np.array(parts).T
        out[top, "all", item] = float(w @ p / w.sum())
    weights = table.filter(pc.and_(pc.equal(table["grain"], "digital"), pc.is_valid(table["weight"])))
    cells = {
        (r["topsector"], str(r["year"]), r["function_group"]): r["weight"]
        for r in weights.select(["topsector", "year", "function_group", "weight"]).to_pylist()
    }
    for top in (*TOPSECTORS, "all"):
        for group in ("ict", "manager", "other"):
            years = [str(y) for y in spec.years]
            for year in years:
                out[top, year, group] = cells[top, year, group] / cells[top, year, "all"]
            whole = sum(cells[top, y, "all"] for y in years)
            out[top, "all", group] = sum(cells[top, y, group] for y in years) / whole
    return out
