"""Receipts go out, come back countersigned, and hold with nothing at hand; the controller's word decides nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt.consent.countersignature import Countersignature
from overt.consent.grant import Grant
from overt.consent.receipt import parse_receipt, receipt_text
from overt.consent.record import record_text
from overt.consent.revocation import Revocation
from overt.consent.status import ConsentStatus
from overt.errors import ConsentError
from overt.format.note import NoteSigner
from overt.keys.consent_files import (
    countersignature_path,
    load_consent,
    load_countersignature,
    require_consent,
    withdrawal_path,
    withdrawn,
)
from overt.keys.countersign import open_countersignature, open_revocation, sign_countersignature, sign_revocation
from overt.keys.countersigning import countersign, countersigned_at_once, revoke
from overt.keys.founding import found_all_in_one
from overt.keys.identities import load_signer
from overt.keys.passphrase import no_passphrase
from overt.keys.receipts import open_receipt
from overt.policy.document import text_sha256
from overt.store.home import Home, Role, open_home
from overt.subject.consenting import Choice, give
from overt.subject.receipt import accept, accept_revocation, receipt_file
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def admin(employee: Home) -> Home:
    return open_home(employee.path.parent, Role.ADMIN)


def uncountersigned(employee: Home) -> str:
    """Return the receipt of *employee* as it is before anybody countersigned it."""
    return receipt_text(replace(parse_receipt(receipt_file(employee, NOON)), countersignature=None))


def files_of(home: Home) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(home.path.rglob("*")) if path.is_file()}


def test_in_a_trial_the_controllers_part_is_played_at_once(employee: Home, grant: Grant) -> None:
    checked = open_receipt(receipt_file(employee, LATER))

    assert checked.grant == grant
    assert checked.receipt.created == LATER
    assert checked.countersignature == Countersignature(at=NOON, grant=grant.id, record=text_sha256(record_text(grant)))


def test_a_receipt_goes_to_the_admin_and_comes_back(employee: Home, admin: Home, grant: Grant) -> None:
    sent = uncountersigned(employee)
    countersignature_path(employee, grant.id).unlink()

    returned = countersign(admin, sent, no_passphrase, LATER)
    accepted = accept(employee, returned)

    assert accepted == grant
    held = load_countersignature(employee, grant)
    assert held is not None
    assert held.at == LATER
    assert open_receipt(receipt_file(employee, LATER)).countersignature == held


def test_countersigning_leaves_no_list_of_who_consented(employee: Home, admin: Home, grant: Grant) -> None:
    del grant
    before = files_of(admin)

    countersign(admin, uncountersigned(employee), no_passphrase, LATER)

    assert files_of(admin) == before


def test_recording_waits_for_no_countersignature(employee: Home, grant: Grant) -> None:
    countersignature_path(employee, grant.id).unlink()

    assert require_consent(employee, NOON) == grant
    assert load_consent(employee).status(NOON) is ConsentStatus.GIVEN
    assert load_consent(employee).countersigned is None


@pytest.mark.parametrize("content", ["", "x", "{}\n\n— a b\n"])
def test_a_countersignature_that_was_changed_counts_as_none_and_stops_nothing(
    employee: Home, grant: Grant, content: str
) -> None:
    countersignature_path(employee, grant.id).write_text(content)

    assert load_countersignature(employee, grant) is None
    assert require_consent(employee, NOON) == grant
    assert open_receipt(receipt_file(employee, LATER)).countersignature is None


def test_a_countersignature_does_not_outlive_a_withdrawal(employee: Home, admin: Home, grant: Grant) -> None:
    returned = countersign(admin, uncountersigned(employee), no_passphrase, LATER)
    withdraw(employee, LATER)

    accept(employee, returned)

    assert load_consent(employee).status(LATER) is ConsentStatus.WITHDRAWN
    assert withdrawn(employee, grant.id)


def test_accepting_twice_changes_nothing(employee: Home, admin: Home, grant: Grant) -> None:
    del grant
    returned = countersign(admin, uncountersigned(employee), no_passphrase, LATER)
    accept(employee, returned)
    once = files_of(employee)

    accept(employee, returned)

    assert files_of(employee) == once


def test_what_was_not_countersigned_is_not_accepted(employee: Home, grant: Grant) -> None:
    del grant

    with pytest.raises(ConsentError, match="not countersigned"):
        accept(employee, uncountersigned(employee))


def test_the_receipt_of_another_person_is_not_accepted(tmp_path: Path, employee: Home, choice: Choice) -> None:
    other = found_all_in_one(tmp_path / "other")
    give(other, choice, no_passphrase, NOON)

    with pytest.raises(ConsentError, match="not given here"):
        accept(employee, receipt_file(other, NOON))


def test_another_organisation_countersigns_nothing(tmp_path: Path, employee: Home, grant: Grant) -> None:
    del grant
    stranger = open_home(found_all_in_one(tmp_path / "other").path.parent, Role.ADMIN)

    with pytest.raises(ConsentError, match="another organisation"):
        countersign(stranger, uncountersigned(employee), no_passphrase, LATER)
    with pytest.raises(ConsentError, match="another organisation"):
        revoke(stranger, uncountersigned(employee), no_passphrase, LATER)


@pytest.mark.parametrize(("seconds", "refused"), [(-1, False), (0, True)])
def test_what_has_expired_is_not_countersigned(
    employee: Home, admin: Home, grant: Grant, seconds: int, refused: bool
) -> None:
    at = grant.expires_at + timedelta(seconds=seconds)

    if refused:
        with pytest.raises(ConsentError, match="expired"):
            countersign(admin, uncountersigned(employee), no_passphrase, at)
    else:
        assert "countersignature" in countersign(admin, uncountersigned(employee), no_passphrase, at)


def test_a_receipt_with_another_notice_is_refused(employee: Home, grant: Grant) -> None:
    del grant
    changed = replace(parse_receipt(receipt_file(employee, NOON)), notice="nothing is recorded\n")

    with pytest.raises(ConsentError, match="another notice"):
        open_receipt(receipt_text(changed))


def test_a_receipt_signed_by_another_key_than_it_names_is_refused(employee: Home, grant: Grant) -> None:
    forged = NoteSigner.generate("device-x").sign(record_text(grant))
    changed = replace(parse_receipt(receipt_file(employee, NOON)), signed_record=forged, countersignature=None)

    with pytest.raises(ConsentError):
        open_receipt(receipt_text(changed))


def test_a_receipt_with_one_promise_changed_is_refused(employee: Home, grant: Grant) -> None:
    del grant
    text = receipt_file(employee, NOON).replace('"rec:dailyCapMinutes":120', '"rec:dailyCapMinutes":480')

    with pytest.raises(ConsentError):
        open_receipt(text)


def test_a_countersignature_by_another_key_or_of_another_grant_is_refused(
    employee: Home, admin: Home, grant: Grant
) -> None:
    word = Countersignature(at=NOON, grant=grant.id, record=text_sha256(record_text(grant)))
    signer = load_signer(admin, no_passphrase)
    del employee

    assert open_countersignature(sign_countersignature(word, signer), grant) == word
    for note in (
        sign_countersignature(word, NoteSigner.generate(signer.name)),
        sign_countersignature(word.model_copy(update={"grant": "f" * 32}), signer),
        sign_countersignature(word.model_copy(update={"record": "f" * 64}), signer),
        sign_revocation(Revocation(at=NOON, grant=grant.id), signer),
        "nonsense",
    ):
        with pytest.raises(ConsentError):
            open_countersignature(note, grant)


def test_a_revocation_ends_a_grant_and_is_told_apart_from_a_withdrawal(
    employee: Home, admin: Home, grant: Grant
) -> None:
    ended, note = revoke(admin, uncountersigned(employee), no_passphrase, LATER)

    accepted = accept_revocation(employee, note)

    assert accepted == ended == grant
    assert withdrawn(employee, grant.id)
    assert load_consent(employee).status(LATER) is ConsentStatus.REVOKED
    with pytest.raises(ConsentError, match="organisation has ended"):
        require_consent(employee, LATER)


def test_a_revocation_does_not_take_the_place_of_a_withdrawal(employee: Home, admin: Home, grant: Grant) -> None:
    _, note = revoke(admin, uncountersigned(employee), no_passphrase, LATER)
    withdraw(employee, LATER)

    accept_revocation(employee, note)

    assert load_consent(employee).status(LATER) is ConsentStatus.WITHDRAWN
    assert load_consent(employee).grant == grant


def test_a_grant_after_a_revocation_renews_nothing(employee: Home, admin: Home, grant: Grant, choice: Choice) -> None:
    _, note = revoke(admin, uncountersigned(employee), no_passphrase, LATER)
    accept_revocation(employee, note)

    fresh = give(employee, choice, no_passphrase, LATER)

    assert (fresh.renews, fresh.previous) == (None, text_sha256(record_text(grant)))
    assert load_consent(employee).status(LATER) is ConsentStatus.GIVEN


@pytest.mark.parametrize("text", ["", "nonsense", "a\n\n— b AAAA\n"])
def test_what_is_no_revocation_of_a_grant_here_is_refused(employee: Home, grant: Grant, text: str) -> None:
    with pytest.raises(ConsentError, match="neither"):
        accept_revocation(employee, text)

    assert not withdrawn(employee, grant.id)


def test_a_revocation_by_another_key_ends_the_grant_all_the_same_but_is_no_revocation(
    employee: Home, grant: Grant
) -> None:
    forged = sign_revocation(Revocation(at=NOON, grant=grant.id), NoteSigner.generate("admin-x"))
    withdrawal_path(employee, grant.id).write_text(forged)

    assert withdrawn(employee, grant.id)
    with pytest.raises(ConsentError):
        load_consent(employee)
    with pytest.raises(ConsentError):
        open_revocation(forged, grant)


def test_a_revocation_of_another_grant_is_refused(admin: Home, grant: Grant) -> None:
    note = sign_revocation(Revocation(at=NOON, grant="f" * 32), load_signer(admin, no_passphrase))

    with pytest.raises(ConsentError, match="another grant"):
        open_revocation(note, grant)


def test_outside_a_trial_nobody_countersigns_at_once(employee: Home, grant: Grant) -> None:
    del grant
    real = replace(employee, trial=False)

    assert countersigned_at_once(real, uncountersigned(employee), NOON) is None


def test_a_trial_whose_admin_is_elsewhere_still_consents(employee: Home, admin: Home, choice: Choice) -> None:
    admin.path.rename(admin.path.with_name("elsewhere"))

    given = give(employee, choice, no_passphrase, NOON)

    assert require_consent(employee, NOON) == given
    assert load_countersignature(employee, given) is None


def test_a_receipt_whose_notice_is_gone_cannot_be_made(employee: Home, grant: Grant) -> None:
    (employee.notices_directory / f"{grant.terms.notice_sha256}.txt").unlink()

    with pytest.raises(ConsentError, match="notice"):
        receipt_file(employee, NOON)


def test_without_consent_there_is_no_receipt(employee: Home) -> None:
    with pytest.raises(ConsentError, match="no consent"):
        receipt_file(employee, NOON)


def test_a_receipt_names_nobody(employee: Home, grant: Grant) -> None:
    record = json.loads(receipt_file(employee, NOON))["dpv:hasRecordOfActivity"][0]

    assert record["dpv:hasDataSubject"]["dpv:hasName"] == grant.parties.subject
    assert len(grant.parties.subject) == 32
