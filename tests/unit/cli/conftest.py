"""Calls the console script in this process."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from overt.cli.app import main
from overt.events.redacted import EndFacts, PageEntered, SessionFacts, Typed
from overt.keys import at_rest
from overt.keys.passphrase import no_passphrase
from overt.keys.put import DirectoryIntake
from overt.keys.recording import RecordingKeys, load_recording_keys
from overt.keys.vault_contract import SealedShares
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Role, open_home

GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")


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
    for door in ("overt.cli.app.harden", "overt.recorder.run.harden"):
        # It would silence this process, and all that the later tests find in it.
        monkeypatch.setattr(door, lambda: None)

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


@pytest.fixture
def episode(overt: Callable[..., Outcome], tmp_path: Path) -> str:
    """Make a trial with consent, record one closed episode in it, and return its id."""
    overt("init", "--all-in-one")
    overt(*GIVE)
    home = open_home(tmp_path / "home", Role.EMPLOYEE)
    keys = load_recording_keys(home, no_passphrase, datetime.now(UTC))
    sealer, opening = EpisodeSealer.begin(
        grant=keys.grant.id,
        policy_sha256=keys.policy_sha256,
        trial=True,
        device=keys.device,
        roles=keys.roles,
        vault_recipient=keys.vault_recipient,
    )
    sealed = SealedShares(
        grant_id=keys.grant.id, grant=keys.grant_note, episode_id=opening.episode_id, shares=opening.shares
    )
    DirectoryIntake(keys.shares_directory).put(sealed)
    store = EpisodeStore(home.episodes_directory)
    store.put_keys(opening.episode_id, opening.keys)
    typed = Typed(at_ms=1200, visit=1, text="zebra\x1b[2J facts", withheld=("CREDIT_CARD",))
    entered = PageEntered(
        at_ms=0, visit=1, site="google", area="google/home", url="https://www.google.com/", title="Google",
        query=None, arrived="start",
    )  # fmt: skip
    ended = EndFacts(at_ms=5000, armed_ms=5000, reason="stopped")
    flush = sealer.flush(meta=[session(keys), ended], content=[entered, typed])
    store.put(opening.episode_id, opening.first + flush + sealer.close(reason="stopped"))
    return opening.episode_id


def session(keys: RecordingKeys) -> SessionFacts:
    return SessionFacts(
        recorder_version="0.1.0",
        redactor_version="1",
        grant=keys.grant.id,
        notice_sha256=keys.notice_sha256,
        policy_sha256=keys.policy_sha256,
        purposes=("model_training",),
        signals=("text",),
        trial=True,
        started_on=datetime.now(UTC).date().isoformat(),
        os_family="linux",
    )
