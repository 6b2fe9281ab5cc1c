"""Write the specifications of every kind of chart anew, after a change of how charts look.

    PYTHONPATH=src:. python scripts/renew_charts.py

Then read the difference (`git diff tests/golden/charts`), and look at the charts (`make screenshots`).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests import fixtures
from tests.web.chart_specs import FOLDER, specs_of


def main() -> None:
    """Renew the files; those of kinds that are no more go."""
    with tempfile.TemporaryDirectory() as folder:
        made = specs_of(fixtures.make_store(Path(folder), ads=7000))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.json"):
        if path.stem not in made:
            path.unlink()
    for kind, text in made.items():
        (FOLDER / f"{kind}.json").write_text(text, encoding="utf-8")
    print(f"{len(made)} kinds of chart in {FOLDER}")


if __name__ == "__main__":
    main()
