"""A dry run: what would be exported, and why the rest would not, without a key, a share or an entry in any log."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.dataset.eligible import Foreseen, Skip, SkipReason
from overt.dataset.refusals import check_cohort, nothing_left
from overt.errors import ConsentError, KeyAccessError, PolicyError
from overt.format.episode import SectionName
from overt.keys.vault import has_shares, vault_at_hand
from overt.store.home import Home

UNSEEN: Final = (
    SkipReason.NO_GRANT,
    SkipReason.RETENTION_OVER,
    SkipReason.WRONG_KEY,
    SkipReason.DAMAGED,
    SkipReason.SECOND_LOOK,
    SkipReason.EMPTY,
)
"""Why an episode may still be skipped once it is opened: a dry run opens none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What an export would do: episodes that it *would* open, *skips*, and by what *refusal* it would end, if so."""

    would: tuple[str, ...]
    skips: tuple[Skip, ...]
    refusal: ConsentError | PolicyError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """Where shares would come from (``ShareSource``): it is looked at whether they are there, and none is asked for.

    Without a *directory* the vault is not at hand, and what it would release is not known.
    """

    directory: Path | None

    def refusal(self, grant_id: str, episode_id: str) -> str | None:
        """Say whether the vault has destroyed the share of that episode's content."""
        if self.directory is None or has_shares(self.directory, grant_id, episode_id, ("c",)):
            return None
        return "destroyed"

    def share(self, grant_id: str, episode_id: str, section: SectionName) -> str:
        """Raise ``KeyAccessError``: a dry run asks for no share."""
        raise KeyAccessError(f"a dry run asks for no share of {grant_id}/{episode_id}/{section}")


def unasked(home: Home) -> Unasked:
    """Return where *home* would find shares."""
    try:
        return Unasked(directory=vault_at_hand(home).shares_directory)
    except KeyAccessError:
        return Unasked(directory=None)


def foresee(ids: Iterable[str], look: Callable[[str], Foreseen | Skip], purpose: str, cohort_floor: int) -> Foresight:
    """Return what an export of the episodes *ids* for *purpose* would do, as *look* sees each of them."""
    seen = [look(episode_id) for episode_id in ids]
    would = [each for each in seen if isinstance(each, Foreseen)]
    skips = [each for each in seen if isinstance(each, Skip)]
    refusal: ConsentError | PolicyError | None = None if would else nothing_left(purpose, skips)
    if would:
        try:
            check_cohort(cohort_floor, would)
        except PolicyError as problem:
            refusal = problem
    return Foresight(would=tuple(each.episode_id for each in would), skips=tuple(skips), refusal=refusal)
