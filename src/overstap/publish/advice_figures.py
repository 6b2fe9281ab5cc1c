"""What the figures of an occupation come to in plain words: pay, outlook, places, level, sectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_currency

from overstap.moves.advise import SECTOR_SHARE, Advice
from overstap.moves.atlas import Name
from overstap.moves.feasible import ROUNDED_TO
from overstap.publish.advice_words import plain_name
from overstap.publish.labels import Translator

STABLE = 0.02
"""Growth over the window that is called about the same."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one advice in one language; `facts` are those of `facts.SCHEMA`."""

    advice: Advice
    t: Translator

    def name(self, name: Name) -> str:
        return plain_name(name, self.t.language)

    def same_pay(self, facts: Mapping[str, Any]) -> bool:
        """Whether pay is the same as far as its sources, which round it, can tell."""
        here = self.advice.here
        step = sum(ROUNDED_TO.get(row["pay_source"], 0.0) / 2 for row in (facts, here))
        return bool(abs(facts["pay_p50"] - here["pay_p50"]) <= step + 1e-6)

    def level(self, facts: Mapping[str, Any]) -> str:
        """How far the level is from that of now."""
        here, t = self.advice.here, self.t
        up = max(0, facts["skill_level_min"] - here["skill_level_max"])
        down = max(0, here["skill_level_min"] - facts["skill_level_max"])
        if not up and not down:
            return t("advice.level.same")
        way = "up" if up else "down"
        if up + down == 1:
            return t(f"advice.level.{way}", n=1)
        return t("advice.level.many", n=up + down, way=t(f"advice.level.way.{way}"))

    def outlook(self, facts: Mapping[str, Any], brief: bool = False) -> str:
        """The growth that is expected; in full also whether it is that of a wider group, and what its groups expect."""
        t, growth = self.t, facts["growth"]
        if growth is None:
            return t("advice.outlook.unknown")
        kind = "stable" if abs(growth) < STABLE else "grow" if growth > 0 else "shrink"
        percent = t.percent(100 * abs(growth), 0)
        source = ".own" if facts["growth_source"] == "own" else ""
        said = t(f"advice.outlook{source}.{kind}", year=self.advice.window[1], growth=percent)
        return said if brief else " ".join(part for part in (said, self.coarse(facts)) if part)

    def short_outlook(self, facts: Mapping[str, Any]) -> str:
        """The growth alone."""
        growth = facts["growth"]
        if growth is None:
            return self.t("unit.unknown")
        return self.signed(growth)

    def coarse(self, facts: Mapping[str, Any]) -> str:
        """That growth is that of a wider group, with the lowest and the highest where there were several."""
        if facts["growth_basis"] != "allocated":
            return ""
        said = self.t("advice.outlook.coarse")
        if facts["growth_low"] is None:
            return said
        ends = {end: self.signed(facts[f"growth_{end}"]) for end in ("low", "high")}
        return f"{said} {self.t('advice.outlook.spread', **ends)}"

    def signed(self, growth: float) -> str:
        """A growth with its sign, in whole per cent."""
        return f"{self.t.signed(100 * growth, 0)}\u00a0%"

    def pay(self, facts: Mapping[str, Any], brief: bool = False) -> str:
        """Pay beside that of now; in full also its quartiles, and whether it is that of a wider group."""
        t, then, now = self.t, facts["pay_p50"], self.advice.here["pay_p50"]
        if then is None:
            return t("advice.pay.unknown")
        if now is None:
            said = t("advice.pay.only", then=self.hour(then))
        else:
            kind = "same" if self.same_pay(facts) else "up" if then > now else "down"
            said = t(f"advice.pay.{kind}", then=self.hour(then), now=self.money(now))
        return said if brief else f"{said} {self.quartiles(facts)}".strip()

    def quartiles(self, facts: Mapping[str, Any]) -> str:
        """What half of the people earn, and whether pay is that of a wider group."""
        coarse = self.t("advice.pay.coarse") if facts["pay_basis"] == "allocated" else ""
        if facts["pay_p25"] is None or facts["pay_p75"] is None:
            return coarse
        low, high = self.money(facts["pay_p25"]), self.money(facts["pay_p75"])
        return f"{self.t('advice.pay.quartiles', low=low, high=high)} {coarse}".strip()

    def openings(self, facts: Mapping[str, Any]) -> str:
        """How many places come free each year."""
        n = facts["openings"]
        if n is None:
            return self.t("advice.openings.unknown")
        return self.t("advice.openings.few") if n < 100 else self.t("advice.openings.known", n=self._hundreds(n))

    def short_openings(self, facts: Mapping[str, Any]) -> str:
        """The number of places alone."""
        n = facts["openings"]
        return self.t("unit.unknown") if n is None else "< 100" if n < 100 else self._hundreds(n)

    def _hundreds(self, n: float) -> str:
        return self.t.number(round(n, -2))

    def sectors(self, shares: Sequence[tuple[str, float]]) -> str:
        """The sectors with most of the work, and their shares."""
        found = [(self.t(f"advice.section.{section}"), share) for section, share in shares[:3] if share >= SECTOR_SHARE]
        return ", ".join(f"{name} ({self.t.percent(100 * share, 0)})" for name, share in found)

    def months(self, value: float) -> str:
        """Months in words, whole."""
        n = round(value)
        return self.t(f"advice.months.{'none' if n == 0 else 'one' if n == 1 else 'other'}", n=self.t.number(n))

    def money(self, value: float | None, decimals: int = 2) -> str:
        """Euro."""
        if value is None:
            return self.t("unit.unknown")
        pattern = "¤\u00a0#,##0" + (".00" if decimals else "")
        return format_currency(value, "EUR", format=pattern, locale=self.t.locale, currency_digits=False)

    def hour(self, value: float | None) -> str:
        """Euro an hour."""
        return self.t("unit.unknown") if value is None else self.t("advice.pay.hour", amount=self.money(value))
