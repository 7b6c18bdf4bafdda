"""Where each key of a home stands: which epoch it is, and whether the organisation's bundle knows it yet."""

from dataclasses import dataclass
from enum import StrEnum

from overt.keys.consent_files import load_organisation
from overt.keys.identities import IDENTITY_NAMES, SIGNING_NAMES, PublicKey, load_statement, public_keys, signer_vkey
from overt.keys.rotated import has_next, retired_epochs, retired_name
from overt.keys.sign import BUNDLED_ROLES, BundledRole, Organisation
from overt.store import files
from overt.store.home import Home, Role


class Standing(StrEnum):
    """What a key is to others."""

    CURRENT = "current"
    """The one in use; what the bundle says of it, where it says anything, is this."""
    UNANNOUNCED = "unannounced"
    """The one in use, and the installed bundle says another."""
    UNJOINED = "unjoined"
    """The one in use, of a home without a bundle."""
    RETIRED = "retired"
    """One that was replaced: it reads what was sealed for it, and nothing new is."""
    UNFINISHED = "unfinished"
    """One whose replacement was broken off: ``overt keys rotate`` finishes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedKey:
    """A key of a home: its public side, its *standing*, and the *epoch* of an age key. A retired one shows no more."""

    key: PublicKey
    standing: Standing
    epoch: int | None = None


def listed_keys(home: Home) -> list[ListedKey]:
    """Return the keys of *home* by name, the retired ones last.

    Raises:
        KeyAccessError: A public half or the statement is damaged.
        PolicyError: The installed bundle was changed.
        StorageError: The disk refused.
    """
    organisation = load_organisation(home) if home.bundle_path.exists() else None
    present = [_listed(home, key, organisation) for key in public_keys(home)]
    return present + [_retired(home, epoch) for epoch in retired_epochs(home)]


def waiting_shares(home: Home) -> int:
    """Return how many shares lie in the employee's own *home* until a vault takes them; raises ``StorageError``."""
    own = home.path / "shares"
    if home.role is not Role.EMPLOYEE or not own.is_dir():
        return 0
    places = [own / name for name in files.names(own) if (own / name).is_dir()]
    return sum(name.endswith(".age") for place in places for name in files.names(place))


def _listed(home: Home, key: PublicKey, organisation: Organisation | None) -> ListedKey:
    epoch = load_statement(home).epoch if key.kind == "age" else None
    return ListedKey(key=key, standing=_standing(home, key, organisation), epoch=epoch)


def _retired(home: Home, epoch: int) -> ListedKey:
    key = PublicKey(name=retired_name(home, epoch), kind="age", public="")
    return ListedKey(key=key, standing=Standing.RETIRED, epoch=epoch)


def _standing(home: Home, key: PublicKey, organisation: Organisation | None) -> Standing:
    if key.kind == "age" and has_next(home):
        return Standing.UNFINISHED
    if organisation is None:
        return Standing.UNJOINED
    bundled = next((role for role in BUNDLED_ROLES if role == IDENTITY_NAMES[home.role]), None)
    if bundled is None:
        return Standing.CURRENT
    return Standing.CURRENT if _is_known(home, key, organisation, bundled) else Standing.UNANNOUNCED


def _is_known(home: Home, key: PublicKey, organisation: Organisation, role: BundledRole) -> bool:
    if getattr(organisation.recipients, role) != signer_vkey(home):
        return False
    # The vault states its master itself, in shares/vault.note, after every deletion.
    return (
        key.name == SIGNING_NAMES[home.role] or home.role is Role.VAULT or key.public == organisation.recipient_of(role)
    )
