"""What is installed: a light import, every file of the package in the wheel, a lock that holds to the settings."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

from overstap.provenance import LIBRARIES
from overstap.schema.phrases import DIRECTIONS

ROOT = Path(__file__).parents[2]
HEAVY = ("pyarrow", "numpy", "scipy", "numba", "duckdb", "pydantic", "sqlglot", "fastapi", "uvicorn", "jinja2", "babel",
         "yaml", "selectolax", "xlsxwriter")  # fmt: skip


def imported_by(code: str) -> set[str]:
    script = f"import sys\nsys.argv = ['overstap', '--help']\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint()\nprint(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize("code", ["import overstap", "from overstap.cli import app; app()"])
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    assert not imported_by(code) & {*HEAVY}


def test_help_names_every_direction() -> None:
    assert ", ".join(DIRECTIONS) in (ROOT / "src/overstap/cli/phrases.py").read_text(encoding="utf-8")


def package_files() -> set[str]:
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "src/overstap"], cwd=ROOT, capture_output=True, text=True
    )
    if tracked.returncode:
        pytest.skip("No git checkout: the files of the wheel are NOT compared with it.")
    return {name.removeprefix("src/") for name in tracked.stdout.splitlines() if (ROOT / name).exists()}


def test_every_file_of_the_package_is_in_the_wheel() -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="No hatchling: the wheel is NOT looked into.")
    builder = wheel.WheelBuilder(str(ROOT))
    packed = {file.distribution_path for file in builder.recurse_included_files()}
    assert packed == package_files() and any(name.endswith(".npz") for name in packed)


def test_the_lock_holds_what_is_needed_with_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(_locked())  # the newest Python's, where an entry differs by Python
    assert {*LIBRARIES} <= {*locked}
    entries = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(_locked()) and all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text, "a lock names no host"
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = pytest.importorskip("packaging.requirements")
    for given in [*settings["dependencies"], *settings["optional-dependencies"]["report"]]:
        one = requirements.Requirement(given)
        assert one.specifier.contains(locked[one.name]), given


def test_the_bill_of_materials_names_every_package_it_stands_on() -> None:
    pytest.importorskip("packaging.requirements")
    sbom = _script("sbom")
    assert {"pydantic-core", "annotated-types"} <= {*sbom.needed("pydantic")}
    told = sbom.component(sbom.distribution("numpy"), {f"numpy=={sbom.distribution('numpy').version}": ["ab"]})
    assert told["purl"].startswith("pkg:pypi/numpy@") and told["licenses"]
    assert told["properties"] == [{"name": "overstap:sha256", "value": "ab"}]
    assert len(sbom.locked_hashes()["duckdb==" + dict(_locked())["duckdb"]]) > 1


def _script(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _locked() -> list[tuple[str, str]]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE)


@pytest.mark.full
def test_wheel_and_source_archive_install_into_a_clean_environment(tmp_path: Path) -> None:
    """The wheel made of the source archive, installed as the lock says, tells its version and reads its own tables."""
    hatch = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)]
    subprocess.run([*hatch, "-t", "wheel", "-t", "sdist"], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert package_files() <= {*zipfile.ZipFile(wheel).namelist()} and list(tmp_path.glob("*.tar.gz"))
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    pip = [home / "bin" / "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    for command in (["--version"], ["reference", "list"]):
        done = subprocess.run([home / "bin" / "overstap", *command], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stderr


def test_every_extra_is_told_in_the_documentation() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert not [name for name in settings["optional-dependencies"] if f"`{name}`" not in told]


def test_an_audit_that_looked_nothing_up_says_so_and_does_not_end_well() -> None:
    audit = _script("audit")
    assert {"numpy", "duckdb"} <= audit.locked()
    skipped = [{"name": name, "skip_reason": "not found"} for name in ("a", "b")]
    fine = [{"name": name, "version": "1", "vulns": []} for name in ("a", "b")]
    fault = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2"]}
    weak = [{"name": "a", "version": "1", "vulns": [fault]}, skipped[1]]
    code, said = audit.judge("ab", [skipped, []])
    assert code == 3 and said == ["NOTHING was checked: no advisory service knew any of the 2 locked packages."]
    assert audit.judge("ab", [skipped, fine])[0] == 0
    code, said = audit.judge("ab", [fine[:1], skipped])
    assert code == 3 and "1 were NOT: b" in said[-1]
    code, said = audit.judge("ab", [weak, [{**weak[0], "vulns": [{**fault, "id": "CVE-1", "aliases": ["PYSEC-1"]}]}]])
    assert code == 1 and len(said) == 2 and "mended in 2" in said[0], "one weakness under two names is told once"
