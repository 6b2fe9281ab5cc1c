"""Where an ad repeats its own title in its text.

An ad for a data analyst says "data analyst" many times; that names the job, and is no evidence that the skill of the
same name is asked. A title of a single short word ("SAP", "Excel") may well be asked too, and is left alone.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from overstap.ads.sections import Spans

_LONG_WORD = 9
"""Characters from which a single word is a title rather than the name of a tool."""


def title_spans(texts: pa.Array, title_keys: pa.Array) -> Spans:
    """Spans (row, start, end in characters) at which each text repeats its title, given by its normalised key."""
    rows, starts, ends = [], [], []
    for row, (text, key) in enumerate(zip(texts.to_pylist(), title_keys.to_pylist(), strict=True)):
        if not text or not key or (" " not in key and len(key) < _LONG_WORD):
            continue
        pattern = r"[\s/-]+".join(map(re.escape, key.split()))
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
            rows.append(row)
            starts.append(match.start())
            ends.append(match.end())
    return Spans(np.array(rows, np.int32), np.array(starts, np.int32), np.array(ends, np.int32))
