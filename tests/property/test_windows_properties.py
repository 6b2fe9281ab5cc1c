"""Windows of text: the compiled cut stands where characters counted one by one say."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from overstap.ads.facts.windows import TextBytes, cut

_SIGN = st.sampled_from("a b\n€é😀0")


@given(st.lists(st.text(_SIGN, max_size=60), min_size=1, max_size=4), st.data())
def test_a_window_lies_around_its_anchor(texts: list[str], data: st.DataObject) -> None:
    anchors = []
    for row, text in enumerate(texts):
        starts = data.draw(st.lists(st.integers(0, len(text)), max_size=4).map(sorted))
        anchors += [(row, start, data.draw(st.integers(start, len(text)))) for start in starts]
    row, start, end = np.array(anchors, np.int32).reshape(-1, 3).T.copy()
    found = cut(TextBytes.of(pa.array(texts, pa.large_string())), row, start, end, 9, 7)
    first = np.cumsum([0, *(len(text.encode()) for text in texts)])
    for i, (r, a, b) in enumerate(anchors):
        text = texts[r]
        raw = text.encode()
        at, stop = len(text[:a].encode()), len(text[:b].encode())
        assert found.at[i] == first[r] + at
        assert found.line[i] == text[:a].count("\n")
        low, high = int(found.low[i] - first[r]), int(found.high[i] - first[r])
        assert max(0, at - 9) <= low <= at and low - max(0, at - 9) < 4
        assert min(len(raw), stop + 7) <= high < min(len(raw), stop + 7) + 4
        assert raw[low:high].decode() in text
