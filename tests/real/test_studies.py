"""The studies in `examples/studies` run on real ads, from files to report, and find what is known of those years."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from overstap.pipeline import Study
from tests.shared_data import DATA, needs

pytestmark = [pytest.mark.xdist_group("studies"), *needs("ads")]
WHOLE = {"topsector": "all", "function_group": "all", "language": "all", "source_id": "all"}


def quality(study: Study) -> dict[tuple[str, str], int]:
    return {(r["measure"], r["detail"]): r["value_n"] for r in study.table("out_quality").to_pylist()}


def whole(study: Study, table: str, **wanted: str) -> list[dict[str, Any]]:
    wanted = {**WHOLE, **wanted}
    return [r for r in study.table(table).to_pylist() if all(r[name] == value for name, value in wanted.items())]


def accounted(study: Study, rows: int) -> None:
    """Every row of the feed is an ad or set aside, and every ad is in one vacancy."""
    counts = quality(study)
    aside = sum(n for (measure, _), n in counts.items() if measure == "rows_set_aside")
    assert counts["ads_read", ""] + aside == rows
    assert aside == study.table("raw_quarantine", ["line_number"]).num_rows
    merged = sum(n for (measure, _), n in counts.items() if measure == "ads_merged")
    assert study.table("core_vacancies", ["vacancy_id"]).num_rows == counts["ads_read", ""] - merged


def test_hacker_news_2013_to_2016(hacker_news: Study) -> None:
    study = hacker_news
    accounted(study, 18_521)
    found = {r["item_id"]: r for r in whole(study, "out_change", item_kind="skill")}
    for skill, direction in {
        **dict.fromkeys(("core.react", "core.docker", "core.kubernetes"), "rising"),
        **dict.fromkeys(("core.backbone", "core.php"), "falling"),
    }.items():
        row = found[skill]
        assert (row["first_period"], row["last_period"]) == ("2013", "2016")
        assert row["direction"] == direction, row
        assert row["is_displayed"]
        assert row["ratio_low"] > 1 if direction == "rising" else row["ratio_high"] < 1, row
        assert row["ratio_low"] < row["ratio"] < row["ratio_high"]
    months = {r["period"] for r in whole(study, "out_volume", period_kind="month")}
    assert len(months) == 40 and "2016-07" not in months


@pytest.mark.full
def test_the_netherlands_2023_and_2024(netherlands: Study) -> None:
    study = netherlands
    accounted(study, 4_315)
    counts = quality(study)
    assert counts["ads_in_language", "nl"] > 1_000
    assert counts["ads_in_language", "en"] > 2_500
    assert counts["ads_with_masked_data", ""] > 500
    for language in ("nl", "en"):
        asked = {
            r["item_id"]: r for r in whole(study, "out_demand", language=language, period="all", item_kind="skill")
        }
        for skill in ("core.python", "core.sql", "core.communication"):
            row = asked[skill]
            assert row["share_low"] < row["share_pct"] < row["share_high"]
            assert row["share_pct"] > 10


@pytest.mark.full
def test_health_care_in_the_united_kingdom_is_one_cross_section(united_kingdom: Study) -> None:
    study = united_kingdom
    accounted(study, 11_632)
    years = {r["period"]: r["vacancies_n"] for r in whole(study, "out_volume", period_kind="year")}
    assert years["2020"] > 0.95 * sum(years.values())
    groups = {
        r["item_id"]: r["share_pct"] for r in whole(study, "out_demand", period="all", item_kind="function_group")
    }
    assert groups["ict"] < 5 < groups["other"]
    asked = {r["item_id"]: r["share_pct"] for r in whole(study, "out_demand", period="all", item_kind="category_group")}
    assert asked["professional"] > asked["digital"]


@pytest.mark.full
def test_the_full_esco_annotates_real_ads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    from overstap.ads.command import annotate_files
    from overstap.reference import esco

    monkeypatch.setenv("OVERSTAP_HOME", str(tmp_path / "home"))
    folder = DATA / "classifications"
    report = esco.install([folder / "esco_v1.1.1_en", folder / "esco_nl"])
    assert report.counts["skills"] > 13_000
    found = {}
    for taxonomy in ("core", "esco"):
        out = tmp_path / f"{taxonomy}.parquet"
        annotate_files(
            [DATA / "ads" / "us_glassdoor" / f.name for f in sorted((DATA / "ads" / "us_glassdoor").glob("*.csv.gz"))],
            out,
            [],
            taxonomy,
            False,
        )
        found[taxonomy] = pq.read_table(out)
    assert found["core"]["ad_id"].equals(found["esco"]["ad_id"])
    skills = {name: [s for ad in table["skills"].to_pylist() for s in ad] for name, table in found.items()}
    assert len(skills["esco"]) > len(skills["core"])
    named = {s["skill_id"] for s in skills["esco"]}
    assert "core.python" in named and any(name.startswith("esco.") for name in named)
