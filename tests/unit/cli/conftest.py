"""Calls the console script in this process."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from overt.cli.app import main
from overt.keys import at_rest


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def said(self) -> Any:
        """What was printed as JSON."""
        return json.loads(self.out)


@pytest.fixture
def overt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Return what runs ``overt`` with some words, under a home of its own, with nobody at the terminal."""
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OVERT_PASSPHRASE_FILE", raising=False)
    monkeypatch.setattr(at_rest, "WORK_FACTOR", 2)

    def run(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["overt", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run
