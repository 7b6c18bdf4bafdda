"""What was kept, one action a line, as the person who did it sees it."""

from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from overt.events.redacted import (
    Clicked,
    Dragged,
    EndFacts,
    FlushFacts,
    FrameTaken,
    MetaRecord,
    Moved,
    PageEntered,
    PageLeft,
    Pressed,
    RedactedEvent,
    RedactedFrame,
    Scrolled,
    SessionFacts,
    Typed,
    Withheld,
)

_TIMES: Final = {1: "once", 2: "twice", 3: "three times"}


def table(rows: Iterable[tuple[int, str, str]]) -> Iterator[str]:
    """Yield a heading and one numbered line for each row of time (ms), action and what was kept of it."""
    yield f"{'row':>5} {'time':>9}  {'action':<9} what was kept"
    for number, (at_ms, action, kept) in enumerate(rows, 1):
        yield f"{number:>5} {at_ms / 1000:>8.1f}s  {action:<9} {printable(kept)}"


def printable(text: str) -> str:
    """Return *text* on one line, without what could steer a terminal."""
    return "".join(character if character.isprintable() else "·" for character in text)


def metadata_row(record: MetaRecord) -> str:
    """Return what one metadata record says in a line, or nothing for the counts of a flush."""
    match record:
        case SessionFacts():
            return f"recorded on {record.started_on} for {', '.join(record.purposes)}"
        case FlushFacts():
            return ""
        case EndFacts():
            return f"armed for {record.armed_ms / 1000:.1f}s; ended: {record.reason}"
        case _:
            assert_never(record)


def event_of(record: RedactedEvent | RedactedFrame) -> RedactedEvent:
    """Return the event that *record* is, or that announces it; pixels are left out."""
    return record.event if isinstance(record, RedactedFrame) else record


def content_row(record: RedactedEvent | RedactedFrame) -> tuple[int, str, str]:
    """Return the time in milliseconds, the action and what was kept of it."""
    event = event_of(record)
    return event.at_ms, event.kind.removeprefix("page_"), _kept(event)


def _kept(event: RedactedEvent) -> str:  # noqa: C901, PLR0911 - one case for each kind of action
    match event:
        case PageEntered():
            searched = f" searched: {event.query}" if event.query else ""
            return f"{event.url} {event.title!r}{searched}"
        case PageLeft():
            return f"after {event.dwell_ms / 1000:.1f}s" + (", for a page off the list" if event.off_list else "")
        case Clicked():
            on = f" on {event.target.role} {event.target.name!r}" if event.target else ""
            return f"{event.button} {_TIMES[event.count]} at {event.x},{event.y}{on}"
        case Dragged():
            return f"{event.button} from {event.x},{event.y} to {event.x2},{event.y2}"
        case Scrolled():
            return f"{event.dx},{event.dy} at {event.x},{event.y}"
        case Moved():
            return f"to {event.x},{event.y}"
        case Typed():
            return repr(event.text)
        case Pressed():
            return "+".join(event.keys)
        case Withheld():
            return f"nothing ({event.reason})"
        case FrameTaken():
            return f"picture {event.frame}: {event.width} by {event.height}, {event.masks} areas painted over"
        case _:
            assert_never(event)
