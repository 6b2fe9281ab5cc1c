"""ESCO concepts gathered from several files and merged by URI, and the Arrow tables made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

LANGUAGES = ("nl", "en")
FLAGS = ("digital", "transversal", "language")
# Ends of the URIs of concept schemes whose members carry a flag.
SCHEME_FLAGS = {
    "6c930acd-c104-4ece-acf7-f44fd7333036": "digital",
    "digital": "digital",
    "digcomp": "digital",
    "skill-transversal-groups": "transversal",
    "skill-language-groups": "language",
}

SKILLS_SCHEMA = pa.schema(
    [
        ("esco_uri", pa.string()),
        ("label_nl", pa.string()),
        ("label_en", pa.string()),
        ("alt_nl", pa.list_(pa.string())),
        ("alt_en", pa.list_(pa.string())),
        ("skill_type", pa.string()),
        ("reuse_level", pa.string()),
        ("is_digital", pa.bool_()),
        ("is_transversal", pa.bool_()),
        ("is_language", pa.bool_()),
        ("group_uri", pa.string()),
        ("group_code", pa.string()),
    ]
)
OCCUPATIONS_SCHEMA = pa.schema(
    [
        ("esco_uri", pa.string()),
        ("isco08", pa.string()),
        ("label_nl", pa.string()),
        ("label_en", pa.string()),
        ("alt_nl", pa.list_(pa.string())),
        ("alt_en", pa.list_(pa.string())),
    ]
)
RELATIONS_SCHEMA = pa.schema([("occupation_uri", pa.string()), ("skill_uri", pa.string()), ("relation", pa.string())])


@dataclass
class Concept:
    """A skill or occupation: the first label given in a language wins, later ones become alternative labels."""

    labels: dict[str, str] = field(default_factory=dict)
    alts: dict[str, dict[str, None]] = field(default_factory=lambda: {language: {} for language in LANGUAGES})
    facts: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    has_schemes: bool = False

    def add_labels(self, language: str, label: str, alternatives: Iterable[str]) -> None:
        if label:
            first = self.labels.setdefault(language, label)
            if label != first:
                self.alts[language][label] = None
        self.alts[language].update((alt, None) for alt in alternatives)

    def add_facts(self, **facts: str) -> None:
        for key, value in facts.items():
            if value:
                self.facts.setdefault(key, value)

    def alternatives(self, language: str) -> list[str]:
        return [alt for alt in self.alts[language] if alt != self.labels.get(language)]


@dataclass
class Collector:
    """All that was read so far. Files are to be added best first: the newest and most complete."""

    skills: dict[str, Concept] = field(default_factory=dict)
    occupations: dict[str, Concept] = field(default_factory=dict)
    relations: dict[tuple[str, str], str] = field(default_factory=dict)
    broader: dict[str, list[str]] = field(default_factory=dict)
    group_codes: dict[str, str] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    flags_given: set[str] = field(default_factory=set)

    def skill(self, uri: str) -> Concept:
        return self.skills.setdefault(uri, Concept())

    def occupation(self, uri: str) -> Concept:
        return self.occupations.setdefault(uri, Concept())

    def add_schemes(self, uri: str, schemes: Iterable[str]) -> None:
        """Flags of a skill from the concept schemes it is a member of."""
        concept = self.skill(uri)
        concept.has_schemes = True
        for scheme in schemes:
            flag = SCHEME_FLAGS.get(scheme.rsplit("/", 1)[-1])
            if flag:
                concept.flags.add(flag)

    def group_of(self, uri: str) -> str | None:
        """The nearest skill group above a skill, walking up over broader skills; None where it is not known."""
        level, seen = [uri], {uri}
        while level:
            above = sorted({parent for concept in level for parent in self.broader.get(concept, ())} - seen)
            groups = [parent for parent in above if self._is_group(parent)]
            if groups:
                return min(groups, key=lambda g: (not self.group_codes.get(g, "").startswith(("S", "L", "T")), g))
            seen.update(above)
            level = above
        return None

    def _is_group(self, uri: str) -> bool:
        if uri in self.groups or uri in self.group_codes or "/isced-f/" in uri:
            return True
        return not self.groups and uri not in self.skills

    def group_code(self, uri: str | None) -> str | None:
        if uri is None:
            return None
        if "/isced-f/" in uri:
            return uri.rsplit("/", 1)[-1]
        return self.group_codes.get(uri)

    def _flag(self, concept: Concept, flag: str) -> bool | None:
        """True for members, False where membership was given and the skill is none, else unknown."""
        if flag in concept.flags:
            return True
        return False if concept.has_schemes or flag in self.flags_given else None

    def skills_table(self) -> pa.Table:
        """One row a skill, by URI, with the columns of `SKILLS_SCHEMA`; a label that no file gives is null."""
        rows = []
        for uri, concept in sorted(self.skills.items()):
            group = self.group_of(uri)
            rows.append(
                _labels(uri, concept)
                | {
                    "skill_type": concept.facts.get("skill_type"),
                    "reuse_level": concept.facts.get("reuse_level"),
                    "group_uri": group,
                    "group_code": self.group_code(group),
                }
                | {f"is_{flag}": self._flag(concept, flag) for flag in FLAGS}
            )
        return pa.Table.from_pylist(rows, schema=SKILLS_SCHEMA)

    def occupations_table(self) -> pa.Table:
        """One row an occupation, by URI, with the columns of `OCCUPATIONS_SCHEMA`."""
        rows = [
            _labels(uri, concept) | {"isco08": concept.facts.get("isco08")}
            for uri, concept in sorted(self.occupations.items())
        ]
        return pa.Table.from_pylist(rows, schema=OCCUPATIONS_SCHEMA)

    def relations_table(self) -> pa.Table:
        """One row a pair of occupation and skill; `relation` is essential or optional."""
        rows = [
            {"occupation_uri": occupation, "skill_uri": skill, "relation": relation}
            for (occupation, skill), relation in sorted(self.relations.items())
        ]
        return pa.Table.from_pylist(rows, schema=RELATIONS_SCHEMA)


def _labels(uri: str, concept: Concept) -> dict[str, object]:
    row: dict[str, object] = {"esco_uri": uri}
    for language in LANGUAGES:
        row[f"label_{language}"] = concept.labels.get(language)
        row[f"alt_{language}"] = concept.alternatives(language)
    return row
