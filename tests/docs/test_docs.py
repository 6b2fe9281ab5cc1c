"""The documents are true: their commands run, their links lead somewhere, their references are complete."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from overstap.pipeline import study_steps
from overstap.schema import TABLES
from overstap.study import AD_FIELDS, settings
from tests.cli.helpers import COMMAND, Cli, environment

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(console|python|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
# What a reader does once on a machine; here the package is there already.
NOT_RUN = ("pip install overstap", "make demo")


def run(command: str, folder: Path, cli: Cli) -> None:
    """Run one line of a console block in `folder`; a line that ends in `# fails` must end with exit code 2."""
    line, _, remark = command.partition("  # ")
    words = shlex.split(line)
    wanted = 2 if remark == "fails" else 0
    if words[0] in ("overstap", ".venv/bin/overstap"):
        if words[1] == "serve":
            serve(words[2:], folder)
            return
        target = words.index(">") if ">" in words else len(words)
        said = cli(*words[1:target])
        assert said.code == wanted, f"{command}\n{said.err}"
        if target < len(words):
            (folder / words[target + 1]).write_text(said.out, encoding="utf-8")
    else:
        assert words[0] == "sed", f"{command}: neither a command of overstap nor one that this test knows"
        subprocess.run(words, cwd=folder, check=True)


def serve(words: list[str], folder: Path) -> None:
    """Start the dashboard, ask it for one page, stop it."""
    process = subprocess.Popen(
        [*COMMAND, "serve", *words, "--port", "0"], cwd=folder, env=environment(), stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://\S+", said)
        assert address, said + process.stderr.read()
        with urllib.request.urlopen(address[0], timeout=60) as answer:
            assert answer.status == 200
            assert b"<html" in answer.read(2000)
    finally:
        process.terminate()
        process.wait(timeout=30)


def blocks(page: Path) -> list[tuple[str, str]]:
    """Kind and text of each console and Python block of a page, in order."""
    return [(kind, text) for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")) if kind != "yaml"]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The entry point of the package, called in this process."""
    return Cli(capsys, monkeypatch)


@pytest.mark.xdist_group("docs")
@pytest.mark.parametrize("name", ["README.md", "docs/quickstart.md", "docs/tutorial.md"])
def test_the_commands_of_a_page_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for kind, text in blocks(ROOT / name):
        if kind == "python":
            exec(compile(text, name, "exec"), {"__name__": "__main__"})
            continue
        for line in text.splitlines():
            if line in NOT_RUN or "demo/study.yaml" in line:  # the demo has its own tests
                continue
            run(line, tmp_path, cli)
            ran += 1
    assert ran >= 3


def test_every_command_in_a_table_of_the_readme_exists() -> None:
    from typer.main import get_command

    from overstap.cli import cli

    commands = set(get_command(cli).commands)  # type: ignore[attr-defined]
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"`(?:\.venv/bin/)?overstap ([a-z-]+)", text))
    assert named <= commands, named - commands
    assert commands <= set(re.findall(r"overstap ([a-z-]+)", text))


def test_the_made_references_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/build_docs.py", "--check"], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_setting_field_table_and_column_is_documented() -> None:
    pages = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("settings", "tables")}
    for name, *_ in settings():
        assert f"`{name}`" in pages["settings"], name
    for name in AD_FIELDS:
        assert f"`{name}`" in pages["settings"], name
    for spec in TABLES.values():
        part = pages["tables"].partition(f"## {spec.name}\n")[2].partition("\n## ")[0]
        for column in spec.columns:
            assert re.search(rf"^\| (\*\*)?{column.name}(\*\*)? \|", part, re.MULTILINE), f"{spec.name}.{column.name}"
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    from overstap.pipeline import study_steps

    for step in study_steps():
        assert f"| `{step.name}` |" in architecture, step.name


def test_the_thresholds_of_the_method_page_are_the_defaults() -> None:
    defaults = {name: default for name, _, default, _ in settings()}
    rows = re.findall(
        r"^\| `([a-z_]+\.[a-z_]+)` \| ([\d.]+) \|",
        (ROOT / "docs" / "method.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert len(rows) == 16
    for name, value in rows:
        assert float(defaults[name]) == float(value), name


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor:
            assert anchor in anchors(target), f"{page.name}: {link}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or not page.exists():
            continue
        seen.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        waiting += [
            (page.parent / link.partition("#")[0]).resolve() for link in links if link.partition("#")[0].endswith(".md")
        ]
    assert {page.name for page in PAGES} <= {page.name for page in seen}


def test_the_map_of_steps_is_that_of_the_code() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = {step.name: step for step in study_steps()}
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    shown = [row for row in rows if row[0] in steps]
    assert [name for name, _, _ in shown] == list(steps)
    for name, reads, writes in shown:
        assert re.findall(r"`(\w+)`", writes) == list(steps[name].writes), name
        assert set(re.findall(r"`(\w+)`", reads)) == set(steps[name].reads), name
