"""A whole recording by somebody with a word list and pages that are never recorded: no byte tells of either."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]
ON_FAKES = Path(__file__).with_name("overt_on_fakes.py")
GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")

KEYCHAIN = """
import json, os
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 9
    def get_password(self, service, name):
        return os.environ.get("TEST_WORDS") if name.startswith("lexicon-") else None
    def set_password(self, service, name, secret):
        pass
    def delete_password(self, service, name):
        pass
"""


@pytest.fixture
def home(overt: Overt, tmp_path: Path) -> Path:
    assert overt("init", "--all-in-one").code == 0
    assert overt(*GIVE).code == 0
    (tmp_path / "chain").mkdir()
    (tmp_path / "chain/standing_in.py").write_text(KEYCHAIN)
    return tmp_path / "home"


def record(home: Path, script: list[Any], **environment: str) -> subprocess.CompletedProcess[str]:
    told = {"OVERT_HOME": str(home), "OVERT_SCRIPT": json.dumps(script)}
    chain = {"PYTHON_KEYRING_BACKEND": "standing_in.Keyring", "PYTHONPATH": str(home.parent / "chain")}
    return subprocess.run(
        [sys.executable, str(ON_FAKES), "record", "--json"],
        env={**os.environ, **told, **chain, **environment}, capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip


def texts(overt: Overt) -> list[str]:
    found = []
    for each in overt("episodes", "list", "--json").said["episodes"]:
        events = overt("episodes", "show", each["episode_id"], "--json").said["events"]
        found += [json.dumps(event, ensure_ascii=False) for event in events]
    return found


def mark(home: Path) -> None:
    (home / "employee/lexicon").write_text(f"lexicon-{'ab' * 16}\n")


def test_a_word_of_the_list_is_kept_in_no_text_and_no_file(overt: Overt, home: Path) -> None:
    mark(home)
    typed = "notes on CANARIA zweig and lighthouses"

    run = record(home, [["type", typed], ["leave"]], TEST_WORDS=json.dumps(["Canaria Zweig"]))

    assert run.returncode == 0, run.stderr
    kept = "".join(texts(overt))
    assert "[PERSONAL]" in kept
    assert "lighthouses" in kept
    held = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()).lower()
    assert not any(
        word in held + kept.lower().encode() + run.stdout.lower().encode() for word in (b"canaria", b"zweig")
    )


def test_a_list_that_cannot_be_read_bars_the_recording(overt: Overt, home: Path) -> None:
    mark(home)

    run = record(home, [["type", "lighthouse"], ["leave"]])

    assert run.returncode == 6
    assert "your word list" in run.stderr
    assert "Traceback" not in run.stderr
    assert texts(overt) == []


def test_a_page_that_is_never_recorded_leaves_no_trace(overt: Overt, home: Path) -> None:
    assert overt("never", "add", "www.google.com/search?q=x").code == 0

    run = record(home, [["type", "canary search"], ["wait", 1], ["leave"], ["type", "canary again"]])

    assert run.returncode == 0, run.stderr
    kept = "".join(texts(overt))
    assert "canary" not in kept
    assert "q=x" not in kept


def test_what_is_added_while_recording_holds_from_the_next_look_on(overt: Overt, home: Path) -> None:
    add = f"{sys.executable} -m overt never add 'www.google.com/search?q=x' --home {home} >/dev/null"

    run = record(home, [["type", "lighthouse"], ["leave"], ["sh", add], ["type", "canary"], ["leave"]])

    assert run.returncode == 0, run.stderr
    kept = "".join(texts(overt))
    assert "lighthouse" in kept
    assert "canary" not in kept


def test_neither_admin_nor_officer_find_the_lists(overt: Overt, home: Path, tmp_path: Path) -> None:
    """What is handed over and what stands in the log of a person with lists is what everybody's is."""
    overt("never", "add", "en.wikipedia.org/wiki/Canary")
    record(home, [["type", "lighthouse"], ["leave"]])
    overt("episodes", "approve", "--all", "--yes")
    overt("episodes", "submit", tmp_path / "inbox")

    places = (tmp_path / "inbox", home / "admin", home / "officer", home / "vault", home / "employee/log")
    held = b"".join(path.read_bytes() for place in places for path in place.rglob("*") if path.is_file())
    assert held
    assert not any(word in held for word in (b"Canary", b"canary", b"never.json", b"lexicon-"))
