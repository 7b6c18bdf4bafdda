"""Giving consent, and what a recording finds of it."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt.consent.fit import hosts_sha256
from overt.consent.grant import Grant
from overt.consent.record import record_text
from overt.consent.status import ConsentStatus
from overt.consent.withdrawal import Withdrawal, withdrawal_text
from overt.errors import ConsentError, KeyAccessError, PolicyError, UsageError
from overt.format.note import NoteSigner, parse_note, verify_note
from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.consent_files import load_consent, load_organisation, require_consent, withdrawal_path, withdrawn
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.keys.recording import load_recording_keys
from overt.ledger.log import read_entries
from overt.policy.document import text_sha256
from overt.policy.templates import trial_policy_text
from overt.store.home import Home, Role, open_home
from overt.subject.consenting import Choice, give
from overt.subject.receipt import receipt
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def refused(home: Home, at: datetime = NOON) -> str:
    with pytest.raises(ConsentError) as caught:
        load_recording_keys(home, no_passphrase, at)
    return str(caught.value)


def test_without_a_grant_nothing_is_recorded(employee: Home) -> None:
    assert refused(employee) == "you have given no consent"


def test_a_grant_is_for_what_was_switched_on_and_nothing_else(employee: Home, grant: Grant) -> None:
    keys = load_recording_keys(employee, no_passphrase, NOON)

    assert keys.grant == grant
    assert grant.scope.sites == ("google", "wikipedia")
    assert [signal.value for signal in grant.scope.signals] == ["text"]
    assert keys.trial
    assert keys.notice_sha256 == grant.terms.notice_sha256


def test_the_recording_keys_never_show_themselves(employee: Home, grant: Grant) -> None:
    del grant

    assert "RecordingKeys object" in repr(load_recording_keys(employee, no_passphrase, NOON))


@pytest.mark.parametrize(("seconds", "allowed"), [(-1, True), (0, False), (1, False)])
def test_a_recording_starts_until_the_second_before_expiry(
    employee: Home, grant: Grant, seconds: int, *, allowed: bool
) -> None:
    at = grant.expires_at + timedelta(seconds=seconds)

    if allowed:
        assert require_consent(employee, at) == grant
    else:
        assert refused(employee, at) == "your consent has expired"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"sites": ()}, UsageError),
        ({"signals": ()}, UsageError),
        ({"purposes": ()}, UsageError),
        ({"sites": ("example",)}, PolicyError),
        ({"signals": ("TEXT",)}, PolicyError),
        ({"purposes": ("performance_monitoring",)}, PolicyError),
        ({"purposes": ("research",)}, PolicyError),
        ({"days": 31}, PolicyError),
        ({"days": 0}, PolicyError),
        ({"language": "xx"}, PolicyError),
    ],
)
def test_what_is_not_offered_cannot_be_given(
    employee: Home, choice: Choice, change: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        give(employee, replace(choice, **change), no_passphrase, NOON)

    assert list(employee.grants_directory.iterdir()) == []


def test_a_grant_with_one_byte_changed_is_refused(employee: Home, grant: Grant) -> None:
    path = employee.grants_directory / f"{grant.id}.note"
    text = path.read_text()
    path.write_text(text.replace('"rec:dailyCapMinutes":120', '"rec:dailyCapMinutes":480'))

    assert "changed" in refused(employee)


def test_a_grant_signed_by_another_key_is_refused(employee: Home, grant: Grant) -> None:
    path = employee.grants_directory / f"{grant.id}.note"
    path.write_text(NoteSigner.generate("device-x").sign(parse_note(path.read_text()).text))

    assert "another device's" in refused(employee)


def test_a_grant_under_another_name_is_refused(employee: Home, grant: Grant) -> None:
    path = employee.grants_directory / f"{grant.id}.note"
    path.rename(path.with_name("f" * 32 + ".note"))

    assert "under the name of another" in refused(employee)


def test_another_device_finds_no_consent_in_a_copied_grant(tmp_path: Path, employee: Home, grant: Grant) -> None:
    other = found_all_in_one(tmp_path / "other")
    name = f"{grant.id}.note"
    (other.grants_directory / name).write_text((employee.grants_directory / name).read_text())

    assert "another device's" in refused(other)


def test_a_later_grant_takes_the_place_of_an_earlier_one(employee: Home, grant: Grant, choice: Choice) -> None:
    later = give(employee, replace(choice, sites=("linkedin",)), no_passphrase, NOON + timedelta(seconds=1))

    assert require_consent(employee, NOON + timedelta(hours=1)) == later != grant


def test_no_grant_is_given_by_a_clock_that_was_set_back(employee: Home, grant: Grant, choice: Choice) -> None:
    with pytest.raises(ConsentError, match="clock"):
        give(employee, choice, no_passphrase, grant.given_at)


@pytest.mark.parametrize("content", ["", "x", "signed", "unsigned", "other", None])
def test_whatever_lies_in_the_place_of_the_withdrawal_ends_the_grant(
    employee: Home, grant: Grant, content: str | None
) -> None:
    path = withdrawal_path(employee, grant.id)
    text = withdrawal_text(Withdrawal(grant=grant.id, at=NOON))
    forged = {
        "signed": NoteSigner.generate("withdrawal").sign(text),
        "unsigned": text,
        "other": text.replace("2026", "2027"),
    }
    if content is None:
        path.mkdir()
    else:
        path.write_text(forged.get(content, content))

    assert withdrawn(employee, grant.id)
    assert refused(employee)


def test_a_place_of_withdrawals_that_is_gone_counts_as_withdrawn(employee: Home, grant: Grant) -> None:
    assert not withdrawn(employee, grant.id)

    employee.withdrawals_directory.rmdir()

    assert withdrawn(employee, grant.id)


def test_a_policy_that_changed_invalidates_the_grant(employee: Home, grant: Grant) -> None:
    consent = load_consent(employee)

    changed = replace(consent, terms=grant.terms.model_copy(update={"policy_sha256": "0" * 64}))

    assert consent.status(NOON) is ConsentStatus.GIVEN
    assert changed.status(NOON) is ConsentStatus.INVALIDATED
    assert replace(consent, terms=None).status(NOON) is ConsentStatus.INVALIDATED


def test_an_organisation_that_is_gone_ends_recording(employee: Home, grant: Grant) -> None:
    del grant
    employee.bundle_path.unlink()

    with pytest.raises(PolicyError, match="joined no organisation"):
        load_recording_keys(employee, no_passphrase, NOON)


def test_a_consent_leaves_a_trace_of_ids_and_hashes(employee: Home, grant: Grant) -> None:
    vkey = (employee.keys_directory / "device.pub").read_text().strip()

    entries = [each for each in read_entries(employee.log_directory, vkey) if each["type"] == "grant"]

    assert entries == [
        {
            "type": "grant",
            "day": "2026-01-31",
            "grant": grant.id,
            "notice": grant.terms.notice_sha256,
            "policy": grant.terms.policy_sha256,
        }
    ]


def test_a_receipt_is_enough_to_check_the_consent(employee: Home, grant: Grant) -> None:
    kept = receipt(employee)

    assert grant.id in verify_note(kept["grant"], kept["verify_with"])
    assert "THIS IS A TRIAL" in kept["notice"]


def test_there_is_no_receipt_without_consent(employee: Home) -> None:
    with pytest.raises(ConsentError):
        receipt(employee)


def test_a_device_key_that_is_gone_ends_recording(employee: Home, grant: Grant) -> None:
    del grant
    (employee.keys_directory / "device.txt").unlink()

    with pytest.raises(KeyAccessError):
        load_recording_keys(employee, no_passphrase, NOON)


def test_a_later_grant_renews_the_earlier_one_and_names_its_record(
    employee: Home, grant: Grant, choice: Choice
) -> None:
    later = give(employee, choice, no_passphrase, NOON + timedelta(days=20))

    assert (grant.renews, grant.previous) == (None, None)
    assert (later.renews, later.previous) == (grant.id, text_sha256(record_text(grant)))
    assert load_consent(employee).status(NOON + timedelta(days=21)) is ConsentStatus.RENEWED


def test_a_grant_after_a_withdrawal_is_no_renewal(employee: Home, grant: Grant, choice: Choice) -> None:
    withdraw(employee, NOON)

    later = give(employee, choice, no_passphrase, NOON + timedelta(seconds=1))

    assert (later.renews, later.previous) == (None, text_sha256(record_text(grant)))
    assert load_consent(employee).status(NOON + timedelta(hours=1)) is ConsentStatus.GIVEN


def test_a_grant_is_named_by_a_random_uuid(grant: Grant) -> None:
    assert uuid.UUID(grant.id).version == 4


def test_a_grant_names_what_was_asked_who_reads_and_where(employee: Home, grant: Grant) -> None:
    organisation = load_organisation(employee)

    assert grant.questions == "1"
    assert grant.parties.controller_key == organisation.bundle.admin
    assert grant.parties.recipients == organisation.recipients
    assert grant.promises.hosts_sha256 == hosts_sha256(("google", "wikipedia"))
    assert grant.promises.retention == (30,)


def test_a_grant_given_in_september_ends_before_183_days(employee: Home, choice: Choice) -> None:
    begin = datetime(2026, 9, 1, 12, tzinfo=UTC)
    admin = open_home(employee.path.parent, Role.ADMIN)
    homes = {role: open_home(employee.path.parent, role) for role in (Role.OFFICER, Role.VAULT)}
    keys = PublicKeys.of_homes(officer=homes[Role.OFFICER], vault=homes[Role.VAULT])
    longer = trial_policy_text().replace("grant_max_days = 30", "grant_max_days = 183")
    note = sign_policy(admin, longer, keys, no_passphrase)
    join(employee, note, load_organisation(admin).bundle.admin)

    given = give(employee, replace(choice, days=183), no_passphrase, begin)

    assert given.expires_at == datetime(2027, 3, 1, 12, tzinfo=UTC)
    assert require_consent(employee, given.expires_at - timedelta(seconds=1)) == given


@pytest.mark.parametrize(
    ("field", "said"),
    [("notice_sha256", "the notice"), ("policy_sha256", "the policy"), ("recipients_sha256", "who may read")],
)
def test_what_is_no_longer_offered_is_said_in_words(employee: Home, grant: Grant, field: str, said: str) -> None:
    consent = load_consent(employee)

    changed = replace(consent, terms=grant.terms.model_copy(update={field: "0" * 64}))

    assert consent.changes == ()
    assert changed.changes == (said,)
    assert replace(consent, terms=None).changes == ("the organisation",)
    assert replace(consent, grant=None).changes == ()


def test_german_is_consented_to_in_german(employee: Home, choice: Choice) -> None:
    given = give(employee, replace(choice, language="de"), no_passphrase, NOON)

    kept = receipt(employee)["notice"]
    assert kept.startswith("AUFZEICHNUNG IHRER ARBEIT IM BROWSER")
    assert text_sha256(kept) == given.terms.notice_sha256
