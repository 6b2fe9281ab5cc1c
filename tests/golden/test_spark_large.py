"""A hundred thousand simulated ads with Spark: the tables that DuckDB makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.pipeline import Study
from overstap.simulate.demo import make_demo
from tests.spark import differing, with_spark

_VACANCIES = 47_000  # about 2.17 ads each


@pytest.mark.full
@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_a_hundred_thousand_ads_give_the_same_tables(spark: None, tmp_path: Path) -> None:
    market = Study.open(make_demo(tmp_path / "market", _VACANCIES, 11))
    market.run()
    assert market.store.manifest.tables["raw_ads"].rows > 100_000
    study = with_spark(market, tmp_path / "spark")
    study.run()
    assert differing(market, study) == []
