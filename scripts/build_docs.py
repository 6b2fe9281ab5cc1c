"""Make the references of settings, commands and tables from the code: docs/settings.md, commands.md, tables.md, and
what a report takes from the documentation: figures on accuracy and the literature.

Run it after a change: `python scripts/build_docs.py`. With `--check` it writes nothing and fails where a file is stale.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path
from typing import Any

import typer

from overstap.cli import cli
from overstap.schema import TABLES
from overstap.study import AD_FIELDS, settings

DOCS = Path(__file__).parents[1] / "docs"
MADE = "<!-- Made by scripts/build_docs.py; do not edit. -->\n"


def cell(text: str) -> str:
    """Text that is safe within a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ").strip()


def settings_page() -> str:
    """Every setting of the study file, and the fields that a column mapping can name."""
    lines = [MADE, "# Settings of the study file\n", "`sources[]` is a list: one entry a feed.\n"]
    lines += ["| setting | type | default | meaning |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {cell(kind)} | `{default}` | {cell(text)} |" for name, kind, default, text in settings()]
    lines += ["\n## Fields of an ad\n", "Names on the left side of `columns:` and of `--map FIELD=COLUMN`.\n"]
    lines += ["| field | meaning |", "|---|---|", *(f"| `{name}` | {text} |" for name, text in AD_FIELDS.items())]
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Every command with its arguments, options and example."""
    group = typer.main.get_command(cli)
    lines = [MADE, "# Commands\n"]
    for path, command in walk(group, ["overstap"]):
        lines.append(f"## {' '.join(path)}\n\n{(command.help or '').strip()}\n")
        rows = [p for p in command.params if p.name != "help"]
        if rows:
            lines += ["| parameter | default | meaning |", "|---|---|---|"]
        for parameter in rows:
            is_option = parameter.param_type_name == "option"
            name = ", ".join([*parameter.opts, *parameter.secondary_opts]) if is_option else parameter.name.upper()
            said = cell(getattr(parameter, "help", "") or "")
            lines.append(f"| `{cell(name)}` | {default_of(parameter)} | {said} |")
        lines.append("")
    return "\n".join(lines)


def default_of(parameter: Any) -> str:
    """The value that a parameter has where it is not given, or that it must be; a flag is off, a list empty."""
    if parameter.required:
        return "required"
    value = parameter.default() if callable(parameter.default) else parameter.default
    if parameter.name in ("version", "help") or value in (None, [], ()):
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"`{cell(str(value))}`"


def walk(command: Any, path: list[str]) -> list[tuple[list[str], Any]]:
    """Every command below `command`, in the order of the help page."""
    children = getattr(command, "commands", None)
    if children is None:
        return [(path, command)]
    return [found for name, child in children.items() for found in walk(child, [*path, name])]


def tables_page() -> str:
    """The contract of every table."""
    intro = "A column in **bold** is part of the key. Only a column with the mark ∅ may be null.\n"
    lines = [MADE, "# Tables\n", intro]
    for spec in TABLES.values():
        lines += [f"## {spec.name}\n", f"{spec.label_en}. *{spec.label_nl}.*\n"]
        lines += ["| column | type | unit | English | Nederlands |", "|---|---|---|---|---|"]
        for column in spec.columns:
            name = f"**{column.name}**" if column.key else column.name
            kind = f"{column.type}{' ∅' if column.nullable else ''}"
            lines.append(f"| {name} | {cell(kind)} | {column.unit} | {column.label_en} | {column.label_nl} |")
        lines.append("")
    return "\n".join(lines)


ACCURACY = re.compile(r"^\| (?P<set>[^|]*?) ?\| (?P<measure>.+?) \| (?P<n>[\d,]+) \| (?P<value>[\d.]+) "
                      r"\((?P<low>[\d.]+)–(?P<high>[\d.]+)\) \|$")  # fmt: skip


def accuracy_table() -> str:
    """The overview of docs/accuracy.md as CSV, for the dashboard's page on quality and the annex of a report."""
    overview = (DOCS / "accuracy.md").read_text(encoding="utf-8").split("## Overview")[1].split("\n## ")[0]
    stream, name = io.StringIO(), ""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["set", "measure", "n", "value", "low", "high"])
    for line in overview.splitlines():
        if found := ACCURACY.match(line):
            name = found["set"] or name
            numbers = (found[key] for key in ("value", "low", "high"))
            writer.writerow([name, found["measure"], found["n"].replace(",", ""), *numbers])
    return stream.getvalue()


def literature() -> str:
    """The sources of docs/method.md as one list, for the annex of a report; an entry a line."""
    listed = (DOCS / "method.md").read_text(encoding="utf-8").split("\n## Sources\n")[1].split("\n## ")[0]
    entries = [" ".join(entry.split()) for entry in re.split(r"^- ", listed, flags=re.M)[1:]]
    return "".join(f"- {entry}\n" for entry in entries if not entry.startswith("Sources and licences"))


PAGES = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "tables.md": tables_page,
    "../src/overstap/publish/assets/accuracy.csv": accuracy_table,
    "../src/overstap/publish/assets/literature.md": literature,
}


def main() -> int:
    """Write the pages, or with --check report the stale ones."""
    stale = [name for name, make in PAGES.items() if not (DOCS / name).exists() or (DOCS / name).read_text() != make()]
    if "--check" in sys.argv:
        print(f"Stale: {', '.join(stale)}. Run: python scripts/build_docs.py" if stale else "Up to date.")
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
