"""A few words of masked text around a span, as evidence; never the whole text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

AROUND = 70  # characters of masked text shown on either side of a span


def in_context(span: Mapping[str, Any], text: str) -> dict[str, Any]:
    """A span with the masked text around it, cut at words."""
    start, end = span["start"], span["end"]
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = "…" + before.partition(" ")[2]
    if end + AROUND < len(text):
        after = after.rpartition(" ")[0] + "…"
    return {**span, "before": before, "words": text[start:end] or span.get("words", ""), "after": after}
