"""A shipment: the shares that lie in an employee's home, on their way to the vault; and the vault's receipt for it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from overt.errors import FormatError, KeyAccessError, VerificationError
from overt.format.episode import SECTIONS, SectionName
from overt.format.note import NoteSigner
from overt.keys.exchange.envelope import Envelope, hashes_of, read_envelope, render_envelope
from overt.keys.exchange.slip import (
    MAX_EPISODES,
    OneEpisode,
    RandomId,
    Refused,
    Sha256,
    Slip,
    check_episodes,
    claimed_slip,
    open_slip,
    second,
    sign_slip,
)
from overt.policy.bundle import AgeRecipient, VerifierKey

WHAT: Final = "the shipment"
RECEIPT: Final = "the vault's receipt"


class ShipmentManifest(Slip):
    """What a shipment says of itself: by which *device*, for which *vault*, and the episodes under each grant."""

    format: Literal["overt-shares/1"] = "overt-shares/1"
    device: VerifierKey
    episodes: Annotated[tuple[OneEpisode, ...], Field(max_length=MAX_EPISODES)]
    files: dict[str, Sha256]
    grants: Annotated[tuple[RandomId, ...], Field(min_length=1, max_length=MAX_EPISODES)]
    vault: VerifierKey

    @model_validator(mode="after")
    def _complete(self) -> Self:
        check_episodes(self.episodes)
        named = {each.grant for each in self.episodes}
        if list(self.grants) != sorted(set(self.grants)) or not named <= set(self.grants):
            raise ValueError("grants are not sorted, or one is missing")
        if set(self.files) != _names(self.grants, (each.id for each in self.episodes)):
            raise ValueError("the files are not those of the grants and the episodes")
        return self


class Kept(OneEpisode):
    """One episode whose shares a vault keeps; *sha256* is that of its two shares as they were sent, ``c`` first."""

    sha256: Sha256


class Receipt(Slip):
    """What became of a shipment: what the vault keeps, what it *refused*, and where later shares go.

    *shipment* is the hash of its manifest. *intakes* maps a grant to the vault's signed :class:`Intake` for it.
    """

    format: Literal["overt-shares-receipt/1"] = "overt-shares-receipt/1"
    intakes: dict[RandomId, str]
    kept: tuple[Kept, ...]
    refused: tuple[Refused, ...]
    shipment: Sha256


class Intake(Slip):
    """The *recipient* to whom shares under *grant* are sealed on their way to the vault; it outlives the master."""

    format: Literal["overt-intake/1"] = "overt-intake/1"
    grant: RandomId
    recipient: AgeRecipient


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shipment:
    """A shipment whose signature and hashes were checked; *grants* are the notes of the grants, by id."""

    manifest: ShipmentManifest
    sha256: str
    grants: dict[str, str]
    files: Mapping[str, bytes]

    def shares(self, episode_id: str) -> dict[SectionName, bytes]:
        """Return the sealed shares of one episode."""
        return {section: self.files[_share(episode_id, section)] for section in SECTIONS}


def write_shipment(
    device: NoteSigner,
    vault: str,
    grants: Mapping[str, str],
    shares: Mapping[tuple[str, str], Mapping[SectionName, bytes]],
    at: datetime,
) -> bytes:
    """Return the shipment to *vault* of *shares*, by grant and episode id, with the notes of all *grants*.

    Raises:
        FormatError: A file is too large.
    """
    files = {_grant(grant): note.encode() for grant, note in grants.items()}
    for (_, episode_id), sealed in shares.items():
        files |= {_share(episode_id, section): sealed[section] for section in SECTIONS}
    manifest = ShipmentManifest(
        at=second(at),
        device=device.vkey,
        episodes=tuple(OneEpisode(grant=grant, id=each) for grant, each in sorted(shares, key=lambda pair: pair[1])),
        files=dict(sorted(hashes_of(files).items())),
        grants=tuple(sorted(grants)),
        vault=vault,
    )
    return render_envelope(sign_slip(manifest, device), files)


def open_shipment(data: bytes, vault: str) -> Shipment:
    """Return the shipment *data* for *vault*, checked against the device key that it names.

    That key is to be compared with the grants' own.

    Raises:
        FormatError: It is no shipment.
        VerificationError: It was changed.
        KeyAccessError: It is for another vault.
    """
    envelope = read_envelope(data, WHAT)
    device = claimed_slip(envelope.manifest, ShipmentManifest, WHAT).device
    manifest = open_slip(envelope.manifest, device, ShipmentManifest, WHAT)
    envelope.check(manifest.files, WHAT)
    if manifest.vault != vault:
        raise KeyAccessError(
            "the shipment is for another vault", hint="give it to the vault that its sender has joined"
        )
    return Shipment(
        manifest=manifest,
        sha256=hashlib.sha256(envelope.manifest.encode()).hexdigest(),
        grants=_grants(envelope, manifest),
        files=envelope.files,
    )


def shares_sha256(shares: Mapping[SectionName, bytes]) -> str:
    """Return the hash by which log and receipt name the sealed *shares* of an episode."""
    return hashlib.sha256(b"".join(shares[section] for section in sorted(SECTIONS))).hexdigest()


def open_receipt(note: str, vault: str) -> Receipt:
    """Return the receipt in *note*, signed by *vault*, with each intake that it names checked too.

    Raises:
        VerificationError: It was changed, or is another vault's.
        FormatError: It is no receipt.
    """
    receipt = open_slip(note, vault, Receipt, RECEIPT)
    for grant, intake in receipt.intakes.items():
        open_intake(intake, vault, grant)
    return receipt


def open_intake(note: str, vault: str, grant: str) -> str:
    """Return the recipient that *vault* states for shares under *grant*.

    Raises:
        VerificationError: It was changed, is another vault's or another grant's.
        FormatError: It is no such statement.
    """
    intake = open_slip(note, vault, Intake, "the vault's intake")
    if intake.grant != grant:
        raise VerificationError("the vault's intake is that of another grant")
    return intake.recipient


def _grants(envelope: Envelope, manifest: ShipmentManifest) -> dict[str, str]:
    try:
        return {grant: envelope.files[_grant(grant)].decode() for grant in manifest.grants}
    except UnicodeDecodeError:
        raise FormatError("a grant in the shipment is not text") from None


def _names(grants: Iterable[str], episodes: Iterable[str]) -> set[str]:
    shares = {_share(episode, section) for episode in episodes for section in SECTIONS}
    return shares | {_grant(grant) for grant in grants}


def _grant(grant: str) -> str:
    return f"grants/{grant}.note"


def _share(episode_id: str, section: SectionName) -> str:
    return f"{episode_id}.{section}.age"
