"""One synthetic session from its seed: the same seed gives the same records, wherever and whenever."""

from dataclasses import dataclass
from random import Random
from typing import Final

from overt.errors import UsageError
from overt.events.redacted import RedactedEvent, RedactedFrame
from overt.synth.errands import Errands
from overt.synth.hand import Hand, Manner, manner
from overt.synth.picture import photograph
from overt.trajectory.action import Action

GENERATOR_VERSION: Final = "1"
"""Grows with every change of what a seed gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to make: *episodes* sessions of *contributors* made-up people, from *seed*, with *frames* or without."""

    seed: int
    episodes: int
    contributors: int = 1
    frames: bool = False

    def __post_init__(self) -> None:
        """Raise ``UsageError`` for numbers that make no sense."""
        if self.episodes < 1 or self.contributors < 1:
            raise UsageError("there must be at least one episode and one contributor")
        if self.contributors > self.episodes:
            raise UsageError(
                f"{self.contributors} contributors cannot share {self.episodes} episodes",
                hint="ask for at least as many episodes as contributors",
            )

    def person_of(self, index: int) -> int:
        """Return which made-up person, from 0, the episode *index* is of."""
        return index % self.contributors

    def session(self, index: int) -> "Session":
        """Return the session number *index*, from 0."""
        own = Random(f"{self._name} person {self.person_of(index)}")  # noqa: S311 - it is to be repeatable
        return make_session(Random(f"{self._name} episode {index}"), manner(own), frames=self.frames)  # noqa: S311

    @property
    def _name(self) -> str:
        return f"overt synth {GENERATOR_VERSION} seed {self.seed}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Session:
    """What a recorder would have kept of a session, and *acts*, what was done in it, in the words of a dataset.

    *seen_ms* is how long pages were in view, *end_ms* when the session ended.
    """

    records: tuple[RedactedEvent | RedactedFrame, ...]
    acts: tuple[Action, ...]
    seen_ms: int
    end_ms: int


def make_session(chance: Random, own: Manner, *, frames: bool) -> Session:
    """Return a session of somebody whose manner is *own*; *chance* alone decides what happens in it."""
    hand = Hand(chance, own, camera=photograph if frames else None)
    Errands(chance, hand).run()
    return Session(records=tuple(hand.records), acts=tuple(hand.acts), seen_ms=hand.seen_ms, end_ms=hand.now_ms)
