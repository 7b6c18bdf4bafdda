"""Who holds what: each role's home is searched, byte by byte and with all that it can open, for everybody's secrets."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt.errors import OvertError, PolicyError
from overt.format.age_passphrase import decrypt_with_passphrase
from overt.format.age_read import decrypt
from overt.format.age_write import new_identity
from overt.format.container import read_members
from overt.format.note import NoteSigner
from overt.format.xwing import seed_of
from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.consent_files import load_organisation
from overt.keys.device import DeviceStorage
from overt.keys.founding import found_home
from overt.keys.identities import (
    IDENTITY_NAMES,
    SIGNING_NAMES,
    load_identity,
    load_recipient,
    load_signer,
    load_statement,
)
from overt.keys.passphrase import PassphraseSource
from overt.keys.recipients import RoleRecipients
from overt.keys.sign import BUNDLED_ROLES, open_bundle, sign_bundle
from overt.keys.statement import Statement, sign_statement
from overt.policy.bundle import Bundle
from overt.policy.templates import new_policy_text
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Home, Role
from overt.subject.consenting import Choice, give
from overt.subject.submitting import approve, submit

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=30)
POLICY = (
    new_policy_text("Acme Ltd", "privacy@acme.example")
    + """
[documents.dpia]
reference = "DPIA 7"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
approved_by = "the data protection officer"
approved_on = 2026-01-01
review_by = 2027-01-01

[notice]
legal_basis = "consent"
transfers = "none"
authority = "the authority"
"""
)

MAY_HOLD = {
    Role.ADMIN: {"admin", "exporter"},
    Role.OFFICER: {"witness", "auditor"},
    Role.EMPLOYEE: {"device", "employee", "withdrawal"},
    Role.VAULT: {"vault-log", "vault", "share m", "share c"},
}
"""Role to the secrets that its home may hold, plain or locked so that the role alone opens it. The sections' own keys
are in no row: only two homes together reach them."""
IN_PLAIN = {"withdrawal"}
"""Withdrawing asks for nothing: its key lies open in the person's own home."""


def passphrase_of(role: Role) -> str:
    return f"the words of the {role}"


def asked(role: Role) -> PassphraseSource:
    def ask(what: str, *, new: bool = False) -> str:
        del what, new
        return passphrase_of(role)

    return ask


@dataclass
class Firm:
    """Four homes that have joined, an episode that was recorded and handed over, and everybody's secrets."""

    homes: dict[Role, Home]
    note: str
    sent: Path
    secrets: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    homes = {
        role: found_home(tmp_path / role.value, role, asked(role), device_storage=DeviceStorage.PASSPHRASE)
        for role in Role
    }
    keys = PublicKeys.of_homes(officer=homes[Role.OFFICER], vault=homes[Role.VAULT])
    note = sign_policy(homes[Role.ADMIN], POLICY, keys, asked(Role.ADMIN))
    vkey = load_signer(homes[Role.ADMIN], asked(Role.ADMIN)).vkey
    for role in (Role.OFFICER, Role.EMPLOYEE, Role.VAULT):
        join(homes[role], note, vkey)
    made = Firm(homes=homes, note=note, sent=tmp_path / "sent")
    for role, home in homes.items():
        made.secrets[IDENTITY_NAMES[role]] = load_identity(home, asked(role))
        made.secrets[SIGNING_NAMES[role]] = load_signer(home, asked(role)).seed().hex()
    return made


@pytest.fixture
def recorded(firm: Firm) -> Firm:
    """Let the person consent, record, hand over an episode, and send its shares to the vault."""
    home, vault = firm.homes[Role.EMPLOYEE], firm.homes[Role.VAULT]
    choice = Choice(sites=("wikipedia",), signals=("text",), purposes=("model_training",), days=30, questions="1")
    grant = give(home, choice, asked(Role.EMPLOYEE), NOON)
    organisation = load_organisation(home)
    auditor, exporter, master_recipient = (organisation.recipient_of(role) for role in BUNDLED_ROLES)
    master = firm.secrets["vault"]
    sealer, opening = EpisodeSealer.begin(
        grant=grant.id,
        policy_sha256=organisation.policy_sha256,
        trial=False,
        device=load_signer(home, asked(Role.EMPLOYEE)),
        roles=RoleRecipients(auditor=auditor, exporter=exporter, employee=load_recipient(home)),
        vault_recipient=master_recipient,
    )
    place = vault.shares_directory / grant.id
    place.mkdir(mode=0o700)
    for section, share in opening.shares.items():
        (place / f"{opening.episode_id}.{section}.age").write_bytes(share)
        firm.secrets[f"share {section}"] = decrypt(share, [master]).decode().split()[-1]
    store = EpisodeStore(home.episodes_directory)
    store.put_keys(opening.episode_id, opening.keys)
    store.put(opening.episode_id, opening.first + sealer.close(reason="stopped"))
    for section, wrapped in zip("cm", (member.data for member in read_members(opening.keys)), strict=True):
        inner = decrypt(wrapped, [firm.secrets["employee"]])
        firm.secrets[f"section {section}"] = decrypt(inner, [firm.secrets[f"share {section}"]]).decode().strip()
    firm.secrets["withdrawal"] = next(home.keys_directory.glob("withdrawal-*")).read_text().strip()
    approve(home, [opening.episode_id], asked(Role.EMPLOYEE), LATER)
    submit(home, firm.sent, [opening.episode_id])
    shutil.copytree(firm.sent, firm.homes[Role.ADMIN].path / "submitted")
    shutil.copytree(firm.sent, firm.homes[Role.OFFICER].path / "submitted")
    return firm


def spellings(secret: str) -> Iterator[bytes]:
    """Yield the forms in which *secret* could lie somewhere: its text in either case, and its raw bytes."""
    yield from (secret.encode(), secret.lower().encode(), secret.upper().encode())
    yield seed_of(secret) if secret.startswith("AGE-SECRET-KEY") else bytes.fromhex(secret)


def named(firm: Firm, texts: list[bytes]) -> set[str]:
    """Return whose secrets stand in *texts*, in any spelling."""
    return {
        name
        for name, secret in firm.secrets.items()
        if any(form in text for form in spellings(secret) for text in texts)
    }


def reach(home: Home) -> tuple[list[bytes], list[bytes]]:
    """Return what lies in *home*, and what its role can open of that with its passphrase and all keys that it finds."""
    plain = [path.read_bytes() for path in home.path.rglob("*") if path.is_file()]
    opened: list[bytes] = []
    identities: list[str] = []
    closed = [part for data in plain for part in parts(data)]
    while found := [text for data in closed if (text := unlocked(data, home.role, identities)) not in (None, *opened)]:
        opened += found
        closed += found
        identities += [text.decode().strip() for text in found if text.startswith(b"AGE-SECRET-KEY")]
    return plain, opened


def parts(data: bytes) -> list[bytes]:
    try:
        return [data, *(member.data for member in read_members(data))]
    except OvertError:
        return [data]


def unlocked(data: bytes, role: Role, identities: list[str]) -> bytes | None:
    if not data.startswith(b"age-encryption.org/v1"):
        return None
    for attempt in (lambda: decrypt_with_passphrase(data, passphrase_of(role)), lambda: decrypt(data, identities)):
        try:
            return attempt()
        except OvertError:
            continue
    return None


@pytest.mark.parametrize("role", Role)
def test_a_home_holds_the_secrets_of_its_role_and_no_other(recorded: Firm, role: Role) -> None:
    plain, opened = reach(recorded.homes[role])

    assert named(recorded, plain) == (IN_PLAIN if role is Role.EMPLOYEE else set())
    assert named(recorded, plain + opened) == MAY_HOLD[role]
    assert len(recorded.secrets) == 13


def test_two_homes_together_reach_what_neither_does_alone(recorded: Firm) -> None:
    """The table above would hold of a search that finds nothing: this one must find."""
    vault = recorded.homes[Role.VAULT]
    exporter = recorded.homes[Role.ADMIN].path / "borrowed"
    shutil.copytree(vault.shares_directory, exporter)
    (exporter / "master.age").write_bytes((vault.keys_directory / "vault.age").read_bytes())

    _, alone = reach(recorded.homes[Role.ADMIN])
    section = recorded.secrets["section c"].encode()
    inner = [text for text in alone if text.startswith(b"age-encryption.org/v1")]

    assert not any(section in text for text in alone)
    assert any(section in decrypt_or_nothing(text, recorded.secrets["share c"]) for text in inner)


def decrypt_or_nothing(data: bytes, identity: str) -> bytes:
    try:
        return decrypt(data, [identity])
    except OvertError:
        return b""


def test_what_is_handed_over_holds_no_secret_in_plain(recorded: Firm) -> None:
    held = [path.read_bytes() for path in recorded.sent.rglob("*") if path.is_file()]

    assert not [
        name for name, secret in recorded.secrets.items() for form in spellings(secret) for text in held if form in text
    ]


Change = Callable[[Bundle, NoteSigner], Bundle]


def newer(bundle: Bundle, signer: NoteSigner) -> Bundle:
    del signer
    return bundle.model_copy(update={"serial": bundle.serial + 1})


def with_statement(bundle: Bundle, role: str, note: str) -> Bundle:
    return bundle.model_copy(update={"statements": bundle.statements.model_copy(update={role: note})})


def restated(epoch: int, signer: NoteSigner) -> str:
    return sign_statement(Statement(epoch=epoch, recipient=new_identity().recipient, role="exporter"), signer)


def rotated(bundle: Bundle, signer: NoteSigner) -> Bundle:
    return with_statement(newer(bundle, signer), "exporter", restated(2, signer))


def signed(firm: Firm, change: Change) -> tuple[str, str]:
    """Return the firm's bundle with a *change*, signed by its admin, and that admin's key."""
    signer = load_signer(firm.homes[Role.ADMIN], asked(Role.ADMIN))
    return sign_bundle(change(open_bundle(firm.note, signer.vkey).bundle, signer), signer), signer.vkey


def test_a_newer_bundle_with_a_newer_statement_is_joined(firm: Firm) -> None:
    home = firm.homes[Role.EMPLOYEE]

    join(
        home,
        *signed(firm, rotated),
    )

    assert load_organisation(home).statement_of("exporter").epoch == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda bundle, signer: with_statement(newer(bundle, signer), "exporter", restated(1, signer)),
            "two different keys",
        ),
        (lambda bundle, signer: with_statement(bundle, "exporter", restated(2, signer)), "another bundle of serial 1"),
    ],
    ids=["another key of one epoch", "another bundle of one serial"],
)
def test_a_bundle_that_contradicts_the_installed_one_is_refused(firm: Firm, change: Change, said: str) -> None:
    home = firm.homes[Role.EMPLOYEE]
    before = home.bundle_path.read_bytes()

    with pytest.raises(PolicyError, match=said):
        join(home, *signed(firm, change))

    assert home.bundle_path.read_bytes() == before


def test_a_bundle_that_takes_a_key_back_to_an_older_epoch_is_refused(firm: Firm) -> None:
    home = firm.homes[Role.EMPLOYEE]
    join(
        home,
        *signed(firm, rotated),
    )

    with pytest.raises(PolicyError, match=r"epoch 1.* older than 2"):
        join(home, *signed(firm, lambda bundle, signer: newer(newer(bundle, signer), signer)))


@pytest.mark.parametrize(("place", "taken"), [("auditor", "exporter"), ("exporter", "vault"), ("vault", "auditor")])
def test_a_statement_in_the_place_of_another_roles_is_refused(firm: Firm, place: str, taken: str) -> None:
    with pytest.raises(PolicyError, match=f"the {place}'s"):
        signed(firm, lambda bundle, _: with_statement(bundle, place, getattr(bundle.statements, taken)))


def test_a_statement_about_another_role_is_refused_though_the_right_key_signed_it(firm: Firm) -> None:
    recipient = load_statement(firm.homes[Role.ADMIN]).recipient

    def swap(bundle: Bundle, signer: NoteSigner) -> Bundle:
        lie = Statement(epoch=1, recipient=recipient, role="auditor")
        return with_statement(bundle, "exporter", sign_statement(lie, signer))

    with pytest.raises(PolicyError, match="in the place of the exporter's"):
        signed(firm, swap)


@pytest.mark.parametrize("role", ["auditor", "vault"])
def test_one_key_never_stands_for_two_roles(firm: Firm, role: str) -> None:
    def same(bundle: Bundle, signer: NoteSigner) -> Bundle:
        return bundle.model_copy(update={"recipients": bundle.recipients.model_copy(update={role: signer.vkey})})

    with pytest.raises(PolicyError, match="one key stands for two roles"):
        signed(firm, same)


def test_an_admin_who_names_another_exporter_is_refused(firm: Firm) -> None:
    def other(bundle: Bundle, _: NoteSigner) -> Bundle:
        vkey = NoteSigner.generate("admin-x").vkey
        return bundle.model_copy(update={"recipients": bundle.recipients.model_copy(update={"exporter": vkey})})

    with pytest.raises(PolicyError, match="another exporter than the admin"):
        signed(firm, other)
