"""A person, an admin, an officer and a vault that pass files to each other; the keys lie open, for the attacker too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from overt.events.redacted import EndFacts, Typed
from overt.format.age_read import decrypt
from overt.keys.directory_vault import DirectoryVault
from overt.keys.exchange.answer import Shares, open_answer
from overt.keys.exchange.request import OwnUse, Reader, ShareRequest, Wish, write_request
from overt.keys.exchange.slip import claimed_slip, sign_slip
from overt.keys.founding import found_all_in_one
from overt.keys.identities import load_identity, signer_vkey
from overt.keys.passphrase import no_passphrase
from overt.keys.put import DirectoryIntake
from overt.keys.recording import load_recording_keys
from overt.keys.rotated import Keyring
from overt.keys.sending import confirm, send
from overt.keys.share_source import asker, expected
from overt.keys.vault_contract import SealedShares
from overt.ledger.log import read_entries
from overt.policy.purposes import Purpose
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Home, Role, open_home
from overt.subject.consenting import Choice, give

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PURPOSES: dict[Reader, Purpose | OwnUse] = {
    Reader.AUDITOR: OwnUse.AUDIT,
    Reader.EXPORTER: Purpose.MODEL_TRAINING,
    Reader.EMPLOYEE: OwnUse.REVIEW,
}
HOMES = {Reader.AUDITOR: Role.OFFICER, Reader.EXPORTER: Role.ADMIN, Reader.EMPLOYEE: Role.EMPLOYEE}


@dataclass
class Village:
    """A trial at *root* whose employee does not know where the vault is."""

    root: Path

    def home(self, role: Role) -> Home:
        return replace(open_home(self.root, role), vault=None)

    @property
    def vault(self) -> DirectoryVault:
        return DirectoryVault(self.home(Role.VAULT), no_passphrase)

    @property
    def vault_key(self) -> str:
        return signer_vkey(self.home(Role.VAULT))

    @property
    def places(self) -> Path:
        """The vault's entries."""
        return self.root / "vault/shares"

    def consent(self, at: datetime = NOON, purpose: str = "model_training") -> str:
        """Give consent for one purpose and return the grant's id."""
        choice = Choice(sites=("google",), signals=("text",), purposes=(purpose,), days=10)
        return give(self.home(Role.EMPLOYEE), choice, no_passphrase, at).id

    def record(self, count: int = 1, at: datetime = NOON) -> list[str]:
        """Seal *count* episodes as the recorder does, and return their ids."""
        home = self.home(Role.EMPLOYEE)
        keys = load_recording_keys(home, no_passphrase, at)
        store = EpisodeStore(home.episodes_directory)
        ids = []
        for number in range(count):
            sealer, opening = EpisodeSealer.begin(
                grant=keys.grant.id,
                policy_sha256=keys.policy_sha256,
                trial=True,
                device=keys.device,
                roles=keys.roles,
                vault_recipient=keys.vault_recipient,
            )
            DirectoryIntake(keys.shares_directory).put(
                SealedShares(
                    grant_id=keys.grant.id,
                    grant=keys.grant_note,
                    episode_id=opening.episode_id,
                    shares=opening.shares,
                )
            )
            store.put_keys(opening.episode_id, opening.keys)
            end = EndFacts(at_ms=300, armed_ms=300, reason="stopped")
            flush = sealer.flush(meta=[end], content=[Typed(at_ms=100, visit=1, text=f"text {number}")])
            store.put(opening.episode_id, opening.first + flush + sealer.close(reason="stopped"))
            ids.append(opening.episode_id)
        return ids

    def send(self, at: datetime = NOON) -> str:
        """Let what lies in the person's home go to the vault; return its receipt."""
        receipt = self.vault.put(self.shipment(at), at)
        confirm(self.home(Role.EMPLOYEE), receipt)
        return receipt

    def shipment(self, at: datetime = NOON) -> bytes:
        return send(self.home(Role.EMPLOYEE), no_passphrase, at).data

    def request(
        self, role: Reader, episodes: Sequence[tuple[str, str]], at: datetime = NOON, reason: str = "a reason"
    ) -> str:
        who = asker(self.home(HOMES[role]), no_passphrase)
        return write_request(Wish(role=role, purpose=PURPOSES[role], reason=reason), who, episodes, at)

    def opened(self, role: Reader, answer: bytes, at: datetime = NOON) -> Shares:
        """Open an *answer* as *role* does."""
        keyring = Keyring(self.home(HOMES[role]), no_passphrase)
        wish = Wish(role=role, purpose=PURPOSES[role], reason="a reason")
        return open_answer(answer, keyring.unsealed, expected(self.vault_key, wish), at)

    def signer(self, role: Reader) -> Any:
        return asker(self.home(HOMES[role]), no_passphrase).signer

    def forged(self, role: Reader, episodes: Sequence[tuple[str, str]], /, **changes: object) -> str:
        """Return a request that its own writer would not have written, signed all the same."""
        request = claimed_slip(self.request(role, episodes), ShareRequest, "the request")
        return sign_slip(request.model_copy(update=changes), self.signer(role))

    def log(self) -> list[dict[str, Any]]:
        """Return the vault's log."""
        directory = self.home(Role.VAULT).log_directory
        return read_entries(directory, self.vault_key) if directory.exists() else []

    def orders(self, grant: str) -> list[str]:
        return [(self.home(Role.EMPLOYEE).withdrawals_directory / f"{grant}.note").read_text()]

    def role_keys(self) -> list[str]:
        """Return every role's age identity but the vault's."""
        return [load_identity(self.home(role), no_passphrase) for role in Role if role is not Role.VAULT]

    def master(self) -> str:
        return load_identity(self.home(Role.VAULT), no_passphrase)

    def held(self) -> dict[str, bytes]:
        """Return what the vault's own master opens, by the entry's place."""
        return {
            str(path.relative_to(self.places)): decrypt(path.read_bytes(), [self.master()])
            for path in sorted(self.places.glob("*/*.?.age"))
        }


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """Return a trial in which a person has consented, greeted the vault, recorded two episodes and sent them."""
    found_all_in_one(tmp_path / "trial")
    return Village(root=tmp_path / "trial")


@pytest.fixture
def later() -> Callable[[int], datetime]:
    """Return the instant so many days after noon."""
    return lambda days: NOON + timedelta(days=days)
