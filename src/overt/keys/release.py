"""The vault hands out shares: it logs first, then answers. The recorder never imports this."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from overt.consent.grant import Grant
from overt.errors import FormatError, KeyAccessError, PolicyError, StorageError
from overt.format.age_read import decrypt
from overt.format.episode import SectionName
from overt.format.proof import InclusionFile
from overt.format.share import ShareLabel, read_share
from overt.keys.exchange.answer import Granted, proof_name, release_entry, write_answer
from overt.keys.exchange.request import WHAT, Reader, ShareRequest, open_request
from overt.keys.exchange.slip import OneEpisode, Refused, claimed_slip, note_sha256, second
from overt.keys.put import share_name
from overt.keys.statement import Statement, check_succession, open_statement
from overt.keys.vault import OpenVault, destroyed, has_shares, known_grant
from overt.keys.vault_contract import Progress
from overt.ledger.entry import render_entry
from overt.ledger.log import read_entries
from overt.ledger.reading import SignedHead, TileNodes, prove_inclusion, signed_head
from overt.policy.canonical import JsonValue
from overt.store import files

REQUESTS: Final = "requests"
"""Where in its home a vault keeps what was asked for: with the reasons, and so apart from the log, to be deleted."""


def release(vault: OpenVault, note: str, at: datetime, progress: Progress) -> bytes:
    """Log what the request *note* asks for at the instant *at*, and return the answer; raises as ``Vault.release``."""
    request, statement = _believed(vault, note, at)
    run = _Release(vault=vault, request=request, sha256=note_sha256(note), at=second(at))
    run.sort_out()
    if not run.granted:
        raise _nothing(run.refused)
    run.new = _keep_request(vault, note, run.sha256)
    granted = run.answer(progress)
    if not granted.shares:
        raise _nothing(run.refused)
    return write_answer(request, run.sha256, granted, statement.recipient, vault.signer, at)


def _believed(vault: OpenVault, note: str, at: datetime) -> tuple[ShareRequest, Statement]:
    """Return the request and who is to be answered, once it is known that this signer may ask this, here and now."""
    claimed = claimed_slip(note, ShareRequest, WHAT)
    signer = _signer_of(vault, claimed)
    request = open_request(note, signer, vault.signer.vkey, at)
    if request.role is Reader.EXPORTER and request.purpose not in vault.organisation.policy.purposes:
        raise PolicyError(f"the policy does not offer the purpose {request.purpose}")
    return request, _stated(vault, request, signer)


def _signer_of(vault: OpenVault, claimed: ShareRequest) -> str:
    recipients = vault.organisation.recipients
    match claimed.role:
        case Reader.AUDITOR:
            return recipients.auditor
        case Reader.EXPORTER:
            return recipients.exporter
        case Reader.EMPLOYEE:
            return _device_of(vault, claimed)


def _device_of(vault: OpenVault, claimed: ShareRequest) -> str:
    """Return the one device whose grants the episodes stand on."""
    grants = (known_grant(vault.directory, each) for each in {episode.grant for episode in claimed.episodes})
    devices = {grant.parties.device for grant in grants if grant is not None}
    if len(devices) != 1:
        raise KeyAccessError(
            "the vault knows no person whose episodes these are",
            hint="they were destroyed, or their keys have not come here yet: overt shares send",
        )
    return devices.pop()


def _stated(vault: OpenVault, request: ShareRequest, signer: str) -> Statement:
    stated = open_statement(request.statement, signer, request.role.value)
    if request.role is Reader.AUDITOR:
        check_succession(vault.organisation.statement_of("auditor"), stated)
    elif request.role is Reader.EXPORTER:
        check_succession(vault.organisation.statement_of("exporter"), stated)
    return stated


def _keep_request(vault: OpenVault, note: str, sha256: str) -> bool:
    """Keep what was asked, before any of it is logged; return whether it was not kept before."""
    directory = files.ensure_directory(vault.home.path / REQUESTS)
    new = not (directory / f"{sha256}.note").exists()
    files.replace(directory, f"{sha256}.note", note.encode())
    return new


def _nothing(refused: list[Refused]) -> KeyAccessError:
    reasons = sorted({each.reason.replace("_", " ") for each in refused})
    what = f"for the episode {refused[0].id}" if len(refused) == 1 else f"for any of {len(refused)} episodes"
    return KeyAccessError(
        f"the vault has no key to give {what}: {', '.join(reasons)}",
        hint="what was withdrawn or erased is gone; what is unknown has not come here yet",
    )


@dataclass(slots=True, kw_only=True, repr=False)
class _Release:
    """One request on its way: what may be given, and what not."""

    vault: OpenVault
    request: ShareRequest
    sha256: str
    at: str
    new: bool = False
    devices: dict[str, str] = field(default_factory=dict)
    granted: list[OneEpisode] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def sort_out(self) -> None:
        """Tell what may be given from what not, without opening anything."""
        grants: dict[str, Grant | None] = {}
        for episode in self.request.episodes:
            if episode.grant not in grants:
                grant = grants[episode.grant] = known_grant(self.vault.directory, episode.grant)
                self.devices[episode.grant] = "" if grant is None else grant.parties.device
            reason = self._reason(episode, grants[episode.grant])
            if reason is None:
                self.granted.append(episode)
            else:
                self._refuse(episode, reason)

    def answer(self, progress: Progress) -> Granted:
        """Log every release, and only then open the shares."""
        places = self._log(progress)
        shares: dict[str, dict[SectionName, str]] = {}
        for episode in self.granted:
            opened = self._open(episode)
            if opened is None:
                gone = destroyed(self.vault.directory, episode.grant, episode.id)
                self._refuse(episode, "destroyed" if gone else "damaged")
            else:
                shares[episode.id] = opened
        episodes = tuple(episode for episode in self.granted if episode.id in shares)
        head = signed_head(self.vault.log.checkpoint(), self.vault.signer.vkey)
        nodes = TileNodes(self.vault.home.log_directory, head.checkpoint.size)
        proofs = {
            proof_name(episode.id, section): self._proof(head, nodes, *places[episode.id, section])
            for episode in episodes
            for section in self.request.sections
        }
        return Granted(episodes=episodes, shares=shares, proofs=proofs, refused=tuple(self.refused))

    def _reason(self, episode: OneEpisode, grant: Grant | None) -> str | None:
        directory = self.vault.directory
        if destroyed(directory, episode.grant, episode.id):
            return "destroyed"
        if grant is None or not has_shares(directory, episode.grant, episode.id, self.request.sections):
            return "unknown"
        if self.request.role is Reader.EMPLOYEE:
            return None
        if grant.terms.recipients_sha256 != self.vault.organisation.recipients.sha256():
            return "other_recipients"
        if self.request.role is Reader.EXPORTER and self.request.purpose not in grant.scope.purposes:
            return "not_granted"
        return None

    def _refuse(self, episode: OneEpisode, reason: str) -> None:
        self.refused.append(Refused(grant=episode.grant, id=episode.id, reason=reason))

    def _wanted(self) -> Iterator[tuple[str, SectionName]]:
        for episode in self.granted:
            for section in self.request.sections:
                yield episode.id, section

    def _log(self, progress: Progress) -> dict[tuple[str, SectionName], tuple[int, dict[str, JsonValue]]]:
        """Return where in the log each release stands; one that an earlier answer logged is not logged again."""
        # What was never kept was never logged: a long log is not read for each of a thousand requests.
        logged = [] if self.new else read_entries(self.vault.home.log_directory, self.vault.signer.vkey)
        known = {
            (entry["id"], entry["section"]): (index, entry)
            for index, entry in enumerate(logged)
            if entry.get("request") == self.sha256
        }
        wanted = list(self._wanted())
        places = {}
        for done, (episode_id, section) in enumerate(wanted, 1):
            entry: dict[str, JsonValue] = {
                **release_entry(self.request, self.sha256, episode_id, section),
                "at": self.at,
            }
            found = known.get((episode_id, section))
            places[episode_id, section] = found or (self.vault.log.append(entry), entry)
            progress(done, len(wanted))
        return places

    def _open(self, episode: OneEpisode) -> dict[SectionName, str] | None:
        try:
            return {section: self._share(episode, section) for section in self.request.sections}
        except (FormatError, KeyAccessError):
            return None
        except StorageError:
            if has_shares(self.vault.directory, episode.grant, episode.id, self.request.sections):
                raise
            # The person withdrew while the vault answered: destroying waits for nobody.
            return None

    def _share(self, episode: OneEpisode, section: SectionName) -> str:
        device = self.devices[episode.grant]
        label = ShareLabel(device=device, grant=episode.grant, episode=episode.id, section=section)
        sealed = files.read(self.vault.directory / episode.grant, share_name(episode.id, section))
        # Whatever else lies there, another's share for one, was not put there by this vault.
        return read_share(decrypt(sealed, self.vault.masters), label)

    def _proof(self, head: SignedHead, nodes: TileNodes, index: int, entry: dict[str, JsonValue]) -> str:
        data = render_entry(entry, self.vault.signer.name)
        hashes = prove_inclusion(nodes, index, head.checkpoint, data)
        return InclusionFile(index=index, hashes=tuple(hashes), checkpoint=head.note, extra=data).text()
