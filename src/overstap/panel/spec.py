"""What a session asks: lists to rank, statements, and skills to rate; the settings that its folder holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(_Model):
    """Something to rank or rate."""

    item: Annotated[str, Field(min_length=1, max_length=200)]
    label_nl: str = ""
    label_en: str = ""
    theme: str | None = None
    evidence_nl: str | None = None
    evidence_en: str | None = None

    def label(self, lang: str) -> str:
        """Its label in a language; that of the other one, or its id, where there is none."""
        own, other = (self.label_nl, self.label_en) if lang == "nl" else (self.label_en, self.label_nl)
        return own or other or self.item

    def evidence(self, lang: str) -> str | None:
        """What it rests on, in a language or else in the other."""
        own, other = (self.evidence_nl, self.evidence_en) if lang == "nl" else (self.evidence_en, self.evidence_nl)
        return own or other


class Ranking(_Model):
    """A list to rank, with its question; `moment` where it is asked for the time before and after a date."""

    list: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    moment: Literal["before", "after", "all"] = "all"
    question: dict[str, str]
    items: Annotated[Sequence[Choice], Field(min_length=2, max_length=40)]

    @property
    def key(self) -> str:
        """The name of the list and its moment, as answers bear it."""
        return f"{self.list}.{self.moment}"


class Gap(_Model):
    """Skills of a function group, each rated for how important it is and for how well it is mastered."""

    function_group: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    items: Annotated[Sequence[Choice], Field(min_length=1, max_length=40)]


class Spec(_Model):
    """What a session asks."""

    session: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: dict[str, str]
    intro: dict[str, str] = {}
    round: Annotated[int, Field(ge=1)] = 1
    closes: datetime | None = None
    min_group: Annotated[int, Field(ge=3)] = 5
    scale: tuple[int, int] = (1, 5)
    rankings: list[Ranking] = []
    statements: list[Choice] = []
    gaps: list[Gap] = []

    @property
    def lists(self) -> list[Sequence[Choice]]:
        """What is ranked, and what is rated for gaps, by question."""
        return [*(one.items for one in self.rankings), *(one.items for one in self.gaps)]

    @property
    def asked(self) -> str:
        """A mark of what is asked: a form of other questions would put answers at the wrong ones."""
        told = self.model_dump(mode="json", include={"round", "scale", "rankings", "statements", "gaps"})
        return hashlib.blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=6).hexdigest()

    @model_validator(mode="after")
    def _each_once(self) -> Spec:
        groups = [[r.key for r in self.rankings], [s.item for s in self.statements]]
        groups.append([g.function_group for g in self.gaps])
        for names in [*groups, *([c.item for c in items] for items in self.lists)]:
            double = sorted({name for name in names if names.count(name) > 1})
            if double:
                raise ValueError(f"'{double[0]}' stands there twice")
        if not (self.rankings or self.statements or self.gaps):
            raise ValueError("nothing is asked: give rankings, statements or gaps")
        if not 1 <= self.scale[1] - self.scale[0] <= 10:
            raise ValueError("the scale needs two whole numbers, as [1, 5]")
        return self
