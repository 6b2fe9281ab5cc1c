"""How a survey was read: columns, respondents, what is wrong with their answers, weights."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa

from overstap.schema import table_spec
from overstap.schema.out import ALL
from overstap.schema.survey import FLAGS
from overstap.survey.weigh import Weighed

Row = dict[str, Any]


def quality_of(questions: pa.Table, weighed: Weighed) -> pa.Table:
    """`out_survey_quality`: counts by file and together; those of weights only together. Empty without respondents."""
    people: list[Row] = weighed.respondents.select(["source", "flags", "is_counted"]).to_pylist()
    columns: list[Row] = questions.select(["source", "kind", "is_understood"]).to_pylist()
    rows: list[Row] = []
    sources = list(dict.fromkeys(row["source"] for row in people))
    for source in [*sources, ALL] if people else []:
        mine = [row for row in people if source in (ALL, row["source"])]
        read = [row for row in columns if source in (ALL, row["source"])]
        flags = Counter(flag for row in mine for flag in row["flags"])
        found: list[tuple[str, str, float | None]] = [
            ("respondents", "", len(mine)),
            ("counted", "", sum(row["is_counted"] for row in mine)),
            *(("flagged", flag, flags[flag]) for flag in FLAGS),
            ("columns", "", len(read)),
            ("columns_of_questions", "", sum(row["is_understood"] and row["kind"] != "fact" for row in read)),
            ("columns_of_facts", "", sum(row["kind"] == "fact" for row in read)),
            ("columns_not_understood", "", sum(not row["is_understood"] for row in read)),
            *(weighed.told if source == ALL else []),
        ]
        rows += [
            {"source": source, "measure": measure, "detail": detail, "value": None if value is None else float(value)}
            for measure, detail, value in found
        ]
    return pa.Table.from_pylist(rows, schema=table_spec("out_survey_quality").schema)
