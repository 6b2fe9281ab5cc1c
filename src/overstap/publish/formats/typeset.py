"""PDF of a Typst document whose words come as data, so that nothing in them is read as markup."""

from __future__ import annotations

import json
from typing import Any

from overstap.publish.formats.need import needed


def typeset(source: bytes, page: Any, standards: tuple[str, ...] = ()) -> bytes:
    """`source` compiled with `page` (anything JSON can hold) as its input `page`.

    `standards` are those the PDF must meet (`ua-1`: accessible). Raises `InputError` where Typst is not installed.
    """
    made: bytes = needed("typst").compile(
        source, sys_inputs={"page": json.dumps(page, ensure_ascii=False)}, pdf_standards=list(standards)
    )
    return made
