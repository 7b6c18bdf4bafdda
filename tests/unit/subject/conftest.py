"""A trial with a person in it, who can consent and record."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.consent.grant import Grant
from overt.events.redacted import EndFacts, Pressed, SessionFacts, Typed
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.keys.put import DirectoryIntake
from overt.keys.recording import load_recording_keys
from overt.keys.vault_contract import SealedShares
from overt.ledger.log import Ledger
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.subject.consenting import Choice, give

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def employee(tmp_path: Path) -> Home:
    return found_all_in_one(tmp_path / "trial")


@pytest.fixture
def choice() -> Choice:
    return Choice(
        sites=("wikipedia", "google"), signals=("text",), purposes=("model_training",), days=30, questions="1"
    )


@pytest.fixture
def grant(employee: Home, choice: Choice) -> Grant:
    """Give consent at noon."""
    return give(employee, choice, no_passphrase, NOON)


def knows(what: str, *, new: bool = False) -> str:
    del what, new
    return "correct"


def seal_one(home: Home, at: datetime, *, closed: bool = True) -> str:
    """Record an episode of one search in *home* at *at* and return its id; unless *closed* it breaks off."""
    keys = load_recording_keys(home, knows, at)
    sealer, opening = EpisodeSealer.begin(
        grant=keys.grant.id,
        policy_sha256=keys.policy_sha256,
        trial=keys.trial,
        device=keys.device,
        roles=keys.roles,
        vault_recipient=keys.vault_recipient,
    )
    store = EpisodeStore(home.episodes_directory)
    sealed = SealedShares(
        grant_id=keys.grant.id, grant=keys.grant_note, episode_id=opening.episode_id, shares=opening.shares
    )
    DirectoryIntake(keys.shares_directory).put(sealed)
    store.put_keys(opening.episode_id, opening.keys)
    with store.create(opening.episode_id, opening.first) as file:
        file.append(sealer.flush(meta=[_session(keys.grant)], content=_search()))
        if closed:
            file.append(sealer.close(reason="stopped", meta=[EndFacts(at_ms=300, armed_ms=300, reason="stopped")]))
        close = {"type": "episode-close", "id": opening.episode_id, "size": file.size, "root": sealer.root.hex()}
    if closed:
        Ledger(home.log_directory, keys.device).append(close)
    return opening.episode_id


@pytest.fixture
def sealed() -> Callable[..., str]:
    """Return what records an episode in a home at an instant."""
    return seal_one


@pytest.fixture
def record(employee: Home) -> Callable[..., str]:
    """Return what records an episode in the trial at noon."""

    def episode(*, closed: bool = True) -> str:
        return seal_one(employee, NOON, closed=closed)

    return episode


def _search() -> list[Typed | Pressed]:
    return [Typed(at_ms=100, visit=1, text="zebra facts"), Pressed(at_ms=200, visit=1, keys=("enter",))]


def _session(grant: Grant) -> SessionFacts:
    known = {
        "recorder_version": "0",
        "redactor_version": "0",
        "grant": grant.id,
        "notice_sha256": grant.terms.notice_sha256,
        "policy_sha256": grant.terms.policy_sha256,
        "purposes": ("model_training",),
        "signals": ("text",),
        "trial": True,
        "started_on": "2026-01-31",
        "os_family": "linux",
        "browser": "chromium",
    }
    return SessionFacts(**{name: value for name, value in known.items() if name in SessionFacts.model_fields})
