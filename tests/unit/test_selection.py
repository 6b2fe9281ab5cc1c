"""A selection survives the way to a query string and back, and a wrong one names the right one."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.schema.out import ITEM_KINDS
from overstap.web.selection import EVERYTHING, SORTS, Selection, UnknownChoice, Vocabulary, parse_selection

KNOWN = Vocabulary(
    cells={
        "topsector": frozenset({"energie", "htsm", "life_sciences"}),
        "function_group": frozenset({"ict", "manager", "other", "unknown"}),
        "language": frozenset({"nl", "en"}),
        "source_id": frozenset({"feed", "board"}),
    },
    years=frozenset({"2012", "2017"}),
    months=frozenset({"2012-01", "2017-12"}),
    items={
        "skill": frozenset({"core.python", "core.sql", "core.c#"}),
        "category": frozenset({"programming", "database"}),
        "category_group": frozenset({"digital"}),
        "function_group": frozenset({"ict"}),
        "technology": frozenset({"artificial_intelligence"}),
        "title": frozenset({"data scientist", "r&d = leuk? ja/nee"}),
    },
    categories=frozenset({"digital", "programming", "database"}),
    labels={("topsector", "energy"): "energie", ("item_id", "gestructureerde zoektaal"): "core.sql"},
)
CELLS = {name: st.sampled_from(["all", *sorted(values)]) for name, values in KNOWN.cells.items()}


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    kind = draw(st.sampled_from(ITEM_KINDS))
    items = draw(st.lists(st.sampled_from(sorted(KNOWN.items[kind])), unique=True, max_size=3))
    has_category = kind in ("skill", "category")
    return Selection(
        lang=draw(st.sampled_from(["nl", "en"])),
        **{name: draw(values) for name, values in CELLS.items()},
        period=draw(st.sampled_from(["all", "year", "month", "2012", "2017-12"])),
        item_kind=kind,
        category=draw(st.sampled_from(["all", *sorted(KNOWN.categories)])) if has_category else "all",
        item_id=tuple(items),
        sort=draw(st.sampled_from(SORTS)),
        show=draw(st.sampled_from([1, 10, 25, 500, EVERYTHING])),
    )


def parsed(query: str) -> Selection:
    return parse_selection(parse_qsl(query, keep_blank_values=True), KNOWN)


@given(selections())
def test_a_link_shows_what_its_sender_saw(selection: Selection) -> None:
    assert parsed(selection.query()) == selection
    assert parsed(selection.query()).query() == selection.query()
    assert parsed(urlsplit(selection.data_href("out_demand", "csv")).query) == selection


@given(selections())
def test_every_parameter_of_a_query_is_a_value_not_text(selection: Selection) -> None:
    values = selection.parameters()
    assert set(values) == {*KNOWN.cells, "period_kind", "period", "dimension", "item_kind", "category", "item_id"}
    assert values["period_kind"] in ("all", "year", "month")


def test_a_form_sends_every_field_and_gives_the_same_link() -> None:
    form = "lang=en&topsector=htsm&function_group=all&language=&period=all&item_kind=skill&category=all&show=10"
    assert parsed(form).query() == "lang=en&topsector=htsm"


def test_a_form_may_change_the_kind_alone() -> None:
    chosen = parsed("item_kind=title&category=digital&item_id=core.python")
    assert (chosen.category, chosen.item_id) == ("all", ())


def test_links_of_mail_programs_are_read() -> None:
    assert parsed("lang=en&utm_source=newsletter&fbclid=x") == Selection(lang="en")


@pytest.mark.parametrize(
    ("query", "name", "nearest", "status"),
    [
        ("topsector=Energie", "topsector", "energie", 404),
        ("topsector=energy", "topsector", "energie", 404),
        ("topsector=zzzzzz", "topsector", "", 404),
        ("item_id=pyton", "item_id", "core.python", 404),
        ("item_id=gestructureerde+zoektaal", "item_id", "core.sql", 404),
        ("period=2018", "period", "2017", 404),
        ("item_kind=titel", "item_kind", "title", 404),
        ("sort=nme", "sort", "name", 404),
        ("lang=EN", "lang", "en", 404),
        ("topsektor=htsm", "filter", "topsector", 422),
        ("show=ten", "show", "10", 422),
        ("show=100000", "show", "500", 422),
        ("show=٣", "show", "3", 422),
    ],
)
def test_what_is_unknown_names_the_nearest_that_is_known(query: str, name: str, nearest: str, status: int) -> None:
    with pytest.raises(UnknownChoice) as told:
        parsed(query)
    assert (told.value.name, told.value.nearest, told.value.status) == (name, nearest, status)


def test_the_nearest_period_is_one_that_has_ads() -> None:
    with pytest.raises(UnknownChoice) as told:
        parsed("period=1999")
    assert told.value.nearest in ("", *KNOWN.years, *KNOWN.months)
    assert "all" in told.value.known
