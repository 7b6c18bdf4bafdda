"""What is of one release alone: the names of its people, in which split each of them is, for whom it is and by whom."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from overt.consent.release_receipt import receipt
from overt.format.note import NoteSigner

HOLDOUT: Final = 10
"""Percent of the people of a real export who are held out, unless it is said otherwise."""
MOST_HELD_OUT: Final = 50
"""Percent; beyond that more people would be held out than trained on."""

_PARTS: Final = 1 << 64


class Split(StrEnum):
    """What a person's data are for: each person is in one split, in every release."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """The organisation outside the controller that a release is for, as the policy names it."""

    name: str
    contact: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Who answers for a release, under the law of which *jurisdictions*; without a *receiver* it stays in the house."""

    controller: str = ""
    contact: str = ""
    jurisdictions: tuple[str, ...] = ()
    receiver: Receiver | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Names:
    """How one release names its people. Only who has the exporter's key can make these again, or those of another."""

    contributors: bytes
    receipts: str
    """The salt of the receipts, which is published: whoever has a grant can find it, and nobody else anything."""
    splits: bytes
    holdout: int

    def contributor(self, device: str) -> str:
        """Return the pseudonym of the person with the key *device*: 16 hexadecimal digits, of this release alone."""
        return hmac.new(self.contributors, device.encode(), hashlib.sha256).hexdigest()[:16]

    def receipt(self, grant_sha256: str) -> str:
        """Return what stands for the signed grant with that SHA-256."""
        return receipt(self.receipts, grant_sha256)

    def split(self, device: str) -> Split:
        """Return the split of the person with the key *device*.

        With the same share held out it is the same in all releases; with a larger one only people in training move,
        and nobody ever from one side of what is held out to the other.
        """
        drawn = hmac.digest(self.splits, device.encode(), "sha256")
        if int.from_bytes(drawn[:8], "big") * 100 >= self.holdout * _PARTS:
            return Split.TRAIN
        return Split.TEST if drawn[8] & 1 else Split.VALIDATION


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Release:
    """By whom (*signer*, the controller's key) and for whom a release is, and how many percent it holds out."""

    signer: NoteSigner
    about: About
    holdout: int

    def names(self, purpose: str, sources: Iterable[str]) -> Names:
        """Return the names in the release of the sealed files *sources* (SHA-256, in order) for *purpose*.

        The same release has the same names whenever it is made; another one, another purpose or another receiver has
        names that nobody can lead back to these without the key.
        """
        secret = _derived(self.signer.seed(), "overt release secret/1")
        receiver = self.about.receiver.name if self.about.receiver else ""
        release = _derived(secret, "\n".join(["release", purpose, receiver, *sources]))
        return Names(
            contributors=_derived(release, "contributors"),
            receipts=_derived(release, "receipts").hex(),
            splits=_derived(secret, "splits"),
            holdout=self.holdout,
        )


def tombstone(episode_id: str) -> str:
    """Return what is left of the episode *episode_id* after a deletion: who has it can tell, and nobody else."""
    return hashlib.sha256(f"overt-tombstone/1\n{episode_id}\n".encode()).hexdigest()


def root_of(directory: Path, split: Split) -> Path:
    """Return where the data of *split* lie in the data set *directory*: those to train on at its top."""
    return directory if split is Split.TRAIN else directory / split.value


def splits_in(directory: Path) -> list[Split]:
    """Return the splits that the data set *directory* has."""
    return [split for split in Split if root_of(directory, split).is_dir()]


def _derived(key: bytes, what: str) -> bytes:
    return hmac.digest(key, what.encode(), "sha256")
