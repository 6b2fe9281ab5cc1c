"""A live session's folder: answers outlive a crash, a double submit is one answer, and no file ties it to a link."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from overstap.errors import InputError
from overstap.panel.design import design, next_round
from overstap.panel.feedback import write_sheets
from overstap.panel.live import create_live
from overstap.panel.session import (
    ACCESS,
    ANSWERS,
    EXPERT,
    MODERATOR,
    MOST_TIMES,
    Session,
    new_session,
    parse_answers,
    write_spec,
)
from overstap.publish.labels import Translator

STATEMENTS = "- {statement_id: agreed, text_nl: Ja, text_en: Yes}\n- {statement_id: split, text_nl: Nee, text_en: No}\n"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    texts = tmp_path / "statements.yaml"
    texts.write_text(STATEMENTS, encoding="utf-8")
    return new_session(tmp_path / "vision", design("vision", None, texts, None, None))


def given(session: Session, rank: int = 1, agreed: int = 5, split: int = 1) -> dict[str, object]:
    form = {f"rank.technologies.all.{n}": [str((n + rank) % 12 + 1)] for n in range(12)}
    form |= {"rate.0": [str(agreed)], "rate.1": [str(split)]}
    answers, faults = parse_answers(session.spec, form)
    assert faults == 0
    return answers


def test_a_double_submit_is_one_answer_and_the_last_one_counts(session: Session) -> None:
    token = session.invite(1)[EXPERT][0]
    assert session.answer(token, given(session)) and not session.answer(token, given(session))
    assert session.answer(token, given(session, rank=2))
    assert len((session.folder / ANSWERS).read_text().splitlines()) == 2
    assert session.answered_n() == 1 and session.own(token) == given(session, rank=2)


def test_one_link_cannot_fill_the_disk(session: Session) -> None:
    token, other = session.invite(2)[EXPERT]
    session.answer(token, given(session))
    line = (session.folder / ANSWERS).read_bytes()
    with (session.folder / ANSWERS).open("ab") as file:
        file.write(line * MOST_TIMES)
    with pytest.raises(InputError, match="were changed 200 times"):
        session.answer(token, given(session, rank=2))
    assert session.answer(other, given(session))


def test_a_line_that_a_crash_cut_off_costs_nothing_else(session: Session) -> None:
    first, second = session.invite(2)[EXPERT]
    session.answer(first, given(session))
    path = session.folder / ANSWERS
    path.write_bytes(path.read_bytes() + b'{"round": 1, "rater": "abc", "ranks": {"techno')
    assert Session.open(session.folder).answered_n() == 1
    session.answer(second, given(session, rank=3))
    again = Session.open(session.folder)
    assert again.answered_n() == 2 and again.own(second) == given(session, rank=3)


def test_many_at_once_lose_nothing(session: Session) -> None:
    tokens = session.invite(40)[EXPERT]
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda token: Session.open(session.folder).answer(token, given(session, rank=len(token))), tokens)
        )
    assert session.answered_n() == 40


def test_no_file_holds_a_token_or_ties_an_answer_to_an_invitation(session: Session) -> None:
    made = session.invite(3)
    for token in made[EXPERT]:
        session.answer(token, given(session))
    held = "".join(path.read_text(encoding="utf-8") for path in session.folder.iterdir())
    assert not any(token in held for token in (*made[EXPERT], *made[MODERATOR]))
    raters = {json.loads(line)["rater"] for line in (session.folder / ANSWERS).read_text().splitlines()}
    access = (session.folder / ACCESS).read_text()
    assert len(raters) == 3 and not any(rater in access for rater in raters)
    assert set(json.loads((session.folder / ANSWERS).read_text().splitlines()[0])) == {
        "round",
        "rater",
        "ranks",
        "ratings",
    }


def test_a_closed_round_takes_no_answers_also_after_a_restart(session: Session) -> None:
    token = session.invite(1)[EXPERT][0]
    session.close()
    with pytest.raises(InputError, match="closed"):
        Session.open(session.folder).answer(token, given(session))
    closes = session.spec.model_copy(update={"closes": datetime.now(UTC) + timedelta(seconds=60)})
    assert Session(session.folder.parent / "timed", closes).is_closed() is False


def test_a_round_closes_at_its_time_by_the_clock_whatever_the_form_showed(session: Session) -> None:
    """The clock is given, in another zone than that of the time set; the page says that it was too late."""
    token = session.invite(1)[EXPERT][0]
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    time = [noon - timedelta(seconds=1)]
    write_spec(session.folder / "session.yaml", session.spec.model_copy(update={"closes": noon}))
    timed = Session(session.folder, Session.open(session.folder).spec, lambda: time[0].astimezone(UTC))
    live = TestClient(create_live(timed), base_url="http://127.0.0.1")
    assert "12:00" in live.get(f"/s/{token}").text
    assert "kept=1" in str(live.post(f"/s/{token}", data={"rate.0": "5"}).url)
    time[0] = noon
    late = live.post(f"/s/{token}", data={"rate.0": "1"})
    assert "al gesloten" in late.text and timed.own(token)["ratings"]["agreed"] == 5
    assert "<form" not in live.get(f"/s/{token}").text
    time[0] = noon - timedelta(seconds=1)
    assert "<form" in live.get(f"/s/{token}").text, "the clock alone closed it"


def test_the_next_round_asks_what_is_open_with_the_same_links(session: Session) -> None:
    tokens = session.invite(6)[EXPERT]
    for n, token in enumerate(tokens):
        session.answer(token, given(session, split=1 + 4 * (n % 2)))
    with pytest.raises(InputError, match="Round 1 is open"):
        next_round(session, None)
    session.close()
    ahead = next_round(session, None)
    assert (ahead.spec.round, [s.item for s in ahead.spec.statements], ahead.spec.rankings) == (2, ["split"], [])
    assert not ahead.is_closed() and ahead.role_of(tokens[0]) == EXPERT and ahead.own(tokens[0]) == {}
    texts = {row["item"]: row["label_nl"] for row in ahead.statements}
    assert texts == {"split": "Nee", "agreed": "Ja"}, "what is settled keeps its text"


def test_a_sheet_shows_the_own_answers_beside_the_group_and_none_is_made_of_few(
    session: Session, tmp_path: Path
) -> None:
    tokens = session.invite(5)[EXPERT]
    for n, token in enumerate(tokens[:4]):
        session.answer(token, given(session, rank=n))
    with pytest.raises(InputError, match="4 experts answered"):
        write_sheets(session, tmp_path / "sheets", Translator("nl"))
    session.answer(tokens[4], given(session, split=4))
    paths = write_sheets(session, tmp_path / "sheets", Translator("nl"))
    assert len(paths) == 5 and not any(token in str(paths) for token in tokens)
    assert all("uw antwoord" in path.read_text(encoding="utf-8") for path in paths)
    assert "<script" not in paths[0].read_text(encoding="utf-8")


def test_only_the_owner_reads_the_folder_and_its_files(session: Session) -> None:
    session.answer(session.invite(1)[EXPERT][0], given(session))
    assert {path.stat().st_mode & 0o077 for path in (session.folder, *session.folder.iterdir())} == {0}


def test_settings_that_do_not_hold_are_told(session: Session) -> None:
    path = session.folder / "session.yaml"
    text = path.read_text(encoding="utf-8")
    for wrong, told in (
        (text.replace("item: split", "item: agreed"), "'agreed' stands there twice"),
        (text.replace("session: vision", "session: Vision 1"), "session: String should match"),
        (text + "colour: red\n", "colour"),
    ):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(InputError, match=told):
            Session.open(session.folder)
    with pytest.raises(InputError, match="There is no session"):
        Session.open(session.folder / "nowhere")
