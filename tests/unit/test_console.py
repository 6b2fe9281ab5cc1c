"""Lines of stdin, as every command that reads them takes them."""

from __future__ import annotations

import io
import sys

import pytest

from overstap.cli.console import stdin_lines


def test_lines_of_windows_and_of_unix_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    written = b"\xef\xbb\xbfAdviseur caf\xc3\xa9\r\nAdviseur caf\xe9 \x80\n\n\xef\xbb\xbflast"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(written)))
    assert list(stdin_lines()) == ["Adviseur café", "Adviseur café €", "", "\ufefflast"]
