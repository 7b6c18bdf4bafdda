"""A real organisation, without a trial's shortcuts: four homes, passphrases, and a day to think again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from overt.consent.grant import Grant
from overt.errors import ConsentError, KeyAccessError, OvertError
from overt.keys import at_rest, consent_files
from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.consent_files import require_consent
from overt.keys.device import DeviceStorage
from overt.keys.founding import found_home
from overt.keys.passphrase import no_passphrase
from overt.keys.recording import load_recording_keys
from overt.keys.sign import claimed_admin
from overt.keys.vault import entries
from overt.policy.templates import new_policy_text
from overt.store.home import Home, Role, write_marker
from overt.subject.consenting import Choice, give
from overt.subject.erasing import erase
from overt.subject.reviewing import review
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
NEXT_NOON = NOON + timedelta(hours=24)


def knows(what: str, *, new: bool = False) -> str:
    del what, new
    return "correct"


LAWFUL = (
    new_policy_text("Acme", "a@acme.example")
    + """
[documents.dpia]
reference = "DPIA 7"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
approved_by = "the data protection officer"
approved_on = 2026-01-01
review_by = 2027-01-01

[notice]
legal_basis = "consent"
transfers = "none"
authority = "the authority"
"""
)


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[Role, Home]:
    monkeypatch.setattr(at_rest, "WORK_FACTOR", 2)
    return {
        role: found_home(tmp_path / role.value, role, knows, device_storage=DeviceStorage.PASSPHRASE) for role in Role
    }


@pytest.fixture
def employee(homes: dict[Role, Home]) -> Home:
    """Return the employee's home, joined, with the vault at hand."""
    keys = PublicKeys.of_homes(officer=homes[Role.OFFICER], vault=homes[Role.VAULT])
    note = sign_policy(homes[Role.ADMIN], LAWFUL, keys, knows)
    for role in (Role.EMPLOYEE, Role.VAULT):
        join(homes[role], note, claimed_admin(note))
    joined = replace(homes[Role.EMPLOYEE], vault=homes[Role.VAULT].path)
    write_marker(joined)
    return joined


@pytest.fixture
def grant(employee: Home, choice: Choice) -> Grant:
    return give(employee, choice, knows, NOON)


@pytest.mark.parametrize(("seconds", "allowed"), [(-1, False), (0, True)])
def test_nothing_is_recorded_until_the_day_to_think_again_is_over(
    employee: Home, grant: Grant, seconds: int, *, allowed: bool
) -> None:
    at = NEXT_NOON + timedelta(seconds=seconds)

    if allowed:
        keys = load_recording_keys(employee, knows, at)
        assert keys.grant == grant
        assert not keys.trial
    else:
        with pytest.raises(ConsentError, match="time to think again"):
            load_recording_keys(employee, knows, at)


def test_a_recording_needs_the_passphrase_of_the_device_key(employee: Home, grant: Grant) -> None:
    del grant

    with pytest.raises(KeyAccessError, match="passphrase is needed"):
        load_recording_keys(employee, no_passphrase, NEXT_NOON)


def test_withdrawing_asks_for_no_passphrase_and_says_what_the_vaults_keeper_must_do(
    employee: Home, grant: Grant
) -> None:
    done = withdraw(employee, NOON)

    assert done.grants == (grant.id,)
    assert done.vault_epoch is None
    assert "overt keys rotate" in done.unreached[0]
    with pytest.raises(ConsentError, match="withdrawn"):
        load_recording_keys(employee, knows, NEXT_NOON)


def test_no_home_holds_a_key_of_another_role(homes: dict[Role, Home]) -> None:
    held = {role: {path.name for path in home.keys_directory.glob("*.age")} for role, home in homes.items()}

    assert held == {
        Role.ADMIN: {"admin.age", "exporter.age"},
        Role.OFFICER: {"auditor.age", "witness.age"},
        Role.EMPLOYEE: {"device.age", "employee.age"},
        Role.VAULT: {"vault.age", "vault-log.age"},
    }


def test_a_person_reviews_with_their_own_and_the_vaults_passphrase(
    employee: Home, grant: Grant, sealed: Callable[[Home, datetime], str]
) -> None:
    del grant
    episode_id = sealed(employee, NEXT_NOON)

    assert len(list(review(employee, episode_id, knows, NEXT_NOON).content)) == 2
    with pytest.raises(KeyAccessError):
        review(employee, episode_id, no_passphrase, NEXT_NOON)


@pytest.mark.parametrize("act", ["withdraw", "erase"])
def test_keys_from_before_the_vault_was_at_hand_are_destroyed_too(
    employee: Home, grant: Grant, sealed: Callable[..., str], act: str
) -> None:
    """They lay in the person's own home and outlived the withdrawal there."""
    before = replace(employee, vault=None)
    episode_id = sealed(before, NEXT_NOON)
    own = employee.path / "shares"
    assert len(entries(own)) == 2

    if act == "withdraw":
        destroyed = withdraw(employee, NEXT_NOON).shares
    else:
        destroyed = erase(employee, [episode_id], NEXT_NOON)[0].shares

    assert destroyed == 2
    assert entries(own) == []
    assert grant


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "expired"),
        (datetime(2027, 1, 1, tzinfo=UTC), "the review is due"),
        (datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), "lies in the future"),
    ],
)
def test_a_document_that_is_due_or_not_yet_approved_ends_recording_on_that_day(
    employee: Home, grant: Grant, at: datetime, said: str
) -> None:
    del grant

    with pytest.raises(OvertError, match=said):
        require_consent(employee, at)


def test_a_signal_that_the_law_takes_away_ends_a_grant_that_names_it(
    employee: Home, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    lawful = consent_files.effective

    def stricter(*arguments: Any) -> Any:
        return replace(lawful(*arguments), signals=frozenset())

    assert require_consent(employee, NEXT_NOON) == grant
    monkeypatch.setattr(consent_files, "effective", stricter)

    with pytest.raises(ConsentError, match="takes away: text"):
        require_consent(employee, NEXT_NOON)
