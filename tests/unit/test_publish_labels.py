"""Catalogues agree and are used; numbers and labels read as each language writes them."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from string import Formatter

import pytest
from babel.numbers import format_decimal

import overstap.publish
from overstap.education.curriculum import VERDICTS
from overstap.errors import ContractError
from overstap.publish.labels import Lang, Translator, catalogue, coded_names
from overstap.publish.report_data import MEASURES
from overstap.publish.tables import cell
from overstap.schema import TABLES
from overstap.schema.core import CONTRACTS, EDUCATION_LEVELS, FUNCTION_GROUPS, LANGUAGES
from overstap.schema.out import DIRECTIONS, ITEM_KINDS
from overstap.sql import query

PACKAGE = Path(overstap.publish.__file__).parent
USERS = [
    *PACKAGE.rglob("*.py"),
    *PACKAGE.rglob("*.j2"),
    *(PACKAGE.parent / "web").rglob("*.py"),
    *(PACKAGE.parent / "web").rglob("*.j2"),
    *(PACKAGE.parent / "web").rglob("*.html"),
    *(PACKAGE.parent / "panel").rglob("*.py"),
    *(PACKAGE.parent / "panel").rglob("*.html"),
]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_catalogues_have_the_same_keys_and_fields() -> None:
    nl, en = catalogue("nl"), catalogue("en")
    assert set(nl) == set(en)
    assert {key: fields(nl[key]) for key in nl} == {key: fields(en[key]) for key in en}


def test_every_text_is_used_and_every_key_used_exists() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in USERS)
    # A key is a dotted text in quotes; one that is completed at run time (an f-string, or `~` in a template, or a unit
    # that `count` completes) vouches for all keys that begin with it.
    used = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_0-9]+)+\.?)["'{]?""", source))
    used |= set(re.findall(r"""["']([a-z_]+(?:\.[a-z_0-9]+)*\.[a-z_0-9]*)\{""", source))
    keys = set(catalogue("nl"))
    unused = {
        key for key in keys if not key.startswith("value.") and not any(key == u or key.startswith(u) for u in used)
    }
    assert not unused
    asked = set(re.findall(r"""(?<![\w.])(?:self\.)?t\(["']([a-z_.0-9]+)["'][,)]""", source))
    assert not asked - keys


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_coded_value_has_a_label(language: str) -> None:
    texts = catalogue(language)  # type: ignore[arg-type]
    measures = set(re.findall(r"'((?:ads|titles|sectors|rows)_\w+)'(?: AS measure)?, ", query("out_quality")))
    assert set(MEASURES) <= measures
    wanted = {
        "function_group": FUNCTION_GROUPS,
        "language": LANGUAGES,
        "item_kind": ITEM_KINDS,
        "direction": DIRECTIONS,
        "education_level": EDUCATION_LEVELS,
        "measure": measures,
        "contract": CONTRACTS,
    }
    missing = [f"{d}.{v}" for d, values in wanted.items() for v in values if f"value.{d}.{v}" not in texts]
    assert not missing


def test_numbers_are_written_as_the_language_writes_them() -> None:
    nl, en = Translator("nl"), Translator("en")
    assert nl.percent(1234.5) == "1.234,5\u00a0%"
    assert en.percent(1234.5) == "1,234.5\u00a0%"
    assert nl.percent_interval(39.04, 43.36) == "39,0–43,4\u00a0%"
    assert (nl.factor(168.2), nl.factor(15.13), nl.factor(0.416)) == ("168", "15,1", "0,42")
    assert (nl.number(None), en.percent(None)) == ("onbekend", "unknown")
    assert nl.period("2017-02") == "februari 2017"
    assert en.count("unit.vacancies", 1) == "1 vacancy"
    assert nl.count("unit.vacancies", 2000) == "2.000 vacatures"


def test_a_value_without_label_is_shown_as_it_is() -> None:
    t = Translator("nl", {("topsector", "htsm"): "High Tech Systemen en Materialen (HTSM)"})
    assert t.short("topsector", "htsm") == "HTSM"
    assert t.value("topsector", "made_up") == "made up"
    assert t.value("topsector", None) == "onbekend"


def test_unknown_key_is_refused() -> None:
    with pytest.raises(ContractError, match=r"words\.share\.nown"):
        Translator("en").text("words.share.nown")


def test_a_bound_beyond_measure_is_open() -> None:
    t = Translator("nl")
    assert t.factor_interval(0.25, 5.4e73) == t.factor_interval(0.25, None) == "0,25–∞"
    assert t.factor(5.4e73) == ">\u00a01.000.000"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_tables_show_words_for_every_code(language: str) -> None:
    t = Translator(language, coded_names(language))  # type: ignore[arg-type]
    levels = [("contract", "on_call"), ("education", "phd"), ("province", "NL31"), ("sector", "M"), ("isco2", "25")]
    shown = [cell(t, {"dimension": name, "level": value}, "level") for name, value in levels]
    moves = {"who": "net_decline", "pay": "75", "reason": "capacity", "bound": "level", "measure": "equal weights"}
    shown += [cell(t, moves, name) for name in moves] + [cell(t, {"shape": "u"}, "shape")]
    wanted = {
        "nl": ["oproep", "promotie", "Utrecht", "daling", "minstens 75 % van het loon", "te weinig openingen"],
        "en": ["on call", "PhD", "Utrecht", "decline", "at least 75\u00a0% of pay", "too few openings"],
    }[language]
    assert set(wanted) <= set(shown)
    assert t.value("isco3", "all") == {"nl": "alle", "en": "all"}[language]
    assert cell(t, {"last_year": 2030}, "last_year") == "2030"


def test_headers_hold_no_codes_and_no_mixed_languages() -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert not re.search(r"of (all|none|any|jobs|wording)\b|net_decline|\bbrc of", column.label_nl), column


@pytest.mark.parametrize("language", ["nl", "en"])
def test_numbers_are_written_as_babel_writes_them(language: Lang) -> None:
    t = Translator(language)
    values = [0, -0.0, -0.04, 0.5, 1.5, 2.5, 0.25, -0.25, 1e-7, 1234567.891, 999.995, 12, 1e14, 2e18, *_drawn()]
    for value in values:
        for decimals in range(4):
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            shown = value if round(value, decimals) else 0  # never −0,0
            written = format_decimal(shown, format=pattern, locale=t.locale).replace("-", "\u2212")
            assert t.number(value, decimals) == written


def _drawn() -> list[float]:
    draw = Random(7)
    return [draw.gauss(0, 10.0 ** draw.randint(-6, 9)) for _ in range(100)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_finding_on_a_programme_has_a_word_on_the_page_of_a_skill(language: Lang) -> None:
    assert all(Translator(language).has(f"hubs.taught.{verdict}") for verdict in VERDICTS)


@pytest.mark.parametrize(
    ("lang", "n", "said"),
    [
        ("en", 1, "Words outside the taxonomy: 1 candidate, x first"),
        ("en", 0, "Words outside the taxonomy: 0 candidates, x first"),
        ("en", 21, "Words outside the taxonomy: 21 candidates, x first"),
        ("nl", 1, "Woorden buiten de taxonomie: 1 kandidaat, met x voorop"),
        ("nl", 1001, "Woorden buiten de taxonomie: 1.001 kandidaten, met x voorop"),
    ],
)
def test_a_noun_goes_with_its_number(lang: Lang, n: int, said: str) -> None:
    t = Translator(lang)
    assert t("new_phrases.title.known", n=t.number(n), names="x") == said


def test_verbs_go_with_the_number_of_what_they_tell() -> None:
    t = Translator("nl")
    one = t("hubs.moves.some", n="1", occupation="x", feasible="1", good="0")
    assert one == "Van het ene beroep dat op x lijkt, is er 1 haalbaar en 0 ook wenselijk."
    many = t("hubs.moves.some", n="9", occupation="x", feasible="2", good="1")
    assert many == "Van de 9 beroepen die op x lijken, zijn er 2 haalbaar en 1 ook wenselijk."


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_word_that_goes_with_a_number_has_two_forms(lang: Lang) -> None:
    for key, text in catalogue(lang).items():
        specs = [spec for _, _, spec, _ in Formatter().parse(text) if spec]
        assert all(spec.count("|") == 1 and not spec.startswith("|") for spec in specs), key
