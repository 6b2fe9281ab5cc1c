"""Posts vacancies on boards: cross-posts, reposts, formats and dirt; yields the ads as Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from overstap.simulate.employers import BOARDS, PLACES
from overstap.simulate.fragments import FORMATS, SLOTS, join, stack
from overstap.simulate.script import LAYOUTS, SECTIONS, Script, Writer
from overstap.simulate.spec import MarketSpec
from overstap.simulate.vacancies import CONTRACTS, HOURS, Block, blocks, draw_block, employers

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
SCHEMA = pa.schema(
    [
        ("ad_id", pa.string()),
        ("board", pa.string()),
        ("url", pa.string()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("date", pa.date32()),
        ("company", pa.string()),
        ("place", pa.string()),
        ("sbi_code", pa.string()),
        ("salary", pa.string()),
        ("contract", pa.string()),
        ("hours", pa.string()),
    ]
)
"""Columns of the ads. `sbi_code` is the employer's code as the feed gives it; null where the feed has none."""
REPOST_DAYS = 55


@dataclass(frozen=True)
class Postings:
    """Which vacancy was posted where and when; one row an ad, sorted by date. `vacancy` is the row in the block."""

    vacancy: Ints
    board: Ints
    day: NDArray[np.datetime64]
    number: Ints
    kind: Ints  # 0 first, 1 cross-post, 2 repost


@dataclass(frozen=True)
class Posted:
    """A block of the market in all its layers."""

    block: Block
    script: Script
    postings: Postings
    formats: Ints
    ads: pa.RecordBatch


def post(spec: MarketSpec, number: int, block: Block) -> Postings:
    """Draws the postings of a block: one to five boards, and reposts within 60 days."""
    rng = np.random.default_rng([spec.seed, 4, number])
    n, emp = len(block), employers(spec)
    allowed = emp.boards[block.employer]
    on = allowed & (rng.random(allowed.shape) < 0.75)
    score = np.where(allowed, rng.random(allowed.shape), -1)
    main = score.argmax(axis=1)
    on[np.arange(n), main] = True
    vacancy, board = np.nonzero(on)
    is_first = board == main[vacancy]
    lag = np.where(is_first, 0, (rng.random(len(vacancy)) ** 2 * 8).astype(np.int64))
    again = np.flatnonzero(rng.random(n) < spec.repost_share)
    more = again[rng.random(len(again)) < 0.25]
    extra = np.concatenate([again, more])
    extra_lag = np.concatenate([rng.integers(7, 30, len(again)), rng.integers(30, REPOST_DAYS + 1, len(more))])
    vacancy, board = np.concatenate([vacancy, extra]), np.concatenate([board, main[extra]])
    kind = np.concatenate([np.where(is_first, 0, 1), np.full(len(extra), 2)])
    last = np.datetime64(f"{spec.last_year}-12-31")
    day = np.minimum(block.day[vacancy] + np.concatenate([lag, extra_lag]), last)
    order = np.lexsort((rng.random(len(day)), kind, day))
    ids = (number << 16) + np.arange(len(order))
    return Postings(vacancy[order], board[order], day[order], ids, kind[order])


@lru_cache(maxsize=2)
def writer(spec: MarketSpec) -> Writer:
    """The writer of a market; building it reads the word lists."""
    return Writer(spec)


def ad_ids(p: Postings) -> pa.StringArray:
    """Public ids of the ads: a board's letter and a scrambled number, so that ids do not give the vacancy away."""
    scrambled = (p.number * 2654435761) % (1 << 32)
    letters = pa.array([b[0].upper() for b in BOARDS]).take(pa.array(p.board))
    return pc.binary_join_element_wise(letters, pa.array(scrambled).cast(pa.string()), "-")


def _formats(spec: MarketSpec, rng: np.random.Generator, n: int) -> Ints:
    names = list(FORMATS)
    shares = {
        "html": spec.html_share * 0.7,
        "breaks": spec.html_share * 0.3,
        "markdown": spec.markdown_share,
        "separator": spec.separator_share,
    }
    rest = 1 - sum(shares.values())
    shares |= {"plain": rest * 0.9, "windows": rest * 0.1}
    return np.searchsorted(np.cumsum([shares[name] for name in names])[:-1], rng.random(n), side="right")


def _titles(w: Writer, script: Script, p: Postings, rng: np.random.Generator) -> pa.StringArray:
    """Titles with their dirt; a cross-post or repost keeps the decoration of the first ad three times in four."""
    n, v = len(p.vacancy), p.vacancy
    fresh = (rng.random(n) < 0.25) & (p.kind > 0)
    values, lang = script.values[v], script.lang
    parts = []
    for name in ("pre", "gender", "tail"):
        spans = w.lists[name]
        (common,) = w.pick(spans[lang], rng)
        (own,) = w.pick(spans[lang[v]], rng)
        keep_prefix = name == "pre"
        parts.append(w.fill(common[v] if keep_prefix else np.where(fresh, own, common[v]), values))
    numbers = stack([*parts[0], values[:, SLOTS.index("title")], *parts[1], *parts[2]])
    titles = join(w.fragments, numbers)
    shout = rng.random(n)
    return pc.if_else(
        pa.array(shout < w.spec.shout_share),
        pc.utf8_upper(titles),
        pc.if_else(pa.array(shout > 0.97), pc.utf8_lower(titles), titles),
    )


def _body(spec: MarketSpec, script: Script, block: Block) -> Numbers:
    """Sections in the order of each employer's layout [v, k]."""
    layouts = employers(spec).layout[block.employer]
    out = np.hstack([script.sections[name] for name in SECTIONS])
    for number, names in enumerate(LAYOUTS[1:], start=1):
        rows = layouts == number
        out[rows] = np.hstack([script.sections[name][rows] for name in names])
    return out


def write_marks(w: Writer, numbers: Numbers, formats: Ints) -> Numbers:
    """Replaces structural marks by the fragments of each ad's format."""
    out = numbers.copy()
    rows, columns = np.nonzero((numbers > 0) & (numbers < 16))
    out[rows, columns] = w.marks[formats[rows], numbers[rows, columns]]
    return out


def _slips(w: Writer, numbers: Numbers, rng: np.random.Generator) -> None:
    """Misspells up to three sentences in a share of the ads, in place. Never a mention: those have no twin."""
    hit = np.flatnonzero(rng.random(len(numbers)) < w.spec.typo_share)
    part = numbers[hit]
    can = w.twins[part] != part
    key = np.where(can, rng.random(part.shape, dtype=np.float32), 2)
    for _ in range(2):
        at = key.argmin(axis=1)
        rows = np.arange(len(hit))
        part[rows, at] = w.twins[part[rows, at]]
        key[rows, at] = 2
    numbers[hit] = part


def _texts(
    w: Writer, posted: tuple[Block, Script, Postings], formats: Ints, rng: np.random.Generator
) -> pa.StringArray:
    block, script, p = posted
    n, v, lang = len(p.vacancy), p.vacancy, script.lang
    values = script.values[v]
    values[:, SLOTS.index("board")] = w.boards[p.board]
    (common,) = w.pick(w.lists["hook"][lang], rng)
    (own,) = w.pick(w.lists["hook"][lang[v]], rng)
    hook = np.where((rng.random(n) < 0.3) & (p.kind > 0), own, common[v])
    hook = np.where(rng.random(n) < 0.15, -1, hook)
    (footer,) = w.pick(w.lists["footer"][lang[v]], rng)
    footer = np.where(rng.random(n) < 0.4, footer, -1)
    one = np.ones(n, dtype=np.int64)
    numbers = stack(
        [
            one * 10,
            7 * one,
            *w.fill(hook, values),
            8 * one,
            _body(w.spec, script, block)[v],
            7 * one,
            *w.fill(footer, values),
            8 * one,
            one * 11,
        ]
    )
    _slips(w, numbers, rng)
    return _entities(join(w.fragments, write_marks(w, numbers, formats)), formats, rng)


def _entities(texts: pa.StringArray, formats: Ints, rng: np.random.Generator) -> pa.StringArray:
    html = np.flatnonzero(
        np.isin(formats, [list(FORMATS).index("html"), list(FORMATS).index("breaks")])
        & (rng.random(len(formats)) < 0.8)
    )
    part = texts.take(pa.array(html))
    for sign, entity in (("€", "&euro;"), ("ë", "&euml;"), ("é", "&#233;"), ("'", "&#39;")):
        part = pc.replace_substring(part, sign, entity)
    mask = np.zeros(len(texts), dtype=bool)
    mask[html] = True
    return pc.replace_with_mask(texts, pa.array(mask), part)


def _fields(w: Writer, block: Block, script: Script, p: Postings, rng: np.random.Generator) -> dict[str, pa.Array]:
    """The feed's own fields beside title and text."""
    emp, v, n = employers(w.spec), p.vacancy, len(p.vacancy)
    e = block.employer[v]
    short = rng.random(n) < 0.12
    missing = pa.array(rng.random(n) < w.spec.missing_sbi_share)
    place = pa.array(PLACES).take(pa.array(block.place[v]))
    salary = pc.replace_substring_regex(
        w.fragments.take(pa.array(script.values[v, SLOTS.index("salary")])), " (en|and) ", " - "
    )
    contract = pa.array([*CONTRACTS, None]).take(
        pa.array(np.where(rng.random(n) < 0.2, len(CONTRACTS), block.contract[v]))
    )
    hours = pa.array([f"{a}-{b}" if a != b else f"{a} uur" for a, b in HOURS] + [None])
    return {
        "company": w.fragments.take(pa.array(np.where(short, w.short_names[e], w.names[e]))),
        "place": pc.if_else(pa.array(rng.random(n) < 0.04), pc.utf8_upper(place), place),
        "sbi_code": pc.if_else(missing, pa.scalar(None, pa.string()), pa.array(emp.sbi).take(pa.array(e))),
        "salary": pc.if_else(pa.array(block.salary_low[v] < 0), pa.scalar(None, pa.string()), salary),
        "contract": contract,
        "hours": hours.take(pa.array(np.where(rng.random(n) < 0.25, len(HOURS), block.hours[v]))),
    }


def simulate_block(spec: MarketSpec, number: int) -> Posted:
    """Block `number` with its ads. Blocks are independent: any process can make any block."""
    w = writer(spec)
    block = draw_block(spec, number)
    script = w.write(block, np.random.default_rng([spec.seed, 5, number]))
    p = post(spec, number, block)
    rng = np.random.default_rng([spec.seed, 6, number])
    formats = _formats(spec, rng, len(p.vacancy))
    ids = ad_ids(p)
    urls = pc.binary_join_element_wise(
        pa.array([f"https://www.{b}.example/vacature/" for b in BOARDS]).take(pa.array(p.board)), pc.utf8_lower(ids), ""
    )
    columns = {
        "ad_id": ids,
        "board": pa.array(BOARDS).take(pa.array(p.board)),
        "url": urls,
        "title": _titles(w, script, p, rng),
        "text": _texts(w, (block, script, p), formats, rng),
        "date": pa.array(p.day.astype("datetime64[D]")),
        **_fields(w, block, script, p, rng),
    }
    return Posted(block, script, p, formats, pa.RecordBatch.from_pydict(columns, schema=SCHEMA))


def simulate_ads(spec: MarketSpec, batch_rows: int | None = None) -> Iterator[pa.RecordBatch]:
    """The ads of the market in order of time, as batches with `SCHEMA`.

    Batches have exactly `batch_rows` rows but for the last; without it, as many as a block holds (about 8,000). The
    size of the batches changes nothing else.
    """
    held: list[pa.RecordBatch] = []
    for number in blocks(spec):
        ads = simulate_block(spec, number).ads
        if batch_rows is None:
            yield ads
            continue
        held.append(ads)
        while sum(b.num_rows for b in held) >= batch_rows:
            whole = pa.Table.from_batches(held).combine_chunks().to_batches()[0]
            yield whole.slice(0, batch_rows)
            held = [whole.slice(batch_rows)]
    if held and held[0].num_rows:
        yield pa.Table.from_batches(held).combine_chunks().to_batches()[0]
