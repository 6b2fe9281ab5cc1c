"""Languages of texts, facts that texts state, and sectors of employers against what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.ads.annotate import READS, Annotator, topsector_table
from overstap.ads.clean import clean_text
from overstap.ads.language import detect_language
from overstap.ads.mask import mask_text
from overstap.ads.sector import MIN_SCORE, code_sectors
from overstap.errors import InputError
from overstap.evaluate.files import FACTS, AnnotatedSet, text_of
from overstap.evaluate.measures import confusion, proportion, reliability
from overstap.evaluate.section import (
    WORST,
    Heat,
    Part,
    Section,
    Table,
    figures_table,
    reliability_parts,
    share,
    short,
    worst_errors,
)
from overstap.schema import table_spec
from overstap.schema.spec import TableSpec
from overstap.study import Annotation

LANGUAGES = ("nl", "en", "de", "fr")
"""What is told apart; every other language is `other`."""


def languages_section(item: AnnotatedSet) -> Section:
    """A set of kind languages: share right, and per language precision and recall. Raises InputError for a label that
    is no code."""
    texts = _cleaned(item)
    gold = [_language(item, at, code) for at, code in enumerate(text_of(item, "language"), 1)]
    values, scores = detect_language(pa.array(texts, pa.large_string()))
    found = values.to_pylist()
    figures = [("language right", proportion(f == g for f, g in zip(found, gold, strict=True)))]
    for code in sorted(set(gold)):
        figures.append(
            (f"{code}: precision", proportion(g == code for f, g in zip(found, gold, strict=True) if f == code))
        )
        figures.append(
            (f"{code}: recall", proportion(f == code for f, g in zip(found, gold, strict=True) if g == code))
        )
    parts: tuple[Part, ...] = (
        figures_table(figures),
        Heat(f"Language: {item.name}", confusion(gold, found)),
        *worst_errors(texts, gold, found, scores.to_pylist(), item.shown),
    )
    return Section(item.name, f"{len(texts):,} texts with their language", tuple(figures[:1]), parts)


def sectors_section(item: AnnotatedSet) -> Section:
    """A set of kind sectors: the employer's name alone, against the section. Raises InputError for another label."""
    companies, gold = text_of(item, "company"), [g.strip().upper() for g in text_of(item, "sector")]
    for at, letter in enumerate(gold, 1):
        if len(letter) != 1 or not "A" <= letter <= "U":
            raise InputError(
                f"{item.path}: case {at} has '{letter}' as sector.",
                fix="Give the letter of an SBI 2008 (NACE) section, A–U.",
            )
    coded = code_sectors(None, None, pa.array(companies), 0.0)
    found, scores = coded["sector"].to_pylist(), [s or 0.0 for s in coded["sector_score"].to_pylist()]
    given = [f if s >= MIN_SCORE else None for f, s in zip(found, scores, strict=True)]
    pairs = list(zip(given, gold, strict=True))
    figures = [
        (f"given a sector at the default threshold ({MIN_SCORE})", proportion(f is not None for f, _ in pairs)),
        ("of those given, right", proportion(f == g for f, g in pairs if f is not None)),
        ("of all, right", proportion(f == g for f, g in pairs)),
    ]
    scored = [i for i, f in enumerate(found) if f is not None]
    bins = reliability([scores[i] for i in scored], [found[i] == gold[i] for i in scored])
    parts: tuple[Part, ...] = (
        figures_table(figures),
        *(reliability_parts(f"Score of the sector: {item.name}", bins) if bins else ()),
        Heat(f"SBI sections: {item.name}", confusion(gold, given)),
        *worst_errors(companies, gold, given, scores, item.shown),
    )
    return Section(item.name, f"{len(gold):,} employers with their SBI section, coded by name", tuple(figures), parts)


def facts_section(item: AnnotatedSet) -> Section:
    """A set of kind facts: per field precision of what is given and recall of what is stated.

    A case counts for a field where it names it, null being "the text does not say". A list is right where it holds
    the same items. Raises InputError for a value of the wrong type.
    """
    texts = _cleaned(item)
    spec = table_spec("core_annotations")
    fields = [name for name in FACTS if any(name in row for row in item.rows)]
    gold = {name: [_value(item, at, name, spec) for at in range(len(texts))] for name in fields}
    found = _annotated(item, texts).select(fields).to_pydict()
    figures, wrong = [], []
    for name in fields:
        cases = [i for i, row in enumerate(item.rows) if name in row]
        right = {i: _alike(found[name][i], gold[name][i]) for i in cases}
        figures.append((f"{name}: precision", proportion(right[i] for i in cases if found[name][i] is not None)))
        figures.append((f"{name}: recall", proportion(right[i] for i in cases if gold[name][i] is not None)))
        wrong += [
            (short(texts[i]) if item.shown else f"case {i + 1}", name, _cell(gold[name][i]), _cell(found[name][i]))
            for i in cases
            if not right[i] and not (gold[name][i] is None and found[name][i] is None)
        ]
    rows = tuple(
        (name, f"{p.n:,}", share(p), f"{r.n:,}", share(r))
        for name, (_, p), (_, r) in zip(fields, figures[::2], figures[1::2], strict=True)
    )
    # What is given wrongly misleads, what is left out does not: the former first.
    worst = sorted(wrong, key=lambda row: row[3] == "–")[:WORST]
    parts: tuple[Part, ...] = (
        Table(("field", "given", "precision (95 %)", "stated", "recall (95 %)"), rows),
        *(
            (f"{len(wrong):,} wrong values; of them:", Table(("text", "field", "right", "given"), tuple(worst)))
            if worst
            else ()
        ),
    )
    return Section(item.name, f"{len(texts):,} texts with the facts they state", tuple(figures), parts)


def _cleaned(item: AnnotatedSet) -> list[str]:
    """The texts, cleaned of markup and masked as those of ads are."""
    return [mask_text(clean_text(text))[0] for text in text_of(item, "text")]


def _annotated(item: AnnotatedSet, texts: Sequence[str]) -> pa.Table:
    """Annotations of cleaned texts. Other columns of an ad that the cases hold are read as those of a feed; facts are
    not."""
    held: dict[str, list[Any]] = {"ad_id": [str(i) for i in range(len(texts))], "text": list(texts)}
    types = {column.name: column.type for column in table_spec("raw_ads").columns}
    columns = {}
    for name in READS:
        values = held.get(name) or [None if name in FACTS else row.get(name) for row in item.rows]
        is_text = pa.types.is_string(types[name])
        columns[name] = pa.array([str(v) if is_text and v is not None else v for v in values]).cast(types[name])
    annotator = Annotator(Annotation(), topsector_table("default", Path()))
    return pa.Table.from_batches([annotator(pa.RecordBatch.from_pydict(columns))])


def _language(item: AnnotatedSet, at: int, label: str) -> str:
    """A label as one of the languages told apart, or `other`."""
    code = label.strip().lower().partition("-")[0]
    if code != "other" and not (len(code) == 2 and code.isalpha()):
        raise InputError(
            f"{item.path}: case {at} has '{label}' as language.",
            fix="Give the two letters of ISO 639-1 (nl, en, de, fr, …), or other.",
        )
    return code if code in LANGUAGES else "other"


def _value(item: AnnotatedSet, at: int, name: str, spec: TableSpec) -> Any:
    value = item.rows[at].get(name)
    if value == []:
        return None
    type_ = next(column.type for column in spec.columns if column.name == name)
    try:
        return pa.array([value], type_)[0].as_py()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise InputError(
            f"{item.path}: case {at + 1} has {value!r} as {name}.",
            why=f"It is of type {type_}.",
            fix="Write facts as JSON Lines: numbers bare, lists in [ ], null where the text does not say.",
        ) from error


def _alike(found: Any, gold: Any) -> bool:
    """The same value; lists as sets, numbers to a hundredth."""
    if found is None or gold is None:
        return found is gold
    if isinstance(gold, list):
        return set(found) == set(gold)
    if isinstance(gold, float):
        return abs(float(found) - gold) < 0.005 + 1e-6 * abs(gold)
    return bool(found == gold)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
