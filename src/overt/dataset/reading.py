"""The one function that every engine runs: an episode's records become trajectories and frames, or a reason why not."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from overt.dataset.eligible import SkipReason
from overt.dataset.frames import FrameFault, fault_of
from overt.dataset.part import Outcome, PartWriter
from overt.dataset.recheck import SecondLook
from overt.errors import FormatError, KeyAccessError, VerificationError
from overt.events.redacted import FrameTaken, RedactedEvent, RedactedFrame
from overt.trajectory.build import Rules, Trajectory, reduce_events

Content = Callable[[], Iterator[RedactedEvent | RedactedFrame]]
"""Opens an episode, and raises what ``overt.unseal.content`` raises."""


def read_episode(content: Content, part: PartWriter, look: SecondLook, rules: Rules, *, synthetic: bool) -> Outcome:
    """Return what comes of *content*, the frames of which go to *part*; the same content always gives the same.

    *look* is taken at everything, and *synthetic* is what every record must say of itself. Nothing else decides: no
    clock, no other episode, and not who runs it.

    Raises:
        StorageError: the disk refused a frame.
        BackendUnavailableError: a judge is broken.
    """
    faults: Counter[str] = Counter()
    try:
        events = list(_events(content(), part, faults))
    except KeyAccessError:
        return Outcome(reason=SkipReason.WRONG_KEY)
    except (FormatError, VerificationError):
        return Outcome(reason=SkipReason.DAMAGED)
    if any(event.synthetic != synthetic for event in events):
        return Outcome(reason=SkipReason.INVALID)
    found = look.at_texts(events)
    reduction = reduce_events(events, rules)
    if not (found or reduction.trajectories):
        return Outcome(reason=SkipReason.EMPTY)
    found = found or look.at_pictures(map(part.get, _shown(reduction.trajectories)))
    if found:
        return Outcome(reason=SkipReason.SECOND_LOOK, findings=dict(sorted(found.items())))
    left_out = {reason.value: count for reason, count in reduction.left_out.items()}
    return Outcome(left_out=left_out, frames_left_out=dict(faults), trajectories=reduction.trajectories)


def _events(
    content: Iterator[RedactedEvent | RedactedFrame], part: PartWriter, faults: Counter[str]
) -> Iterator[RedactedEvent]:
    """Yield the events of *content*; a frame's bytes go to *part*, and a frame with a fault is left out."""
    for record in content:
        match record:
            case RedactedFrame(event=event):
                fault = fault_of(record)
                if fault is None:
                    part.put(record)
                    yield event
                else:
                    faults[fault.value] += 1
            case FrameTaken():
                faults[FrameFault.MISSING.value] += 1
            case _:
                yield record


def _shown(trajectories: Sequence[Trajectory]) -> list[str]:
    """Return the SHA-256 of each picture that a step shows."""
    shown = (step.frame.sha256 for each in trajectories for step in each.steps if step.frame is not None)
    return list(dict.fromkeys(shown))
