"""The public sets in a folder of shared data that are run when the folder is given; never the test part of one.

Of sets whose licence is not stated no text is printed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.ads._title_encoder import TitleEncoder
from overstap.errors import InputError
from overstap.evaluate import codings, concepts, facts
from overstap.evaluate.feeds import annotate_ads
from overstap.evaluate.masking import masking_section
from overstap.evaluate.of_skills import linked_section, spans_tables
from overstap.evaluate.of_titles import code_section
from overstap.evaluate.section import Section, Table, figures_table, share
from overstap.evaluate.skills import Estimate
from overstap.evaluate.spans import read_skillspan
from overstap.evaluate.texts import text
from overstap.evaluate.titles import measure_ranking, ranking_cases
from overstap.evaluate.windows import windows_section
from overstap.semantic.linker import Linker

PARTS = ("ads", "classifications", "gold")
_HELD_OUT = {"fresh": "fresh and blind", "heldout": "held out (not blind)"}
_NOT_SKILLS = ("LABEL NOT PRESENT", "UNDERSPECIFIED")

Run = tuple[str, Callable[[], Section]]


def known_sets(data: Path, labels: Path) -> list[Run]:
    """Name and run of each known set that the folders hold, in the order of the page.

    Raises InputError for a folder that holds none.
    """
    if not any((data / part).is_dir() for part in PARTS):
        raise InputError(
            f"The folder {data} holds no known set.",
            why=f"A folder of data has {', '.join(f'{part}/' for part in PARTS)}.",
            fix="Name the files of your own sets: overstap evaluate titles.csv",
        )
    masking: Run = ("Masking of personal data", masking_section)
    return [*_skills(data, labels), *_titles(data, labels), *_codings(data, labels), masking]


def _skills(data: Path, labels: Path) -> Iterator[Run]:
    if (labels / "core_100_heldout.csv").is_file() and (data / "ads").is_dir():
        yield "Skills: the hundred most asked", partial(windows_section, labels, data)
    if (labels / "nl_sentences.csv").is_file() and (data / "ads" / "nl_jobzoeker").is_dir():
        yield "Dutch sentences, ESCO concepts", partial(_dutch_sentences, labels, data)
    for part in ("tech", "house"):
        path = data / "gold" / "esco_decorte" / f"{part}_validation_annotations.csv"
        if path.is_file():
            name = f"Decorte {part}, validation"
            yield name, partial(_decorte, path, name)
    if (data / "gold" / "skillspan" / "dev.jsonl.gz").is_file():
        yield "SkillSpan, dev", partial(_skillspan, data)


def _titles(data: Path, labels: Path) -> Iterator[Run]:
    if (data / "classifications" / "uwv_titles").is_dir():
        yield "Register titles", partial(_register, data)
    for file, title in (
        ("titles_fresh.csv", "Titles of ads, coded by hand by another reader"),
        ("titles_isco.csv", "Titles of ads, coded by hand"),
    ):
        if (labels / file).is_file() and (data / "ads").is_dir():
            yield title, partial(_hand_coded, labels / file, data, title)
    for language, name in (("nl", "Dutch"), ("en", "English")):
        title = f"ESCO alternative labels held out, {name}"
        yield title, partial(_held_out, language, title)
        title = f"{name} titles to ESCO occupations"
        yield title, partial(_ranking, language, title)


def _codings(data: Path, labels: Path) -> Iterator[Run]:
    if (data / "ads").is_dir() and sorted(labels.glob("facts_*.csv")):
        yield "Facts, judged", partial(_facts, labels, data)
    if all((data / "ads" / feed).is_dir() for feed in ("nl_jobzoeker", "uk_nhs", "hn_whoishiring", "us_glassdoor")):
        yield "Language, sector, place, duplicates", partial(_feeds, data)


def _dutch_sentences(labels: Path, data: Path) -> Section:
    """Our own Dutch sentences: what annotation finds with ESCO, by forms alone and by meaning too."""
    from overstap.reference import esco
    from overstap.study import Annotation

    skills = esco.load_skills().select(["esco_uri", "label_nl"]).to_pylist()
    dutch = {row["esco_uri"] for row in skills if row["label_nl"]}
    sentences = [
        sentence
        for name in ("nl_fresh", "nl_sentences")
        if (labels / f"{name}.csv").is_file()
        for sentence in concepts.read_sentences(labels / f"{name}.csv", labels / f"{name.removesuffix('s')}_skills.csv")
    ]
    ads = {("nl", s.ad_id) for s in sentences}
    rows, figures, parts = [], [], [text("sentences")]
    for way, semantic in (("forms alone", False), ("forms and meaning", True)):
        settings = Annotation(taxonomy="esco", semantic=semantic)
        found = annotate_ads(data, ads, settings)["nl"]
        if semantic and not _by_meaning(found):
            parts.append("Phrases linked by meaning: not available in this installation.")
            continue
        for part in ("fresh", "heldout", "dev"):
            mine = [s for s in sentences if s.part == part]
            for group, a in concepts.concept_accuracy(mine, concepts.mentioned(mine, found), dutch).items():
                counts = (f"{a.precision.n:,}", share(a.precision), f"{a.recall.n:,}", share(a.recall))
                rows.append((way, part, group, *counts, f"{a.f1.n:,}", share(a.f1)))
                if group == "all" and part in _HELD_OUT:
                    figures.append((f"F1, {_HELD_OUT[part]}, {way}", a.f1))
    head = ("way", "part", "concepts", "found", "precision", "asked", "recall", "sentences", "F1")
    about = f"{len(sentences):,} sentences of Dutch ads with the ESCO concepts they ask"
    return Section("Dutch sentences, ESCO concepts", about, tuple(figures), (*parts, Table(head, tuple(rows))))


def _by_meaning(annotations: pa.Table) -> bool:
    """Whether any mention was found by meaning: without that the figures would be those of the forms again."""
    return any(m["method"] == "semantic" for mentions in annotations["skills"].to_pylist() for m in mentions)


def _decorte(path: Path, title: str) -> Section:
    """Sentences with their ESCO labels; those without any are left out, as the authors do."""
    linker = Linker.load()
    uri_of: dict[str, str] = {}
    for label, uri in zip(linker.skills["label_en"].to_pylist(), linker.skills["uri"].to_pylist(), strict=True):
        uri_of.setdefault(label.lower(), uri)
    asked: dict[str, dict[str, None]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] not in _NOT_SKILLS:
                asked.setdefault(row["sentence"], {})[uri_of.get(row["label"].strip().lower(), row["label"])] = None
    return linked_section(title, {sentence: list(uris) for sentence, uris in asked.items()}, False, linker)


def _skillspan(data: Path) -> Section:
    return spans_tables("SkillSpan, dev", read_skillspan(data, "dev"))


def _register(data: Path) -> Section:
    """The reporting half in full, the shares of both halves and of all beside it."""
    titles, gold = codings.register_cases(data, half="reporting")
    about = f"{len(titles):,} Dutch titles of the UWV register, the reporting half"
    section = code_section("Register titles", about, titles, gold, shown=False)
    rows = [
        (f"{name}, {d} digit{'s' if d > 1 else ''}", estimate)
        for name, status, half in (
            ("reporting half, active titles", "A", "reporting"),
            ("tuning half (**in-sample**)", "AI", "tuning"),
            ("all, of which half **in-sample**", "AI", None),
        )
        for d, estimate in codings.register_titles(data, status, half).items()
    ]
    return replace(section, parts=(text("register"), *section.parts, "Parts of the register:", figures_table(rows)))


def _hand_coded(labels: Path, data: Path, title: str) -> Section:
    titles, gold = codings.hand_coded_titles(data, labels)
    about = f"{len(titles):,} distinct titles of real ads"
    section = code_section(title, about, titles, gold, shown=False)
    said = "Drawn by seed; one coder, from the title alone, without sight of the answer; some titles fit two codes."
    return replace(section, parts=(said, *section.parts))


def _held_out(language: str, title: str) -> Section:
    titles, gold, coder = codings.held_out_cases(language)
    about = f"{len(titles):,} labels with their ISCO-08 code"
    section = code_section(title, about, titles, gold, shown=True, coder=coder)
    return replace(section, parts=(text("held_out"), *section.parts))


def _ranking(language: str, title: str) -> Section:
    """Alternative labels that neither index nor model has seen, against all ESCO occupations."""
    cases = ranking_cases(language)
    mrr, first = measure_ranking(TitleEncoder.load(), cases)
    figures = (("MRR", mrr), ("accuracy@1", first))
    said = "Alternative labels left out by a hash; the learned model alone, the rank of the right concept among all."
    about = f"{len(cases):,} held-out ESCO labels with their occupation"
    return Section(title, about, figures, (said, figures_table(figures)))


def _facts(labels: Path, data: Path) -> Section:
    """Precision of judged facts, per draw and fact: on the day of judging, and of the values that are still given."""
    judged = facts.read_fact_labels(sorted(labels.glob("facts_*.csv")))
    annotations = annotate_ads(data, {label.ad for label in judged})
    latest: dict[str, tuple[str, Estimate]] = {}
    rows = []
    for draw in sorted({label.draw for label in judged}):
        mine = [label for label in judged if label.draw == draw]
        both = (facts.precision_of(mine), facts.facts_accuracy(annotations, mine))
        for then, now in zip(*(table.to_pylist() for table in both), strict=True):
            if then["n"]:
                a, b = (Estimate(row["precision"], row["low"], row["high"], row["n"]) for row in (then, now))
                latest[then["field"]] = (f"{then['field']}: precision as judged, {draw} draw", a)
                rows.append((then["field"], draw, f"{a.n:,}", share(a), f"{b.n:,}", share(b)))
    parts: list[str | Table] = [text("facts")]
    if (labels / "stated_facts.csv").is_file():
        parts.append(_stated(facts.read_fact_labels([labels / "stated_facts.csv"]), data))
    head = ("fact", "draw", "n", "precision as judged", "still given", "precision now (in-sample)")
    about = f"{len(judged):,} values given for facts"
    return Section("Facts, judged", about, tuple(latest.values()), (*parts, Table(head, tuple(rows))))


def _stated(labels: Sequence[Any], data: Path) -> Table:
    """Precision and recall of facts against what ads were read to state, per half of the draw."""
    annotations = annotate_ads(data, {label.ad for label in labels})
    rows = []
    for draw in sorted({label.draw for label in labels}):
        table = facts.stated_accuracy(annotations, [label for label in labels if label.draw == draw])
        for row in table.to_pylist():
            if row["stated"]:
                given = Estimate(row["precision"], row["low"], row["high"], row["given"])
                stated = Estimate(row["recall"], row["recall_low"], row["recall_high"], row["stated"])
                rows.append((row["field"], draw, f"{given.n:,}", share(given), f"{stated.n:,}", share(stated)))
    return Table(("fact", "half", "given", "precision now", "stated", "recall now"), tuple(rows))


def _feeds(data: Path) -> Section:
    figures = [
        (f"language: agreement with the feed's label, {feed}", codings.language_agreement(data, feed))
        for feed in codings.LANGUAGE_FEEDS
    ]
    for folder, column in (("nl_jobzoeker", "company_industry"), ("us_glassdoor", "industry")):
        sector = codings.sector_agreement(data, folder, column)
        figures.append((f"sector: the board's label is coded, {folder}", sector.label_coded))
        figures.append((f"sector: the employer's name gives the label's section, {folder}", sector.same_section))
    figures.append(("place: NUTS 3 region found for a named place, nl_jobzoeker", codings.places_found(data)))
    for kind, found in codings.copies_found(data).items():
        figures.append((f"duplicates: synthetic copies joined, {kind}", found))
    parts = (text("codings"), figures_table(figures))
    return Section("Language, sector, place, duplicates", "real feeds with fields that tell", tuple(figures), parts)
