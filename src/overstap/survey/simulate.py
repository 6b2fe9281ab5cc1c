"""Answers to the bundled questionnaire with a known truth, as LimeSurvey exports them, to test the analysis."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from overstap.survey.evidence import template
from overstap.survey.questionnaire import Question, bundled

ROLES = {"dir": 0.15, "cto": 0.15, "hr": 0.2, "mgr": 0.2, "ict": 0.2, "spec": 0.1}
SECTORS = {"chem": 0.2, "ener": 0.2, "htsm": 0.3, "life": 0.15, "care": 0.15}
SIZES = {"s1": 0.15, "s10": 0.25, "s50": 0.3, "s250": 0.3}  # of respondents
FIRMS = {"s1": 0.55, "s10": 0.25, "s50": 0.12, "s250": 0.08}  # of the firms that they stand for
_SKILLS = (
    "Python en data-analyse",
    "cybersecurity",
    "SQL",
    "Python",
    "projectmanagement",
    "communicatieve vaardigheden",
    "machine learning",
)
_SHRINK = ("administratief medewerker", "secretaresse", "boekhouder")
_GROW = ("data scientist", "software engineer", "data engineer", "security specialist")


@dataclass
class Truth:
    """What the simulated answers were drawn from: per technology the chance that a firm has it in use, by size; the
    mean impact and gap; the share that expects a shortage, by role."""

    in_use: dict[tuple[str, str], float] = field(default_factory=dict)
    impact: dict[str, float] = field(default_factory=dict)
    gap: dict[tuple[str, str], float] = field(default_factory=dict)
    shortage: dict[tuple[str, str], float] = field(default_factory=dict)


def simulate(
    n: int = 600, seed: int = 7, doubles: int = 0, incomplete: int = 0, *, words: bool = True
) -> tuple[str, Truth]:
    """`n` answers as LimeSurvey exports them by code (CSV), with the truth; `doubles` of them are sent once more, and
    `incomplete` break off after the first group; `words`: with open answers."""
    rng = np.random.default_rng(seed)
    truth = _truth()
    header = ["id", "submitdate", "lastpage", "startlanguage", "seed", *_columns()]
    rows = [_respondent(rng, truth, words) for _ in range(n)]
    rows += [dict(row) for row in rows[:doubles]]
    for row in rows[max(0, n - incomplete) : n] if incomplete else []:
        for name in [name for name in row if not name.startswith(("ovRole", "ovSector", "ovSize"))]:
            del row[name]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    for at, row in enumerate(rows, 1):
        sent = "2024-10-01 09:00:00" if len(row) > 5 else ""
        facts = [str(at), sent, "7" if sent else "1", "nl", str(1000 + at)]
        writer.writerow([*facts, *(row.get(name, "") for name in header[5:])])
    return out.getvalue(), truth


def margins(firms: int = 100_000) -> str:
    """Firms by sector and size that the answers stand for, as a CSV of margins."""
    meaning = {q.use: {code: o["value"] for code, o in q.options.items()} for q in bundled().questions()}
    lines = [
        f"{meaning['sector'][sector]},{meaning['size'][size]},{firms * a * b:.0f}"
        for sector, a in SECTORS.items()
        for size, b in FIRMS.items()
    ]
    return "sector,size,total\n" + "\n".join(lines) + "\n"


def _columns() -> list[str]:
    names = []
    for q in bundled().questions():
        if q.kind == "ranking":
            names += [f"{q.code}[{rank}]" for rank in range(1, q.most + 1)]
        elif q.items:
            names += [f"{q.code}[{item}]" for item in q.items]
        else:
            names.append(q.code)
        names += [f"{q.code}[other]"] if q.has_other else []
    return names


def _truth() -> Truth:
    by_code = {q.code: q for q in bundled().questions()}
    truth = Truth()
    technologies = list(by_code["ovStage"].items.values())
    for at, technology in enumerate(technologies):
        for size, less in zip(SIZES, (0.3, 0.2, 0.1, 0.0), strict=True):
            truth.in_use[technology["value"], size] = max(0.02, 0.75 - 0.06 * at - less)
        truth.impact[technology["value"]] = 4.2 - 0.2 * at
    for group, more in (("ict", 0.4), ("manager", 0.8), ("other", 1.2)):
        for at, skill in enumerate(by_code["ovImpIct"].items.values()):
            truth.gap[group, skill["value"]] = more + (0.8 if at in (3, 4) else 0.0) - 0.1 * at
    for level, base in (("mbo", 0.3), ("hbo", 0.6), ("wo", 0.5)):
        for role in ROLES:
            truth.shortage[role, level] = base + (0.25 if role == "cto" else -0.15 if role == "hr" else 0.0)
    return truth


def _respondent(rng: np.random.Generator, truth: Truth, is_open: bool) -> dict[str, str]:
    row = {name: _drawn(rng, shares) for name, shares in (("ovRole", ROLES), ("ovSector", SECTORS), ("ovSize", SIZES))}
    for q in bundled().questions():
        if q.use in ("role", "sector", "size"):
            continue
        for code, item in q.items.items():
            row[f"{q.code}[{code}]"] = _answer(rng, q, item["value"], row, truth)
        if q.kind == "ranking":
            weights = np.array([np.exp(-0.35 * at) for at in range(len(q.options))])
            order = rng.choice(list(q.options), size=q.most, replace=False, p=weights / weights.sum())
            row |= {f"{q.code}[{rank}]": str(code) for rank, code in enumerate(order, 1)}
        elif q.kind == "number":
            row[q.code] = str(rng.poisson(3))
        elif q.kind == "text" and is_open and rng.random() < 0.5:
            words = {"ovShrink": _SHRINK, "ovGrow": _GROW}.get(q.code, _SKILLS if q.use == "open_skills" else ())
            row |= {q.code: str(rng.choice(words))} if words else {}
    return row


def _answer(rng: np.random.Generator, q: Question, item: str, row: dict[str, str], truth: Truth) -> str:
    if q.use == "adoption":
        if rng.random() < truth.in_use[item, row["ovSize"]]:
            return str(rng.choice(["3", "4"]))
        return str(rng.choice(["0", "1", "2"]))
    if q.use == "impact":
        return _step(rng, truth.impact[item])
    if q.use == "shortage":
        return str(rng.choice(["4", "5"] if rng.random() < truth.shortage[row["ovRole"], item] else ["1", "2", "3"]))
    if q.use in ("importance", "mastery"):
        return _step(rng, 3.0 + (0.5 if q.use == "importance" else -0.5) * truth.gap[q.group, item])
    if q.kind == "multiple":
        return (
            "Y"
            if rng.random()
            < 0.6 - 0.05 * list(q.items).index(next(k for k, v in q.items.items() if v["value"] == item))
            else ""
        )
    return _step(rng, 3.4)


def _step(rng: np.random.Generator, mean: float) -> str:
    """A step from 1 to 5 of which the mean is `mean`: the sum of four chances."""
    return str(1 + int(rng.binomial(4, (mean - 1) / 4)))


def _drawn(rng: np.random.Generator, shares: dict[str, float]) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))


def write_survey(folder: Path, seed: int, n: int = 400, *, words: bool = True) -> None:
    """Write simulated answers, margins and two entries of invented evidence to `folder`; `words`: open answers too."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "answers.csv": simulate(n, seed, 5, 12, words=words)[0],
        "margins.csv": margins(),
        "evidence.csv": template(),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
