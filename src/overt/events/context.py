"""What had the focus at an instant. It may name pages and fields that must never be stored, so it has no repr."""

from dataclasses import dataclass
from enum import StrEnum

from overt.events.geometry import Rect


class Absence(StrEnum):
    """Why there is no context: each of these means *no*."""

    NO_WINDOW = "no_window"
    NOT_A_BROWSER = "not_a_browser"
    NO_ACCESSIBLE = "no_accessible"
    NO_DOCUMENT = "no_document"
    CHROME = "browser_chrome"
    """The browser's own interface (omnibox, menu, dialog) has the focus, not a page."""
    STALE = "stale"
    """The chain of documents could not be confirmed from the window downward."""
    TIMEOUT = "timeout"
    BUS_DEAD = "bus_dead"
    PRIVATE = "private_window"
    LANGUAGE = "unknown_interface_language"
    """The browser's interface language is not one whose mark of private windows we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoContext:
    """Nothing that may be recorded has the focus, for *absence*'s reason."""

    absence: Absence
    taken_ns: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Window:
    """The active top-level window: X id, process, executable family and the box of its client area on the screen."""

    xid: int
    pid: int
    browser: str
    rect: Rect


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Document:
    """One page or frame: *key* is stable while it lives; *uri* was read afresh for this context."""

    key: str
    uri: str
    rect: Rect | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FieldInfo:
    """The focused element. *secret* is sticky: once a password, a password for the life of its document."""

    key: str
    role: str
    input_type: str = ""
    tag: str = ""
    name: str = ""
    html_id: str = ""
    label: str = ""
    editable: bool = False
    multiline: bool = False
    secret: bool = False
    rect: Rect | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Context:
    """What has the focus: one window, the chain of documents from the innermost to the top, and the focused field.

    *documents* is never empty; its last member is the page itself. *field* is ``None`` when the page has the focus
    but no element inside it does. *generation* grows whenever the window, the chain or the field changes, so equal
    generations mean that nothing changed in between. *taken_ns* is the monotonic instant (ns) at which reading began,
    *focused_ns* the one at which the last report arrived that an element has the focus; 0 when none did.
    """

    window: Window
    documents: tuple[Document, ...]
    field: FieldInfo | None
    generation: int
    taken_ns: int
    focused_ns: int = 0
    title: str = ""

    @property
    def page(self) -> Document:
        """The top document: the page in the window."""
        return self.documents[-1]


Focus = Context | NoContext
"""What a focus source answers: a context, or the reason why there is none."""


class Change(StrEnum):
    """What happened to a field's text, as the accessibility tree reports it."""

    START = "start"
    """It is listened to from here on: ``text`` is all that it holds."""
    INSERT = "insert"
    """``text`` was put in before the character number ``at``."""
    DELETE = "delete"
    """``text``, which began at the character number ``at``, was taken out."""
    CARET = "caret"
    """The caret stands before the character number ``at``."""
    VALUE = "value"
    """Asked a moment after the last change, the field said that ``text`` is all that it holds."""
    LOST = "lost"
    """Reports may be missing between the one before and this one."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FieldChange:
    """One report on the text of the field with the key *field*, which came at the monotonic instant *at_ns*.

    *text* may hold secrets. Places count characters from 0. *whole* is false when a ``START`` or ``VALUE`` is only the
    beginning of a longer text, or when the field holds objects that are no characters.
    """

    field: str
    at_ns: int
    change: Change
    at: int = 0
    text: str = ""
    whole: bool = True
