"""Shares go to the vault: taken once, kept for their own person, and dropped at home only when they are kept there."""

from datetime import UTC, datetime
from typing import Any

import pytest

from overt.errors import KeyAccessError, StorageError, VerificationError
from overt.format.age_write import encrypt, new_identity
from overt.format.episode import SECTIONS
from overt.format.note import NoteSigner
from overt.format.share import ShareLabel, render_share
from overt.keys.exchange.request import Reader
from overt.keys.exchange.shipment import open_receipt, write_shipment
from overt.keys.exchange.slip import sign_slip
from overt.keys.identities import load_signer
from overt.keys.passphrase import no_passphrase
from overt.keys.put import DirectoryIntake
from overt.keys.recording import load_recording_keys
from overt.keys.sending import confirm, send
from overt.keys.vault_contract import SealedShares
from overt.store.home import Role
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def pending(village: Any) -> set[str]:
    return {path.name[:32] for path in (village.root / "employee/shares").glob("*/*.?.age")}


def test_shares_stay_at_home_until_the_vault_says_that_it_keeps_them(village: Any) -> None:
    village.consent()
    episodes = village.record(2)
    shipment = village.shipment()
    assert pending(village) == set(episodes)

    receipt = village.vault.put(shipment, NOON)
    assert pending(village) == set(episodes)
    done = confirm(village.home(Role.EMPLOYEE), receipt)

    assert (done.dropped, done.other, done.refused) == (2, 0, ())
    assert pending(village) == set()
    assert len(village.held()) == 4


def test_a_shipment_that_comes_again_changes_nothing(village: Any) -> None:
    village.consent()
    village.record(2)
    shipment = village.shipment()

    first, second = (open_receipt(village.vault.put(shipment, NOON), village.vault_key) for _ in range(2))

    assert first.kept == second.kept
    assert first.intakes.keys() == second.intakes.keys()
    assert sum(each["type"] == "put" for each in village.log()) == 2


def test_later_shares_are_sealed_to_the_intake_of_their_grant(village: Any) -> None:
    village.consent()
    before = load_recording_keys(village.home(Role.EMPLOYEE), no_passphrase, NOON).vault_recipient
    village.send()

    after = load_recording_keys(village.home(Role.EMPLOYEE), no_passphrase, NOON).vault_recipient

    assert after != before


def test_a_receipt_by_another_vault_drops_nothing(village: Any) -> None:
    village.consent()
    village.record(1)
    receipt = open_receipt(village.vault.put(village.shipment(), NOON), village.vault_key)
    forged = sign_slip(receipt, NoteSigner.generate("vault-other"))

    with pytest.raises(VerificationError):
        confirm(village.home(Role.EMPLOYEE), forged)

    assert len(pending(village)) == 1


def test_a_receipt_for_other_bytes_drops_nothing(village: Any) -> None:
    village.consent()
    village.record(1)
    note = village.vault.put(village.shipment(), NOON)
    receipt = open_receipt(note, village.vault_key)
    other = receipt.model_copy(update={"kept": tuple(k.model_copy(update={"sha256": "0" * 64}) for k in receipt.kept)})
    lying = sign_slip(other, load_signer(village.home(Role.VAULT), no_passphrase))

    done = confirm(village.home(Role.EMPLOYEE), lying)

    assert (done.dropped, done.other) == (0, 1)
    assert len(pending(village)) == 1


def test_a_stranger_puts_nothing_under_somebody_elses_grant(village: Any) -> None:
    """Whoever saw an episode's header knows its grant's id, and could have taken its place in the vault."""
    grant = village.consent()
    (episode,) = village.record(1)
    stranger = NoteSigner.generate("device-stranger")
    note = (village.root / f"employee/consent/grants/{grant}.note").read_text()
    shares = {(grant, episode): {"c": b"rubbish", "m": b"rubbish"}}

    for grants in ({grant: note}, {grant: stranger.sign(note.partition("\n\n")[0] + "\n")}):
        with pytest.raises(VerificationError, match="another device's"):
            village.vault.put(write_shipment(stranger, village.vault_key, grants, shares, NOON), NOON)
    village.send()

    assert len(village.held()) == 2


@pytest.mark.parametrize("rubbish", [b"rubbish", None])
def test_what_is_no_share_for_this_vault_is_refused_and_stays_at_home(village: Any, rubbish: bytes | None) -> None:
    grant = village.consent()
    (episode,) = village.record(1)
    place = village.root / f"employee/shares/{grant}/{episode}.c.age"
    intake = load_recording_keys(village.home(Role.EMPLOYEE), no_passphrase, NOON).vault_recipient
    place.write_bytes(rubbish or encrypt(b"no identity\n", [intake]))

    receipt = village.vault.put(village.shipment(), NOON)
    done = confirm(village.home(Role.EMPLOYEE), receipt)

    assert [each.reason for each in done.refused] == ["unreadable"]
    assert pending(village) == {episode}
    assert village.held() == {}


def test_other_shares_for_an_episode_that_has_some_are_refused(village: Any) -> None:
    grant = village.consent()
    (episode,) = village.record(1)
    village.send()
    held = village.held()
    intake = load_recording_keys(village.home(Role.EMPLOYEE), no_passphrase, NOON).vault_recipient
    for section in SECTIONS:
        label = ShareLabel(device=village.signer(Reader.EMPLOYEE).vkey, grant=grant, episode=episode, section=section)
        other = encrypt(render_share(label, new_identity().text), [intake])
        (village.root / f"employee/shares/{grant}/{episode}.{section}.age").write_bytes(other)

    receipt = open_receipt(village.vault.put(village.shipment(), NOON), village.vault_key)

    assert [each.reason for each in receipt.refused] == ["other_shares"]
    assert village.held() == held


def test_a_put_that_broke_off_is_finished_by_the_next(village: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    village.consent()
    village.record(2)
    shipment = village.shipment()

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("overt.ledger.log.Ledger.append", full)
        with pytest.raises(StorageError):
            village.vault.put(shipment, NOON)
    receipt = open_receipt(village.vault.put(shipment, NOON), village.vault_key)

    assert len(receipt.kept) == 2
    assert sum(each["type"] == "put" for each in village.log()) == 2


def test_nothing_is_sent_for_a_grant_that_was_withdrawn(village: Any) -> None:
    village.consent()
    village.record(1)
    withdraw(village.home(Role.EMPLOYEE), NOON)

    with pytest.raises(KeyAccessError, match="no consent"):
        send(village.home(Role.EMPLOYEE), no_passphrase, NOON)


def test_an_erased_episode_cannot_be_put_again(village: Any) -> None:
    grant = village.consent()
    (episode,) = village.record(1)
    shipment = village.shipment()
    village.vault.put(shipment, NOON)
    (village.places / grant / episode).write_bytes(b"")

    receipt = open_receipt(village.vault.put(shipment, NOON), village.vault_key)

    assert [each.reason for each in receipt.refused] == ["destroyed"]
    with pytest.raises(StorageError, match="erased"):
        DirectoryIntake(village.places).put(
            SealedShares(grant_id=grant, grant="", episode_id=episode, shares={"c": b"x", "m": b"x"})
        )


def test_only_the_person_and_the_vault_learn_of_a_share(village: Any) -> None:
    """No role's key opens anything in a shipment or a receipt."""
    village.consent()
    village.record(1)
    shipment = village.shipment()

    receipt = village.vault.put(shipment, NOON)

    assert b"AGE-SECRET-KEY" not in shipment
    assert "AGE-SECRET-KEY" not in receipt
    with pytest.raises(KeyAccessError):
        village.vault.release(village.request(Reader.AUDITOR, [("0" * 32, "1" * 32)]), NOON)
