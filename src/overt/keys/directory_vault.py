"""The vault that is a directory: its home. The recorder never imports this."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from overt.errors import ConsentError
from overt.keys.exchange.order import Order, check_order, read_order
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import GRANT, STATE, share_name
from overt.keys.receiving import receive
from overt.keys.rekey import rekey_vault
from overt.keys.release import release
from overt.keys.shred import Tombstone, shred_episode, shred_grant, tombstones
from overt.keys.vault import OpenVault, known_grant, open_vault, tidy
from overt.keys.vault_contract import Holding, Progress, Shredded, unseen
from overt.store import files
from overt.store.home import Home
from overt.store.lock import locked


class DirectoryVault:
    """A vault in a home of its own (``Vault``); its passphrases are asked for once, when they are needed."""

    def __init__(self, home: Home, passphrases: PassphraseSource) -> None:
        """Look at the vault's *home*; nothing is opened yet."""
        self._home = home
        self._passphrases = passphrases
        self._open: OpenVault | None = None
        self._stated = b""

    def put(self, shipment: bytes, at: datetime, progress: Progress = unseen) -> str:
        """Take *shipment* and return the receipt; see ``Vault.put``."""
        with locked(self._home.shares_directory):
            return receive(self._opened(), shipment, at, progress)

    def release(self, request: str, at: datetime, progress: Progress = unseen) -> bytes:
        """Log *request* and return the answer; see ``Vault.release``."""
        with locked(self._home.shares_directory):
            return release(self._opened(), request, at, progress)

    def shred(
        self, orders: Sequence[str], at: datetime, progress: Progress = unseen, *, unsigned: bool = False
    ) -> Shredded:
        """Destroy what *orders* name, then replace the master; see ``Vault.shred``."""
        read = [read_order(note) for note in orders]
        with locked(self._home.shares_directory):
            tidy(self._home)
            for order in read:
                self._check(order, unsigned=unsigned)
            shares = sum(self._destroy(order) for order in read)
        self._open = None
        epoch = rekey_vault(self._home, self._passphrases, at, progress)
        return Shredded(
            shares=shares,
            grants=tuple(sorted({order.grant for order in read if order.episode is None})),
            episodes=tuple(sorted({order.episode for order in read if order.episode is not None})),
            epoch=epoch,
        )

    def list(self) -> tuple[Holding, ...]:
        """Return what there is, by grant; see ``Vault.list``."""
        directory = self._home.shares_directory
        stones = tombstones(directory)
        known = {name for name in files.names(directory) if (directory / name).is_dir()}
        grants = sorted(known | {stone.grant for stone in stones})
        return tuple(_holding(directory, grant, [each for each in stones if each.grant == grant]) for grant in grants)

    def _opened(self) -> OpenVault:
        """Return the open vault; under its lock, or another process may replace the master meanwhile."""
        there = (self._home.shares_directory / STATE).exists()
        stated = files.read(self._home.shares_directory, STATE) if there else b""
        if self._open is None or self._stated != stated:
            self._open, self._stated = open_vault(self._home, self._passphrases), stated
        return self._open

    def _check(self, order: Order, *, unsigned: bool) -> None:
        if order.signed and not (self._home.shares_directory / order.grant / GRANT).exists():
            # Nobody can tell whose it is; nothing is there to be destroyed, and nothing shall come.
            return
        try:
            grant = known_grant(self._home.shares_directory, order.grant)
        except ConsentError:
            grant = None
        check_order(order, None if grant is None else grant.parties.withdrawal, unsigned=unsigned)

    def _destroy(self, order: Order) -> int:
        directory = self._home.shares_directory
        if order.episode is None:
            return shred_grant(directory, order.grant)
        return shred_episode(directory, order.grant, order.episode)


def _holding(directory: Path, grant: str, stones: list[Tombstone]) -> Holding:
    place = directory / grant
    suffix = share_name("", "c")
    names = files.names(place) if place.is_dir() else []
    return Holding(
        grant=grant,
        withdrawn=any(each.episode is None for each in stones),
        episodes=tuple(name.removesuffix(suffix) for name in names if name.endswith(suffix)),
        erased=tuple(each.episode for each in stones if each.episode is not None),
        settled=all(each.settled for each in stones),
    )
