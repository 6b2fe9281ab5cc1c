"""The steps of initiatives and experiments: the register, what it shows, and what worked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from overstap.errors import InputError, OverstapError, nearest, problems_of
from overstap.schema import table_spec
from overstap.schema.out import ALL, CELL_NAMES
from overstap.steps import Context, Step, table_step, tables_step

if TYPE_CHECKING:
    from overstap.initiatives.register import Register
    from overstap.study import StudySpec


def initiative_steps() -> list[Step]:
    """From registers to how they spread, hang together and serve; and the outcomes of experiments."""
    return [
        tables_step(
            "read_initiatives",
            ("core_initiatives", "core_initiative_links"),
            ("core_skills",),
            _read,
            depends=_inputs,
            code=_code("initiatives", "register", "service"),
        ),
        table_step(
            "spread_initiatives", "out_initiatives", ("core_initiatives",), _spread, code=_code("initiatives", "spread")
        ),
        table_step(
            "tie_initiatives",
            "out_initiative_network",
            ("core_initiatives", "core_initiative_links"),
            _network,
            code=_code("initiatives", "network"),
        ),
        table_step(
            "match_initiatives",
            "out_initiative_service",
            ("core_initiatives", "out_change", "out_moves", "core_occupations"),
            _service,
            code=_code("initiatives", "service"),
        ),
        table_step(
            "evaluate_experiments",
            "out_evaluation",
            (),
            _evaluate,
            depends=_experiments,
            code=_code("experiments", "table"),
        ),
    ]


def _code(room: str, *modules: str) -> tuple[str, ...]:
    return ("overstap.initiative_steps", *(f"overstap.{room}.{name}" for name in modules))


def check_initiatives(spec: StudySpec, base: Path) -> list[OverstapError]:
    """Every problem of the registers and experiments of a study; `base` is the study file's folder."""
    from overstap.experiments.table import run_experiment

    checks: list[Callable[[], object]] = [lambda: register_of(spec, base)]
    checks += [partial(run_experiment, one, base, spec.experiments) for one in spec.experiments.run]
    return problems_of(checks) or _unknown_initiatives(spec, base)


def _unknown_initiatives(spec: StudySpec, base: Path) -> list[OverstapError]:
    """Experiments of an initiative that no register holds."""
    named = [one for one in spec.experiments.run if one.initiative]
    known = {row["initiative_id"] for row in register_of(spec, base).rows} if named else set()
    return [
        InputError(
            f"Experiment {one.id}: there is no initiative '{one.initiative}' in the registers.",
            why=nearest(one.initiative or "", known), fix="Name the id of an initiative, or none.",
        )
        for one in named if one.initiative not in known
    ]  # fmt: skip


def register_of(spec: StudySpec, base: Path) -> Register:
    """The register of a study. Raises `InputError`, or `Problems` with all faults."""
    from overstap.initiatives.register import read_registers
    from overstap.sources.tables import csv_rows

    own: list[str] = []
    if spec.topsectors != "default":
        own = [row["topsector"] for row in csv_rows(base / spec.topsectors, ("topsector",), "", "")]
    return read_registers(
        spec.initiatives.files, base, own, spec.initiatives.min_people, contact=spec.initiatives.contact
    )


def remarks_of(spec: StudySpec, base: Path, skills: pa.Table) -> list[str]:
    """What is doubtful in the registers of a study and was kept: places, partners, ties, and skills beside `skills`."""
    from overstap.initiatives.service import with_skills

    register = register_of(spec, base)
    with_skills(register.rows, skills.to_pylist(), register.remarks)
    return register.remarks


def _inputs(context: Context) -> Any:
    spec = context.spec
    files = [context.base / name for name in spec.initiatives.files if name != "default"]
    files += [context.base / spec.topsectors] if spec.topsectors != "default" else []
    return [spec.initiatives.model_dump(), context.digests(files)]


def _read(context: Context) -> tuple[pa.Table, ...]:
    from overstap.initiatives.service import with_skills

    register = register_of(context.spec, context.base)
    rows = with_skills(register.rows, context.store.read("core_skills").to_pylist(), register.remarks)
    return (
        pa.Table.from_pylist(rows, schema=table_spec("core_initiatives").schema),
        pa.Table.from_pylist(register.ties, schema=table_spec("core_initiative_links").schema),
    )


def _spread(context: Context) -> pa.Table:
    from overstap.initiatives.spread import spread

    return spread(context.store.read("core_initiatives").to_pylist())


def _network(context: Context) -> pa.Table:
    from overstap.initiatives.network import network

    return network(*(context.store.read(name).to_pylist() for name in ("core_initiatives", "core_initiative_links")))


def _service(context: Context) -> pa.Table:
    from overstap.initiatives.service import service

    change = context.store.read("out_change")
    whole = pc.equal(change["item_kind"], "skill")
    for name in CELL_NAMES:
        whole = pc.and_(whole, pc.equal(change[name], ALL))
    rows = context.store.read("core_initiatives").to_pylist()
    return service(rows, change.filter(whole), context.store.read("out_moves"), context.store.read("core_occupations"))


def _evaluate(context: Context) -> pa.Table:
    from overstap.experiments.table import evaluations

    return evaluations(context.spec.experiments, context.base)


def _experiments(context: Context) -> Any:
    asked = context.spec.experiments
    return [asked.model_dump(), context.digests([context.base / one.file for one in asked.run])]
