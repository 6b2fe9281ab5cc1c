"""The page on countries: one group of occupations, or an indicator, in each of them."""

from __future__ import annotations

from typing import Any

from overstap.publish.countries import CountriesChapter
from overstap.web.further import plain, shared
from overstap.web.pages import view_of
from overstap.web.results import Snapshot
from overstap.web.selection import Selection


def page(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """The values of the page."""
    selection = Selection(lang=selection.lang, view="countries", abroad=selection.abroad)
    view = view_of(snapshot, selection)
    found = CountriesChapter(snapshot.study, view.t, selection.abroad)
    return {
        **shared(view),
        "countries": found,
        "options": [(code, name, code == selection.abroad) for code, name in found.choices()],
        "shown": plain(view, found.chart(), selection),
    }
