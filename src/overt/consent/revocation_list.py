"""A revocation list: what whoever holds a data set has to delete from it, because people took their consent back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from overt.consent.deletion import deletion_tag
from overt.consent.grant import RandomId
from overt.consent.signed import SignedText, read_signed, signed_text

MOST: Final = 14_000
"""Handles, and episodes, in one list: it stays below what a note may hold."""


class RevocationList(SignedText):
    """Everything that the controller has to have deleted, as of *at*: a later list holds all of an earlier one.

    *handles* are the deletion handles of withdrawn grants, *episodes* the ids of episodes that were erased singly; both
    are sorted, and random.
    """

    kind: Annotated[Literal["overt-revocations/1"], Field(alias="format")] = "overt-revocations/1"
    handles: Annotated[tuple[RandomId, ...], Field(max_length=MOST, strict=False)]
    episodes: Annotated[tuple[RandomId, ...], Field(max_length=MOST, strict=False)]

    @field_validator("handles", "episodes")
    @classmethod
    def _sorted(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        if list(ids) != sorted(set(ids)):
            raise ValueError("not sorted, or twice")
        return ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What is to be deleted, wherever it was asked for: by secret *handles*, and by the ids of *episodes*."""

    handles: frozenset[str] = frozenset()
    episodes: frozenset[str] = frozenset()

    def names(self, episode_id: str, tag: str) -> bool:
        """Say whether the episode *episode_id*, which bears *tag*, is to be deleted."""
        return episode_id in self.episodes or any(deletion_tag(each, episode_id) == tag for each in self.handles)


def recall_of(lists: Iterable[RevocationList], handles: Iterable[str] = ()) -> Recall:
    """Return what *lists*, and requests with *handles*, want deleted."""
    given = tuple(lists)
    return Recall(
        handles=frozenset(handles).union(*(each.handles for each in given)),
        episodes=frozenset().union(*(each.episodes for each in given)),
    )


def revocations_text(revocations: RevocationList) -> str:
    """Return *revocations* as the text that is signed: canonical JSON on one line, with a newline."""
    return signed_text(revocations)


def parse_revocations(text: str) -> RevocationList:
    """Return the list that *text* states; raises ``ConsentError`` when it is not exactly one."""
    return read_signed(RevocationList, text, "revocation list")
