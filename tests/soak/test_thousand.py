"""A thousand episodes: a withdrawal makes them unreadable within a minute, and leaves everybody else's as they are."""

import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt.errors import FormatError, KeyAccessError
from overt.events.redacted import EndFacts
from overt.format.age_read import decrypt
from overt.keys.directory_vault import DirectoryVault
from overt.keys.founding import found_all_in_one
from overt.keys.identities import load_identity
from overt.keys.passphrase import no_passphrase
from overt.keys.put import DirectoryIntake
from overt.keys.recording import RecordingKeys, load_recording_keys
from overt.keys.sending import confirm, send
from overt.keys.vault_contract import SealedShares
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Home, Role, open_home
from overt.subject.consenting import Choice, give
from overt.subject.withdrawing import withdraw

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
CHOICE = Choice(sites=("google",), signals=("text",), purposes=("model_training",), days=10)
MANY = 1_000
MINUTE = 60.0


def consent(home: Home, at: datetime) -> RecordingKeys:
    give(home, CHOICE, no_passphrase, at)
    return load_recording_keys(home, no_passphrase, at)


def record(home: Home, keys: RecordingKeys, count: int) -> None:
    """Record *count* short episodes."""
    store = EpisodeStore(home.episodes_directory)
    for _ in range(count):
        sealer, opening = EpisodeSealer.begin(
            grant=keys.grant.id,
            policy_sha256=keys.policy_sha256,
            trial=True,
            device=keys.device,
            roles=keys.roles,
            vault_recipient=keys.vault_recipient,
        )
        DirectoryIntake(keys.shares_directory).put(
            SealedShares(
                grant_id=keys.grant.id, grant=keys.grant_note, episode_id=opening.episode_id, shares=opening.shares
            )
        )
        store.put_keys(opening.episode_id, opening.keys)
        end = EndFacts(at_ms=300, armed_ms=300, reason="stopped")
        store.put(opening.episode_id, opening.first + sealer.close(reason="stopped", meta=[end]))


def crowd(home: Home, keys: RecordingKeys) -> None:
    """Put another thousand episodes' shares into the vault, by others: copies of what is there serve."""
    place = home.shares_directory / keys.grant.id
    shares = {section: next(place.glob(f"*.{section}.age")).read_bytes() for section in ("c", "m")}
    for _ in range(MANY):
        DirectoryIntake(home.shares_directory).put(
            SealedShares(
                grant_id="ab" * 16, grant=keys.grant_note, episode_id=secrets.token_hex(16), shares=dict(shares)
            )
        )


def test_a_thousand_episodes_are_unreadable_within_a_minute_of_withdrawing(tmp_path: Path) -> None:
    """The vault is at hand and holds as many of others, which are all wrapped for its new master."""
    home = found_all_in_one(tmp_path / "trial")
    keys = consent(home, NOON)
    record(home, keys, MANY)
    crowd(home, keys)
    old = [path.read_bytes() for path in home.shares_directory.glob("*/*.age")]

    started = time.monotonic()
    done = withdraw(home, NOON)
    took = time.monotonic() - started

    print(f"\n{MANY:,} episodes withdrawn, {MANY:,} of others wrapped anew: {took:.1f} s")  # noqa: T201 - a figure
    master = load_identity(open_home(tmp_path / "trial", Role.VAULT), no_passphrase)
    assert (done.shares, done.episodes, done.vault_epoch) == (2 * MANY, MANY, 2)
    assert took < MINUTE
    assert sum(_opens(blob, master) for blob in old) == 0
    assert sum(_opens(path.read_bytes(), master) for path in home.shares_directory.glob("*/*.age")) == 2 * MANY


def test_a_thousand_episodes_pass_through_files_and_are_destroyed_by_one(tmp_path: Path) -> None:
    home = replace(found_all_in_one(tmp_path / "trial"), vault=None)
    vault = DirectoryVault(open_home(tmp_path / "trial", Role.VAULT), no_passphrase)
    keys = consent(home, NOON)
    record(home, keys, MANY)
    started = time.monotonic()
    sent = send(home, no_passphrase, NOON)
    receipt = vault.put(sent.data, NOON)
    confirmed = confirm(home, receipt)
    passed = time.monotonic()
    withdraw(home, NOON + timedelta(days=1))
    orders = [path.read_text() for path in home.withdrawals_directory.glob("*.note")]
    done = vault.shred(orders, NOON + timedelta(days=1))
    destroyed = time.monotonic() - passed

    print(f"\nsent, taken and confirmed: {passed - started:.1f} s; destroyed: {destroyed:.1f} s")  # noqa: T201
    assert (sent.episodes, confirmed.dropped, done.shares) == (MANY, MANY, 2 * MANY)
    assert destroyed < MINUTE


def _opens(blob: bytes, identity: str) -> bool:
    try:
        return bool(decrypt(blob, [identity]))
    except (KeyAccessError, FormatError):
        return False
