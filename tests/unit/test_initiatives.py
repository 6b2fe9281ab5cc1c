"""The register of initiatives: what is doubtful is kept and told, what is wrong is refused, and gaps are found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from overstap.errors import InputError, Problems
from overstap.initiatives.network import betweenness, network
from overstap.initiatives.register import COLUMNS, Register, read_registers, template
from overstap.initiatives.service import service, with_skills
from overstap.initiatives.spread import spread
from overstap.schema import table_spec
from overstap.schema.out import ALL


def read(tmp_path: Path, *entries: dict[str, Any], **shared: Any) -> Register:
    (tmp_path / "register.yaml").write_text(yaml.safe_dump({"initiatives": list(entries), **shared}), encoding="utf-8")
    return read_registers(["register.yaml"], tmp_path)


def one(code: str, kind: str = "pilot", **fields: Any) -> dict[str, Any]:
    return {"id": code, "name": code.upper(), "kind": kind, **fields}


def test_the_bundled_register_is_what_the_documents_name() -> None:
    register = read_registers(["default"], Path())
    assert {"tki-watertechnologie", "coe-water-technologie", "energie-transitie-huis"} <= {
        row["initiative_id"] for row in register.rows
    }
    assert all(row["source"] != "default" and row["as_of"] for row in register.rows)
    assert any("no place" in remark for remark in register.remarks)


def test_a_place_that_is_not_found_is_kept_with_an_unknown_region(tmp_path: Path) -> None:
    register = read(
        tmp_path, one("a", place="Atlantis"), one("b", place="Tilburg"), one("c", place="landelijk"), one("d")
    )
    found = {row["initiative_id"]: (row["place"], row["province_code"]) for row in register.rows}
    assert found == {
        "a": ("Atlantis", None),
        "b": ("Tilburg", "NL41"),
        "c": ("landelijk", "national"),
        "d": (None, None),
    }
    assert [remark.split(":")[0] for remark in register.remarks] == ["a", "d"]


def test_every_fault_is_told_at_once_with_the_nearest_word(tmp_path: Path) -> None:
    with pytest.raises(Problems) as told:
        read(
            tmp_path,
            one("a", "field labb"),
            one("A b"),
            one("c", reached="many"),
            one("d", goal="x"),
            one("e"),
            one("e"),
        )
    text = str(told.value)
    assert "Did you mean 'field lab'?" in text and "Did you mean 'goals'?" in text
    assert "id is 'A b'" in text and "'many'" in text and "used before" in text
    assert len(told.value.items) == 5


def test_a_partner_named_twice_counts_once_and_a_tie_outside_is_kept_by_name(tmp_path: Path) -> None:
    entry = one(
        "a", partners=["TNO", {"name": "tno", "type": "research"}], links=[{"to": "elsewhere", "type": "funds"}]
    )
    register = read(tmp_path, entry)
    assert [(tie["to_kind"], tie["to_name"], tie["partner_type"]) for tie in register.ties] == [
        ("organisation", "TNO", "research"), ("organisation", "elsewhere", None),
    ]  # fmt: skip
    assert any("named twice" in r for r in register.remarks) and any(
        "not in the register" in r for r in register.remarks
    )


def test_contact_and_addresses_in_free_text_reach_no_table(tmp_path: Path) -> None:
    entry = one("a", contact="Jan Jansen, 06-12345678", goals=["Bel 06-12345678 of mail jan.jansen@voorbeeld.nl"])
    held = str(read(tmp_path, entry).rows)
    assert "Jansen" not in held and "12345678" not in held and "voorbeeld.nl" not in held and "Bel" in held


def test_few_people_are_not_given_nor_can_they_be_had_by_subtraction(tmp_path: Path) -> None:
    rows = read(tmp_path, one("a", reached=6, topsectors=["water"]), one("b", reached=40, topsectors=["water"])).rows
    assert [(row["reached"], row["is_suppressed"]) for row in rows] == [(None, True), (40, False)]
    whole = {
        tuple(row[n] for n in ("topsector", "province", "initiative_kind", "learning")): row
        for row in spread(rows).to_pylist()
    }
    total = whole[ALL, ALL, ALL, ALL]
    assert (total["initiatives_n"], total["reached"], total["reached_n"], total["suppressed_n"]) == (2, 40, 1, 1)


def test_csv_and_yaml_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(template(), encoding="utf-8")
    row = read_registers(["r.csv"], tmp_path).rows[0]
    assert (
        row["kind"] == "field_lab" and row["topsectors"] == ["htsm"] and row["functions"] == ["reactive", "proactive"]
    )
    assert set(template().splitlines()[0].split(",")) < set(COLUMNS)
    ties = read_registers(["r.csv", "default"], tmp_path).ties
    assert ("voorbeeld-lab", "tki-urban-energy", "partner") in {(t["from_id"], t["to_id"], t["type"]) for t in ties}


def test_an_initiative_in_two_topsectors_counts_in_both_and_once_in_all(tmp_path: Path) -> None:
    rows = read(tmp_path, one("a", topsectors=["water", "energie"], place="Delft"), one("b")).rows
    counts = {
        row["topsector"]: row["initiatives_n"]
        for row in spread(rows).to_pylist()
        if row["province"] == row["initiative_kind"] == row["learning"] == ALL
    }
    assert counts == {ALL: 2, "water": 1, "energie": 1, "unknown": 1}


def nodes(register: Register) -> dict[str, dict[str, Any]]:
    return {row["initiative_id"]: row for row in network(register.rows, register.ties).to_pylist()}


def test_a_centre_is_tied_to_a_tki_directly_or_through_one_other(tmp_path: Path) -> None:
    found = nodes(
        read(
            tmp_path,
            one("tki", "tki", topsectors=["water"]),
            one("direct", "centre", links=[{"to": "tki"}]),
            one("lector", "lectoraat", links=[{"to": "tki"}]),
            one("through", "centre", links=[{"to": "lector", "type": "research_for"}]),
            one("far", "centre", links=[{"to": "through"}], topsectors=["water"]),
            one("alone", "centre", topsectors=["energie"]),
        )
    )
    assert {code: row["tki_steps"] for code, row in found.items()} == {
        "tki": None, "direct": 1, "lector": 1, "through": 2, "far": 3, "alone": None,
    }  # fmt: skip
    assert found["direct"]["gaps"] == found["through"]["gaps"] == []
    assert found["far"]["gaps"] == ["no_tki"] and found["far"]["chances"] == ["tki"]
    assert found["alone"]["gaps"] == ["no_tki", "alone"] and found["alone"]["chances"] == []


def test_a_learning_community_lacks_the_partners_and_functions_that_it_does_not_name(tmp_path: Path) -> None:
    partners = [{"name": "X", "type": "employer"}, {"name": "Y", "type": "education"}]
    found = nodes(
        read(tmp_path, one("a", "learning community", partners=partners, functions=["reactief"]), one("b", "pps"))
    )
    assert found["a"]["gaps"] == ["alone", "no_research", "no_government", "functions"]
    assert found["b"]["gaps"] == ["alone", "no_partners"]


def test_betweenness_of_a_star_and_a_path() -> None:
    star = betweenness({"m": {"a", "b", "c"}, "a": {"m"}, "b": {"m"}, "c": {"m"}})
    assert star["m"] == pytest.approx(1.0) and star["a"] == 0
    path = betweenness({"a": {"b"}, "b": {"a", "c"}, "c": {"b", "d"}, "d": {"c"}})
    assert path["b"] == pytest.approx(2 / 3)  # two of the three pairs of others, Freeman (1977)


def test_a_gap_that_no_initiative_names_is_not_called_served(tmp_path: Path) -> None:
    register = read(tmp_path, one("a", skills=["Python", "Weven"], occupations=["isco:2512"]))
    skills = [{"skill_id": f"core.{x}", "label_nl": x.title(), "label_en": x.title()} for x in ("python", "docker")]
    rows = with_skills(register.rows, skills, register.remarks)
    assert rows[0]["skills"] == ["core.python", "Weven"] and any("Weven" in r for r in register.remarks)

    def changed(item: str, **fields: Any) -> dict[str, Any]:
        filled = dict.fromkeys(table_spec("out_change").names)
        bounds = {"ratio": 2.0, "listed_low": 1.5, "listed_high": 3.0, "last_n": 40}
        return {**filled, **bounds, "item_id": item, "direction": "rising", "is_displayed": True, **fields}

    change = [changed("core.python"), changed("core.docker", listed_low=1.8), changed("core.java", direction="unclear")]
    move = {"from_code": "0432", "to_code": "0811", "is_desirable": True}
    facts = [
        {"code": "0432", "level": "brc", "growth": -0.1, "named_shrinking": False, "openings": 100.0},
        {"code": "0811", "level": "brc", "growth": 0.2, "named_shrinking": False, "openings": 9_000.0},
    ]
    made = service(rows, pa.Table.from_pylist(change), pa.Table.from_pylist([move]), pa.Table.from_pylist(facts))
    found = {(row["gap_kind"], row["gap_id"]): row["initiatives"] for row in made.to_pylist()}
    assert found == {("skill", "core.docker"): [], ("skill", "core.python"): ["a"], ("occupation", "0811"): ["a"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [("initiatives: 3", "no list"), ("- 5", "no list"), ("a: [", "not a YAML"), ("", "holds no initiatives")],
)
def test_a_file_that_is_no_register_says_so(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "r.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_registers(["r.yaml"], tmp_path)


def test_a_contact_is_read_only_where_it_is_asked(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(yaml.safe_dump([one("a", contact="Desk, 010 123 45 67", url="https://a.example")]))
    asked = read_registers(["r.yaml"], tmp_path, contact=True).rows[0]
    kept = read_registers(["r.yaml"], tmp_path).rows[0]
    assert (asked["contact"], kept["contact"]) == ("Desk, 010 123 45 67", None)
    assert "https://a.example" in kept["source"], "an address of the source is not lost beside its title"
