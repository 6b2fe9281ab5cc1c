"""The simulated market keeps its promises: calibrated, dirty as stated, deterministic, free of real addresses."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from overstap.errors import StudyError
from overstap.simulate import CONCEPTS, MarketFiles, MarketSpec, Truth, simulate_ads, truth, truth_asked, write_market
from overstap.simulate.concepts import DIGITAL, OTHER
from overstap.simulate.lexicon import forms, jobs
from overstap.simulate.rates import rates_table, table1_expected
from overstap.simulate.spec import FORM_KINDS

SPEC = MarketSpec(seed=11, n_vacancies=20_000)
TOPSECTORS = ("energie", "chemie", "life_sciences", "htsm", "health")
ICT = {"htsm": 0.19, "energie": 0.09, "life_sciences": 0.05, "chemie": 0.043, "health": 0.02}


@lru_cache(maxsize=1)
def ads() -> pa.Table:
    return pa.Table.from_batches(simulate_ads(SPEC))


@lru_cache(maxsize=1)
def market() -> Truth:
    return truth(SPEC)


@lru_cache(maxsize=1)
def rates() -> dict[tuple[str, str, str], list[tuple[int, float, float]]]:
    """(topsector, function group, concept) → [(year, probability, weight)]."""
    out: dict[tuple[str, str, str], list[tuple[int, float, float]]] = {}
    for r in rates_table(MarketSpec()).to_pylist():
        key = (r["topsector"], r["function_group"], r["concept"])
        out.setdefault(key, []).append((r["year"], r["probability"], r["weight"]))
    return out


def path(topsector: str, concept: str) -> list[float]:
    return [p for _, p, _ in sorted(rates()[topsector, "all", concept])]


def level(topsector: str, concept: str, since: int = 2015) -> float:
    cells = [(p, w) for year, p, w in rates()[topsector, "all", concept] if year >= since]
    return sum(p * w for p, w in cells) / sum(w for _, w in cells)


# --- the study's findings hold in the latent truth ---


@pytest.mark.parametrize(("topsector", "share"), ICT.items())
def test_latent_ict_share_is_the_studys(topsector: str, share: float) -> None:
    total = {g: sum(w for _, _, w in rates()[topsector, g, "digital"]) for g in ("ict", "all")}
    assert total["ict"] / total["all"] == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(("topsector", "share"), ICT.items())
def test_drawn_ict_share_is_within_binomial_tolerance(topsector: str, share: float) -> None:
    loose = truth(MarketSpec(seed=5, n_vacancies=20_000, clustering=0.0)).vacancies
    rows = [r for r in loose.select(["topsectors", "function_group"]).to_pylist() if topsector in r["topsectors"]]
    hits = sum(r["function_group"] == "ict" for r in rows)
    assert abs(hits / len(rows) - share) < 3.9 * (share * (1 - share) / len(rows)) ** 0.5


def test_health_stays_flat_just_above_five_percent_and_all_others_rise() -> None:
    assert all(0.05 < p < 0.056 for p in path("health", "digital"))
    assert max(path("health", "digital")) - min(path("health", "digital")) < 0.002
    for topsector in set(TOPSECTORS) - {"health"}:
        years = path(topsector, "digital")
        assert years[:5] == sorted(years[:5]) and years[-1] > 1.3 * years[0]


@pytest.mark.parametrize("topsector", ["htsm", "chemie"])
def test_peak_of_2016_and_the_fading_of_word_and_excel(topsector: str) -> None:
    assert path(topsector, "digital")[4] > path(topsector, "digital")[5]
    for name in ("sim.word", "sim.excel"):
        assert path(topsector, name)[5] < 0.85 * path(topsector, name)[4]


@pytest.mark.parametrize(
    ("topsector", "order"),
    [
        ("energie", ["basic_computer", "resource_management_software", "database", "programming"]),
        ("htsm", ["programming", "basic_computer", "resource_management_software", "database"]),
        ("chemie", ["basic_computer", "resource_management_software", "computer_aided_design", "database"]),
        ("health", ["basic_computer", "database", "programming", "resource_management_software"]),
        ("life_sciences", ["basic_computer", "resource_management_software", "database", "programming"]),
        ("energie", ["communication", "planning_organisation", "self_starter", "collaboration"]),
        ("htsm", ["communication", "planning_organisation", "self_starter", "collaboration"]),
        ("life_sciences", ["communication", "planning_organisation", "self_starter", "collaboration"]),
        ("chemie", ["communication", "planning_organisation", "collaboration", "self_starter"]),
        ("health", ["self_starter", "communication", "flexibility", "collaboration"]),
    ],
)
def test_top_four_categories_stand_in_the_studys_order(topsector: str, order: list[str]) -> None:
    group = DIGITAL if order[0] in DIGITAL else OTHER
    assert sorted(group, key=lambda c: -level(topsector, c))[:4] == order


@pytest.mark.parametrize(
    ("topsector", "risers", "fallers"),
    [
        ("chemie", ["sap"], ["scada"]),
        ("energie", ["matlab", "ai", "data_analysis", "machine_learning"], ["sap", "online_marketing"]),
        ("htsm", ["machine_learning", "matlab", "test_automation", "sap"], ["server_admin"]),
        ("life_sciences", ["sap", "erp", "database_general", "data_analysis", "cnc"], []),
        ("health", ["general_computer"], ["server_admin"]),
        ("all", ["big_data", "ai", "machine_learning", "iot", "blockchain"], []),
    ],
)
def test_risers_and_fallers_are_the_studys(topsector: str, risers: list[str], fallers: list[str]) -> None:
    growth = {n: path(topsector, f"sim.{n}")[-1] / path(topsector, f"sim.{n}")[0] for n in risers + fallers}
    assert all(growth[n] > 1.5 for n in risers), growth
    assert all(growth[n] < 0.7 for n in fallers), growth


def test_expected_counts_of_table_1_give_the_studys_growth_factors() -> None:
    count = {(r["title"], r["year"]): r["vacancies"] for r in table1_expected(MarketSpec()).to_pylist()}
    c = count["ict", 2017] / count["ict", 2012]
    assert 1.9085 <= c <= 1.912
    listed = {job.titles[1][0]: job.table1 for job in jobs() if job.table1}
    assert len(listed) == 9
    scale = count["DevOps Engineer", 2017] / 1611
    for title, (old, new) in listed.items():
        n12, n17 = count[title, 2012] / scale, count[title, 2017] / scale
        assert (n12, n17) == pytest.approx((old, new), abs=1e-6)
    factor = {t: (n17 / c - n12) / max(n12, 1) for t, (n12, n17) in listed.items()}
    assert [int(factor[t] + 0.5) for t in ("DevOps Engineer", "Data Scientist", "Scrum Master")] == [168, 154, 2]


def test_draws_follow_the_latent_chances() -> None:
    spec = MarketSpec(seed=3, n_vacancies=20_000, clustering=0.0)
    table = truth(spec).vacancies
    n, expected = table.num_rows, dict.fromkeys((c.id for c in CONCEPTS), 0.0)
    for r in rates_table(spec).to_pylist():
        if r["topsector"] == r["function_group"] == "all" and r["grain"] == "concept":
            expected[r["concept"]] += r["probability"] * r["weight"]
    got = dict.fromkeys(expected, 0)
    for skills in table.column("skills").to_pylist():
        for s in skills:
            got[s["concept"]] += s["asked"]
    z = np.array([(got[c] - n * p) / (n * p * (1 - p)) ** 0.5 for c, p in expected.items()])
    assert abs(z).max() < 4.2 and 0.75 < z.std() < 1.25


def test_vacancies_of_one_employer_are_alike() -> None:
    def spread(clustering: float) -> float:
        rows = truth(MarketSpec(seed=9, n_vacancies=12_000, clustering=clustering)).vacancies
        asks: dict[str, list[bool]] = {}
        for r in rows.select(["employer", "skills", "segment"]).to_pylist():
            if r["segment"] == "htsm_industry":
                named = {s["concept"] for s in r["skills"]}
                asks.setdefault(r["employer"], []).append("sim.communication" in named)
        big = [np.mean(v) for v in asks.values() if len(v) >= 12]
        return float(np.std(big))

    assert spread(0.3) > 1.3 * spread(0.0)


def test_asked_without_texts_is_what_the_texts_ask() -> None:
    fast = truth_asked(SPEC, ["sim.python", "sim.communication"]).to_pylist()
    digital = {c.id for c in CONCEPTS if c.category in DIGITAL}
    for quick, full in zip(fast, market().vacancies.to_pylist(), strict=True):
        asked = {s["concept"] for s in full["skills"] if s["asked"]}
        assert quick["vacancy_id"] == full["vacancy_id"] and quick["function_group"] == full["function_group"]
        assert quick["sim.python"] == ("sim.python" in asked) and quick["digital"] == bool(asked & digital)
        assert [quick["topsector"]] == (full["topsectors"] or [""])


# --- forms ---


def test_at_least_thirty_percent_of_the_mentions_use_no_lexicon_form() -> None:
    kinds = dict.fromkeys(FORM_KINDS, 0)
    for skills in market().vacancies.column("skills").to_pylist():
        for s in skills:
            if s["asked"]:
                kinds[s["form_kind"]] += 1
    total = sum(kinds.values())
    assert (kinds["paraphrase"] + kinds["typo"]) / total >= 0.30
    assert kinds["plain"] / total == pytest.approx(SPEC.form_shares[0], abs=0.02)


def test_misspellings_and_paraphrases_are_no_names_of_any_concept() -> None:
    known = {f.text.lower() for (_, _, kind), found in forms().items() if kind in ("plain", "variant") for f in found}
    for (concept, _, kind), found in forms().items():
        if kind in ("typo", "paraphrase"):
            assert not known & {f.text.lower() for f in found}, concept
        else:
            assert kind != "plain" or found


def test_every_mention_stands_in_the_first_ad() -> None:
    vacancies = {r["vacancy_id"]: r for r in market().vacancies.slice(0, 400).to_pylist()}
    texts = dict(zip(ads().column("ad_id").to_pylist(), ads().column("text").to_pylist(), strict=True))
    seen = 0
    for ad in market().ads.to_pylist():
        vacancy = vacancies.get(ad["vacancy_id"])
        if vacancy is None or ad["markup"] not in ("plain", "markdown"):
            continue
        seen += 1
        for s in vacancy["skills"]:
            options = forms()[s["concept"], vacancy["language"], s["form_kind"]]
            named = s["concept"].removeprefix("sim.").split("_")[0]
            found = any(f.text in texts[ad["ad_id"]] for f in options)
            assert found or not s["asked"], (named, s, ad["ad_id"])
    assert seen > 300


def test_distractors_name_skills_that_are_not_asked() -> None:
    wrong = 0
    for skills in market().vacancies.column("skills").to_pylist():
        asked = {s["concept"] for s in skills if s["asked"]}
        named = {s["concept"] for s in skills if not s["asked"]}
        assert not asked & named
        wrong += bool(named)
    assert 0.30 < wrong / SPEC.n_vacancies < 0.45


# --- ads and dirt ---


def test_ads_are_of_the_stated_size_language_and_dirt() -> None:
    text = ads().column("text")
    assert 1_600 < float(np.median(pc.utf8_length(text).to_numpy())) < 2_600
    dutch = pc.mean(pc.equal(market().vacancies.column("language"), "nl").cast(pa.int8())).as_py()
    assert dutch == pytest.approx(SPEC.dutch_share, abs=0.03)

    def share(pattern: str) -> float:
        return float(pc.mean(pc.match_substring_regex(text, pattern).cast(pa.int8())).as_py())

    assert share("<p>|<br") == pytest.approx(SPEC.html_share, abs=0.03)
    assert share("(?m)^## ") == pytest.approx(SPEC.markdown_share, abs=0.02)
    assert share("\u2028") == pytest.approx(SPEC.separator_share, abs=0.01)
    assert 0.1 < share("&(euro|euml|#233|#39);") < SPEC.html_share
    assert not pc.any(pc.match_substring(text, "\x00")).as_py() and share("[{}]") == 0
    missing = ads().column("sbi_code").null_count / ads().num_rows
    assert missing == pytest.approx(SPEC.missing_sbi_share, abs=0.02)
    shouted = pc.mean(pc.utf8_is_upper(ads().column("title")).cast(pa.int8())).as_py()
    assert shouted == pytest.approx(SPEC.shout_share, abs=0.02)


def test_no_address_or_number_could_reach_anybody() -> None:
    for text in ads().slice(0, 6_000).column("text").to_pylist():
        for domain in re.findall(r"@([\w.-]+\w)", text):
            assert domain.endswith(".example")
        for number in re.findall(r"\+?\d[\d ()-]{8,}\d", text):
            assert re.match(r"(0\d\d-0|06-00|\+31 \(0\)20 0|\+44 1632 960)", number), number
    assert all(u.split("/")[2].endswith(".example") for u in ads().column("url").slice(0, 500).to_pylist())


def test_postings_of_a_vacancy_lie_within_sixty_days_on_at_most_five_boards() -> None:
    found: dict[str, list[dict[str, object]]] = {}
    for row in market().ads.to_pylist():
        found.setdefault(row["vacancy_id"], []).append(row)
    assert len(found) == SPEC.n_vacancies
    posted = dict(zip(*(market().vacancies.column(c).to_pylist() for c in ("vacancy_id", "posted_date")), strict=True))
    for vacancy, rows in found.items():
        dates = [r["date"] for r in rows]
        first = [r for r in rows if r["is_first"]]
        assert len(first) == 1 and first[0]["date"] == min(dates) == posted[vacancy]
        assert (max(dates) - min(dates)).days <= 60 and len({r["board"] for r in rows}) <= 5
    assert sum(len(r) > 1 for r in found.values()) > 0.4 * len(found)


def test_ids_are_unique_and_ads_match_their_truth() -> None:
    assert ads().column("ad_id").to_pylist() == market().ads.column("ad_id").to_pylist()
    assert len(set(ads().column("ad_id").to_pylist())) == ads().num_rows
    years = set(pc.year(ads().column("date")).to_pylist())
    assert years == set(SPEC.years)


def test_sixty_unit_groups_and_a_hundred_concepts_in_two_languages() -> None:
    assert len({j.isco08 for j in jobs()}) >= 60 and len(CONCEPTS) >= 120
    assert all(len(j.isco08) == 4 and all(j.titles) and all(j.tasks) for j in jobs())
    assert set(market().vacancies.column("isco08").to_pylist()) == {j.isco08 for j in jobs()}


# --- files ---


def _digest(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MarketFiles]:
    folder = tmp_path_factory.mktemp("market")
    return folder, write_market(MarketSpec(seed=2, n_vacancies=1_500, broken_share=0.02, n_pages=9), folder)


def test_the_same_seed_gives_the_same_bytes(written: tuple[Path, MarketFiles], tmp_path: Path) -> None:
    write_market(MarketSpec(seed=2, n_vacancies=1_500, broken_share=0.02, n_pages=9), tmp_path)
    assert _digest(tmp_path) == _digest(written[0])
    write_market(MarketSpec(seed=3, n_vacancies=1_500, broken_share=0.02, n_pages=9), tmp_path)
    assert _digest(tmp_path) != _digest(written[0])


def test_feeds_hold_every_ad_once_and_the_stated_broken_rows(written: tuple[Path, MarketFiles]) -> None:
    files = written[1]
    feed = {f.name: f for f in files.feeds}
    ids: list[str] = []
    broken = 0
    for line in gzip.decompress(feed["banenbord"].path.read_bytes()).decode().split("\n")[:-1]:
        try:
            ids.append(json.loads(line)["id"])
        except json.JSONDecodeError:
            broken += 1
    for name, delimiter, key in (("werkvinder", ",", "job_id"), ("jobfeed", ";", "id")):
        with feed[name].path.open(encoding="utf-8", newline="") as f:
            ids += [row[key] for row in csv.DictReader(f, delimiter=delimiter)]
    ids += pq.read_table(feed["vacatureplein"].path).column("ad_id").to_pylist()
    pages = list(feed["eigensite"].path.glob("*.html"))
    assert len(pages) == feed["eigensite"].rows == 9
    for page in pages:
        block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.read_text(encoding="utf-8"), re.S)
        assert block is not None
        posting = json.loads(block[1])
        assert posting["@type"] == "JobPosting" and posting["description"]
        ids.append(posting["identifier"]["value"])
    good = [i for i in ids if not i.startswith("X")]
    assert sorted(good) == sorted(pq.read_table(files.truth_ads).column("ad_id").to_pylist())
    assert len(good) == files.n_ads == sum(f.rows for f in files.feeds)
    assert len(ids) - len(good) + broken == sum(f.broken for f in files.feeds) > 20


def test_truth_stands_apart_from_the_feeds(written: tuple[Path, MarketFiles]) -> None:
    folder, files = written
    assert {p.parent for p in (files.truth_ads, files.truth_vacancies, files.truth_rates)} == {folder / "truth"}
    assert all((folder / "feeds") in f.path.parents for f in files.feeds)
    for f in files.feeds:
        raw = b"" if f.path.is_dir() else f.path.read_bytes()
        raw = gzip.decompress(raw) if f.format == "jsonl" else raw
        assert b"vacancy_id" not in raw and b"sim." not in raw


@pytest.mark.parametrize(
    "wrong",
    [
        {"dutch_share": 1.2},
        {"n_vacancies": 0},
        {"first_year": 2018, "last_year": 2017},
        {"form_shares": (0.5, 0.5, 0.5, 0.0)},
        {"html_share": 0.9, "markdown_share": 0.2},
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, object]) -> None:
    with pytest.raises(StudyError, match="MarketSpec") as caught:
        MarketSpec(**wrong)  # type: ignore[arg-type]
    assert caught.value.fix
