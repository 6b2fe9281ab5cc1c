"""The skills taxonomy as the matcher uses it: the bundled core skills, alone or merged with the user's full ESCO.

Merging: an ESCO skill that a core skill names by URI keeps the core id and category and adds its labels as forms.
Every other ESCO skill becomes `esco.<uuid>`; its category is `language` where ESCO lists it as a language, else
`digital_esco` (group digital) where it is in ESCO's digital collection, else `transversal_esco` (group other), else
`professional`.

`esco_forms.csv` gives ESCO skills the forms of their own that ads write and ESCO does not list ("rapportages
opstellen"); they go to the core skill that names the same URI, else to the ESCO skill.

A form that several skills claim goes to one: core before an ESCO preferred label before a form of `esco_forms.csv`
before an alternative label, then the lower id. A core form keeps every ESCO form with the same tokens out, whatever its
case: the core's authors marked the ambiguous ones. ESCO labels of one token are guarded, since many are common words:
at most three characters (`SAS`, `C#`) hold only as written and beside another skill of their own group, in lower case
and shorter than three they are left out; an alternative label that is one plain word (`lead`, `scale`) is left out,
save Dutch ones of nine letters or more, which are compounds; one with a capital (`Google`) holds only as written. A
single word that a remark in brackets explained (`Source (digital game creation systems)`) holds only as written beside
another skill of its group. Labels too common or ambiguous to count in running text stand in `esco_blocked_forms.csv`:
never, or only beside words it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from overstap.ads.tokens import fold_tokens, unicode_version
from overstap.errors import ReferenceDataError, nearest
from overstap.reference.cache import Parcel, keep, source_digest
from overstap.reference.core_files import (
    CATEGORIES,
    Blocked,
    CoreSkill,
    Form,
    core_paths,
    read_blocked,
    read_core,
    read_esco_forms,
)
from overstap.reference.home import data_home

SKILLS = pa.schema(
    [(name, pa.string()) for name in ("skill_id", "esco_uri", "label_nl", "label_en", "category", "category_group")]
)
FORMS = pa.schema(
    [
        ("form", pa.string()),
        ("skill_index", pa.int32()),
        ("language", pa.string()),
        ("case_sensitive", pa.bool_()),
        ("needs_context", pa.bool_()),
    ]
)
CONTEXTS = pa.schema(
    [
        ("skill_index", pa.int32()),
        ("form", pa.string()),
        ("case_sensitive", pa.bool_()),
        ("category_group", pa.string()),
    ]
)
NAMES = ("core", "esco")
_CORE, _PREFERRED, _OWN, _ALTERNATIVE, _NOT = 0, 1, 2, 3, 4
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_SHORT, _DUTCH_COMPOUND = 3, 9
_RULES = ("ads/tokens.py", "reference/core_files.py", "reference/forms.py", "reference/taxonomy.py")
"""What the content follows from, beside core files and ESCO."""


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """A loaded taxonomy.

    `skills`: one row a skill. `forms`: one row a surface form, `skill_index` is the row in `skills`, −1 for phrases
    that only hide shorter forms. `contexts`: what must stand near a form that needs context, a word or phrase (`form`)
    or any plain mention of a group of skills (`category_group`), one of the two filled. `version`: see
    `taxonomy_version`; empty where it was merged from rows. `collisions`: forms lost to another skill. `unusable`:
    forms that no text can match, as written.
    """

    name: str
    skills: pa.Table
    forms: pa.Table
    contexts: pa.Table
    version: str
    collisions: int
    unusable: tuple[str, ...]

    def pack(self) -> Parcel:
        """What `unpack` makes the same taxonomy of."""
        tables = {"skills": self.skills, "forms": self.forms, "contexts": self.contexts}
        arrays = {
            f"{name}.{column}": table[column].combine_chunks()
            for name, table in tables.items()
            for column in table.column_names
        }
        facts = {"name": self.name, "version": self.version, "collisions": self.collisions, "unusable": self.unusable}
        return Parcel(arrays, facts)

    @classmethod
    def unpack(cls, parcel: Parcel) -> Taxonomy:
        """The taxonomy of a parcel; raises KeyError or ArrowException where it holds something else."""
        tables = {
            name: pa.table([parcel.arrays[f"{name}.{column}"] for column in schema.names], schema=schema)
            for name, schema in (("skills", SKILLS), ("forms", FORMS), ("contexts", CONTEXTS))
        }
        facts = parcel.facts
        return cls(
            facts["name"],
            **tables,
            version=facts["version"],
            collisions=facts["collisions"],
            unusable=tuple(facts["unusable"]),
        )


def load_taxonomy(name: str = "core", *, folder: Path | None = None, home: Path | None = None) -> Taxonomy:
    """Load taxonomy `core` or `esco` (core and the ESCO installed in `home`, the user's data folder by default).

    Merged once and kept, in this process and in the cache folder: full ESCO takes seconds. `folder` names other core
    files than the bundled ones; these are read each time. Raises ReferenceDataError for an unknown name, broken core
    files, or where ESCO is not installed.
    """
    version = taxonomy_version(name, folder=folder, home=home)
    return _merged(name, version, folder, home) if folder is not None else _kept(name, version, data_home(home))


def taxonomy_version(name: str = "core", *, folder: Path | None = None, home: Path | None = None) -> str:
    """The version that `load_taxonomy` would give, without building: a hash of the core files as bytes, the installed
    ESCO skills and the rules of the merge. Raises ReferenceDataError as `load_taxonomy`, save for what the files hold.
    """
    if name not in NAMES:
        raise ReferenceDataError(f"There is no taxonomy '{name}'.", fix=nearest(name, NAMES) or "Use core or esco.")
    digest = blake2b(f"{name}/{unicode_version()}/{source_digest(*_RULES)}".encode(), digest_size=16)
    for path in core_paths(folder or _core_folder()):
        raw = path.read_bytes()
        digest.update(f"/{path.name}/{len(raw)}/".encode() + raw)
    digest.update(_esco_forms_path().read_bytes())
    if name == "esco":
        from overstap.reference.esco import skills_digest

        digest.update(skills_digest(home).encode() + _blocked_path().read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _kept(name: str, version: str, home: Path) -> Taxonomy:
    def build() -> Taxonomy:
        return _merged(name, version, _core_folder(), home)

    return keep(f"taxonomy-{name}", version, build, Taxonomy.pack, Taxonomy.unpack, home)


def _merged(name: str, version: str, folder: Path, home: Path | None) -> Taxonomy:
    core, own = read_core(folder), read_esco_forms(_esco_forms_path())
    if name != "esco":
        return replace(build_taxonomy(core, own=own), version=version)
    from overstap.reference.esco import load_skills

    return replace(build_taxonomy(core, load_skills(home), read_blocked(_blocked_path()), own), version=version)


def _data() -> Path:
    return Path(str(files("overstap.reference"))) / "data"


def _core_folder() -> Path:
    return _data() / "core_skills"


def _esco_forms_path() -> Path:
    return _data() / "esco_forms.csv"


def _blocked_path() -> Path:
    return _data() / "esco_blocked_forms.csv"


def build_taxonomy(
    core: Iterable[CoreSkill],
    esco: pa.Table | None = None,
    blocked: Mapping[tuple[str, ...], Blocked] | None = None,
    own: Mapping[str, Iterable[Form]] | None = None,
) -> Taxonomy:
    """Merge core skills and a table of ESCO skills (esco_uri, label_nl, label_en, alt_nl, alt_en, is_digital,
    is_transversal, is_language) into one taxonomy, without the labels that are `blocked` and with forms of our `own`
    (URI → forms; of skills that are in neither they are left out); see the module for the rules.
    """
    merged = _Merge(blocked or {})
    for skill in core:
        merged.add_core(skill)
    for row in esco.to_pylist() if esco is not None else []:
        merged.add_esco(row)
    for uri, forms in (own or {}).items():
        merged.add_own(uri, forms)
    return merged.result("core" if esco is None else "esco")


class _Merge:
    """Collects skills, and claims on forms."""

    def __init__(self, blocked: Mapping[tuple[str, ...], Blocked]) -> None:
        self.blocked = blocked
        self.skills: list[dict[str, str | None]] = []
        self.by_uri: dict[str, int] = {}
        self.claims: list[tuple[int, str, Form, int]] = []  # rank, skill id, form, skill index
        self.contexts: dict[tuple[int, str | None, bool, str | None], None] = {}

    def add_skill(self, skill_id: str, uri: str | None, nl: str | None, en: str | None, category: str) -> int:
        values = (skill_id, uri, nl, en, category, CATEGORIES[category])
        self.skills.append(dict(zip(SKILLS.names, values, strict=True)))
        return len(self.skills) - 1

    def add_core(self, skill: CoreSkill) -> None:
        index = self.add_skill(skill.skill_id, skill.esco_uri, skill.label_nl, skill.label_en, skill.category)
        if skill.esco_uri:
            self.by_uri.setdefault(skill.esco_uri, index)
        self.claims += [(_CORE, skill.skill_id, form, index) for form in skill.forms]
        self.claims += [(_NOT, skill.skill_id, form, -1) for form in skill.not_forms]
        for form in skill.context:
            self.contexts[index, form.text, form.case_sensitive, None] = None
        for group in skill.context_groups:
            self.contexts[index, None, False, group] = None

    def add_esco(self, row: Mapping[str, Any]) -> None:
        index = self.by_uri.get(row["esco_uri"])
        if index is None:
            skill_id = "esco." + row["esco_uri"].rsplit("/", 1)[-1]
            index = self.add_skill(skill_id, row["esco_uri"], row["label_nl"], row["label_en"], _category(row))
            self.by_uri[row["esco_uri"]] = index
        skill_id, group = str(self.skills[index]["skill_id"]), self.skills[index]["category_group"]
        for language in ("nl", "en"):
            labels = [(_PREFERRED, row[f"label_{language}"])]
            labels += [(_ALTERNATIVE, label) for label in row[f"alt_{language}"] or ()]
            for rank, label in labels:
                form = _esco_form(label, language, preferred=rank == _PREFERRED)
                blocked = self.blocked.get(fold_tokens(form.text) or ()) if form else None
                if form is None or blocked == Blocked():
                    continue
                if blocked:
                    form = replace(form, needs_context=True)
                    for word in blocked.words:
                        self.contexts[index, word.text, word.case_sensitive, None] = None
                    for near in blocked.groups:
                        self.contexts[index, None, False, near] = None
                elif form.needs_context:
                    self.contexts[index, None, False, group] = None
                self.claims.append((rank, skill_id, form, index))

    def add_own(self, uri: str, forms: Iterable[Form]) -> None:
        index = self.by_uri.get(uri)
        if index is not None:
            self.claims += [(_OWN, str(self.skills[index]["skill_id"]), form, index) for form in forms]

    def result(self, name: str) -> Taxonomy:
        taken: dict[tuple[str, ...], int] = {}  # tokens → best rank that took them
        kept: dict[tuple[tuple[str, ...], str], tuple[Form, int]] = {}
        collisions, unusable = 0, []
        for rank, _, form, index in sorted(self.claims, key=lambda c: (c[0], c[1], c[2].needs_context, c[2].text)):
            tokens = fold_tokens(form.text)
            if tokens is None:
                unusable.append(form.text)
                continue
            key = (tokens, form.text if form.case_sensitive else "")
            holder = kept.get(key)
            if holder is None and not (rank in (_PREFERRED, _OWN, _ALTERNATIVE) and taken.get(tokens) == _CORE):
                kept[key] = (form, index)
                taken.setdefault(tokens, rank)
            elif holder is not None and holder[1] == index:
                if holder[0].language != form.language:
                    kept[key] = (replace(holder[0], language="any"), index)
            elif rank != _NOT:
                collisions += 1
        return self._taxonomy(name, list(kept.values()), collisions, tuple(dict.fromkeys(unusable)))

    def _taxonomy(
        self, name: str, kept: list[tuple[Form, int]], collisions: int, unusable: tuple[str, ...]
    ) -> Taxonomy:
        columns = [
            [form.text for form, _ in kept],
            [index for _, index in kept],
            [form.language for form, _ in kept],
            [form.case_sensitive for form, _ in kept],
            [form.needs_context for form, _ in kept],
        ]
        forms = pa.table(
            [pa.array(values, kind.type) for values, kind in zip(columns, FORMS, strict=True)], schema=FORMS
        )
        skills = pa.Table.from_pylist(self.skills, schema=SKILLS)
        rows = [
            dict(zip(CONTEXTS.names, (i, text, case, group), strict=True)) for i, text, case, group in self.contexts
        ]
        contexts = pa.Table.from_pylist(rows, schema=CONTEXTS)
        return Taxonomy(name, skills, forms, contexts, "", collisions, unusable)


def _category(row: Mapping[str, Any]) -> str:
    if row["is_language"]:
        return "language"
    if row["is_digital"]:
        return "digital_esco"
    return "transversal_esco" if row["is_transversal"] else "professional"


def _esco_form(label: str | None, language: str, *, preferred: bool) -> Form | None:
    """An ESCO label as a form: remarks in brackets off, single words guarded; None where nothing usable is left."""
    text = " ".join(_BRACKETS.sub(" ", label or "").split())
    if not text:
        return None
    tokens = fold_tokens(text)
    if tokens is None or len(tokens) > 1:
        return Form(text, language)
    size, lower = len(tokens[0]), text == text.lower()
    if text != " ".join((label or "").split()) and not lower:
        return Form(text, language, case_sensitive=True, needs_context=True)
    if size <= _SHORT:
        return None if lower and size < _SHORT else Form(text, language, case_sensitive=True, needs_context=True)
    if preferred or (language == "nl" and size >= _DUTCH_COMPOUND):
        return Form(text, language)
    return None if lower else Form(text, language, case_sensitive=True)
