"""The whole story with a real browser, told once: what it left is looked at again here, by other means."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from overt.demo import programs
from overt.demo.story import ACTS

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(800)]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tell the story once, without any display of the caller's, and return what it left."""
    if absent := programs.missing():
        line = f"the demo needs {', '.join(absent)}: {programs.apt_line(absent)}"
        if os.environ.get("CI") == "true":
            pytest.fail(line)
        pytest.skip(line)
    place = tmp_path_factory.mktemp("demo")
    done = tell(place / "kept")
    if done.returncode != 0 and lost_only_text(done):
        place = tmp_path_factory.mktemp("again")
        done = tell(place / "kept")
    said = json.loads(done.stdout)["problems"] if done.stdout else done.stderr
    assert done.returncode == 0, said
    return place / "kept"


def tell(place: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    command = [sys.executable, "-m", "overt", "demo", "--out", str(place), "--json"]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=380)


def lost_only_text(done: subprocess.CompletedProcess[str]) -> bool:
    """Say whether the recorder merely lost text, as it does and says on a machine under load. A leak is never forgiven.

    The story is then told once more: a recorder that loses text always fails the second time as well.
    """
    if not done.stdout:
        return False
    told = json.loads(done.stdout)
    harmless = ("not exported", "belong to no act", "could not keep up")
    return told["search"]["found"] == 0 and all(any(each in line for each in harmless) for line in told["problems"])


@pytest.fixture(scope="module")
def summary(out: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((out / "summary.json").read_text())
    return made


def test_nothing_planted_is_found_and_nothing_allowed_is_missing(summary: dict[str, Any]) -> None:
    assert summary["problems"] == []
    assert summary["search"]["found"] == 0
    assert summary["search"]["secrets"] == sum(act.secret for act in ACTS)
    assert summary["frames"]["secret_pixels"] == 0 < summary["frames"]["shown_on_screen"]
    assert summary["actions"]["found"] == summary["actions"]["wanted"] >= 25
    assert all(act["planted"] for act in summary["acts"] if act["secret"])


def test_exactly_what_the_readme_promises_is_left(out: Path) -> None:
    assert sorted(each.name for each in out.iterdir()) == ["dataset", "home", "summary.html", "summary.json"]


def test_the_dataset_has_the_searches_and_the_typed_text_in_order(out: Path) -> None:
    steps = pq.read_table(next(out.glob("dataset/data/steps-*.parquet"))).to_pylist()
    queries = pq.read_table(next(out.glob("dataset/data/queries-*.parquet"))).to_pylist()

    texts = [row["action"]["text"] for row in steps if row["action"]["kind"] == "type" and row["action"]["text"]]
    assert texts == [
        "How do lighthouses work?",
        "fog horn",
        "lighthouse keeper",
        "Brest",
        "ask about the boat",
        "[CREDIT_CARD]",
    ]
    assert [row["query"] for row in queries][:2] == ["How do lighthouses work?", "fog horn"]
    assert all(row["trial"] for row in steps)


def test_the_pictures_are_those_that_were_announced(out: Path) -> None:
    steps = pq.read_table(next(out.glob("dataset/data/steps-*.parquet"))).to_pylist()

    pictured = [row for row in steps if row["image"] is not None]
    assert len(pictured) > len(steps) / 2
    assert all(hashlib.sha256(row["image"]["bytes"]).hexdigest() == row["image_sha256"] for row in pictured)


def test_the_episode_verifies_without_the_home_that_made_it(out: Path, tmp_path: Path) -> None:
    episode = next(out.glob("home/employee/episodes/*.ep"))
    copy = tmp_path / episode.name
    copy.write_bytes(episode.read_bytes())

    done = subprocess.run(
        [sys.executable, "-m", "overt", "verify", str(copy), "--json"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0
    assert json.loads(done.stdout)["episodes"][0]["state"] == "closed"
