"""Names of contacts in real ads are masked. `pytest tests/real/test_mask_real.py -s` prints the figures."""

from __future__ import annotations

from pathlib import Path

from overstap.ads.clean import clean_text
from overstap.evaluate.feeds import csv_rows, json_rows
from tests.real.contact_names import names_accuracy, read_names
from tests.shared_data import DATA, needs

pytestmark = needs("ads")
LABELS = Path(__file__).with_name("labels") / "contact_names.csv"


def test_contacts_of_real_ads_are_masked() -> None:
    ads = read_names(LABELS)
    wanted = {ad.ad_id for ad in ads}
    rows = [("nl", row) for row in csv_rows(DATA, "nl_jobzoeker")]
    rows += [("nhs", row) for row in json_rows(DATA, ["uk_nhs/nhs_jobs.jsonl.gz"])]
    texts = {(s, row["ad_id"]): clean_text(row["description"]) for s, row in rows if row["ad_id"] in wanted}
    for part in ("look", "score"):
        figures, n = names_accuracy([ad for ad in ads if ad.part == part], texts)
        print(f"\n{part}: {n} {figures}")
        assert n == 210
        assert figures["contact"].value >= 0.94
