"""Only what is whole, proven, reviewed and approved is ever handed over."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.consent.grant import Grant
from overt.errors import ConsentError, KeyAccessError, StorageError, UsageError, VerificationError
from overt.format import merkle
from overt.format.checkpoint import Checkpoint
from overt.format.note import verify_note
from overt.keys.consent_files import countersignature_path
from overt.keys.countersign import open_countersignature
from overt.keys.handover import read_handover
from overt.keys.passphrase import no_passphrase
from overt.ledger.entry import parse_entry
from overt.store.home import Home
from overt.subject.reviewing import find_episode, own_episodes, review
from overt.subject.submitting import approve, submit
from overt.subject.withdrawing import withdraw
from overt.verify import TrustDevice, verify_episode

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
Record = Callable[..., str]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


def test_a_person_sees_everything_that_was_kept(employee: Home, grant: Grant, record: Record) -> None:
    opened = review(employee, record(), no_passphrase, NOON)

    assert opened.metadata[0].grant == grant.id
    assert [event.kind for event in opened.content] == ["type", "key"]


def test_what_was_not_approved_is_held_back(employee: Home, grant: Grant, record: Record, inbox: Path) -> None:
    del grant

    outcomes = submit(employee, inbox, [record()])

    assert [(each.submitted, each.reason) for each in outcomes] == [(False, "not approved")]
    assert not inbox.exists()


def test_an_approved_episode_is_handed_over_with_what_proves_it(
    employee: Home, grant: Grant, record: Record, inbox: Path
) -> None:
    episode_id = record()
    assert approve(employee, [episode_id], no_passphrase, NOON) == [episode_id]

    assert [each.submitted for each in submit(employee, inbox, [episode_id])] == [True]

    handed = read_handover(inbox, episode_id, grant.id)
    verdict = verify_episode(handed.episode, trust=TrustDevice(handed.device))
    assert handed.grant == grant
    assert (handed.approval.root, handed.approval.size) == (verdict.root, verdict.size)


def test_the_log_proof_proves_the_close_of_the_episode(
    employee: Home, grant: Grant, record: Record, inbox: Path
) -> None:
    episode_id = record()
    approve(employee, [episode_id], no_passphrase, NOON)
    submit(employee, inbox, [episode_id])

    proof, _, checkpoint = (inbox / f"{episode_id}.tlog-proof").read_text().partition("\n\n")
    head, extra, index, *hashes = proof.split("\n")
    signed = Checkpoint.parse(verify_note(checkpoint, grant.parties.device))
    entry = base64.b64decode(extra.removeprefix("extra "))
    path = [base64.b64decode(each) for each in hashes]

    assert head == "c2sp.org/tlog-proof@v1"
    assert parse_entry(entry, signed.origin)["id"] == episode_id
    number = int(index.removeprefix("index "))
    merkle.verify_inclusion(merkle.leaf_hash(entry), number, signed.size, path, signed.root)


def test_handing_over_twice_changes_nothing(employee: Home, grant: Grant, record: Record, inbox: Path) -> None:
    del grant
    episode_id = record()
    approve(employee, [episode_id], no_passphrase, NOON)
    submit(employee, inbox, [episode_id])
    before = {path.name: path.read_bytes() for path in inbox.iterdir() if path.is_file()}

    assert submit(employee, inbox, [episode_id])[0].reason == "already there"
    assert approve(employee, [episode_id], no_passphrase, NOON) == []
    assert {path.name: path.read_bytes() for path in inbox.iterdir() if path.is_file()} == before


def test_another_episode_of_the_same_id_is_never_overwritten(
    employee: Home, grant: Grant, record: Record, inbox: Path
) -> None:
    del grant
    episode_id = record()
    approve(employee, [episode_id], no_passphrase, NOON)
    inbox.mkdir(mode=0o700)
    (inbox / f"{episode_id}.ep").write_bytes(b"somebody else's")

    with pytest.raises(StorageError, match="another episode"):
        submit(employee, inbox, [episode_id])


def test_an_episode_that_broke_off_cannot_be_approved(employee: Home, grant: Grant, record: Record) -> None:
    del grant

    with pytest.raises(VerificationError, match="open, not closed"):
        approve(employee, [record(closed=False)], no_passphrase, NOON)


def test_one_unsound_episode_keeps_all_from_being_approved(employee: Home, grant: Grant, record: Record) -> None:
    del grant
    sound, broken = record(), record(closed=False)

    with pytest.raises(VerificationError):
        approve(employee, [sound, broken], no_passphrase, NOON)

    assert [facts.approved for facts in own_episodes(employee)] == [False, False]


def test_an_episode_changed_after_approval_is_held_back(
    employee: Home, grant: Grant, record: Record, inbox: Path
) -> None:
    del grant
    episode_id = record()
    approve(employee, [episode_id], no_passphrase, NOON)
    path = employee.episodes_directory / f"{episode_id}.ep"
    data = bytearray(path.read_bytes())
    data[-3000] ^= 1
    path.write_bytes(data)

    outcome = submit(employee, inbox, [episode_id])[0]

    assert not outcome.submitted
    assert not inbox.exists()


def test_an_approval_of_other_bytes_is_no_approval(employee: Home, grant: Grant, record: Record, inbox: Path) -> None:
    del grant
    first, second = record(), record()
    approve(employee, [first], no_passphrase, NOON)
    (employee.approvals_directory / f"{first}.note").rename(employee.approvals_directory / f"{second}.note")

    assert submit(employee, inbox, [second])[0].reason == "its approval is of other bytes"


def test_after_withdrawal_nothing_is_handed_over(employee: Home, grant: Grant, record: Record, inbox: Path) -> None:
    del grant
    episode_id = record()
    approve(employee, [episode_id], no_passphrase, NOON)
    kept = {path: path.read_bytes() for path in employee.episodes_directory.iterdir()}
    note = (employee.approvals_directory / f"{episode_id}.note").read_bytes()
    withdraw(employee, NOON)
    for path, data in kept.items():
        path.write_bytes(data)
    (employee.approvals_directory / f"{episode_id}.note").write_bytes(note)

    assert submit(employee, inbox, [episode_id])[0].reason == "its consent is withdrawn"


def test_an_episode_is_not_handed_over_into_its_own_home(employee: Home) -> None:
    with pytest.raises(UsageError):
        submit(employee, employee.path / "inbox", [])


def test_a_handover_whose_grant_or_approval_was_changed_is_refused(
    employee: Home, grant: Grant, record: Record, inbox: Path
) -> None:
    episode_id = record()
    approve(employee, [episode_id], no_passphrase, NOON)
    submit(employee, inbox, [episode_id])
    approval = inbox / f"{episode_id}.approval.note"
    approval.write_text(approval.read_text().replace('"size":', '"size":9'))

    with pytest.raises(ConsentError, match="changed"):
        read_handover(inbox, episode_id, grant.id)
    approval.unlink()
    with pytest.raises(ConsentError, match="no approval"):
        read_handover(inbox, episode_id, grant.id)
    (inbox / "grants" / f"{grant.id}.note").unlink()
    with pytest.raises(ConsentError, match="no grant"):
        read_handover(inbox, episode_id, grant.id)


def test_a_foreign_episode_in_the_home_is_seen_as_invalid(employee: Home, grant: Grant, record: Record) -> None:
    del grant
    episode_id = record()
    path = employee.episodes_directory / f"{episode_id}.ep"
    path.write_bytes(path.read_bytes()[512:])

    facts = own_episodes(employee)[0]

    assert (facts.state, facts.approved) == ("invalid", False)
    with pytest.raises(VerificationError):
        review(employee, episode_id, no_passphrase, NOON)


def test_review_without_the_vault_says_that_it_is_not_at_hand(employee: Home, grant: Grant, record: Record) -> None:
    del grant
    episode_id = record()
    (employee.path.parent / "vault").rename(employee.path.parent / "away")

    with pytest.raises(KeyAccessError, match="vault is not at hand"):
        review(employee, episode_id, no_passphrase, NOON)


def test_an_episode_is_found_by_the_beginning_of_its_id(employee: Home, grant: Grant, record: Record) -> None:
    del grant
    episode_id = record()

    assert find_episode(employee, episode_id[:4]) == episode_id
    for wanted in ("", episode_id[:3], "zzzz", episode_id + "0"):
        with pytest.raises(UsageError):
            find_episode(employee, wanted)


def test_the_controllers_word_is_handed_over_if_there_is_one_also_when_it_comes_later(
    employee: Home, grant: Grant, record: Record, inbox: Path
) -> None:
    episode_id = record()
    approve(employee, [episode_id], no_passphrase, NOON)
    place = countersignature_path(employee, grant.id)
    note = place.read_text()
    place.unlink()

    without = submit(employee, inbox, [episode_id])
    there = (inbox / "countersignatures").exists()
    place.write_text(note)
    again = submit(employee, inbox, [episode_id])

    assert [each.submitted for each in (*without, *again)] == [True, True]
    assert not there
    assert open_countersignature((inbox / "countersignatures" / f"{grant.id}.note").read_text(), grant)
