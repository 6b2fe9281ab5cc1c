"""Words and numbers for readers in Dutch and English: one catalogue per language, numbers and dates by Babel (CLDR)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal

import yaml
from babel.dates import format_date
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from overstap.education.rows import fields_of_programmes
from overstap.errors import ContractError, nearest
from overstap.reference.tables import load
from overstap.reference.technologies import technologies_of
from overstap.schema import table_spec
from overstap.schema.out import ALL, UNKNOWN

if TYPE_CHECKING:
    from overstap.pipeline import Study

Lang = Literal["nl", "en"]
LANGUAGES: tuple[Lang, ...] = ("nl", "en")
NBSP = "\u00a0"
DASH = "–"
MINUS = "\u2212"
# Dimensions whose values are those of another.
_SAME = {"education": "education_level", "source": "source_id", "required_language": "language", "section": "sector"}
_SAME |= {"nearest_skill_id": "skill", "skills": "skill", "occupations": "isco4", "sectors": "sector"}
_SAME |= {"employed_basis": "basis", "outflow_basis": "basis"}
_SAME |= {"initiatives": "initiative_id", "chances": "initiative_id"}
_SAME |= {"destination": "destinations"}
_SAME |= {"other_id": "skill", "consensus_70": "consensus", "consensus_80": "consensus"}
_VALUES = (
    "value",
    "moves",
    "forecast",
    "ahead",
    "initiatives",
    "education",
)  # sections of the catalogue with the labels of values, by dimension
_CODE = re.compile(r"[A-Z]{0,2}\d[\w.]*|[A-Z]")  # of a classification: 2512, J, NL31, S1.2
_EXACT = 1e15  # beyond it a float is written with an exponent
FACTOR_MAX = 1_000_000  # bounds from two or three employers run into numbers that cannot be read


_CATALOGUES = (
    "advice",
    "countries",
    "education",
    "findings",
    "formats",
    "hubs",
    "initiatives",
    "one_pager",
    "panel",
    "quality",
    "sector",
    "survey",
    "training",
)  # texts of one part of the study


@lru_cache(maxsize=2)
def catalogue(language: Lang) -> Mapping[str, str]:
    """Every text of `language` by its dotted key, with `{named}` fields."""
    names = (language, *(f"{part}_{language}" for part in _CATALOGUES))
    return {key: text for name in names for key, text in read_texts("overstap.publish", name).items()}


def read_texts(package: str, language: str) -> Mapping[str, str]:
    """The texts that `package` keeps in `locale/<language>.yaml`, by their dotted key."""
    text = files(package).joinpath(f"locale/{language}.yaml").read_text(encoding="utf-8")
    return dict(_flat(yaml.safe_load(text), ""))


def _flat(node: Any, prefix: str) -> list[tuple[str, str]]:
    if not isinstance(node, dict):
        return [(prefix, str(node))]
    return [pair for key, value in node.items() for pair in _flat(value, f"{prefix}.{key}" if prefix else str(key))]


class _Filled(Formatter):
    """Fields in a text; `{n:vacancy|vacancies}` writes the first word where the number `n` is one, else the second."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """A field as text, or the word that goes with a number, as given or as it is written."""
        one, bar, more = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return one if value in (1, "1") else more  # in Dutch and English alike (CLDR): not 0, not 1.0


_FILLED = _Filled()


class Translator:
    """Texts, labels and formats of one language.

    `names` holds the labels of values that a study brings itself, by (dimension, value): skills, topsectors and
    sources. `whole_period` is what the period `all` is called, for instance 2012–2017.
    """

    def __init__(
        self, language: Lang, names: Mapping[tuple[str, str], str] | None = None, whole_period: str = ""
    ) -> None:
        if language not in LANGUAGES:
            raise ContractError(f"There is no language '{language}'.", fix=f"Choose one of: {', '.join(LANGUAGES)}.")
        self.language: Lang = language
        self._texts = catalogue(language)
        self._names = dict(names or {})
        self.whole_period = whole_period or self._texts["noun.whole_period"]
        self.locale = {"nl": "nl_NL", "en": "en_GB"}[language]
        signs = {",": get_group_symbol(self.locale), ".": get_decimal_symbol(self.locale), "-": MINUS}
        self._signs = str.maketrans(signs)

    @classmethod
    def for_study(cls, study: Study, language: Lang) -> Translator:
        """A translator that knows the study's skills, topsectors and period. Raises StoreError before a first run."""
        from overstap.outlook.scenario import read_scenario

        names = dict(coded_names(language))
        programmes = study.table("core_education", ["programme", "programme_name"]).group_by(
            ["programme", "programme_name"]
        )
        for row in programmes.aggregate([]).to_pylist():
            if row["programme"] and row["programme_name"]:
                names["programme", row["programme"]] = f"{row['programme_name']} ({row['programme']})"
        for row in study.table("core_skills", ["skill_id", "label_nl", "label_en"]).to_pylist():
            names["skill", row["skill_id"]] = skill_label(row, language)
        for technology in technologies_of(study.spec.technologies, study.base):
            names["technology", technology.id] = technology.labels[language]
        for given in study.spec.outlook.scenarios:
            scenario = read_scenario(given, study.base)
            names["scenario", scenario.name] = scenario.title.get(language) or next(
                iter(scenario.title.values()), given
            )
        for row in study.table("core_initiatives", ["initiative_id", f"name_{language}"]).to_pylist():
            names["initiative_id", row["initiative_id"]] = row[f"name_{language}"]
        first, last = study.spec.period.first, study.spec.period.last
        whole = str(first.year) if first.year == last.year else f"{first.year}{DASH}{last.year}"
        return cls(language, names, whole)

    def text(self, key: str, **fields: object) -> str:
        """The text at `key` with its fields filled in. Raises ContractError for a key or field that is not there."""
        try:
            text = self._texts[key]
            return _FILLED.vformat(text, (), fields) if "|" in text else text.format(**fields)
        except KeyError as error:
            raise ContractError(
                f"No text for '{key}' with field {error} in {self.language}.yaml.", fix=nearest(key, self._texts)
            ) from error

    __call__ = text

    def has(self, key: str) -> bool:
        """Whether the catalogue has a text at `key`."""
        return key in self._texts

    def value(self, dimension: str, value: str | None) -> str:
        """The label of a dimension's value; the value itself, made readable, where no label is known."""
        if value is None:
            return self.text("unit.unknown")
        dimension = _SAME.get(dimension, dimension)
        known = self._names.get((dimension, value))
        for section in _VALUES:
            known = known or self._texts.get(f"{section}.{dimension}.{value.replace(' ', '_')}")
        return known or (self.text(f"unit.{value}") if value in (ALL, UNKNOWN) else _readable(value))

    def named(self, dimension: str, value: str | None) -> str:
        """The label without the code before it: for titles, sentences and axes; tables have both.

        A value that is a word itself, as 'hbo' and 'geen', belongs to its label: 'hbo (applied sciences)'.
        """
        label = self.value(dimension, value)
        return label.removeprefix(f"{value} ") if value and _CODE.fullmatch(value) else label

    def short(self, dimension: str, value: str | None) -> str:
        """The label for narrow places: the abbreviation in brackets where the label has one."""
        label = self.value(dimension, value)
        return label.rsplit("(", 1)[1].rstrip(")") if label.endswith(")") and "(" in label else label

    def item(self, kind: str, item: str) -> str:
        """The label of an item as a heading."""
        return capital(self.value(kind, item)) if kind != "skill" else self.value(kind, item)

    def item_of(self, row: Mapping[str, Any]) -> str:
        """The label of a row's item: by its kind, or the domains that a row of `out_cross_over` names instead."""
        if "item_kind" in row:
            return self.item(row["item_kind"], row["item_id"])
        return self.names([self.value("domain", name) for name in row["item_id"].split()])

    def table(self, name: str) -> str:
        """The label of a table of the contracts."""
        return str(getattr(table_spec(name), f"label_{self.language}"))

    def column(self, table: str, column: str) -> str:
        """The label of a column, with its unit in brackets where it has one."""
        spec = next(c for c in table_spec(table).columns if c.name == column)
        label = str(getattr(spec, f"label_{self.language}"))
        return f"{label} ({spec.unit})" if spec.unit in ("%", "×") else label

    def number(self, value: float | None, decimals: int = 0) -> str:
        """`value` rounded half-even as CLDR writes it: 1.234,5 or 1,234.5. None gives the word for unknown."""
        if value is None:
            return self.text("unit.unknown")
        value = 0 if round(value, decimals) == 0 else value  # never −0,0
        if value != value or abs(value) > _EXACT:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            return format_decimal(value, format=pattern, locale=self.locale).replace("-", MINUS)
        # The same digits without a pattern to read for each: a page has hundreds of numbers.
        return format(Decimal(str(value)), f",.{decimals}f").translate(self._signs)

    def signed(self, value: float | None, decimals: int = 1) -> str:
        """A difference with its sign: +1,2 or −0,4. None gives the word for unknown."""
        if value is None:
            return self.text("unit.unknown")
        shown = self.number(abs(value), decimals)
        return shown if round(value, decimals) == 0 else ("+" if value > 0 else MINUS) + shown

    def signed_interval(self, low: float | None, high: float | None, decimals: int = 1) -> str:
        """Bounds of a difference, in words as a dash would read as a minus: +2,1 tot +6,7."""
        return self.text("findings.between", low=self.signed(low, decimals), high=self.signed(high, decimals))

    def percent(self, value: float | None, decimals: int = 1) -> str:
        """A share given in per cent: 41,2 %. None gives the word for unknown."""
        return self.number(value, decimals) + (f"{NBSP}%" if value is not None else "")

    def percent_interval(self, low: float | None, high: float | None, decimals: int = 1) -> str:
        """Bounds in per cent: 39,0–43,4 %."""
        return f"{self.number(low, decimals)}{DASH}{self.percent(high, decimals)}"

    def factor(self, value: float | None) -> str:
        """A ratio with as many decimals as it bears: 0,42 · 2,5 · 168; what says no more than "many" is cut off."""
        if value is not None and value > FACTOR_MAX:
            return f">{NBSP}{self.number(FACTOR_MAX)}"
        return self.number(value, 0 if value is None or abs(value) >= 100 else 1 if abs(value) >= 10 else 2)

    def factor_interval(self, low: float | None, high: float | None) -> str:
        """Bounds of a ratio; an open end, or one that is as good as open, is written ∞."""
        return f"{self.factor(low)}{DASH}{'∞' if high is None or high > FACTOR_MAX else self.factor(high)}"

    def count(self, unit: str, n: int) -> str:
        """`n` with its noun in the right number: 1 vacature, 1.234 vacatures. Units: the keys below `unit`."""
        return self.text(f"{unit}.{'one' if n == 1 else 'other'}", n=self.number(n))

    def date(self, value: date | None) -> str:
        """A date in full: 1 februari 2017."""
        if value is None:
            return self.text("unit.unknown")
        return format_date(value, format="long", locale=self.locale)

    def period(self, period: str) -> str:
        """A period in words: 2017, februari 2017, 1e kwartaal 2018, or the whole period for `all`."""
        if period == ALL:
            return self.whole_period
        if len(period) == 7:
            month = date(int(period[:4]), int(period[5:]), 1)
            return format_date(month, format="LLLL y", locale=self.locale)
        if period[4:5] == "Q":
            return self.text("noun.quarter", year=period[:4], n=period[5:])
        return period

    def names(self, labels: list[str]) -> str:
        """Labels as an enumeration: a, b en c."""
        joint = {"nl": " en ", "en": " and "}[self.language]
        return joint.join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else "".join(labels)

    def vega_locale(self) -> dict[str, Any]:
        """The d3 number locale of the language, for the theme's `config.locale`."""
        decimal, thousands = (",", ".") if self.language == "nl" else (".", ",")
        number = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["€", ""]}
        return {"number": number}


@lru_cache(maxsize=2)
def coded_names(language: Lang) -> Mapping[tuple[str, str], str]:
    """What the codes of classifications are called, by (dimension, code): sectors, occupations, provinces, topsectors.

    Where a classification has no name in `language`, the other language's.
    """
    title = f"title_{language}"
    names = {("topsector", row["topsector"]): str(row[f"label_{language}"]) for row in load("topsectors").to_pylist()}
    for row in load("sbi2008").to_pylist():
        dimension = {1: "sector", 2: "sbi2"}.get(row["level"])
        if dimension:
            names[dimension, row["code"]] = f"{row['code']} {row[title]}"
    for row in load("isco08").to_pylist():
        names[f"isco{row['level']}", row["code"]] = f"{row['code']} {row[title] or row['title_en']}"
        names["destinations", row["code"]] = names[f"isco{row['level']}", row["code"]]
    for row in load("isced_f").to_pylist():
        names["isced_f", row["code"]] = f"{row['code']} {row[title]}"
    for code, field in fields_of_programmes().items():
        if ("isced_f", field) in names:
            names["programme", code] = f"{code} ({names['isced_f', field][len(field) + 1 :]})"
    for row in load("brc2014" if language == "nl" else "brc2014_en").to_pylist():
        names["brc", row["code"]] = f"{row['code']} {row[title]}"
    for row in load("places").to_pylist():
        if row["kind"] == "province":
            names["province", row["province_code"]] = row["official_name"]
    return names


def skill_label(skill: Mapping[str, Any], language: str) -> str:
    """The label of a skill (skill_id, label_nl, label_en). Where none is known in `language`, the other language's with
    a mark that says so: `manage budgets [en]`; half of ESCO's skills may have no Dutch label."""
    if label := skill[f"label_{language}"]:
        return str(label)
    other = "en" if language == "nl" else "nl"
    label = skill[f"label_{other}"]
    return f"{label} [{other}]" if label else str(skill["skill_id"])


def capital(text: str) -> str:
    """`text` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def _readable(value: str) -> str:
    return value.removeprefix("core.").replace("_", " ")
