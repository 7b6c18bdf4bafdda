"""Orders about what the vault does not know, and a vault that another process changes meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from overt.errors import KeyAccessError, VerificationError
from overt.format.note import NoteSigner
from overt.keys.exchange.order import write_erasure
from overt.keys.exchange.request import Reader
from overt.keys.exchange.shipment import open_receipt
from overt.keys.passphrase import no_passphrase
from overt.keys.rekey import rekey_vault
from overt.keys.sending import confirm
from overt.keys.shred import shred_grant
from overt.store.home import Role
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
Later = Callable[[int], datetime]


def test_an_erasure_of_an_unknown_grant_does_not_keep_its_withdrawal_out(village: Any) -> None:
    """It made a directory without a grant, and from then on no order for that grant could be checked."""
    grant = village.consent()
    (episode,) = village.record(1)
    kept = village.shipment()
    village.vault.shred([write_erasure(grant, "ef" * 16, NOON, NoteSigner.generate("anybody"))], NOON)
    withdraw(village.home(Role.EMPLOYEE), NOON)

    village.vault.shred(village.orders(grant), NOON)

    assert (village.places / grant).is_file()
    receipt = open_receipt(village.vault.put(kept, NOON), village.vault_key)
    assert [(each.id, each.reason) for each in receipt.refused] == [(episode, "destroyed")]


def test_a_damaged_grant_in_the_vault_does_not_keep_a_withdrawal_out(village: Any) -> None:
    grant = village.consent()
    village.record(1)
    village.send()
    (village.places / grant / "grant.note").write_text("damaged")
    withdraw(village.home(Role.EMPLOYEE), NOON)
    with pytest.raises(VerificationError, match="not known") as refused:
        village.vault.shred(village.orders(grant), NOON)
    assert "--unsigned" in refused.value.hint

    village.vault.shred(village.orders(grant), NOON, unsigned=True)

    assert village.held() == {}


def test_unsigned_does_not_excuse_a_wrong_signature_under_a_grant_that_is_known(village: Any) -> None:
    grant = village.consent()
    (episode,) = village.record(1)
    village.send()

    with pytest.raises(VerificationError, match="another key"):
        village.vault.shred([write_erasure(grant, episode, NOON, NoteSigner.generate("m"))], NOON, unsigned=True)

    assert len(village.held()) == 2


def test_what_is_put_after_another_process_replaced_the_master_is_not_lost(village: Any) -> None:
    """A vault that stayed open went on to wrap for the old master, and gave a receipt for it."""
    village.consent()
    village.send()
    vault = village.vault
    village.record(1)
    vault.put(village.shipment(), NOON)
    village.record(1)
    shipment = village.shipment()
    rekey_vault(village.home(Role.VAULT), no_passphrase, NOON)

    vault.put(shipment, NOON)

    assert len(village.held()) == 4


def test_a_withdrawal_during_a_release_leaves_the_others_their_answer(village: Any, later: Later) -> None:
    """Destroying waits for nobody: the share was gone between the log and the answer, and all of it was refused."""
    first = village.consent()
    gone = village.record(1)
    village.send()
    second = village.consent(later(1))
    stays = village.record(1, later(1))
    village.send(later(1))
    request = village.request(Reader.EXPORTER, [(first, gone[0]), (second, stays[0])], later(1))

    def meanwhile(done: int, _: int) -> None:
        if done == 1:
            shred_grant(village.places, first)

    shares = village.opened(Reader.EXPORTER, village.vault.release(request, later(1), meanwhile), later(1))

    assert set(shares.shares) == set(stays)
    assert shares.refused == {gone[0]: "destroyed"}


def test_a_withdrawal_during_the_only_release_leaves_no_answer(village: Any) -> None:
    grant = village.consent()
    (episode,) = village.record(1)
    village.send()
    request = village.request(Reader.EXPORTER, [(grant, episode)])

    with pytest.raises(KeyAccessError, match="destroyed"):
        village.vault.release(request, NOON, lambda *_: shred_grant(village.places, grant) and None)


def test_a_lost_receipt_is_given_again_after_the_master_was_replaced(village: Any) -> None:
    """What was sealed to the old master was then unreadable, and stayed in the person's home for good."""
    village.consent()
    village.record(2)
    shipment = village.shipment()
    village.vault.put(shipment, NOON)
    rekey_vault(village.home(Role.VAULT), no_passphrase, NOON)

    receipt = village.vault.put(shipment, NOON)

    assert confirm(village.home(Role.EMPLOYEE), receipt).dropped == 2
    assert len(village.held()) == 4
