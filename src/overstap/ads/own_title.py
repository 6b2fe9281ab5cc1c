"""Where an ad repeats its own title in its text.

An ad for a data analyst says "data analyst" many times; that names the job, and is no evidence that the skill of the
same name is asked. A title of a single short word ("SAP", "Excel") may well be asked too, and is left alone.

Between the words of a title any run of spaces, hyphens and slashes may stand; ASCII letters match in either case.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from overstap.ads.scan import text_buffers
from overstap.ads.spans import Spans

_LONG_WORD = 9
"""Characters from which a single word is a title rather than the name of a tool."""


def title_spans(texts: pa.Array, title_keys: pa.Array) -> Spans:
    """Spans (row, start, end in characters) at which each text repeats its title, given by its normalised key."""
    from overstap.ads.own_title_kernel import find_titles  # here, so that importing loads no compiler

    usable = pc.or_(pc.match_substring(title_keys, " "), pc.greater_equal(pc.utf8_length(title_keys), _LONG_WORD))
    keys = pc.if_else(usable, title_keys, "").fill_null("").cast(pa.large_string())
    data, starts, ends = text_buffers(texts)
    key_data, key_starts, key_ends = text_buffers(keys)
    room = 1024
    while True:
        out = np.empty((3, room), np.int32)
        n = find_titles(data, starts, ends, key_data, key_starts, key_ends, out)
        if n <= room:
            return Spans(*(np.ascontiguousarray(line[:n]) for line in out))
        room = n
