"""Gross full-time pay in euros: "€ 2.400 - € 3.800 bruto per maand", "tussen 35k en 45k euro", "€ 15,50 per uur".

An amount counts where the nearest words around it speak of pay, not of an allowance, a bonus, a budget, a turnover or
net pay, and where it is plausible for its period. Where no period is said, amounts from 1,200 to 12,000 behind a word
of pay are a month's, those above 18,000 a year's, those below 100 with cents an hour's; a range of such months' pay
right beside full-time hours needs no word of pay. Pay per four weeks is a month's after times 13/12. "Up to" gives
only the higher end, "from" only the lower. Null, without span, are: pay said to be for fewer than 36 hours, which
cannot be made full time; the allowance of an internship, which is no wage; a day's or a week's pay; amounts in another
currency; a scale ("schaal 10", "FWG 55"), unless `pay_scales.csv` has it for the agreement the ad names and the date
it was posted. Where the text has no amount the feed's own words count, without span.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from overstap.ads.facts.forms import Scene
from overstap.ads.facts.numbers import amount, head, one_of, tail
from overstap.ads.facts.pay_scales import scale_pay
from overstap.ads.facts.result import Entry, Fact, by_value, choose, column, spans_of
from overstap.ads.facts.windows import kept, signs, small

MIN, MAX, PERIOD = "salary_min", "salary_max", "salary_period"
BOUNDS = {"hour": (5.0, 200.0), "month": (1_000.0, 25_000.0), "year": (12_000.0, 300_000.0)}
"""Least and most plausible pay per period, in euros."""
FULL_TIME = 36
"""Hours a week from which pay is full time: collective agreements of the Netherlands have 36, 38 or 40."""
_BEFORE, _AFTER, _DIGIT = 130, 150, 30
_SIGN = r"(?:€|\beur(?:o|os)?\b)"
_MONEY = re.compile(
    r"\d(?:\d{0,2}(?:[.,' ]\d{3})+(?!\d)(?:[.,]\d{2}(?!\d))?|\d*(?:[.,]\d{1,2}(?!\d))?)(?P<k>\s?k\b|k(?=€))?",
)
_SIGN_BEFORE = re.compile(r"(?:€|\beur(?:o|os)?)\s?$")
_SIGN_BEHIND = re.compile(r"(?:\s?[.,]\s?(?:-+|–|—|=))?\s?(?:€|eur(?:o|os)?\b)")
_OF_PAY = re.compile(rf"{_SIGN}|maand|uur|jaar|bruto")
_JOIN = re.compile(r"[-–—/]|(?:(?<![a-z])(?:tot|to|naar|en|and|t/m|of|up\s+to)|max|rising|increas|oplop|groei)")
_NO_JOIN = re.compile(
    r"[£$;\d]|€.*€|\n\s*\n(?!\W*max)|\b(?:plus|bonus|vergoeding|allowance|budget|(?:salary|salaris)\s+(?:of|van))\b",
)
_NUMBER_BEFORE = re.compile(r"(?<![\d.,])\d[\d.,]*(?:[.,]-|\s?k)?\s?$")
_RANGE_BEFORE = re.compile(r"(?<![\d.,])\d[\d.,]*(?:,-|\s?k)?\s?(?:€|eur)?\s?(?:-|–|tot|to|/)\s?€?\s?$")
_SMALL = re.compile(r"(?<!\d)\d\d?(?!\d)")
_NEAR_SIGN, _NEAR_WORD, _FAR = 10, 60, 112
"""Characters in which a number stands behind its sign, behind a word of pay, and from the lower to the higher end."""
_FOREIGN = re.compile(r"[£$]|\b(?:USD|GBP|CHF|SEK|DKK)\b")  # in the text as it is
_PAY_WORDS = (
    "salar bruto gross pay paid earn verdien beloning betaal betalen compensation wage inschaling "
    "ingeschaald schaal scale fwg functiegroep trede uurtarief rate remuneration inkomen loon vergoeden"
)
_OTHER_WORDS = (
    "vergoeding bonus budget toeslag allowance reimburs omzet revenue turnover funding raised uitkering premie "
    "korting discount netto nett net internet reiskosten stage intern fee tegemoetkoming bijdrage contribution "
    "worth invest miljo million mln billion miljard welcome gratificatie stipend grant subsid boete prijs "
    "price cost kosten assets vermogen ote target profit winst deal cadeau wellness vitality relocation equity "
    "lease bijtelling annuity credit voucher gift referral ikb pensio wkr one-off eenmalig extra additional "
)
"""Starts of words near an amount that speak of pay, or of money that is no pay."""
_INSIDE = frozenset(
    ["salar", "loon", "vergoeding", "bonus", "budget", "toeslag", "kosten", "prijs", "uitkering", "premie"]
)
"""Of these the ones that also count inside a word ("basissalaris", "reiskostenvergoeding")."""
_WHOLE = frozenset(["pay", "scale", "rate", "net", "fee", "ote", "schaal", "intern", "worth", "cost", "paid", "gross"])
"""Of these the ones that must end there, but for a plural."""
_PAY_SET = frozenset(_PAY_WORDS.split())
_CUES = one_of({*_PAY_WORDS.split(), *_OTHER_WORDS.split()})
_APART = re.compile(r"[,(+&]|\b(?:plus|en|and|met|with|ex|exc|excl\w*|incl\w*)\b")
"""What parts an amount from the words behind it: "€ 3.000 plus bonus"."""
_NET = re.compile(r"\bnett?o?\b")
_PLURAL = re.compile(r"(?:s|e|rs?|ship)\b")
_PERIODS = re.compile(
    r"per\s+(?:uur|hour|calendar\s+month|maand|month|mnd|jaar|year|annum)|/\s?(?:uur|hour|hr|u|maand|month|mnd|jaar|year|yr)\b|"
    r"p/[umj]\b|p\.?\s?[mj]\b|p\.?a\b|p\.\s?u\b|uurloon|uurtarief|hourly|an\s+hour|a\s+month|a\s+year(?!-)|maand(?:elijks|salaris|loon)|"
    r"monthly|jaarsalaris|jaarinkomen|annual|yearly|op\s+jaarbasis"
)
_PLUS = re.compile(r"\bplus\b|\s\+\s")
_MONTHLY = (1_200.0, 12_000.0)
"""Least and most of an amount of pay without period that is a month's."""
_WIDEST = 2.5
"""The highest step of a scale over its lowest, at most."""
_HOURS = r"(\d\d(?:[.,]\d)?)[ -]?(?:uur|uren|urig\w*|hours?|hrs?)\b"
_HOURS_BEFORE = re.compile(rf"{_HOURS}(?:\W{{0,3}}(?:per|a)\W?week)?\W{{0,8}}$")
_HOURS_BEHIND = re.compile(
    rf"\W{{1,4}}(?:(?:bij|voor|o\.?b\.?v\.?|op\s+basis\s+van|for)\W+(?:een\s+)?)?(?:\d\d\W{{1,3}})?{_HOURS}"
)
"""Hours of a job that end before an amount, or start behind it."""
_FEWER = re.compile(r"\b(\d{1,2}(?:[.,]\d)?)[\s-]*(?:uur|uren|urige|hours?|hrs?)\b")
_TIMES = re.compile(
    r"\s?(?:m|b|mln|bn|mio|mil(?:joen|lion)|miljard|billion|%)\b|"
    r"[^.;\n\d]{0,24}?(?:\b(?:per|a|p)\s?|/\s?)(?:km|kilometer|dag|day|week|period|periode|quarter|kwartaal)\b|"
    r"[^.;\n\d]{0,16}?\b(?:daily|weekly|wekelijks)\b",
)
"""Behind an amount: millions, or a period of which pay is not kept."""
_FOUR_WEEKS = re.compile(
    r"[^.;\n\d]{0,24}?(?:(?:\b(?:per|every)\s+|/\s?)(?:periode?\s+(?:van|of)\s+)?\(?(?:4|vier|four)[\s-]*(?:weken|weeks)"
    r"|\b(?:4|vier|four)[\s-]?(?:wekelijks|weekly))\b",
)
_MONTHS = 13 / 12
"""Four weeks in a month."""
_UP_TO = re.compile(
    r"(?:(?:up\s?to|tot|max\.?|maximaal|maximum(?:\s+(?:of|van))?|hoogstens)\W*(?:wel\s+|salaris\s+van\s+)?|"
    r"\bmax(?:imum|imaal|imale)?\W+(?:(?:bruto|gross|base|basic|basis|full-?time|fulltime)[\s-]*|(?:month|year|annual)ly\s+)*"
    r"(?:\w*(?:salaris|loon)|salary|pay|wage)\s+(?:of|van|is)\s+)\W*$",
)
_ENDS = 60
"""Characters before an amount in which the words of its end stand: "maximum bruto basissalaris van"."""
_FROM = re.compile(
    r"(?:vanaf|from|starting\s+(?:at|from|salary)|minimaal|minimum(?:\s+of)?|at\s+least|min\.?|begint\s+bij|minstens|start\w*\s+(?:at|from|bij|op))\W*$",
)


class Pay(NamedTuple):
    """Pay in euros; `low` or `high` is null where only the other end is said."""

    low: float | None
    high: float | None
    period: str


def read_pay(scene: Scene, feed: pa.Array, companies: pa.Array, dates: pa.Array) -> Fact:
    """Least and most pay and its period per ad, with the words that say so."""
    mentions = scene.mentions("salary")
    amounts = mentions.take(mentions.value == "amount")
    entries: list[Entry] = [*signs(scene.texts, _BEFORE, _AFTER).read(_parse, _is_whole)]
    rows = np.unique([row for row, _, _, pay in entries if _is_whole(pay)])
    amounts = amounts.take(~np.isin(amounts.row, rows))
    entries += scene.windows(amounts, _BEFORE, _AFTER, digit=_DIGIT).read(_parse, _is_whole)
    chosen = choose(entries, key=_is_whole)
    found: dict[int, Pay] = {row: entry[3] for row, entry in chosen.items()}
    found = by_value(feed, pay_of) | found
    for row, entry, scale in scale_pay(mentions, companies, dates, found):
        chosen[row], found[row] = entry, Pay(*scale, "month")
    names = {MIN: 0, MAX: 1, PERIOD: 2}
    columns = {
        name: column(
            {r: pay[i] for r, pay in found.items()}, scene.rows, pa.string() if name == PERIOD else pa.float64()
        )
        for name, i in names.items()
    }
    proof = {
        name: spans_of(entry for row, entry in chosen.items() if found[row][i] is not None) for name, i in names.items()
    }
    return Fact(columns, proof)


def _is_whole(pay: Pay) -> bool:
    """Whether both ends are said: then no other amount of the text can be better."""
    return pay.low is not None and pay.high is not None


def pay_of(text: str) -> Pay | None:
    """Pay in a feed's own field, where words of pay may be missing; the currency must be said, or Dutch words."""
    foreign, text = _FOREIGN.search(text), text.lower()
    if foreign or not _OF_PAY.search(text):
        return None
    first = _MONEY.search(text)
    return _pay(text, first, _higher(text, first), stated=True) if first is not None else None


@kept
def _parse(window: bytes, at: int) -> tuple[Pay, int, int] | None:
    """The pay at the anchor (a euro sign or a word of pay) and its place relative to the anchor."""
    text, ahead = small(window, at)
    signed = text[ahead] == "€" or text[ahead : ahead + 3] == "eur"
    first = _MONEY.search(text, ahead, ahead + (_NEAR_SIGN if signed else _NEAR_WORD))
    if first is None or (signed and first.start() > ahead + _NEAR_SIGN):
        behind = _NUMBER_BEFORE.search(text, max(0, ahead - 16), ahead) if signed else None
        first = _MONEY.search(text, behind.start(), ahead + 1) if behind else None
    if first is None:
        return None
    if (other := _other_end(text, first)) is not None:  # the sign stands behind the lower end, or only there
        first = other
    last = _higher(text, first)
    marked = _has_sign(text, first) or (last is not None and _has_sign(text, last))
    if not marked and (signed or last is None or "€" in text or _FOREIGN.search(window.decode())):
        return None  # a lone number, or one beside amounts that have their sign
    pay = _pay(text, first, last)
    if pay is None:
        return None
    sign = _SIGN_BEFORE.search(text, max(0, first.start() - 5), first.start())
    return pay, (sign or first).start() - ahead, (last or first).end() - ahead


def _other_end(text: str, last: re.Match[str]) -> re.Match[str] | None:
    """The lower end of a range of which `last` is the higher: "30-40k€", "3879 € - 7660 €"."""
    before = _RANGE_BEFORE.search(text, max(0, last.start() - 22), last.start())
    return _MONEY.match(text, before.start()) if before is not None else None


def _has_sign(text: str, amount: re.Match[str]) -> bool:
    before = text[max(0, amount.start() - 5) : amount.start()]
    return bool(_SIGN_BEFORE.search(before) or _SIGN_BEHIND.match(text, amount.end()))


def _higher(text: str, first: re.Match[str]) -> re.Match[str] | None:
    """The higher end of a range that an amount opens; numbers of scales and years between the ends are passed over."""
    low = amount(first[0]) or 0.0
    for last in _MONEY.finditer(text, first.end(), first.end() + _FAR):
        whole = len(last[0]) > 2 or len(first[0]) < 3
        if _SIGN_BEFORE.search(text[: last.start()][-5:]) or (
            whole and (low < 1_000 or (amount(last[0]) or 0.0) >= 100 or last["k"])
        ):
            return last if _joined(text, first, last) else None
    return None


def _joined(text: str, first: re.Match[str], last: re.Match[str]) -> bool:
    """Whether two amounts are the ends of a range."""
    between = text[first.end() : last.start()]
    between = _SMALL.sub("", between) if len(between) > 8 else between
    if _NO_JOIN.search(between) or not _JOIN.search(between):
        return False
    low, high = _values(first, last)
    return low < high <= 4 * low


def _values(first: re.Match[str], last: re.Match[str] | None) -> tuple[float, float]:
    """The amounts in euros; in "45-70k" both are thousands."""
    low = amount(first[0]) or 0.0
    if last is None:
        return low, low
    high = amount(last[0]) or 0.0
    return (low * 1000 if last["k"] and low < 1000 else low), high


def _pay(text: str, first: re.Match[str], last: re.Match[str] | None, *, stated: bool = False) -> Pay | None:
    """Pay of an amount or a range in its context; null where it is no pay. `stated`: a field that holds pay alone."""
    before, between = text[: first.start()], text[first.end() : last.start()] if last else ""
    behind = text[(last or first).end() :]
    low, high = _values(first, last)
    four_weeks = _per_four_weeks(behind)
    if low < 5 or high > 300_000 or (_TIMES.match(behind) and not four_weeks):
        return None
    monthly = last is not None and _MONTHLY[0] <= low and high <= min(_MONTHLY[1], _WIDEST * low)
    if not stated and not _is_pay(before, between, behind, monthly):
        return None
    period = "month" if four_weeks else _period(before, between, behind, low)
    if four_weeks:
        low, high = round(low * _MONTHS, 2), round(high * _MONTHS, 2)
    if period is None or not BOUNDS[period][0] <= low <= high <= BOUNDS[period][1]:
        return None
    if period != "hour" and _part_time(behind):
        return None
    if last is None and _UP_TO.search(before[-_ENDS:]):
        return Pay(None, low, period)
    if last is None and _FROM.search(before[-24:]):
        return Pay(low, None, period)
    return Pay(low, high, period)


def _is_pay(before: str, between: str, behind: str, monthly: bool) -> bool:
    """Whether the nearest words around an amount speak of pay: those before it in its line, else those behind.

    `monthly`: the amounts are a range that can be but a month's pay.
    """
    line, behind = before.rsplit("\n", 1)[-1][-90:], head(behind, 50)
    ahead, after = _cues(line), _cues(behind)
    if _NET.search(line[-32:]):
        return False
    if after and not after[0][1] and not _APART.search(behind, 0, after[0][0]):
        return False
    within = _cues(between)
    if within and within[-1][1]:
        return True
    if not ahead and not line.strip(" #*-•:€"):
        ahead = _cues(tail(before.rstrip(" \n#*-•:€"), 60))
    if ahead and (ahead[-1][1] or not after or not after[0][1]):
        return ahead[-1][1]
    if ahead and not re.search(r"[.;:,)]", line[ahead[-1][0] :]):
        return False
    if not ahead and not after:  # "€ 2.500 p.m." says enough, and so does a range of a month's pay beside the hours
        named = bool(_PERIODS.search(behind[:20])) or _per_four_weeks(behind)
        return named or (monthly and _full_time_beside(line, behind))
    return bool(after) and after[0][1]


def _per_four_weeks(behind: str) -> bool:
    return "we" in behind and _FOUR_WEEKS.match(behind) is not None  # the pattern is slow, and most say no weeks


def _full_time_beside(line: str, behind: str) -> bool:
    """Whether full-time hours of a job stand right before or behind the amounts: "36 uur, € 3.200 tot € 4.400"."""
    beside = _HOURS_BEFORE.search(line) or _HOURS_BEHIND.match(behind)
    return beside is not None and float(beside[1].replace(",", ".")) >= FULL_TIME


def _cues(text: str) -> list[tuple[int, bool]]:
    """Where words of pay (true) and of money that is no pay (false) stand in a text in lower case."""
    found = []
    for match in _CUES.finditer(text):
        word, start, end = match[0], match.start(), match.end()
        if start and text[start - 1].isalnum() and word not in _INSIDE:
            continue
        if word in _WHOLE and text[end : end + 1].isalpha() and not _PLURAL.match(text, end):
            continue
        found.append((start, word in _PAY_SET))
    return found


def _period(before: str, between: str, behind: str, low: float) -> str | None:
    """Hour, month or year, as said nearest behind or before the amount and plausible; where none is said, by size."""
    after = _PERIODS.findall(f"{between} {_PLUS.split(head(behind, 60), maxsplit=1)[0]}")
    named = [_period_of(words) for words in (after[:1] + _PERIODS.findall(before[-90:])[-1:])]
    for name in named:
        if BOUNDS[name][0] <= low <= BOUNDS[name][1]:
            return name
    if named:
        return None
    if _MONTHLY[0] <= low <= _MONTHLY[1]:
        return "month"
    if 10 <= low < 100 and low % 1:  # "€ 14,50": what has cents is an hour's
        return "hour"
    return "year" if low >= 18_000 else None


def _period_of(words: str) -> str:
    if "uur" in words or "hour" in words or words.endswith(("/u", "/ u", "hr", ".u", ". u")):
        return "hour"
    return (
        "month"
        if "maand" in words or "mo" in words or "mnd" in words or words.endswith(("/m", ".m", "pm", "p m"))
        else "year"
    )


def _part_time(behind: str) -> bool:
    """Whether the hours said with the pay are fewer than full time, and no full-time hours stand beside them."""
    near = head(behind, 90)
    hours = [float(h.replace(",", ".")) for h in _FEWER.findall(near)]
    return bool(hours) and 8 <= max(hours) < FULL_TIME and not re.search(r"full[- ]?time|voltijd", near)
