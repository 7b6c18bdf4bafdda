"""The vault takes a shipment: it opens each share, wraps it for its own master, logs it, and gives a receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from overt.errors import ConsentError, FormatError, KeyAccessError, VerificationError
from overt.format.age_read import decrypt
from overt.format.age_write import encrypt, new_identity, recipient_of
from overt.format.episode import SECTIONS, SectionName
from overt.format.share import ShareLabel, read_share
from overt.keys.exchange.shipment import (
    Intake,
    Kept,
    Receipt,
    Shipment,
    open_shipment,
    shares_sha256,
)
from overt.keys.exchange.slip import OneEpisode, Refused, second, sign_slip
from overt.keys.put import GRANT, DirectoryIntake, share_name
from overt.keys.sign import open_grant
from overt.keys.vault import INTAKE, OpenVault, destroyed, has_shares, known_grant_note
from overt.keys.vault_contract import Progress, SealedShares
from overt.ledger.log import read_entries
from overt.store import files


def receive(vault: OpenVault, data: bytes, at: datetime, progress: Progress) -> str:
    """Take the shipment *data* at the instant *at*, and return the receipt's note; raises as ``Vault.put``."""
    shipment = open_shipment(data, vault.signer.vkey)
    _check_grants(vault, shipment)
    receiver = _Receiver(vault=vault, shipment=shipment, at=second(at))
    for done, episode in enumerate(shipment.manifest.episodes, 1):
        receiver.take(episode)
        progress(done, len(shipment.manifest.episodes))
    return sign_slip(receiver.receipt(), vault.signer)


def _check_grants(vault: OpenVault, shipment: Shipment) -> None:
    """Confirm that every grant is the sender's own, and the one that the vault knows under that id, if any."""
    for grant_id, note in shipment.grants.items():
        try:
            grant = open_grant(note, shipment.manifest.device)
        except ConsentError:
            raise VerificationError("a grant in the shipment was changed, or is another device's") from None
        if grant.id != grant_id or known_grant_note(vault.directory, grant_id) not in {None, note}:
            raise VerificationError("a grant in the shipment is not the one that the vault knows under that id")


@dataclass(slots=True, kw_only=True, repr=False)
class _Receiver:
    """One shipment on its way in, and what became of each episode."""

    vault: OpenVault
    shipment: Shipment
    at: str
    kept: list[Kept] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    intakes: dict[str, str] = field(default_factory=dict)
    logged: dict[tuple[object, object], object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        entries = read_entries(self.vault.home.log_directory, self.vault.signer.vkey)
        self.logged = {(entry["grant"], entry["id"]): entry["sha256"] for entry in entries if entry["type"] == "put"}
        for grant_id, note in self.shipment.grants.items():
            if not (self.vault.directory / grant_id).is_file():
                self.intakes[grant_id] = self._intake(grant_id, note)

    def take(self, episode: OneEpisode) -> None:
        sealed = self.shipment.shares(episode.id)
        sha256 = shares_sha256(sealed)
        # By now the master may be another than these are sealed to, and the receipt may have been lost.
        again = self.logged.get((episode.grant, episode.id)) == sha256
        kept = again and has_shares(self.vault.directory, episode.grant, episode.id)
        reason = None if kept else self._keep(episode, sealed)
        if reason is not None:
            self.refused.append(Refused(grant=episode.grant, id=episode.id, reason=reason))
            return
        if (episode.grant, episode.id) not in self.logged:
            facts = {"grant": episode.grant, "id": episode.id, "sha256": sha256}
            self.vault.log.append({"type": "put", "at": self.at, **facts})
        self.kept.append(Kept(grant=episode.grant, id=episode.id, sha256=sha256))

    def receipt(self) -> Receipt:
        """Return what became of everything."""
        intakes = {grant: self._intake_note(grant, recipient_of(text)) for grant, text in self.intakes.items()}
        return Receipt(
            at=self.at,
            intakes=intakes,
            kept=tuple(self.kept),
            refused=tuple(self.refused),
            shipment=self.shipment.sha256,
        )

    def _keep(self, episode: OneEpisode, sealed: Mapping[SectionName, bytes]) -> str | None:
        """Keep the shares of *episode*, or say why not."""
        directory = self.vault.directory
        if destroyed(directory, episode.grant, episode.id):
            return "destroyed"
        opened = self._opened(episode, sealed, [self.intakes[episode.grant], *self.vault.masters])
        if opened is None:
            return "unreadable"
        place = directory / episode.grant
        there = {each: (place / share_name(episode.id, each)) for each in SECTIONS}
        known = {each: files.read(place, path.name) for each, path in there.items() if path.exists()}
        if known and self._opened(episode, known, list(self.vault.masters)) != {each: opened[each] for each in known}:
            return "other_shares"
        missing = {
            each: encrypt(opened[each], [recipient_of(self.vault.masters[-1])])
            for each in SECTIONS
            if each not in known
        }
        DirectoryIntake(directory).put(
            SealedShares(
                grant_id=episode.grant,
                grant=self.shipment.grants[episode.grant],
                episode_id=episode.id,
                shares=missing,
            )
        )
        return None

    def _opened(
        self, episode: OneEpisode, sealed: Mapping[SectionName, bytes], identities: list[str]
    ) -> dict[SectionName, bytes] | None:
        """Return what is in the *sealed* shares, once each says that it is its sender's own for just this episode."""
        device = self.shipment.manifest.device
        try:
            opened = {section: decrypt(share, identities) for section, share in sealed.items()}
            for section, share in opened.items():
                read_share(share, ShareLabel(device=device, grant=episode.grant, episode=episode.id, section=section))
        except (KeyAccessError, FormatError):
            return None
        return opened

    def _intake(self, grant_id: str, note: str) -> str:
        """Return the identity that shares under the grant are sealed to on their way; the first shipment makes it."""
        place = files.ensure_directory(self.vault.directory / grant_id)
        if not (place / GRANT).exists():
            files.replace(place, GRANT, note.encode())
        if not (place / INTAKE).exists():
            identity = new_identity()
            recipient = recipient_of(self.vault.masters[-1])
            files.create_exclusive(place, INTAKE, encrypt(f"{identity.text}\n".encode(), [recipient]))
            return identity.text
        return decrypt(files.read(place, INTAKE), list(self.vault.masters)).decode("ascii").strip()

    def _intake_note(self, grant_id: str, recipient: str) -> str:
        return sign_slip(Intake(at=self.at, grant=grant_id, recipient=recipient), self.vault.signer)
