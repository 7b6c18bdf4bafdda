"""A share counts for the episode, grant and device that it was made for, wherever its sealed bytes are copied to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from overt.errors import KeyAccessError
from overt.format.age_write import encrypt, new_identity, recipient_of
from overt.format.note import NoteSigner, parse_note
from overt.keys.exchange.request import Reader
from overt.keys.exchange.shipment import open_receipt, write_shipment

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
MALLORY = NoteSigner.generate("device-mallory")


def grant_note(village: Any, grant: str) -> str:
    return str((village.root / f"employee/consent/grants/{grant}.note").read_text())


def mallorys(village: Any, grant: str, own: str) -> str:
    """Return the grant that a person with a device of their own can always sign, under the id *own*."""
    note = grant_note(village, grant)
    device = str(village.signer(Reader.EMPLOYEE).vkey)
    return MALLORY.sign(parse_note(note).text.replace(device, MALLORY.vkey).replace(grant, own))


def intercepted(village: Any, grant: str, episode: str) -> dict[str, bytes]:
    place = village.root / "employee/shares" / grant
    return {section: (place / f"{episode}.{section}.age").read_bytes() for section in ("c", "m")}


def test_an_intercepted_share_is_not_taken_under_another_persons_grant(village: Any) -> None:
    """Else it would stay there, wrapped for each new master, when its own person withdraws."""
    grant = village.consent()
    (episode,) = village.record(1)
    own = "ab" * 16
    shares = {(own, episode): intercepted(village, grant, episode)}
    shipment = write_shipment(MALLORY, village.vault_key, {own: mallorys(village, grant, own)}, shares, NOON)

    receipt = open_receipt(village.vault.put(shipment, NOON), village.vault_key)

    assert [each.reason for each in receipt.refused] == ["unreadable"]
    assert village.held() == {}


def test_an_intercepted_share_is_not_taken_for_another_episode_of_its_person(village: Any) -> None:
    grant = village.consent()
    (episode,) = village.record(1)
    shares = {(grant, "cd" * 16): intercepted(village, grant, episode)}
    note = grant_note(village, grant)
    shipment = write_shipment(village.signer(Reader.EMPLOYEE), village.vault_key, {grant: note}, shares, NOON)

    receipt = open_receipt(village.vault.put(shipment, NOON), village.vault_key)

    assert [each.reason for each in receipt.refused] == ["unreadable"]


@pytest.mark.parametrize("what", ["the grant", "the share"])
def test_what_was_moved_inside_the_vault_is_not_released(village: Any, what: str) -> None:
    """Somebody who can write to the vault's entries, and has a device, is no owner of what lies there."""
    grant = village.consent()
    (episode,) = village.record(1)
    village.send()
    own = grant if what == "the grant" else "ab" * 16
    place = village.places / own
    if own != grant:
        (village.places / grant).rename(place)
        (place / "grant.note").unlink()
    (place / "grant.note").write_text(mallorys(village, grant, own))
    request = village.forged(Reader.EMPLOYEE, [(own, episode)])
    request = MALLORY.sign(parse_note(request).text.replace(statement_of(village), statement_by_mallory(village)))

    with pytest.raises(KeyAccessError, match="damaged"):
        village.vault.release(request, NOON)


def statement_of(village: Any) -> str:
    return (village.root / "employee/keys/employee.note").read_text().replace('"', '\\"').replace("\n", "\\n")


def statement_by_mallory(village: Any) -> str:
    text = parse_note((village.root / "employee/keys/employee.note").read_text()).text
    return MALLORY.sign(text).replace('"', '\\"').replace("\n", "\\n")


def test_another_persons_episode_id_does_not_silence_the_log_of_its_owner(village: Any) -> None:
    """The log of puts went by the episode's id alone, and a stranger had named it first."""
    grant = village.consent()
    (episode,) = village.record(1)
    own = "ab" * 16
    plain = f"# overt-share/1 {{}} {episode} {own} {MALLORY.vkey}\n{new_identity().text}\n"
    sealed = {each: encrypt(plain.format(each).encode(), [recipient_of(village.master())]) for each in ("c", "m")}
    notes = {own: mallorys(village, grant, own)}
    village.vault.put(write_shipment(MALLORY, village.vault_key, notes, {(own, episode): sealed}, NOON), NOON)

    village.send()

    assert [each["grant"] for each in village.log() if each["type"] == "put"] == [own, grant]


@pytest.mark.parametrize("share", [" {}", "{} ", "{}\n", "{}\x00", "# more\n{}", "x" * 5000])
def test_a_share_that_is_not_written_as_the_recorder_does_is_not_taken(village: Any, share: str) -> None:
    """One spelling alone: a megabyte of blanks behind it would be kept, and wrapped for each new master, too."""
    grant = village.consent()
    (episode,) = village.record(1)
    device = village.signer(Reader.EMPLOYEE)
    head = f"# overt-share/1 {{}} {episode} {grant} {device.vkey}\n"
    plain = {each: head.format(each) + share.format(new_identity().text) + "\n" for each in ("c", "m")}
    sealed = {each: encrypt(text.encode(), [recipient_of(village.master())]) for each, text in plain.items()}
    notes = {grant: grant_note(village, grant)}

    answer = village.vault.put(write_shipment(device, village.vault_key, notes, {(grant, episode): sealed}, NOON), NOON)

    assert [each.reason for each in open_receipt(answer, village.vault_key).refused] == ["unreadable"]
