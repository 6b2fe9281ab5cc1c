"""Files of a survey made into three tables: questions, respondents and answers. Every column is accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.errors import InputError, Problems, nearest
from overstap.schema import table_spec
from overstap.sources.files import expand
from overstap.study_survey import QuestionMap, SurveySettings
from overstap.survey.facts import WHY
from overstap.survey.flags import answered_shares, flags_of
from overstap.survey.grouping import Answered, group, read_file
from overstap.survey.open_answers import masked, occupations_of, skills_of
from overstap.survey.parse import Cell, Question, parse
from overstap.survey.questionnaire import known_map, known_structure
from overstap.survey.scales import number_of
from overstap.survey.structure import Structure, read_codebook, read_structure

_LANGUAGE = {
    "nl": (" de ", " het ", " een ", " u ", " uw ", " van ", " wat ", " hoe ", " welke ", " je "),
    "en": (" the ", " you ", " your ", " of ", " is ", " what ", " how ", " which ", " it ", " do "),
}


class Survey:
    """A survey read from files: `questions` by code, and the files with their columns."""

    def __init__(self, settings: SurveySettings, base: Path) -> None:
        self.settings = settings
        structure = structure_of(settings, base)
        paths, problems = expand(list(settings.files), base, "survey")
        if problems:
            raise problems[0] if len(problems) == 1 else Problems(problems)
        self.files = [read_file(file.path, file.label, settings, structure) for file in paths]
        self.language = settings.language if settings.language != "auto" else _language(self.files)
        grouped = group(self.files)
        maps = _maps(settings.questions, structure)
        unknown = [code for code in settings.questions if code not in grouped]
        if unknown:
            raise InputError(
                f"survey.questions: there is no question '{unknown[0]}' in {', '.join(f.source for f in self.files)}.",
                why=nearest(unknown[0], grouped),
                fix="See the codes: overstap survey check FILE.",
            )
        self.questions: dict[str, Question] = {}
        for code, one in grouped.items():
            cells = [self._cells(at, column.position) for at, column in one.columns]
            asked = structure.questions.get(code)
            self.questions[code] = parse(one, cells, asked, maps.get(code, QuestionMap()), self.language)

    def _cells(self, at: int, position: int) -> list[Cell]:
        return [(at, i, text) for i, row in enumerate(self.files[at].rows) if (text := row[position - 1].strip())]

    def fact(self, name: str) -> dict[tuple[int, int], str]:
        """What the files tell by (file, row) of a fact such as the language."""
        return {
            (at, i): row[c.position - 1].strip()
            for at, file in enumerate(self.files)
            for c in file.columns
            if c.fact == name
            for i, row in enumerate(file.rows)
        }


def structure_of(settings: SurveySettings, base: Path) -> Structure:
    """What is known of the questions: bundled questionnaire, structure file and codebook, the last first."""
    found = Structure(dict(known_structure().questions))
    for name, read in ((settings.structure, read_structure), (settings.codebook, read_codebook)):
        if name:
            given = read(base / name)
            mine = {code: asked for code, asked in given.questions.items() if code not in known_map()}
            found.questions |= mine
            found.columns |= given.columns
    return found


def _maps(given: Mapping[str, QuestionMap], structure: Structure) -> dict[str, QuestionMap]:
    """What each question is for: the study file over the codebook over the bundled questionnaire."""
    found = dict(known_map())
    for code, asked in structure.questions.items():
        if code not in found and (asked.theme or asked.use or asked.group):
            found[code] = QuestionMap.model_validate(
                {"theme": asked.theme or None, "use": asked.use or None, "group": asked.group}
            )
    for code, own in given.items():
        found[code] = found.get(code, QuestionMap()).model_copy(update=own.model_dump(exclude_unset=True))
    return found


def read_survey(settings: SurveySettings, base: Path) -> tuple[pa.Table, pa.Table, pa.Table]:
    """`core_questions`, `core_respondents` and `core_answers` of the files that the settings name; empty where they
    name none. Weights are those of the file, or 1, where a respondent counts: `weigh` rakes them to margins.

    Raises InputError, or Problems, where a file cannot be read or the question map names a question that is not there.
    """
    specs = [table_spec(f"core_{name}").schema for name in ("questions", "respondents", "answers")]
    if not settings.files:
        return specs[0].empty_table(), specs[1].empty_table(), specs[2].empty_table()
    survey = Survey(settings, base)
    people = _respondents(survey)
    ids = {(r["_file"], r["_row"]): r["respondent_id"] for r in people}
    respondents = pa.Table.from_pylist([{k: v for k, v in r.items() if k[0] != "_"} for r in people], schema=specs[1])
    return pa.Table.from_pylist(_questions(survey), schema=specs[0]), respondents, _answers(survey, ids, specs[2])


def _respondents(survey: Survey) -> list[dict[str, Any]]:
    sizes = [len(file.rows) for file in survey.files]
    shares = answered_shares(survey.questions, sizes)
    flags = flags_of(survey.files, survey.questions, shares, survey.settings)
    used = {use: _used(survey, use) for use in ("role", "sector", "size", "language", "weight")}
    languages = survey.fact("language")
    rows: list[dict[str, Any]] = []
    for at, size in enumerate(sizes):
        for i in range(size):
            counted = not set(flags[at][i]) & set(survey.settings.leave_out)
            weight = number_of(used["weight"].get((at, i), "1")) if counted else None
            spoken = used["language"].get((at, i)) or languages.get((at, i), "")[:2].lower()
            rows.append(
                {
                    "_file": at,
                    "_row": i,
                    "respondent_id": f"{at + 1}-{i + 1}",
                    "source": survey.files[at].source,
                    **{name: used[name].get((at, i)) for name in ("role", "sector", "size")},
                    "language": spoken or None,
                    "answered_share": shares[at][i],
                    "flags": flags[at][i],
                    "is_counted": counted and (weight is None or weight > 0),
                    "weight": weight,
                }
            )
    return rows


def _used(survey: Survey, use: str) -> dict[tuple[int, int], str]:
    """By (file, row) the option of the first question that is used for `use`."""
    found: dict[tuple[int, int], str] = {}
    for question in survey.questions.values():
        if question.given.use == use:
            for file, row, _, part, value, option, text in question.answers:
                said = option or text or (None if value is None else str(value))
                if part == "answer" and said:
                    found.setdefault((file, row), said)
    return found


def _questions(survey: Survey) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    had: Counter[tuple[int, int]] = Counter()
    for at, file in enumerate(survey.files):
        for row in file.rows:
            had.update((at, c) for c, cell in enumerate(row, 1) if cell.strip())
    for at, file in enumerate(survey.files):
        for column in file.columns:
            if column.fact:
                rows.append(
                    {
                        **_blank(column.heading or column.code, file.source, column.position),
                        "is_understood": True,
                        "reason": WHY.get(column.fact, column.fact),
                        "answered_n": had[at, column.position],
                        "kind": "fact",
                        "use": column.fact,
                    }
                )
    for question in survey.questions.values():
        codes = masked(list(question.options))
        words = {lang: masked([t.get(lang) for t in question.options.values()]) for lang in ("nl", "en")}
        for at, column in question.columns:
            given, asked = question.given, question.asked
            item = given.items.get(column.item, given.items.get(column.item_text, column.item))
            known = (asked.items.get(column.item) if asked else None) or question.items.get(item, {})
            empty = "" if question.kind else "it holds no answers, and no structure says what it asks"
            shown = asked.shown if asked and asked.shown else _unknown(question) if column.part == "answer" else ""
            rows.append(
                {
                    "question_code": question.code,
                    "item": item,
                    "part": column.part,
                    "source": survey.files[at].source,
                    "position": column.position,
                    "heading": column.heading,
                    "kind": question.kind or None,
                    "theme": given.theme,
                    "use": given.use,
                    "pair": given.group or None,
                    **{f"text_{lang}": question.texts.get(lang) for lang in ("nl", "en")},
                    **{f"item_{lang}": known.get(lang) or None for lang in ("nl", "en")},
                    "options": codes,
                    "options_nl": words["nl"],
                    "options_en": words["en"],
                    "is_understood": bool(question.kind),
                    "reason": shown or empty or column.reason or None,
                    "answered_n": had[at, column.position],
                }
            )
    return sorted(rows, key=lambda row: (row["source"], row["position"]))


def _unknown(question: Question) -> str:
    if not question.unknown:
        return ""
    told = ", ".join(f"'{(masked([code])[0] or '')[:40]}' ({n}×)" for code, n in list(question.unknown.items())[:5])
    return f"answers that the structure does not have, kept as they are: {told}"


def _blank(code: str, source: str, position: int) -> dict[str, Any]:
    return {
        "question_code": code, "item": "", "part": "fact", "source": source, "position": position, "heading": code,
        "kind": None, "theme": None, "use": None, "pair": None, "text_nl": None, "text_en": None, "item_nl": None,
        "item_en": None, "options": None, "options_nl": None, "options_en": None,
    }  # fmt: skip


def _answers(survey: Survey, ids: Mapping[tuple[int, int], str], schema: pa.Schema) -> pa.Table:
    columns: dict[str, list[Any]] = {name: [] for name in schema.names}
    for question in survey.questions.values():
        answers = question.answers
        safe = _safe([option for *_, option, _ in answers])
        texts = _safe([text for *_, text in answers])
        said = [texts.get(text) for *_, text in answers]
        wanted = sorted({text for text in said if text})
        is_open = question.kind == "text" or question.given.use in ("open_skills", "open_titles")
        skills: dict[str | None, list[str]] = dict(zip(wanted, skills_of(wanted), strict=True)) if is_open else {}
        titled = question.given.use == "open_titles"
        jobs: dict[str | None, str | None] = dict(zip(wanted, occupations_of(wanted), strict=True)) if titled else {}
        columns["respondent_id"] += [ids[file, row] for file, row, *_ in answers]
        columns["question_code"] += [question.code] * len(answers)
        columns["item"] += [item for _, _, item, *_ in answers]
        columns["part"] += [part for _, _, _, part, *_ in answers]
        columns["value"] += [value for _, _, _, _, value, _, _ in answers]
        columns["option"] += [safe.get(option) for *_, option, _ in answers]
        columns["text"] += said
        columns["skills"] += [skills.get(text) for text in said]
        columns["isco08"] += [jobs.get(text) for text in said]
    return pa.table(
        {name: pa.array(values, schema.field(name).type) for name, values in columns.items()}, schema=schema
    )


def _safe(texts: Sequence[str | None]) -> dict[str | None, str]:
    """Every text by itself, masked."""
    every = sorted({text for text in texts if text is not None})
    return dict(zip(every, [text or "" for text in masked(every)], strict=True))


def _language(files: Sequence[Answered]) -> str:
    """The language of the questions, by their small words."""
    text = " ".join(f" {c.heading} {c.text} ".lower() for file in files for c in file.columns)
    return max(_LANGUAGE, key=lambda lang: sum(text.count(word) for word in _LANGUAGE[lang]))
