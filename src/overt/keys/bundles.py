"""The organisation's bundle: an admin signs it, the other homes join it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from pydantic import ValidationError

from overt.consent.notice import notice_text
from overt.consent.words import LANGUAGES
from overt.errors import KeyAccessError, PolicyError
from overt.keys.consent_files import load_organisation
from overt.keys.identities import IDENTITY_NAMES, SIGNING_NAMES, load_signer, signer_vkey, statement_note
from overt.keys.passphrase import PassphraseSource
from overt.keys.sign import BUNDLED_ROLES, Organisation, open_bundle, sign_bundle
from overt.keys.statement import check_succession
from overt.ledger.waiting import wait_for_key
from overt.policy.bundle import Bundle, Recipients, Statements
from overt.policy.canonical import JsonValue
from overt.policy.document import parse_policy
from overt.store import files
from overt.store.home import Home, Role

_NEEDED: Final = {
    "auditor": (SIGNING_NAMES[Role.OFFICER], "public"),
    "auditor_statement": (IDENTITY_NAMES[Role.OFFICER], "statement"),
    "vault": (SIGNING_NAMES[Role.VAULT], "public"),
    "vault_statement": (IDENTITY_NAMES[Role.VAULT], "statement"),
}
"""Field of :class:`PublicKeys` to the key that it is about, and what of that key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """What an admin collects from the others: officer's and vault's verifier key, and what each states, signed."""

    auditor: str
    auditor_statement: str
    vault: str
    vault_statement: str

    @classmethod
    def of_homes(cls, *, officer: Home, vault: Home) -> Self:
        """Take them from two homes at hand; raises ``KeyAccessError``."""
        return cls(
            auditor=signer_vkey(officer),
            auditor_statement=statement_note(officer),
            vault=signer_vkey(vault),
            vault_statement=statement_note(vault),
        )

    @classmethod
    def of_lists(cls, listed: Iterable[Mapping[str, str]]) -> Self:
        """Take them from entries of ``overt keys list --json``; raises ``KeyAccessError`` when one is missing."""
        by_name = {entry.get("name", ""): entry for entry in listed}
        missing = sorted(name for name, what in _NEEDED.values() if not by_name.get(name, {}).get(what))
        if missing:
            raise KeyAccessError(
                f"the public keys of others are missing: {', '.join(missing)}",
                hint="each gives you the output of overt keys list --json, and you name each file with --keys",
            )
        return cls(**{field: by_name[name][what] for field, (name, what) in _NEEDED.items()})


def sign_policy(admin: Home, policy_text: str, keys: PublicKeys, passphrases: PassphraseSource) -> str:
    """Return the bundle for *policy_text* as a note signed by *admin*, and install it in the admin's own home.

    Raises:
        PolicyError: The policy or a public key is malformed.
        KeyAccessError: The admin's key is missing or stays locked.
        StorageError: The disk refused.
    """
    policy = parse_policy(policy_text)
    signer = load_signer(admin, passphrases)
    try:
        bundle = Bundle(
            serial=_next_serial(admin),
            policy=policy_text,
            notices={language: notice_text(policy, language) for language in LANGUAGES},
            recipients=Recipients(auditor=keys.auditor, exporter=signer.vkey, vault=keys.vault),
            statements=Statements(
                auditor=keys.auditor_statement, exporter=statement_note(admin), vault=keys.vault_statement
            ),
            admin=signer.vkey,
        )
    except ValidationError:
        raise PolicyError("a public key for the bundle is malformed", hint="see: overt keys list --json") from None
    note = sign_bundle(bundle, signer)
    join(admin, note, signer.vkey)
    return note


def join(home: Home, note: str, admin_vkey: str) -> Organisation:
    """Install the bundle *note*, signed by *admin_vkey*, in *home*, and return the organisation.

    Raises:
        PolicyError: It is not that admin's, malformed, older than the installed one, from another organisation, or a
            real policy in a trial home, whose keys lie open.
        StorageError: The disk refused.
    """
    organisation = open_bundle(note, admin_vkey)
    if home.trial and not organisation.policy.trial:
        raise PolicyError("a trial home cannot join a real organisation", hint="make a home with: overt init --role")
    installed = installed_organisation(home)
    if installed is not None:
        _check_succession(installed, organisation)
    files.replace(home.path, home.admin_key_path.name, f"{admin_vkey}\n".encode())
    if home.role is Role.EMPLOYEE and (installed is None or installed.bundle.serial < organisation.bundle.serial):
        # Joining asks for no key: it is logged when the device's is next at hand.
        wait_for_key(home.log_directory, _joined(organisation))
    files.replace(home.path, home.bundle_path.name, note.encode())
    return organisation


def installed_organisation(home: Home) -> Organisation | None:
    """Return the organisation that *home* has joined, if any; raises ``PolicyError`` when what it holds was changed."""
    if not home.bundle_path.exists():
        return None
    return load_organisation(home)


def _joined(organisation: Organisation) -> dict[str, JsonValue]:
    return {"type": "join", "policy": organisation.policy_sha256, "serial": organisation.bundle.serial}


def _check_succession(installed: Organisation, offered: Organisation) -> None:
    old, new = installed.bundle, offered.bundle
    if old.admin != new.admin:
        raise PolicyError("this home has joined another organisation", hint="another organisation needs another home")
    if new.serial < old.serial:
        raise PolicyError(f"this bundle (serial {new.serial}) is older than the installed one ({old.serial})")
    if new.serial == old.serial and new != old:
        raise PolicyError(f"another bundle of serial {old.serial} is installed", hint="ask your admin which is right")
    try:
        for role in BUNDLED_ROLES:
            if getattr(old.recipients, role) == getattr(new.recipients, role):
                check_succession(installed.statement_of(role), offered.statement_of(role))
    except KeyAccessError as problem:
        raise PolicyError(
            f"in this bundle, {problem}", hint="ask your admin for a bundle with the newest one"
        ) from None


def _next_serial(admin: Home) -> int:
    installed = installed_organisation(admin)
    return 1 if installed is None else installed.bundle.serial + 1
