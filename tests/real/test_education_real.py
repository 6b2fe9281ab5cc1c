"""DUO's file of enrolment in hbo, against sums made from it otherwise and the published ones of ICT."""

import pyarrow.compute as pc

from overstap.education.stocks import read_stocks
from overstap.education.trends import trends
from tests.shared_data import DATA, needs

FILE = "statistics/duo_education/hbo_ingeschrevenen_2020_2023.csv.gz"

pytestmark = needs(FILE)


def test_enrolment_in_ict() -> None:
    table = read_stocks([("enrolment", DATA / FILE)], {})
    exact = table.filter(
        pc.and_(pc.equal(table["low"], table["high"]), pc.equal(pc.utf8_slice_codeunits(table["isced_f"], 0, 2), "06"))
    )
    sums = {r["year"]: r["low_sum"] for r in exact.group_by("year").aggregate([("low", "sum")]).to_pylist()}
    assert sums == {2020: 26752, 2021: 26830, 2022: 26570, 2023: 25923}
    assert table.num_rows == 4 * 4430
    rows = {
        r["year"]: r
        for r in trends(table).to_pylist()
        if r["isced_f"] == "06" and r["level"] == r["region"] == r["sex"] == "all"
    }
    assert rows[2023]["persons_low"] < rows[2023]["persons_high"] < rows[2020]["persons_low"]
