"""The questionnaire written out: LimeSurvey's tab-separated structure in two languages, and a page to print."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from overstap.cells import csv_text
from overstap.errors import InputError
from overstap.survey.questionnaire import LANGUAGES, Choice, Question, Questionnaire
from overstap.survey.structure import Texts

_HEADER = (
    "id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation",
    "mandatory", "encrypted", "other", "default", "same_default", "same_script", "max_answers",
)  # fmt: skip
_LIME_TYPES = {"single": "L", "multiple": "M", "number": "N", "text": "T", "ranking": "R"}
_PAPER = {
    "nl": {
        "many": "Kies alles wat van toepassing is.",
        "rank": "Zet 1 bij de belangrijkste, tot en met {n}.",
        "other": "Anders, namelijk:",
    },
    "en": {
        "many": "Tick all that apply.",
        "rank": "Write 1 at the most important, up to {n}.",
        "other": "Other, namely:",
    },
}


def lime_structure(questionnaire: Questionnaire, first: str = "nl") -> str:
    """The questionnaire as LimeSurvey imports it (tab-separated values), in both languages, `first` as the base."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _HEADER, delimiter="\t", restval="", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writeheader()
    languages = [first, *(lang for lang in LANGUAGES if lang != first)]
    settings = {
        "sid": "100001", "format": "G", "anonymized": "Y", "datestamp": "N", "ipaddr": "N", "ipanonymize": "Y",
        "refurl": "N", "savetimings": "N", "allowprev": "Y", "language": first,
        "additional_languages": " ".join(languages[1:]),
    }  # fmt: skip
    for name, text in settings.items():
        writer.writerow({"class": "S", "name": name, "text": text})
    for lang in languages:
        for name, texts in (
            ("title", questionnaire.titles),
            ("welcometext", questionnaire.welcome),
            ("endtext", questionnaire.end),
        ):
            writer.writerow({"class": "SL", "name": f"surveyls_{name}", "text": texts[lang], "language": lang})
    number = 0
    for lang in languages:
        number = 0
        for at, group in enumerate(questionnaire.groups):
            number += 1
            row = {
                "id": str(number),
                "class": "G",
                "type/scale": f"G{at}",
                "name": group.titles[lang],
                "relevance": "1",
            }
            writer.writerow({**row, "language": lang})
            for question in group.questions:
                for line in _lime_rows(question, lang):
                    number += 1
                    writer.writerow({"id": str(number), **line})
    return out.getvalue()


def _lime_rows(q: Question, lang: str) -> Iterator[dict[str, str]]:
    type_ = "F" if q.items and q.kind == "scale" else _LIME_TYPES.get(q.kind, "L")
    yield {
        "class": "Q",
        "type/scale": type_,
        "name": q.code,
        "relevance": "1",
        "text": q.texts[lang],
        "language": lang,
        "mandatory": "Y" if q.is_mandatory else "N",
        "other": "Y" if q.has_other else "N",
        "max_answers": str(q.most) if q.most else "",
    }
    for code, choice in q.items.items():
        yield {"class": "SQ", "type/scale": "0", "name": code, "relevance": "1", "text": choice[lang], "language": lang}
    for code, choice in q.options.items():
        yield {"class": "A", "type/scale": "0", "name": code, "text": choice[lang], "language": lang}


def paper(questionnaire: Questionnaire, lang: str) -> str:
    """The questionnaire as one HTML page to print, that loads nothing."""
    from overstap.publish.bundled import asset

    parts = [f"<h1>{escape(questionnaire.titles[lang])}</h1>", f"<p>{escape(questionnaire.welcome[lang])}</p>"]
    number = 0
    for group in questionnaire.groups:
        parts.append(f"<h2>{escape(group.titles[lang])}</h2>")
        for question in group.questions:
            number += 1
            parts.append(_on_paper(question, number, lang))
    parts.append(f"<p>{escape(questionnaire.end[lang])}</p>")
    title = escape(questionnaire.titles[lang])
    style = asset("questionnaire.css")
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _on_paper(q: Question, number: int, lang: str) -> str:
    words = _PAPER[lang]
    head = f"<h3>{number}. {escape(q.texts[lang])}</h3>"
    if q.kind == "scale":
        columns = "".join(f"<th scope='col'>{escape(o[lang])}</th>" for o in q.options.values())
        rows = "".join(
            f"<tr><th scope='row'>{escape(item[lang])}</th>{'<td>☐</td>' * len(q.options)}</tr>"
            for item in q.items.values()
        )
        table = f"<table><thead><tr><td></td>{columns}</tr></thead><tbody>{rows}</tbody></table>"
        return f"<section>{head}<div class='wide'>{table}</div></section>"
    if q.kind in ("text", "number"):
        return f"<section>{head}{'<div class=line></div>' * (2 if q.kind == 'text' else 1)}</section>"
    box, choices, note = "☐", q.options, ""
    if q.kind == "multiple":
        choices, note = q.items, "" if words["many"] in q.texts[lang] else f"<p class='note'>{words['many']}</p>"
    elif q.kind == "ranking":
        box, note = "____", f"<p class='note'>{words['rank'].format(n=q.most)}</p>"
    listed = "".join(f"<li>{box} {escape(choice[lang])}</li>" for choice in choices.values())
    listed += f"<li>{box} {words['other']} ______________________</li>" if q.has_other else ""
    return f"<section>{head}{note}<ul>{listed}</ul></section>"


def paper_pdf(questionnaire: Questionnaire, lang: str) -> bytes:
    """The questionnaire as a PDF of A4 sheets. Raises InputError where Typst is not installed."""
    from overstap.publish.bundled import asset
    from overstap.publish.formats.typeset import typeset

    page = {
        "language": lang,
        "title": questionnaire.titles[lang],
        "welcome": questionnaire.welcome[lang],
        "end": questionnaire.end[lang],
        "groups": [
            {"title": g.titles[lang], "questions": [_for_typst(q, lang) for q in g.questions]}
            for g in questionnaire.groups
        ],
    }
    return typeset(asset("questionnaire.typ").encode(), page)


def _for_typst(q: Question, lang: str) -> dict[str, object]:
    words = _PAPER[lang]
    choices: Mapping[str, Choice] = q.items if q.kind == "multiple" else q.options
    note = words["rank"].format(n=q.most) if q.kind == "ranking" else ""
    return {
        "kind": q.kind,
        "text": q.texts[lang],
        "note": note,
        "items": [item[lang] for item in q.items.values()],
        "choices": [choice[lang] for choice in choices.values()]
        + ([f"{words['other']} ……………………"] if q.has_other else []),
    }


def write_instrument(questionnaire: Questionnaire, folder: Path, lang: str) -> list[Path]:
    """Write what an organiser needs into `folder`: the structure for LimeSurvey, pages to print, a codebook, an example
    of margins and of evidence. Raises InputError where a file is there already."""
    from overstap.survey.evidence import template

    texts = {
        "questionnaire.txt": "\ufeff" + lime_structure(questionnaire, lang),
        **{f"questionnaire-{language}.html": paper(questionnaire, language) for language in LANGUAGES},
        "codebook.csv": codebook(questionnaire),
        "margins.csv": margins_template(questionnaire),
        "evidence.csv": template(),
    }
    there = [name for name in texts if (folder / name).exists()]
    if there:
        raise InputError(f"{folder / there[0]} is there already.", fix="Name another folder, or remove the file.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in texts]


def codebook(questionnaire: Questionnaire) -> str:
    """The questionnaire as a codebook, for who asks it with another program."""
    rows: list[tuple[str, ...]] = []
    for q in questionnaire.questions():
        options = " | ".join(f"{code}={choice['en']}" for code, choice in q.options.items())
        for code, item in q.items.items() or [("", {"nl": "", "en": ""})]:
            column = f"{q.code}_{code}" if code else q.code
            rows.append((column, q.code, code, q.kind, *_two(q.texts), *_two(item), options))
    head = ("column", "code", "item", "kind", "text_nl", "text_en", "item_nl", "item_en", "options")
    return csv_text(head, rows)


def _two(texts: Texts) -> tuple[str, str]:
    return texts["nl"], texts["en"]


def margins_template(questionnaire: Questionnaire) -> str:
    """A CSV to fill in: every sector by every size, without totals."""
    by_use = {q.use: q for q in questionnaire.questions()}
    sectors, sizes = ([o["value"] for o in by_use[use].options.values()] for use in ("sector", "size"))
    return "sector,size,total\n" + "".join(f"{sector},{size},0\n" for sector in sectors for size in sizes)
