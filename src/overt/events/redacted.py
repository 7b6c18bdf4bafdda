"""What may be stored: actions with everything secret already withheld. Made in ``redact`` and nowhere else.

Only ``synth`` makes such records up, and marks every one of them.

Every time is a multiple of 100 ms since the session began, and belongs to a whole action: typing has the instant at
which its field was entered, never that of a key. Coordinates are pixels of the recorded content area.
"""

import operator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

TICK_MS = 100
"""Nothing finer is ever sealed: rhythm identifies people."""


class _Record(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class _Marked(_Record):
    synthetic: Annotated[bool, Field(exclude_if=operator.not_)] = False
    """A program made this up, and no person did it. It stands in every record of such an episode, and in no other."""


class _Timed(_Marked):
    at_ms: Annotated[int, Field(ge=0, multiple_of=TICK_MS)]


class PageEntered(_Timed):
    """An allowlisted page came into view. *visit* numbers the visits of a session from 1.

    *arrived* says how: by an admitted ``click`` or ``key`` (Enter), by ``navigate`` (the browser's own interface, its
    history or another window, none of which is recorded), or as the ``start`` of the session.
    """

    kind: Literal["page_entered"] = "page_entered"
    visit: Annotated[int, Field(ge=1)]
    site: str
    area: str
    url: str
    title: str
    query: str | None = None
    arrived: Literal["start", "click", "key", "navigate"]


class PageLeft(_Timed):
    """The page went out of view. *dwell_ms* is the time in which it had the focus; *off_list* names no destination."""

    kind: Literal["page_left"] = "page_left"
    visit: Annotated[int, Field(ge=1)]
    dwell_ms: Annotated[int, Field(ge=0, multiple_of=TICK_MS)]
    off_list: bool


class Target(_Record):
    """The element that an action hit: its accessible role and redacted name, and its box in content-area pixels."""

    role: str
    name: str = ""
    box: tuple[int, int, int, int] | None = None


class Clicked(_Timed):
    """A click, or a run of *count* clicks within half a second and four pixels of each other."""

    kind: Literal["click"] = "click"
    visit: int
    button: str
    count: Annotated[int, Field(ge=1, le=3)] = 1
    x: int
    y: int
    modifiers: tuple[str, ...] = ()
    target: Target | None = None


class Dragged(_Timed):
    """A drag with *button* from one point to another."""

    kind: Literal["drag"] = "drag"
    visit: int
    button: str
    x: int
    y: int
    x2: int
    y2: int
    modifiers: tuple[str, ...] = ()


class Scrolled(_Timed):
    """A run of wheel clicks in one direction; positive *dy* is up, as in PyAutoGUI."""

    kind: Literal["scroll"] = "scroll"
    visit: int
    x: int
    y: int
    dx: int
    dy: int


class Moved(_Timed):
    """The pointer rested or passed here (only under the ``moves`` signal, at most ten a second)."""

    kind: Literal["move"] = "move"
    visit: int
    x: int
    y: int


class Typed(_Timed):
    """The text that one field held when its segment closed, with what was withheld as ``[KIND]`` markers.

    *incomplete* says that keys may have gone into the field which the recorder did not see or could not place. *how*
    is ``paste`` or ``cut`` when such an act, and no key's own character, made of the text what it is.
    """

    kind: Literal["type"] = "type"
    visit: int
    text: str
    withheld: tuple[str, ...] = ()
    field: Target | None = None
    incomplete: bool = False
    how: Annotated[Literal["paste", "cut"] | None, Field(exclude_if=operator.not_)] = None


class Pressed(_Timed):
    """A key or a hotkey that types no text: ``("enter",)``, ``("ctrl", "c")``; names are PyAutoGUI's."""

    kind: Literal["key"] = "key"
    visit: int
    keys: tuple[str, ...]


class Withheld(_Timed):
    """A field was visited and nothing of it was kept. There is no count: a count is the length of a password."""

    kind: Literal["withheld"] = "withheld"
    visit: int
    reason: str


class FrameTaken(_Timed):
    """A frame of the content area, masked; its PNG bytes travel beside it and have this SHA-256."""

    kind: Literal["frame"] = "frame"
    visit: int
    frame: Annotated[int, Field(ge=1)]
    width: int
    height: int
    sha256: str
    masks: int


RedactedEvent = Annotated[
    PageEntered | PageLeft | Clicked | Dragged | Scrolled | Moved | Typed | Pressed | Withheld | FrameTaken,
    Field(discriminator="kind"),
]
"""One action, ready to be sealed."""

REDACTED: TypeAdapter[RedactedEvent] = TypeAdapter(RedactedEvent)
"""Reads one back from its JSON, strictly."""


class RedactedFrame(_Record):
    """A masked frame: its announcement, and the PNG file with IHDR, IDAT and IEND only."""

    event: FrameTaken
    png: bytes


class SessionFacts(_Marked):
    """What an auditor may know of a session without reading it: the metadata section's first record."""

    kind: Literal["session"] = "session"
    recorder_version: str
    redactor_version: str
    grant: str
    notice_sha256: str
    policy_sha256: str
    purposes: tuple[str, ...]
    signals: tuple[str, ...]
    trial: bool
    started_on: str
    """The day (UTC, ISO 8601), no finer."""
    os_family: str


class FlushFacts(_Marked):
    """What an auditor may know of one flush: how much of each kind, where, and what the gate refused.

    *events* counts by kind of action, *sites* by allowlisted host. *dropped* has the gate's reasons but for those of
    secret fields, whose visits are counted in *withheld* instead.
    """

    kind: Literal["flush"] = "flush"
    at_ms: Annotated[int, Field(ge=0, multiple_of=TICK_MS)]
    events: dict[str, int]
    sites: dict[str, int]
    dropped: dict[str, int]
    withheld: dict[str, int]
    lost: int


class EndFacts(_Marked):
    """Why the session ended, and how long it had been armed."""

    kind: Literal["end"] = "end"
    at_ms: Annotated[int, Field(ge=0, multiple_of=TICK_MS)]
    armed_ms: Annotated[int, Field(ge=0, multiple_of=TICK_MS)]
    reason: str


MetaRecord = Annotated[SessionFacts | FlushFacts | EndFacts, Field(discriminator="kind")]
"""One record of the metadata section."""

META: TypeAdapter[MetaRecord] = TypeAdapter(MetaRecord)
"""Reads one back from its JSON, strictly."""
