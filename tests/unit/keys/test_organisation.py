"""The organisation's bundle: signed by its admin, joined by the others, and never exchanged for another's."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.errors import KeyAccessError, PolicyError
from overt.format.age_write import new_identity
from overt.format.note import NoteSigner
from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.consent_files import load_organisation
from overt.keys.founding import found_all_in_one
from overt.keys.identities import load_signer, public_keys
from overt.keys.passphrase import PassphraseSource, no_passphrase
from overt.keys.sign import claimed_admin, open_bundle
from overt.keys.statement import Statement, sign_statement
from overt.policy.bundle import bundle_text, parse_bundle_text
from overt.policy.templates import new_policy_text, trial_policy_text
from overt.store.home import Home, Role

Knows = Callable[[str], PassphraseSource]
POLICY = new_policy_text("Acme Ltd", "privacy@acme.example")


@pytest.fixture
def note(real: dict[Role, Home], knows: Knows) -> str:
    keys = PublicKeys.of_homes(officer=real[Role.OFFICER], vault=real[Role.VAULT])
    return sign_policy(real[Role.ADMIN], POLICY, keys, knows("correct"))


def resigned(note: str, change: dict[str, object], signer: NoteSigner) -> str:
    """Return *note* with its bundle changed and signed by *signer*."""
    text = note.partition("\n\n")[0] + "\n"
    return signer.sign(bundle_text(parse_bundle_text(text).model_copy(update=change)))


def note_of_stranger(note: str, stranger: NoteSigner) -> str:
    """Return the bundle of *note* as another admin, who exports to themselves, would sign it."""
    recipients = parse_bundle_text(note.partition("\n\n")[0] + "\n").recipients
    recipient = new_identity().recipient
    statements = parse_bundle_text(note.partition("\n\n")[0] + "\n").statements.model_copy(
        update={"exporter": sign_statement(Statement(epoch=1, recipient=recipient, role="exporter"), stranger)}
    )
    change = {"recipients": recipients.model_copy(update={"exporter": stranger.vkey}), "statements": statements}
    return resigned(note, {"serial": 4, "admin": stranger.vkey, **change}, stranger)


def test_an_employee_joins_what_the_admin_signed(real: dict[Role, Home], note: str) -> None:
    home = real[Role.EMPLOYEE]

    join(home, note, claimed_admin(note))

    organisation = load_organisation(home)
    assert organisation.policy.controller.name == "Acme Ltd"
    assert organisation.bundle.policy == POLICY


@pytest.mark.parametrize("place", [1, 100, 1000, -60, -2])
def test_a_bundle_with_one_character_changed_is_refused(real: dict[Role, Home], note: str, place: int) -> None:
    admin = claimed_admin(note)
    flipped = "A" if note[place] != "A" else "B"
    changed = note[:place] + flipped + note[place:][1:]

    with pytest.raises(PolicyError):
        join(real[Role.EMPLOYEE], changed, admin)
    with pytest.raises(PolicyError, match="joined no organisation"):
        load_organisation(real[Role.EMPLOYEE])


def test_a_bundle_by_another_admin_is_refused(note: str) -> None:
    stranger = NoteSigner.generate("admin-x")

    with pytest.raises(PolicyError, match="another admin"):
        open_bundle(note, stranger.vkey)
    with pytest.raises(PolicyError, match="another admin key"):
        open_bundle(resigned(note, {}, stranger), stranger.vkey)


def test_a_bundle_whose_notice_says_something_else_is_refused(real: dict[Role, Home], note: str, knows: Knows) -> None:
    admin = load_signer(real[Role.ADMIN], knows("correct"))
    lying = resigned(note, {"notices": {"en": "Nothing is recorded.\n"}}, admin)

    with pytest.raises(PolicyError, match="does not say what the policy says"):
        open_bundle(lying, admin.vkey)
    with pytest.raises(PolicyError, match="no notice"):
        open_bundle(resigned(note, {"notices": {}}, admin), admin.vkey)


def test_an_installed_bundle_that_was_changed_is_refused(real: dict[Role, Home], note: str) -> None:
    home = real[Role.EMPLOYEE]
    join(home, note, claimed_admin(note))
    home.bundle_path.write_text(note.replace("retention_days = 180", "retention_days = 720"))

    with pytest.raises(PolicyError, match="changed"):
        load_organisation(home)


def test_an_older_bundle_and_another_organisations_are_refused(real: dict[Role, Home], note: str, knows: Knows) -> None:
    home, admin = real[Role.EMPLOYEE], load_signer(real[Role.ADMIN], knows("correct"))
    stranger = NoteSigner.generate("admin-x")
    join(home, resigned(note, {"serial": 3}, admin), admin.vkey)

    with pytest.raises(PolicyError, match="older"):
        join(home, note, admin.vkey)
    with pytest.raises(PolicyError, match="another organisation"):
        join(home, note_of_stranger(note, stranger), stranger.vkey)

    assert load_organisation(home).bundle.serial == 3


def test_each_bundle_has_the_next_serial(real: dict[Role, Home], note: str, knows: Knows) -> None:
    keys = PublicKeys.of_homes(officer=real[Role.OFFICER], vault=real[Role.VAULT])

    second = sign_policy(real[Role.ADMIN], POLICY, keys, knows("correct"))

    assert [json.loads(each.partition("\n")[0])["serial"] for each in (note, second)] == [1, 2]


def test_a_trial_home_never_joins_a_real_organisation(tmp_path: Path, note: str) -> None:
    employee = found_all_in_one(tmp_path / "another")

    with pytest.raises(PolicyError, match="trial home"):
        join(employee, note, claimed_admin(note))


def test_the_admin_collects_the_public_keys_that_others_listed(real: dict[Role, Home]) -> None:
    listed = [
        {"name": key.name, "public": key.public, "statement": key.statement}
        for role in (Role.OFFICER, Role.VAULT)
        for key in public_keys(real[role])
    ]

    assert PublicKeys.of_lists(listed) == PublicKeys.of_homes(officer=real[Role.OFFICER], vault=real[Role.VAULT])
    with pytest.raises(KeyAccessError, match="vault, vault-log"):
        PublicKeys.of_lists(listed[:1])


def test_a_trial_has_joined_its_own_trial_policy(employee: Home) -> None:
    organisation = load_organisation(employee)

    assert organisation.policy.trial
    assert organisation.bundle.policy == trial_policy_text()


def test_a_note_that_is_no_bundle_is_refused() -> None:
    signer = NoteSigner.generate("admin-x")

    for text in ("", "no note", signer.sign("hello\n"), signer.sign("{}\n")):
        with pytest.raises(PolicyError):
            claimed_admin(text)


def test_nobody_signs_a_malformed_policy(employee: Home, real: dict[Role, Home], knows: Knows) -> None:
    keys = PublicKeys.of_homes(officer=real[Role.OFFICER], vault=real[Role.VAULT])

    with pytest.raises(PolicyError):
        sign_policy(real[Role.ADMIN], "trial = 1", keys, knows("correct"))
    assert load_organisation(employee).bundle.serial == 1
    assert not real[Role.ADMIN].bundle_path.exists()


def test_a_real_admin_signs_nothing_without_the_passphrase(real: dict[Role, Home]) -> None:
    keys = PublicKeys.of_homes(officer=real[Role.OFFICER], vault=real[Role.VAULT])

    with pytest.raises(KeyAccessError):
        sign_policy(real[Role.ADMIN], POLICY, keys, no_passphrase)
