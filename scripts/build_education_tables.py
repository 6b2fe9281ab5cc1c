"""Make the bundled tables of education: `programme_isced.csv` from a list of CROHO codes, `programme_occupation.csv`.

Run: `python scripts/build_education_tables.py [FOLDER with opleiding_iscedf2013.csv]`. Without a folder only the
matrix is made anew. Which occupation groups a field leads to is our reading of ISCED-F 2013 (UNESCO 2015) and ISCO-08
(ILO 2012); how people are divided over them follows the jobs that CBS counts. What is assumed says so in each row.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

from overstap.moves.facts import allocated_units
from overstap.reference.tables import load

DATA = Path(__file__).parents[1] / "src/overstap/reference/data"

# ISCED-F 2013 field (longest prefix wins) to ISCO-08 groups of any number of digits.
FIELDS = {
    "011": "232 233 234 235 5312 2342 1341 1345",
    "0111": "235 2351 1345 2635",
    "0112": "2342 5311 5312 1341",
    "0113": "2341 2352 5312 1345",
    "0114": "232 233 1345",
    "021": "216 264 265 343 352 7317 732 2431",
    "0211": "2166 265 343 3521 732 2642",
    "0212": "2163 2166 3432 7533 3433",
    "0213": "265 2166 3433 235",
    "0215": "265 2652 2354 343",
    "022": "262 263 264 233 2310",
    "0221": "2636 2632 233 3413",
    "0222": "262 263 2642 233",
    "0223": "263 264 233 2422",
    "023": "2643 264 2353 233 4413",
    "031": "241 242 243 2632 2634 263 331 335 1213 2631",
    "0311": "2413 2631 2411 331 2412 1211",
    "0312": "2422 2633 1112 335",
    "0313": "2634 2423 2635 3412",
    "0314": "2632 2635 2422 2431",
    "032": "2642 2622 2432 2654 3433",
    "0321": "2642 2432 2641",
    "0322": "2622 2621 4411",
    "041": "121 122 241 242 243 331 332 333 334 411 412 431 522",
    "0411": "2411 3313 3312 4311 1211 4312",
    "0412": "2412 3311 3312 3321 4211 4312 1346",
    "0413": "121 2421 2422 2423 333 1219 1221",
    "0414": "2431 2432 1221 1222 3322 5223",
    "0415": "334 3343 411 412 413 4226 422",
    "0416": "3322 3323 2433 1420 5222 5223 1221",
    "042": "261 3411 335 2422 1342",
    "051": "213 2131 2113 3141 2632",
    "0512": "2131 2113 3141 3212 3111",
    "052": "2133 2132 3141 6210 2143",
    "053": "2111 2113 2114 3111 212 2145",
    "0531": "2113 2145 3111 3116 3212",
    "0532": "2114 2112 2165 3117",
    "0533": "2111 2112 2149 2152 3111 2512",
    "054": "212 2511 2512 2413 2330",
    "061": "251 252 133 351 2153 7422 2434 2356",
    "0612": "252 351 133 2529",
    "0613": "251 133 3512 2434",
    "071": "214 215 311 313 312 721 722 723 741 742 818 1321",
    "0711": "2145 3116 2113 3133 3134 3135 3111 813 814 1321",
    "0712": "2143 3132 3112 2133",
    "0713": "2151 3113 741 742 3131 2149",
    "0714": "2152 3114 742 3139 7421 2512",
    "0715": "2144 3115 721 722 723 2141 3119",
    "0716": "2144 3115 723 7213 3151 2149",
    "072": "2141 2145 751 752 753 816 815 3119",
    "0721": "2141 2145 751 816 3119 1321",
    "073": "216 2142 3112 3123 711 712 713 2164 1323",
    "0731": "2161 2162 2164 2165 3112 3118",
    "0732": "2142 2161 3112 3123 711 712 713 7115",
    "081": "611 612 613 2132 3142 921 1311 8341",
    "082": "621 3143 2132 921",
    "083": "622 1312",
    "084": "225 324 5164",
    "091": "221 222 226 321 322 325 532",
    "0911": "2261 3251 3214",
    "0912": "221",
    "0913": "2221 2222 3221 5321 5322 3253",
    "0914": "3211 3212 2269 3214",
    "0915": "2264 2265 2266 3255 2269",
    "0916": "2262 3213 5321",
    "0917": "2230 3230 3259",
    "092": "2635 3412 5311 5312 532 1344 263",
    "0921": "5321 5322 3412 2635",
    "0922": "5311 3412 2342 1341",
    "0923": "2635 3412 1344",
    "101": "141 512 513 514 515 342 511 4221 9112",
    "1011": "515 911 9112 1219 1439",
    "1012": "514",
    "1013": "141 512 513 941",
    "1014": "342 2359 1431 3423",
    "1015": "4221 511 1431 3339",
    "102": "2263 3257 3132 961 9613",
    "103": "541 0210 0310 0110 3355 5414",
    "1031": "0110 0210 0310",
    "1032": "541 3355 5412",
    "104": "833 832 432 3331 1324 834 3151 3152 9333 835",
}
# ISCO skill levels of first jobs by level of education. ILO (2012) sets ISCED 5 to level 3 and ISCED 6 and above to
# level 4; how far first jobs lie below it is assumed.
LEVELS = {
    "mbo1": ({1: 0.7, 2: 0.3}, 0.60, 0.70),
    "mbo2": ({1: 0.2, 2: 0.8}, 0.45, 0.60),
    "mbo3": ({2: 0.9, 3: 0.1}, 0.35, 0.36),
    "mbo4": ({2: 0.6, 3: 0.4}, 0.35, 0.35),
    "ad": ({2: 0.2, 3: 0.6, 4: 0.2}, 0.30, 0.30),
    "hbo_bachelor": ({3: 0.3, 4: 0.7}, 0.30, 0.10),
    "wo_bachelor": ({3: 0.4, 4: 0.6}, 0.35, 0.80),
    "master": ({3: 0.1, 4: 0.9}, 0.25, 0.05),
    "doctor": ({4: 1.0}, 0.20, 0.0),
}
"""Level: skill levels of first jobs, part of those who work outside the field, part that goes on to study."""

STUDY = {
    "mbo1": "CBS (2016): full-time school-based mbo, diplomas of 2014/15, seven in ten",
    "mbo2": "CBS (2016): full-time school-based mbo, diplomas of 2014/15, six in ten",
    "mbo3": "CBS (2010): all mbo 3, diplomas of 2008/09, just over a third",
    "mbo4": "CBS (2018): all mbo 4, to hbo, diplomas of 2016",
}
"""Where the part that goes on to study is published: all fields together; other levels are assumed."""

_MANAGERS = 0.2
"""How often those who enter become managers, for each job there, beside other groups of the field (assumed)."""


def matrix() -> list[tuple[str, str, str, float, str]]:
    """Rows of the programme-occupation matrix."""
    units = allocated_units()
    jobs = dict(zip(units.codes, units.jobs, strict=True))
    isco = {r["code"]: r for r in load("isco08").to_pylist() if r["level"] == 4}
    rows = []
    for field, groups in FIELDS.items():
        mine = {u for u in jobs if u in isco and any(u.startswith(g) for g in groups.split())}
        unknown = [g for g in groups.split() if not any(u.startswith(g) for u in jobs)]
        assert not unknown, (field, unknown)
        for level, (mix, outside, study) in LEVELS.items():
            by_skill = {s: {u for u in mine if isco[u]["skill_level_max"] == s} for s in mix}
            by_skill = {s: us for s, us in by_skill.items() if us}
            shares: dict[str, float] = defaultdict(float)
            total = sum(mix[s] for s in by_skill)
            for skill, codes in by_skill.items():
                drawn = {u: jobs[u] * (_MANAGERS if u[0] == "1" else 1.0) for u in codes}
                for u in codes:
                    shares[named(u, groups)] += mix[skill] / total * drawn[u] / sum(drawn.values())
            work = (1 - study) * (1 - outside) if shares else 0.0
            basis = "assumption: ISCED-F and ISCO-08, by CBS jobs"
            given = {code: round(work * share, 4) for code, share in sorted(shares.items()) if work * share >= 0.002}
            rows += [(field, level, code, weight, basis) for code, weight in given.items()]
            if study:
                rows.append((field, level, "study", study, STUDY.get(level, "assumption: goes on studying")))
            rest = round(1 - study - sum(given.values()), 4)
            rows.append((field, level, "outside", rest, "assumption: other work, no work or unknown"))
    return rows


def named(unit: str, groups: str) -> str:
    """The group by which a field names a unit group: the longest."""
    return max((g for g in groups.split() if unit.startswith(g)), key=len)


def write(name: str, header: str, rows: list[tuple[object, ...]]) -> None:
    """A bundled CSV."""
    with (DATA / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def main() -> None:
    """Write the tables."""
    if len(sys.argv) > 1:
        with (Path(sys.argv[1]) / "opleiding_iscedf2013.csv").open(encoding="utf-8") as file:
            pairs = [(r["opleidingscode"], r["iscedf_detailed"]) for r in csv.DictReader(file)]
        write("programme_isced", "programme,isced_f", [p for p in sorted(pairs) if p[1] != "9999"])
    write("programme_occupation", "isced_f,level,isco08,weight,source", list(matrix()))


if __name__ == "__main__":
    main()
