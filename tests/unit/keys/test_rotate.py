"""Replacing a key: the role stays, the old key reads on, and a kill at any step loses nothing."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from overt.errors import KeyAccessError
from overt.format.age_passphrase import decrypt_with_passphrase
from overt.format.age_write import encrypt
from overt.keys.identities import (
    load_recipient,
    load_signer,
    load_statement,
    public_keys,
    signer_vkey,
    statement_note,
)
from overt.keys.passphrase import PassphraseSource, no_passphrase
from overt.keys.rotate import rotate_identity, rotate_witness
from overt.keys.rotated import Keyring, has_next, identities, retired_epochs
from overt.keys.statement import statement_recipient
from overt.ledger.log import verify_ledger
from overt.store import files
from overt.store.home import Home, Role, open_home

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
READERS = (Role.ADMIN, Role.OFFICER, Role.EMPLOYEE)
STEPS = ("replace", "create_exclusive", "unlink")
"""What makes a change of a home's files durable."""

Knows = Callable[[str], PassphraseSource]


@pytest.fixture
def trial(employee: Home) -> Callable[[Role], Home]:
    """Return what opens a role's home in the trial."""
    return lambda role: open_home(employee.path.parent, role)


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Do *act* in a process of its own that kills itself before its change number *step*; say whether it got so far."""
    child = os.fork()
    if child == 0:
        steps = count()
        for name in STEPS:
            setattr(files, name, _fatal(getattr(files, name), steps, step))
        try:
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _fatal(change: Callable[..., Any], steps: "count[int]", step: int) -> Callable[..., Any]:
    def fatal(*words: Any, **named: Any) -> Any:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return change(*words, **named)

    return fatal


def opens(home: Home, sealed: bytes, passphrases: PassphraseSource = no_passphrase) -> bool:
    return Keyring(home, passphrases).unsealed(sealed) == b"kept"


@pytest.mark.parametrize("role", READERS)
def test_a_new_key_is_stated_by_the_same_signer_and_the_former_one_reads_on(
    real: dict[Role, Home], knows: Knows, role: Role
) -> None:
    home = real[role]
    before = encrypt(b"kept", [load_recipient(home)])

    stated = rotate_identity(home, knows("correct"), NOON)

    assert stated.epoch == 2
    assert statement_recipient(statement_note(home), signer_vkey(home), stated.role) == stated.recipient
    assert next(key.public for key in public_keys(home) if key.kind == "age") == stated.recipient
    assert opens(home, before, knows("correct"))
    assert opens(home, encrypt(b"kept", [stated.recipient]), knows("correct"))


def test_the_new_key_and_the_retired_one_are_stock_age_files_under_the_same_passphrase(
    real: dict[Role, Home], knows: Knows
) -> None:
    home = real[Role.OFFICER]

    rotate_identity(home, knows("correct"), NOON)

    for name in ("auditor.age", "auditor-1.age"):
        plain = decrypt_with_passphrase((home.keys_directory / name).read_bytes(), "correct")
        assert plain.startswith(b"AGE-SECRET-KEY-PQ-1")


def test_a_mistyped_passphrase_makes_no_new_key(real: dict[Role, Home], knows: Knows) -> None:
    home = real[Role.ADMIN]

    with pytest.raises(KeyAccessError):
        rotate_identity(home, knows("wrong"), NOON)

    assert (load_statement(home).epoch, has_next(home)) == (1, False)


@pytest.mark.parametrize(
    ("role", "when"), [(Role.ADMIN, ("at", "2026-01-31T12:00:00Z")), (Role.EMPLOYEE, ("day", "2026-01-31"))]
)
def test_a_rotation_is_logged_with_no_finer_time_than_the_log_carries(
    trial: Callable[[Role], Home], role: Role, when: tuple[str, str]
) -> None:
    home = trial(role)

    rotate_identity(home, no_passphrase, NOON)

    entry = verify_ledger(home.log_directory, signer_vkey(home)).entries[-1]
    assert (entry["type"], entry["epoch"]) == ("rotate", 2)
    assert set(entry) == {"type", "role", "epoch", "sha256", when[0]}
    assert entry[when[0]] == when[1]


def test_a_key_that_is_not_the_stated_one_is_never_retired(trial: Callable[[Role], Home]) -> None:
    home, other = trial(Role.OFFICER), trial(Role.ADMIN)
    stranger = (other.keys_directory / "exporter.txt").read_bytes()
    files.replace(home.keys_directory, "auditor.txt", stranger)

    with pytest.raises(KeyAccessError, match="not the one that is stated"):
        rotate_identity(home, no_passphrase, NOON)


@pytest.mark.parametrize("role", READERS)
def test_a_kill_at_any_step_of_a_rotation_loses_nothing_and_the_next_one_finishes_it(
    trial: Callable[[Role], Home], role: Role
) -> None:
    home = trial(role)
    sealed = [encrypt(b"kept", [load_recipient(home)])]
    rotations = 0

    for step in count():
        killed = killed_at(step, lambda: rotate_identity(home, no_passphrase, NOON))
        sealed.append(encrypt(b"kept", [load_recipient(home)]))
        assert all(opens(home, each) for each in sealed), step
        if not killed:
            break
        rotate_identity(home, no_passphrase, NOON)
        rotations += 1
        assert not has_next(home)
        assert load_statement(home).recipient == public_of(home)

    assert rotations >= 6
    assert load_statement(home).epoch <= 2 * rotations + 2
    assert all(opens(home, each) for each in sealed)
    assert len(list(identities(home, no_passphrase))) == 1 + len(retired_epochs(home))


def public_of(home: Home) -> str:
    return next(key.public for key in public_keys(home) if key.kind == "age")


def test_a_rotation_that_was_broken_off_is_finished_and_not_begun_again(trial: Callable[[Role], Home]) -> None:
    home = trial(Role.ADMIN)
    assert killed_at(2, lambda: rotate_identity(home, no_passphrase, NOON))

    rotate_identity(home, no_passphrase, NOON)

    assert load_statement(home).epoch == 2
    assert retired_epochs(home) == (1,)


def test_a_new_witness_key_states_the_same_recipient_under_another_name(real: dict[Role, Home], knows: Knows) -> None:
    home = real[Role.OFFICER]
    old, recipient = signer_vkey(home), load_recipient(home)

    signer = rotate_witness(home, knows("correct"))

    assert signer.vkey == signer_vkey(home) != old
    assert load_signer(home, knows("correct")).vkey == signer.vkey
    assert load_recipient(home) == recipient
    assert not [path for path in home.keys_directory.iterdir() if "next" in path.name]


def test_a_kill_at_any_step_of_replacing_the_witness_key_is_mended_by_the_next_call(
    trial: Callable[[Role], Home],
) -> None:
    home = trial(Role.OFFICER)
    recipient = load_recipient(home)

    for step in count():
        if not killed_at(step, lambda: rotate_witness(home, no_passphrase)):
            break
        rotate_witness(home, no_passphrase)
        assert load_signer(home, no_passphrase).vkey == signer_vkey(home)
        assert load_recipient(home) == recipient

    assert step >= 5
