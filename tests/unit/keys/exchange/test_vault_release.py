"""The vault hands out shares: to whom, for what, and never before it is in the log."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from overt.errors import ConsentError, FormatError, KeyAccessError, OvertError, PolicyError, StorageError, UsageError
from overt.format.age_write import encrypt, new_identity, recipient_of
from overt.format.note import NoteSigner
from overt.keys.exchange.request import OwnUse, Reader
from overt.keys.exchange.slip import note_sha256
from overt.keys.statement import Statement, sign_statement
from overt.keys.vault import known_grant
from overt.policy.purposes import Purpose
from overt.store.home import Role

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
Later = Callable[[int], datetime]


@pytest.fixture
def stocked(village: Any) -> Any:
    """Return the village with two episodes in its vault, as pairs of grant and id."""
    village.grant = village.consent()
    village.send()
    village.pairs = [(village.grant, each) for each in village.record(2)]
    village.send()
    return village


@pytest.mark.parametrize("role", list(Reader))
def test_each_role_is_given_its_own_sections_sealed_to_it_alone(stocked: Any, role: Reader) -> None:
    answer = stocked.vault.release(stocked.request(role, stocked.pairs), NOON)

    shares = stocked.opened(role, answer).shares
    held = stocked.held()
    sections = {"m"} if role is Reader.AUDITOR else {"m", "c"}
    assert {
        f"{grant}/{episode}.{section}.age": shares[episode][section]
        for grant, episode in stocked.pairs
        for section in sections
    } == {place: share.decode().split()[-1] for place, share in held.items() if place[-5] in sections}
    assert all(set(each) == sections for each in shares.values())
    assert b"AGE-SECRET-KEY" not in answer
    for other in set(Reader) - {role}:
        with pytest.raises(KeyAccessError):
            stocked.opened(other, answer)


def test_a_release_is_logged_with_the_hash_of_its_request_and_the_reason_can_be_deleted(stocked: Any) -> None:
    note = stocked.request(Reader.AUDITOR, stocked.pairs[:1], reason="Ann from the works council asked")

    stocked.vault.release(note, NOON)

    (entry,) = [each for each in stocked.log() if each["type"] == "release"]
    assert entry == {
        "type": "release", "id": stocked.pairs[0][1], "section": "m", "role": "auditor", "purpose": "audit",
        "request": note_sha256(note), "at": "2026-01-31T12:00:00Z",
    }  # fmt: skip
    kept = stocked.root / "vault/requests" / f"{note_sha256(note)}.note"
    assert kept.read_text() == note
    assert "works council" not in json.dumps(stocked.log())


def test_a_request_that_comes_again_is_answered_again_and_logged_once(stocked: Any) -> None:
    note = stocked.request(Reader.EXPORTER, stocked.pairs)

    first, second = (stocked.opened(Reader.EXPORTER, stocked.vault.release(note, NOON)) for _ in range(2))

    assert first.shares == second.shares
    assert sum(each["type"] == "release" for each in stocked.log()) == 4


def test_a_release_that_cannot_be_logged_is_not_answered(stocked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    note = stocked.request(Reader.EXPORTER, stocked.pairs)
    opened = []

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("overt.ledger.log.Ledger.append", full)
        patched.setattr("overt.keys.release.decrypt", lambda *_: opened.append(1))
        with pytest.raises(StorageError):
            stocked.vault.release(note, NOON)

    assert opened == []
    assert [each for each in stocked.log() if each["type"] == "release"] == []


@pytest.mark.parametrize(
    ("role", "changes", "problem"),
    [
        (Reader.AUDITOR, {"sections": ("c",)}, UsageError),
        (Reader.AUDITOR, {"sections": ("c", "m")}, UsageError),
        (Reader.AUDITOR, {"purpose": OwnUse.REVIEW}, UsageError),
        (Reader.AUDITOR, {"purpose": Purpose.MODEL_TRAINING}, UsageError),
        (Reader.AUDITOR, {"role": Reader.EXPORTER, "purpose": Purpose.MODEL_TRAINING}, KeyAccessError),
        (Reader.AUDITOR, {"role": Reader.EMPLOYEE, "purpose": OwnUse.REVIEW}, KeyAccessError),
        (Reader.EXPORTER, {"purpose": OwnUse.AUDIT}, UsageError),
        (Reader.EXPORTER, {"purpose": OwnUse.REVIEW}, UsageError),
        (Reader.EXPORTER, {"role": Reader.AUDITOR, "purpose": OwnUse.AUDIT, "sections": ("m",)}, KeyAccessError),
        (Reader.EXPORTER, {"role": Reader.EMPLOYEE, "purpose": OwnUse.REVIEW}, KeyAccessError),
        (Reader.EXPORTER, {"purpose": Purpose.RESEARCH}, PolicyError),
        (Reader.EMPLOYEE, {"purpose": Purpose.MODEL_TRAINING}, UsageError),
        (Reader.EMPLOYEE, {"role": Reader.AUDITOR, "purpose": OwnUse.AUDIT, "sections": ("m",)}, KeyAccessError),
        (Reader.EMPLOYEE, {"role": Reader.EXPORTER, "purpose": Purpose.MODEL_TRAINING}, KeyAccessError),
        (Reader.EXPORTER, {"vault": NoteSigner.generate("vault-other").vkey}, KeyAccessError),
        (Reader.EXPORTER, {"at": "2026-01-01T12:00:00Z"}, KeyAccessError),
        (Reader.EXPORTER, {"at": "2026-02-02T12:00:01Z"}, KeyAccessError),
    ],
)
def test_what_a_role_may_not_have_is_refused_and_nothing_is_logged(
    stocked: Any, role: Reader, changes: dict[str, Any], problem: type[OvertError]
) -> None:
    note = stocked.forged(role, stocked.pairs, **changes)

    with pytest.raises(problem):
        stocked.vault.release(note, NOON)

    assert [each for each in stocked.log() if each["type"] == "release"] == []
    assert not (stocked.root / "vault/requests").exists()


@pytest.mark.parametrize(
    ("days", "seconds", "answered"), [(30, 0, False), (30, -1, True), (-1, 0, True), (-1, -1, False)]
)
def test_a_request_may_be_used_for_thirty_days(stocked: Any, days: int, seconds: int, *, answered: bool) -> None:
    note = stocked.request(Reader.EXPORTER, stocked.pairs)
    at = NOON + timedelta(days=days, seconds=seconds)

    if answered:
        assert stocked.vault.release(note, at)
    else:
        with pytest.raises(KeyAccessError, match=r"older than 30 days|from the future"):
            stocked.vault.release(note, at)


@pytest.mark.parametrize("change", ["one letter of the reason", "another signer", "two signatures", "cut"])
def test_a_request_that_its_role_did_not_sign_is_refused(stocked: Any, change: str) -> None:
    note = stocked.request(Reader.EXPORTER, stocked.pairs)
    text = note.partition("\n\n")[0] + "\n"
    forged = {
        "one letter of the reason": note.replace("a reason", "b reason"),
        "another signer": NoteSigner.generate("admin-x").sign(text),
        "two signatures": note + NoteSigner.generate("admin-x").sign(text).rpartition("\n\n")[2],
        "cut": note[:-30],
    }[change]

    with pytest.raises((KeyAccessError, FormatError)):
        stocked.vault.release(forged, NOON)


def test_a_stale_statement_of_a_role_is_refused(stocked: Any) -> None:
    """Whoever stole an older age key could have had the shares sealed to it."""
    signer = stocked.signer(Reader.EXPORTER)
    other = sign_statement(Statement(epoch=1, recipient=new_identity().recipient, role="exporter"), signer)
    foreign = stocked.request(Reader.AUDITOR, stocked.pairs).partition("\n\n")[0]

    for statement in (other, json.loads(foreign)["statement"], "nothing"):
        with pytest.raises(KeyAccessError):
            stocked.vault.release(stocked.forged(Reader.EXPORTER, stocked.pairs, statement=statement), NOON)


def test_nobody_is_given_a_share_of_somebody_elses_episode(stocked: Any) -> None:
    """A person's device vouches for their own grants only."""
    stranger = NoteSigner.generate("device-stranger")
    note = stocked.request(Reader.EMPLOYEE, stocked.pairs)

    with pytest.raises(KeyAccessError, match="not signed by the employee"):
        stocked.vault.release(stranger.sign(note.partition("\n\n")[0] + "\n"), NOON)
    with pytest.raises(KeyAccessError, match="knows no person"):
        stocked.vault.release(stocked.request(Reader.EMPLOYEE, [("0" * 32, stocked.pairs[0][1])]), NOON)


def test_what_is_unknown_or_destroyed_is_left_out_with_the_reason(stocked: Any) -> None:
    grant, gone = stocked.pairs[0]
    (stocked.places / grant / gone).write_bytes(b"")
    unknown = "f" * 32

    note = stocked.request(Reader.EXPORTER, [*stocked.pairs, (grant, unknown)])
    shares = stocked.opened(Reader.EXPORTER, stocked.vault.release(note, NOON))

    assert set(shares.shares) == {stocked.pairs[1][1]}
    assert shares.refused == {gone: "destroyed", unknown: "unknown"}
    with pytest.raises(KeyAccessError, match="destroyed"):
        shares.of(gone, "c")
    with pytest.raises(KeyAccessError, match="destroyed, unknown"):
        stocked.vault.release(stocked.request(Reader.EXPORTER, [(grant, gone), (grant, unknown)]), NOON)


def test_a_purpose_that_the_grant_does_not_name_is_left_out(stocked: Any, later: Later) -> None:
    other = stocked.consent(later(1), "model_evaluation")
    stocked.send(later(1))
    (episode,) = stocked.record(1, later(1))
    stocked.send(later(1))

    note = stocked.request(Reader.EXPORTER, [*stocked.pairs, (other, episode)], later(1))
    shares = stocked.opened(Reader.EXPORTER, stocked.vault.release(note, later(1)), later(1))

    assert shares.refused == {episode: "not_granted"}
    assert len(shares.shares) == 2


def test_a_grant_that_names_other_recipients_gives_them_nothing_and_the_person_everything(
    stocked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another officer or admin needs another consent."""

    def of_others(*place: Any) -> Any:
        grant = known_grant(*place)
        terms = grant.terms.model_copy(update={"recipients_sha256": "0" * 64})
        return grant.model_copy(update={"terms": terms})

    monkeypatch.setattr("overt.keys.release.known_grant", of_others)

    for role in (Reader.AUDITOR, Reader.EXPORTER):
        with pytest.raises(KeyAccessError, match="other recipients"):
            stocked.vault.release(stocked.request(role, stocked.pairs), NOON)
    assert stocked.vault.release(stocked.request(Reader.EMPLOYEE, stocked.pairs), NOON)


@pytest.mark.parametrize("sealed", [True, False])
def test_a_damaged_share_is_left_out_and_hides_no_other(stocked: Any, *, sealed: bool) -> None:
    """What opened to no share at all raised an error that quoted it."""
    grant, bad = stocked.pairs[0]
    rubbish = encrypt(b"no share", [recipient_of(stocked.master())]) if sealed else b"damaged"
    (stocked.places / grant / f"{bad}.c.age").write_bytes(rubbish)

    answer = stocked.vault.release(stocked.request(Reader.EXPORTER, stocked.pairs), NOON)

    assert stocked.opened(Reader.EXPORTER, answer).refused == {bad: "damaged"}


@pytest.mark.parametrize("reason", ["", "   ", "two\nlines", "x" * 501])
def test_a_request_needs_a_reason_of_one_line(stocked: Any, reason: str) -> None:
    with pytest.raises(UsageError, match="reason"):
        stocked.request(Reader.EXPORTER, stocked.pairs, reason=reason)


def test_a_vault_without_a_bundle_releases_nothing(stocked: Any) -> None:
    (stocked.root / "vault/bundle.note").unlink()

    with pytest.raises(PolicyError, match="joined no organisation"):
        stocked.vault.release(stocked.request(Reader.EXPORTER, stocked.pairs), NOON)


def test_a_grant_that_was_changed_in_the_vault_gives_nothing(stocked: Any) -> None:
    place = stocked.places / stocked.grant / "grant.note"
    place.write_text(place.read_text().replace("dpv:", "dpx:", 1))

    with pytest.raises(ConsentError):
        stocked.vault.release(stocked.request(Reader.EXPORTER, stocked.pairs), NOON)


def test_a_vault_has_a_home_of_its_own(stocked: Any) -> None:
    assert stocked.home(Role.EMPLOYEE).vault is None
    assert [each.episodes for each in stocked.vault.list()] == [tuple(sorted(each for _, each in stocked.pairs))]
