"""One training example: the last frame before an action, and the action."""

from dataclasses import dataclass
from typing import Final

from overt.events.redacted import FrameTaken
from overt.trajectory.action import Action

WITHHELD_GAP: Final = -1
"""The bucket of a gap that is not exported, or that has no beginning."""

GAP_EDGES_MS: Final = (1_000, 3_000, 10_000, 30_000)
"""A gap's bucket is the number of these edges that it reaches: 0 is below one second, 4 is half a minute and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A reference to a masked frame: its number in the episode, its PNG's SHA-256 and its size in pixels."""

    number: int
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What a trainer may want to filter by. Flags only: nothing is deleted for them.

    *no_frame*: no frame of this page had been taken yet. *stale_frame*: another action lies between the frame and this
    one; the screen may have changed since, or the recorder saw that it had not. *duplicate_frame*: the frame's bytes
    are those of the step before. *out_of_bounds*: a point lies outside the frame, or is negative. *resumed*: the
    person had been off the list just before. *edited*: earlier text of the field was changed or may have been
    selected, so the text of this step is all that the field then held, and not only what was added. *incomplete*: keys
    may have gone into the field that the recorder did not see.
    """

    no_frame: bool = False
    stale_frame: bool = False
    duplicate_frame: bool = False
    out_of_bounds: bool = False
    resumed: bool = False
    edited: bool = False
    incomplete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """*action*, the *frame* before it on the same page visit (``None``: there is none), and where it happened.

    *events* is how many stored events it was made of; none for what only follows from others.
    """

    index: int
    visit: int
    site: str
    area: str
    gap_bucket: int
    action: Action
    frame: Frame | None
    quality: Quality
    events: int = 0


def gap_bucket(gap_ms: int) -> int:
    """Return the bucket of a pause of *gap_ms* milliseconds."""
    return sum(gap_ms >= edge for edge in GAP_EDGES_MS)


def frame_of(event: FrameTaken) -> Frame:
    """Return the reference to the frame that *event* announces."""
    return Frame(number=event.frame, sha256=event.sha256, width=event.width, height=event.height)


def judged(action: Action, frame: Frame | None, before: Frame | None, *, stale: bool) -> Quality:
    """Return the flags that follow from *frame*, when the step before had *before*."""
    return Quality(
        no_frame=frame is None,
        stale_frame=stale and frame is not None,
        duplicate_frame=frame is not None and before is not None and frame.sha256 == before.sha256,
        out_of_bounds=any(_outside(point, frame) for point in action.points()),
    )


def _outside(point: tuple[int, int], frame: Frame | None) -> bool:
    x, y = point
    if x < 0 or y < 0:
        return True
    return frame is not None and (x >= frame.width or y >= frame.height)
