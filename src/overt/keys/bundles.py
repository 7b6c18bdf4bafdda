"""The organisation's bundle: an admin signs it, the other homes join it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from pydantic import ValidationError

from overt.consent.notice import LANGUAGES, notice_text
from overt.errors import KeyAccessError, PolicyError
from overt.keys.at_rest import load_public
from overt.keys.consent_files import load_organisation
from overt.keys.identities import IDENTITY_NAMES, SIGNING_NAMES, load_recipient, load_signer
from overt.keys.passphrase import PassphraseSource
from overt.keys.sign import Organisation, open_bundle, sign_bundle
from overt.policy.bundle import Bundle, Recipients
from overt.policy.document import parse_policy
from overt.store import files
from overt.store.home import Home, Role

_NEEDED: Final = {
    "auditor": IDENTITY_NAMES[Role.OFFICER],
    "vault_recipient": IDENTITY_NAMES[Role.VAULT],
    "vault": SIGNING_NAMES[Role.VAULT],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """What an admin collects from the others: the auditor's recipient, the vault's, and the vault's verifier key."""

    auditor: str
    vault_recipient: str
    vault: str

    @classmethod
    def of_homes(cls, *, officer: Home, vault: Home) -> Self:
        """Take them from two homes at hand; raises ``KeyAccessError``."""
        return cls(
            auditor=load_recipient(officer),
            vault_recipient=load_recipient(vault),
            vault=load_public(vault, SIGNING_NAMES[Role.VAULT]),
        )

    @classmethod
    def of_lists(cls, listed: Iterable[Mapping[str, str]]) -> Self:
        """Take them from entries of ``overt keys list --json``; raises ``KeyAccessError`` when one is missing."""
        by_name = {entry.get("name", ""): entry.get("public", "") for entry in listed}
        missing = sorted(name for name in _NEEDED.values() if name not in by_name)
        if missing:
            raise KeyAccessError(
                f"the public keys of others are missing: {', '.join(missing)}",
                hint="each gives you the output of overt keys list --json, and you name each file with --keys",
            )
        return cls(**{field: by_name[name] for field, name in _NEEDED.items()})


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
            recipients=Recipients(auditor=keys.auditor, exporter=load_recipient(admin), vault=keys.vault),
            vault_recipient=keys.vault_recipient,
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
        _check_succession(installed.bundle, organisation.bundle)
    files.replace(home.path, home.admin_key_path.name, f"{admin_vkey}\n".encode())
    files.replace(home.path, home.bundle_path.name, note.encode())
    return organisation


def installed_organisation(home: Home) -> Organisation | None:
    """Return the organisation that *home* has joined, if any; raises ``PolicyError`` when what it holds was changed."""
    if not home.bundle_path.exists():
        return None
    return load_organisation(home)


def _check_succession(old: Bundle, new: Bundle) -> None:
    if old.admin != new.admin:
        raise PolicyError("this home has joined another organisation", hint="another organisation needs another home")
    if new.serial < old.serial:
        raise PolicyError(f"this bundle (serial {new.serial}) is older than the installed one ({old.serial})")


def _next_serial(admin: Home) -> int:
    installed = installed_organisation(admin)
    return 1 if installed is None else installed.bundle.serial + 1
