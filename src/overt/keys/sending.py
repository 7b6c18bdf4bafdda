"""A person's shares on their way to the vault: what lies in the home, what is sent, what a receipt lets go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from overt.errors import KeyAccessError
from overt.format.episode import SECTIONS, SectionName
from overt.keys.consent_files import load_grants, load_organisation, read_text, withdrawn
from overt.keys.device import load_device
from overt.keys.exchange.shipment import Kept, Receipt, open_receipt, shares_sha256, write_shipment
from overt.keys.exchange.slip import MAX_EPISODES, Refused
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import INTAKE_STATEMENT, share_name
from overt.store import files
from overt.store.home import Home

_SUFFIX: Final = ".c.age"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sent:
    """A shipment to be handed over: its bytes, how many episodes are in it, and how many did not fit."""

    data: bytes
    episodes: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a receipt let go: how many episodes' shares were dropped here; *refused* are those that the vault would not.

    *other* counts the episodes whose shares lie here in other bytes than the vault keeps.
    """

    dropped: int
    other: int
    refused: tuple[Refused, ...]


def send(home: Home, passphrases: PassphraseSource, at: datetime) -> Sent:
    """Return the shipment of what lies in *home* and is not withdrawn, signed by its device; nothing is dropped yet.

    Without any share it still tells the vault of the grants, so that its receipt says where later shares go.

    Raises:
        ConsentError: A grant was changed.
        PolicyError: The home has joined no organisation.
        KeyAccessError: There is no grant to send for, or the device key stays locked.
        StorageError: The disk refused.
    """
    grants = [grant.id for grant in load_grants(home) if not withdrawn(home, grant.id)]
    if not grants:
        raise KeyAccessError("there is no consent in this home, so no keys to send", hint="overt consent status")
    shares = {
        (grant, episode): sealed for grant in grants for episode, sealed in _pending(home.path / "shares" / grant)
    }
    chosen = dict(sorted(shares.items(), key=lambda item: item[0][1])[:MAX_EPISODES])
    vault = load_organisation(home).recipients.vault
    notes = {grant: read_text(home.grants_directory / f"{grant}.note") for grant in grants}
    data = write_shipment(load_device(home, passphrases), vault, notes, chosen, at)
    return Sent(data=data, episodes=len(chosen), left=len(shares) - len(chosen))


def confirm(home: Home, note: str) -> Confirmed:
    """Drop the shares that the vault's receipt *note* keeps, and keep where it wants later ones.

    Raises:
        PolicyError: The home has joined no organisation.
        VerificationError: The receipt was changed, or is another vault's.
        FormatError: It is no receipt.
        StorageError: The disk refused; the receipt may be confirmed again.
    """
    receipt = open_receipt(note, load_organisation(home).recipients.vault)
    directory = home.path / "shares"
    for grant, intake in receipt.intakes.items():
        _keep_intake(directory / grant, intake)
    outcomes = [_drop(directory / kept.grant, kept) for kept in receipt.kept]
    return Confirmed(dropped=outcomes.count(True), other=outcomes.count(False), refused=_refused(directory, receipt))


def _pending(place: Path) -> Iterator[tuple[str, dict[SectionName, bytes]]]:
    """Yield what lies in *place* with both its shares: a recorder that died between two has no episode."""
    if not place.is_dir():
        return
    for name in files.names(place):
        episode = name.removesuffix(_SUFFIX)
        if name.endswith(_SUFFIX) and (sealed := _sealed(place, episode)) is not None:
            yield episode, sealed


def _sealed(place: Path, episode_id: str) -> dict[SectionName, bytes] | None:
    names = {section: share_name(episode_id, section) for section in SECTIONS}
    if not place.is_dir() or not all((place / name).exists() for name in names.values()):
        return None
    return {section: files.read(place, name) for section, name in names.items()}


def _keep_intake(place: Path, intake: str) -> None:
    if place.is_file():
        # Withdrawn meanwhile.
        return
    files.replace(files.ensure_directory(place), INTAKE_STATEMENT, intake.encode())


def _drop(place: Path, kept: Kept) -> bool | None:
    """Drop the shares of one episode; say whether they were those that the vault keeps, or ``None`` if gone before."""
    sealed = _sealed(place, kept.id)
    if sealed is None:
        return None
    if shares_sha256(sealed) != kept.sha256:
        return False
    for section in SECTIONS:
        files.unlink(place, share_name(kept.id, section), missing_ok=True)
    return True


def _refused(directory: Path, receipt: Receipt) -> tuple[Refused, ...]:
    """Return what the vault refused, but for what was destroyed here as well."""
    return tuple(each for each in receipt.refused if _sealed(directory / each.grant, each.id) is not None)
