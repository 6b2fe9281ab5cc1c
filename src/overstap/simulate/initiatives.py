"""An invented register of initiatives and invented experiments with a known effect, seeded."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import yaml

EFFECTS = {"lab-noord": 1.5, "lab-west": 2.5, "lab-zuid": 2.0}
"""The true effect of each experiment, in percentage points of people who have new work."""
YEARS, START = (2021, 2022, 2023, 2024), 2023

_SOURCE = "Verzonnen voor de simulatie / invented for the simulation"
_REGISTER: list[dict[str, Any]] = [
    {"id": "lab-noord", "name": "Leerlab Noord (sim)", "kind": "learning community", "place": "Groningen",
     "topsectors": ["energie"], "levels": ["mbo", "hbo", "work"], "functions": ["conditional", "reactive", "proactive"],
     "phase": "running", "reached": 240, "funding_eur": 600000, "skills": ["core.python", "core.plc"],
     "occupations": ["brc:0811"], "start": "2023-01",
     "partners": [{"name": "Noorderstroom (sim)", "type": "employer"},
                  {"name": "Wadcollege (sim)", "type": "education"},
                  {"name": "Gemeente Noordstad (sim)", "type": "government"}],
     "links": [{"to": "tki-stroom", "type": "partner"}, {"to": "centrum-stroom", "type": "part_of"}],
     "goals": ["Monteurs leren programmeren naast hun werk"], "indicators": ["Deelnemers met nieuw werk, in pp"]},
    {"id": "lab-west", "name": "Leerlab West (sim)", "kind": "learning community", "place": "Rotterdam",
     "topsectors": ["chemie", "energie"], "levels": ["mbo", "work"], "functions": ["reactive"], "phase": "scaled",
     "reached": 410, "skills": ["core.sap", "core.data_analysis"], "occupations": ["isco:3133"], "start": "2023-01",
     "partners": [{"name": "Havenchemie (sim)", "type": "employer"}, {"name": "Maascollege (sim)", "type": "education"},
                  {"name": "TH Maas (sim)", "type": "research"}, {"name": "Fonds West (sim)", "type": "sector"}]},
    {"id": "lab-zuid", "name": "Leerlab Zuid (sim)", "kind": "field lab", "place": "Eindhoven", "topsectors": ["htsm"],
     "levels": ["hbo", "wo"], "functions": ["proactive"], "phase": "running", "reached": 6,
     "skills": ["core.matlab", "core.machine_learning"], "start": "2023-01",
     "partners": [{"name": "TH Maas (sim)", "type": "research"}], "links": [{"to": "lector-data", "type": "partner"}]},
    {"id": "tki-stroom", "name": "TKI Stroom (sim)", "kind": "TKI", "place": "landelijk", "topsectors": ["energie"]},
    {"id": "tki-stof", "name": "TKI Stof (sim)", "kind": "TKI", "place": "landelijk", "topsectors": ["chemie"]},
    {"id": "centrum-stroom", "name": "Centrum Stroom (sim)", "kind": "centre", "place": "Assen",
     "topsectors": ["energie"], "levels": ["mbo"], "partners": [{"name": "Wadcollege (sim)", "type": "education"}]},
    {"id": "centrum-stof", "name": "Centrum Stof (sim)", "kind": "centre", "place": "Geleen", "topsectors": ["chemie"],
     "levels": ["hbo"], "partners": [{"name": "Havenchemie (sim)", "type": "employer"}]},
    {"id": "lector-data", "name": "Lectoraat Data (sim)", "kind": "lectoraat", "place": "Tilburg",
     "topsectors": ["htsm", "health"], "levels": ["hbo"], "links": [{"to": "centrum-zorg", "type": "research_for"}]},
    {"id": "centrum-zorg", "name": "Centrum Zorgtechniek (sim)", "kind": "centre", "place": "Nijmegen",
     "topsectors": ["health"], "levels": ["mbo", "hbo"]},
    {"id": "proef-zorg", "name": "Proef Digitale zorg (sim)", "kind": "pilot", "place": "Atlantis",
     "topsectors": ["health"], "levels": ["mbo"], "functions": ["reactive"], "phase": "ended", "reached": 35},
]  # fmt: skip


def write_initiatives(folder: Path, seed: int) -> dict[str, Any]:
    """Write a register and the files of experiments to `folder`; gives what a study file says of them.

    Three experiments have the effects of EFFECTS on people who would all have moved up a little without them; a
    fourth has nobody to compare with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({"source": _SOURCE, "initiatives": _REGISTER}, allow_unicode=True, sort_keys=False)
    (folder / "register.yaml").write_text(text, encoding="utf-8")
    draw = np.random.default_rng(seed)
    for name, effect in EFFECTS.items():
        _write(folder / f"{name}.csv", draw, effect, control=True)
    _write(folder / "proef-zorg.csv", draw, 0.0, control=False)
    shared = {"measure": "nieuw werk", "measured_in": "pp", "start": START}
    named = (*EFFECTS, "proef-zorg")
    return {
        "initiatives": {"files": ["default", f"{folder.name}/register.yaml"]},
        "experiments": {
            "run": [{"id": name, "initiative": name, "file": f"{folder.name}/{name}.csv", **shared} for name in named]
        },
    }


def _write(path: Path, draw: np.random.Generator, effect: float, *, control: bool) -> None:
    """An experiment of 120 units, half of which take part; every unit rises by 0.8 a year."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("unit", "time", "treated", "outcome"))
        for unit in range(120):
            treated = unit % 2 == 0 or not control
            level = 50 + 4 * draw.normal() + treated
            for year in YEARS:
                done = effect * (treated and year >= START)
                value = level + 0.8 * (year - YEARS[0]) + done + 1.5 * draw.normal()
                missing = draw.random() < 0.01
                writer.writerow((f"u{unit}", year, int(treated), "" if missing else f"{value:.2f}"))
