"""A live session as a folder: what is asked, who may answer, and the answers, in a file that only grows.

Tokens are kept as digests. An expert's number follows from the token by another digest, so that no file ties an
answer to an invitation; only who holds a link can. A line of answers is written whole and forced to the disk; the last
line of an expert in a round counts, and a line that a crash cut off counts for nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from overstap.errors import InputError
from overstap.panel.spec import Choice, Spec
from overstap.schema.out import ALL
from overstap.whole import whole_file

Row = dict[str, Any]
SETTINGS, ACCESS, ANSWERS = "session.yaml", "access.json", "answers.jsonl"
EXPERT, MODERATOR = "expert", "moderator"
SIDES = ("importance", "mastery")
_NUMBER = re.compile(r"-?[0-9]{1,4}")
MOST_TIMES = 200  # that one link may change its answers in a round: the file stays small whoever holds it


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Session:
    """A session in its folder."""

    folder: Path
    spec: Spec
    clock: Callable[[], datetime] = _now

    @classmethod
    def open(cls, folder: Path) -> Session:
        """The session of a folder. Raises InputError where there is none, or its settings do not hold."""
        path = folder / SETTINGS
        fix = "Make one: overstap panel new FOLDER"
        try:
            spec = Spec.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise InputError(f"There is no session in {folder}.", fix=fix) from None
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise InputError(f"Cannot read {path}: {error}", fix=fix) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the session"
            raise InputError(
                f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}.", fix="Mend it there."
            ) from None
        return cls(folder, spec)

    def refresh(self) -> None:
        """Take up what the folder asks now, as after `overstap panel next`; faulty settings change nothing."""
        with suppress(InputError):
            self.spec = Session.open(self.folder).spec

    @property
    def choices(self) -> list[Choice]:
        """What any round asked to rank, or to rate for gaps."""
        specs = (self.spec, *self._earlier())
        return list({one.item: one for spec in specs for items in spec.lists for one in items}.values())

    @property
    def statements(self) -> list[Row]:
        """The statements of every round as `core_panel_items` holds them, those of this round first."""
        names = ("label_nl", "label_en")
        found: dict[str, Row] = {}
        for s in (s for spec in (self.spec, *self._earlier()) for s in spec.statements):
            labels = {name: getattr(s, name) or s.label(name[-2:]) for name in names}
            rests = {"evidence_nl": s.evidence("nl"), "evidence_en": s.evidence("en")}
            found.setdefault(s.item, {"item": s.item, "theme": s.theme} | rests | labels)
        return list(found.values())

    def _earlier(self) -> Iterator[Spec]:
        """What the rounds before asked, the last first."""
        for number in range(self.spec.round - 1, 0, -1):
            path = self.folder / asked_in(number)
            if path.is_file():
                yield Spec.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    def invite(self, experts: int) -> dict[str, list[str]]:
        """New tokens of a moderator and of `experts` experts, beside those given before; they are kept nowhere."""
        made = {MODERATOR: [secrets.token_urlsafe(16)], EXPERT: [secrets.token_urlsafe(16) for _ in range(experts)]}
        known = self._access()
        for role, tokens in made.items():
            known[role] = sorted({*known.get(role, []), *(_digest(token, "access") for token in tokens)})
        _write(self.folder / ACCESS, json.dumps(known, indent=1))
        return made

    def _access(self) -> dict[str, list[str]]:
        path = self.folder / ACCESS
        found: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return found

    def role_of(self, token: str) -> str | None:
        """expert or moderator; None for a token that nobody was given."""
        digest, found = _digest(token, "access"), None
        for role, known in self._access().items():  # all of them, so that the time taken tells nothing
            if sum(hmac.compare_digest(digest, one) for one in known):
                found = role
        return found

    def invited_n(self) -> int:
        """How many experts were invited."""
        return len(self._access().get(EXPERT, []))

    def is_closed(self) -> bool:
        """Whether the round takes no more answers: its time is over, or the moderator closed it."""
        closes = self.spec.closes
        if (self.folder / f"closed-{self.spec.round}").exists():
            return True
        return closes is not None and self.clock() >= closes.astimezone(UTC)

    def close(self) -> None:
        """Take no more answers in this round, also after a restart."""
        (self.folder / f"closed-{self.spec.round}").touch()

    def answer(self, token: str, given: Mapping[str, Any]) -> bool:
        """Keep the answers of an expert in this round; False where they are the same as before (a double submit).

        Raises InputError where the round is closed, whatever the form showed.
        """
        rater = rater_of(token)
        with self._writing() as file:
            if self.is_closed():
                raise InputError("This round is closed.", fix="Ask the moderator for a next round.")
            if self._last().get((self.spec.round, rater)) == given:
                return False
            if file.seek(0, os.SEEK_END) and self._times(rater) >= MOST_TIMES:
                raise InputError(f"These answers were changed {MOST_TIMES} times.", fix="Ask the moderator for a link.")
            line = json.dumps({"round": self.spec.round, "rater": rater, **given}, ensure_ascii=False, sort_keys=True)
            data = f"{line}\n".encode()
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                data = data if file.read(1) == b"\n" else b"\n" + data  # behind a line that a crash cut off
            file.seek(0, os.SEEK_END)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return True

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with open(self.folder / ANSWERS, "a+b", opener=_private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _last(self) -> dict[tuple[int, str], dict[str, Any]]:
        """The answers that count, by round and expert."""
        path = self.folder / ANSWERS
        found: dict[tuple[int, str], dict[str, Any]] = {}
        for line in path.read_bytes().split(b"\n") if path.is_file() else []:
            try:
                row = json.loads(line)
                key = (int(row.pop("round")), str(row.pop("rater")))
            except (ValueError, KeyError, AttributeError, TypeError):
                continue  # a line that a crash cut off
            found[key] = row
        return found

    def _times(self, rater: str) -> int:
        """How many lines this round has of an expert."""
        begun, by = f'"round": {self.spec.round}'.encode(), f'"rater": "{rater}"'.encode()
        return sum(begun in line and by in line for line in (self.folder / ANSWERS).read_bytes().split(b"\n"))

    def own(self, token: str, round_: int | None = None) -> dict[str, Any]:
        """What an expert answered in a round (this one by default); empty where nothing."""
        return self.answers_of(rater_of(token), round_)

    def answers_of(self, rater: str, round_: int | None = None) -> dict[str, Any]:
        """As `own`, by an expert's number."""
        return self._last().get((round_ or self.spec.round, rater), {})

    def state(self) -> tuple[int, int, bool]:
        """What an outcome follows from: the round, the size of the answers, and whether the round is closed."""
        path = self.folder / ANSWERS
        return self.spec.round, path.stat().st_size if path.is_file() else 0, self.is_closed()

    def answered_n(self) -> int:
        """How many experts answered this round."""
        return sum(round_ == self.spec.round for round_, _ in self._last())

    def experts(self) -> list[str]:
        """Numbers of the experts who answered this round."""
        return sorted(rater for round_, rater in self._last() if round_ == self.spec.round)

    def rankings(self) -> list[Row]:
        """Rows of `core_rankings`, of every round, with `label` in place of the number."""
        return [
            {
                "session": self.spec.session,
                "list": key.rpartition(".")[0],
                "moment": key.rpartition(".")[2],
                "round": round_,
                "label": rater,
                "role": None,
                "item": item,
                "rank": rank,
                "unranked": "below",
            }
            for (round_, rater), row in self._last().items()
            for key, ranks in row.get("ranks", {}).items()
            for item, rank in ranks.items()
        ]

    def ratings(self) -> list[Row]:
        """Rows of `core_ratings`, of every round, with `label` in place of the number: of statements and of gaps."""
        low, high = self.spec.scale
        return [
            {
                "session": self.spec.session,
                "round": round_,
                "label": rater,
                "role": None,
                "item": item,
                "function_group": group,
                "aspect": aspect,
                "value": value,
                "scale_low": low,
                "scale_high": high,
            }
            for (round_, rater), row in self._last().items()
            for group, item, aspect, value in _rated(row)
        ]


def _rated(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str, int | None]]:
    """Function group, item, aspect and value of all that an expert rated."""
    for item, value in row.get("ratings", {}).items():
        yield ALL, item, "agreement", value
    for group, items in row.get("gaps", {}).items():
        for item, sides in items.items():
            for aspect, value in sides.items():
                yield group, item, aspect, value


def rater_of(token: str) -> str:
    """The number under which the answers of a token's holder are kept."""
    return _digest(token, "rater")[:12]


def _digest(token: str, purpose: str) -> str:
    """A digest of a token for one purpose; those of two purposes cannot be laid beside each other without the token."""
    return hashlib.blake2b(token.encode(), digest_size=20, person=purpose.encode()).hexdigest()


def parse_answers(spec: Spec, form: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], int]:
    """Answers of a form, `rank.LIST.MOMENT.N`, `rate.N` and `gap.GROUP.N.ASPECT`, and how many could not be read. What
    is empty is not answered."""
    faults = 0

    def number(name: str, low: int, high: int) -> int | None:
        nonlocal faults
        text = form.get(name, [""])[-1].strip()
        if not text:
            return None
        if _NUMBER.fullmatch(text) and low <= int(text) <= high:
            return int(text)
        faults += 1
        return None

    ranks = {
        one.key: {c.item: number(f"rank.{one.key}.{n}", 1, len(one.items)) for n, c in enumerate(one.items)}
        for one in spec.rankings
    }
    ratings = {s.item: number(f"rate.{n}", *spec.scale) for n, s in enumerate(spec.statements)}
    gaps = {
        one.function_group: {
            c.item: {side: number(f"gap.{one.function_group}.{n}.{side}", *spec.scale) for side in SIDES}
            for n, c in enumerate(one.items)
        }
        for one in spec.gaps
    }
    return {"ranks": ranks, "ratings": ratings} | ({"gaps": gaps} if gaps else {}), faults


def new_session(folder: Path, spec: Spec) -> Session:
    """A session in a new folder. Raises InputError where there is one already."""
    if (folder / SETTINGS).exists():
        raise InputError(f"{folder} holds a session.", fix="Name another folder, or edit its session.yaml.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_spec(folder / SETTINGS, spec)
    return Session(folder, spec)


def write_spec(path: Path, spec: Spec) -> None:
    """Write what a session asks; the file appears whole or not at all."""
    asked = spec.model_dump(mode="json", exclude_none=True)
    _write(path, yaml.safe_dump(asked, allow_unicode=True, sort_keys=False, width=110))


def asked_in(round_: int) -> str:
    """The file that keeps what an earlier round asked."""
    return f"round-{round_}.yaml"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all, for its owner alone to read."""
    with whole_file(path) as part, open(part, "w", encoding="utf-8", opener=_private) as file:
        file.write(text)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def closing(minutes: int | None) -> datetime | None:
    """The time in so many minutes, with the offset of this place; None where none are given."""
    return None if minutes is None else datetime.now().astimezone().replace(microsecond=0) + timedelta(minutes=minutes)
