"""What vocabularies of computer use share: what none of them can say, and what is lost when they say it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from overt.dataset.agentnet_code import NAMED_KEYS
from overt.trajectory.action import Action, Kind
from overt.trajectory.step import Step

Call = dict[str, object]
"""One call of a tool, in the words of its vocabulary, fit for JSON."""

SCROLL_PX: Final = 100
"""Pixels that stand for one click of the wheel where a vocabulary counts pixels; browsers differ."""

_WAIT_S: Final = {3: 10, 4: 30}
"""The least that a pause of this bucket lasted."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Said:
    """The *calls* that an action is, none when there are no words for it; *lossy* names all that is not said."""

    calls: tuple[Call, ...] = ()
    lossy: tuple[str, ...] = ()


Words = Callable[[Action, Step], Said]
"""Says an action of a step that is known to have a point only inside a picture, and keys with names."""
Vocabulary = Mapping[Kind, Words]


def unsaid(why: str) -> Said:
    """Return that nothing is said, and *why*."""
    return Said(lossy=(why,))


def say(step: Step, vocabulary: Vocabulary) -> Said:
    """Return *step*'s action in the words of *vocabulary*, unless nobody could say it."""
    why = _unsayable(step)
    return vocabulary[step.action.kind](step.action, step) if why is None else unsaid(why)


def _unsayable(step: Step) -> str | None:
    action = step.action
    if action.points() and step.frame is None:
        return "step_without_image"  # a point says nothing without the picture that it is one of
    if step.quality.out_of_bounds:
        return "out_of_bounds"
    match action.kind:
        case Kind.TYPE if action.text is None:
            return "withheld_field"
        case Kind.SCROLL if not action.dx and not action.dy:
            return "empty_scroll"
        case Kind.KEY | Kind.HOTKEY if not named(action.keys):
            return "key"
        case _:
            return None


def named(keys: tuple[str, ...]) -> bool:
    """Say whether every one of *keys* is a character or a key that PyAutoGUI names."""
    return bool(keys) and all(len(key) == 1 or key in NAMED_KEYS for key in keys)


def text_losses(action: Action) -> Iterator[str]:
    """Yield what is lost of a typed text in any vocabulary: a marker is typed as if the person had typed it."""
    if action.redacted:
        yield "redaction_mark"


def point(x: int | None, y: int | None) -> tuple[int, int]:
    """Return a point that is known to be there."""
    assert x is not None
    assert y is not None
    return x, y


def wait_seconds(step: Step) -> int:
    """Return the least that the pause of *step* lasted."""
    return _WAIT_S.get(step.gap_bucket, 10)
