"""Common titles of today that official lists lack or write otherwise: own judgement, `common_titles.csv`."""

from __future__ import annotations

from typing import NamedTuple

from overstap.reference import tables


class CommonTitle(NamedTuple):
    """A title with its ISCO-08 unit group and, where one fits, the URI of an ESCO occupation of that group."""

    title: str
    language: str
    isco08: str
    esco_uri: str | None


def common_titles() -> list[CommonTitle]:
    """The bundled common titles. Raises KeyError for a concept that is no Dutch name of ESCO in its unit group."""
    rows = tables.load("occupation_titles").to_pylist()
    uris = {
        (r["isco08"], r["title"]): r["esco_uri"] for r in rows if r["kind"] == "esco_label" and r["language"] == "nl"
    }
    found = []
    for row in tables.load("common_titles").to_pylist():
        code, concept = row["isco08"], row["concept"]
        uri = uris[code, concept] if concept else None
        for language in ("nl", "en"):
            titles = (row[f"titles_{language}"] or "").split(" | ")
            found += [CommonTitle(title, language, code, uri) for title in titles if title]
    return found
