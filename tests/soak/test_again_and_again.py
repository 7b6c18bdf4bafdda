"""What holds once must hold every time: the demo's whole story, with other secrets each time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.soak, pytest.mark.desktop, pytest.mark.timeout(600)]

STORIES = 40


@pytest.mark.parametrize("seed", range(STORIES))
def test_nothing_planted_is_found_and_everything_allowed_is_exported(seed: int, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "overt", "demo", "--seed", str(seed), "--out", str(tmp_path / "out"), "--json"]

    told = subprocess.run(words, capture_output=True, text=True, check=False, timeout=500)

    assert told.returncode == 0, told.stderr[-2000:]
    assert json.loads(told.stdout)["problems"] == []
