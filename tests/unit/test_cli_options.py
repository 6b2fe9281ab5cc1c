"""What commands share: choices of an option, texts written to a file, own tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from overstap.cli.console import check, write
from overstap.cli.curriculum import curriculum
from overstap.education.curriculum import LEAST_PCT
from overstap.errors import InputError


def test_a_value_that_is_none_is_told_with_the_nearest() -> None:
    check("pay", "any", ("same", "any"))
    with pytest.raises(InputError, match="--pay anny: choose same, any"):
        check("pay", "anny", ("same", "any"))


def test_a_text_is_written_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("a,b\n", str(tmp_path / "x.csv"))
    assert (tmp_path / "x.csv").read_bytes() == b"a,b\n"
    write("c\n", "-")
    assert capsys.readouterr().out == "c\n"


def test_the_command_and_the_scan_ask_the_same_share() -> None:
    assert curriculum.__defaults__ is not None
    assert LEAST_PCT in [getattr(default, "default", None) for default in curriculum.__defaults__]
