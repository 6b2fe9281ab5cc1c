"""Scenarios: the base is the outlook to the last digit, levers do what they say, and what is out of range is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from overstap.errors import InputError
from overstap.moves.collective import Question, capacity, headline
from overstap.moves.facts import REST_GROUPS, occupation_facts
from overstap.moves.feasible import Rules
from overstap.outlook.cells import LEVELS
from overstap.outlook.futures import Market, run
from overstap.outlook.levers import levers
from overstap.outlook.market import brc_outlook
from overstap.outlook.own import Own
from overstap.outlook.scenario import bundled, parse, read_scenario
from overstap.outlook.table import Settings, outlook, whole

ASKED = Settings(2025, 2030, draws=10, levels=("brc",))
YEARS = tuple(range(2025, 2031))


def _inflow(code: str, a_year: float) -> Own:
    known, no = np.array([np.nan, *[a_year] * 5]), np.full(6, np.nan)
    return Own("brc", code, "all", YEARS, no, no, {}, known, known, np.nan, np.nan, "observed", "test")


@pytest.fixture(scope="module")
def market() -> Market:
    """Bundled facts, with moves drawn at random: what a scenario does hangs on neither."""
    facts = occupation_facts("brc", (2025, 2030))
    facts = facts.filter(pa.compute.invert(pa.compute.is_in(facts["code"], pa.array(sorted(REST_GROUPS)))))
    alike = np.random.default_rng(3).random((facts.num_rows, facts.num_rows))
    return Market(
        brc_outlook(ASKED, [_inflow("0811", 9_000), _inflow("0712", 1_000)]), Question(facts, alike, 5, Rules(0.9))
    )


def _scenario(levers_: str) -> str:
    return f"scenario: mine\ntitle: {{nl: Mijn, en: Mine}}\nlevers: {levers_}\n"


def _values(market: Market, levers_: str) -> dict[tuple[str, str], dict[str, float]]:
    rows = run(market, [parse(_scenario(levers_), "mine.yaml")], 0.8, 1)[0].to_pylist()
    return {(row["scenario"], row["outcome"]): row for row in rows}


def test_the_base_scenario_is_the_outlook_exactly(market: Market) -> None:
    made = run(market, [read_scenario("base")], 0.8, 1)[1]
    shown = whole([market.outlook], 0.8).select(made.schema.names[1:])
    assert made.drop_columns(["scenario"]).equals(shown)


def test_the_base_is_the_outlook_with_own_tables_of_two_levels() -> None:
    """Other levels, and own figures on them, move no draw of a BRC group."""
    stock, flow = np.linspace(900.0, 1_500.0, 6), np.array([np.nan, *[50.0] * 5])
    parts = dict.fromkeys(("retirement", "exits", "mobility"), flow)
    own = [
        Own(level, code, "all", YEARS, stock, flow, parts, flow, flow, 10.0, np.nan, basis, "x")
        for level, code, basis in (
            ("isco2", "25", "observed"),
            ("brc", "0811", "observed"),
            ("brc", "0812", "allocated"),
        )
    ] + [_inflow("0712", 1_000)]
    every = outlook(replace(ASKED, levels=LEVELS), own)
    expected = {row["code"]: row for row in whole(every, 0.8).to_pylist() if row["level"] == "brc"}
    found = {row["code"]: row for row in whole([brc_outlook(ASKED, own)], 0.8).to_pylist()}
    assert found == expected and found["0811"]["employed_basis"] == "observed"


def test_a_scenario_called_base_that_turns_levers_is_refused() -> None:
    with pytest.raises(InputError, match="turns migration"):
        parse(_scenario("{migration: 1000}").replace("mine", "base", 1), "base.yaml")


def test_a_scenario_with_every_lever_neutral_changes_nothing(market: Market) -> None:
    still = ", ".join(f"{one.name}: {one.neutral}" for one in levers().values() if "_age_" not in one.name)
    for row in _values(market, f"{{{still}}}").values():
        assert row["change"] in (0, None) and row["change_low"] in (0, None), row


def test_placement_of_the_base_is_that_of_moves(market: Market) -> None:
    expected = next(r for r in headline(market.question, ["same"], ["net_decline"]).to_pylist())
    with_inflow = replace(market, outlook=brc_outlook(ASKED))
    rows = _values(with_inflow, "{}")
    assert rows["base", "leavers"]["path"] == expected["leavers"]
    assert rows["base", "placed"]["path"] == expected["placed"]
    assert capacity(market.question.facts, 5).sum() > 0
    assert (rows["base", "placed"]["first_year"], rows["base", "placed"]["last_year"]) == (2025, 2030)


def test_graduates_of_moves_take_openings_in_scenarios_too(market: Market) -> None:
    graduates = dict.fromkeys(market.question.facts["code"].to_pylist(), 3000.0)
    asked = replace(market, outlook=brc_outlook(ASKED), question=replace(market.question, graduates=graduates))
    expected = next(r for r in headline(asked.question, ["same"], ["net_decline"]).to_pylist())
    without = next(r for r in headline(market.question, ["same"], ["net_decline"]).to_pylist())
    assert _values(asked, "{}")["base", "placed"]["path"] == expected["placed"] < without["placed"]


def test_values_of_scenarios_lie_within_their_own_bounds() -> None:
    """A sum of openings or of leavers on the path lies below nearly all futures: the middle of these is told."""
    facts = occupation_facts("brc", (2025, 2030))
    alike = np.random.default_rng(3).random((facts.num_rows, facts.num_rows))
    drawn = brc_outlook(replace(ASKED, draws=120), [_inflow("0811", 9_000)])
    asked = Market(drawn, Question(facts, alike, 5, Rules(0.9)))
    named = [read_scenario(name) for name in ("automation", "low_migration")]
    rows = run(asked, named, 0.8, 1)[0].to_pylist()
    for row in rows:
        for name in ("value", "change"):
            if row[name] is not None:
                assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"], (row["scenario"], row["outcome"], name)
    base = {row["outcome"]: row for row in rows if row["scenario"] == "base"}
    assert base["employed"]["value"] == pytest.approx(drawn.cells.employed[:, -1].sum())
    assert base["openings"]["path"] < base["openings"]["value"]


@pytest.mark.parametrize(
    ("levers_", "outcome", "sign"),
    [
        ("{routine_automation: 0.1}", "employed", -1),
        ("{technology_adoption: 0.1}", "openings", -1),
        ("{productivity: 1}", "employed", -1),
        ("{productivity: -1}", "openings", 1),
        ("{energy_transition: 50000}", "employed", 1),
        ("{platform_work: 500000}", "employed", -1),
        ("{migration: 20000}", "shortage", -1),
        ("{ict_intake: 0.5}", "shortage", -1),
        ("{ict_dropout: 10}", "shortage", 1),
        ("{retraining: 0.5}", "placed", -1),
        ("{retraining_level_2: 0.1}", "placed", -1),
        ("{retraining: 0.5, cofinancing: 1}", "placed", -1),
    ],
)
def test_levers_pull_the_way_they_say(market: Market, levers_: str, outcome: str, sign: int) -> None:
    assert sign * _values(market, levers_)["mine", outcome]["change"] > 0


def test_sizes_are_those_that_the_lever_names(market: Market) -> None:
    assert _values(market, "{energy_transition: 50000}")["mine", "employed"]["change"] == pytest.approx(50_000)
    assert _values(market, "{migration: 20000}")["mine", "supply"]["value"] == pytest.approx(5 * 20_000)
    assert _values(market, "{platform_work: 200000}")["mine", "employed"]["change"] == pytest.approx(-200_000)


def test_who_pays_moves_more_people(market: Market) -> None:
    alone = _values(market, "{retraining: 0.5}")["mine", "placed"]["value"]
    paid = _values(market, "{retraining: 0.5, cofinancing: 1, cofinancing_response: 1}")
    assert alone < paid["mine", "placed"]["value"] == paid["base", "placed"]["value"]


def test_what_is_unknown_stays_so(market: Market) -> None:
    unknown = replace(market, outlook=brc_outlook(ASKED))
    row = _values(unknown, "{migration: 20000}")["mine", "shortage"]
    assert row["value"] is None and row["change"] is None and row["known_pct"] == 0
    assert 0 < _values(market, "{}")["base", "shortage"]["known_pct"] < 20


def test_a_lever_on_graduates_does_nothing_known_where_none_are_known(market: Market) -> None:
    """Nought would say that more ICT students change nothing; openings do stay as they are."""
    unknown = replace(market, outlook=brc_outlook(ASKED))
    rows = _values(unknown, "{ict_intake: 0.5}")
    assert rows["mine", "openings"]["change"] == 0
    for outcome in ("shortage", "placed", "placed_pct"):
        assert rows["mine", outcome]["value"] is None and rows["mine", outcome]["change"] is None
    known = _values(market, "{ict_intake: 0.5}")
    assert known["mine", "placed"]["value"] is not None
    levers = run(unknown, [parse(_scenario("{ict_intake: {value: 0.2, low: 0, high: 0.5}}"), "x")], 0.8, 1)[2]
    ends = {r["outcome"]: r["value_high"] for r in levers.to_pylist() if r["scenario"] == "mine"}
    assert ends["placed"] is None and ends["openings"] is not None


def test_ages_must_be_given_before_they_count(market: Market) -> None:
    with pytest.raises(InputError, match="no ages are given"):
        _values(market, "{retraining_age_old: 0.2}")
    groups = pa.table({"code": ["0811"] * 2, "kind": ["age"] * 2, "group": ["young", "old"], "share": [0.4, 0.6]})
    aged = _values(replace(market, groups=groups), "{retraining_age_old: 0.2}")
    assert aged["mine", "placed"]["change"] < 0
    with pytest.raises(InputError, match="no ages are given"):  # 0.6 are old; of the others nothing is known
        _values(replace(market, groups=groups.slice(1)), "{retraining_age_old: 0.2}")


@pytest.mark.parametrize("low", [0.0, 0.05])
def test_the_change_of_what_adds_up_is_the_value_less_that_of_the_base(market: Market, low: float) -> None:
    """Also where a lever's range lies lopsided about its value, or to one side of it."""
    found = _values(market, f"{{routine_automation: {{value: 0.05, low: {low}, high: 0.3}}}}")
    for outcome in ("employed", "expansion", "outflow"):
        row = found["mine", outcome]
        assert row["change"] == pytest.approx(row["value"] - found["base", outcome]["value"])
        assert row["change_low"] <= row["change"] <= row["change_high"]


def test_a_topsector_has_its_part_and_says_how_much_is_known(market: Market) -> None:
    n = len(market.outlook.cells.codes)
    share = np.where(np.arange(n) < 10, 0.5, np.nan)
    rows = run(replace(market, topsectors={"chemie": share}), [], 0.8, 1)[0].to_pylist()
    mine = {row["outcome"]: row for row in rows if row["topsector"] == "chemie"}
    assert mine["employed"]["value"] == pytest.approx(0.5 * market.outlook.cells.employed[:10, -1].sum())
    assert mine["employed"]["known_pct"] < 50 and "placed" not in mine
    assert mine["shortage"]["known_pct"] <= mine["employed"]["known_pct"]


def test_the_tornado_has_each_lever_between_its_bounds(market: Market) -> None:
    text = _scenario("{routine_automation: {value: 0.1, low: 0.05, high: 0.2}, productivity: 0.5}")
    rows = run(market, [parse(text, "mine.yaml")], 0.8, 1)[2].to_pylist()
    mine = {(r["lever"], r["outcome"]): r for r in rows if r["scenario"] == "mine"}
    row = mine["routine_automation", "employed"]
    assert (row["lever_low"], row["lever_high"]) == (0.05, 0.2) and row["value_low"] > row["value_high"]
    fixed = mine["productivity", "employed"]
    assert fixed["value_low"] == fixed["value_high"]
    assert {r["lever"] for r in rows if r["scenario"] == "base"} >= {"platform_work", "migration"}


def test_every_bundled_scenario_is_valid_and_says_its_sources() -> None:
    assert next(iter(bundled())) == "base" and len(bundled()) == 7
    for name, text in bundled().items():
        found = parse(text, name)
        assert found.name == name and found.title.keys() == {"nl", "en"} == found.note.keys()
        assert all(turned.source for turned in found.levers.values())


@pytest.mark.parametrize(
    ("levers_", "said"),
    [
        ("{platform_work: 2000000}", "out of its range of 0 to 1,000,000"),
        ("{retraining: {value: 0.5, low: 0, high: 1.5}}", "retraining is 1.5"),
        ("{retraining: {value: 0.5, low: 0.6, high: 0.7}}", "does not lie between"),
        ("{platform_wrk: 5}", "platform_work"),
        ("{retraining: many}", "retraining"),
    ],
)
def test_a_lever_out_of_range_is_named(levers_: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse(_scenario(levers_), "mine.yaml")


def test_a_scenario_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match="automation"):
        read_scenario("automaton")
    with pytest.raises(InputError, match="not valid YAML"):
        parse("scenario: [", "x.yaml")
    with pytest.raises(InputError, match=r"x\.yaml"):
        parse("just words", "x.yaml")


def test_an_own_path_of_other_years_is_refused_or_left_out() -> None:
    stock, flow = np.full(3, 100.0), np.array([np.nan, 5, 5])
    own = Own("brc", "0811", "all", (2018, 2019, 2020), stock, flow, {}, flow, flow, np.nan, np.nan, "observed", "x")
    own = replace(own, parts=dict.fromkeys(("retirement", "exits", "mobility"), flow))
    with pytest.raises(InputError, match="2018 to 2020"):
        brc_outlook(ASKED, [own])
    left = brc_outlook(ASKED, [own], strict=False).cells
    at = left.codes.index("0811")
    assert left.employed[at, 0] > 100_000
    assert left.sources[at] == "cedefop_forecast (own path of 2018-2020 left out)"
    assert {source for i, source in enumerate(left.sources) if i != at} == {"cedefop_forecast"}


def test_own_paths_of_the_same_years_stand_among_the_bundled(market: Market) -> None:
    stock, flow = np.linspace(1_000, 1_500, 6), np.array([np.nan, *[50.0] * 5])
    parts = dict.fromkeys(("retirement", "exits", "mobility"), flow)
    own = Own("brc", "0811", "all", YEARS, stock, flow, parts, flow, flow, np.nan, np.nan, "observed", "x")
    cells = brc_outlook(ASKED, [own]).cells
    at = cells.codes.index("0811")
    assert len(cells.codes) == len(market.outlook.cells.codes) and cells.employed[at].tolist() == stock.tolist()
    assert cells.sources[at] == "x"


def test_two_scenarios_with_one_name_are_refused(market: Market) -> None:
    one = parse(_scenario("{}"), "mine.yaml")
    with pytest.raises(InputError, match="Two scenarios are called 'mine'"):
        run(market, [one, one], 0.8, 1)
