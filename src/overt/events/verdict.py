"""Reasons that may be stored: why an event inside an allowlisted page was dropped, and why a session ended."""

from dataclasses import dataclass
from enum import StrEnum


class DropReason(StrEnum):
    """Why the gate dropped an event inside an allowlisted page. Outside, nothing is counted and no reason exists."""

    SECRET_FIELD = "secret_field"  # noqa: S105 - a reason, not a password
    UNKNOWN_CONTEXT = "unknown_context"
    LATE = "late"
    """The event waited so long that the context before it can no longer be known."""
    PAGE_NOT_ALLOWED = "page_not_allowed"
    FOREIGN_FRAME = "foreign_frame"
    PRIVATE_WINDOW = "private_window"
    BROWSER_CHROME = "browser_chrome"
    OUTSIDE_DOCUMENT = "outside_document"
    """A pointer event that did not hit the page's own box."""
    SIGNAL_NOT_GRANTED = "signal_not_granted"
    NO_GRANT = "no_grant"
    FOCUS_MOVED = "focus_moved"
    """The focus moved to another field so close to the key that the key could belong to either."""
    UNMATCHED_RELEASE = "unmatched_release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """The gate said no, and this is why. It carries nothing of the event."""

    reason: DropReason


class EndReason(StrEnum):
    """Why a session ended."""

    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INDICATOR_LOST = "indicator_lost"
    DESKTOP_LOST = "desktop_lost"
    STORAGE = "storage"
    DAILY_CAP = "daily_cap"
    ERROR = "error"
