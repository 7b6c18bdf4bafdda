"""Joining asks for no key, and is in the log all the same as soon as the device's key is next used."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from overt.errors import PolicyError
from overt.format.note import NoteSigner
from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.identities import signer_vkey
from overt.keys.passphrase import PassphraseSource
from overt.keys.rotate import rotate_identity
from overt.ledger.log import verify_ledger
from overt.policy.templates import new_policy_text
from overt.store.home import Home, Role

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
Knows = Callable[[str], PassphraseSource]


def test_each_bundle_that_is_joined_is_logged_once(real: dict[Role, Home], knows: Knows) -> None:
    home, admin = real[Role.EMPLOYEE], real[Role.ADMIN]
    keys = PublicKeys.of_homes(officer=real[Role.OFFICER], vault=real[Role.VAULT])
    policy = new_policy_text("Acme Ltd", "privacy@acme.example")
    notes = [sign_policy(admin, policy, keys, knows("correct")) for _ in range(2)]

    for note in (notes[0], notes[0], notes[1]):
        join(home, note, signer_vkey(admin))
    with pytest.raises(PolicyError):
        join(home, notes[1], NoteSigner.generate("admin-x").vkey)
    rotate_identity(home, knows("correct"), NOON)

    entries = verify_ledger(home.log_directory, signer_vkey(home)).entries
    assert [(entry["type"], entry.get("serial")) for entry in entries] == [("join", 1), ("join", 2), ("rotate", None)]
