"""What panels rank and rate: own items, technologies, skills and categories by id or label; statements; claims."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from overstap.errors import InputError
from overstap.reference.tables import load
from overstap.reference.technologies import Technology

Row = dict[str, Any]
ITEM_COLUMNS = ("item", "label_nl", "label_en", "item_kind", "item_id")
CLAIM_COLUMNS = (
    "claim_id", "item", "claim_nl", "claim_en", "direction", "size", "unit", "period", "source", "where",
)  # fmt: skip
DIRECTIONS = ("up", "down", "open")
KINDS = ("technology", "skill", "category")


@dataclass(frozen=True)
class Item:
    """An item: its id, labels, and the kind and id that it has in the ads, where it is known there."""

    id: str
    labels: Mapping[str, str]
    kind: str | None = None
    matched: str | None = None


class Index:
    """Items by what people write: an id or a label in either language. Own items come first, then technologies,
    categories, skills and `others`, known by name alone; what is none of them is an item by its own name that no ad can
    bear out."""

    def __init__(
        self,
        own: Sequence[Item],
        technologies: Sequence[Technology],
        skills: Iterable[Row],
        others: Iterable[Item] = (),
    ) -> None:
        groups = load("skill_categories").to_pylist()
        known = [
            *own,
            *(Item(one.id, one.labels, "technology", one.id) for one in technologies),
            *(
                Item(r["category"], {"nl": r["label_nl"], "en": r["label_en"]}, "category", r["category"])
                for r in groups
            ),
            *(_skill(row) for row in skills),
            *others,
        ]
        self._named: dict[str, Item] = {}
        for names in (
            _ids,
            _labels,
            _abbreviations,
        ):  # an id stands before any label, a label before what it abbreviates
            for item in known:
                for name in names(item):
                    self._named.setdefault(_key(name), item)
        self._by_id = {item.id: item for item in reversed(known)}

    def find(self, text: str) -> str:
        """The id of the item that is written so; the text itself where none is known."""
        item = self._named.get(_key(text))
        return item.id if item else " ".join(text.split())

    def item(self, id: str) -> Item:
        """The item with an id that `find` gave."""
        return self._by_id.get(id) or Item(id, {"nl": id, "en": id})


def _skill(row: Row) -> Item:
    name = row["label_en"] or row["label_nl"] or row["skill_id"]
    return Item(row["skill_id"], {"nl": row["label_nl"] or name, "en": name}, "skill", row["skill_id"])


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _ids(item: Item) -> list[str]:
    return [item.id]


def _labels(item: Item) -> list[str]:
    return [label for label in item.labels.values() if label]


def _abbreviations(item: Item) -> list[str]:
    """What labels give in brackets in capitals, as AI."""
    short = (
        label.rsplit("(", 1)[1].rstrip(")") for label in item.labels.values() if label.endswith(")") and "(" in label
    )
    return [one for one in short if one[:1].isupper() and one[-1:].isupper()]


def read_items(path: Path) -> list[Item]:
    """Own items of a CSV. Raises InputError for a missing column, an item named twice, or an unknown kind."""
    rows = _table(path, ITEM_COLUMNS[:3], "items")
    found: dict[str, Item] = {}
    for row in rows:
        kind, matched = row.get("item_kind") or None, row.get("item_id") or None
        if not row["item"] or row["item"] in found:
            raise InputError(
                f"{path}: the item '{row['item']}' is empty or named twice.", fix="Give each a name of its own."
            )
        if (kind is None) != (matched is None) or kind not in (None, *KINDS):
            raise InputError(f"{path}: '{row['item']}' has the item_kind '{kind}' and the item_id '{matched}'.",
                             fix=f"Leave both empty, or give a kind ({', '.join(KINDS)}) and its id.")  # fmt: skip
        labels = {lang: row[f"label_{lang}"] or row["item"] for lang in ("nl", "en")}
        found[row["item"]] = Item(row["item"], labels, kind, matched)
    return list(found.values())


def read_statements(path: Path) -> list[Row]:
    """Statements of a YAML list: statement_id, text_nl, text_en, theme, evidence_nl and evidence_en, or evidence for
    both. Raises InputError for faults."""
    fix = "Give a list of statement_id, text_nl, text_en and, if known, theme, evidence_nl and evidence_en."
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"panel: cannot read statements of {path}: {error}", fix=fix) from error
    given = given.get("statements") if isinstance(given, dict) else given
    if not isinstance(given, list) or not given:
        raise InputError(f"{path} holds no list of statements.", fix=fix)
    rows: dict[str, Row] = {}
    for n, one in enumerate(given, 1):
        texts = [str(one.get(f"text_{lang}") or "").strip() for lang in ("nl", "en")] if isinstance(one, dict) else []
        name = str(one.get("statement_id") or "").strip() if isinstance(one, dict) else ""
        if not name or not any(texts) or name in rows:
            raise InputError(f"{path}: statement {n} has no id of its own, or no text.", fix=fix)
        rests = [_rests(one.get(f"evidence_{lang}") or one.get("evidence")) for lang in ("nl", "en")]
        rows[name] = {
            "item": name,
            "label_nl": texts[0] or texts[1],
            "label_en": texts[1] or texts[0],
            "theme": str(one["theme"]) if one.get("theme") else None,
            "evidence_nl": rests[0] or rests[1],
            "evidence_en": rests[1] or rests[0],
        }
    return list(rows.values())


def _rests(given: Any) -> str | None:
    """What a statement rests on, in one text."""
    return ("; ".join(map(str, given)) if isinstance(given, list) else str(given)) if given else None


def read_claims(path: Path | None) -> list[Row]:
    """Claims of the literature: the bundled ones, and those of an own CSV. Raises InputError for faults."""
    rows: list[Row] = load("literature_claims").to_pylist()
    if path is None:
        return rows
    seen = {row["claim_id"] for row in rows}
    for row in _table(path, CLAIM_COLUMNS, "claims"):
        if not row["claim_id"] or row["claim_id"] in seen:
            raise InputError(f"{path}: the claim_id '{row['claim_id']}' is empty or taken.", fix="Give each its own.")
        if row["direction"] not in DIRECTIONS or not row["item"] or not row["source"]:
            raise InputError(f"{path}: claim '{row['claim_id']}' lacks an item, a source, or a direction.",
                             fix=f"Directions: {', '.join(DIRECTIONS)}.")  # fmt: skip
        seen.add(row["claim_id"])
        try:
            size = float(row["size"].replace(",", ".")) if row["size"] else None
        except ValueError:
            raise InputError(
                f"{path}: claim '{row['claim_id']}' has the size '{row['size']}'.", fix="Write a number."
            ) from None
        texts = {f"claim_{a}": row[f"claim_{a}"] or row[f"claim_{b}"] for a, b in (("nl", "en"), ("en", "nl"))}
        rows.append({**{name: row[name] or None for name in CLAIM_COLUMNS}, **texts, "size": size})
    return rows


def _table(path: Path, needed: Sequence[str], what: str) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"panel: cannot read {what} of {path}: {error}", fix="Give a CSV in UTF-8.") from error
    head = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=max(";,", key=head.count))
    missing = [name for name in needed if name not in (reader.fieldnames or [])]
    if missing:
        raise InputError(f"{path} lacks {', '.join(missing)}.", fix=f"Columns: {', '.join(needed)}.")
    return [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
