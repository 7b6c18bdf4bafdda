"""What a vault does, as types: where it keeps its entries is its own affair."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from overt.format.episode import SectionName

Progress = Callable[[int, int], None]
"""Called with how many steps are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SealedShares:
    """The shares of an episode's sections, sealed to a vault, with the *grant* (a signed note) that they stand on."""

    grant_id: str
    grant: str
    episode_id: str
    shares: Mapping[SectionName, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shredded:
    """What was destroyed: how many shares, under which grants and of which episodes; and the vault's new *epoch*."""

    shares: int
    grants: tuple[str, ...]
    episodes: tuple[str, ...]
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a vault holds under one grant: ids of episodes. *withdrawn* says that it will never hold any again.

    *settled* says that the master was replaced since something under the grant was last destroyed.
    """

    grant: str
    withdrawn: bool
    episodes: tuple[str, ...]
    erased: tuple[str, ...]
    settled: bool


class Intake(Protocol):
    """All that a recorder knows of a vault: sealed shares go in, and nothing comes out."""

    def put(self, sealed: SealedShares) -> None:
        """Keep *sealed*; needs no key.

        Raises:
            StorageError: There are shares of that episode already, it was destroyed, or the disk refused.
        """
        ...


class Vault(Protocol):
    """A vault as its keeper sees it, and everybody who has its home at hand. Each act is logged."""

    def put(self, shipment: bytes, at: datetime, progress: Progress) -> str:
        """Take what an employee has sent, and return the receipt for it; the same shipment may come again.

        Raises:
            FormatError: It is no shipment.
            VerificationError: It was changed, or what it holds is not its sender's.
            KeyAccessError: It is for another vault, or a key stays locked.
            StorageError: The disk refused; what was taken so far stays, and the shipment may be put again.
        """
        ...

    def release(self, request: str, at: datetime, progress: Progress) -> bytes:
        """Log what *request* asks for, and then answer it. The same request may come again and is logged once.

        Raises:
            FormatError: It is no request.
            KeyAccessError: Who signed it may not have this, or there is no share that it could be given.
            UsageError: That role may not ask for this.
            PolicyError: The vault has joined no organisation, or the policy does not offer the purpose.
            StorageError: It could not be logged; then there is no answer.
        """
        ...

    def shred(self, orders: Sequence[str], at: datetime, progress: Progress, *, unsigned: bool) -> Shredded:
        """Destroy what *orders* (withdrawals and erasures) name, and replace the master; *unsigned* ones on your word.

        Raises:
            FormatError: One of them is no such order; then nothing is destroyed.
            VerificationError: One of them is not signed by the person whose grant it is; then nothing is destroyed.
            KeyAccessError: The master stays locked; then the shares are destroyed, and the master is still to replace.
            StorageError: The disk refused; repeating it finishes it.
        """
        ...

    def list(self) -> tuple[Holding, ...]:
        """Return what the vault holds, by grant; needs no key. Raises ``StorageError``."""
        ...


def unseen(done: int, total: int) -> None:
    """Show no progress."""
    del done, total
