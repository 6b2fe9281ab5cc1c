"""Whatever an ad holds, facts are read without error, plausible, and proved by a span inside the text."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.facts import facts_of
from overstap.ads.facts.salary import BOUNDS

PIECES = (
    "€", "€ 2.500", "3.000,-", "45k", "1.000.000", "0", "007", "12,5", "uur", "per week", "32-40 uur", "–", "/", "tot",
    "bruto per maand", "salaris", "salary", "per uur", "jaar", "years", "ervaring", "experience", "3+ years", "minimaal",
    "Uren:", "\n", "\n- ", ". ", "🙂", "é", "Functie-eisen\n", "rijbewijs", "B", "C/CE", "vloeiend", "Engels", "Dutch or",
    "medewerkers", "ons bedrijf", "met", "op basis van", "schaal 8", "cao rijk", "hybride werken", "REMOTE", "vast contract",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(TEXTS, st.text(max_size=60), st.none()), min_size=1, max_size=4))
def test_facts_are_plausible_and_proved(texts: list[str | None]) -> None:
    ads = pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.large_string())})
    facts = facts_of(ads)
    rows = pa.table(dict(facts.columns)).to_pylist()
    for row in rows:
        low, high = row["salary_min"], row["salary_max"]
        if row["salary_period"]:
            least, most = BOUNDS[row["salary_period"]]
            assert all(least <= value <= most for value in (low, high) if value is not None)
            assert low is None or high is None or low <= high
        assert all(0 <= row[name] <= 60 for name in ("hours_min", "hours_max") if row[name] is not None)
        assert row["hours_max"] is None or row["hours_max"] > 0
        assert row["experience_years_min"] is None or 0 <= row["experience_years_min"] <= 15
    for name, spans in facts.spans.items():
        for row, start, end in zip(spans.row, spans.start, spans.end, strict=True):
            assert 0 <= start < end <= len(texts[row] or ""), name
