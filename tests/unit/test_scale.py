"""A study of any size: feeds written part by part, processes watched from outside, growth told as a slope."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from overstap import deliveries
from overstap.ad_steps import ad_steps
from overstap.ads.dedupe import comparable_title, group_signatures
from overstap.ads.linking import Keys, link_texts
from overstap.ads.minhash import BINS, NEIGHBOURS, minhash_batch
from overstap.bench.scale import WHOLE, Lap, Scale, measure
from overstap.bench.scale_report import as_markdown, slopes
from overstap.bench.watch import Watch
from overstap.engine.duck import DuckEngine
from overstap.pipeline import parameters, silent
from overstap.simulate import MarketSpec, parts
from overstap.simulate.demo import make_large
from overstap.sources.ingest import ingest_source
from overstap.steps import Context, run_steps
from overstap.store import Store
from overstap.study import StudySpec, load_study

WORDS = [f"woord{i}" for i in range(2000)]


def boilerplate(n: int, own: int = 24) -> pa.Array:
    """Texts of 150 words that all share, and some of their own at the end: alike, but not near enough to be one."""
    rng = np.random.default_rng(1)
    shared = " ".join(WORDS[i] for i in rng.integers(0, len(WORDS), 150))
    ends = [" ".join(WORDS[i] for i in rng.integers(0, len(WORDS), own)) for _ in range(n)]
    return pa.array([f"{shared} {end}" for end in ends], pa.large_string())


def compared(n: int) -> int:
    """Pairs of signatures that are compared among `n` ads of one text, at one place, with titles much alike."""
    titles = comparable_title(pa.array([f"verkoper winkel afdeling nummer{i}" for i in range(n)]))
    same = np.zeros(n, np.int32)
    keys = Keys.of((np.arange(n, dtype=np.int32), titles), same, (same, pa.array(["utrecht"])))
    root = np.arange(n, dtype=np.int64)
    return link_texts(minhash_batch(boilerplate(n)), np.arange(n), keys, same, 60, 0.85, root)


def test_one_text_that_all_ads_share_costs_each_ad_the_same() -> None:
    few, many = compared(1000), compared(4000)
    assert few > 1000 * NEIGHBOURS, "the ads are not alike enough to show anything"
    assert many < 4.4 * few, "pairs grow faster than ads"
    assert many <= 4000 * NEIGHBOURS * 2 * BINS // 4


@pytest.mark.full
def test_two_hundred_thousand_ads_with_one_text_are_grouped_in_bounded_memory() -> None:
    import resource

    n = 200_000
    signatures = np.concatenate([minhash_batch(boilerplate(5000)) for _ in range(n // 5000)])
    ads = pa.table(
        {
            "ad_id": [f"a{i:06d}" for i in range(n)],
            "title": [f"verkoper winkel afdeling nummer{i}" for i in range(n)],
            "company": ["Acme"] * n,
            "place": ["Utrecht"] * n,
            "posted_date": pa.array(np.arange(n) % 1000, pa.int32()).cast(pa.date32()),
        }
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = sum(batch.num_rows for batch in group_signatures(ads, signatures))
    assert rows == n
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500 * 1024, "2.5 KB an ad, in KB"


def test_parts_are_the_same_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BLOCKS", 1)
    spec = MarketSpec(seed=3, n_vacancies=4096 + 300, broken_share=0.05)
    feeds = parts.write_parts(spec, tmp_path / "a")
    for board in (feed.name for feed in feeds):
        (tmp_path / "b" / board).mkdir(parents=True)
    parts._write_part(spec, tmp_path / "b", 1)
    for feed in feeds:
        again, first = sorted((tmp_path / "b" / feed.name).iterdir()), sorted(feed.path.iterdir())
        assert len(first) == 2 and again[0].read_bytes() == first[1].read_bytes()


def test_a_large_market_is_read_row_for_row_and_its_broken_rows_are_set_aside(tmp_path: Path) -> None:
    study = make_large(tmp_path, 1200, seed=5)
    spec = load_study(study)
    for source in spec.sources:
        read = list(ingest_source(source, tmp_path))
        ads, aside = sum(b.ads.num_rows for b in read), sum(b.quarantine.num_rows for b in read)
        assert ads > 100, source.id
        assert aside < 0.02 * ads
    texts = [text for batch in read for text in batch.ads.column("text").to_pylist()]
    assert len(set(texts)) > 0.8 * len(texts), "texts are varied"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory of other processes is read on Linux only")
def test_what_a_child_of_a_child_uses_is_seen() -> None:
    work = "import time; block = b'x' * (150 << 20); end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work + chr(10) + 'time.sleep(0.3)'!r}])"
    with Watch(os.getpid(), root=False) as watch:
        subprocess.run([sys.executable, "-c", outer], check=True)
        time.sleep(0.1)
        used = watch.look()
        assert used.own > 150 << 20 and used.resident >= used.own and used.processor >= 0.2
        assert watch.look().own < used.own - (140 << 20), "what is gone is counted no longer"


def made(ads: int, constant: float, each: float, resident: int) -> Scale:
    work = Lap("annotate_ads", ads, 100 * ads, constant + each * ads, constant + each * ads, resident, resident // 2)
    return Scale(ads, ads // 2, 2000 * ads, [work, Lap(WHOLE, ads, work.written, *[work.seconds] * 2, resident, 1)])


def test_growth_is_told_over_all_sizes_and_over_the_two_largest() -> None:
    found = [made(n, 50, 1e-3, 2**30) for n in (10_000, 100_000, 1_000_000)]
    growth = slopes(found)["annotate_ads"]
    assert growth["processor_all"] < growth["processor_largest_two"] < 1
    page = as_markdown(found)
    assert "aim 1.05 over the two largest" in page and "reached" in page and "| annotate_ads |" in page


def test_a_run_that_is_over_the_limits_says_so() -> None:
    page = as_markdown([made(8_000_000, 0, 5e-4, 7 * 2**30)])
    assert "**OVER THE LIMIT**" in page
    assert "66.7 minutes: the aim of 30 is **missed**, the floor of 60 is **broken**" in page


@pytest.mark.full
@pytest.mark.parametrize("files", ["many", "one"])
def test_much_is_read_and_annotated_in_processes_to_the_same_tables(
    files: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = load_study(make_large(tmp_path, 1000, seed=5))
    if files == "one":  # fewer files than processes: these work on its batches
        spec = spec.model_copy(update={"sources": spec.sources[:1]})
    tables = {}
    for name, large in (("threads", 1 << 40), ("processes", 0)):
        monkeypatch.setattr(deliveries, "_LARGE", large)
        monkeypatch.setattr(deliveries, "MANY", large)
        engine, store = DuckEngine(threads=2, scratch=tmp_path), Store(tmp_path / name)
        context = Context(spec, tmp_path, store, engine, parameters(spec))
        run_steps([step for step in ad_steps() if step.name in ("ingest_ads", "annotate_ads")], context, silent)
        tables[name] = [store.read(table) for table in ("raw_ads", "raw_quarantine", "core_annotations")]
        engine.close()
    assert len(tables["threads"][2]) == len(tables["threads"][0]) > 100
    assert tables["threads"] == tables["processes"]


@pytest.mark.full
@pytest.mark.parametrize("files", ["many", "few"])
def test_deliveries_of_which_ads_were_taken_out_are_annotated_in_processes_to_the_same_tables(
    files: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(name: str, *rows: dict[str, str]) -> None:
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    def ad(number: int, changed: str, words: str) -> dict[str, str]:
        text = f"Wij zoeken een verpleegkundige met kennis van {words}, voor afdeling {number} in Utrecht."
        return {"id": f"a{number}", "text": text, "posted": "2020-01-01", "changed": changed}

    half = 10 if files == "few" else 5
    for at in range(0, 10, half):
        write(f"{at}.jsonl", *(ad(number, "2020-01-01", "oude woorden") for number in range(at, at + half)))
    columns = {"ad_id": "id", "text": "text", "date": "posted", "changed": "changed"}
    source = {"id": "feed", "format": "jsonl", "files": ["*.jsonl"], "columns": columns, "updates": "newest"}
    period = {"first": "2020-01-01", "last": "2020-12-31"}
    study = {"study": "s", "title": {"en": "S"}, "period": period, "sources": [source]}
    write("later.jsonl", ad(1, "2020-02-01", "nieuwe woorden"), ad(6, "2020-02-01", "nieuwe woorden"))
    monkeypatch.setattr(deliveries, "GROUP_BYTES", 1)
    tables, kept = {}, {}
    for name, many in (("threads", 1 << 40), ("processes", 0)):
        monkeypatch.setattr(deliveries, "MANY", many)
        spec, store = StudySpec.model_validate(study), Store(tmp_path / name)
        engine = DuckEngine(threads=2 if files == "many" else 4, scratch=tmp_path)
        context = Context(spec, tmp_path, store, engine, parameters(spec))
        run_steps([step for step in ad_steps() if step.name in ("ingest_ads", "annotate_ads")], context, silent)
        tables[name] = [store.read(table) for table in ("raw_ads", "core_annotations")]
        parts = sorted((store.parts / "annotations").iterdir())
        kept[name] = [(part.name, (part / "held.npy").is_file()) for part in parts]
        engine.close()
    assert sum(held for _, held in kept["threads"]) == 10 // half
    assert kept["threads"] == kept["processes"]
    assert len(tables["threads"][0]) == 10 and len(tables["threads"][1]) == 10
    assert tables["threads"] == tables["processes"]
    assert not any(path.name.startswith(".writing") for path in (tmp_path / "processes").rglob("*"))

    write("later.jsonl", ad(1, "2020-02-01", "nieuwe woorden"))  # the old text of a6 counts again
    context = Context(spec, tmp_path, store, DuckEngine(threads=2, scratch=tmp_path), parameters(spec))
    run_steps([step for step in ad_steps() if step.name in ("ingest_ads", "annotate_ads")], context, silent)
    texts = dict(zip(*(store.read("raw_ads").column(name).to_pylist() for name in ("ad_id", "text")), strict=True))
    assert "nieuwe" in texts["feed/a1"] and "oude" in texts["feed/a6"]
    assert store.read("core_annotations").column("ad_id").to_pylist() == list(texts)
    context.engine.close()


@pytest.mark.full
def test_a_hundred_thousand_ads_go_through_the_whole_study_within_the_limit() -> None:
    (found,) = measure([100_000], None, lambda text: None)
    steps = {lap.step for lap in found.laps}
    assert {"simulate", "ingest_ads", "group_duplicates", "annotate_ads", "measure_demand", "judge_moves"} <= steps
    assert 90_000 < found.ads < 110_000 and 0.3 < found.vacancies / found.ads < 0.6
    assert max(lap.resident for lap in found.laps) < 3 * 2**30
